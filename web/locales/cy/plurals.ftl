# Enwau gyda rhif. Ar ôl rhif daw'r unigol, gyda threiglad; uwchlaw deg daw "o" a'r lluosog.
# The numbers 4 to 10 stand as exact forms, because the category "other" holds both 4 and 26.

count-services = { $n ->
    [4] { $n } gwasanaeth
    [5] { $n } gwasanaeth
    [7] { $n } gwasanaeth
    [8] { $n } gwasanaeth
    [9] { $n } gwasanaeth
    [10] { $n } gwasanaeth
    [zero] dim gwasanaethau
    [one] { $n } gwasanaeth
    [two] { $n } wasanaeth
    [few] { $n } gwasanaeth
    [many] { $n } gwasanaeth
   *[other] { $n } o wasanaethau
}

count-patients = { $n ->
    [4] { $n } claf
    [5] { $n } claf
    [7] { $n } claf
    [8] { $n } claf
    [9] { $n } claf
    [10] { $n } claf
    [zero] dim cleifion
    [one] { $n } claf
    [two] { $n } glaf
    [few] { $n } chlaf
    [many] { $n } chlaf
   *[other] { $n } o gleifion
}

count-boards = { $n ->
    [4] { $n } bwrdd iechyd
    [5] { $n } bwrdd iechyd
    [7] { $n } bwrdd iechyd
    [8] { $n } bwrdd iechyd
    [9] { $n } bwrdd iechyd
    [10] { $n } bwrdd iechyd
    [zero] dim byrddau iechyd
    [one] { $n } bwrdd iechyd
    [two] { $n } fwrdd iechyd
    [few] { $n } bwrdd iechyd
    [many] { $n } bwrdd iechyd
   *[other] { $n } o fyrddau iechyd
}

count-updates = { $n ->
    [4] { $n } diweddariad
    [5] { $n } diweddariad
    [7] { $n } diweddariad
    [8] { $n } diweddariad
    [9] { $n } diweddariad
    [10] { $n } diweddariad
    [zero] dim diweddariadau
    [one] { $n } diweddariad
    [two] { $n } ddiweddariad
    [few] { $n } diweddariad
    [many] { $n } diweddariad
   *[other] { $n } o ddiweddariadau
}

count-subscribers = { $n ->
    [4] { $n } tanysgrifiwr
    [5] { $n } tanysgrifiwr
    [7] { $n } tanysgrifiwr
    [8] { $n } tanysgrifiwr
    [9] { $n } tanysgrifiwr
    [10] { $n } tanysgrifiwr
    [zero] dim tanysgrifwyr
    [one] { $n } tanysgrifiwr
    [two] { $n } danysgrifiwr
    [few] { $n } thanysgrifiwr
    [many] { $n } thanysgrifiwr
   *[other] { $n } o danysgrifwyr
}

count-systems = { $n ->
    [4] { $n } system
    [5] { $n } system
    [7] { $n } system
    [8] { $n } system
    [9] { $n } system
    [10] { $n } system
    [zero] dim systemau
    [one] { $n } system
    [two] { $n } system
    [few] { $n } system
    [many] { $n } system
   *[other] { $n } o systemau
}

count-minutes = { $n ->
    [zero] llai na munud
    [one] { $n } munud
    [two] { $n } funud
    [few] { $n } munud
    [many] { $n } munud
   *[other] { $n } munud
}
