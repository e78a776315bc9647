faults-title = { $n ->
    [one] One answer needs a change
   *[other] { $n } answers need a change
}
field-optional = optional
field-required = Please fill this in
field-rows-few = Fill in at least { $value }.
field-rows-many = At most { $value } may be filled in: remove the others.
field-rows-full = At most { $n } may be filled in.
field-row-add = Add:{" "}
field-row-remove = Remove
field-enter = Enter key
field-look = Update the questions
field-look-text = Some questions are asked only in some cases: update after you change a choice.
field-topic-key = 3 to 60 small letters, digits or hyphens, please.
field-already-there = It is there already: choose another.
field-condition-long = The condition is too long: 500 characters at most.
field-condition-shape = This is no condition: character { $value } does not fit. Example: business_type == '2' && premises_area > 150
field-condition-nested = A loop cannot stand in another loop.
field-choice-required = Please choose
field-text-long = At most { $value } characters
field-phone-shape = Enter a mainland mobile number of 11 digits
field-id-number-shape = An ID number has 18 characters: 17 digits, then a digit or X
field-id-number-date = The date of birth in the ID number is wrong: check characters 7 to 14
field-id-number-check = The last character does not fit the others: compare the number with your card
field-id-number-region = The first two digits belong to no province: compare the number with your card
field-email-shape = The mail address is incomplete; example: linyue@example.com
field-needed = required
field-choose = Please choose
field-from-account = From your account; you may change it
field-too-long = Too long: at most { $value } characters
field-uscc-shape = A unified social credit code has 18 digits and capital letters (without I, O, S, V, Z): see the business licence
field-uscc-check = The last character of the code does not fit the others: compare it with the business licence
field-not-an-option = Choose one of the options
field-date-shape = Enter a date, for example 2026-03-02
field-number-shape = Enter digits only, for example 86.5
field-too-small = Not less than { $value }
field-too-large = Not more than { $value }
field-material-missing = Not uploaded yet
field-file-empty = The file is empty (0 bytes): export it or take the photo again
field-file-kind = This kind of file cannot be used: save it as PDF, JPG or PNG
field-file-disguised = The content does not fit the ending of the file's name: save it again with its program, do not just rename it
field-file-format = Only { $value } can be used here: please convert the file
field-file-too-large = Larger than { $value } MB and not taken: compress it. If you chose several large files at once, upload them one by one
field-files-too-many = At most 20 files for one material: merge them into a PDF
field-hall-may-not = This hall does not handle this service at present: please choose another
