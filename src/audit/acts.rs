//! All acts that are recorded, in families, for those who look for them. Each has a text `act-…`, and each kind of object `object-…`.
//!
//! Who records a new act adds it here: a test finds those that are missing.

crate::text_enum!(
    /// What acts have in common.
    Family {
        /// Logging in and out, sessions, tries that were too many.
        Login = "login",
        /// Looks by staff and departments' systems.
        Look = "look",
        Case = "case",
        /// A citizen's account.
        Person = "person",
        /// Accounts and rights of staff and of programs.
        Staff = "staff",
        /// Departments, halls and what these may do.
        Office = "office",
        Catalogue = "catalogue",
        Exchange = "exchange",
        /// Work in the background.
        Work = "work",
        Audit = "audit",
        /// What somebody was not let see or do.
        Access = "access",
    }
);

use Family::{Access, Audit, Case, Catalogue, Exchange, Login, Look, Office, Person, Staff, Work};

pub const ACTS: &[(&str, Family)] = &[
    ("login", Login),
    ("login.failed", Login),
    ("login.throttled", Login),
    ("logout", Login),
    ("login.password", Login),
    ("login.factor-failed", Login),
    ("login.code-sent", Login),
    ("login.code-failed", Login),
    ("login.passkey-failed", Login),
    ("login.province-differs", Login),
    ("link.add", Login),
    ("link.remove", Login),
    ("passkey.add", Login),
    ("passkey.remove", Login),
    ("session.end", Login),
    ("session.end-others", Login),
    ("case.look", Look),
    ("case.look-file", Look),
    ("case.look-notice", Look),
    ("case.print-receipt", Look),
    ("staff.look", Look),
    ("case.submit", Case),
    ("case.renew", Case),
    ("case.verdicts", Case),
    ("case.pre-accept", Case),
    ("case.ask-correction", Case),
    ("case.answer-correction", Case),
    ("case.expire-correction", Case),
    ("case.refuse-acceptance", Case),
    ("case.accept", Case),
    ("case.deem-accepted", Case),
    ("case.decide", Case),
    ("case.withdraw", Case),
    ("approval.step", Case),
    ("case.identity-known", Case),
    ("case.identity-failed", Case),
    ("client.declare", Case),
    ("person.register", Person),
    ("person.verify", Person),
    ("person.verify-later", Person),
    ("person.verify-expired", Person),
    ("person.level-lapsed", Person),
    ("person.face-begin", Person),
    ("person.window-look", Look),
    ("person.represent", Person),
    ("mandate.hold", Person),
    ("mandate.offer", Person),
    ("mandate.take", Person),
    ("mandate.end", Person),
    ("mandate.hand-over", Person),
    ("mandate.choose", Person),
    ("person.contact", Person),
    ("person.password", Person),
    ("person.password-reset", Person),
    ("person.export", Person),
    ("person.close", Person),
    ("staff.create", Staff),
    ("staff.change", Staff),
    ("staff.password", Staff),
    ("staff.password-reset", Staff),
    ("staff.grant", Staff),
    ("staff.factors-reset", Staff),
    ("factor.authenticator", Staff),
    ("factor.authenticator-replace", Staff),
    ("factor.recovery-new", Staff),
    ("factor.recovery-used", Staff),
    ("role.define", Staff),
    ("role.change", Staff),
    ("role.remove", Staff),
    ("request.ask", Staff),
    ("request.confirm", Staff),
    ("request.refuse", Staff),
    ("request.withdraw", Staff),
    ("client.put", Staff),
    ("client.switch", Staff),
    ("client.renew", Staff),
    ("department.change", Office),
    ("hall.change", Office),
    ("hall.grant", Office),
    ("item.propose", Catalogue),
    ("item.take", Catalogue),
    ("item.edit", Catalogue),
    ("item.submit", Catalogue),
    ("item.recall", Catalogue),
    ("item.drop", Catalogue),
    ("item.send_back", Catalogue),
    ("item.approve", Catalogue),
    ("item.hindered", Catalogue),
    ("item.in_force", Catalogue),
    ("item.seed", Catalogue),
    ("list.take", Catalogue),
    ("list.taken", Catalogue),
    ("list.failed", Catalogue),
    ("basic.save", Catalogue),
    ("basic.publish", Catalogue),
    ("basic.drop", Catalogue),
    ("topic.save", Catalogue),
    ("topic.publish", Catalogue),
    ("topic.drop", Catalogue),
    ("topic.ask-end", Catalogue),
    ("topic.end", Catalogue),
    ("topic.keep", Catalogue),
    ("code.add", Catalogue),
    ("code.rename", Catalogue),
    ("code.move", Catalogue),
    ("code.remove", Catalogue),
    ("fact.add", Catalogue),
    ("fact.change", Catalogue),
    ("fact.remove", Catalogue),
    ("synonym.add", Catalogue),
    ("synonym.change", Catalogue),
    ("synonym.remove", Catalogue),
    ("paper.keep", Catalogue),
    ("exchange.endpoint", Exchange),
    ("exchange.event", Exchange),
    ("exchange.resend", Exchange),
    ("keys.rotate", Work),
    ("keys.drop", Work),
    ("job.again", Work),
    ("mail.again", Work),
    ("audit.search", Audit),
    ("audit.export", Audit),
    ("audit.verify", Audit),
    ("audit.verified", Audit),
    ("audit.remove", Audit),
    ("access.refused", Access),
    ("access.throttled", Access),
];

/// Kinds of objects.
pub const OBJECTS: &[&str] = &[
    "person",
    "staff",
    "citizen",
    "mandate",
    "case",
    "client",
    "department",
    "hall",
    "change",
    "item",
    "import",
    "fact",
    "dictionary",
    "synonym",
    "basic",
    "topic",
    "paper",
    "dispatch",
    "message",
    "mail",
    "job",
    "role",
    "request",
    "keys",
    "audit",
    "page",
];

/// An act's name within the keys of texts: `case.look` is `case-look`.
pub fn key(action: &str) -> String {
    action.replace('.', "-")
}

pub fn is_known(action: &str) -> bool {
    ACTS.iter().any(|(a, _)| *a == action)
}

/// The acts of a family.
pub fn of(family: Family) -> Vec<&'static str> {
    ACTS.iter().filter(|(_, f)| *f == family).map(|(a, _)| *a).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_stands_once_and_every_family_has_some() {
        let mut all: Vec<_> = ACTS.iter().map(|(a, _)| key(a)).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|w| w[0] != w[1]), "{all:?}");
        assert!(Family::ALL.iter().all(|f| !of(*f).is_empty()));
        let mut looks = of(Family::Look);
        let mut known = crate::audit::looks::LOOKS.to_vec();
        looks.sort_unstable();
        known.sort_unstable();
        assert_eq!(looks, known);
    }
}
