# The words for staff: where they are written, and the page at the unlisted address where they are read.

au-staff-words = For GPs and health staff (never public)
au-staff-words-hint = Optional. Read at the staff address only. What goes on from update to update stays until you change it.
au-staff-in = For staff, { $language }
au-field-staff_works = What works
au-field-staff_workaround = Workaround
au-field-staff_line = Line for the answering machine

sv-title = For GPs and health staff
sv-private = For staff only. Do not publish this address or these words.
sv-none = No problem is known now.
sv-nothing-said = Nothing has been said about this yet.
sv-line-hint = Read it out, or select it all and copy it.
sv-line-in-cy = In Welsh
sv-line-in-en = In English
sv-line-made = Nobody wrote a line, so this one is made from the public words. Check it before you record it.
sv-latest = The latest news is at { $address }.
sv-told = What patients are told
sv-notice = Notice for the door (A4)
sv-notice-help = Print this page on A4 paper. Only public words stand on it.
sv-notice-back = Back to the page for staff
sv-notice-latest = The latest news
sv-public = The public page

au-nav-staff-address = Staff address
au-address-help = At this unlisted address GPs and health staff read what works, how to work meanwhile, and what to record on the answering machine. It needs no sign-in: whoever knows it can read it. Put it on the on-call card, never on a public page.
au-address-now = The address now
au-address-log = Proxies write addresses into their logs. The manual says how to leave this one out.
au-address-none = There is no such address yet.
au-address-change = Change the address
au-address-change-help = The old address stops at once. Everybody needs the new one.
au-address-new-key = Make a new address
au-address-make = Make an address
au-address-close = Close the address
au-done-new-key = The address is new, and the old one has stopped
au-done-address-closed = The address is closed
