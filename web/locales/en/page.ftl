# The public pages.

page-nav-now = Now
page-nav-areas = Areas
page-web-feed = Web feed
page-unconfirmed = We have not been able to make sure of this information since { $at }. Something newer may have happened. In an emergency call 999.
page-demo-clock = The clock reads { $at }.

page-services = Services
page-all-services = All { $services }
page-services-affected = Affected at the moment: { $services }.
page-all-planned = All planned work
page-elsewhere = Problems at other organisations
page-just-over = Recently over
page-alerts = Get a message when something changes
page-alerts-text = Text JOIN to { $number }.
page-alerts-form = Choose text or e-mail alerts
page-back-home = What is happening now
page-where = Where

# Facts
page-cyber = Is it a cyber attack?
page-cyber-not-known = Not known yet
page-cyber-no = No
page-cyber-no-evidence = There is no sign of it so far
page-cyber-yes = Yes
page-data = Is personal information affected?
page-data-not-known = Not known yet
page-data-no = No
page-data-no-evidence = There is no sign of it so far
page-data-yes = Yes, please read below
page-says = says { $by }
page-cause = Cause
page-cause-suspected = suspected
page-cause-confirmed = confirmed
page-relation = Is it related to another incident?
page-speaker = Who says this
page-when = When
page-facts = At a glance
page-more = When you will hear more
page-next-was = The next update was due by { $by }.
page-from = From { $from }
page-from-until = From { $from } to { $until }

# How far we are
page-steps = How far we are
page-step-investigating = Looking into it
page-step-identified = Problem found
page-step-fixing = Fixing it
page-step-monitoring = Working again
page-step-recovering = Catching up
page-step-resolved = Over
page-step-done = done

# Phases of planned work
page-phase-scheduled = Planned
page-phase-in-progress = Under way now
page-phase-extended = Taking longer than planned
page-phase-completed = Done
page-phase-cancelled = Will not take place

# One incident
page-card-more = Everything we know, and what has happened so far ({ $updates })
page-withdrawn = This was a false alarm, and we have withdrawn it. What we said stays here for the record.
page-to-follow = The English text of this update will follow. Until then it is shown in Welsh.
page-other-to-follow = The Welsh text of this update will follow.
page-other-language-only = This organisation publishes in Welsh only.
page-is-correction = This corrects the update before it
page-see-correction = See the correction
page-newest-above = This update is at the top of the page

# One area
page-area-calm = No problems are reported for this area.
page-no-report = This organisation has not reported how its own services are affected yet. What follows is news that concerns it.

# Past and planned
page-months = By month
page-all-months = All months
page-no-history = There are no incidents to show.
page-ahead = Coming up
page-no-planned = No work is planned.
page-calendar = Planned work as a calendar

# New days, areas and totals
page-description = What works in the health service and what does not, what you should do, and when you will hear more. In Welsh and English.
page-head-planned = Planned work is under way. There are no other problems
page-boards-own = Organisations with news of their own: { $own } of { $all }. There is no report from the others yet.
page-own-news = own news
page-boards = What each organisation says
page-no-report-from = No report yet from
page-no-report-yet = No report from this organisation yet
page-area-own = What this organisation says
page-area-concerns = News from others that concerns this area
page-area-feed = Web feed of this area
page-fine-areas = Areas not reported as affected
page-fine-services = Services not reported as affected
page-worst-services = Services that were affected, each at its worst
page-service-calm = No problems are reported for this service.
page-newest = The newest update
page-beside = Other problems at the moment
page-beside-about = Nobody has said that these have to do with this problem. If that changes, an update will say so.
page-days = The last 90 days
page-days-fine = Working normally all day on { $fine } of the last { $days } days.
page-days-areas = Areas are counted together: a problem in one of them marks the day.
page-days-today = Today
page-days-table = Day by day
page-days-day = Day
page-days-worst = Worst status
page-month = Month
page-total-incidents = Incidents
page-total-serious = Serious or critical
page-not-over = Not over yet
page-total-withdrawn = False alarms
page-total-first-word = Half of them were on this page within
page-total-lasted = Half of them were over within
page-first-word = On this page after
page-all-reviews = What happened and why: all reviews
page-reviews-about = After an incident, we look into what happened and why, and publish it here.
page-no-reviews = There are no reviews to show.

# Passing a page on
page-share-address = Lasting address
page-share-short = Short address
page-share-mail = By e-mail
page-share-text = By text message
page-share-whatsapp = By WhatsApp
page-share-print = This page prints on A4 without menus. Use the print command of your browser.

# Where no page is
page-missing-not-found = Page not found
page-missing-not-found-help = If you typed the web address, check it is correct. If you followed a link, the page may have another address now.
page-missing-method = This page can only be read
page-missing-method-help = What was sent to this address cannot be used here.
page-missing-starting = Sorry, this page is not available yet
page-missing-starting-help = Try again in a few seconds. In an emergency call 999.

# Accessibility statement
page-a11y-intro = We want everybody to be able to use this site, also on an old phone, with a slow connection, or with a screen reader.
page-a11y-can = What you can do
page-a11y-can-zoom = Zoom in up to 400% without scrolling sideways
page-a11y-can-keyboard = Use the whole site with a keyboard or by voice
page-a11y-can-reader = Listen to it with a screen reader, in Welsh and in English
page-a11y-can-script = Use it without JavaScript, and print every page
page-a11y-can-colour = Understand every status without seeing colours: each has a word and a shape
page-a11y-status = How accessible this site is
page-a11y-status-text = This site is partly compliant with the Web Content Accessibility Guidelines 2.2, level AA: it has been tested with automatic tools, and an audit by people is still to come.
page-a11y-known = What does not work well yet
page-a11y-known-text = Nobody who uses a screen reader or other assistive technology every day has tested this site yet. Where an organisation publishes in one language only, its words are shown in that language on both pages, and marked so that a screen reader speaks them rightly.
page-a11y-help = If something does not work for you
page-a11y-help-contact = Write to { $contact } and tell us what you need. We will answer within five working days.
page-a11y-help-text = Tell the organisation that runs this site what you need.
page-a11y-enforcement = If you are not happy with our answer
page-a11y-enforcement-text = The Equality and Human Rights Commission enforces the accessibility regulations of 2018. Contact the Equality Advisory and Support Service.
page-a11y-prepared = This statement was prepared on { $day }, when the site was last tested.

# Privacy notice
page-privacy-reading = You can read everything here without telling us who you are. We do not follow what you do.
page-privacy-what = If you ask for alerts: your mobile number or e-mail address, the language and areas that you chose, and when you agreed. We do not ask for your name, and we hold nothing about your health.
page-privacy-why = Why we use it
page-privacy-howlong = Until you stop. Sign-ups that were not completed are deleted within a day. Your number is stored encrypted.
page-privacy-stop = How to stop
page-privacy-stop-text = Text STOP, or use the link in any message. We delete your number or address at once.
page-privacy-rights = Your rights
page-privacy-rights-text = You can ask to see what we hold about you, and to have it corrected or deleted. You can complain to the Information Commissioner's Office.
page-privacy-cookies = The public pages of this site use no cookies.
page-privacy-contact = Questions about your information: { $contact }.
page-privacy-contact-none = The organisation that runs this site answers for your information.
