//! Who is acted for (被代表人), and how somebody shows that they may: the legal representative of a legal person by the register of legal
//! persons, the guardian of a child by the register of residents (民法典 27, 61).
//!
//! The verifier is asked between two transactions: [`begin`] checks what was typed and counts the try, [`conclude`] keeps what was said.
//! A child is acted for until the day before they are eighteen (民法典 17).

use chrono::Datelike;

use super::assurance::{self, MATCH, REGISTERED};
use super::model::{
    Evidence, EvidenceId, EvidenceKind, Mandate, MandateEnd, MandateId, MandateKind, PersonId, Power, Principal,
    PrincipalId, PrincipalKind, Via,
};
use super::standing;
use super::store::mandates as store;
use super::throttle::{self, Limit};
use super::verification::Said;
use super::{accounts, evidence, rules};
use crate::audit;
use crate::db::Conn;
use crate::kernel::{Ctx, Day, Error, Kind, Result, numbers};
use crate::outside::verifier::{Check, Question};

/// Tries of one account: nobody shall find out by guessing who represents what.
pub const PER_PERSON: Limit = Limit { what: "verify-principal", tries: 10, window: 86_400 };

const ADULT: i32 = 18;

/// What somebody types of whom they want to act for.
#[derive(Clone, Default)]
pub struct Typed {
    pub name: String,
    /// The unified social credit code, or the child's ID number.
    pub number: String,
}

/// What is asked of the verifier. Not `Debug`: it must not end in a log.
#[derive(Clone)]
pub struct Claim {
    person: PersonId,
    /// Of the acting person.
    own: (String, String),
    kind: PrincipalKind,
    name: String,
    number: String,
}

impl Claim {
    pub fn question(&self) -> Question {
        let check = match self.kind {
            PrincipalKind::Legal => Check::LegalRep,
            PrincipalKind::Minor => Check::Guardian,
        };
        let (name, id_number) = self.own.clone();
        let (number, of) = (Some(self.number.clone()), Some(self.name.clone()));
        Question { check, name, id_number, phone: None, number, of }
    }
}

/// Checks what was typed and counts the try.
///
/// # Errors
/// Forbidden `level-too-low` for who is not registered with their own name; the fields `name` and `number` that have to be mended, of a
/// child also `child-grown`. Too many: `too-many-tries`.
pub fn begin(c: &mut Conn, ctx: &Ctx, kind: PrincipalKind, typed: &Typed) -> Result<Claim> {
    let person = PersonId(ctx.person()?);
    let standing = standing::of_self(c, ctx)?;
    let own = standing.facts.name.clone().zip(standing.facts.id_number.clone());
    let Some(own) = own.filter(|_| standing.level() >= REGISTERED) else {
        return Err(Error::new(Kind::Forbidden, "level-too-low"));
    };
    let today = ctx.now.day();
    let mut faults = vec![];
    let name = match kind {
        PrincipalKind::Minor => rules::person_name(&typed.name),
        PrincipalKind::Legal => legal_name(&typed.name),
    };
    if name.is_none() {
        faults.push(accounts::fault(
            "name",
            if kind == PrincipalKind::Legal { "legal-name-shape" } else { "name-shape" },
        ));
    }
    let number = match kind {
        PrincipalKind::Legal => numbers::uscc(&typed.number),
        PrincipalKind::Minor => numbers::resident_id(&typed.number, today)
            .and_then(|number| if last_day(&number) >= Some(today) { Ok(number) } else { Err("child-grown") }),
    };
    let number = number.map_err(|code| faults.push(accounts::fault("number", code))).unwrap_or_default();
    let Some(name) = name.filter(|_| faults.is_empty()) else { return Err(Error::fields(faults)) };
    throttle::take(c, ctx, PER_PERSON, &person.to_string())?;
    Ok(Claim { person, own, kind, name, number })
}

/// The name of an organisation: its brackets are those of the register, whichever were typed.
fn legal_name(text: &str) -> Option<String> {
    let name: String = text.trim().replace('(', "（").replace(')', "）");
    let fits = !name.chars().any(char::is_control);
    ((2..=100).contains(&name.chars().count()) && fits).then_some(name)
}

/// The last day on which somebody with this ID number is a child.
fn last_day(id_number: &str) -> Option<Day> {
    let birth = numbers::birth_date(id_number)?;
    // Who is born on 29 February is of age on 1 March.
    let grown = birth
        .with_year(birth.year() + ADULT)
        .or_else(|| Day::from_ymd_opt(birth.year() + ADULT, birth.month() + 1, 1))?;
    grown.pred_opt()
}

/// The kind of organisation by the register that gave its code (GB 32100), as `audience` names it.
fn audience(uscc: &str) -> &'static str {
    match (uscc.get(..1), uscc.get(..2)) {
        (_, Some("11")) => "5",
        (_, Some("12")) => "3",
        (Some("5"), _) => "4",
        (Some("9"), _) => "2",
        _ => "6",
    }
}

/// The verifier could not be asked: the try does not count.
pub fn give_up(c: &mut Conn, ctx: &Ctx) -> Result<()> {
    throttle::give_back(c, ctx, PER_PERSON, &ctx.person()?.to_string())
}

/// What a register's word made.
pub struct Made {
    pub mandate: MandateId,
    pub principal: PrincipalId,
    /// Who acted for the same principal by what this replaces.
    pub replaced: Vec<PersonId>,
}

/// Keeps what the verifier said. With a match the acting person has a mandate, which takes the place of an older one of theirs, and of
/// another representative: a legal person has one. `Err` is the code of what it was instead of a match.
pub fn conclude(
    c: &mut Conn,
    ctx: &Ctx,
    claim: &Claim,
    said: &Said,
) -> Result<std::result::Result<Made, &'static str>> {
    let person = PersonId(ctx.person()?);
    if person != claim.person {
        return Err(Error::forbidden());
    }
    let (kind, holds) = match claim.kind {
        PrincipalKind::Legal => (EvidenceKind::LegalRep, MandateKind::Representative),
        PrincipalKind::Minor => (EvidenceKind::Guardian, MandateKind::Guardian),
    };
    let is_match = said.result == MATCH;
    let piece = Evidence {
        id: EvidenceId::random(),
        kind,
        issuer: said.issuer.clone(),
        result: said.result.to_owned(),
        reference: said.reference.clone(),
        via: Via::Online,
        at: ctx.now,
        expires_at: is_match.then(|| assurance::expiry(kind, ctx.now, None)),
    };
    evidence::add(c, ctx, person, &piece)?;
    let detail = serde_json::json!({ "kind": kind, "result": said.result });
    audit::record(c, ctx, "person.represent", ("person", person.0), detail)?;
    if !is_match {
        return Ok(Err(said.result));
    }
    throttle::clear(c, ctx, PER_PERSON, &person.to_string())?;
    let principal = Principal {
        id: PrincipalId::random(),
        kind: claim.kind,
        audience: if claim.kind == PrincipalKind::Minor { "1".into() } else { audience(&claim.number).into() },
        name: claim.name.clone(),
        number: claim.number.clone(),
    };
    let until = piece.expires_at.map(|end| end.day());
    let until = if claim.kind == PrincipalKind::Minor { until.min(last_day(&claim.number)) } else { until };
    hold(c, ctx, (person, &claim.own.0), &principal, holds, (until, Some(piece.id))).map(Ok)
}

/// Gives somebody a mandate that a register vouches for, in place of what it replaces.
fn hold(
    c: &mut Conn,
    ctx: &Ctx,
    who: (PersonId, &str),
    principal: &Principal,
    kind: MandateKind,
    (until, evidence): (Option<Day>, Option<EvidenceId>),
) -> Result<Made> {
    let principal = store::put_principal(c, ctx, principal)?;
    let mut replaced = vec![];
    let before = store::of_principal(c, &ctx.keys, principal)?;
    let is_theirs = |m: &&Mandate| m.kind == kind && (kind == MandateKind::Representative || m.person == Some(who.0));
    let ousted: Vec<PersonId> = before.iter().filter(is_theirs).filter_map(|m| m.person).collect();
    for old in before.iter().filter(|m| m.ended_at.is_none()) {
        // Who has become the representative needs no agent's mandate any more; who was it keeps none that they gave themself.
        let is_less = old.kind == MandateKind::Agent && old.person.is_some_and(|p| p == who.0 || ousted.contains(&p));
        if is_theirs(&old) || is_less {
            store::end(c, old.id, (MandateEnd::Replaced, None), ctx.now)?;
            replaced.extend(old.person.filter(|old| *old != who.0));
        }
    }
    let mandate = held_from_now(ctx, who, principal, kind, until);
    store::insert(c, ctx, &mandate, evidence)?;
    audit::record(
        c,
        ctx,
        "mandate.hold",
        ("mandate", mandate.id.0),
        serde_json::json!({ "kind": kind, "until": until }),
    )?;
    Ok(Made { mandate: mandate.id, principal, replaced })
}

/// For everything, with all powers.
fn held_from_now(
    ctx: &Ctx,
    (person, name): (PersonId, &str),
    principal: PrincipalId,
    kind: MandateKind,
    until: Option<Day>,
) -> Mandate {
    Mandate {
        id: MandateId::random(),
        principal,
        kind,
        person: Some(person),
        name: name.to_owned(),
        phone: None,
        items: vec![],
        powers: Power::ALL.to_vec(),
        until,
        given_by: None,
        offered_at: ctx.now,
        taken_at: Some(ctx.now),
        used_at: None,
        ended_at: None,
        ended_why: None,
    }
}

/// As [`hold`], of an agent too, unless they hold one for this legal person.
pub(super) fn seed(
    c: &mut Conn,
    ctx: &Ctx,
    who: (PersonId, &str),
    (name, code): (&str, &str),
    kind: MandateKind,
) -> Result<()> {
    let principal = Principal {
        id: PrincipalId::random(),
        kind: PrincipalKind::Legal,
        audience: audience(code).into(),
        name: name.to_owned(),
        number: code.to_owned(),
    };
    let id = store::put_principal(c, ctx, &principal)?;
    if store::of_person(c, &ctx.keys, who.0)?.iter().any(|m| m.principal == id) {
        return Ok(());
    }
    let until = assurance::expiry(EvidenceKind::LegalRep, ctx.now, None).day();
    store::insert(c, ctx, &held_from_now(ctx, who, id, kind, Some(until)), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Option<Day> {
        Day::from_ymd_opt(y, m, d)
    }

    #[test]
    fn a_child_is_one_until_the_day_before_eighteen() {
        assert_eq!(last_day("980102201605120013"), day(2034, 5, 11));
        assert_eq!(last_day("98010220080229001X"), day(2026, 2, 28));
        assert_eq!(last_day("980102200801010011"), day(2025, 12, 31));
    }

    #[test]
    fn the_code_says_what_kind_of_organisation_it_is() {
        assert_eq!(audience("91980104MA6YH00284"), "2");
        assert_eq!(audience("11980100MB0X000001"), "5");
        assert_eq!(audience("12980100MB0X000001"), "3");
        assert_eq!(audience("51980100MJ00000001"), "4");
        assert_eq!(audience("N2980100MF0000001X"), "6");
    }

    #[test]
    fn brackets_are_those_of_the_register() {
        assert_eq!(legal_name(" 小满面馆(个体工商户) ").as_deref(), Some("小满面馆（个体工商户）"));
        assert_eq!(legal_name("甲"), None);
    }
}
