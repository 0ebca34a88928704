# What went wrong. `error-kind-…` is the title, `error-help-…` the sentence below it when the code has no words of its
# own as `error-{code}`. `invalid-…` stands at a field.

error-kind-invalid = There is a problem
error-kind-unauthenticated = Sign in first
error-kind-forbidden = You cannot do this
error-kind-not-found = Page not found
error-kind-conflict = This has changed
error-kind-too-many = Too many tries
error-kind-unavailable = Sorry, this is not available now
error-kind-broken = Sorry, there is a problem with this page

error-help-invalid = What was sent cannot be used. Go back, check it and try again.
error-help-unauthenticated = You are not signed in, or your session has ended.
error-help-forbidden = Your account does not allow this. Ask an administrator if you think that it should.
error-help-not-found = If you typed the web address, check it is correct.
error-help-conflict = Somebody else changed it while you were working on it. Look at it again before you go on.
error-help-too-many = { err-too-many }.
error-help-unavailable = Something that we depend on does not answer. What you typed is still in your browser: go back and try again in a moment.
error-help-broken = It is our fault, not yours. Try again later.

error-invalid = Some of what you entered needs to be changed.
error-csrf = This form is too old, or was sent from another site. Go back, reload the page and try again.
error-method = This address does not take that kind of request.
error-content-type = The body is not in a format that this address takes.
error-too-large = What was sent is too large.
error-timeout = It took too long. Try again in a moment.
error-form = The form could not be read.
error-json = The JSON body could not be read.
error-database-unavailable = We cannot save or load anything now. What you typed is still in your browser: go back and try again in a moment.
error-changed-meanwhile = { error-help-conflict }
error-request = Reference for support: { $id }
error-home = Go to the home page
error-staff-home = Go to the list of incidents

invalid-other = Check this answer
invalid-blank = { err-blank }
invalid-email = { err-email }
invalid-phone = { err-mobile }
invalid-choice = { form-select }
invalid-too-long = This is too long. Shorten it
invalid-longer-than = Shorten this to { $n } characters or fewer
invalid-time = Enter a time, like 4:30pm
invalid-number = Enter a number
invalid-code = { err-code-wrong }
invalid-code-old = { err-code-old }
invalid-json = The JSON body cannot be used: { $detail }

# Phone numbers and addresses.
invalid-phone-empty = { err-mobile }
invalid-phone-letters = A phone number has no letters in it, like 07700 900 982
invalid-phone-characters = Use only digits, like 07700 900 982
invalid-phone-too-short = Some digits are missing. A UK mobile number has 11 digits
invalid-phone-too-long = There are too many digits. A UK mobile number has 11 digits
invalid-phone-not-in-use = There is no such number. Check the digits
invalid-phone-landline = This is a landline, which cannot show texts. Enter a UK mobile number
invalid-phone-personal-070 = 070 numbers are not mobiles. Enter a UK mobile number
invalid-phone-pager-076 = This is a pager. Enter a UK mobile number
invalid-phone-premium = This number costs its caller extra. Enter a UK mobile number
invalid-phone-toll-free = This is a freephone number. Enter a UK mobile number
invalid-phone-organisation = 03 numbers belong to organisations. Enter a UK mobile number
invalid-phone-voip = This is an internet telephone. Enter a UK mobile number
invalid-phone-short-code = This is a short number of a service. Enter a UK mobile number
invalid-phone-foreign = We can only text UK mobile numbers. You can get e-mail alerts instead
invalid-phone-crown-dependency = We cannot text numbers of Jersey, Guernsey or the Isle of Man. You can get e-mail alerts instead
invalid-phone-drama-in-live = This number is only for plays and examples. Enter your own mobile number
invalid-email-empty = { err-email }
invalid-email-incomplete = { err-email }
invalid-email-too-long = This e-mail address is too long
invalid-email-not-ascii = Use only plain letters before the @ sign
invalid-email-local-part = Check what stands before the @ sign
invalid-email-domain = Check what stands after the @ sign, like example.com
invalid-text-control-character = Remove the invisible characters. Copying from another program can bring them in
invalid-text-too-long = { invalid-too-long }
