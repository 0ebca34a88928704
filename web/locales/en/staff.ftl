# The words for staff: where they are written, and the page at the unlisted address where they are read.

au-staff-words = For GPs and health staff (never public)
au-staff-words-hint = Optional. Read at the staff address only. What goes on from update to update stays until you change it.
au-staff-in = For staff, { $language }
au-field-staff_works = What works
au-field-staff_workaround = Workaround
au-field-staff_line = Line for the answering machine
