# The glossary: short words used all over, checked by a translator as one list.

# Site
site-title = NHS Wales service status
site-home = Home

# Navigation
nav-current = Current problems
nav-maintenance = Planned work
nav-history = Past incidents
nav-services = All services
nav-areas = Choose your area
nav-subscribe = Get alerts
nav-manage = Manage your alerts
nav-help = Help
nav-contact = Contact us
nav-menu = Menu
nav-search = Search
nav-skip = Skip to main content
nav-language = Language
nav-lang-cy = Cymraeg
nav-lang-en = English
nav-back = Back
nav-next = Next page
nav-prev = Previous page
nav-top = Back to top

# State of everything
head-all-ok = All services are working normally
head-some = Some services have problems
head-serious = Serious problem affecting services
head-no-report = No report from this health board yet

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

# Declarations
dec-bci = Business continuity incident
dec-critical = Critical incident
dec-major = Major incident

# Causes
cause-unknown = We do not know the cause yet
cause-network = Network problem
cause-dc = Data centre problem
cause-power = Power problem
cause-technical = Technical fault
cause-supplier = Problem with a supplier
cause-update = Software update
cause-change = A change that went wrong
cause-demand = Very high demand
cause-weather = Bad weather
cause-cyber = Cyber attack
cause-not-cyber = This is not a cyber attack

# Personal information
data-none = We have no evidence that personal information was affected

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
inc-not-affected = Not affected
inc-we-know = What we know
inc-we-dont-know = What we do not know yet
inc-we-are-doing = What we are doing
inc-you-should = What you should do
inc-appointments = If you have an appointment
inc-prescriptions = Your medicines
inc-urgent = If you need urgent help
inc-emergency = In an emergency
inc-for-staff = For GPs and health staff
inc-for-media = For the media
inc-share = Share this page
inc-print = Print this page
inc-related = Related incidents

# Advice
adv-keep = Keep your appointment unless we contact you
adv-cancelled = If we cancel your appointment, we will send a new date
adv-no-need-call = You do not need to call us
adv-ae = Go to A&E only for a serious or life-threatening condition
adv-999 = Call 999 if it is a life-threatening emergency
adv-111 = For urgent advice call 111
adv-111web = Check symptoms on the NHS 111 Wales website
adv-pharmacy = Ask a pharmacist for help with minor illness
adv-repeat = Order repeat prescriptions as normal
adv-bring = Bring your letter and a list of your medicines
adv-cant-call = We may not be able to phone you. Please check this page
adv-sorry = We are sorry for the disruption
adv-sorry-formal = We apologise for any inconvenience
adv-thanks = Thank you for your patience

# Alerts
sub-title = Get alerts about NHS services
sub-subscribe = Subscribe
sub-unsubscribe = Unsubscribe
sub-text = Text alerts
sub-text-msg = Text message
sub-email = E-mail alerts
sub-feed = Web feed (RSS)
sub-how = How do you want to hear from us?
sub-areas = Which areas?
sub-services = Which services?
sub-only-serious = Only send me serious problems
sub-quiet = Do not text me at night
sub-language-q = Which language do you want?
sub-both = Both
sub-mobile = Mobile phone number
sub-email-addr = E-mail address
sub-by-text = Or text JOIN to { $number }
sub-keyword-stop = STOP
sub-keyword-help = HELP
sub-code-title = Enter the code we sent you
sub-code = Verification code
sub-resend = Send a new code
sub-code-expires = The code ends in { count-minutes }
sub-confirmed = You are subscribed
sub-stopped = You have left. We will not contact you again
sub-free = Free. You can stop at any time
sub-no-advice = We cannot reply to messages or give medical advice
sub-delete = Delete my details

# Forms
form-continue = Continue
form-save = Save
form-cancel = Cancel
form-change = Change
form-remove = Remove
form-optional = (optional)
form-check = Check your answers
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
err-404 = Page not found
err-404-help = If you typed the web address, check it is correct
err-500 = Sorry, there is a problem with this page
err-503 = Sorry, this page is not available
err-later = Try again later

# Footer
ft-a11y = Accessibility statement
ft-cookies = Cookies
ft-privacy = Privacy notice
ft-terms = Terms of use
ft-complaints = Complaints
ft-feedback = Feedback

# Cookies
ck-none = This site uses only the cookies it needs to work
ck-essential = Essential cookies

# Privacy
pr-what = What we hold about you
pr-why = We use your number only to send these alerts
pr-howlong = How long we keep it
pr-basis = It is needed for a task in the public interest

# Welsh language
wl-notice = This page is also available in Welsh
wl-welcome = We welcome contact in Welsh. It will not cause delay
wl-pending = The Welsh version is being prepared
wl-english-only = This quote is in English only

# For screen readers
a11y-important = Important:
a11y-information = Information:
a11y-urgent = Urgent advice:
a11y-nonurgent = Non-urgent advice:
a11y-immediate = Immediate action required:
a11y-success = Success
a11y-opens-new = opens in a new tab

# Staff
staff-draft = Draft
staff-approve = Approve
staff-publish = Publish now
staff-translate = Needs translation
staff-preview = Preview
staff-sign-in = Sign in
staff-sign-out = Sign out
staff-template = Template
staff-audit = Audit log

# Embedded on other sites
embed-title = NHS service alert

# Planned work
mnt-scheduled = Planned work from { $a } to { $b }
mnt-essential = Because of essential maintenance
