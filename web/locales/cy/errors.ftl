# Beth aeth o'i le. `error-kind-…` yw'r teitl, `error-help-…` y frawddeg oddi tano pan nad oes gan y cod ei eiriau ei hun
# fel `error-{code}`. Saif `invalid-…` wrth faes.

error-kind-invalid = Mae problem
error-kind-unauthenticated = Mewngofnodwch yn gyntaf
error-kind-forbidden = Ni allwch wneud hyn
error-kind-not-found = Heb ddod o hyd i'r dudalen
error-kind-conflict = Mae hyn wedi newid
error-kind-too-many = Gormod o geisiadau
error-kind-unavailable = Mae'n ddrwg gennym, nid yw hyn ar gael nawr
error-kind-broken = Mae'n ddrwg gennym, mae problem gyda'r dudalen hon

error-help-invalid = Ni ellir defnyddio'r hyn a anfonwyd. Ewch yn ôl, gwiriwch ef a rhowch gynnig arall arni.
error-help-unauthenticated = Nid ydych wedi mewngofnodi, neu mae eich sesiwn wedi dod i ben.
error-help-forbidden = Nid yw eich cyfrif yn caniatáu hyn. Gofynnwch i weinyddwr os ydych yn meddwl y dylai.
error-help-not-found = Os mai teipio'r cyfeiriad gwe wnaethoch chi, gwiriwch ei fod yn gywir.
error-help-conflict = Newidiodd rhywun arall hwn tra oeddech yn gweithio arno. Edrychwch arno eto cyn mynd ymlaen.
error-help-too-many = { err-too-many }.
error-help-unavailable = Nid yw rhywbeth rydym yn dibynnu arno yn ateb. Mae'r hyn a deipioch yn dal yn eich porwr: ewch yn ôl a rhowch gynnig arall arni cyn bo hir.
error-help-broken = Ni sydd ar fai, nid chi. Rhowch gynnig arall arni yn nes ymlaen.

error-invalid = Mae angen newid rhywfaint o'r hyn a roddoch.
error-csrf = Mae'r ffurflen hon yn rhy hen, neu fe'i hanfonwyd o wefan arall. Ewch yn ôl, ail-lwythwch y dudalen a rhowch gynnig arall arni.
error-method = Nid yw'r cyfeiriad hwn yn derbyn y math hwnnw o gais.
error-content-type = Nid yw'r cynnwys mewn fformat y mae'r cyfeiriad hwn yn ei dderbyn.
error-too-large = Mae'r hyn a anfonwyd yn rhy fawr.
error-timeout = Cymerodd ormod o amser. Rhowch gynnig arall arni cyn bo hir.
error-form = Nid oedd modd darllen y ffurflen.
error-json = Nid oedd modd darllen y cynnwys JSON.
error-database-unavailable = Ni allwn gadw na llwytho dim nawr. Mae'r hyn a deipioch yn dal yn eich porwr: ewch yn ôl a rhowch gynnig arall arni cyn bo hir.
error-changed-meanwhile = { error-help-conflict }
error-request = Cyfeirnod ar gyfer cymorth: { $id }
error-home = Ewch i'r hafan
error-staff-home = Ewch i'r rhestr o ddigwyddiadau

invalid-other = Gwiriwch yr ateb hwn
invalid-blank = { err-blank }
invalid-email = { err-email }
invalid-phone = { err-mobile }
invalid-choice = { form-select }
invalid-too-long = Mae hyn yn rhy hir. Cwtogwch ef
invalid-longer-than = Cwtogwch hyn i { $n } nod neu lai
invalid-time = Rhowch amser, fel 4:30pm
invalid-number = Rhowch rif
invalid-code = { err-code-wrong }
invalid-code-old = { err-code-old }
invalid-json = Ni ellir defnyddio'r cynnwys JSON: { $detail }

# Rhifau ffôn a chyfeiriadau.
invalid-phone-empty = { err-mobile }
invalid-phone-letters = Nid oes llythrennau mewn rhif ffôn, fel 07700 900 982
invalid-phone-characters = Defnyddiwch ddigidau yn unig, fel 07700 900 982
invalid-phone-too-short = Mae digidau ar goll. Mae gan rif ffôn symudol y DU 11 digid
invalid-phone-too-long = Mae gormod o ddigidau. Mae gan rif ffôn symudol y DU 11 digid
invalid-phone-not-in-use = Nid oes rhif o'r fath. Gwiriwch y digidau
invalid-phone-landline = Llinell dir yw hon, ac ni all ddangos negeseuon testun. Rhowch rif ffôn symudol y DU
invalid-phone-personal-070 = Nid ffonau symudol yw rhifau 070. Rhowch rif ffôn symudol y DU
invalid-phone-pager-076 = Blipiwr yw hwn. Rhowch rif ffôn symudol y DU
invalid-phone-premium = Mae'r rhif hwn yn costio mwy i'r sawl sy'n ffonio. Rhowch rif ffôn symudol y DU
invalid-phone-toll-free = Rhif rhadffon yw hwn. Rhowch rif ffôn symudol y DU
invalid-phone-organisation = Mae rhifau 03 yn perthyn i sefydliadau. Rhowch rif ffôn symudol y DU
invalid-phone-voip = Ffôn rhyngrwyd yw hwn. Rhowch rif ffôn symudol y DU
invalid-phone-short-code = Rhif byr gwasanaeth yw hwn. Rhowch rif ffôn symudol y DU
invalid-phone-foreign = Dim ond i rifau ffôn symudol y DU y gallwn anfon negeseuon testun. Gallwch gael rhybuddion e-bost yn lle hynny
invalid-phone-crown-dependency = Ni allwn anfon negeseuon testun i rifau Jersey, Guernsey nac Ynys Manaw. Gallwch gael rhybuddion e-bost yn lle hynny
invalid-phone-drama-in-live = Dim ond ar gyfer dramâu ac enghreifftiau y mae'r rhif hwn. Rhowch eich rhif ffôn symudol eich hun
invalid-email-empty = { err-email }
invalid-email-incomplete = { err-email }
invalid-email-too-long = Mae'r cyfeiriad e-bost hwn yn rhy hir
invalid-email-not-ascii = Defnyddiwch lythrennau plaen yn unig cyn yr arwydd @
invalid-email-local-part = Gwiriwch yr hyn sydd cyn yr arwydd @
invalid-email-domain = Gwiriwch yr hyn sydd ar ôl yr arwydd @, fel enghraifft.com
invalid-text-control-character = Dilëwch y nodau anweledig. Gall copïo o raglen arall ddod â nhw i mewn
invalid-text-too-long = { invalid-too-long }
