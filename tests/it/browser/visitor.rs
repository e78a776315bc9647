//! Somebody who only looks: what is there, what it takes, where to go.

use super::{Lang, Screen, Window, journey};
use crate::harness::TestApp;

journey!(a_visitor_looks_around_at_a_desk, Screen::Desk, Lang::Zh, looks_around);
journey!(a_visitor_looks_around_on_a_phone, Screen::Phone, Lang::Zh, looks_around);
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
