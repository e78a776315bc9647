error-signature-bad = The signature does not fit: sender, key or content differ from what is registered.
error-signature-old = The message's time lies more than 5 minutes from the platform's. Set the clock and sign again with the new time.
error-dispatch-dropped = The applicant has withdrawn; this message need not be sent any more.
error-dispatch-under-way = This message is being sent right now; please look again shortly.
field-secret-short = The secret is too short: at least 24 bytes.
