//! Programs that call the API, as administrators look after them.

use crate::harness::{Seen, TestApp};

const PLACE: &str = "/admin/clients";

async fn token(t: &TestApp, secret: &str) -> Seen {
    let body = format!("grant_type=client_credentials&client_id=kiosk-7&client_secret={secret}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    t.anyone().post_bytes("/api/v1/token", &form, body.as_bytes()).await
}

/// What a declaration that says nothing is answered: 401, or that something is missing in it.
async fn declares(t: &TestApp, token: &str) -> u16 {
    let bearer = format!("Bearer {token}");
    let headers =
        [("authorization", bearer.as_str()), ("idempotency-key", "k-1"), ("content-type", "application/json")];
    t.anyone().post_bytes("/api/v1/declarations", &headers, b"{}").await.status
}

fn secret(page: &Seen) -> String {
    page.between("data-copy=\"", "\"")
}

/// The address of the one client on a page.
fn own(page: &Seen) -> String {
    format!("{PLACE}/{}", page.between(&format!("action=\"{PLACE}/"), "\""))
}

both!(an_administrator_looks_after_programs, async |t| {
    let admin = t.admin().await;
    let page = admin.get(PLACE).await;
    page.ok().has("还没有接口调用方");
    let wrong = admin.submit(&page, PLACE, &[("client_id", "Kiosk 7"), ("scope", "cases")]).await;
    wrong.is(422).has("请填 3 到 40 位小写字母").has("请填名称").has("要选代表哪个部门");
    admin.submit(&page, PLACE, &[("client_id", "kiosk-7"), ("name", "自助终端")]).await.is(422).has("至少选一项");
    let fine = [("client_id", "kiosk-7"), ("name", "自助终端"), ("scope", "declare")];
    let made = admin.submit(&page, PLACE, &fine).await;
    made.ok().has("密钥只显示这一次");
    let first = secret(&made);
    admin.submit(&page, PLACE, &fine).await.is(422).has("已经有调用方在用");
    let page = admin.get(PLACE).await;
    page.ok().has("自助终端").has("代申请人申报").lacks(&first);

    let given = token(t, &first).await;
    let bearer = given.ok().json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(declares(t, &bearer).await, 422);
    // Switched off, its token is void at once, and it gets no other.
    admin.post(&own(&page), &[("act", "off")]).await.ok().has("已停用").has("启用");
    assert_eq!(declares(t, &bearer).await, 401);
    token(t, &first).await.is(401);
    admin.post(&own(&page), &[("act", "on")]).await.ok().has("已启用");
    assert_eq!(declares(t, &bearer).await, 422);
    // A new secret takes the place of the old one.
    let renewed = admin.post(&own(&page), &[("act", "renew")]).await;
    let second = secret(renewed.ok().has("密钥已更换"));
    token(t, &first).await.is(401);
    token(t, &second).await.ok();
    admin.post(&own(&page), &[("act", "nothing")]).await.is(404);
    let nobody = cloudmart::kernel::Id::random();
    for act in ["on", "off", "renew"] {
        admin.post(&format!("{PLACE}/{nobody}"), &[("act", act)]).await.is(404);
    }
    // Who looks after accounts alone, or does business, does not look after programs.
    t.clerk().await.get_once(PLACE).await.is(403);
});
