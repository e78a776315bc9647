//! What the law says of silence, and what happens by itself when a limit runs out.

use cloudmart::cases::{self, Event, NoticeKind, State};
use cloudmart::kernel::Day;
use cloudmart::{calendar, flows, notifications};

use super::harness::TestApp;
use super::made::{self, FOOD, HYGIENE};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The background work that comes once a minute.
async fn a_minute_later(t: &TestApp) {
    t.advance(61);
    t.settle().await;
}

both!(a_case_that_nobody_answers_is_accepted_by_itself_after_five_working_days, async |t| {
    // Wednesday. Thursday and Friday are working days, then the May holiday until the 5th, and the 9th is made up for.
    t.at("2026-04-29 16:00");
    t.app.refresh().await.unwrap();
    let case = made::submitted(t, HYGIENE).await;
    let plan = t.app.books().plan;
    // First day not counted: 30 April, then after the holiday.
    let mut last = day("2026-04-29");
    let mut left = 5;
    while left > 0 {
        last = last.succ_opt().unwrap();
        left -= i32::from(plan.is_working(last));
    }
    assert_eq!(case.accept_by, Some(last));
    assert_eq!(last, day("2026-05-09"), "a holiday and a Saturday that is worked lie between");

    t.at(&format!("{last} 23:50"));
    a_minute_later(t).await;
    assert_eq!(made::now(t, case.id).await.state, State::Submitted, "the last day is not over");
    t.at(&format!("{} 00:05", last.succ_opt().unwrap()));
    a_minute_later(t).await;

    let now = made::now(t, case.id).await;
    assert_eq!(now.state, State::Handling, "accepted, and on the desk of its department");
    assert_eq!(now.accepted_by, None, "by nobody");
    // 自收到申请材料之日起即为受理: from the day of receipt, and the limits run from there.
    assert_eq!(now.accepted_at.unwrap().day(), day("2026-04-29"));
    let promised = plan.due(day("2026-04-29"), made::elements(t, HYGIENE).limits.promised, &[]).day;
    assert_eq!(now.due_on, Some(promised));
    let events = made::events(t, &now).await;
    assert!(events.contains(&Event::DeemAccepted) && !events.contains(&Event::Accept), "{events:?}");
    let notices = made::notices(t, &now).await;
    assert_eq!(notices.iter().filter(|n| n.kind == NoticeKind::Acceptance).count(), 1);

    // The applicant is told, once, however often the work comes round.
    for _ in 0..3 {
        a_minute_later(t).await;
    }
    let person = made::as_person(t, &made::declarer(HYGIENE)).await;
    let told = t.app.db.read(move |c| notifications::messages(c, &person, None, 50)).await.unwrap().rows;
    assert_eq!(told.iter().filter(|m| m.news == notifications::News::DeemedAccepted).count(), 1);
});

both!(a_case_of_a_department_with_a_system_is_dispatched_when_it_is_deemed_accepted, async |t| {
    made::endpoint(t, made::MARKET, "http://market.example/events").await;
    let case = made::submitted(t, FOOD).await;
    t.at(&format!("{} 08:00", case.accept_by.unwrap().succ_opt().unwrap()));
    a_minute_later(t).await;
    t.settle().await;
    assert_eq!(made::now(t, case.id).await.state, State::Dispatched);
    assert_eq!(t.http.sent().len(), 1);
});

both!(what_a_clerk_did_in_time_stays, async |t| {
    let case = made::submitted(t, HYGIENE).await;
    let (clerk, books) = (made::as_staff(t, "clerk.h01.1").await, t.app.books());
    let seen = made::fine(&made::elements(t, HYGIENE), &case);
    let case = t.app.db.write(move |c| flows::pre_accept(c, &clerk, &books, &seen)).await.unwrap();
    assert_eq!(case.state, State::PreAccepted);
    let accepted = made::accepted(t, FOOD).await;
    t.at("2026-03-20 08:00");
    a_minute_later(t).await;
    // Looked at in advance is not yet answered: silence accepts it.
    assert!(made::events(t, &case).await.contains(&Event::DeemAccepted));
    assert!(!made::events(t, &accepted).await.contains(&Event::DeemAccepted));
});

both!(a_correction_that_does_not_come_ends_the_case_and_one_that_comes_begins_the_days_anew, async |t| {
    let case = made::correcting(t, HYGIENE).await;
    let open = {
        let case = case.clone();
        t.app.db.read(move |c| cases::open_correction(c, &case)).await.unwrap().unwrap()
    };
    assert_eq!(open.due_on, flows::correction_due(&t.app.books(), t.clock.now().day()));
    // While the applicant has to act, the office's silence means nothing.
    t.at(&format!("{} 20:00", open.due_on));
    a_minute_later(t).await;
    assert_eq!(made::now(t, case.id).await.state, State::Correcting, "the last day is not over");

    t.at(&format!("{} 00:10", open.due_on.succ_opt().unwrap()));
    a_minute_later(t).await;
    let now = made::now(t, case.id).await;
    assert_eq!(now.state, State::Abandoned);
    assert_eq!(made::desk(t, &now).await, None);
    assert!(now.finished_at.is_some());

    // Another is answered on the last day: five working days again, from that day.
    let case = made::correcting(t, FOOD).await;
    let due = flows::correction_due(&t.app.books(), t.clock.now().day());
    t.at(&format!("{due} 23:00"));
    let (person, books) = (made::as_person(t, &made::declarer(FOOD)).await, t.app.books());
    let id = case.id;
    let answer =
        move |c: &mut cloudmart::db::Conn| flows::answer_correction(c, &person, &books, id, "已重新拍照。", None);
    let answered = t.app.db.write(answer).await.unwrap();
    assert_eq!(answered.state, State::Submitted);
    let five = calendar::Limit { days: 5, unit: calendar::Unit::Working };
    assert_eq!(answered.accept_by, Some(t.app.books().plan.due(due, five, &[]).day));
    t.at(&format!("{} 00:10", due.succ_opt().unwrap()));
    a_minute_later(t).await;
    assert_eq!(made::now(t, case.id).await.state, State::Submitted);
});
