//! The people of the tour: each works as a person would, through pages and forms.

use serde::Deserialize;
use serde_json::{Value, json};

use super::browser::{Browser, Chosen, Seen};
use super::form::{Pairs, decoded};
use super::stage::Stage;
use crate::catalogue::Elements;
use crate::cli::seed::{self, DEMO_PASSWORD, data};
use crate::kernel::{Error, Result, numbers, totp};

/// Somebody invented, whom the verifier knows.
pub(super) struct Newcomer {
    pub name: String,
    pub id_number: String,
    pub phone: String,
    pub email: String,
}

/// A citizen at a browser.
pub(super) struct Citizen {
    pub who: Newcomer,
    browser: Browser,
    item: Option<Elements>,
    draft: String,
    page: Option<Seen>,
}

/// What one has in hand after a declaration.
#[derive(Debug, Clone, Default)]
pub(super) struct Receipt {
    /// Of the page of the case.
    pub id: String,
    pub case_no: String,
    pub receipt_no: String,
    pub query_code: String,
}

#[derive(Deserialize)]
struct ExampleRow {
    item: String,
    path: String,
    form: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct FileRow {
    file: String,
    uses: Vec<Use>,
}

#[derive(Deserialize)]
struct Use {
    item: String,
    material: String,
}

/// The elements of an item of the seed data.
pub(super) fn elements(slug: &str) -> Result<Elements> {
    for path in data::list("catalogue/items/") {
        let elements: Elements = data::json(&path)?;
        if elements.slug == slug {
            return Ok(elements);
        }
    }
    Err(Error::internal(format!("seed-data has no item {slug}")))
}

/// Answers that fit an item's form, as somebody of the example cases gave them.
pub(super) fn answers(slug: &str) -> Result<Pairs> {
    let rows: Vec<ExampleRow> = data::json("demo/cases.json")?;
    let row = rows.into_iter().find(|r| r.item == slug && r.path != "draft");
    let row = row.ok_or_else(|| Error::internal(format!("seed-data has no example of {slug}")))?;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut all = vec![];
    for (key, value) in &row.form {
        let name = format!("form.{key}");
        match value {
            Value::Array(many) => all.extend(many.iter().map(|v| (name.clone(), text(v)))),
            one => all.push((name, text(one))),
        }
    }
    Ok(all)
}

/// A file for a material: one made for it, or any of a kind that it takes.
pub(super) fn file(item: &Elements, key: &str, field: &str) -> Result<Chosen> {
    let rows: Vec<FileRow> = data::json("demo/files.json")?;
    let formats = item.materials.iter().find(|m| m.key == key).map(|m| m.formats.clone()).unwrap_or_default();
    let takes = |f: &&FileRow| formats.is_empty() || formats.iter().any(|x| f.file.ends_with(&format!(".{x}")));
    let fits = |f: &&FileRow| f.uses.iter().any(|u| u.item == item.slug && u.material == key);
    let found = rows.iter().filter(takes).find(fits).or_else(|| rows.iter().find(takes));
    let found = found.ok_or_else(|| Error::internal(format!("seed-data has no file for {key}")))?;
    Ok((field.to_owned(), found.file.clone(), data::bytes(&format!("demo/files/{}", found.file))?))
}

impl Newcomer {
    /// Somebody new, born in this year; the number has a check digit that fits, and no number comes twice.
    pub fn invent(name: &str, year: i32) -> Result<Self> {
        let dice = u64::from_be_bytes(crate::kernel::crypto::random32()[..8].try_into().map_err(Error::internal)?);
        let day = format!("{year}{:02}{:02}", dice % 12 + 1, dice / 12 % 28 + 1);
        let order = dice / 400 % 1000;
        let today = crate::kernel::Clock::default().now().day();
        let number = "0123456789X"
            .chars()
            .find_map(|check| numbers::resident_id(&format!("980102{day}{order:03}{check}"), today).ok());
        let id_number = number.ok_or_else(|| Error::internal("no check digit fits"))?;
        let phone = format!("139{:08}", dice / 7 % 100_000_000);
        let email = format!("tour-{:08x}@example.com", dice >> 32);
        Ok(Self { name: name.to_owned(), id_number, phone, email })
    }
}

impl Citizen {
    /// Opens an account at the hall and shows who they are; the verifier is told of them first, as the police's register would know.
    pub async fn register(stage: &Stage, who: Newcomer) -> Result<Self> {
        let mut browser = stage.browser();
        let page = browser.get("/register").await?.shows(&[])?;
        let fields = [
            ("phone", who.phone.as_str()),
            ("email", &who.email),
            ("password", "tour of 2026!"),
            ("repeated", "tour of 2026!"),
            ("agree", "1"),
        ];
        let page = browser.submit(&page, "/register", &fields).await?.at("/account/verify")?;
        Ok(Self { who, browser, item: None, draft: String::new(), page: Some(page.shows(&[])?) })
    }

    pub async fn verify(&mut self, stage: &Stage) -> Result<()> {
        let w = &self.who;
        let card = format!("D{}", &w.phone[3..]);
        let known = json!({
            "name": w.name, "id_number": w.id_number, "phone": w.phone, "outcome": "match", "social_card": card,
        });
        stage.post_json(&format!("{}/people", stage.verifier), &known).await?;
        let page = self.now()?;
        let fields = [("name", self.who.name.as_str()), ("id_number", &self.who.id_number), ("act", "person")];
        let page = self.browser.submit(&page, "/account/verify", &fields).await?.at("/account/verify")?;
        let page = page.shows(&[])?;
        let fields = [("kind", "social_card"), ("number", &card), ("act", "factor")];
        self.browser.submit(&page, "/account/verify", &fields).await?.at("/my")?.shows(&[])?;
        Ok(())
    }

    pub async fn log_in(&mut self) -> Result<()> {
        let page = self.browser.get("/login").await?.shows(&[])?;
        let fields = [("name", self.who.phone.as_str()), ("password", "tour of 2026!")];
        self.browser.submit(&page, "/login", &fields).await?.at("/my")?.shows(&[])?;
        Ok(())
    }

    /// Finds the item by its name and reads its guide.
    pub async fn find(&mut self, slug: &str) -> Result<()> {
        let item = elements(slug)?;
        let page = self.browser.get("/items").await?.shows(&[])?;
        let found = self.browser.submit(&page, "/items", &[("q", &item.name.zh)]).await?.shows(&[&item.name.zh])?;
        let to = found.link(&format!("/items/{slug}"))?;
        self.browser.get(&to).await?.shows(&[&item.name.zh])?.link(&format!("/declare/{slug}"))?;
        self.item = Some(item);
        Ok(())
    }

    /// Begins a draft and fills in the form.
    pub async fn fill(&mut self, hall: &str) -> Result<()> {
        let item = self.item()?;
        let slug = item.slug.clone();
        let start = self.browser.get(&format!("/declare/{slug}")).await?.shows(&[&item.name.zh])?;
        let page = self.browser.submit(&start, &format!("/declare/{slug}"), &[]).await?;
        let page = page.at("/declare/drafts/")?.shows(&[&self.who.name])?;
        self.draft = page.path.split('?').next().unwrap_or_default().to_owned();
        let form = page.form(&self.draft)?;
        let mut fields: Pairs = answers(&slug)?.into_iter().filter(|(name, _)| form.has(name)).collect();
        fields.push(("hall".into(), hall.into()));
        fields.push(("act".into(), "next".into()));
        let next = self.browser.submit_all(&page, &self.draft, &fields, &[]).await?;
        self.page = Some(next.at(&format!("{}/materials", self.draft))?.shows(&[])?);
        Ok(())
    }

    /// Goes away and comes back to the draft, which has all that was typed.
    pub async fn come_back(&mut self) -> Result<()> {
        let page = self.browser.get("/my").await?.shows(&[])?;
        let link = page.link(&self.draft)?;
        self.browser.get(&link).await?.shows(&[&self.who.name])?;
        self.page = Some(self.browser.get(&format!("{}/materials", self.draft)).await?.shows(&[])?);
        Ok(())
    }

    /// Uploads a file for each material that is needed with these answers.
    pub async fn upload(&mut self) -> Result<usize> {
        let page = self.now()?;
        let item = self.item()?;
        let needed = seed::example_needs(&item)?;
        let files =
            needed.iter().map(|key| file(&item, key, &format!("material.{key}"))).collect::<Result<Vec<_>>>()?;
        let to = format!("{}/materials", self.draft);
        let next = self.browser.submit_all(&page, &to, &[("act".into(), "next".into())], &files).await?;
        self.page = Some(next.at(&format!("{}/review", self.draft))?.shows(&[])?);
        Ok(files.len())
    }

    /// Signs and submits.
    pub async fn submit(&mut self) -> Result<Receipt> {
        let page = self.now()?;
        let done = self.browser.submit(&page, &format!("{}/submit", self.draft), &[("agree", "1")]).await?;
        let done = done.at(&format!("{}/done", self.draft))?.shows(&[&self.who.name])?;
        let id = done.link("/my/cases/")?.trim_start_matches("/my/cases/").to_owned();
        receipt(&done, id)
    }

    /// The page of a case, which must show these words.
    pub async fn look(&mut self, case: &Receipt, words: &[&str]) -> Result<Seen> {
        self.browser.get(&format!("/my/cases/{}", case.id)).await?.shows(words)
    }

    /// Sends the missing parts of a correction.
    pub async fn answer(&mut self, case: &Receipt, key: &str) -> Result<()> {
        let item = self.item()?;
        let page = self.browser.get(&format!("/my/cases/{}/correction", case.id)).await?.shows(&[])?;
        let to = page.path.split('?').next().unwrap_or_default().to_owned();
        let form = page.form(&to)?;
        let field = form.files().into_iter().find(|n| n.ends_with(key)).map(str::to_owned);
        let field =
            field.ok_or_else(|| Error::internal(format!("{to} takes no file for {key}: {:?}", form.names())))?;
        let chosen = file(&item, key, &field)?;
        let act: Pairs = form.has("act").then(|| ("act".to_owned(), "send".to_owned())).into_iter().collect();
        self.browser.submit_all(&page, &to, &act, &[chosen]).await?.at(&format!("/my/cases/{}", case.id))?.shows(&[])?;
        Ok(())
    }

    pub async fn withdraw(&mut self, case: &Receipt) -> Result<()> {
        let to = format!("/my/cases/{}/withdraw", case.id);
        let page = self.browser.get(&to).await?.shows(&[&case.receipt_no])?;
        let back = self.browser.submit(&page, &to, &[("reason", "材料还没有准备好，改日再申请。")]).await?;
        back.at(&format!("/my/cases/{}", case.id))?.shows(&["撤回"])?;
        Ok(())
    }

    /// Downloads the result; it must be a PDF.
    pub async fn download(&mut self, case: &Receipt) -> Result<usize> {
        let page = self.look(case, &[]).await?;
        // Results stand as downloads above the materials.
        let link = page.text.split("class=\"download\" href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let link = link.map(decoded).ok_or_else(|| Error::internal(format!("{} offers no download", page.path)))?;
        let file = self.browser.get(&link).await?;
        if file.status == 200 && file.bytes.starts_with(b"%PDF-") {
            Ok(file.bytes.len())
        } else {
            Err(Error::internal(format!("the result is no PDF: status {}", file.status)))
        }
    }

    /// The messages in the site.
    pub async fn messages(&mut self, words: &[&str]) -> Result<()> {
        self.browser.get("/my/messages").await?.shows(words).map(|_| ())
    }

    fn now(&mut self) -> Result<Seen> {
        self.page.take().ok_or_else(|| Error::internal("this step of the tour comes too early"))
    }

    fn item(&self) -> Result<Elements> {
        self.item.clone().ok_or_else(|| Error::internal("this step of the tour comes too early"))
    }
}

/// The numbers on a page that shows them to the applicant.
pub(super) fn receipt(page: &Seen, id: String) -> Result<Receipt> {
    let codes = page.texts("<code class=\"code\">");
    let case_no = codes.iter().find(|c| c.len() > 40).cloned();
    let query_code = codes.iter().find(|c| c.len() < 16).cloned();
    let texts = page.texts("<dd class=\"num\">");
    let receipt_no = texts.into_iter().find(|t| t.len() == 12 && t.bytes().all(|b| b.is_ascii_digit()));
    match (case_no, query_code, receipt_no) {
        (Some(case_no), Some(query_code), Some(receipt_no)) => Ok(Receipt { id, case_no, receipt_no, query_code }),
        _ => Err(Error::internal(format!("{} does not show case number, receipt number and query code", page.path))),
    }
}

/// A member of staff at a browser.
pub(super) struct Staff {
    pub browser: Browser,
}

impl Staff {
    /// Comes in with password and code; whoever is in already sits down again, since a code works once.
    pub async fn log_in(stage: &Stage, login: &str) -> Result<Self> {
        if let Some(mut browser) = stage.at_desk(login)
            && !browser.get("/work").await?.path.starts_with("/staff/login")
        {
            return Ok(Self { browser });
        }
        let mut browser = stage.browser();
        let page = browser.get("/staff/login").await?.shows(&[])?;
        let fields = [("login", login), ("password", DEMO_PASSWORD)];
        let mut page = browser.submit(&page, "/staff/login", &fields).await?.at("/staff/login/step")?;
        for _ in 0..2 {
            let code = totp::code(&seed::authenticator_secret(login), stage.now())?;
            page = browser.submit(&page, "/staff/login/factor", &[("code", &code)]).await?;
            if !page.path.starts_with("/staff/login") {
                stage.sits(login, &browser);
                page.shows(&[])?;
                return Ok(Self { browser });
            }
            // Somebody at this demo has just used the code.
            let wait = u64::try_from(totp::seconds_left(stage.now()) + 1).unwrap_or(1);
            tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
        }
        Err(Error::internal(format!("{login} was not let in: {}", page.path)))
    }

    /// The clerk finds a case by its number.
    async fn open(&mut self, case: &Receipt) -> Result<Seen> {
        let list = self.browser.get("/hall").await?.shows(&[])?;
        let page = self.browser.submit(&list, "/hall", &[("number", &case.receipt_no)]).await?;
        page.at("/hall/cases/")?.shows(&[&case.receipt_no])
    }

    /// All materials are as they should be: `pre-accept` or `accept`.
    pub async fn pass(&mut self, case: &Receipt, act: &str) -> Result<()> {
        let page = self.judge(case).await?;
        let to = format!("/hall/cases/{}", case.id);
        let form = page.form(&to)?;
        // What was a defect before has been sent again.
        let mended = form.holding("defect").into_iter().map(|name| (name, "accepted"));
        let fields: Vec<_> = mended.chain([("act", act)]).collect();
        self.browser.submit(&page, &to, &fields).await?.at(&to)?.shows(&[])?;
        Ok(())
    }

    /// Something is missing: told once, with every defect.
    pub async fn ask(&mut self, case: &Receipt, key: &str, reason: &str) -> Result<()> {
        let page = self.judge(case).await?;
        let to = format!("/hall/cases/{}", case.id);
        let (verdict, why) = (format!("verdict.{key}"), format!("reason.{key}"));
        let fields = [(verdict.as_str(), "defect"), (&why, reason), ("act", "correct")];
        let sure = self.browser.submit(&page, &to, &fields).await?.shows(&[reason])?;
        self.browser.submit(&sure, &to, &[("sure", "1")]).await?.at(&to)?.shows(&[])?;
        Ok(())
    }

    /// Marks all that came as it should be.
    async fn judge(&mut self, case: &Receipt) -> Result<Seen> {
        let page = self.open(case).await?;
        let to = format!("/hall/cases/{}", case.id);
        self.browser.submit(&page, &to, &[("act", "rest")]).await?.shows(&[&case.receipt_no])
    }

    /// 不予受理, with the reason.
    pub async fn refuse(&mut self, case: &Receipt, reason: &str) -> Result<()> {
        let page = self.open(case).await?;
        let to = format!("/hall/cases/{}", case.id);
        let fields = vec![("reason".to_owned(), reason.to_owned()), ("act".into(), "refuse".into())];
        let sure = self.browser.submit_all(&page, &to, &fields, &[]).await?.shows(&[reason])?;
        self.browser.submit(&sure, &to, &[("sure", "1")]).await?.at(&to)?.shows(&[])?;
        Ok(())
    }

    /// Declares at the window for somebody who came in: the identity card is scanned, the rest stays on paper.
    pub async fn declare(&mut self, who: &Newcomer, slug: &str) -> Result<Receipt> {
        let item = elements(slug)?;
        let page = self.browser.get("/hall/declare").await?.shows(&[])?;
        let found =
            self.browser.submit(&page, "/hall/declare", &[("q", &item.name.zh)]).await?.shows(&[&item.name.zh])?;
        let to = found.link(&format!("/hall/declare/{slug}"))?;
        let page = self.browser.get(&to).await?.shows(&[&item.name.zh])?;
        let form = page.form(&to)?;
        let mut fields: Pairs = answers(slug)?.into_iter().filter(|(name, _)| form.has(name)).collect();
        let own = [("name", &who.name), ("id_number", &who.id_number), ("phone", &who.phone)];
        fields.extend(own.map(|(key, value)| (format!("applicant.{key}"), value.clone())));
        let mut needed = seed::example_needs(&item)?.into_iter();
        let scanned = needed.next().map(|key| file(&item, &key, &format!("material.{key}"))).transpose()?;
        fields.extend(needed.map(|key| ("paper".to_owned(), key)));
        let files: Vec<Chosen> = scanned.into_iter().collect();
        let page =
            self.browser.submit_all(&page, &to, &fields, &files).await?.at("/hall/cases/")?.shows(&[&who.name])?;
        let id = page.path.trim_start_matches("/hall/cases/").split('/').next().unwrap_or_default().to_owned();
        receipt(&page, id)
    }

    /// One of the three steps at the approval desk, once more asked where the desk does.
    pub async fn decide(&mut self, case: &Receipt, choice: &str, opinion: &str, reason: &str) -> Result<()> {
        self.browser.get("/desk").await?.shows(&[&case.receipt_no])?;
        let to = format!("/desk/cases/{}", case.id);
        let page = self.browser.get(&to).await?.shows(&[&case.receipt_no])?;
        let mut fields = vec![("choice", choice), ("opinion", opinion)];
        if !reason.is_empty() {
            fields.push(("reason", reason));
        }
        let next = self.browser.submit(&page, &to, &fields).await?.shows(&[])?;
        if next.form(&to).is_ok_and(|f| f.has("sure")) {
            self.browser.submit(&next, &to, &[("sure", "1")]).await?.at(&to)?.shows(&[])?;
        }
        Ok(())
    }

    /// The supervisor's board, and the case behind it.
    pub async fn supervise(&mut self, case: &Receipt, words: &[&str]) -> Result<usize> {
        self.browser.get("/supervise").await?.shows(&[])?;
        let page = self.browser.get(&format!("/supervise/cases/{}", case.id)).await?.shows(&[&case.receipt_no])?;
        let page = page.shows(words)?;
        Ok(page.text.matches("timeline__item").count())
    }
}
