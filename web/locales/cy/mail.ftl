# Diweddariadau ar y dudalen gymeradwyo ac mewn negeseuon e-bost.

upd-correction = Cywiriad
upd-hear-more = Pryd byddwch yn clywed mwy
upd-cause = Achos
upd-certainty-unknown = ddim yn sicr eto
upd-certainty-suspected = tybir
upd-certainty-confirmed = cadarnhawyd
upd-cyber = Ai ymosodiad seiber yw hyn?
upd-data = A yw gwybodaeth bersonol wedi'i heffeithio?
upd-answer-not_known = Ddim yn hysbys eto
upd-answer-no = Nac ydy
upd-answer-no_evidence = Dim tystiolaeth o hynny hyd yn hyn
upd-answer-yes = Ydy
upd-stated-by = Ffynhonnell: { $who }.
upd-ph-identified-suspected = Rydym yn credu ein bod wedi dod o hyd i'r broblem
upd-ph-scheduled = Wedi'i drefnu
upd-ph-in-progress = Gwaith wedi'i drefnu ar y gweill
upd-ph-extended = Mae'r gwaith yn cymryd mwy o amser
upd-ph-completed = Mae'r gwaith wedi'i orffen
upd-ph-cancelled = Mae'r gwaith wedi'i ganslo

mail-other-language = English: { $link }
mail-other-language-link = Read this in English
mail-newest = Mae'r wybodaeth ddiweddaraf bob amser yma:
mail-why = Rydych yn cael y neges hon am i chi ofyn am hysbysiadau e-bost.
mail-change = Dewis hysbysiadau eraill:
mail-leave = Gadael yr hysbysiadau hyn:
mail-leave-link = Stopio hysbysiadau e-bost
