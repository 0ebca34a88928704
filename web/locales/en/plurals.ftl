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

count-boards = { $n ->
    [0] no health boards
    [one] { $n } health board
   *[other] { $n } health boards
}

count-updates = { $n ->
    [0] no updates
    [one] { $n } update
   *[other] { $n } updates
}

count-subscribers = { $n ->
    [0] no subscribers
    [one] { $n } subscriber
   *[other] { $n } subscribers
}

count-systems = { $n ->
    [0] no systems
    [one] { $n } system
   *[other] { $n } systems
}

count-minutes = { $n ->
    [0] less than a minute
    [one] { $n } minute
   *[other] { $n } minutes
}
