# Y tudalennau cyhoeddus.

page-nav-now = Nawr
page-nav-areas = Ardaloedd
page-web-feed = Ffrwd we
page-unconfirmed = Nid ydym wedi gallu cadarnhau'r wybodaeth hon ers { $at }. Efallai fod rhywbeth mwy diweddar wedi digwydd. Mewn argyfwng, ffoniwch 999.
page-demo-clock = Mae'r cloc yn dangos { $at }.

page-services = Gwasanaethau
page-all-services = Pob un: { $services }
page-services-affected = Yr effeithir arnynt ar hyn o bryd: { $services }.
page-all-planned = Yr holl waith sydd wedi'i drefnu
page-elsewhere = Problemau mewn sefydliadau eraill
page-just-over = Wedi dod i ben yn ddiweddar
page-alerts = Cael neges pan fydd rhywbeth yn newid
page-alerts-text = Tecstiwch YMUNO i { $number }.
page-alerts-form = Dewiswch rybuddion testun neu e-bost
page-back-home = Beth sy'n digwydd nawr
page-where = Ble

# Ffeithiau
page-cyber = Ai ymosodiad seiber yw hyn?
page-cyber-not-known = Ddim yn hysbys eto
page-cyber-no = Nac ydy
page-cyber-no-evidence = Nid oes arwydd o hynny hyd yma
page-cyber-yes = Ydy
page-data = A yw gwybodaeth bersonol wedi'i heffeithio?
page-data-not-known = Ddim yn hysbys eto
page-data-no = Nac ydy
page-data-no-evidence = Nid oes arwydd o hynny hyd yma
page-data-yes = Ydy, darllenwch isod
page-says = yn ôl { $by }
page-cause = Achos
page-cause-suspected = tybiedig
page-cause-confirmed = wedi'i gadarnhau
page-relation = A yw'n gysylltiedig â digwyddiad arall?
page-speaker = Pwy sy'n dweud hyn
page-when = Pryd
page-facts = Yn gryno
page-more = Pryd byddwch yn clywed mwy
page-next-was = Roedd disgwyl y diweddariad nesaf erbyn { $by }.
page-from = O { $from }
page-from-until = O { $from } tan { $until }

# Pa mor bell ydym ni
page-steps = Pa mor bell ydym ni
page-step-investigating = Ymchwilio
page-step-identified = Wedi dod o hyd i'r broblem
page-step-fixing = Datrys y broblem
page-step-monitoring = Yn gweithio eto
page-step-recovering = Wrthi'n dal i fyny
page-step-resolved = Ar ben
page-step-done = wedi'i wneud

# Gwaith wedi'i drefnu
page-phase-scheduled = Wedi'i drefnu
page-phase-in-progress = Ar y gweill nawr
page-phase-extended = Yn cymryd mwy o amser na'r disgwyl
page-phase-completed = Wedi'i gwblhau
page-phase-cancelled = Ni fydd yn digwydd

# Un digwyddiad
page-card-more = Popeth rydym yn ei wybod, a beth sydd wedi digwydd hyd yma ({ $updates })
page-withdrawn = Larwm ffug oedd hwn, ac rydym wedi'i dynnu'n ôl. Mae'r hyn a ddywedom yn aros yma fel cofnod.
page-to-follow = Mae'r fersiwn Gymraeg yn cael ei pharatoi. Tan hynny, dangosir y testun yn Saesneg.
page-other-to-follow = Bydd testun Saesneg y diweddariad hwn yn dilyn.
page-other-language-only = Yn Saesneg yn unig mae'r sefydliad hwn yn cyhoeddi.
page-is-correction = Mae hwn yn cywiro'r diweddariad o'i flaen
page-see-correction = Gweld y cywiriad
page-newest-above = Mae'r diweddariad hwn ar frig y dudalen

# Un ardal
page-area-calm = Nid oes problemau wedi'u hadrodd ar gyfer yr ardal hon.
page-no-report = Nid yw'r sefydliad hwn wedi dweud eto sut yr effeithir ar ei wasanaethau ei hun. Dyma newyddion sy'n berthnasol iddo.

# Y gorffennol a'r dyfodol
page-months = Fesul mis
page-all-months = Pob mis
page-no-history = Nid oes digwyddiadau i'w dangos.
page-ahead = I ddod
page-no-planned = Nid oes gwaith wedi'i drefnu.
page-calendar = Gwaith wedi'i drefnu fel calendr

# Diwrnodau, ardaloedd a chyfansymiau
page-description = Beth sy'n gweithio yn y gwasanaeth iechyd a beth nad yw'n gweithio, beth dylech chi ei wneud, a phryd byddwch yn clywed mwy. Yn Gymraeg ac yn Saesneg.
page-head-planned = Mae gwaith wedi'i drefnu ar y gweill. Nid oes problemau eraill
page-boards-own = Sefydliadau â'u newyddion eu hunain: { $own } o { $all }. Nid oes adroddiad gan y lleill eto.
page-own-news = newyddion ei hun
page-boards = Beth mae pob sefydliad yn ei ddweud
page-no-report-from = Dim adroddiad eto gan
page-no-report-yet = Dim adroddiad gan y sefydliad hwn eto
page-area-own = Beth mae'r sefydliad hwn yn ei ddweud
page-area-concerns = Newyddion gan eraill sy'n berthnasol i'r ardal hon
page-area-feed = Ffrwd we'r ardal hon
page-fine-areas = Ardaloedd heb adroddiad eu bod wedi'u heffeithio
page-fine-services = Gwasanaethau heb adroddiad eu bod wedi'u heffeithio
page-worst-services = Gwasanaethau yr effeithiwyd arnynt, pob un ar ei waethaf
page-service-calm = Nid oes problemau wedi'u hadrodd ar gyfer y gwasanaeth hwn.
page-newest = Y diweddariad diweddaraf
page-beside = Problemau eraill ar hyn o bryd
page-beside-about = Nid oes neb wedi dweud bod y rhain yn gysylltiedig â'r broblem hon. Os bydd hynny'n newid, bydd diweddariad yn dweud hynny.
page-days = Y 90 diwrnod diwethaf
page-days-fine = Yn gweithio fel arfer drwy'r dydd ar { $fine } o'r { $days } diwrnod diwethaf.
page-days-areas = Caiff ardaloedd eu cyfrif gyda'i gilydd: mae problem yn un ohonynt yn marcio'r diwrnod.
page-days-today = Heddiw
page-days-table = Fesul diwrnod
page-days-day = Diwrnod
page-days-worst = Statws gwaethaf
page-month = Mis
page-total-incidents = Digwyddiadau
page-total-serious = Difrifol neu ddifrifol iawn
page-not-over = Heb ddod i ben eto
page-total-withdrawn = Larymau ffug
page-total-first-word = Roedd eu hanner ar y dudalen hon o fewn
page-total-lasted = Roedd eu hanner ar ben o fewn
page-first-word = Ar y dudalen hon ar ôl
page-all-reviews = Beth ddigwyddodd a pham: pob adolygiad
page-reviews-about = Ar ôl digwyddiad, rydym yn edrych ar beth ddigwyddodd a pham, ac yn ei gyhoeddi yma.
page-no-reviews = Nid oes adolygiadau i'w dangos.

# Rhannu tudalen
page-share-address = Cyfeiriad parhaol
page-share-short = Cyfeiriad byr
page-share-mail = Drwy e-bost
page-share-text = Drwy neges destun
page-share-whatsapp = Drwy WhatsApp
page-share-print = Mae'r dudalen hon yn argraffu ar A4 heb ddewislenni. Defnyddiwch orchymyn argraffu eich porwr.

# Lle nad oes tudalen
page-missing-not-found = Heb ddod o hyd i'r dudalen
page-missing-not-found-help = Os mai teipio'r cyfeiriad gwe wnaethoch chi, gwiriwch ei fod yn gywir. Os gwnaethoch ddilyn dolen, efallai fod cyfeiriad y dudalen wedi newid.
page-missing-method = Dim ond darllen y dudalen hon sy'n bosibl
page-missing-method-help = Ni ellir defnyddio'r hyn a anfonwyd i'r cyfeiriad hwn.
page-missing-starting = Mae'n ddrwg gennym, nid yw'r dudalen hon ar gael eto
page-missing-starting-help = Rhowch gynnig arall arni ymhen ychydig eiliadau. Mewn argyfwng, ffoniwch 999.

# Datganiad hygyrchedd
page-a11y-intro = Rydym am i bawb allu defnyddio'r wefan hon, hefyd ar hen ffôn, gyda chysylltiad araf, neu gyda darllenydd sgrin.
page-a11y-can = Beth gallwch chi ei wneud
page-a11y-can-zoom = Chwyddo hyd at 400% heb sgrolio i'r ochr
page-a11y-can-keyboard = Defnyddio'r wefan gyfan gyda bysellfwrdd neu â'ch llais
page-a11y-can-reader = Gwrando arni gyda darllenydd sgrin, yn Gymraeg ac yn Saesneg
page-a11y-can-script = Ei defnyddio heb JavaScript, ac argraffu pob tudalen
page-a11y-can-colour = Deall pob statws heb weld lliwiau: mae gan bob un air a siâp
page-a11y-status = Pa mor hygyrch yw'r wefan hon
page-a11y-status-text = Mae'r wefan hon yn cydymffurfio'n rhannol â Chanllawiau Hygyrchedd Cynnwys Gwe 2.2, lefel AA: mae wedi'i phrofi gydag offer awtomatig, ac mae archwiliad gan bobl eto i ddod.
page-a11y-known = Beth nad yw'n gweithio'n dda eto
page-a11y-known-text = Nid oes neb sy'n defnyddio darllenydd sgrin neu dechnoleg gynorthwyol arall bob dydd wedi profi'r wefan hon eto. Lle mae sefydliad yn cyhoeddi mewn un iaith yn unig, dangosir ei eiriau yn yr iaith honno ar y ddwy dudalen, wedi'u marcio fel bod darllenydd sgrin yn eu hynganu'n gywir.
page-a11y-help = Os nad yw rhywbeth yn gweithio i chi
page-a11y-help-contact = Ysgrifennwch at { $contact } a dywedwch wrthym beth sydd ei angen arnoch. Byddwn yn ateb o fewn pum diwrnod gwaith.
page-a11y-help-text = Dywedwch wrth y sefydliad sy'n rhedeg y wefan hon beth sydd ei angen arnoch.
page-a11y-enforcement = Os nad ydych yn fodlon ar ein hateb
page-a11y-enforcement-text = Y Comisiwn Cydraddoldeb a Hawliau Dynol sy'n gorfodi rheoliadau hygyrchedd 2018. Cysylltwch â'r Gwasanaeth Cynghori a Chymorth Cydraddoldeb.
page-a11y-prepared = Paratowyd y datganiad hwn ar { $day }, pan brofwyd y wefan ddiwethaf.

# Hysbysiad preifatrwydd
page-privacy-reading = Gallwch ddarllen popeth yma heb ddweud wrthym pwy ydych chi. Nid ydym yn dilyn yr hyn rydych yn ei wneud.
page-privacy-what = Os ydych yn gofyn am rybuddion: eich rhif ffôn symudol neu eich cyfeiriad e-bost, yr iaith a'r ardaloedd a ddewisoch, a phryd y gwnaethoch gytuno. Nid ydym yn gofyn am eich enw, ac nid ydym yn cadw dim am eich iechyd.
page-privacy-why = Pam rydym yn ei defnyddio
page-privacy-howlong = Nes i chi stopio. Mae ceisiadau na chawsant eu cwblhau yn cael eu dileu o fewn diwrnod. Mae eich rhif wedi'i amgryptio.
page-privacy-stop = Sut i stopio
page-privacy-stop-text = Tecstiwch STOPIO, neu defnyddiwch y ddolen mewn unrhyw neges. Byddwn yn dileu eich rhif neu eich cyfeiriad ar unwaith.
page-privacy-rights = Eich hawliau
page-privacy-rights-text = Gallwch ofyn am weld yr hyn rydym yn ei gadw amdanoch, a gofyn i ni ei gywiro neu ei ddileu. Gallwch gwyno i Swyddfa'r Comisiynydd Gwybodaeth.
page-privacy-cookies = Nid yw tudalennau cyhoeddus y wefan hon yn defnyddio cwcis.
page-privacy-contact = Cwestiynau am eich gwybodaeth: { $contact }.
page-privacy-contact-none = Y sefydliad sy'n rhedeg y wefan hon sy'n gyfrifol am eich gwybodaeth.
