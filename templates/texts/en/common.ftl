app-name = Cloud Supermarket
app-name-work = Cloud Supermarket · Work
city-app-name = Yunchuan Government Services
city-services = Yunchuan City
skip-to-content = Skip to content

nav-main = Main
nav-home = Home
nav-items = Services
nav-progress = Progress
nav-my = My cases
nav-login = Log in
nav-logout = Log out
nav-hall-desk = Window
nav-hall-declare = Declare for a visitor
nav-approval-desk = Approvals
nav-supervise = Supervision
nav-admin = Administration

foot-hotline = Service hotline
foot-hotline-hours = Working days 8:30–17:30
foot-nav = Footer
foot-halls = Service halls
foot-staff = Staff entrance
foot-invented = Demonstration: Yunchuan is an invented city, nothing real is handled here.

dialog-confirm = Please confirm
dialog-no = Cancel
dialog-yes = Yes
dialog-close = Got it
dialog-session = You will be logged out soon
dialog-session-before = To protect your data you will be logged out in
dialog-session-after = .
dialog-session-stay = Stay logged in
keys-title = Keyboard shortcuts
keys-rows = Next row, previous row
keys-open = Open the chosen case
keys-search = Search
keys-help = This help

home-title = What would you like to get done?

not-found-title = There is no such page
not-found-text = The address may be mistyped, or the service has been withdrawn.
