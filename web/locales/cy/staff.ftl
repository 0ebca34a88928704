# Y geiriau i staff: ble cânt eu hysgrifennu, a'r dudalen yn y cyfeiriad heb ei restru lle cânt eu darllen.

au-staff-words = I feddygon teulu a staff iechyd (byth yn gyhoeddus)
au-staff-words-hint = Dewisol. Darllenir yn y cyfeiriad i staff yn unig. Mae'r hyn sy'n parhau o ddiweddariad i ddiweddariad yn aros nes i chi ei newid.
au-staff-in = I staff, { $language }
au-field-staff_works = Beth sy'n gweithio
au-field-staff_workaround = Ffordd arall o weithio
au-field-staff_line = Llinell i'r peiriant ateb

sv-title = I feddygon teulu a staff iechyd
sv-private = I staff yn unig. Peidiwch â chyhoeddi'r cyfeiriad hwn na'r geiriau hyn.
sv-none = Ni wyddys am unrhyw broblem nawr.
sv-nothing-said = Nid oes dim wedi'i ddweud am hyn eto.
sv-line-hint = Darllenwch ef yn uchel, neu dewiswch y cyfan a'i gopïo.
sv-line-in-cy = Yn Gymraeg
sv-line-in-en = Yn Saesneg
sv-line-made = Ni ysgrifennodd neb linell, felly gwnaed hon o'r geiriau cyhoeddus. Gwiriwch hi cyn ei recordio.
sv-latest = Mae'r newyddion diweddaraf yn { $address }.
sv-told = Beth mae cleifion yn ei glywed
sv-notice = Hysbysiad i'r drws (A4)
sv-notice-help = Argraffwch y dudalen hon ar bapur A4. Dim ond geiriau cyhoeddus sydd arni.
sv-notice-back = Yn ôl i'r dudalen i staff
sv-notice-latest = Y newyddion diweddaraf
sv-public = Y dudalen gyhoeddus

au-nav-staff-address = Cyfeiriad i staff
au-address-help = Yn y cyfeiriad hwn, sydd heb ei restru, mae meddygon teulu a staff iechyd yn darllen beth sy'n gweithio, sut i weithio yn y cyfamser, a beth i'w recordio ar y peiriant ateb. Nid oes angen mewngofnodi: gall pwy bynnag sy'n gwybod y cyfeiriad ei ddarllen. Rhowch ef ar y cerdyn ar alwad, byth ar dudalen gyhoeddus.
au-address-now = Y cyfeiriad nawr
au-address-log = Mae dirprwyon yn ysgrifennu cyfeiriadau yn eu cofnodion. Mae'r llawlyfr yn dweud sut i hepgor hwn.
au-address-none = Nid oes cyfeiriad o'r fath eto.
au-address-change = Newid y cyfeiriad
au-address-change-help = Mae'r hen gyfeiriad yn stopio ar unwaith. Bydd angen yr un newydd ar bawb.
au-address-new-key = Creu cyfeiriad newydd
au-address-make = Creu cyfeiriad
au-address-close = Cau'r cyfeiriad
au-done-new-key = Mae'r cyfeiriad yn newydd, ac mae'r hen un wedi stopio
au-done-address-closed = Mae'r cyfeiriad wedi'i gau
