faults-title = { $n ->
    [one] One answer needs a change
   *[other] { $n } answers need a change
}
field-optional = optional
field-required = Please fill this in
field-text-long = At most { $value } characters
field-phone-shape = Enter a mainland mobile number of 11 digits
field-id-number-shape = An ID number has 18 characters: 17 digits, then a digit or X
field-id-number-date = The date of birth in the ID number is wrong: check characters 7 to 14
field-id-number-check = The last character does not fit the others: compare the number with your card
field-id-number-region = The first two digits belong to no province: compare the number with your card
field-email-shape = The mail address is incomplete; example: linyue@example.com
