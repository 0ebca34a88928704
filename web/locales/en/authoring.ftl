# The screens for staff.

# Navigation
au-nav-incidents = Incidents
au-nav-report = Report a problem
au-nav-plan = Plan work
au-nav-approvals = Approvals
au-nav-audit = Audit log
au-nav-staff = Staff
au-nav-account = Your account

# Signing in and setting up
au-email = E-mail address
au-password = Password
au-code = One-time code
au-code-hint = The six digits in your authenticator app, or one of your recovery codes
au-set-up = Set up your account
au-set-up-steps = There are two steps: choose a password, then connect an authenticator app on your phone.
au-set-up-code = Set-up code
au-set-up-code-hint = It came to you by another way than the link
au-new-password = New password
au-new-password-hint = At least 12 characters. Three or four random words are easy to remember and hard to guess
au-new-password-again = New password again
au-set-up-app = Connect your authenticator app
au-set-up-app-help = Scan this code with an authenticator app. Then enter the six digits that it shows.
au-qr = QR code for your authenticator app
au-open-app = Open the app on this phone
au-type-secret = Or type this secret into the app:
au-app-code = Six digits from the app
au-set-up-done = Your account is ready
au-codes = Recovery codes
au-codes-help = Each code works once, when you do not have your phone. Print them or write them down now: they are not shown again.
au-codes-renew = Make new recovery codes
au-codes-renew-help = New recovery codes replace all old ones. Enter a one-time code to get them.

# Lists
au-open = Open now
au-drafts = Not public yet
au-over = Over
au-older = Older
au-untitled = Without a title yet
au-number = Incident { $n }
au-own = yours
au-nothing-waits = Nothing waits for approval.
au-updates = Updates
au-update-number = Update { $n }
au-public-page = Open the public page
au-to-incident = Back to the incident
au-state-draft = Draft
au-state-submitted = Waiting for approval
au-state-approved = Approved
au-state-rejected = Sent back
au-state-published = Published
au-purpose-correction = Correction
au-purpose-withdrawal = Withdrawal
au-written-by = Written by { $who }
au-submitted-by = Sent for approval by { $who }
au-approved-by = Approved by { $who }
au-published-alone = Published by one person in an emergency: { $reason }
au-sent-back = Sent back: { $reason }

# Broadcasts
au-broadcast = Messages
au-broadcast-sending = being sent
au-broadcast-paused = paused
au-broadcast-cancelled = cancelled
au-broadcast-done = all sent
au-channel = Channel
au-channel-page = Page and feeds
au-channel-sms = Text messages
au-channel-email = E-mail
au-channel-mastodon = Posts
au-count-audience = For
au-count-sent = Sent
au-count-delivered = Delivered
au-count-failed = Failed
au-count-unknown = Not certain
au-count-remaining = To come
au-order-pause = Pause
au-order-resume = Go on
au-order-cancel = Stop for good
au-order-retry-failed = Try failed ones again

# Writing
au-report = Report a problem
au-plan = Plan work
au-next-update = Write the next update
au-edit = Change the draft
au-correct = Correct the last update
au-withdraw = Withdraw as a false alarm
au-pick-help = Pick from the lists and both languages write themselves.
au-translate-help = Change the Welsh words. The English stands beside them.
au-reason = Reason
au-withdraw-hint = For the audit log. The incident stays readable and is marked as withdrawn
au-what-where = What and where
au-components-hint = Staff names; the public never sees them
au-propose = Propose services
au-speaker = Who speaks
au-speaker-hint = Its languages are the languages of the update
au-speaker-fixed = Settled when the incident was opened
au-more-areas = More areas that are affected
au-starts = Begins
au-ends = Ends
au-services-hint = Ticked: { $n }. Proposals come from the component map; untick what does not fit
au-status-hint = For all ticked services
au-status-each = Another status for a single service
au-status-same = As for all
au-how-bad = How bad, and where we are
au-sev-info = No effect on care
au-sev-minor = Slower, with a workaround
au-sev-moderate = Some services in one area; appointments go on
au-sev-serious = Appointments cancelled, or several services or areas
au-sev-critical = Emergency advice changes, or risk to life
au-next-in = { $time } (in { $wait })
au-next-at = Another time…
au-next-at-label = Another time
au-next-none = No time
au-certainty = How certain
au-stated-by = Who says so
au-no-needs-source = “No” needs the name of who says so
au-paper = Work on paper
au-on-paper = Staff work on paper, so there will be a backlog
au-advice-hint = Approved words. No more than three fit well in a text
au-where-to = Where it goes
au-channels-hint = Tick none to let the severity decide: from moderate by e-mail, from serious everywhere
au-words = Words
au-words-hint = { "{link}" } becomes the short link in texts and posts.
au-fill = Fill empty fields
au-refill = Write all fields anew
au-last-words = Last update: { $part }
au-before-you-send = Before you send
au-as-patient = As a patient sees it
au-page-in = Page, { $language }
au-mail-in = E-mail, { $language }
au-post-in = Post, { $language }
au-count-again = Count and check again
au-before-it-can-go = Before it can go
au-submit = Send for approval
au-save-draft = Save as a draft
au-cannot-save = We cannot save now. Nothing that you typed is lost: keep this page open and try again in a moment.

# Fields
au-field-title = Headline
au-field-know = What we know
au-field-unknown = What we do not know yet
au-field-doing = What we are doing
au-field-should = What you should do
au-field-more = When you will hear more
au-field-sms = Text message
au-field-post = Social post
au-field-subject = Subject of the e-mail
au-field-staff_note = Note for staff (never public)
au-field-components = What has failed
au-field-organisations = Affected areas
au-field-services = Services that this touches
au-field-severity = Severity
au-field-phase = Phase
au-field-cause = Cause
au-field-cyber = Cyber attack
au-field-data = Personal information
au-field-advice = Advice
au-field-channels = Beside the page and the feeds
au-field-next_update_by = Next update
au-field-other = This update

# What it will do
au-reach = Who this reaches
au-text-parts = Text parts
au-cost = Estimated cost
au-last-text = Last text handed over by
au-sms-count = { $encoding }, { $units } units, { $parts ->
    [one] { $parts } part
   *[other] { $parts } parts
}, { $room } left
au-sms-offenders = { $parts } parts, because of { $letters }: these letters leave 70 characters to a part. Without them it would be { $without }.
au-sms-too-long = { $parts } parts are too many; { $most } at most. Shorten it
au-check-fine = Done
au-check-open = Still open
au-check-languages = Both languages, with the same advice
au-check-next = The time of the next update is set
au-check-services = Services are picked
au-check-texts = Texts are short enough
au-check-second = A second person must approve
au-check-holding = Approved words of a mild update: one person may publish

# Deciding
au-review = Read and decide
au-where = Where
au-who = Who
au-texts = The texts
au-what-changed = What changed since the last update
au-first-update = This is the first update.
au-nothing-changed = The words are the same.
au-decide = Decide
au-own-text = You wrote this or sent it, so somebody else must approve it.
au-send-back = Send back
au-send-back-reason = What should be changed
au-holding-help = These words were approved beforehand. You may publish them alone.
au-alone = Publish alone in an emergency…
au-alone-help = Only when waiting would do harm. Your reason is kept in the audit log, and a missing language is announced on the page.
au-alone-reason = Reason
au-alone-button = Publish alone now

# The audit log
au-audit-help = Nothing here can be changed: each line carries a hash over itself and the line before.
au-audit-number = Line
au-audit-when = When
au-audit-what = What
au-audit-details = Details
au-audit-hash = Hash

# Staff
au-name = Name
au-role = Role
au-role-of = Role of { $who }
au-role-author = Author
au-role-translator = Translator
au-role-approver = Approver
au-role-admin = Administrator
au-organisation = Speaks for
au-all-organisations = All organisations
au-not-set-up = not set up yet
au-inactive = may not sign in
au-deactivate = End access
au-invite = Invite somebody
au-invited = The account is made
au-invited-help = Send link and code by different ways. They are not shown again.
au-invited-link = Set-up link

# What the last click did
au-done-saved = The draft is saved
au-done-submitted = Sent for approval
au-done-approved = Approved
au-done-rejected = Sent back
au-done-published = Published
au-done-paused = The messages are paused
au-done-resumed = The messages go on
au-done-cancelled = The messages are stopped
au-done-retried = Failed messages are tried again
au-done-changed = The account is changed
au-done-signed-out = You are signed out
au-done-set-up = Your account is ready. Sign in

# What went wrong
error-role = Your role does not allow this.
error-scope = This token is not for that.
error-other-organisation = Your account speaks for another organisation.
error-own-account = You cannot change your own account. Ask another administrator.
error-own-text = You wrote this or sent it, so somebody else must approve it.
error-translator-welsh-only = Translators change the Welsh words only.
error-token-wrong = The token is not one of ours, or has been taken back.
error-sign-in-wrong = The e-mail address, password or code is not correct.
error-set-up-wrong = The link or the code is not correct, or too old. Ask for a new one.
error-approval-stale = What would be shown or sent has changed since. Read it again before you decide.
error-not-approved = Another person must approve this first.
error-not-submitted = This does not wait for approval. It may have been changed since.
error-already-approved = This is approved already.
error-revision-published = This is public already. Write a correction or the next update.
error-not-newest = Only the newest public update can be corrected.
error-not-public = This is not public.
error-broadcast-over = These messages cannot be held or stopped any more.
error-idempotency-mismatch = This was sent before with other content. What was sent first is saved: open it and change it there.
error-idempotency-busy = The same request is being answered right now.
error-if-match-missing = Send the hash of the revision that you know as If-Match.
invalid-unusable = This cannot be read
invalid-unknown-field = There is no such field
invalid-unknown-key = This is not in the list
invalid-repeated-key = This is there twice
invalid-too-many = These are too many
invalid-staff-only = This is for staff alone and may not be published
invalid-source-missing = Name who says so
invalid-phase-not-next = This phase cannot follow the last one
invalid-phase-wrong-kind = This phase does not belong to this kind of incident
invalid-backlog-unspoken = Work went to paper: publish a catching-up update before you say that it is over
invalid-next-update-missing = Say when people will hear more
invalid-language-missing = The words are missing in this language
invalid-numbers-differ = Numbers, times or links differ between the languages
invalid-advice-differs = The advice differs between the languages
invalid-letters-refused = Remove the invisible characters. Copying from another program can bring them in
invalid-too-many-parts = The text message has too many parts. Shorten it
invalid-before-start = The end must be after the beginning
invalid-speaker-fixed = Who speaks was settled when the incident was opened
invalid-password-short = Use at least 12 characters
invalid-passwords-differ = The two passwords are not the same
invalid-code-wrong = The code is not correct. A code works once
invalid-sign-in-wrong = The e-mail address, password or code is not correct. A code works once
invalid-sign-in-too-often = Too many tries. Wait 15 minutes
invalid-set-up-wrong = The link or the code is not correct, or too old. Ask for a new one
