guidance-title = Guidance
guidance-lead = A few questions, and you see which materials your case needs.
guidance-go = Show the result
guidance-open = Some questions are open or need another answer
guidance-need = Materials needed
guidance-spared = { $n ->
    [one] In your case one other material is not needed.
   *[other] In your case { $n } other materials are not needed.
}
guidance-perhaps = May be needed, by what you fill in
guidance-trips = Visits
guidance-trips-n = { $n ->
    [0] No visit
    [one] One visit
   *[other] { $n } visits
}
guidance-fee = Fee
guidance-charged = There is a fee: see the guide
guidance-free = Free
guidance-declare = Apply online with these answers
guidance-again = Change your answers
guidance-tools = Keep and share
guidance-keep = Keep the result
guidance-unkeep = Keep no longer
guidance-print = Print
guidance-copy = Copy the link
guidance-copied = Copied
guidance-phone = Send to a phone
guidance-phone-text = Scan it with a phone to open this result there, keep it or apply.
guidance-qr = QR code of this result
guidance-start = Not sure what to bring?
guidance-start-go = See my case
topics-title = What I want to do
topics-lead = Begin with what you want to do: a few questions tell which services it takes and what to bring.
topics-none = There are no topics yet
topics-items = { $n ->
    [one] It takes one service
   *[other] It takes { $n } services
}
topics-materials = { $n ->
    [one] One material is needed for sure. Take the services in this order.
   *[other] { $n } materials are needed for sure. Take the services in this order.
}
topics-open = Others depend on your case: go on with “See my case”.
topics-situation = See my case
topics-nothing = Your case takes no service
topics-nothing-text = Change the answers below if things are otherwise.
topics-all = All topics
topics-found = You may want to
