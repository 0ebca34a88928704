# The glossary: short words used all over, checked by a translator as one list.

# Site
site-title = Statws gwasanaethau GIG Cymru
site-home = Hafan

# Navigation
nav-current = Problemau presennol
nav-maintenance = Gwaith wedi'i drefnu
nav-history = Digwyddiadau blaenorol
nav-services = Pob gwasanaeth
nav-areas = Dewiswch eich ardal
nav-subscribe = Cael rhybuddion
nav-manage = Rheoli eich rhybuddion
nav-help = Help
nav-contact = Cysylltu â ni
nav-menu = Dewislen
nav-search = Chwilio
nav-skip = Neidio i'r prif gynnwys
nav-language = Iaith
nav-lang-cy = Cymraeg
nav-lang-en = English
nav-back = Yn ôl
nav-next = Tudalen nesaf
nav-prev = Tudalen flaenorol
nav-top = Yn ôl i'r brig

# State of everything
head-all-ok = Mae pob gwasanaeth yn gweithio fel arfer
head-some = Mae problemau gyda rhai gwasanaethau
head-serious = Problem ddifrifol yn effeithio ar wasanaethau
head-no-report = Dim adroddiad gan y bwrdd iechyd hwn eto

# Service statuses
st-operational = Yn gweithio fel arfer
st-degraded = Yn arafach nag arfer
st-partial = Yn gweithio'n rhannol
st-outage = Ddim yn gweithio
st-unavailable = Ddim ar gael
st-maintenance = Gwaith wedi'i drefnu ar y gweill
st-recovering = Wrthi'n dal i fyny
st-unknown = Dim gwybodaeth
st-system = System TG
st-care = Gwasanaeth i gleifion

# Phases
ph-investigating = Rydym yn ymchwilio
ph-identified = Rydym wedi dod o hyd i'r broblem
ph-fixing = Rydym yn gweithio i'w datrys
ph-monitoring = Yn gweithio eto – rydym yn cadw golwg
ph-recovering = Yn gweithio, ond mae gwaith wedi cronni
ph-resolved = Wedi'i ddatrys
ph-reopened = Wedi'i ailagor
ph-withdrawn = Wedi'i dynnu'n ôl
ph-corrected = Wedi'i gywiro
ph-review = Beth ddigwyddodd a pham

# Severities
sev-info = Hysbysiad
sev-minor = Mân broblem
sev-moderate = Problem gymedrol
sev-serious = Problem ddifrifol
sev-critical = Problem ddifrifol iawn

# Declarations
dec-bci = Digwyddiad parhad busnes
dec-critical = Digwyddiad critigol
dec-major = Digwyddiad mawr

# Causes
cause-unknown = Nid ydym yn gwybod beth yw'r achos eto
cause-network = Problem rhwydwaith
cause-dc = Problem mewn canolfan ddata
cause-power = Problem gyda'r cyflenwad trydan
cause-technical = Nam technegol
cause-supplier = Problem gyda chyflenwr
cause-update = Diweddariad meddalwedd
cause-change = Newid a aeth o'i le
cause-demand = Galw mawr iawn
cause-weather = Tywydd garw
cause-cyber = Ymosodiad seiber
cause-not-cyber = Nid ymosodiad seiber yw hyn

# Personal information
data-none = Nid oes gennym dystiolaeth bod gwybodaeth bersonol wedi'i heffeithio

# Times
time-updated = Diweddarwyd ddiwethaf
time-published = Cyhoeddwyd gyntaf
time-started = Dechreuodd
time-ended = Daeth i ben
time-next = Diweddariad nesaf erbyn
time-late = Mae'r diweddariad hwn yn hwyr
time-duration = Parhaodd am

# Incident
inc-incident = Digwyddiad
inc-update = Diweddariad
inc-timeline = Beth sydd wedi digwydd hyd yma
inc-affected-services = Gwasanaethau yr effeithir arnynt
inc-affected-areas = Ardaloedd yr effeithir arnynt
inc-not-affected = Heb eu heffeithio
inc-we-know = Beth rydym yn ei wybod
inc-we-dont-know = Beth nad ydym yn ei wybod eto
inc-we-are-doing = Beth rydym yn ei wneud
inc-you-should = Beth dylech chi ei wneud
inc-appointments = Os oes gennych apwyntiad
inc-prescriptions = Eich meddyginiaethau
inc-urgent = Os oes angen help brys arnoch
inc-emergency = Mewn argyfwng
inc-for-staff = Ar gyfer meddygon teulu a staff iechyd
inc-for-media = Ar gyfer y cyfryngau
inc-share = Rhannu'r dudalen hon
inc-print = Argraffu'r dudalen hon
inc-related = Digwyddiadau cysylltiedig

# Advice
adv-keep = Cadwch eich apwyntiad oni bai ein bod yn cysylltu â chi
adv-cancelled = Os byddwn yn canslo eich apwyntiad, byddwn yn anfon dyddiad newydd
adv-no-need-call = Nid oes angen i chi ein ffonio
adv-ae = Ewch i'r adran achosion brys dim ond os yw'n ddifrifol neu'n bygwth bywyd
adv-999 = Ffoniwch 999 mewn argyfwng sy'n bygwth bywyd
adv-111 = I gael cyngor brys, ffoniwch 111
adv-111web = Gwiriwch eich symptomau ar wefan GIG 111 Cymru
adv-pharmacy = Gofynnwch i fferyllydd am help gyda mân afiechydon
adv-repeat = Archebwch bresgripsiynau amlroddadwy fel arfer
adv-bring = Dewch â'ch llythyr a rhestr o'ch meddyginiaethau
adv-cant-call = Efallai na fyddwn yn gallu eich ffonio. Edrychwch ar y dudalen hon
adv-sorry = Mae'n ddrwg gennym am y tarfu
adv-sorry-formal = Ymddiheurwn am unrhyw anghyfleustra
adv-thanks = Diolch am eich amynedd

# Alerts
sub-title = Cael rhybuddion am wasanaethau'r GIG
sub-subscribe = Tanysgrifio
sub-unsubscribe = Dad-danysgrifio
sub-text = Rhybuddion testun
sub-text-msg = Neges destun
sub-email = Rhybuddion e-bost
sub-feed = Ffrwd RSS
sub-how = Sut hoffech chi glywed gennym?
sub-areas = Pa ardaloedd?
sub-services = Pa wasanaethau?
sub-only-serious = Anfonwch broblemau difrifol yn unig
sub-quiet = Peidiwch â thecstio yn y nos
sub-language-q = Pa iaith hoffech chi?
sub-both = Y ddwy
sub-mobile = Rhif ffôn symudol
sub-email-addr = Cyfeiriad e-bost
sub-by-text = Neu tecstiwch YMUNO i { $number }
sub-keyword-stop = STOPIO
sub-keyword-help = HELP
sub-code-title = Rhowch y cod a anfonwyd atoch
sub-code = Cod dilysu
sub-resend = Anfon cod newydd
sub-code-expires = Daw'r cod i ben mewn { count-minutes }
sub-confirmed = Rydych wedi tanysgrifio
sub-stopped = Rydych wedi gadael. Ni fyddwn yn cysylltu eto
sub-free = Am ddim. Gallwch stopio unrhyw bryd
sub-no-advice = Ni allwn ateb negeseuon na rhoi cyngor meddygol
sub-delete = Dileu fy manylion

# Forms
form-continue = Parhau
form-save = Cadw
form-cancel = Canslo
form-change = Newid
form-remove = Dileu
form-optional = (dewisol)
form-check = Edrychwch dros eich atebion
form-select = Dewiswch un opsiwn
form-select-many = Dewiswch bob un sy'n berthnasol

# Errors
err-summary = Mae problem
err-prefix = Gwall:
err-mobile = Rhowch rif ffôn symudol y DU, fel 07700 900 982
err-email = Rhowch gyfeiriad e-bost yn y fformat cywir, fel enw@enghraifft.com
err-code-wrong = Nid yw'r cod yn gywir
err-code-old = Mae'r cod wedi dod i ben. Gofynnwch am un newydd
err-too-many = Gormod o geisiadau. Arhoswch { count-minutes }
err-blank = Rhowch ateb
err-404 = Heb ddod o hyd i'r dudalen
err-404-help = Os mai teipio'r cyfeiriad gwe wnaethoch chi, gwiriwch ei fod yn gywir
err-500 = Mae'n ddrwg gennym, mae problem gyda'r dudalen hon
err-503 = Mae'n ddrwg gennym, nid yw'r dudalen hon ar gael
err-later = Rhowch gynnig arall arni yn nes ymlaen

# Footer
ft-a11y = Datganiad hygyrchedd
ft-cookies = Cwcis
ft-privacy = Hysbysiad preifatrwydd
ft-terms = Telerau defnyddio
ft-complaints = Cwynion
ft-feedback = Adborth

# Cookies
ck-none = Dim ond y cwcis sydd eu hangen i weithio mae'r wefan hon yn eu defnyddio
ck-essential = Cwcis hanfodol

# Privacy
pr-what = Pa wybodaeth rydym yn ei chadw amdanoch
pr-why = Byddwn ond yn defnyddio eich rhif i anfon y rhybuddion hyn
pr-howlong = Am faint o amser rydym yn ei chadw
pr-basis = Mae'n angenrheidiol i gyflawni tasg er budd y cyhoedd

# Welsh language
wl-notice = Mae'r dudalen hon hefyd ar gael yn Gymraeg
wl-welcome = Rydym yn croesawu gohebiaeth yn Gymraeg. Ni fydd hyn yn arwain at oedi
wl-pending = Mae'r fersiwn Gymraeg yn cael ei pharatoi
wl-english-only = Yn Saesneg yn unig mae'r dyfyniad hwn

# For screen readers
a11y-important = Pwysig:
a11y-information = Gwybodaeth:
a11y-urgent = Cyngor brys:
a11y-nonurgent = Cyngor nad yw'n frys:
a11y-immediate = Angen gweithredu ar unwaith:
a11y-success = Llwyddiant
a11y-opens-new = yn agor mewn tab newydd

# Staff
staff-draft = Drafft
staff-approve = Cymeradwyo
staff-publish = Cyhoeddi nawr
staff-translate = Angen ei gyfieithu
staff-preview = Rhagolwg
staff-sign-in = Mewngofnodi
staff-sign-out = Allgofnodi
staff-template = Templed
staff-audit = Cofnod archwilio

# Embedded on other sites
embed-title = Rhybudd am wasanaeth y GIG

# Planned work
mnt-scheduled = Gwaith wedi'i drefnu o { $a } tan { $b }
mnt-essential = Oherwydd gwaith cynnal a chadw hanfodol
