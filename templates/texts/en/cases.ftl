case-state-draft = Draft
case-state-submitted = To be pre-checked
case-state-correcting = Waits for correction
case-state-pre-accepted = Pre-accepted
case-state-received = Received
case-state-not-accepted = Not accepted
case-state-accepted = Accepted
case-state-dispatched = Sent to the department
case-state-processing = With the department
case-state-handling = To be handled
case-state-reviewing = To be reviewed
case-state-approving = To be approved
case-state-decided = Decided
case-state-finished = Finished
case-state-withdrawn = Withdrawn
case-state-abandoned = Given up

case-event-submit = Declared
case-event-pre-accept = Pre-accepted
case-event-ask-correction = Correction asked, all at once
case-event-answer-correction = Correction sent
case-event-expire-correction = Correction did not come in time
case-event-refuse-acceptance = Acceptance refused
case-event-receive = Received
case-event-accept = Accepted
case-event-deem-accepted = No answer in time: deemed accepted
case-event-dispatch = Sent to the department's system
case-event-take = Taken in by the department's system
case-event-progress = Step done at the department's system
case-event-assign = Passed to the approval desk
case-event-handle = Handled
case-event-review = Reviewed: agreed
case-event-return-to-handler = Returned to the handler
case-event-return-to-reviewer = Returned to the reviewer
case-event-approve = Approved
case-event-decide = Decided by the department
case-event-finish = Finished
case-event-withdraw = Withdrawn by the applicant
case-event-identity-known = applicant’s identity confirmed
case-event-identity-failed = applicant’s identity not confirmed
case-identity-pending = The applicant’s identity is not checked yet: the case cannot be accepted
case-identity-failed = The applicant’s identity was not confirmed: the case cannot be accepted
case-identity-text-pending = The verifier did not answer when it was declared. You may look at the materials. The check is made as soon as the verifier answers; the days to answer begin anew then.
case-identity-text-failed = Tell the applicant, with everything else, to come to a window with the ID card, or refuse acceptance. Once confirmed, the case can be accepted.

case-channel-web = Online
case-channel-window = Window
case-channel-terminal = Terminal
case-channel-api = Partner

case-decision-granted = Granted
case-decision-refused = Refused

case-due-ok = { $days ->
    [one] { $days } working day left
   *[other] { $days } working days left
}
case-due-soon = 1 working day left
case-due-today = Due today
case-due-over = { $days ->
    [one] { $days } working day overdue
   *[other] { $days } working days overdue
}
case-due-over-now = Overdue
case-due-none = No deadline

case-applicant = Applicant
case-name = Name
case-uscc = Credit code
case-phone = Phone
case-address = Address
case-agent = Agent
case-unanswered = not answered
case-results = Result
case-materials = Materials
case-needed = Required
case-verdict-accepted = Window: fits
case-verdict-defect = Window: defective
case-on-paper = On paper
case-no-file = No electronic file
case-standard = Standard:{" "}
case-item-gone = (withdrawn service)

case-by-person = Applicant
case-by-anyone = Visitor
case-by-staff = Staff
case-by-department = The department's system
case-by-system = The platform


case-until-decide = Promised by { $day }
case-until-answer = To be answered by { $day }
case-until-correct = Correction by { $day }
case-limit-decide = Promised deadline
case-limit-answer = Deadline to answer
case-limit-correct = Deadline for the correction
