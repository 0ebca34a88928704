# Y geiriau i staff: ble cânt eu hysgrifennu, a'r dudalen yn y cyfeiriad heb ei restru lle cânt eu darllen.

au-staff-words = I feddygon teulu a staff iechyd (byth yn gyhoeddus)
au-staff-words-hint = Dewisol. Darllenir yn y cyfeiriad i staff yn unig. Mae'r hyn sy'n parhau o ddiweddariad i ddiweddariad yn aros nes i chi ei newid.
au-staff-in = I staff, { $language }
au-field-staff_works = Beth sy'n gweithio
au-field-staff_workaround = Ffordd arall o weithio
au-field-staff_line = Llinell i'r peiriant ateb
