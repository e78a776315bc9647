//! What the platform holds of a citizen: seen, taken along, ended.

use super::harness::{PASSWORD, TestApp};
use super::made::{self, FOOD};

async fn login_status(t: &TestApp, phone: &str) -> u16 {
    t.anyone().post("/login", &[("name", phone), ("password", PASSWORD)]).await.status
}

both!(a_citizen_sees_what_is_known_and_takes_it_along, async |t| {
    let case = made::submitted(t, FOOD).await;
    let citizen = t.citizen(&made::declarer(FOOD)).await;
    let page = citizen.get("/account/data").await;
    page.ok().has("实名核验").lacks(t.phone(&made::declarer(FOOD)));
    let action = "/account/data/export";
    citizen.submit(&page, action, &[("password", "")]).await.is(422).has("请填写密码");
    citizen.submit(&page, action, &[("password", "wrong-wrong")]).await.is(422).has("密码不对");
    let file = citizen.submit(&page, action, &[("password", PASSWORD)]).await;
    assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
    let all = file.json();
    assert_eq!(all["account"]["phone"], t.phone(&made::declarer(FOOD)));
    let receipt = case.receipt_no.as_deref().unwrap();
    let cases = all["cases"].as_array().unwrap();
    let found = cases.iter().find(|c| c["receipt_no"] == receipt).unwrap();
    assert!(found["answers"].as_object().is_some_and(|a| !a.is_empty()));
    assert!(found["files"].as_array().is_some_and(|f| !f.is_empty()));
});

both!(an_account_is_closed_when_nothing_is_under_way_and_its_number_is_free, async |t| {
    let who = made::declarer(FOOD);
    let case = made::submitted(t, FOOD).await;
    let (citizen, phone) = (t.citizen(&who).await, t.phone(&who));
    let elsewhere = t.citizen(&who).await;
    citizen.get("/account/close").await.ok().has("还有 1 件办理中的办件");
    citizen.post("/account/close", &[("password", PASSWORD)]).await.is(409).has("办完或撤回后才能注销");
    made::withdrawn(t, &case).await;
    made::draft(t, FOOD).await;
    let page = citizen.get("/account/close").await;
    citizen.submit(&page, "/account/close", &[("password", "wrong-wrong")]).await.is(422).has("密码不对");
    citizen.submit(&page, "/account/close", &[("password", PASSWORD)]).await.ok().at("/").has("账号已注销");

    for browser in [&citizen, &elsewhere] {
        assert_eq!(browser.get_once("/account").await.status, 303, "all sessions have ended");
    }
    assert_ne!(login_status(t, phone).await, 303);
    assert!(made::now(t, case.id).await.finished_at.is_some(), "the case stays");
    let fields = [
        ("phone", phone),
        ("email", ""),
        ("password", "八点半开门先扫地"),
        ("repeated", "八点半开门先扫地"),
        ("agree", "1"),
    ];
    t.anyone().post("/register", &fields).await.ok().lacks("已经注册");
});
