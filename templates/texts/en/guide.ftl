crumbs = You are here

home-lead = { $n } government services of Yunchuan in one place
home-examples = For example
home-example-1 = open a restaurant
home-example-2 = passport
home-example-3 = social security card
home-example-4 = buy a flat
home-popular = Common services
home-for-whom = For whom
home-none = The catalogue has not been loaded yet. Please come back later.
home-progress = Check progress
home-progress-no = Receipt or case number
home-progress-no-hint = On the page after submitting, in our mails, and on the acceptance notice
home-progress-code = Query code
home-progress-code-hint = The code you were given when you submitted
home-progress-go = Check
home-login-text = Log in to apply online, keep drafts, answer corrections and download results. Guides and progress need no login.
home-register = Register
home-my-text = See your drafts, cases and results.
home-staff-text = You are logged in as staff.
home-themes-person = For individuals, by theme
home-themes-enterprise = For enterprises, by theme
home-numbers = What you can do here
home-count-items = government services
home-count-no-visit = need no visit
home-count-departments = departments
home-count-halls = service halls

items-title = Services
items-all = All services
items-found = Results for “{ $q }”
items-total = { $n ->
    [one] { $n } service
   *[other] { $n } services
}
items-search = Search
items-suggest = Services that fit
items-search-label = Search services
items-search-hint = What do you need? e.g. open a restaurant
items-filter = Filter
items-filter-go = Apply filters
items-for-all = Anyone
items-for-person = Individuals
items-for-enterprise = Enterprises and organisations
items-by-way = How it is done
items-by-dep = Department
items-by-theme-person = Themes for individuals
items-by-theme-enterprise = Themes for enterprises
items-by-type = Kind of service
items-no-visit = No visit needed
items-take-away = remove this filter
items-take-away-all = Clear all filters
items-none = No service fits
items-none-chosen = { $n ->
    [one] One service fits without the filters.
   *[other] { $n } services fit without the filters.
}
items-none-text = Try other words, such as the plain name of what you need, or call 0980-12345 and we will find it for you.
items-instead = You may be looking for
items-pages = Pages
items-previous = Previous
items-next = Next

guide-unit-working = { $n ->
    [one] working day
   *[other] working days
}
guide-unit-calendar = { $n ->
    [one] day
   *[other] days
}
guide-unit-visits = { $n ->
    [one] visit
   *[other] visits
}
guide-unit-materials = { $n ->
    [one] document
   *[other] documents
}
guide-at-once = On the spot
guide-online = Online
guide-at-window = At a counter
guide-no-visit = No visit
guide-visits = { $n ->
    [one] 1 visit
   *[other] { $n } visits
}
guide-promised = Promised
guide-legal = Legal limit
guide-declare = Apply online
guide-read = Guide
guide-print = Print
guide-copy = Copy link
guide-copied = Copied
guide-toc = On this page
guide-time-label = done at once with complete documents
guide-visits-label = in person
guide-materials-label = to prepare
guide-free = Free
guide-charged = Fee
guide-cost = Cost
guide-can = Can I apply?
guide-for = Open to
guide-conditions = You can apply when all of these are true:
guide-need = What do I need?
guide-need-total = { $n ->
    [one] 1 document
   *[other] { $n } documents
}
guide-need-none = No documents are needed.
guide-needed = Required
guide-needed-at-times = In some cases
guide-originals = { $n ->
    [one] 1 original
   *[other] { $n } originals
}
guide-copies = { $n ->
    [one] 1 copy
   *[other] { $n } copies
}
guide-licence = Electronic licence accepted
guide-licence-text = If you hold this electronic licence, it can stand in for the document:
guide-prepare = How to prepare it
guide-standard = What we check:
guide-formats = Online: { $formats }, at most { $mb } MB a file.
guide-blank = Blank form
guide-sample = Sample
guide-time = How long does it take?
guide-time-at-once = Done on the spot when the documents are complete and in proper form.
guide-time-text = Counted from the day after acceptance; time for corrections, public notice or hearings is not counted, as the law says. We answer within 5 working days whether your application is accepted; without an answer it counts as accepted.
guide-same-day = the same day
guide-by-window = Counter clerk
guide-by-handle = Handling officer
guide-by-review = Reviewer
guide-by-approve = Approver
guide-by-make = Licence desk
guide-by-deliver = Delivery
guide-by-office = Department
guide-free-text = Free of charge. If anybody asks you for money for this service, report it: { $phone }.
guide-where = Where?
guide-where-online = Entirely online, without a visit; or at any of the halls below.
guide-where-visits = { $n ->
    [one] Apply online and come once in person; or go straight to any of the halls below.
   *[other] Apply online and come { $n } times in person; or go straight to any of the halls below.
}
guide-where-window = This service is handled at the counters of the halls.
guide-identity-0 = Declaring online asks for no verification.
guide-identity-1 = Handing in asks for level 1 (name and ID number).
guide-identity-2 = Handing in asks for level 2 (the ID card and two more things, such as phone and social-security card).
guide-identity-3 = Handing in asks for level 3 (your face).
guide-identity-4 = Handing in asks for level 4 (a visit to a window).
guide-identity-fresh = You show your face within 30 minutes before handing in.
guide-identity-steps = The level of each step
guide-appointment = Appointments
guide-payment = Online payment
guide-delivery = Result by mail
guide-terminal = Self-service machine
guide-result = What do I get?
guide-validity = Valid:
guide-department = Decided by
guide-faq = Questions
guide-law = Law and remedies
guide-law-language = The laws are cited in Chinese, the language in which they are binding.
guide-remedy = If you disagree with the decision
guide-code = Implementing code
guide-basic-code = Basic code
guide-level = Level of exercise
guide-depth = Online depth
guide-version = Guide version
guide-link = Address
guide-ready = Everything ready?
guide-ready-text = You can save a draft at any time and go on from another device.
guide-consult = Enquiries
guide-complain = Complaints
guide-related = Related services
guide-quota = Limit in number:
guide-material-basis = Basis:
guide-agencies = Intermediary services that come first
guide-agencies-text = Given by qualified firms of your own choice; the authority may not name one.
guide-specials = Special procedures
guide-specials-text = Only when needed. Their time does not count towards the limit; you are told when one begins and ends.
guide-special-by-law = As long as the law says
guide-reduction = Reductions:
guide-mail-in = Materials by mail
guide-elsewhere = You can also use the department's own site:
guide-places = Other places
guide-result-sample = See a sample
guide-office = Office in charge
guide-joint = Departments that take part
guide-rights = Your rights
guide-duties = Your duties
guide-powers = Division of powers
guide-exercise = What is done at this level
guide-handling-code = Handling code
guide-local-code = Local code

halls-lead = One city, one counter: each hall receives, accepts and hands out as it is authorised to, so you need not go from office to office.
halls-none = No hall is open now
halls-level-city = City
halls-level-district = District
halls-level-street = Subdistrict or town
halls-level-community = Community or village
halls-windows = { $n ->
    [one] 1 counter
   *[other] { $n } counters
}
halls-phone = Phone
halls-call = Call
halls-map = Open in maps
halls-about = Address and hours
halls-address = Address
halls-hours = Opening hours
halls-window-list = Counters
halls-window-no = No.
halls-window-name = Name
halls-window-kind = Kind
halls-window-comprehensive = General counter
halls-window-comprehensive-large = General counter (all departments)
halls-window-comprehensive-small = General counter (one field)
halls-window-single = Dedicated counter
halls-items = Services handled here
halls-items-text = Unless noted, everything is done here: receiving, checking, accepting and handing out.
halls-items-none = No services are granted to this hall now.
halls-may-receive = Receiving
halls-may-verify = Checking
halls-may-accept = Accepting
halls-may-hand_out = Handing out
mode-online = Wholly online
mode-nearby = Verified nearby, done online
mode-one-visit = One visit, the rest online
mode-window = At a hall
mode-text-online = From the declaration to the result nobody has to come.
mode-text-nearby = Your identity is checked once at the nearest hall; everything else is done online.
mode-text-one-visit = Declare online first, then come once.
mode-text-window = Handled at the halls below.
unmet-identity = Your identity has to be checked at a hall
unmet-originals = Originals on paper have to be shown
unmet-fee = The fee cannot be paid online
unmet-law = The rules ask you to come
unmet-offline = It is not declared online
items-by-mode = Mode of service
cat-modes = Modes of service
cat-mode-share = { $n } services, { $share }%
my-tab-favourites = Favourites
my-kept = Kept results of guidance
my-favourites-none = No favourites yet
my-favourites-none-text = Press “Favourite” on a guide, and the service is kept here.
my-favourites-gone = { $n } more of your favourites were withdrawn.
guide-favourite = Favourite
guide-favourite-off = Take off
done-favourite-on = Kept: see Favourites under My
done-favourite-off = Taken off your favourites
done-favourite-login = Log in to keep favourites
error-favourites-full = At most 200 favourites: take some off first.
near-for = I want to
near-for-receive = hand in papers
near-for-verify = show originals
near-for-accept = be accepted on the spot
near-for-hand_out = collect the result
near-district = I am in
near-district-all = any district
near-find = Find halls
near-me = Nearest to me
near-own = Your district
near-asking = Looking for your position; please allow it when the browser asks …
near-done = Nearest first, as the crow flies. Your position was used on this device alone and sent nowhere.
near-denied = The browser may not use your position. Allow it in the browser’s settings for this site, or choose your district above.
near-failed = Your position cannot be found now. Try again in the open, or choose your district above.
near-km = about {"{n}"} km
near-m = about {"{n}"} m
