//! How an item is handled (服务模式), told by what keeps it from being done wholly online.
//!
//! | mode | when | trips |
//! |---|---|---|
//! | 全程网上办 | nothing is in the way | 0 |
//! | 就近验证网上办 | only the identity has to be seen, at any hall that may | 1 |
//! | 窗口一次办加网上服务 | originals, a fee that is not paid online, or the law | 1 or more |
//! | 窗口办 | it is not declared online | 1 or more |

use super::model::Elements;
use crate::identity::assurance::ONLINE;

crate::text_enum!(
    /// 服务模式
    Mode {
        Online = "online",
        Nearby = "nearby",
        OneVisit = "one-visit",
        Window = "window",
    }
);

crate::text_enum!(
    /// What brings somebody to a hall.
    Unmet {
        /// A step needs a level of identity that is given at a window alone.
        Identity = "identity",
        /// A material is taken on paper alone, as an original.
        Originals = "originals",
        /// A fee that cannot be paid online.
        Fee = "fee",
        /// The item says that people have to come.
        Law = "law",
        /// It is not declared online.
        Offline = "offline",
    }
);

/// How an item is handled, and why so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub mode: Mode,
    pub unmet: Vec<Unmet>,
    /// How often somebody has to come.
    pub trips: u32,
}

impl Elements {
    pub fn way(&self) -> Way {
        let originals = |m: &super::model::Material| m.is_needed() && m.form == "1" && m.originals > 0;
        let unmet: Vec<Unmet> = [
            (Unmet::Offline, !self.online.enabled),
            (Unmet::Identity, self.assurance.highest() > ONLINE),
            (Unmet::Originals, self.materials.iter().any(originals)),
            (Unmet::Fee, self.fees.charged && !self.conveniences.online_payment),
            (Unmet::Law, self.online.visits > 0),
        ]
        .into_iter()
        .filter_map(|(unmet, is_so)| is_so.then_some(unmet))
        .collect();
        let mode = match unmet[..] {
            [] => Mode::Online,
            [Unmet::Offline, ..] => Mode::Window,
            [Unmet::Identity] => Mode::Nearby,
            _ => Mode::OneVisit,
        };
        let trips = if mode == Mode::Online { 0 } else { self.online.visits.max(1) };
        Way { mode, unmet, trips }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(change: impl Fn(&mut Elements)) -> (Mode, Vec<Unmet>, u32) {
        let mut e =
            crate::catalogue::search_tests::seeded().into_iter().find(|e| e.slug == "food-operation-licence").unwrap();
        e.materials.iter_mut().for_each(|m| m.form = "3".into());
        (e.online.visits, e.fees.charged) = (0, false);
        change(&mut e);
        let Way { mode, unmet, trips } = e.way();
        (mode, unmet, trips)
    }

    #[test]
    fn the_mode_follows_from_what_is_in_the_way() {
        assert_eq!(of(|_| ()), (Mode::Online, vec![], 0));
        assert_eq!(of(|e| e.assurance.sign = 4), (Mode::Nearby, vec![Unmet::Identity], 1));
        let both = of(|e| {
            e.assurance.sign = 4;
            e.online.visits = 2;
        });
        assert_eq!(both, (Mode::OneVisit, vec![Unmet::Identity, Unmet::Law], 2));
        let paper = of(|e| (e.materials[0].form, e.materials[0].originals) = ("1".into(), 1));
        assert_eq!(paper, (Mode::OneVisit, vec![Unmet::Originals], 1));
        let fee = |online| of(move |e| (e.fees.charged, e.conveniences.online_payment) = (true, online));
        assert_eq!(fee(false).1, [Unmet::Fee]);
        assert_eq!(fee(true).0, Mode::Online);
        assert_eq!(of(|e| e.online.enabled = false), (Mode::Window, vec![Unmet::Offline], 1));
    }
}
