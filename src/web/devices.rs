//! One's own devices: where one is logged in, and how to end that. For citizens and staff alike.

use actix_web::HttpResponse;
use serde::Serialize;

use super::form::Posted;
use super::guard::Anyone;
use super::page;
use crate::db::Conn;
use crate::identity::How;
use crate::identity::sessions::{self, Device, Lifetimes};
use crate::kernel::{Ctx, Error, Kind, Result, Ts};

/// A row of `partials/devices`.
#[derive(Debug, Serialize)]
pub struct DeviceRow {
    pub key: String,
    /// Text `how-…`.
    pub how: &'static str,
    pub browser: &'static str,
    pub system: &'static str,
    pub created_at: Ts,
    pub seen_at: Ts,
    pub is_this: bool,
}

/// So many, the first of which is this one.
pub(super) fn samples(n: usize) -> Vec<DeviceRow> {
    let at = Ts::from_micros(1_800_000_000_000_000);
    let all = How::ALL.iter().cycle().take(n).enumerate();
    let row = |(i, how): (usize, &How)| DeviceRow {
        key: "00".into(),
        how: how.code(),
        browser: if i == 1 { "" } else { "Chrome" },
        system: if i == 1 { "" } else { "Android" },
        created_at: at,
        seen_at: at,
        is_this: i == 0,
    };
    all.map(row).collect()
}

/// One's own, the last used first.
pub(super) fn of_self(c: &mut Conn, ctx: &Ctx, lives: Lifetimes, this: &[u8]) -> Result<Vec<DeviceRow>> {
    Ok(sessions::of_self(c, ctx, lives)?.into_iter().map(|d| row(d, this)).collect())
}

fn row(device: Device, this: &[u8]) -> DeviceRow {
    let (browser, system) = describe(&device.user_agent);
    DeviceRow {
        key: hex::encode(&device.key),
        how: device.how.code(),
        browser,
        system,
        created_at: device.created_at,
        seen_at: device.seen_at,
        is_this: device.key == this,
    }
}

/// Browser and system of a `User-Agent`, in names that people know; empty when it says neither. The order matters: most browsers
/// also claim to be others.
fn describe(agent: &str) -> (&'static str, &'static str) {
    const BROWSERS: [(&str, &str); 9] = [
        ("MicroMessenger", "WeChat"),
        ("AlipayClient", "Alipay"),
        ("HuaweiBrowser", "Huawei Browser"),
        ("MiuiBrowser", "Mi Browser"),
        ("QQBrowser", "QQ Browser"),
        ("Edg", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |n| n.1);
    (find(&BROWSERS), find(&SYSTEMS))
}

/// Ends one of one's own sessions (`session`), or all others (`others`), and goes back to the page.
pub(super) async fn end(who: &Anyone, form: &Posted, to: &str) -> Result<HttpResponse> {
    let this = who.session.as_ref().map(|s| s.key.clone()).ok_or_else(Error::unauthenticated)?;
    let ctx = who.ctx.clone();
    if form.has("others") {
        who.app.db.write(move |c| sessions::end_others(c, &ctx, &this)).await?;
        return Ok(page::redirect(to, "sessions-ended"));
    }
    let key = hex::decode(form.get("session")).map_err(|_| Error::not_found())?;
    if key == this {
        return Err(Error::not_found());
    }
    match who.app.db.write(move |c| sessions::end_own(c, &ctx, &key)).await {
        // It has ended by itself meanwhile: what was wanted is so.
        Err(e) if !e.is(Kind::NotFound) => Err(e),
        _ => Ok(page::redirect(to, "session-ended")),
    }
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn browsers_are_told_by_the_name_that_is_theirs_alone() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36 Edg/143.0";
        let wechat = "Mozilla/5.0 (Linux; Android 15; M2012) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0";
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1";
        assert_eq!(describe(edge), ("Edge", "Windows"));
        assert_eq!(describe(wechat), ("WeChat", "Android"));
        assert_eq!(describe(safari), ("Safari", "iPhone"));
        assert_eq!(describe("curl/8"), ("", ""));
    }
}
