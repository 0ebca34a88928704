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

count-minutes = { $n ->
    [zero] llai na munud
    [one] { $n } munud
    [two] { $n } funud
    [few] { $n } munud
    [many] { $n } munud
   *[other] { $n } munud
}
