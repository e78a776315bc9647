words = Search synonyms
words-text = What people say, and what the catalogue calls it. Whoever searches with such a word also finds what it means. Changes take effect at once.
words-word = What people say
words-word-hint = 2 to 24 characters. It cannot be changed later, only its meanings can
words-means = Meanings
words-means-hint = In Chinese, as the catalogue says it; at most 4, with commas between them
words-means-lines = As the catalogue says it, one per line, at most 4. The search tries them in this order
words-new = Add a word
words-add = Add
words-find = Find by word or meaning
words-all = All words
words-total = { $n } { $n ->
    [one] word
   *[other] words
}
words-none = No such word
words-none-text = You can add it above.
words-remove = Delete this word
words-remove-sure = Whoever searches with this word will no longer find what it means. Loading the base data again does not bring it back.
words-theirs = Somebody else changed it to:
words-try = Try a search
words-try-what = What somebody would type
words-tried = Whoever searches for “{ $phrase }” sees:
words-ways = Also searched as:
words-found = { $n } { $n ->
    [one] item
   *[other] items
} found; these come first
words-found-none = Nothing was found. Check that the meaning is what the catalogue says.
done-word-saved = Saved and in effect. See the trial search below
done-word-removed = Deleted, in effect at once
error-word-edited = Somebody else has changed or deleted this since you opened it. What you typed is still here: compare, then save again.
error-words-moved = The catalogue changed while this was checked. Please try again.
field-word-short = One character finds far too many items; use at least 2
field-means-long = Each meaning has at most { $value } characters
field-means-self = The meaning is the word itself, which does nothing; enter what the catalogue says
field-means-twice = Two meanings are the same; delete one
field-means-many = At most { $value } meanings; keep the closest

codes = Dictionaries
codes-text = The codes and names that items and cases use. Codes never change; a new name is used on all pages at once.
codes-set = Dictionary
codes-n = Codes
codes-code = Code
codes-name = Name
codes-uses = In use
codes-uses-n = { $n } { $n ->
    [one] use
   *[other] uses
}
codes-uses-none = Not used
codes-order = Order
codes-new = Add a code
codes-code-hint = 1 to 20 letters, digits, dots or hyphens; it cannot be changed later
codes-name-zh = Name in Chinese
codes-name-en = Name in English
codes-add = Add
codes-up = Move up
codes-down = Move down
codes-remove = Delete this code
codes-remove-sure = Nobody can choose it for an item any more. Loading the base data again does not bring it back.
codes-kept-relied = The platform decides by the codes of this dictionary, and cases keep them. Names and order can be changed; nothing can be deleted.
codes-kept-used = Items, topics of guidance or the basic catalogue use it ({ $n } { $n ->
    [one] place
   *[other] places
}), so it cannot be deleted. Change those to another code first.
codes-kept-last = This is the only code of the dictionary and cannot be deleted.
done-code-saved = Saved, in effect at once
done-code-removed = Deleted
error-code-relied = The platform decides by it, so it cannot be deleted.
error-code-last = This is the only code of the dictionary and cannot be deleted.
error-code-used = Items, topics of guidance or the basic catalogue use it ({ $n } { $n ->
    [one] place
   *[other] places
}, drafts and older versions included), so it cannot be deleted. Change those to another code first; what older versions used stays for good.
error-fact-used = Forms of { $n } { $n ->
    [one] item use it
   *[other] items use it
} (drafts and older versions included), so it cannot be deleted, and its type and holder stay.
field-code-shape = Use 1 to 20 letters, digits, dots or hyphens
field-fact-key = Use lower-case letters, digits and underscores with one dot, such as person.birthday

codes-set-item_type = Types of items
codes-set-exercise_level = Levels of exercise
codes-set-body_kind = Kinds of implementing bodies
codes-set-audience = Whom it serves
codes-set-channel = Channels
codes-set-case_kind = Kinds of cases
codes-set-special_procedure = Special procedures
codes-set-satisfaction = Satisfaction
codes-set-item_state = States of items
codes-set-material_type = Types of materials
codes-set-material_form = Forms of materials
codes-set-material_need = Need of materials
codes-set-material_source = Sources of materials
codes-set-result_type = Types of results
codes-set-same_city = Where it can be done
codes-set-online_depth = Depth of online service
codes-set-finish_result = Outcomes of cases
codes-set-id_kind = Kinds of identity papers
codes-set-theme_person = Themes for persons
codes-set-theme_enterprise = Themes for enterprises
codes-set-power_source = Sources of power
codes-set-licence_type = Types of licences

facts = Shared fields
facts-text = Questions that mean the same in different forms. What an applicant has answered once can be filled in elsewhere.
facts-key = Key
facts-key-hint = Whose it is and what, with a dot between, such as person.birthday; it cannot be changed later
facts-kind = Type of question
facts-holder = Holder
facts-holder-person = Person
facts-holder-enterprise = Enterprise
facts-uses-n = { $n } { $n ->
    [one] item
   *[other] items
}
facts-new = Add a shared field
facts-remove = Delete this field
facts-remove-sure = Nobody can choose it for a form any more. Loading the base data again does not bring it back.
facts-fixed-used = Forms of { $n } { $n ->
    [one] item use it
   *[other] items use it
}: its names can be changed; its type and holder stay, and it cannot be deleted.
facts-fixed-known = The platform fills this field in from the applicant's account: only its names can be changed.
done-fact-saved = Saved
done-fact-removed = Deleted

topic-differences = Differences from what visitors see
topic-same = The draft does not differ from what visitors see.
topic-versions = Versions that visitors have seen
topic-ended-tag = Withdrawn
topic-end = Withdraw this topic
topic-end-text = Visitors will no longer see it. One asks for it, another reviews. What was written and all versions are kept, and it can be published again.
topic-end-ask = Submit for review
topic-end-ask-sure = Somebody else reviews this; only then is the topic withdrawn.
topic-end-asked = { $by } asked at { $at } to withdraw this topic, so that visitors no longer see it. The reason:
topic-end-agree = Withdraw
topic-end-sure = It takes effect at once: visitors no longer see this topic.
topic-end-refuse = Refuse, keep it public
topic-end-recall = Take it back, keep it public
error-topic-ending = Things have changed: somebody has asked for it or taken it back already, or visitors do not see the topic now. Look at how it stands.
done-topic-end-asked = Submitted for review
done-topic-ended = Withdrawn; visitors no longer see it
done-topic-kept = It stays public
