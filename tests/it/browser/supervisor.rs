//! Who watches: the board moves by itself, and each figure leads to the cases behind it.

use super::{Lang, Screen, Window, journey, number};
use crate::harness::TestApp;
use crate::made::{self, FOOD, HYGIENE};

journey!(a_supervisor_watches, Screen::Desk, Lang::Zh, watches);
journey!(a_supervisor_watches_on_a_phone, Screen::Phone, Lang::Zh, looks);

async fn watches(t: &TestApp, w: &Window<'_>) {
    let food = made::accepted(t, FOOD).await;
    w.log_in_staff("supervisor").await;
    w.at("/supervise").await;
    w.sees("今日受理 1 件").await;
    w.picture("board").await;
    // Nobody touches the window.
    made::accepted(t, HYGIENE).await;
    w.sees("今日受理 2 件").await;
    // The promised limit passes.
    t.at("2026-04-20 10:00");
    w.becomes(&t.supervisor().await).await;
    w.go("/supervise").await;
    w.picture("board-late").await;
    w.follow("红牌：超出承诺时限").await;
    w.at("/supervise/cases").await;
    w.sees(number(&food)).await;
    w.picture("late").await;
    w.follow(number(&food)).await;
    w.at("/supervise/cases/").await;
    w.sees("办理过程").await;
    w.sees("受理").await;
    w.picture("case").await;
}

async fn looks(t: &TestApp, w: &Window<'_>) {
    made::accepted(t, FOOD).await;
    w.becomes(&t.supervisor().await).await;
    w.go("/supervise").await;
    w.picture("board").await;
    w.go("/supervise/cases").await;
    w.picture("cases").await;
}
