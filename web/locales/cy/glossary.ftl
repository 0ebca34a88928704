# The glossary: short words used all over, checked by a translator as one list.

# Site
site-title = Statws gwasanaethau GIG Cymru

# Navigation
nav-current = Problemau presennol
nav-maintenance = Gwaith wedi'i drefnu
nav-history = Digwyddiadau blaenorol
nav-services = Pob gwasanaeth
nav-areas = Dewiswch eich ardal
nav-subscribe = Cael rhybuddion
nav-manage = Rheoli eich rhybuddion
nav-contact = Cysylltu â ni
nav-skip = Neidio i'r prif gynnwys
nav-language = Iaith
nav-lang-cy = Cymraeg
nav-lang-en = English

# State of everything
head-all-ok = Mae pob gwasanaeth yn gweithio fel arfer
head-some = Mae problemau gyda rhai gwasanaethau
head-serious = Problem ddifrifol yn effeithio ar wasanaethau

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
inc-related = Yn gysylltiedig
inc-not-related = Nid yw'n gysylltiedig
inc-we-know = Beth rydym yn ei wybod
inc-we-dont-know = Beth nad ydym yn ei wybod eto
inc-we-are-doing = Beth rydym yn ei wneud
inc-you-should = Beth dylech chi ei wneud
inc-urgent = Os oes angen help brys arnoch
inc-emergency = Mewn argyfwng
inc-share = Rhannu'r dudalen hon

# Advice
adv-999 = Ffoniwch 999 mewn argyfwng sy'n bygwth bywyd
adv-111 = I gael cyngor brys, ffoniwch 111

# Alerts
sub-title = Cael rhybuddion am wasanaethau'r GIG
sub-text-msg = Neges destun
sub-how = Sut hoffech chi glywed gennym?
sub-areas = Pa ardaloedd?
sub-only-serious = Anfonwch broblemau difrifol yn unig
sub-language-q = Pa iaith hoffech chi?
sub-mobile = Rhif ffôn symudol
sub-email-addr = Cyfeiriad e-bost
sub-code-title = Rhowch y cod a anfonwyd atoch
sub-code = Cod dilysu
sub-resend = Anfon cod newydd
sub-confirmed = Rydych wedi tanysgrifio
sub-stopped = Rydych wedi gadael. Ni fyddwn yn cysylltu eto
sub-free = Am ddim. Gallwch stopio unrhyw bryd
sub-no-advice = Ni allwn ateb negeseuon na rhoi cyngor meddygol

# Forms
form-continue = Parhau
form-save = Cadw
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

# Footer
ft-a11y = Datganiad hygyrchedd
ft-cookies = Cwcis
ft-privacy = Hysbysiad preifatrwydd

# Privacy
pr-what = Pa wybodaeth rydym yn ei chadw amdanoch
pr-why = Byddwn ond yn defnyddio eich rhif i anfon y rhybuddion hyn
pr-howlong = Am faint o amser rydym yn ei chadw
pr-basis = Mae'n angenrheidiol i gyflawni tasg er budd y cyhoedd

# Welsh language
wl-welcome = Rydym yn croesawu gohebiaeth yn Gymraeg. Ni fydd hyn yn arwain at oedi

# For screen readers
a11y-important = Pwysig:
a11y-information = Gwybodaeth:
a11y-success = Llwyddiant

# Staff
staff-approve = Cymeradwyo
staff-publish = Cyhoeddi nawr
staff-sign-in = Mewngofnodi
staff-sign-out = Allgofnodi
staff-audit = Cofnod archwilio
