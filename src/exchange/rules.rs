//! What a try means, when the next one comes, and when a department is left alone. Pure.

use super::model::{Breaker, DispatchId};
use crate::kernel::{Ts, crypto};

/// Messages under way to one department at once: one that hangs fills these places and no others.
pub const IN_FLIGHT: i64 = 4;

/// So many failures in a row open the breaker.
pub const FAILURES: i32 = 5;

/// The longest wait that a `Retry-After` may ask for, in seconds.
pub const LONGEST_WAIT: u64 = 3600;

const FIRST_PAUSE: i64 = 30;
const LONGEST_PAUSE: i64 = 900;

/// How often and how long after each other a dispatch is tried.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Seconds between tries; the last one repeats.
    pub delays: Vec<u64>,
    pub max_attempts: i32,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The department's system answered.
    Answered { status: u16, retry_after: Option<u64>, receipt: Option<String> },
    /// It did not answer: a code such as `outside-timeout`.
    Silent(&'static str),
    /// The message could not even be made: our own fault, of which the department knows nothing.
    NotMade(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Taken,
    Again,
    /// Trying again would change nothing.
    Never,
}

impl Outcome {
    pub fn verdict(&self) -> Verdict {
        match self {
            Outcome::Answered { status: 200..=299, .. } => Verdict::Taken,
            // The message itself is refused. Other 4xx speak of the way (a key, a route, a limit) and may pass.
            Outcome::Answered { status: 400 | 410 | 413 | 415 | 422, .. } => Verdict::Never,
            _ => Verdict::Again,
        }
    }
    /// Whether the system on the other side works; nothing is said of it when the message was not made.
    pub fn is_alive(&self) -> Option<bool> {
        match self {
            Outcome::NotMade(_) => None,
            _ => Some(self.verdict() != Verdict::Again),
        }
    }
    pub fn status(&self) -> Option<i32> {
        match self {
            Outcome::Answered { status, .. } => Some(i32::from(*status)),
            _ => None,
        }
    }
    /// The code of what went wrong.
    pub fn error(&self) -> Option<&'static str> {
        match self {
            Outcome::Answered { .. } if self.verdict() == Verdict::Taken => None,
            Outcome::Answered { .. } => Some("outside-refused"),
            Outcome::Silent(code) | Outcome::NotMade(code) => Some(code),
        }
    }
}

/// When a dispatch is tried again after its `attempts`-th try: the configured delay, spread by up to a fifth either way so that
/// what failed together does not come back together; later when the department asks for it.
pub fn next_try(policy: &Policy, id: DispatchId, attempts: i32, retry_after: Option<u64>, now: Ts) -> Ts {
    let last = policy.delays.len().saturating_sub(1);
    let nth = usize::try_from(attempts - 1).unwrap_or(0).min(last);
    let delay = policy.delays.get(nth).copied().unwrap_or(60).max(1);
    let digest = crypto::sha256(format!("{id} {attempts}").as_bytes());
    let spread = i64::from(u16::from_be_bytes([digest[0], digest[1]]));
    // 0.8 to 1.2 times the delay, in microseconds
    let micros = i64::try_from(delay).unwrap_or(LONGEST_PAUSE) * (800_000 + spread * 400_000 / 65_535);
    let asked = i64::try_from(retry_after.unwrap_or(0).min(LONGEST_WAIT)).unwrap_or(0) * 1_000_000;
    Ts::from_micros(now.micros() + micros.max(asked))
}

/// What is kept of a department's breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circuit {
    /// Failures in a row.
    pub failures: i32,
    /// How often it opened in a row.
    pub openings: i32,
    pub opened_until: Option<Ts>,
}

impl Circuit {
    pub fn breaker(&self, now: Ts) -> Breaker {
        match self.opened_until {
            None => Breaker::Closed,
            Some(until) if until > now => Breaker::Open(until),
            Some(_) => Breaker::HalfOpen,
        }
    }

    /// How many messages may be under way at once.
    pub fn places(&self, now: Ts) -> i64 {
        match self.breaker(now) {
            Breaker::Closed => IN_FLIGHT,
            Breaker::Open(_) => 0,
            Breaker::HalfOpen => 1,
        }
    }

    /// After a try. A failure that comes in while the breaker is open belongs to what was under way, and lengthens nothing.
    pub fn after(self, is_alive: bool, now: Ts) -> Self {
        if is_alive {
            return Self::default();
        }
        let failures = self.failures.saturating_add(1);
        match self.breaker(now) {
            Breaker::Open(_) => Self { failures, ..self },
            Breaker::Closed if failures < FAILURES => Self { failures, ..self },
            Breaker::Closed | Breaker::HalfOpen => {
                let pause = (FIRST_PAUSE << self.openings.clamp(0, 10)).min(LONGEST_PAUSE);
                let openings = self.openings.saturating_add(1);
                Self { failures, openings, opened_until: Some(now.plus_secs(pause)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ts = Ts::from_micros(1_800_000_000_000_000);

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, retry_after: None, receipt: None }
    }

    #[test]
    fn a_refused_message_is_given_up_and_a_refused_way_is_tried_again() {
        assert_eq!(answered(202).verdict(), Verdict::Taken);
        for status in [400, 410, 422] {
            assert_eq!(answered(status).verdict(), Verdict::Never);
            assert_eq!(answered(status).is_alive(), Some(true));
        }
        for status in [301, 401, 404, 429, 500, 503] {
            assert_eq!(answered(status).verdict(), Verdict::Again);
            assert_eq!(answered(status).is_alive(), Some(false));
        }
        assert_eq!(Outcome::NotMade("x").is_alive(), None);
        assert_eq!(Outcome::Silent("outside-timeout").verdict(), Verdict::Again);
    }

    #[test]
    fn delays_grow_are_spread_and_obey_the_department() {
        let policy = Policy { delays: vec![2, 5, 100], max_attempts: 30 };
        let wait = |attempts, asked| {
            let at = next_try(&policy, DispatchId::random(), attempts, asked, NOW);
            (at.micros() - NOW.micros()) as f64 / 1e6
        };
        let waits: Vec<f64> = (0..200).map(|_| wait(3, None)).collect();
        assert!(waits.iter().all(|w| (80.0..=120.0).contains(w)));
        assert!(waits.iter().any(|w| *w < 90.0) && waits.iter().any(|w| *w > 110.0));
        assert!((1.6..=2.4).contains(&wait(1, None)));
        assert!((80.0..=120.0).contains(&wait(25, None)));
        assert!((wait(1, Some(600)) - 600.0).abs() < 0.001);
        assert!((wait(1, Some(999_999)) - 3600.0).abs() < 0.001);
        assert!(wait(3, Some(1)) >= 80.0);
    }

    #[test]
    fn the_breaker_opens_probes_and_closes() {
        let mut circuit = Circuit::default();
        for _ in 0..4 {
            circuit = circuit.after(false, NOW);
        }
        assert_eq!((circuit.breaker(NOW), circuit.places(NOW)), (Breaker::Closed, 4));
        circuit = circuit.after(false, NOW);
        assert_eq!(circuit.breaker(NOW), Breaker::Open(NOW.plus_secs(30)));
        assert_eq!(circuit.places(NOW), 0);
        // What was under way when it opened changes nothing.
        assert_eq!(circuit.after(false, NOW).opened_until, circuit.opened_until);
        let later = NOW.plus_secs(30);
        assert_eq!((circuit.breaker(later), circuit.places(later)), (Breaker::HalfOpen, 1));
        let again = circuit.after(false, later);
        assert_eq!(again.breaker(later), Breaker::Open(later.plus_secs(60)));
        assert_eq!(circuit.after(true, later), Circuit::default());
    }

    #[test]
    fn the_pause_has_an_end() {
        let mut circuit = Circuit { failures: 5, openings: 1, opened_until: Some(NOW) };
        for _ in 0..40 {
            circuit = circuit.after(false, circuit.opened_until.unwrap());
        }
        let before = circuit.opened_until.unwrap();
        assert_eq!(circuit.after(false, before).opened_until, Some(before.plus_secs(900)));
    }
}
