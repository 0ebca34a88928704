# The glossary: short words used all over, checked by a translator as one list.

# Site
site-title = NHS Wales service status

# Navigation
nav-current = Current problems
nav-maintenance = Planned work
nav-history = Past incidents
nav-services = All services
nav-areas = Choose your area
nav-subscribe = Get alerts
nav-manage = Manage your alerts
nav-contact = Contact us
nav-skip = Skip to main content
nav-language = Language
nav-lang-cy = Cymraeg
nav-lang-en = English

# State of everything
head-all-ok = All services are working normally
head-some = Some services have problems
head-serious = Serious problem affecting services

# Service statuses
st-operational = Working normally
st-degraded = Slower than usual
st-partial = Partly working
st-outage = Not working
st-unavailable = Not available
st-maintenance = Planned work under way
st-recovering = Catching up
st-unknown = No information
st-system = Computer system
st-care = Service to patients

# Phases
ph-investigating = We are looking into it
ph-identified = We have found the problem
ph-fixing = We are fixing it
ph-monitoring = Working again – we are checking
ph-recovering = Working, but with a backlog
ph-resolved = Resolved
ph-reopened = Reopened
ph-withdrawn = Withdrawn
ph-corrected = Corrected
ph-review = What happened and why

# Severities
sev-info = Notice
sev-minor = Minor
sev-moderate = Moderate
sev-serious = Serious
sev-critical = Critical

# Times
time-updated = Last updated
time-published = First published
time-started = Started
time-ended = Ended
time-next = Next update by
time-late = This update is late
time-duration = Lasted

# Incident
inc-incident = Incident
inc-update = Update
inc-timeline = What has happened so far
inc-affected-services = Affected services
inc-affected-areas = Affected areas
inc-related = Related
inc-not-related = Not related
inc-we-know = What we know
inc-we-dont-know = What we do not know yet
inc-we-are-doing = What we are doing
inc-you-should = What you should do
inc-urgent = If you need urgent help
inc-emergency = In an emergency
inc-share = Share this page

# Advice
adv-999 = Call 999 if it is a life-threatening emergency
adv-111 = For urgent advice call 111

# Alerts
sub-title = Get alerts about NHS services
sub-text-msg = Text message
sub-how = How do you want to hear from us?
sub-areas = Which areas?
sub-only-serious = Only send me serious problems
sub-language-q = Which language do you want?
sub-mobile = Mobile phone number
sub-email-addr = E-mail address
sub-code-title = Enter the code we sent you
sub-code = Verification code
sub-resend = Send a new code
sub-confirmed = You are subscribed
sub-stopped = You have left. We will not contact you again
sub-free = Free. You can stop at any time
sub-no-advice = We cannot reply to messages or give medical advice

# Forms
form-continue = Continue
form-save = Save
form-select = Choose one option
form-select-many = Choose all that apply

# Errors
err-summary = There is a problem
err-prefix = Error:
err-mobile = Enter a UK mobile number, like 07700 900 982
err-email = Enter an e-mail address in the correct format, like name@example.com
err-code-wrong = The code is not correct
err-code-old = The code has ended. Ask for a new one
err-too-many = Too many tries. Wait { count-minutes }
err-blank = Enter an answer

# Footer
ft-a11y = Accessibility statement
ft-cookies = Cookies
ft-privacy = Privacy notice

# Privacy
pr-what = What we hold about you
pr-why = We use your number only to send these alerts
pr-howlong = How long we keep it
pr-basis = It is needed for a task in the public interest

# Welsh language
wl-welcome = We welcome contact in Welsh. It will not cause delay

# For screen readers
a11y-important = Important:
a11y-information = Information:
a11y-success = Success

# Staff
staff-approve = Approve
staff-publish = Publish now
staff-sign-in = Sign in
staff-sign-out = Sign out
staff-audit = Audit log
