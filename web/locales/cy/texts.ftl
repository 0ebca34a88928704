# What we answer to texts from people. Keep each within one part of 160 GSM letters: no circumflexes.
text-welcome = Cewch negeseuon y GIG. Ardal: { $areas }. Am ddim. I adael tecstiwch STOPIO. English? Text ENGLISH. Ni fyddwn byth yn gofyn am fanylion personol.
text-stopped = Rydych wedi gadael ein rhybuddion testun. Ni fyddwn yn tecstio eto. I ymuno eto, tecstiwch YMUNO.
text-help = Rhybuddion am y GIG. YMUNO ac enw ardal i ymuno, STOPIO i adael, ENGLISH am Saesneg. Argyfwng: 999. Cyngor brys: 111.
text-which-area = Nid ydym yn nabod yr ardal honno. Tecstiwch YMUNO ac enw eich ardal, er enghraifft YMUNO POWYS. Am bob ardal: YMUNO.
text-not-read = Nid oes neb yn darllen y negeseuon hyn. Argyfwng: 999. Cyngor brys: 111. I adael tecstiwch STOPIO. Am help tecstiwch CYMORTH.
