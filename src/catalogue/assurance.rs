//! Differentiated authentication (差异化认证): which level of identity each step of an item asks for, so that looking at something asks
//! less than signing it. Levels are those of [`crate::identity::assurance`].

use serde::{Deserialize, Serialize};

use crate::identity::assurance::{Need, ONLINE, REGISTERED};

crate::text_enum!(
    /// A step of an item at which somebody has to be who they say.
    Act {
        /// See what is kept of oneself: what was declared, whole.
        View = "view",
        /// Begin a declaration.
        Declare = "declare",
        /// Hand it in, which signs it.
        Sign = "sign",
        /// Agree that licences and data are fetched from where they are kept (共享确认).
        Consent = "consent",
        /// Take the result.
        Collect = "collect",
    }
);

/// The level of each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assurance {
    pub view: i32,
    pub declare: i32,
    pub sign: i32,
    /// Who signs shows a face, or is seen at a window, just then.
    #[serde(default)]
    pub sign_fresh: bool,
    pub consent: i32,
    pub collect: i32,
}

impl Assurance {
    /// What an item asks of which only one level is said, that of the signature: looking and filling in ask less, and what is done at
    /// home asks no more than can be shown there.
    pub const fn of(level: i32) -> Self {
        const fn least(a: i32, b: i32) -> i32 {
            if a < b { a } else { b }
        }
        let declare = if level > REGISTERED { REGISTERED } else { least(level, 1) };
        let at_home = least(level, ONLINE);
        Self { view: least(level, 1), declare, sign: level, sign_fresh: false, consent: at_home, collect: at_home }
    }

    pub fn level(&self, act: Act) -> i32 {
        match act {
            Act::View => self.view,
            Act::Declare => self.declare,
            Act::Sign => self.sign,
            Act::Consent => self.consent,
            Act::Collect => self.collect,
        }
    }

    /// What a step asks of the person. Who signs has a name: it comes from the account, and not from the form.
    pub fn need(&self, act: Act) -> Need {
        let level = self.level(act);
        match act {
            Act::Sign => Need { level: level.max(1), is_fresh: self.sign_fresh },
            _ => Need::level(level),
        }
    }

    /// The highest level of all steps.
    pub fn highest(&self) -> i32 {
        Act::ALL.iter().map(|act| self.level(*act)).max().unwrap_or_default()
    }

    /// The steps that ask less than one before them: each with the one that it must not fall below.
    pub(super) fn falls(&self) -> Vec<(Act, Act)> {
        const ORDER: [(Act, Act); 4] = [
            (Act::Declare, Act::View),
            (Act::Sign, Act::Declare),
            (Act::Consent, Act::Declare),
            (Act::Collect, Act::View),
        ];
        ORDER.into_iter().filter(|(act, before)| self.level(*act) < self.level(*before)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_level_becomes_five_that_agree() {
        let of = |level| {
            let a = Assurance::of(level);
            (a.view, a.declare, a.sign, a.consent, a.collect)
        };
        assert_eq!(of(0), (0, 0, 0, 0, 0));
        assert_eq!(of(1), (1, 1, 1, 1, 1));
        assert_eq!(of(2), (1, 1, 2, 2, 2));
        assert_eq!(of(3), (1, 2, 3, 3, 3));
        assert_eq!(of(4), (1, 2, 4, 3, 3));
        for level in 0..=4 {
            assert!(Assurance::of(level).falls().is_empty());
            assert_eq!(Assurance::of(level).highest(), level);
        }
    }

    #[test]
    fn a_step_that_asks_less_than_the_one_before_is_found() {
        let a = Assurance { declare: 3, ..Assurance::of(2) };
        assert_eq!(a.falls(), [(Act::Sign, Act::Declare), (Act::Consent, Act::Declare)]);
        assert_eq!(Assurance { collect: 0, ..Assurance::of(2) }.falls(), [(Act::Collect, Act::View)]);
    }

    #[test]
    fn who_signs_is_somebody() {
        assert_eq!(Assurance::of(0).need(Act::Sign), Need::level(1));
        let fresh = Assurance { sign_fresh: true, ..Assurance::of(3) };
        assert_eq!(fresh.need(Act::Sign), Need { level: 3, is_fresh: true });
        assert_eq!(fresh.need(Act::Collect), Need::level(3));
    }
}
