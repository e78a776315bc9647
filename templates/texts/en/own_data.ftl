own-title = My data
own-lead = What the platform holds of you, where it comes from, and what it is for.
own-known = What is held
own-correct = Correct it
own-what = What
own-value = As we have it
own-source = From
own-purpose = For
own-from-verifier = Real-name verification
own-from-you = You typed it
own-for-identity = To be sure that it is you
own-for-login = To log in, verify and reach you
own-for-news = To send you news of your cases
own-for-forms = To fill in forms for you
own-evidence = Verifications
own-cases = Cases
own-drafts = Drafts
own-messages = Messages
own-favourites = Favourites
own-see = See them
own-sealed = Names, ID numbers, phones, mail and postal addresses, what you declare and names of files are encrypted; a part of each is shown here.
own-export = Take my data along
own-export-text = Everything above, with what you declared and a list of materials, in one file to keep or to take elsewhere. Files themselves are downloaded from each case.
own-export-do = Export
own-password = Password
own-password-hint = The file shows everything, so enter your password once more
own-close = Close my account
own-close-text = When you do not need it any more. Cases under way have to be finished or withdrawn first.
own-close-open = { $n ->
    [one] One case is still under way; it has to be finished or withdrawn first.
   *[other] { $n } cases are still under way; they have to be finished or withdrawn first.
}
own-goes = What is deleted
own-goes-account = Name, ID number, phone, mail, address and password of the account; phone and ID number may register anew
own-goes-drafts = Drafts and their materials ({ $n })
own-goes-rest = Messages, favourites, kept guidance, and all logins on all devices
own-stays = What the law keeps
own-stays-cases = Cases that were handed in and their materials ({ $n }), as long as the rules of electronic archives say
own-stays-audit = Verifications and the log of acts, six months at least by the Cybersecurity Law
own-close-hint = This cannot be undone, so enter your password once more
own-close-sure = This cannot be undone. Close the account?
own-close-do = Close the account
error-cases-open = { $count ->
    [one] One case is still under way; finish or withdraw it first.
   *[other] { $count } cases are still under way; finish or withdraw them first.
}
done-account-closed = Your account is closed
account-own-data = My data, export and closing
