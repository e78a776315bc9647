//! The clerk's check of somebody who came (窗口核验): found by their number, or by the case at hand; then what was seen of the card.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::cases::{self, CaseId};
use crate::catalogue;
use crate::db::Conn;
use crate::flows::{self, InHand};
use crate::identity::window::{self, CARDS, Card, Known, Purpose, Whose};
use crate::kernel::{Error, FieldError, Id, Kind, Result, Text};
use crate::render::View;
use crate::web::error::{PageError, status};
use crate::web::field::{Field, notice};
use crate::web::form::{Fields, Posted};
use crate::web::guard::Clerk;
use crate::web::page;

#[derive(Debug, Clone, Default, Serialize)]
pub struct IdentityPage {
    /// `look` or `confirm`
    pub step: &'static str,
    pub case: Option<AtHand>,
    pub purposes: Vec<Choice>,
    pub purpose: String,
    pub purpose_code: Option<&'static str>,
    pub found: Option<Account>,
    pub id_number: Field,
    pub name: Field,
    pub kinds: Vec<Choice>,
    pub valid_until: Field,
    pub is_long: bool,
    pub same: Field,
    pub is_same: bool,
    /// For an account without a number.
    pub phone: Field,
    pub code: Field,
    pub faults: Vec<FieldError>,
    pub notice: Option<String>,
}

/// The case that the clerk has in hand.
#[derive(Debug, Clone, Serialize)]
pub struct AtHand {
    pub id: String,
    pub receipt_no: String,
    pub item: Text,
}

/// An account, masked.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// None while it has none.
    pub name: Option<String>,
    pub phone: String,
    pub level: i32,
}

impl From<Known> for Account {
    fn from(k: Known) -> Self {
        Self { name: k.name, phone: k.phone, level: k.level }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub code: &'static str,
    pub is_on: bool,
}

impl View for IdentityPage {
    const TEMPLATE: &'static str = "hall/identity";
    fn samples() -> Vec<Self> {
        let look = page_of(&Fields::default(), "look", None, None, None);
        let case = || {
            Some(AtHand {
                id: "1".into(),
                receipt_no: "260302000017".into(),
                item: Text::new("老年人优待证 <b>", "Card for seniors <b>"),
            })
        };
        let found =
            |name: Option<&str>| Some(Account { name: name.map(str::to_owned), phone: "138****8000".into(), level: 2 });
        let typed = [("id_number", "1"), ("name", "林悦 <b>"), ("valid_until", "2020-01-01"), ("purpose", "account")];
        let typed = Fields::from_pairs(typed.map(|(k, v)| (k.to_owned(), v.to_owned())));
        let fault = |field: &str, code| FieldError { field: field.into(), code, value: None };
        let of_card = vec![
            fault("id_number", "id-number-check"),
            fault("name", "window-other-name"),
            fault("valid_until", "card-ended"),
            fault("same", "card-not-compared"),
        ];
        let of_account = [fault("code", "window-code-wrong"), fault("phone", "phone-shape")];
        let (wrong_card, wrong) = (Error::fields(of_card.clone()), Error::fields([&of_card[..], &of_account].concat()));
        let no_purpose =
            Error::fields(vec![fault("id_number", "id-number-shape"), fault("purpose", "purpose-missing")]);
        vec![
            look.clone(),
            page_of(&typed, "look", None, None, Some(&no_purpose)),
            page_of(&typed, "confirm", None, found(Some("林*")), None),
            page_of(&typed, "confirm", None, None, Some(&wrong)),
            page_of(&typed, "confirm", case(), found(None), Some(&wrong_card)),
            Self { notice: Some("x <b>".into()), ..page_of(&typed, "confirm", case(), found(Some("林*")), None) },
        ]
    }
}

fn page_of(
    typed: &Fields,
    step: &'static str,
    case: Option<AtHand>,
    found: Option<Account>,
    error: Option<&Error>,
) -> IdentityPage {
    let faults = error.map(|e| e.field_errors().to_vec()).unwrap_or_default();
    let field = |name: &'static str| Field::new(name, typed.get(name), &faults);
    let choice = |code: &'static str, on: &str| Choice { code, is_on: code == on };
    let kind = if typed.has("id_kind") { typed.get("id_kind") } else { CARDS[0] };
    IdentityPage {
        step,
        case,
        purposes: Purpose::ALL.iter().map(|p| choice(p.code(), typed.get("purpose"))).collect(),
        purpose: typed.get("purpose").to_owned(),
        purpose_code: faults.iter().find(|f| f.field == "purpose").map(|f| f.code),
        found,
        id_number: field("id_number"),
        name: field("name"),
        kinds: CARDS.iter().map(|code| choice(code, kind)).collect(),
        valid_until: field("valid_until"),
        is_long: typed.has("long"),
        same: field("same"),
        is_same: typed.has("same"),
        phone: field("phone"),
        code: Field { value: String::new(), ..field("code") },
        faults,
        notice: None,
    }
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    case: String,
}

pub async fn show(who: Clerk, asked: web::Query<Asked>) -> Result<HttpResponse, PageError> {
    let nothing = Fields::default();
    if asked.case.is_empty() {
        return Ok(page::show(&who, &page_of(&nothing, "look", None, None, None))?);
    }
    let (case, found) = at_hand(&who, &asked.case).await?;
    Ok(page::show(&who, &page_of(&nothing, "confirm", Some(case), Some(found), None))?)
}

/// The case at hand and the account that it belongs to.
///
/// # Errors
/// Not found outside the clerk's hall; conflict `window-no-person` when nobody with an account declared it.
async fn at_hand(who: &Clerk, id: &str) -> Result<(AtHand, Account)> {
    let (id, ctx, books) = (CaseId(id.parse::<Id>()?), who.ctx.clone(), who.app.books());
    let read = move |c: &mut Conn| {
        let case = cases::at_hall(c, &ctx, id)?;
        let person = cases::declared_by(c, &case)?.ok_or_else(|| Error::conflict("window-no-person"))?;
        let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
        let hand =
            AtHand { id: case.id.to_string(), receipt_no: case.receipt().to_owned(), item: item.elements.name.clone() };
        Ok((hand, window::known(c, &ctx, person)?.into()))
    };
    who.app.db.read(read).await
}

/// `look` finds the account of a number, `confirm` keeps what was seen.
pub async fn act(who: Clerk, typed: Posted) -> Result<HttpResponse, PageError> {
    let case = typed.get("case").to_owned();
    if typed.get("act") != "confirm" {
        return match look(&who, &typed).await {
            Ok(found) => Ok(page::show(&who, &page_of(&typed, "confirm", None, found, None))?),
            Err(e) => Ok(again(&who, &typed, "look", e).await?),
        };
    }
    match confirm(&who, &typed).await {
        Ok(()) if case.is_empty() => Ok(page::redirect("/hall/identity", "window-verified")),
        Ok(()) => Ok(page::redirect(&format!("/hall/cases/{case}"), "window-verified")),
        Err(e) => {
            let asks_why = e.field_errors().iter().any(|f| f.field == "purpose");
            Ok(again(&who, &typed, if asks_why { "look" } else { "confirm" }, e).await?)
        }
    }
}

/// The page again with what was typed and what is wrong with it.
async fn again(who: &Clerk, typed: &Fields, step: &'static str, error: Error) -> Result<HttpResponse> {
    if !matches!(error.kind(), Kind::Invalid | Kind::TooMany | Kind::Conflict) {
        return Err(error);
    }
    let (case, found) = match typed.get("case") {
        "" => (None, None),
        id => at_hand(who, id).await.map(|(case, found)| (Some(case), Some(found)))?,
    };
    let said = notice(who.ctx.lang, &error);
    let code = if error.is(Kind::Invalid) { StatusCode::UNPROCESSABLE_ENTITY } else { status(error.kind()) };
    // Whose account it is, is looked up once more, and recorded: the number may be another one now.
    let found = if step == "confirm" && case.is_none() { look(who, typed).await.ok().flatten() } else { found };
    let view = IdentityPage { notice: said, ..page_of(typed, step, case, found, Some(&error)) };
    page::show_as(who, code, &view)
}

async fn look(who: &Clerk, typed: &Fields) -> Result<Option<Account>> {
    let purpose = purpose(typed)?;
    let (ctx, number) = (who.ctx.clone(), typed.get("id_number").to_owned());
    let found = who.app.db.write(move |c| window::look(c, &ctx, &number, purpose)).await?;
    Ok(found.map(Account::from))
}

fn purpose(typed: &Fields) -> Result<Purpose> {
    Purpose::from_code(typed.get("purpose")).ok_or_else(|| Error::field("purpose", "purpose-missing"))
}

async fn confirm(who: &Clerk, typed: &Fields) -> Result<()> {
    let end = typed.get("valid_until");
    let valid_until = match (end, typed.has("long")) {
        (_, true) | ("", _) => None,
        (text, _) => Some(text.parse().map_err(|_| Error::field("valid_until", "date-shape"))?),
    };
    let card = Card {
        name: typed.get("name").to_owned(),
        id_number: typed.get("id_number").to_owned(),
        id_kind: typed.get("id_kind").to_owned(),
        valid_until,
        is_open: valid_until.is_none() && !typed.has("long"),
        is_same: typed.has("same"),
    };
    let hand = match (typed.get("case"), typed.get("code")) {
        ("", "") => InHand::Nothing(Whose::OfNumber(purpose(typed)?)),
        ("", code) => {
            let (phone, code) = (typed.get("phone").to_owned(), code.to_owned());
            InHand::Nothing(Whose::OfCode { phone, code, purpose: purpose(typed)? })
        }
        (case, _) => InHand::Case(CaseId(case.parse::<Id>()?)),
    };
    let mut tries = 0;
    loop {
        tries += 1;
        let (ctx, books, card, hand) = (who.ctx.clone(), who.app.books(), card.clone(), hand.clone());
        match who.app.db.write(move |c| flows::seen_at_window(c, &ctx, &books, &card, &hand)).await {
            // A colleague is at work on a case of this person that waited for this.
            Err(e) if e.code() == "case-moved" && tries < 5 => {}
            done => return done.map(|_| ()),
        }
    }
}
