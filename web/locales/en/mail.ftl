# Updates as they are laid out on the page of approval and in mails. Author text comes in as it was typed.

upd-correction = Correction
upd-hear-more = When you will hear more
upd-cause = Cause
upd-certainty-unknown = not certain yet
upd-certainty-suspected = suspected
upd-certainty-confirmed = confirmed
upd-cyber = Is it a cyber attack?
upd-data = Is personal information affected?
upd-answer-not_known = Not known yet
upd-answer-no = No
upd-answer-no_evidence = No evidence of that so far
upd-answer-yes = Yes
upd-stated-by = Stated by { $who }.
upd-ph-identified-suspected = We think that we have found the problem
upd-ph-scheduled = Planned
upd-ph-in-progress = Planned work under way
upd-ph-extended = Planned work is taking longer
upd-ph-completed = Planned work is done
upd-ph-cancelled = Planned work is cancelled

mail-other-language = Cymraeg: { $link }
mail-other-language-link = Darllen hyn yn Gymraeg
mail-newest = The newest information is always here:
mail-why = You get this because you asked for e-mail alerts.
mail-change = Choose other alerts:
mail-leave = Leave these alerts:
mail-leave-link = Stop e-mail alerts
