//! What a person does at a browser, by the words on the page: click, type, choose, look.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cloudmart::identity::sessions::COOKIE;
use cloudmart::kernel::totp;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use super::chromium::Chromium;
use super::{Lang, Screen, look, picture};
use crate::harness::{Browser, PASSWORD, TestApp};

/// Keys as the driver names them.
pub const TAB: &str = "\u{E004}";
pub const ENTER: &str = "\u{E007}";

/// How long a page may take on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_secs(20);

/// Finds what a person would take for the control of these words. `kinds` are selectors; a whole match goes before a beginning, and
/// that before any part; what stands in the page goes before its frame. What is not shown is not there.
const FIND: &str = include_str!("find.js");

/// The control of a label, or the one that says this of itself.
const FIELD: &str = include_str!("field.js");

pub struct Window<'a> {
    t: &'a TestApp,
    /// By which address the platform is reached.
    base: RefCell<String>,
    client: Client,
    journey: &'static str,
    pub screen: Screen,
    lang: Cell<Lang>,
    // Last: it ends the browser.
    chromium: Chromium,
}

impl<'a> Window<'a> {
    pub async fn open(t: &'a TestApp, journey: &'static str, screen: Screen, lang: Lang) -> Self {
        let chromium = Chromium::start();
        let client = chromium.open(screen, lang).await;
        Self { t, base: RefCell::new(t.url.clone()), client, journey, screen, lang: Cell::new(lang), chromium }
    }

    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }

    // Going.

    /// From now on the platform is reached by this machine's name, as passkeys want it.
    pub fn by_name(&self) {
        *self.base.borrow_mut() = self.t.url.replace("127.0.0.1", "localhost");
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base.borrow())
    }

    /// Opens an address by typing it.
    pub async fn go(&self, path: &str) {
        self.client.goto(&self.address(path)).await.unwrap();
        self.check().await;
    }

    /// Follows a link or presses a button, and looks at the page that it leads to.
    pub async fn follow(&self, words: &str) {
        let control = self.control(words).await;
        self.leave(self.click(&control)).await;
    }

    /// Follows a link or presses a button that leads to a page which is none of ours, and is not looked at.
    pub async fn leave_by(&self, words: &str) {
        let control = self.control(words).await;
        self.gone(self.click(&control)).await;
    }

    /// Chooses the other language.
    pub async fn switch(&self, words: &str, lang: Lang) {
        self.lang.set(lang);
        self.follow(words).await;
    }

    /// Presses a button that stays on the page.
    pub async fn press(&self, words: &str) {
        let control = self.control(words).await;
        self.click(&control).await;
    }

    /// Scrolls to it, so that no bar lies over it, and clicks.
    async fn click(&self, control: &Element) {
        let it = serde_json::to_value(control).unwrap();
        self.script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' }); return 1", &[it]).await;
        control.click().await.unwrap();
    }

    /// Presses keys where the focus is, and looks at the page that this leads to.
    pub async fn follow_keys(&self, keys: &str) {
        self.leave(self.keys(keys)).await;
    }

    /// Presses keys where the focus is, one after the other.
    pub async fn keys(&self, keys: &str) {
        let presses = keys.chars().fold(KeyActions::new("keys".into()), |all, value| {
            all.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.client.perform_actions(presses).await.unwrap();
    }

    /// Does what leads to another page, waits for that, and looks at it.
    async fn leave(&self, act: impl Future<Output = ()>) {
        self.gone(act).await;
        self.check().await;
    }

    /// Does what leads to another page, and waits for that.
    async fn gone(&self, act: impl Future<Output = ()>) {
        self.script("document.documentElement.dataset.old = '1'; return 1", &[]).await;
        act.await;
        let arrived = "return document.readyState === 'complete' && !document.documentElement.dataset.old";
        self.until(|| async { self.script(arrived, &[]).await == json!(true) }, || "the page did not change".into())
            .await;
    }

    async fn check(&self) {
        let faults = look::faults(self, self.lang.get()).await;
        assert!(faults.is_empty(), "{} at {} px:\n  {}", self.path().await, self.screen.size().0, faults.join("\n  "));
    }

    // Filling in.

    /// Types into the field of this label, instead of what stands there.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// As [`Window::fill`], by the field's name where its label is not known to the journey.
    pub async fn fill_named(&self, name: &str, text: &str) {
        let field = self.css(&format!("[name='{name}']")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Ticks one of several by the value that it sends, unless it is ticked.
    pub async fn tick_value(&self, name: &str, value: &str) {
        let choice = self.css(&format!("[name='{name}'][value='{value}']")).await;
        if !choice.is_selected().await.unwrap() {
            self.click(&choice).await;
        }
    }

    pub async fn choose_value(&self, name: &str, value: &str) {
        self.css(&format!("[name='{name}']")).await.select_by_value(value).await.unwrap();
    }

    /// Gives a date to a field that opens a picker of the browser's own.
    pub async fn set(&self, name: &str, value: &str) {
        let script = "const e = arguments[0]; e.focus(); e.value = arguments[1]; \
                      e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); return e.value";
        let field = serde_json::to_value(self.css(&format!("[name='{name}']")).await).unwrap();
        assert_eq!(self.script(script, &[field, json!(value)]).await, json!(value), "{name} does not take {value}");
    }

    /// Chooses an option of a list by its words.
    pub async fn choose(&self, label: &str, option: &str) {
        self.field(label).await.select_by_label(option).await.unwrap();
    }

    /// Ticks a box or a choice by clicking its label.
    pub async fn tick(&self, label: &str) {
        let label = self.one(FIND, label, "label").await;
        self.click(&label).await;
    }

    /// Chooses a file for the field of this name.
    pub async fn attach(&self, name: &str, file: &Path) {
        self.css(&format!("input[type=file][name='{name}']"))
            .await
            .send_keys(&file.display().to_string())
            .await
            .unwrap();
    }

    /// Chooses a file for a field that sends it at once.
    pub async fn upload(&self, name: &str, file: &Path) {
        self.leave(self.attach(name, file)).await;
    }

    /// A file of this name and content to choose.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let place = self.chromium.downloads().with_file_name("chosen");
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join(name), content).unwrap();
        place.join(name)
    }

    /// The field of a label.
    pub async fn field(&self, label: &str) -> Element {
        self.one(FIELD, label, "").await
    }

    async fn control(&self, words: &str) -> Element {
        self.one(FIND, words, "a[href], button, summary, input[type=submit]").await
    }

    async fn one(&self, script: &str, words: &str, kinds: &str) -> Element {
        let found = self.script(script, &[json!(words), json!(kinds)]).await;
        let Some(id) = found.as_object().and_then(|o| o.values().next()).and_then(Value::as_str) else {
            panic!("{} has nothing called {words:?}:\n{}", self.path().await, self.text().await)
        };
        Element::from_element_id(self.client.clone(), id.to_owned().into())
    }

    pub async fn css(&self, selector: &str) -> Element {
        let found = self.client.find(Locator::Css(selector)).await;
        match found {
            Ok(found) => found,
            Err(e) => panic!("{} has no {selector}: {e}\n{}", self.path().await, self.text().await),
        }
    }

    // Seeing.

    /// Waits until the words stand on the page, as a person reads it.
    pub async fn sees(&self, words: &str) {
        self.until(|| async { self.text().await.contains(words) }, || format!("does not show {words:?}")).await;
    }

    /// As [`Window::sees`], within a part of the page.
    pub async fn sees_in(&self, selector: &str, words: &str) {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let text = || async { self.script(script, &[json!(selector)]).await.as_str().unwrap_or_default().to_owned() };
        self.until(|| async { text().await.contains(words) }, || format!("does not show {words:?} in {selector}"))
            .await;
    }

    /// Waits until the words are gone from the page.
    pub async fn goes(&self, words: &str) {
        self.until(|| async { !self.text().await.contains(words) }, || format!("still shows {words:?}")).await;
    }

    pub async fn lacks(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.contains(words), "{} shows {words:?}:\n{text}", self.path().await);
    }

    /// Whether the address is this one (without its query), or begins with one that ends in `/`.
    pub async fn at(&self, path: &str) {
        let here = self.path().await;
        let matches = if path.len() > 1 && path.ends_with('/') { here.starts_with(path) } else { here == path };
        assert!(matches, "the window is at {here}, not at {path}:\n{}", self.text().await);
    }

    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// What is shown, as text.
    pub async fn text(&self) -> String {
        let text = self.script("return document.body.innerText", &[]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The pages of this place that links lead to, each once; the first few, or all for 0.
    pub async fn links(&self, place: &str, most: usize) -> Vec<String> {
        let script = "return Array.from(document.querySelectorAll('main a[href]'), (a) => a.getAttribute('href'))";
        let found = self.script(script, &[]).await;
        let is_one = |link: &str| {
            link.strip_prefix(place)
                .is_some_and(|rest| place.ends_with('/') != rest.is_empty() && !rest.contains(['/', '?', '#']))
        };
        let mut links: Vec<String> = found
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|l| l.as_str())
            .filter(|l| is_one(l))
            .map(str::to_owned)
            .collect();
        links.sort();
        links.dedup();
        if most > 0 {
            links.truncate(most);
        }
        links
    }

    pub fn lang(&self) -> Lang {
        self.lang.get()
    }

    /// The value of the field of a label.
    pub async fn value(&self, label: &str) -> String {
        self.field(label).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// What has the focus, as words.
    pub async fn focused(&self) -> String {
        let script = "const e = document.activeElement; \
                      return (e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '').replace(/\\s+/g, ' ').replace(/ ?\\*$/, '').trim()";
        self.script(script, &[]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Presses Tab until these words have the focus.
    pub async fn tab_to(&self, words: &str) {
        for _ in 0..120 {
            if self.focused().await.starts_with(words) {
                return;
            }
            self.keys(TAB).await;
        }
        panic!("no Tab leads to {words:?} on {}", self.path().await);
    }

    /// Waits until something is downloaded, and gives it.
    pub async fn downloaded(&self) -> Vec<u8> {
        let folder = self.chromium.downloads();
        let ready = || {
            let mut files = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path());
            files.find(|f| {
                f.extension().is_none_or(|e| e != "crdownload" && e != "tmp") && f.metadata().is_ok_and(|m| m.len() > 0)
            })
        };
        self.until(|| async { ready().is_some() }, || "nothing was downloaded".into()).await;
        let file = ready().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        std::fs::remove_file(file).unwrap();
        bytes
    }

    /// Lays the page down as a picture.
    pub async fn picture(&self, name: &str) {
        picture::take(self, self.journey, name).await;
    }

    // Who.

    /// A citizen comes in by the page.
    pub async fn log_in(&self, phone: &str) {
        self.log_in_with(phone, PASSWORD).await;
    }

    pub async fn log_in_with(&self, phone: &str, secret: &str) {
        self.go("/login").await;
        let (name, password, act) = match self.lang.get() {
            Lang::Zh => ("手机号或身份证号", "密码", "登录"),
            Lang::En => ("Mobile or ID number", "Password", "Log in"),
        };
        self.fill(name, phone).await;
        self.fill(password, secret).await;
        self.follow(act).await;
    }

    /// A member of staff comes in by the page, half a minute after whoever came before: a code works once.
    pub async fn log_in_staff(&self, login: &str) {
        self.t.advance(totp::STEP);
        self.go("/staff/login").await;
        self.fill("工号", login).await;
        self.fill("密码", PASSWORD).await;
        self.follow("登录").await;
        self.at("/staff/login/step").await;
        self.fill("验证码", &self.t.code(login)).await;
        self.follow("验证并登录").await;
    }

    /// Types the code that the authenticator of a member shows next.
    pub async fn next_code(&self, login: &str) {
        self.t.advance(totp::STEP);
        self.fill("验证码", &self.t.code(login)).await;
    }

    /// The browser forgets who was logged in.
    pub async fn forget(&self) {
        self.client.delete_all_cookies().await.unwrap();
    }

    /// Somebody else sits down: the session of this person instead of the one before.
    pub async fn becomes(&self, person: &Browser) {
        // A cookie can only be given where the browser is.
        self.client.goto(&self.address("/login")).await.unwrap();
        self.client.delete_all_cookies().await.unwrap();
        let token = person.cookie(COOKIE).expect("somebody who is logged in");
        self.command("cookie", json!({"cookie": {"name": COOKIE, "value": token, "path": "/"}})).await;
    }

    // The driver.

    pub async fn script(&self, script: &str, args: &[Value]) -> Value {
        self.client.execute(script, args.to_vec()).await.unwrap_or_else(|e| panic!("{e}\n{script}"))
    }

    /// The device gets a keeper of passkeys, which recognises its owner at once, or does not.
    pub async fn has_passkeys(&self, is_owner: bool) -> String {
        let keeper = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": is_owner,
        });
        self.command("webauthn/authenticator", keeper).await.as_str().unwrap().to_owned()
    }

    /// The device no longer recognises its owner.
    pub async fn not_owner(&self, keeper: &str) {
        let path: &'static str = format!("webauthn/authenticator/{keeper}/uv").leak();
        self.command(path, json!({ "isUserVerified": false })).await;
    }

    /// A command of Chromium's own.
    pub async fn command(&self, path: &'static str, body: Value) -> Value {
        let issued = self.client.issue_cmd(Command { path, body }).await;
        issued.unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    async fn until<F: Future<Output = bool>>(&self, ready: impl Fn() -> F, otherwise: impl Fn() -> String) {
        let end = Instant::now() + PATIENCE;
        while !ready().await {
            if Instant::now() > end {
                panic!("{}: {}\n{}", self.path().await, otherwise(), self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}

#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }
    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
