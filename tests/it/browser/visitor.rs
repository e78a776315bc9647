//! Somebody who only looks: what is there, what it takes, where to go.

use serde_json::json;

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;

journey!(a_visitor_looks_around_at_a_desk, Screen::Desk, Lang::Zh, looks_around);
journey!(a_visitor_looks_around_on_a_phone, Screen::Phone, Lang::Zh, looks_around);
journey!(a_visitor_finds_the_nearest_hall, Screen::Phone, Lang::Zh, finds_the_nearest_hall);
journey!(a_visitor_looks_around_in_english, Screen::Desk, Lang::En, looks_around_in_english);

async fn looks_around(_: &TestApp, w: &Window<'_>) {
    w.go("/").await;
    w.picture("home").await;
    // What people say, not what the law calls it.
    w.fill("搜索", "开饭店").await;
    w.follow("搜索").await;
    w.at("/items").await;
    w.sees("食品经营许可").await;
    w.picture("search").await;
    w.follow("食品经营许可（新办）").await;
    w.at("/items/food-operation-licence").await;
    for part in ["能不能办", "要什么材料", "工作日", "食品经营许可证"] {
        w.sees(part).await;
    }
    w.picture("guide").await;

    // By the first letters alone, and with the keyboard alone: down, Enter.
    w.go("/").await;
    w.fill("搜索", "jszg").await;
    w.sees("教师资格认定").await;
    w.picture("suggest").await;
    w.follow_keys("\u{E015}\u{E007}").await;
    w.at("/items/teacher-qualification").await;

    w.go("/items?q=没有这样的事项哦").await;
    w.sees("没有找到").await;
    w.go("/halls").await;
    w.picture("halls").await;
    w.follow("云川市").await;
    w.at("/halls/").await;
    w.sees("窗口").await;
    w.picture("hall").await;

    w.go("/no/such/page").await;
    w.sees("找不到这个页面").await;
    w.go("/items/no-such-item").await;
    w.sees("找不到").await;
    w.follow("回首页").await;
    w.at("/").await;
}

async fn finds_the_nearest_hall(t: &TestApp, w: &Window<'_>) {
    let order = async || {
        let codes =
            "return Array.from(document.querySelectorAll('#halls > li'), (li) => li.querySelector('a').pathname)";
        w.script(codes, &[])
            .await
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let may = async |setting: &str| {
        let params = json!({"origin": t.url, "permission": {"name": "geolocation"}, "setting": setting});
        w.command("goog/cdp/execute", json!({"cmd": "Browser.setPermission", "params": params})).await;
    };
    w.go("/items/food-operation-licence").await;
    may("denied").await;
    w.press("离我最近").await;
    w.sees("没有得到定位许可").await;
    assert_eq!(order().await[0], "/halls/H01");
    // Without it: one's own district first.
    w.choose_value("district", "980104000000").await;
    w.follow("找大厅").await;
    w.sees("您的区").await;
    assert_eq!(order().await[0], "/halls/H03");

    w.go("/items/food-operation-licence").await;
    may("granted").await;
    // Beside H02.
    let place = json!({"latitude": 22.8846, "longitude": 115.5712, "accuracy": 20});
    w.command("goog/cdp/execute", json!({"cmd": "Emulation.setGeolocationOverride", "params": place})).await;
    w.press("离我最近").await;
    w.sees("已按距离排好").await;
    let sorted = order().await;
    assert_eq!(sorted[..3], ["/halls/H02", "/halls/H01", "/halls/H03"], "{sorted:?}");
    w.sees("约 10 米").await;
    w.sees("公里").await;
    w.picture("nearest").await;
    let address = w.script("return location.href", &[]).await.to_string();
    assert!(!address.contains("22.8") && !address.contains("115.5"), "{address}");
    // Nobody was told: no request of this page names the place.
    let asked = "return performance.getEntriesByType('resource').map((e) => e.name).join(' ')";
    let asked = w.script(asked, &[]).await;
    assert!(!asked.as_str().unwrap().contains("22.8"), "{asked}");
}

async fn looks_around_in_english(_: &TestApp, w: &Window<'_>) {
    w.go("/").await;
    w.sees("Cloud Supermarket").await;
    w.picture("home").await;
    w.fill("Search", "open a restaurant").await;
    w.follow("Search").await;
    w.picture("search").await;
    w.go("/items/food-operation-licence").await;
    w.picture("guide").await;
    w.log_in("13800138101").await;
    w.go("/").await;
    w.lacks("Register").await;
    w.follow("My cases").await;
    w.at("/my").await;
    w.go("/account").await;
    w.picture("account").await;
    w.switch("中文", Lang::Zh).await;
    w.sees("我的账号").await;
}
