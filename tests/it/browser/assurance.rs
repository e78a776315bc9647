//! Somebody who is asked for their face just where it is needed, shows it at the verifier, and comes back.

use cloudmart::cases::{CaseId, State};
use cloudmart::identity::EvidenceKind;

use super::{Lang, Screen, Walk, Window, walk_beside};
use crate::harness::TestApp;
use crate::made;

/// Asks for a face, of just now, when it is handed in.
const ITEM: &str = "disability-certificate";

#[test]
fn a_face_is_shown_at_the_last_step_at_a_desk() {
    with_sandbox("face_desk", Screen::Desk, Lang::Zh, |t, w| Box::pin(shows_a_face(t, w)));
}

#[test]
fn a_face_is_shown_at_the_last_step_on_a_phone() {
    with_sandbox("face_phone", Screen::Phone, Lang::Zh, |t, w| Box::pin(shows_a_face(t, w)));
}

#[test]
fn the_levels_are_read_in_english() {
    with_sandbox("levels", Screen::Phone, Lang::En, |t, w| Box::pin(reads_the_levels(t, w)));
}

/// A journey with the verifier of the sandbox.
fn with_sandbox(
    name: &'static str,
    screen: Screen,
    lang: Lang,
    body: impl for<'a> FnOnce(&'a TestApp, &'a Window<'a>) -> Walk<'a> + 'static,
) {
    walk_beside(name, screen, lang, |config, at| config.verifier.url = at.verifier_url(), body);
}

async fn shows_a_face(t: &TestApp, w: &Window<'_>) {
    let draft: CaseId = made::draft(t, ITEM).await;
    let key = made::declarer(ITEM);
    w.becomes(&t.citizen(&key).await).await;
    w.go(&format!("/declare/drafts/{draft}/review")).await;
    w.sees("提交前要达到三级").await;
    w.tick("以上内容和材料真实、有效").await;
    w.picture("review").await;
    w.follow("提交申报").await;
    w.at("/account/step-up").await;
    w.sees("本人刷脸一次").await;
    w.lacks("卡面上的号码").await;
    w.picture("step-up").await;
    // It is somebody else who looks into the camera first.
    w.follow("去刷脸").await;
    w.at("/account/faces/").await;
    w.picture("face").await;
    w.leave_by("在这台设备上刷脸").await;
    w.leave_by("不是本人").await;
    w.sees("mismatch").await;
    w.leave_by("返回办事平台").await;
    w.sees("与身份证照片不像").await;
    w.picture("face-refused").await;
    w.follow("返回，再试一次").await;
    w.follow("去刷脸").await;
    w.leave_by("在这台设备上刷脸").await;
    w.sees("是我本人").await;
    w.leave_by("是我本人").await;
    w.leave_by("返回办事平台").await;
    // Back where it was, with what had been ticked.
    w.at(&format!("/declare/drafts/{draft}/review")).await;
    w.sees("刷脸通过").await;
    w.picture("back").await;
    w.follow("提交申报").await;
    w.sees("申报已提交").await;
    assert_eq!(made::now(t, draft).await.state, State::Submitted);
    w.go("/account").await;
    w.sees("三级（本人刷脸）").await;
    w.picture("account").await;
    w.go("/account/verify").await;
    w.sees("到窗口当面核验").await;
    w.picture("levels").await;
}

async fn reads_the_levels(t: &TestApp, w: &Window<'_>) {
    w.becomes(&t.citizen("linyue").await).await;
    w.go("/account/verify").await;
    w.sees("The four levels").await;
    w.sees("Show your face").await;
    w.picture("levels").await;
    w.go("/account/step-up?step=collect&item=residence-permit&back=/my").await;
    w.sees("One more check").await;
    w.picture("step-up").await;
    made::shown(t, "linyue", EvidenceKind::WindowCard).await;
    w.go("/account/verify").await;
    w.sees("level 4 (at a window)").await;
}
