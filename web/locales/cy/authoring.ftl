# Sgriniau i staff.

# Llywio
au-nav-incidents = Digwyddiadau
au-nav-report = Adrodd am broblem
au-nav-plan = Trefnu gwaith
au-nav-approvals = I'w cymeradwyo
au-nav-audit = Cofnod archwilio
au-nav-staff = Staff
au-nav-account = Eich cyfrif

# Mewngofnodi a gosod
au-email = Cyfeiriad e-bost
au-password = Cyfrinair
au-code = Cod untro
au-code-hint = Y chwe digid yn eich ap dilysu, neu un o'ch codau adfer
au-set-up = Gosod eich cyfrif
au-set-up-steps = Mae dau gam: dewis cyfrinair, yna cysylltu ap dilysu ar eich ffôn.
au-set-up-code = Cod gosod
au-set-up-code-hint = Daeth atoch mewn ffordd wahanol i'r ddolen
au-new-password = Cyfrinair newydd
au-new-password-hint = O leiaf 12 nod. Mae tri neu bedwar gair ar hap yn hawdd eu cofio ac yn anodd eu dyfalu
au-new-password-again = Y cyfrinair newydd eto
au-set-up-app = Cysylltu eich ap dilysu
au-set-up-app-help = Sganiwch y cod hwn ag ap dilysu. Yna rhowch y chwe digid y mae'n eu dangos.
au-qr = Cod QR ar gyfer eich ap dilysu
au-open-app = Agor yr ap ar y ffôn hwn
au-type-secret = Neu teipiwch y gyfrinach hon yn yr ap:
au-app-code = Chwe digid o'r ap
au-set-up-done = Mae eich cyfrif yn barod
au-codes = Codau adfer
au-codes-help = Mae pob cod yn gweithio unwaith, pan nad yw eich ffôn gennych. Argraffwch nhw neu ysgrifennwch nhw nawr: ni fyddant yn cael eu dangos eto.
au-codes-renew = Gwneud codau adfer newydd
au-codes-renew-help = Mae codau adfer newydd yn disodli'r hen rai i gyd. Rhowch god untro i'w cael.

# Rhestrau
au-open = Ar agor nawr
au-drafts = Ddim yn gyhoeddus eto
au-over = Ar ben
au-older = Hŷn
au-untitled = Heb deitl eto
au-number = Digwyddiad { $n }
au-own = eich un chi
au-nothing-waits = Nid oes dim yn aros am gymeradwyaeth.
au-updates = Diweddariadau
au-update-number = Diweddariad { $n }
au-public-page = Agor y dudalen gyhoeddus
au-to-incident = Yn ôl i'r digwyddiad
au-state-draft = Drafft
au-state-submitted = Yn aros am gymeradwyaeth
au-state-approved = Cymeradwywyd
au-state-rejected = Anfonwyd yn ôl
au-state-published = Cyhoeddwyd
au-purpose-correction = Cywiriad
au-purpose-withdrawal = Tynnu'n ôl
au-written-by = Ysgrifennwyd gan { $who }
au-submitted-by = Anfonwyd i'w gymeradwyo gan { $who }
au-approved-by = Cymeradwywyd gan { $who }
au-published-alone = Cyhoeddwyd gan un person mewn argyfwng: { $reason }
au-sent-back = Anfonwyd yn ôl: { $reason }

# Darllediadau
au-broadcast = Negeseuon
au-broadcast-sending = yn cael eu hanfon
au-broadcast-paused = wedi'u hoedi
au-broadcast-cancelled = wedi'u canslo
au-broadcast-done = pob un wedi'i anfon
au-channel = Sianel
au-channel-page = Tudalen a ffrydiau
au-channel-sms = Negeseuon testun
au-channel-email = E-bost
au-channel-mastodon = Postiadau
au-count-audience = Ar gyfer
au-count-sent = Anfonwyd
au-count-delivered = Cyrhaeddodd
au-count-failed = Methodd
au-count-unknown = Ddim yn sicr
au-count-remaining = I ddod
au-order-pause = Oedi
au-order-resume = Ymlaen
au-order-cancel = Stopio am byth
au-order-retry-failed = Rhoi cynnig arall ar y rhai a fethodd

# Ysgrifennu
au-report = Adrodd am broblem
au-plan = Trefnu gwaith
au-next-update = Ysgrifennu'r diweddariad nesaf
au-edit = Newid y drafft
au-correct = Cywiro'r diweddariad diwethaf
au-withdraw = Tynnu'n ôl fel camrybudd
au-pick-help = Dewiswch o'r rhestrau a bydd y ddwy iaith yn ysgrifennu eu hunain.
au-translate-help = Newidiwch y geiriau Cymraeg. Mae'r Saesneg wrth eu hochr.
au-reason = Rheswm
au-withdraw-hint = Ar gyfer y cofnod archwilio. Bydd modd darllen y digwyddiad o hyd, wedi'i farcio fel un a dynnwyd yn ôl
au-what-where = Beth ac ymhle
au-components-hint = Enwau staff; nid yw'r cyhoedd byth yn eu gweld
au-propose = Cynnig gwasanaethau
au-speaker = Pwy sy'n siarad
au-speaker-hint = Ei ieithoedd ef yw ieithoedd y diweddariad
au-speaker-fixed = Penderfynwyd pan agorwyd y digwyddiad
au-more-areas = Rhagor o ardaloedd yr effeithir arnynt
au-starts = Dechrau
au-ends = Gorffen
au-services-hint = Wedi'u ticio: { $n }. Daw'r cynigion o'r map cydrannau; dad-diciwch yr hyn nad yw'n addas
au-status-hint = Ar gyfer pob gwasanaeth a diciwyd
au-status-each = Statws arall i un gwasanaeth
au-status-same = Fel i bob un
au-how-bad = Pa mor wael, a ble rydym ni
au-sev-info = Dim effaith ar ofal
au-sev-minor = Arafach, gyda ffordd arall
au-sev-moderate = Rhai gwasanaethau mewn un ardal; apwyntiadau'n parhau
au-sev-serious = Apwyntiadau wedi'u canslo, neu sawl gwasanaeth neu ardal
au-sev-critical = Cyngor brys yn newid, neu berygl i fywyd
au-next-in = { $time } (ymhen { $wait })
au-next-at = Amser arall…
au-next-at-label = Amser arall
au-next-none = Dim amser
au-certainty = Pa mor sicr
au-stated-by = Pwy sy'n dweud hynny
au-no-needs-source = Mae angen enw'r sawl sy'n dweud “na”
au-paper = Gwaith ar bapur
au-on-paper = Mae staff yn gweithio ar bapur, felly bydd gwaith yn cronni
au-advice-hint = Geiriau a gymeradwywyd. Dim mwy na thri sy'n ffitio'n dda mewn neges destun
au-where-to = I ble mae'n mynd
au-channels-hint = Peidiwch â thicio dim er mwyn i'r difrifoldeb benderfynu: e-bost o gymedrol, pobman o ddifrifol
au-words = Geiriau
au-words-hint = Bydd { "{link}" } yn troi'n ddolen fer mewn negeseuon testun a phostiadau.
au-fill = Llenwi meysydd gwag
au-refill = Ysgrifennu pob maes o'r newydd
au-last-words = Diweddariad diwethaf: { $part }
au-before-you-send = Cyn i chi anfon
au-as-patient = Fel y mae claf yn ei weld
au-page-in = Tudalen, { $language }
au-mail-in = E-bost, { $language }
au-post-in = Postiad, { $language }
au-count-again = Cyfrif a gwirio eto
au-before-it-can-go = Cyn y gall fynd
au-submit = Anfon i'w gymeradwyo
au-save-draft = Cadw fel drafft
au-cannot-save = Ni allwn gadw nawr. Nid oes dim a deipioch wedi'i golli: cadwch y dudalen hon ar agor a rhowch gynnig arall cyn hir.

# Meysydd
au-field-title = Pennawd
au-field-know = Beth rydym yn ei wybod
au-field-unknown = Beth nad ydym yn ei wybod eto
au-field-doing = Beth rydym yn ei wneud
au-field-should = Beth dylech chi ei wneud
au-field-more = Pryd byddwch yn clywed mwy
au-field-sms = Neges destun
au-field-post = Postiad cymdeithasol
au-field-subject = Pwnc yr e-bost
au-field-staff_note = Nodyn i staff (byth yn gyhoeddus)
au-field-components = Beth sydd wedi methu
au-field-organisations = Ardaloedd yr effeithir arnynt
au-field-services = Gwasanaethau y mae hyn yn eu cyffwrdd
au-field-severity = Difrifoldeb
au-field-phase = Cam
au-field-cause = Achos
au-field-cyber = Ymosodiad seiber
au-field-data = Gwybodaeth bersonol
au-field-advice = Cyngor
au-field-channels = Ar wahân i'r dudalen a'r ffrydiau
au-field-next_update_by = Diweddariad nesaf
au-field-other = Y diweddariad hwn

# Beth fydd yn digwydd
au-reach = Pwy y mae hyn yn ei gyrraedd
au-text-parts = Rhannau negeseuon testun
au-cost = Cost amcangyfrifedig
au-last-text = Neges destun olaf wedi'i throsglwyddo erbyn
au-sms-count = { $encoding }, { $units } uned, { $parts ->
    [two] { $parts } ran
   *[other] { $parts } rhan
}, { $room } ar ôl
au-sms-offenders = { $parts } rhan, oherwydd { $letters }: mae'r llythrennau hyn yn gadael 70 nod i bob rhan. Hebddynt, { $without } fyddai.
au-sms-too-long = Mae { $parts } rhan yn ormod; { $most } ar y mwyaf. Byrhewch hi
au-check-fine = Wedi'i wneud
au-check-open = Ar ôl i'w wneud
au-check-languages = Y ddwy iaith, gyda'r un cyngor
au-check-next = Mae amser y diweddariad nesaf wedi'i osod
au-check-services = Mae gwasanaethau wedi'u dewis
au-check-texts = Mae'r negeseuon testun yn ddigon byr
au-check-second = Rhaid i ail berson gymeradwyo
au-check-holding = Geiriau a gymeradwywyd ar gyfer diweddariad ysgafn: caiff un person gyhoeddi

# Penderfynu
au-review = Darllen a phenderfynu
au-where = Ymhle
au-who = Pwy
au-texts = Y negeseuon testun
au-what-changed = Beth sydd wedi newid ers y diweddariad diwethaf
au-first-update = Dyma'r diweddariad cyntaf.
au-nothing-changed = Mae'r geiriau yr un fath.
au-decide = Penderfynu
au-own-text = Chi a ysgrifennodd neu a anfonodd hwn, felly rhaid i rywun arall ei gymeradwyo.
au-send-back = Anfon yn ôl
au-send-back-reason = Beth ddylid ei newid
au-holding-help = Cymeradwywyd y geiriau hyn ymlaen llaw. Cewch eu cyhoeddi ar eich pen eich hun.
au-alone = Cyhoeddi ar eich pen eich hun mewn argyfwng…
au-alone-help = Dim ond pan fyddai aros yn gwneud niwed. Cedwir eich rheswm yn y cofnod archwilio, a dywedir ar y dudalen fod iaith ar goll.
au-alone-reason = Rheswm
au-alone-button = Cyhoeddi ar eich pen eich hun nawr

# Y cofnod archwilio
au-audit-help = Ni ellir newid dim yma: mae pob llinell yn cario hash drosti hi ei hun a'r llinell o'i blaen.
au-audit-number = Llinell
au-audit-when = Pryd
au-audit-what = Beth
au-audit-details = Manylion
au-audit-hash = Hash

# Staff
au-name = Enw
au-role = Rôl
au-role-of = Rôl { $who }
au-role-author = Awdur
au-role-translator = Cyfieithydd
au-role-approver = Cymeradwywr
au-role-admin = Gweinyddwr
au-organisation = Yn siarad dros
au-all-organisations = Pob sefydliad
au-not-set-up = heb ei osod eto
au-inactive = ni chaiff fewngofnodi
au-deactivate = Rhoi terfyn ar fynediad
au-invite = Gwahodd rhywun
au-invited = Mae'r cyfrif wedi'i greu
au-invited-help = Anfonwch y ddolen a'r cod mewn ffyrdd gwahanol. Ni fyddant yn cael eu dangos eto.
au-invited-link = Dolen gosod

# Beth wnaeth y clic diwethaf
au-done-saved = Mae'r drafft wedi'i gadw
au-done-submitted = Anfonwyd i'w gymeradwyo
au-done-approved = Cymeradwywyd
au-done-rejected = Anfonwyd yn ôl
au-done-published = Cyhoeddwyd
au-done-paused = Mae'r negeseuon wedi'u hoedi
au-done-resumed = Mae'r negeseuon yn mynd ymlaen
au-done-cancelled = Mae'r negeseuon wedi'u stopio
au-done-retried = Rhoddir cynnig arall ar y negeseuon a fethodd
au-done-changed = Mae'r cyfrif wedi'i newid
au-done-signed-out = Rydych wedi allgofnodi
au-done-set-up = Mae eich cyfrif yn barod. Mewngofnodwch

# Beth aeth o'i le
error-role = Nid yw eich rôl yn caniatáu hyn.
error-scope = Nid yw'r tocyn hwn ar gyfer hynny.
error-other-organisation = Mae eich cyfrif yn siarad dros sefydliad arall.
error-own-account = Ni allwch newid eich cyfrif eich hun. Gofynnwch i weinyddwr arall.
error-own-text = Chi a ysgrifennodd neu a anfonodd hwn, felly rhaid i rywun arall ei gymeradwyo.
error-translator-welsh-only = Dim ond y geiriau Cymraeg y mae cyfieithwyr yn eu newid.
error-token-wrong = Nid un o'n tocynnau ni yw hwn, neu mae wedi'i dynnu'n ôl.
error-sign-in-wrong = Nid yw'r cyfeiriad e-bost, y cyfrinair neu'r cod yn gywir.
error-set-up-wrong = Nid yw'r ddolen neu'r cod yn gywir, neu maent yn rhy hen. Gofynnwch am rai newydd.
error-approval-stale = Mae'r hyn a fyddai'n cael ei ddangos neu ei anfon wedi newid ers hynny. Darllenwch ef eto cyn penderfynu.
error-not-approved = Rhaid i berson arall gymeradwyo hwn yn gyntaf.
error-not-submitted = Nid yw hwn yn aros am gymeradwyaeth. Efallai ei fod wedi newid ers hynny.
error-already-approved = Mae hwn wedi'i gymeradwyo eisoes.
error-revision-published = Mae hwn yn gyhoeddus eisoes. Ysgrifennwch gywiriad neu'r diweddariad nesaf.
error-not-newest = Dim ond y diweddariad cyhoeddus diweddaraf y gellir ei gywiro.
error-not-public = Nid yw hwn yn gyhoeddus.
error-broadcast-over = Ni ellir oedi na stopio'r negeseuon hyn bellach.
error-idempotency-mismatch = Anfonwyd hwn o'r blaen gyda chynnwys arall. Mae'r hyn a anfonwyd gyntaf wedi'i gadw: agorwch ef a'i newid yno.
error-idempotency-busy = Mae'r un cais yn cael ei ateb ar hyn o bryd.
error-if-match-missing = Anfonwch hash y diwygiad yr ydych yn ei adnabod fel If-Match.
invalid-unusable = Ni ellir darllen hwn
invalid-unknown-field = Nid oes maes o'r fath
invalid-unknown-key = Nid yw hwn yn y rhestr
invalid-repeated-key = Mae hwn yno ddwywaith
invalid-too-many = Mae gormod o'r rhain
invalid-staff-only = Mae hwn i staff yn unig ac ni chaiff ei gyhoeddi
invalid-source-missing = Enwch bwy sy'n dweud hynny
invalid-phase-not-next = Ni all y cam hwn ddilyn yr un diwethaf
invalid-phase-wrong-kind = Nid yw'r cam hwn yn perthyn i'r math hwn o ddigwyddiad
invalid-backlog-unspoken = Aeth gwaith i bapur: cyhoeddwch ddiweddariad am y gwaith sydd wedi cronni cyn dweud ei fod ar ben
invalid-next-update-missing = Dywedwch pryd bydd pobl yn clywed mwy
invalid-language-missing = Mae'r geiriau ar goll yn yr iaith hon
invalid-numbers-differ = Mae rhifau, amserau neu ddolenni yn wahanol rhwng yr ieithoedd
invalid-advice-differs = Mae'r cyngor yn wahanol rhwng yr ieithoedd
invalid-letters-refused = Tynnwch y nodau anweledig. Gall copïo o raglen arall ddod â nhw
invalid-too-many-parts = Mae gormod o rannau yn y neges destun. Byrhewch hi
invalid-before-start = Rhaid i'r diwedd fod ar ôl y dechrau
invalid-speaker-fixed = Penderfynwyd pwy sy'n siarad pan agorwyd y digwyddiad
invalid-password-short = Defnyddiwch o leiaf 12 nod
invalid-passwords-differ = Nid yw'r ddau gyfrinair yr un fath
invalid-code-wrong = Nid yw'r cod yn gywir. Mae cod yn gweithio unwaith
invalid-sign-in-wrong = Nid yw'r cyfeiriad e-bost, y cyfrinair neu'r cod yn gywir. Mae cod yn gweithio unwaith
invalid-sign-in-too-often = Gormod o geisiadau. Arhoswch 15 munud
invalid-set-up-wrong = Nid yw'r ddolen neu'r cod yn gywir, neu maent yn rhy hen. Gofynnwch am rai newydd
