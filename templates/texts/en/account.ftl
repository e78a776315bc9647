login-title = Log in
login-name = Mobile or ID number
login-act = Log in
login-busy = One moment…
login-to-register = No account yet? Register
login-help = Need a hand? Bring your ID card to any service hall and the staff will help you.
error-login-wrong = The name or the password is wrong. Please check both; without an account, register first.
error-too-many-tries = Too many tries. Please wait { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} and try again.

register-title = Register
register-lead = First an account, then one check of who you are; it holds for the whole city.
register-reach = How to reach you
register-phone-hint = You log in with it
register-password = Choose a password
register-agree = I have read and accept the terms of service and the rules on personal data above
register-act = Accept and register
register-busy = Registering…
register-to-login = I have an account
field-login-name-missing = Enter your mobile or ID number
field-password-missing = Enter your password
field-staff-name-missing = Enter your staff login name
field-phone-known = This number may already be registered: log in instead, or use another number
field-agree-required = Please read and accept the terms first
field-password-short = A password has at least 8 characters
field-password-long = A password has at most 128 characters
field-password-common = This password is too common or easily guessed; a few unrelated words make a good one
field-password-differs = The two passwords differ
field-password-wrong = The password is wrong; please type it again
field-old-password-wrong = The old password is wrong; please type it again
field-old-password-missing = Enter your old password

terms-title = Terms of service and rules on personal data
terms-purpose = The account serves to declare government services online, to follow them and to receive results, and nothing else.
terms-data = We keep your mobile number, mail and postal address and, once verified, your name and ID number. All are stored encrypted and handed only to the department that handles what you declare; every act of the staff is recorded.
terms-true = What you submit has to be true. False materials have legal consequences (Administrative Licensing Law, articles 78 and 79).
terms-end = The account is yours alone. If somebody else uses it, change the password and end the sessions on other devices at once.

account-title = My account
account-who = Who you are
account-to-verify = Verify my identity
account-not-verified = shown once verified
account-level = Level of assurance
account-phone = Mobile number
account-phone-hint = You log in with it; after a change you have to be verified again
account-email = E-mail
account-email-hint = News of your cases goes there
account-address = Address
account-address-hint = Filled into your declarations
account-reach = How to reach you
account-save = Save
account-password = Password
account-password-hint = At least 8 characters: letters, digits, spaces, anything
account-repeated = The password again
account-current = Current password
account-current-hint = Only needed to change the mobile number
account-old = Old password
account-new = New password
account-change-password = Change password
account-others-end = Sessions on other devices end with the change

level-0 = Not verified
level-1 = Level 1: name and ID number match
level-2 = Level 2: name, ID number and mobile match
level-3 = Level 3: face checked
level-4 = Level 4: checked in person at a window
level-text-0 = You can read guides and check progress. To declare online, verify your identity first; it takes a minute.
level-text-1 = You can declare services that ask for name and ID number only; others need the mobile number checked too.
level-text-2 = You can declare most services online; for the few that need you in person, come to a window.
level-text-3 = You can declare online the services that only you yourself may declare.
level-text-4 = You can use every service.

evidence-title = Checks so far
evidence-kind-name_id = Name and ID number
evidence-kind-name_id_phone = Name, ID number and mobile
evidence-kind-face = Face
evidence-kind-window_card = ID card at a window
evidence-counts = Valid
evidence-ended = Ended
evidence-until = valid until
evidence-result-mismatch = No match
evidence-result-unknown = Number not found
evidence-result-deceased = Record not in order
evidence-result-taken = Belongs to another account
evidence-result-stale = Mobile was changed

devices-title = Where you are logged in
devices-text = If you do not know a device, end its session and change your password.
devices-unknown = Unknown browser
devices-this = This device
devices-since = since
devices-seen = last used
devices-end = End
devices-end-others = End all others

verify-title = Verify your identity
verify-lead = Name, ID number and mobile are compared once with the official records; you need not type them again.
verify-name = Name
verify-name-hint = As on the ID card
verify-number = ID number
verify-number-hint = 18 characters, the last may be X
verify-phone-hint = It should be registered in your own name.
verify-phone-change = Use another number
verify-act = Verify
verify-busy = Verifying…
verify-later = Later
verify-left = { $n ->
    [one] One try left today
   *[other] { $n } tries left today
}
verify-none-left = No tries left today. Come back tomorrow, or bring your ID card to any service hall.
verify-done = Your identity is verified
verify-on = Continue
verify-why = Why, and what is checked?
verify-why-text = Online as at a window, the office has to know that it is you; verified name and number are filled in for you, and no copies of your card are needed.
verify-why-data = Only name, ID number and mobile go to the verifier; only its result and reference are kept.
verify-refused-mismatch = The three do not belong together
verify-next-mismatch = Please check name and ID number; the mobile has to be registered in your own name. If all is right, bring your ID card to any service hall.
verify-refused-unknown = This ID number was not found
verify-next-unknown = Please compare every digit. After a move or a change of number the records may be behind: bring your ID card to any service hall.
verify-refused-deceased = The record of this ID number is not in order, so it cannot be verified online
verify-next-deceased = If the record is wrong, have it corrected at your police station with ID card and household book, or ask at any service hall.
verify-refused-taken = This ID number belongs to another account
verify-next-taken = Please log in with that account. If it is not yours, bring your ID card to any service hall.
verify-refused-stale = The mobile number was changed meanwhile
verify-next-stale = Please verify once more with the new number.
error-verifier-off = Online verification is switched off for now. Bring your ID card to any service hall; what you typed is still below.
error-verifier-busy = Many people are being verified. Please press “Verify” again in a minute or two; what you typed is still below, and this try does not count.
error-verifier-down = The verifier does not answer. Please press “Verify” again in a few minutes; what you typed is still below, and this try does not count.
error-verifier-rubbish = The verifier's answer was incomplete. Please press “Verify” again in a few minutes; what you typed is still below, and this try does not count.
field-name-shape = Enter the name on your ID card: 2 to 50 characters, no digits or signs
field-id-number-other = This account was verified with another ID number. An account belongs to one person: register another for somebody else

staff-login-title = Staff login
staff-login-lead = For windows, approvals, supervision and administration
staff-login-name = Staff login name
staff-login-citizens = Login for citizens
staff-login-help = Without an account or password, ask your office's administrator.
error-staff-login-wrong = The name or the password is wrong, or the account is switched off. Check both, or ask your administrator.

done-logged-out = You are logged out
done-registered = You are registered; next, verify your identity
done-verified = Your identity is verified
done-contact-saved = Saved
done-phone-changed = The mobile number was changed; please verify your identity again
done-password-changed = The password was changed and other devices are logged out
done-session-ended = That device is logged out
done-sessions-ended = All other devices are logged out
