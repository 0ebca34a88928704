# Signing up for messages, changing what was chosen, and leaving.

signup-what = We write only when NHS services have problems, and when these are over.
signup-email = E-mail
signup-mobile-hint = For text alerts. A UK mobile number, like 07700 900 982
signup-email-hint = For e-mail alerts. Like name@example.com
signup-how-much = How much do you want to hear?
signup-serious-hint = Without this you also hear about smaller problems and planned work
signup-code-sent = We have sent a text with a code of six digits. It can take a minute to arrive. If this number gets our alerts already, the text also has a link to change them.
signup-code-hint = Six digits. The code is good for ten minutes
signup-other-contact = Use another number or address
signup-mailed = Look in your mailbox
signup-mailed-text = We have sent an e-mail with a link. Press the button behind it to start your alerts. The link is good for a day. Look among your junk mail too.
signup-link = Start your alerts
signup-link-text = Press the button to start getting alerts by e-mail.
signup-link-button = Start my alerts
signup-done-subscribed = { sub-confirmed }
signup-done-subscribed-text = We have sent you a message to say so. You can change your choices or stop at any time.
signup-done-changed = Your choices are saved
signup-done-changed-text = They count from the next message.
signup-done-left = { sub-stopped }
signup-done-left-text = Your number or address is deleted. A message that is on its way already may still arrive.
signup-done-old = This link has ended
signup-done-old-text = Links are good for a day, and each works once. Sign up again to get a new one.
signup-manage-to = Alerts go to { $contact }.
signup-leave = Stop getting alerts
signup-leave-text = If you stop, we delete your number or address.
signup-leave-button = Stop my alerts
signup-stay = Keep getting alerts

invalid-signup-channel = Choose text messages or e-mail
invalid-signup-language = Choose the language of your alerts
invalid-signup-areas = Choose at least one area
invalid-signup-not-now = We cannot save this now. Nothing is lost: keep this page open and press the button again in a few minutes. In an emergency call 999
invalid-signup-busy = Too many people are using this form right now. Nothing is lost: wait a minute, then press the button again. In an emergency call 999
invalid-signup-too-often = We have sent as many messages as we may for now. Try again in an hour
invalid-signup-code-length = Enter the six digits of the code
invalid-signup-code-wrong = The code is not correct. Tries left: { $n }
invalid-signup-code-used-up = The code was wrong too often and does not work any more. Ask for a new one
error-signup-link = This link does not work any more. Sign up again to get a new one, or text STOP to stop text alerts.
error-busy = Too many people are using this page right now. Wait a minute, then try again.
error-copy = This is a copy of the page, for times when the original cannot be reached. You cannot sign up, change your alerts or stop them here. Alerts that you get already go on. To stop text alerts, text STOP.

# Texts. Letters of the GSM alphabet only.
signup-text-code = { $site }: your code is { $code }. Good for 10 minutes. If you did not ask for it, do nothing.
signup-text-code-known = { $site }: your code is { $code }. Good for 10 minutes. You get our alerts already. To change or stop them: { $link }
signup-text-welcome = { $site }: you will get our text alerts. Free. Text STOP to stop. To change your choices: { $link }

# Mails
signup-mail-subject = Start your alerts
signup-mail-confirm = Somebody, probably you, asked for e-mail alerts of { $site }. Press the button to start them.
signup-mail-button = Start my alerts
signup-mail-not-you = If it was not you, do nothing. You will not hear from us again.
signup-mail-copy = If the button does not work, copy this address into your browser:
signup-mail-known = You get our alerts already. To change or stop them:
signup-mail-welcome-subject = { sub-confirmed }
signup-mail-welcome = You will get e-mail alerts of { $site }. They are free.
signup-mail-manage = Change your choices
signup-mail-stop = To stop, press the same link, or the one at the end of any alert. We cannot reply to messages or give medical advice. In an emergency call 999.
