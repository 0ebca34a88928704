# Counted nouns. The count is $n.

count-services = { $n ->
    [0] no services
    [one] { $n } service
   *[other] { $n } services
}

count-patients = { $n ->
    [0] no patients
    [one] { $n } patient
   *[other] { $n } patients
}

count-updates = { $n ->
    [0] no updates
    [one] { $n } update
   *[other] { $n } updates
}

count-minutes = { $n ->
    [0] less than a minute
    [one] { $n } minute
   *[other] { $n } minutes
}
