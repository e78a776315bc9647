//! Mails: what is told leaves the house once, is tried again, or laid aside.

use cloudmart::db::Conn;
use cloudmart::kernel::{Id, Lang, Text};
use cloudmart::notifications::{self, News, Tell};

use super::harness::TestApp;
use super::story;

/// Tells somebody something by mail.
async fn tell(t: &TestApp, news: News, lang: Lang) {
    let (person, ctx) = (t.person("linyue").await, t.system());
    let tell = Tell {
        person,
        case_id: Id::random(),
        news,
        item: Text::new("老年人优待证 <新办>", "Senior citizen card <new>"),
        receipt_no: "260302000017".into(),
        mail: Some(("linyue@example.com".into(), lang)),
        name: "林悦".into(),
        due_on: "2026-03-09".into(),
        reason: "请重拍 <清楚>".into(),
    };
    t.app.db.write(move |c: &mut Conn| notifications::tell(c, &ctx, &tell)).await.unwrap();
}

both!(a_mail_is_sent_once, async |t| {
    let case = story::submitted(t, story::CARD).await;
    t.settle().await;
    t.settle().await;
    let sent = t.mailer.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    let no = case.receipt();
    assert!(sent[0].subject.contains(no) && sent[0].subject.starts_with("申报已提交"), "{}", sent[0].subject);
    let link = format!("{}/my/cases/{}", t.url, case.id);
    let html = sent[0].html.clone().unwrap();
    assert!(sent[0].text.contains(&link) && html.contains(&format!("href=\"{link}\"")), "{}", sent[0].text);
    assert!(sent[0].text.contains("最晚答复：2026-03-09"), "{}", sent[0].text);
    assert!(sent[0].message_id.ends_with("@127.0.0.1"), "{}", sent[0].message_id);
    let code = story::query_code(t, case.id).await;
    assert!(!sent[0].text.contains(&code) && !html.contains(&code), "the query code is no matter for mails");
});

both!(a_mail_that_could_not_be_sent_is_tried_again, async |t| {
    tell(t, News::Granted, Lang::Zh).await;
    t.mailer.fail_with(Some("mail-down"));
    t.settle().await;
    t.mailer.fail_with(None);
    t.settle().await;
    assert_eq!(t.mailer.sent(), [], "not before its time");
    t.advance(61);
    t.settle().await;
    assert_eq!(t.mailer.sent().len(), 1);
    t.advance(7 * 3600);
    t.settle().await;
    assert_eq!(t.mailer.sent().len(), 1);
});

both!(a_mail_of_a_process_that_died_is_sent_by_another_under_its_id, async |t| {
    tell(t, News::Granted, Lang::Zh).await;
    let ctx = t.system();
    let leased = t.app.db.write(move |c: &mut Conn| notifications::due_mails(c, &ctx, 10)).await.unwrap();
    t.settle().await;
    assert_eq!(t.mailer.sent(), [], "it is another's while the lease lasts");
    t.advance(16 * 60);
    t.settle().await;
    let sent = t.mailer.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].message_id, format!("{}@127.0.0.1", leased[0].id));
});

both!(a_mail_that_is_refused_is_laid_aside, async |t| {
    tell(t, News::Granted, Lang::Zh).await;
    t.mailer.fail_with(Some("mail-refused"));
    t.settle().await;
    t.mailer.fail_with(None);
    for _ in 0..3 {
        t.advance(24 * 3600);
        t.settle().await;
    }
    assert_eq!(t.mailer.sent(), [], "nobody tries again what was refused for good");
});

both!(one_that_is_refused_holds_up_no_other, async |t| {
    tell(t, News::Granted, Lang::Zh).await;
    t.mailer.fail_with(Some("mail-refused"));
    t.settle().await;
    t.mailer.fail_with(None);
    tell(t, News::Refused, Lang::Zh).await;
    t.settle().await;
    let subjects: Vec<_> = t.mailer.sent().into_iter().map(|m| m.subject).collect();
    assert!(subjects.iter().any(|s| s.starts_with("已办结，不予")), "{subjects:?}");
});

both!(every_news_has_words_in_both_languages, async |t| {
    for news in News::ALL {
        for lang in Lang::ALL {
            tell(t, *news, lang).await;
        }
    }
    t.settle().await;
    let sent = t.mailer.sent();
    assert_eq!(sent.len(), News::ALL.len() * 2);
    for mail in &sent {
        let html = mail.html.clone().unwrap();
        assert!(!mail.subject.contains('[') && !mail.text.contains("[mail-"), "{}\n{}", mail.subject, mail.text);
        assert!(!html.contains("[mail-") && html.contains("&lt;"), "{html}");
        let (item, other) = match html.contains("lang=\"en\"") {
            true => ("Senior citizen card <new>", "老年人优待证"),
            false => ("老年人优待证 <新办>", "Senior citizen card"),
        };
        assert!(mail.text.contains(item) && !mail.text.contains(other), "{}", mail.text);
    }
    let english = sent.iter().filter(|m| m.text.contains("Dear 林悦,")).count();
    assert_eq!(english, News::ALL.len());
});
