//! Whatever people do, in whatever order: a case never leaves its graph, and what stands beside it agrees with it.

use std::collections::HashMap;

use cloudmart::approval::OpinionVerdict;
use cloudmart::calendar::{Limit, Plan, Span, Unit};
use cloudmart::cases::{self, Case, CaseId, Clock, Decision, DeskKind, DeskStep, Event, State, Verdict, state};
use cloudmart::db::Conn;
use cloudmart::exchange::{self, Incoming, protocol};
use cloudmart::flows::{self, Books, Opined, Seen};
use cloudmart::kernel::{Ctx, Day, Kind, Result};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::json;

use super::harness::{Engine, TestApp};
use super::made::{self, FOOD, HYGIENE};

/// What somebody tries to do next.
#[derive(Debug, Clone, Copy)]
enum Act {
    PreAccept,
    /// With a page that somebody else's act has made old.
    AcceptOld,
    Accept,
    AskCorrection,
    AnswerCorrection,
    RefuseAcceptance,
    Withdraw,
    Wait(i64),
    Handle(bool),
    Review(bool),
    /// The approver agrees or returns.
    Approve(bool),
    /// By one who has already done another step.
    ReviewBySame,
    Received,
    Progress,
    Decided(bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => Just(Act::PreAccept),
        1 => Just(Act::AcceptOld),
        4 => Just(Act::Accept),
        2 => Just(Act::AskCorrection),
        2 => Just(Act::AnswerCorrection),
        1 => Just(Act::RefuseAcceptance),
        1 => Just(Act::Withdraw),
        2 => (1i64..12).prop_map(Act::Wait),
        3 => any::<bool>().prop_map(Act::Handle),
        3 => any::<bool>().prop_map(Act::Review),
        3 => any::<bool>().prop_map(Act::Approve),
        1 => Just(Act::ReviewBySame),
        2 => Just(Act::Received),
        2 => Just(Act::Progress),
        2 => any::<bool>().prop_map(Act::Decided),
    ]
}

/// All who act in these stories.
struct Cast<'a> {
    t: &'a TestApp,
    slug: &'static str,
    people: HashMap<&'static str, Ctx>,
}

impl<'a> Cast<'a> {
    async fn of(t: &'a TestApp, slug: &'static str) -> Self {
        let mut people = HashMap::new();
        people.insert("applicant", made::as_person(t, &made::declarer(slug)).await);
        people.insert("clerk", made::as_staff(t, "clerk.h01.1").await);
        for (who, login) in [("handler", "wsjk.handler"), ("reviewer", "wsjk.reviewer"), ("approver", "wsjk.approver")]
        {
            people.insert(who, made::as_staff(t, login).await);
        }
        people.insert("system", made::as_department(t, made::MARKET));
        Self { t, slug, people }
    }

    fn ctx(&self, who: &str) -> Ctx {
        Ctx { now: self.t.clock.now(), ..self.people[who].clone() }
    }

    /// Does it, or is refused: an error that is neither 404, 409, 422 nor 403 is one of ours.
    async fn act(&self, act: Act, id: CaseId, nth: usize) -> Result<()> {
        let (t, books) = (self.t, self.t.app.books());
        let case = made::now(t, id).await;
        let seen = made::fine(&made::elements(t, self.slug), &case);
        let (applicant, clerk) = (self.ctx("applicant"), self.ctx("clerk"));
        let opined = Opined { id, rev: case.rev, opinion: "材料齐全、符合法定条件。".into() };
        if let Act::Wait(days) = act {
            t.advance(days * 86_400);
            cloudmart::work::limits::round(&t.app).await?;
            return Ok(());
        }
        let (handler, reviewer, approver) = (self.ctx("handler"), self.ctx("reviewer"), self.ctx("approver"));
        let system = self.ctx("system");
        let write = move |c: &mut Conn| -> Result<()> {
            match act {
                Act::PreAccept => flows::pre_accept(c, &clerk, &books, &seen).map(drop),
                Act::Accept => flows::accept(c, &clerk, &books, &seen).map(drop),
                Act::AcceptOld => {
                    let old = Seen { rev: seen.rev - 1, ..seen.clone() };
                    flows::accept(c, &clerk, &books, &old).map(drop)
                }
                Act::AskCorrection => {
                    let mut seen = seen.clone();
                    (seen.verdicts[0].1, seen.verdicts[0].2) = (Verdict::Defect, "看不清编号。".into());
                    flows::ask_correction(c, &clerk, &books, &seen, "").map(drop)
                }
                Act::AnswerCorrection => {
                    flows::answer_correction(c, &applicant, &books, id, "已补正。", None).map(drop)
                }
                Act::RefuseAcceptance => {
                    flows::refuse_acceptance(c, &clerk, &books, &seen, "不属于本机关职权范围。").map(drop)
                }
                Act::Withdraw => flows::withdraw(c, &applicant, &books, id, "").map(drop),
                Act::Handle(grants) => {
                    let outcome = if grants { Decision::Granted } else { Decision::Refused };
                    flows::handle(c, &handler, &opined, outcome, "经核查不符合规定条件。").map(drop)
                }
                Act::Review(agrees) => {
                    let verdict = if agrees { OpinionVerdict::Agree } else { OpinionVerdict::Return };
                    flows::review(c, &reviewer, &opined, verdict).map(drop)
                }
                Act::ReviewBySame => flows::review(c, &handler, &opined, OpinionVerdict::Agree).map(drop),
                Act::Approve(true) => flows::approve(c, &approver, &books, &opined).map(drop),
                Act::Approve(false) => flows::return_to_reviewer(c, &approver, &opined).map(drop),
                Act::Received | Act::Progress | Act::Decided(_) => said(c, &system, &books, act, &case, nth),
                Act::Wait(_) => Ok(()),
            }
        };
        t.app.db.write(write).await
    }
}

/// What the department's system says of a case.
fn said(c: &mut Conn, ctx: &Ctx, books: &Books, act: Act, case: &Case, nth: usize) -> Result<()> {
    let case_no = case.case_no.clone().unwrap();
    let (kind, data) = match act {
        Act::Received => (protocol::CASE_RECEIVED, json!({ "case_no": case_no, "receipt": "R" })),
        Act::Progress => (protocol::CASE_PROGRESS, json!({ "case_no": case_no, "step": "审核", "at": ctx.now })),
        _ => {
            let outcome = if matches!(act, Act::Decided(true)) { "granted" } else { "refused" };
            let data =
                json!({ "case_no": case_no, "outcome": outcome, "reason": "不符合条件。", "decided_at": ctx.now });
            (protocol::CASE_DECIDED, data)
        }
    };
    let event = protocol::Event::new(format!("m-{nth}-{}", case.id), "urn:x".into(), kind, case_no, ctx.now, data);
    flows::department_said(c, ctx, books, &Incoming { department: case.department_id, event }, None).map(drop)
}

/// Which work list a case of this state stands in.
fn desk_of(state: State) -> Option<(DeskKind, DeskStep)> {
    match state {
        State::Submitted => Some((DeskKind::Hall, DeskStep::PreAccept)),
        State::PreAccepted | State::Received => Some((DeskKind::Hall, DeskStep::Accept)),
        State::Correcting => Some((DeskKind::Hall, DeskStep::Waiting)),
        State::Dispatched | State::Processing => Some((DeskKind::Department, DeskStep::Outside)),
        State::Handling => Some((DeskKind::Department, DeskStep::Handle)),
        State::Reviewing => Some((DeskKind::Department, DeskStep::Review)),
        State::Approving => Some((DeskKind::Department, DeskStep::Approve)),
        _ => None,
    }
}

/// What has to be true of a case at every moment.
async fn holds(t: &TestApp, id: CaseId) -> Result<(), TestCaseError> {
    let case = made::now(t, id).await;
    prop_assert_eq!(made::desk(t, &case).await, desk_of(case.state), "the work list of {}", case.state);
    prop_assert_eq!(case.public_state, state::public(case.state, case.decision));
    prop_assert_eq!(case.clock, state::clock(case.state));
    prop_assert_eq!(case.finished_at.is_some(), state::is_final(case.state), "the end of {}", case.state);
    prop_assert_eq!(case.decision.is_some(), matches!(case.state, State::Decided | State::Finished));
    let is_accepted =
        !matches!(case.state, State::Submitted | State::Correcting | State::PreAccepted | State::Received);
    if is_accepted && !matches!(case.state, State::NotAccepted | State::Abandoned | State::Withdrawn) {
        prop_assert!(case.accepted_at.is_some() && case.due_on.is_some() && case.legal_due_on.is_some());
        prop_assert!(case.due_on <= case.legal_due_on, "what is promised is not later than the law");
    }
    prop_assert_eq!(case.clock == Clock::Answering, case.accept_by.is_some() && desk_hall(case.state));

    // The events are a path through the graph, from the draft to where the case is.
    let of = case.clone();
    let steps = t.app.db.read(move |c| cases::timeline(c, &of)).await.unwrap();
    let mut at = State::Draft;
    for step in &steps {
        prop_assert_eq!(step.from, at, "{:?}", step.event);
        prop_assert_eq!(state::next(at, step.event).ok(), Some(step.to), "{} --{}-->", at, step.event);
        at = step.to;
    }
    prop_assert_eq!(at, case.state);
    let count = |event: Event| steps.iter().filter(|s| s.event == event).count();
    prop_assert!(count(Event::Accept) + count(Event::DeemAccepted) <= 1);
    prop_assert!(count(Event::Approve) + count(Event::Decide) <= 1);

    // The law's notices, one for each act that needs one.
    let notices = made::notices(t, &case).await;
    let made = |kind| notices.iter().filter(|n| n.kind == kind).count();
    prop_assert_eq!(made(cases::NoticeKind::Acceptance), count(Event::Accept) + count(Event::DeemAccepted));
    prop_assert_eq!(made(cases::NoticeKind::Correction), count(Event::AskCorrection));
    prop_assert_eq!(made(cases::NoticeKind::NotAccepted), count(Event::RefuseAcceptance));
    let decided = made(cases::NoticeKind::Granted) + made(cases::NoticeKind::Refused);
    prop_assert_eq!(decided, count(Event::Approve) + count(Event::Decide));

    // A message for the department when it has a system, and only then.
    let (of, admin) = (case.id, made::as_staff(t, "admin").await);
    let sent = t.app.db.read(move |c| exchange::dispatches_of_case(c, &admin, of)).await.unwrap();
    let accepted = sent.iter().filter(|d| d.kind == exchange::DispatchKind::Accepted).count();
    prop_assert_eq!(accepted, count(Event::Dispatch));
    Ok(())
}

fn desk_hall(state: State) -> bool {
    matches!(state, State::Submitted | State::PreAccepted | State::Received)
}

/// Stories of up to twenty acts on cases of both kinds of departments. One platform for all of them: each has a case of its own.
fn any_order(engine: Engine, cases: u32) {
    super::harness::run(engine, |t| {
        Box::pin(async move {
            for slug in [HYGIENE, FOOD] {
                made::endpoint(t, made::MARKET, "http://market.example/events").await;
                let cast = Cast::of(t, slug).await;
                let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
                let stories = proptest::collection::vec(act(), 1..20);
                let handle = tokio::runtime::Handle::current();
                let run = |acts: Vec<Act>| {
                    tokio::task::block_in_place(|| {
                        handle.block_on(async {
                            let id = made::submitted(t, slug).await.id;
                            for (nth, act) in acts.into_iter().enumerate() {
                                if let Err(error) = cast.act(act, id, nth).await {
                                    let kinds = [Kind::NotFound, Kind::Conflict, Kind::Invalid, Kind::Forbidden];
                                    prop_assert!(kinds.contains(&error.kind()), "{:?}: {:?}", act, error);
                                }
                                holds(t, id).await?;
                            }
                            Ok(())
                        })
                    })
                };
                runner.run(&stories, run).unwrap();
            }
        })
    });
}

#[test]
fn no_order_of_acts_leaves_the_graph_on_sqlite() {
    any_order(Engine::Sqlite, 40);
}

#[test]
fn no_order_of_acts_leaves_the_graph_on_postgres() {
    any_order(Engine::Postgres, 15);
}

/// The last day of a limit, by walking from day to day.
fn walked(off: &HashMap<Day, bool>, from: Day, limit: Limit, spans: &[Span]) -> Day {
    use chrono::Datelike;
    let is_working = |day: Day| off.get(&day).copied().unwrap_or(day.weekday().number_from_monday() <= 5);
    let stands = |day: Day| spans.iter().any(|s| s.from <= day && day <= s.to);
    let mut counted = 0;
    let mut day = from;
    while counted < limit.days {
        day = day.succ_opt().unwrap();
        if stands(day) {
            continue;
        }
        if limit.unit == Unit::Calendar || is_working(day) {
            counted += 1;
        }
    }
    if limit.unit == Unit::Calendar && limit.days > 0 {
        while !is_working(day) || stands(day) {
            day = day.succ_opt().unwrap();
        }
    }
    day
}

proptest! {
    #[test]
    fn limits_are_what_a_person_counts_on_a_calendar(
        from in 0i64..700,
        days in 0u32..60,
        working in any::<bool>(),
        off in proptest::collection::vec((0i64..800, any::<bool>()), 0..80),
        spans in proptest::collection::vec((0i64..750, 0i64..20), 0..3),
    ) {
        let first = Day::from_ymd_opt(2025, 1, 1).unwrap();
        let at = |n: i64| first + chrono::Duration::days(n);
        let off: HashMap<Day, bool> = off.into_iter().map(|(n, is_workday)| (at(n), is_workday)).collect();
        let plan = Plan::new(off.iter().map(|(day, is_workday)| (*day, *is_workday, String::new())));
        let spans: Vec<Span> = spans.into_iter().map(|(n, more)| Span { from: at(n), to: at(n + more) }).collect();
        let limit = Limit { days, unit: if working { Unit::Working } else { Unit::Calendar } };
        let due = plan.due(at(from), limit, &spans);
        prop_assert_eq!(due.day, walked(&off, at(from), limit, &spans));
        // Counting back from the last day of a limit in working days without suspension gives the limit again.
        if working && days > 0 {
            let due = plan.due(at(from), limit, &[]).day;
            prop_assert_eq!(plan.working_days(at(from), due), i64::from(days));
            prop_assert!(plan.is_working(due));
        }
    }
}
