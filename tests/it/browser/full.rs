//! A platform with cases in every state: each page that people of each kind come to, with much on it.

use cloudmart::cli::seed;
use cloudmart::outside::http::Answer;

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;
use crate::made::{self, MARKET, TRANSPORT};

journey!(everybody_has_much_to_look_at_a_desk, Screen::Desk, Lang::Zh, everybody);
journey!(everybody_has_much_to_look_at_on_a_phone, Screen::Phone, Lang::Zh, everybody);
journey!(everybody_has_much_to_look_at_in_english, Screen::Desk, Lang::En, everybody);

async fn everybody(t: &TestApp, w: &Window<'_>) {
    t.at("2026-03-04 10:20");
    for (department, url) in [(MARKET, "https://market.example/inbox"), (TRANSPORT, "https://transport.example/inbox")]
    {
        made::endpoint(t, department, url).await;
    }
    let down = |sent: &cloudmart::outside::http::Sent| {
        Ok(Answer::new(if sent.url.contains("transport") { 503 } else { 202 }, ""))
    };
    t.departments_answer(down);
    let accounts = seed::people(&t.app, "").await.unwrap();
    seed::cases(&t.app, &accounts).await.unwrap();
    t.settle().await;
    citizen(t, w).await;
    offices(t, w).await;
    watchers(t, w).await;
}

async fn citizen(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.citizen("linyue").await).await;
    w.go("/my").await;
    w.picture("my").await;
    let cases = w.links("/my/cases/", 0).await;
    assert!(cases.len() > 5, "{cases:?}");
    for case in cases {
        w.go(&case).await;
        for notice in w.links(&format!("{case}/notices/"), 0).await {
            w.go(&notice).await;
            w.go(&case).await;
        }
        for further in ["correction", "withdraw", "declaration"] {
            let page = format!("{case}/{further}");
            if w.links(&page, 0).await.contains(&page) {
                w.go(&page).await;
                w.go(&case).await;
            }
        }
    }
    w.picture("case").await;
    w.go("/my/messages").await;
    w.go("/account").await;
}

async fn offices(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.clerk().await).await;
    for tab in ["pre-accept", "accept", "waiting"] {
        let list = format!("/hall?tab={tab}");
        w.go(&list).await;
        for case in w.links("/hall/cases/", 2).await {
            w.go(&case).await;
            if tab == "pre-accept" {
                marks_a_defect(w).await;
            }
        }
    }
    for login in ["wsjk.handler", "wsjk.approver", "jyj.reviewer"] {
        w.becomes(&t.staff(login).await).await;
        w.go("/desk").await;
        for case in w.links("/desk/cases/", 2).await {
            w.go(&case).await;
        }
        w.picture(login).await;
    }
}

/// As a clerk does who finds one thing wrong.
async fn marks_a_defect(w: &Window<'_>) {
    let words = |zh: &'static str, en: &'static str| if w.lang() == Lang::Zh { zh } else { en };
    w.press(words("其余都符合", "All others fit")).await;
    w.tick(words("需补正", "To be corrected")).await;
    w.picture("hall-case").await;
}

async fn watchers(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.supervisor().await).await;
    w.go("/supervise").await;
    w.picture("board").await;
    for which in ["open", "over", "near", "answering", "submitted", "finished"] {
        w.go(&format!("/supervise/cases?which={which}")).await;
    }
    for case in w.links("/supervise/cases/", 3).await {
        w.go(&case).await;
    }
    w.becomes(&t.admin().await).await;
    for list in ["/admin/exchange", "/admin/staff", "/admin/departments", "/admin/halls"] {
        w.go(list).await;
        w.picture(&list.replace("/admin/", "")).await;
        for page in w.links(&format!("{list}/"), 2).await {
            w.go(&page).await;
        }
    }
    w.go("/admin/jobs").await;
}
