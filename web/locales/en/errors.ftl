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
error-request = Reference for support: { $id }
error-home = Go to the home page
error-staff-home = Go to the list of incidents

invalid-other = Check this answer
invalid-blank = { err-blank }
invalid-email = { err-email }
invalid-phone = { err-mobile }
invalid-choice = { form-select }
invalid-too-long = Shorten this to { $n } characters or fewer
invalid-too-short = Use at least { $n } characters
invalid-time = Enter a time, like 4:30pm
invalid-past = The time must be in the future
invalid-number = Enter a number
invalid-code = { err-code-wrong }
invalid-code-old = { err-code-old }
invalid-json = The JSON body cannot be used: { $detail }
