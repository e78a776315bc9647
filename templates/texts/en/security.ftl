nav-security = Authority
sec-staff = Rights of staff
sec-staff-lead = System administrators make accounts; here it is decided what each person may do, and where.
sec-roles = Roles
sec-roles-lead = Rights are given by role. A role belongs to one realm; the three kinds of administrator stand apart, and none does business.
sec-requests = Second person
sec-requests-lead = An administrator's rights, and what a role in use allows, change when one security administrator has asked and another has confirmed.
sec-waiting = { $n ->
    [one] One change waits for a second person.
   *[other] { $n } changes wait for a second person.
}
sec-waiting-see = See it
sec-waits = A change here waits for another security administrator.
sec-bare = Without rights only
sec-reach = Reach
sec-everywhere = Whole city
sec-area = Area
sec-area-hint = For supervision alone: cases of departments in this area
sec-area-all = Whole city
sec-may = What they may do, and why
sec-may-what = Permission
sec-may-why = Because of
sec-may-now = Usable now?
sec-may-yes = Yes
sec-may-nothing = No rights yet: after logging in there is this page alone.
sec-over = over
sec-until = until
sec-given-by = given by { $name }
sec-given-platform = given by the platform
sec-rights = My rights
sec-rights-ask = If something is missing or wrong, ask your security administrator.
sec-own = This is your own account: another security administrator has to change its rights.
sec-give = Save rights
sec-give-sure = This takes effect at once and ends this person's sessions on all devices; what touches an administrator waits for another security administrator. Save?
sec-roles-hint = Nobody holds roles of two realms; without a date a role has no end
sec-reason = Reason
sec-reason-hint = Needed when an administrator's role is given or taken; whoever confirms it reads it
sec-role = Role
sec-role-new = New role
sec-role-code = Code
sec-role-code-hint = 2 to 40 lower-case letters, digits and hyphens; cannot be changed later
sec-role-may = What it allows
sec-role-holders = Held by
sec-holders-n = { $n ->
    [one] held by one person
   *[other] held by { $n } people
}
sec-role-reason-hint = Needed when what a held or an administrator's role allows changes; whoever confirms it reads it
sec-role-remove = Remove role
sec-role-remove-sure = This cannot be undone. Remove the role?
sec-name-zh = Name (Chinese)
sec-name-en = Name (English)
sec-note-zh = Note (Chinese)
sec-note-en = Note (English)
sec-realm = Realm
sec-realm-hint = All of one realm; the realm cannot be changed later
sec-built-in = built in
sec-built-in-text = Built-in roles cannot be changed. Define a new role for another combination.
sec-requests-none = Nothing waits for a second person
sec-decided = Decided
sec-before = Before
sec-after = After
sec-asked-by = Asked by
sec-lapses = Valid until
sec-confirm = Confirm
sec-confirm-sure = This takes effect at once and is recorded. Confirm?
sec-refuse = Refuse
sec-refuse-sure = The change will not take place. Refuse?
sec-withdraw = Withdraw
sec-withdraw-sure = The change will not take place. Withdraw?
sec-own-request = You asked for this; another security administrator has to confirm it.

realm-business = Business
realm-system = System administration
realm-security = Security administration
realm-audit = Audit administration

permission-window = Window
permission-handle = Handle
permission-review = Review
permission-approve = Approve
permission-write = Write items
permission-publish = Review items
permission-supervise = Supervise
permission-accounts = Accounts
permission-offices = Offices
permission-operate = Running
permission-authorise = Give rights
permission-audit = Audit
permission-text-window = Pre-accepts, receives, accepts; declares at the window
permission-text-handle = Looks at the materials and proposes an opinion
permission-text-review = Reviews the handler's opinion
permission-text-approve = Decides
permission-text-write = Writes and revises items and their forms
permission-text-publish = Reviews and publishes what others wrote
permission-text-supervise = Watches cases, time limits and the exchange
permission-text-accounts = Makes accounts, switches them off, resets passwords
permission-text-offices = Keeps departments, their systems and halls
permission-text-operate = Looks after exchange and jobs, sends again
permission-text-authorise = Defines roles, gives and takes rights
permission-text-audit = Reads and exports the audit log

kept-by-inactive = account switched off
kept-by-over = over
kept-by-no-hall = no hall chosen
kept-by-no-department = no department chosen

request-kind-grant = Rights of a person
request-kind-role = What a role allows
request-state-lapsed = lapsed
request-state-confirmed = confirmed
request-state-refused = refused
request-state-withdrawn = withdrawn

field-role-code-shape = 2 to 40 lower-case letters, digits and hyphens, and not "new"
field-role-name-shape = Enter a name of at most 40 characters
field-role-taken = Another role has this code; choose another
field-role-unknown = A role is not there any more; reload and choose again
field-role-realm = A role cannot change its realm; define a new one
field-permissions-none = Choose at least one permission
field-permissions-mixed = Choose permissions of one realm only
field-roles-mixed = Business, system, security and audit roles cannot be held by one person
field-administrator-placed = Administrators have no hall, department or area; choose none
field-until-past = The last day cannot be before today
field-until-day = Write the day as year-month-day, such as 2026-12-31
field-area-unknown = There is no such area; choose again
field-request-reason = Give a reason, at most 500 characters
error-role-built-in = Built-in roles cannot be changed or removed; define a new one.
error-role-held = { $count ->
    [one] One person still holds this role; take it back first.
   *[other] { $count } people still hold this role; take it back first.
}
error-request-open = A change waits here already; wait for it, or withdraw it first.
error-request-decided = This was decided already; reload to see it.
error-request-lapsed = This has lapsed; ask for it again.
error-request-own = What you asked for, or what is about yourself, another security administrator has to confirm.
error-request-others = Only who asked for it may withdraw it.
error-request-stale = The situation has changed and this cannot be done as asked; refuse it, or have it withdrawn, and ask again.
error-second-missing = There is no second security administrator to confirm it. Whoever runs the server adds one with: cloudmart staff grant.
error-own-account = You cannot switch off your own account; another system administrator does.
done-grant-saved = Rights saved, in effect now
done-role-saved = Role saved
done-role-removed = Role removed
done-request-asked = Sent for confirmation; it takes effect when another security administrator confirms
done-request-confirmed = Confirmed; the change is in effect
done-request-refused = Refused; the change does not take place
done-request-withdrawn = Withdrawn
