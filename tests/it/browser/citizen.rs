//! Somebody with something to get done: an account, an identity, a declaration, a correction, a result.

use cloudmart::approval::OpinionVerdict;
use cloudmart::cases::{self, CaseId, Decision, NewFile, Verdict};
use cloudmart::flows::{self, Opined};

use super::{Lang, Screen, Window, form, journey};
use crate::harness::{NEWCOMER, TestApp};
use crate::made::{self, HEALTH, HYGIENE};

journey!(a_citizen_gets_it_done_at_a_desk, Screen::Desk, Lang::Zh, gets_it_done);
journey!(a_citizen_gets_it_done_on_a_phone, Screen::Phone, Lang::Zh, gets_it_done);
journey!(a_citizen_takes_the_result_home, Screen::Desk, Lang::Zh, takes_the_result_home);

const SECRET: &str = "清晨江边跑步八圈";
const HOME: &str = "云川市澄湖区湖滨街道湖韵路20号3栋1单元402";
/// Decided at the desk of the police.
const ITEM: &str = "residence-permit";
const POLICE: &str = "gaj";
const CARD: &[u8] = include_bytes!("../../../seed-data/demo/files/id-card-hezimo.jpg");
const PHOTO: &[u8] = include_bytes!("../../../seed-data/demo/files/photo-hezimo.jpg");

async fn gets_it_done(t: &TestApp, w: &Window<'_>) {
    // What people say leads to the item, and the item to its form by way of an account.
    w.go("/").await;
    w.fill("搜索", "外地人办居住证").await;
    w.follow("搜索").await;
    w.follow("在线申报").await;
    w.at("/login").await;
    becomes_known(w).await;
    let case = declares(t, w).await;
    corrects(t, w, case).await;
    gets_the_result(t, w, case).await;
    asks_without_account(t, w).await;
}

async fn becomes_known(w: &Window<'_>) {
    w.fill("手机号或身份证号", NEWCOMER.phone).await;
    w.fill("密码", SECRET).await;
    w.follow("登录").await;
    w.sees("账号或密码不对").await;
    w.picture("login").await;
    w.follow("没有账号？去注册").await;
    w.at("/register").await;
    w.fill("手机号码", NEWCOMER.phone).await;
    w.fill("密码", SECRET).await;
    w.fill("再输一次密码", "清晨江边跑步九圈").await;
    w.follow("同意并注册").await;
    w.sees("两次输入的密码不一样").await;
    w.sees("请先阅读并同意服务协议").await;
    w.picture("register").await;
    // What is no secret is still there.
    assert_eq!(w.value("手机号码").await, NEWCOMER.phone);
    w.fill("密码", SECRET).await;
    w.fill("再输一次密码", SECRET).await;
    w.tick("我已阅读并同意").await;
    w.follow("同意并注册").await;

    w.at("/account/verify").await;
    w.fill("姓名", NEWCOMER.name).await;
    w.fill("身份证号", "980103199908213711").await;
    w.follow("核验").await;
    w.at("/account/verify").await;
    w.picture("verify").await;
    w.fill("身份证号", NEWCOMER.id_number).await;
    w.follow("核验").await;
    // One thing more makes it a registration.
    w.at("/account/verify").await;
    w.sees("这一项核验通过").await;
    w.tick("社保卡卡号").await;
    w.fill("号码", "D12345678").await;
    w.picture("verify-factor").await;
    w.follow("核验").await;
    // Back where it began.
    w.at(&format!("/declare/{ITEM}")).await;
    w.sees("实名核验通过").await;

    w.go("/account").await;
    w.fill("常用地址", HOME).await;
    w.follow("保存").await;
    assert_eq!(w.value("常用地址").await, HOME);
    w.picture("account").await;
    w.follow("退出").await;
    w.log_in_with(NEWCOMER.phone, SECRET).await;
}

async fn declares(t: &TestApp, w: &Window<'_>) -> CaseId {
    w.go(&format!("/declare/{ITEM}")).await;
    w.sees("您已满足").await;
    w.picture("declare-start").await;
    w.follow("开始填写").await;
    w.sees(NEWCOMER.name).await;
    // Nothing said yet; then all of it, and left half-way, and found again.
    w.follow("保存并下一步").await;
    w.sees("处需要修改").await;
    w.picture("declare-faults").await;
    w.go(&w.path().await).await;
    form::answer(w, &made::elements(t, ITEM), &made::answers(ITEM)).await;
    w.picture("declare-form").await;
    w.follow("保存，以后再填").await;
    w.go(&format!("/declare/{ITEM}")).await;
    w.sees("您有一份没填完的申报").await;
    w.follow("接着填").await;
    w.follow("保存并下一步").await;

    w.sees("还差").await;
    // A file that is not what its name says.
    w.upload("material.id_card", &w.file("身份证.jpg", b"this is no picture")).await;
    w.sees("身份证.jpg").await;
    w.picture("declare-file-fault").await;
    w.upload("material.id_card", &w.file("身份证.jpg", CARD)).await;
    w.upload("material.photo", &w.file("照片.jpg", PHOTO)).await;
    // Who works here proves that; who was asked for a home or a school is somebody else.
    w.lacks("学籍").await;
    w.upload("material.work", &w.file("劳动合同.jpg", CARD)).await;
    w.sees("必要材料齐了").await;
    w.picture("declare-materials").await;
    w.follow("下一步：核对提交").await;

    w.sees(NEWCOMER.name).await;
    w.follow("提交申报").await;
    w.sees("请先勾选").await;
    w.tick("以上内容和材料真实、有效").await;
    w.picture("declare-review").await;
    w.follow("提交申报").await;
    w.sees("申报已提交").await;
    w.sees("查询码").await;
    w.picture("declare-done").await;
    w.follow("看办件进度").await;
    w.at("/my/cases/").await;
    w.sees("已提交，等待预审").await;
    w.picture("case").await;
    let id = w.path().await.rsplit('/').next().unwrap().to_owned();
    id.parse().unwrap_or_else(|_| panic!("{id} is no case"))
}

/// The window asks for one thing, and gets it.
async fn corrects(t: &TestApp, w: &Window<'_>, case: CaseId) {
    let (clerk, books) = (made::as_staff(t, "clerk.h01.1").await, t.app.books());
    let mut seen = made::fine(&made::elements(t, ITEM), &made::now(t, case).await);
    (seen.verdicts[0].1, seen.verdicts[0].2) = (Verdict::Defect, "看不清号码，请重新拍照上传。".into());
    t.app.db.write(move |c| flows::ask_correction(c, &clerk, &books, &seen, "")).await.unwrap();
    t.settle().await;

    w.go("/my").await;
    w.sees("等您补正").await;
    w.picture("my").await;
    w.go(&format!("/my/cases/{case}")).await;
    w.sees("请您补正材料").await;
    w.sees("看不清号码，请重新拍照上传。").await;
    w.picture("case-correcting").await;
    w.follow("去补正").await;
    w.sees("看不清号码，请重新拍照上传。").await;
    w.picture("correction").await;
    w.attach("material.id_card", &w.file("身份证（重拍）.jpg", CARD)).await;
    w.fill("补充说明", "已重新拍照。").await;
    w.follow("提交补正").await;
    w.sees("补正已提交").await;
    w.sees("已提交，等待预审").await;
}

/// Three people of the department decide.
async fn gets_the_result(t: &TestApp, w: &Window<'_>, id: CaseId) {
    let who = |role: &str| format!("{POLICE}.{role}");
    let clerk = made::as_staff(t, "clerk.h01.1").await;
    let (handler, reviewer) = (made::as_staff(t, &who("handler")).await, made::as_staff(t, &who("reviewer")).await);
    let (approver, books) = (made::as_staff(t, &who("approver")).await, t.app.books());
    let seen = made::fine(&made::elements(t, ITEM), &made::now(t, id).await);
    let opined = move |rev| Opined { id, rev, opinion: "材料齐全、符合法定条件。".into() };
    let decide = move |c: &mut cloudmart::db::Conn| {
        let case = flows::accept(c, &clerk, &books, &seen)?.0;
        let case = flows::handle(c, &handler, &opined(case.rev), Decision::Granted, "")?;
        let case = flows::review(c, &reviewer, &opined(case.rev), OpinionVerdict::Agree)?;
        flows::approve(c, &approver, &books, &opined(case.rev))
    };
    t.app.db.write(decide).await.unwrap();
    t.settle().await;

    w.go("/my/messages").await;
    w.sees("已办结：准予").await;
    w.picture("messages").await;
    w.go(&format!("/my/cases/{id}")).await;
    w.sees("已办结：准予").await;
    w.picture("case-granted").await;
    w.follow("准予").await;
    w.sees("决定准予").await;
    w.picture("notice").await;
}

/// Number and code are enough to ask how it stands; what is wrong is said without saying which of them.
async fn asks_without_account(_: &TestApp, w: &Window<'_>) {
    w.go("/progress").await;
    w.fill("回执号或办件编号", "260302000009").await;
    w.fill("查询码", "ABCD2345").await;
    w.follow("查询").await;
    w.sees("编号和查询码对不上").await;
    w.picture("progress").await;
}

/// The licence itself, as a file.
async fn takes_the_result_home(t: &TestApp, w: &Window<'_>) {
    let case = made::granted_at_desk(t, HYGIENE, HEALTH).await;
    let (ctx, id) = (made::as_department(t, HEALTH), case.id);
    let hash = t.app.files.put(made::PDF.to_vec()).await.unwrap();
    let (key, name, size) = ("result".to_owned(), "公共场所卫生许可证.pdf".to_owned(), made::PDF.len() as i64);
    let file = NewFile { key, name, hash, size, mime: "application/pdf" };
    t.app.db.write(move |c| cases::add_result(c, &ctx, &case, &file)).await.unwrap();

    w.becomes(&t.citizen(&made::declarer(HYGIENE)).await).await;
    w.go(&format!("/my/cases/{id}")).await;
    w.sees("已办结：准予").await;
    w.picture("case").await;
    w.press("公共场所卫生许可证.pdf").await;
    assert_eq!(w.downloaded().await, made::PDF);
}
