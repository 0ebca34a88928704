# Cofrestru ar gyfer negeseuon, newid dewisiadau, a gadael.

signup-what = Dim ond pan fydd gan wasanaethau'r GIG broblemau, a phan fydd y rheini ar ben, y byddwn yn ysgrifennu.
signup-email = E-bost
signup-mobile-hint = Ar gyfer rhybuddion testun. Rhif ffôn symudol y DU, fel 07700 900 982
signup-email-hint = Ar gyfer rhybuddion e-bost. Fel enw@enghraifft.com
signup-how-much = Faint hoffech chi ei glywed?
signup-serious-hint = Heb hyn byddwch hefyd yn clywed am broblemau llai a gwaith wedi'i drefnu
signup-code-sent = Rydym wedi anfon neges destun gyda chod chwe digid. Gall gymryd munud i gyrraedd. Os yw'r rhif hwn yn cael ein rhybuddion eisoes, mae dolen i'w newid yn y neges hefyd.
signup-code-hint = Chwe digid. Mae'r cod yn ddilys am ddeng munud
signup-other-contact = Defnyddio rhif neu gyfeiriad arall
signup-mailed = Edrychwch yn eich blwch post
signup-mailed-text = Rydym wedi anfon e-bost gyda dolen. Gwasgwch y botwm y tu ôl iddi i gychwyn eich rhybuddion. Mae'r ddolen yn ddilys am ddiwrnod. Edrychwch ymhlith eich post sothach hefyd.
signup-link = Cychwyn eich rhybuddion
signup-link-text = Gwasgwch y botwm i ddechrau cael rhybuddion drwy e-bost.
signup-link-button = Cychwyn fy rhybuddion
signup-done-subscribed = { sub-confirmed }
signup-done-subscribed-text = Rydym wedi anfon neges atoch i ddweud hynny. Gallwch newid eich dewisiadau neu stopio unrhyw bryd.
signup-done-changed = Mae eich dewisiadau wedi'u cadw
signup-done-changed-text = Byddant yn cyfrif o'r neges nesaf ymlaen.
signup-done-left = { sub-stopped }
signup-done-left-text = Mae eich rhif neu eich cyfeiriad wedi'i ddileu. Gall neges sydd ar ei ffordd eisoes gyrraedd o hyd.
signup-done-old = Mae'r ddolen hon wedi dod i ben
signup-done-old-text = Mae dolenni'n ddilys am ddiwrnod, ac mae pob un yn gweithio unwaith. Cofrestrwch eto i gael un newydd.
signup-manage-to = Mae rhybuddion yn mynd at { $contact }.
signup-leave = Stopio cael rhybuddion
signup-leave-text = Os byddwch yn stopio, byddwn yn dileu eich rhif neu eich cyfeiriad.
signup-leave-button = Stopio fy rhybuddion
signup-stay = Parhau i gael rhybuddion

invalid-signup-channel = Dewiswch negeseuon testun neu e-bost
invalid-signup-language = Dewiswch iaith eich rhybuddion
invalid-signup-areas = Dewiswch o leiaf un ardal
invalid-signup-not-now = Ni allwn gadw hwn nawr. Nid oes dim wedi'i golli: cadwch y dudalen hon ar agor a gwasgwch y botwm eto ymhen ychydig funudau. Mewn argyfwng, ffoniwch 999
invalid-signup-busy = Mae gormod o bobl yn defnyddio'r ffurflen hon ar hyn o bryd. Nid oes dim wedi'i golli: arhoswch funud, yna gwasgwch y botwm eto. Mewn argyfwng, ffoniwch 999
invalid-signup-too-often = Rydym wedi anfon cynifer o negeseuon ag y gallwn am y tro. Rhowch gynnig arall arni ymhen awr
invalid-signup-code-length = Rhowch chwe digid y cod
invalid-signup-code-wrong = Nid yw'r cod yn gywir. Ceisiadau ar ôl: { $n }
invalid-signup-code-used-up = Roedd y cod yn anghywir yn rhy aml ac nid yw'n gweithio mwyach. Gofynnwch am un newydd
error-signup-link = Nid yw'r ddolen hon yn gweithio mwyach. Cofrestrwch eto i gael un newydd, neu tecstiwch STOPIO i stopio rhybuddion testun.
error-busy = Mae gormod o bobl yn defnyddio'r dudalen hon ar hyn o bryd. Arhoswch funud, yna rhowch gynnig arall arni.
error-copy = Copi o'r dudalen yw hon, ar gyfer adegau pan na ellir cyrraedd y gwreiddiol. Ni allwch gofrestru, newid eich rhybuddion na'u stopio yma. Bydd y rhybuddion a gewch eisoes yn parhau. I stopio rhybuddion testun, tecstiwch STOPIO.

# Negeseuon testun. Llythrennau'r wyddor GSM yn unig.
signup-text-code = { $site }: eich cod yw { $code }. Yn ddilys am 10 munud. Os na ofynnoch amdano, anwybyddwch hwn.
signup-text-code-known = { $site }: eich cod yw { $code }. Yn ddilys am 10 munud. Rydych yn cael ein rhybuddion eisoes. I'w newid neu eu stopio: { $link }
signup-text-welcome = { $site }: byddwch yn cael ein rhybuddion testun. Am ddim. Tecstiwch STOPIO i stopio. I newid eich dewisiadau: { $link }

# Negeseuon e-bost
signup-mail-subject = Cychwyn eich rhybuddion
signup-mail-confirm = Gofynnodd rhywun, chi yn ôl pob tebyg, am rybuddion e-bost gan { $site }. Gwasgwch y botwm i'w cychwyn.
signup-mail-button = Cychwyn fy rhybuddion
signup-mail-not-you = Os nad chi oedd hynny, peidiwch â gwneud dim. Ni fyddwch yn clywed gennym eto.
signup-mail-copy = Os nad yw'r botwm yn gweithio, copïwch y cyfeiriad hwn i'ch porwr:
signup-mail-known = Rydych yn cael ein rhybuddion eisoes. I'w newid neu eu stopio:
signup-mail-welcome-subject = { sub-confirmed }
signup-mail-welcome = Byddwch yn cael rhybuddion e-bost gan { $site }. Maent am ddim.
signup-mail-manage = Newid eich dewisiadau
signup-mail-stop = I stopio, gwasgwch yr un ddolen, neu'r un ar ddiwedd unrhyw rybudd. Ni allwn ateb negeseuon na rhoi cyngor meddygol. Mewn argyfwng, ffoniwch 999.
