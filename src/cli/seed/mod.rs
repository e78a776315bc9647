//! `seed`: the base data and the service items, from files embedded in the binary. Running it again changes only what differs.

pub(super) mod data;
mod demo;
pub(super) mod dice;
mod fill;
mod people;

use std::collections::{BTreeMap, HashMap};
use std::process::ExitCode;

use serde::Deserialize;

pub use demo::{cases, example_form, example_needs};
pub use fill::{fill, fill_desk, id_number, person_name};
pub use people::{Accounts, authenticator_secret, authenticators, people};

use super::open_ready;
use crate::app::App;
use crate::calendar::{self, Plan};
use crate::catalogue::seed::{Change, Code, Fact};
use crate::catalogue::{self, Basic, Elements, Topic};
use crate::config::Config;
use crate::db::Conn;
use crate::identity::seed::DepartmentSeed;
use crate::identity::{self, Area, Channel, DepartmentId, Role};
use crate::kernel::{Ctx, Error, Permission, Result, Text};
use crate::windows::{self, HallId, seed::SeedHall};

/// The password of all accounts that `--demo` makes. They are for trying the platform out, never for a real one.
pub const DEMO_PASSWORD: &str = "demo-2026";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Load invented people and staff, too; everybody's password is demo-2026
    #[arg(long)]
    demo: bool,
    /// Add so many made-up cases of made-up people, to measure the platform at size
    #[arg(long, value_name = "N", default_value_t = 0)]
    cases: usize,
}

/// Which service items are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Items {
    All,
    /// Those whose elements are filled to the last detail: enough for tests, and quick.
    Complete,
}

/// What a load of items changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    pub added: usize,
    pub renewed: usize,
    pub same: usize,
    /// People have changed them on the platform: theirs stays.
    pub kept: usize,
}

impl Loaded {
    pub(super) fn add(&mut self, more: &Loaded) {
        self.added += more.added;
        self.renewed += more.renewed;
        self.same += more.same;
        self.kept += more.kept;
    }
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    let app = open_ready(config).await?;
    base(&app).await?;
    let Loaded { added, renewed, same, kept } = items(&app, Items::All).await?;
    println!(
        "Service items: {added} added, {renewed} with a new version, {same} unchanged, {kept} kept as people changed them."
    );
    if args.demo {
        let password = DEMO_PASSWORD.to_owned();
        let hash = app.hash(move || identity::passwords::hash(&password)).await?;
        let made = people(&app, &hash).await?;
        println!(
            "Accounts: {} of staff, who bind an authenticator at their first login, {} of citizens; password {DEMO_PASSWORD}.",
            made.staff.len(),
            made.people.len()
        );
        println!("Example cases: {} added.", cases(&app, &made).await?);
    }
    if args.cases > 0 {
        fill(&app, args.cases, true).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The calendar that is built in.
pub(super) fn plan() -> Result<Plan> {
    let (days, bad) = calendar::parse(&data::text("base/calendar.csv")?);
    if bad.is_empty() { Ok(Plan::new(days)) } else { Err(unreadable(&bad)) }
}

fn unreadable(bad: &[(usize, String)]) -> Error {
    Error::internal(format!("seed-data/base/calendar.csv: lines that do not parse: {bad:?}"))
}

#[derive(Debug, Deserialize)]
struct AreaRow {
    code: String,
    name: Text,
    level: String,
    parent: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RoleRow {
    code: String,
    name: Text,
    note: Text,
    permissions: Vec<Permission>,
}

#[derive(Debug, Deserialize)]
struct DepartmentRow {
    key: String,
    code: String,
    name: Text,
    short: Text,
    area: String,
    channel: Channel,
    phone: String,
    address: Text,
}

/// The unified social credit code of the department of this key.
pub fn department_code(key: &str) -> Result<String> {
    let all: Vec<DepartmentRow> = data::json("base/departments.json")?;
    let found = all.into_iter().find(|d| d.key == key);
    found.map(|d| d.code).ok_or_else(|| Error::internal(format!("there is no department {key}")))
}

/// All files of the base data, read before anything is written.
struct Base {
    calendar: String,
    areas: Vec<AreaRow>,
    departments: Vec<DepartmentRow>,
    dictionaries: BTreeMap<String, Vec<Code>>,
    facts: Vec<Fact>,
    synonyms: Vec<(String, String)>,
    halls: Vec<SeedHall>,
    roles: Vec<RoleRow>,
}

impl Base {
    fn read() -> Result<Self> {
        plan()?;
        Ok(Self {
            calendar: data::text("base/calendar.csv")?,
            areas: data::json("base/areas.json")?,
            departments: data::json("base/departments.json")?,
            dictionaries: data::json("base/dictionaries.json")?,
            facts: data::json("base/facts.json")?,
            synonyms: synonyms()?,
            halls: data::json("base/halls.json")?,
            roles: data::json("base/roles.json")?,
        })
    }

    fn write(&self, c: &mut Conn, ctx: &Ctx) -> Result<()> {
        calendar::import(c, &self.calendar)?;
        for r in &self.roles {
            let (code, name, note) = (r.code.clone(), r.name.clone(), r.note.clone());
            let permissions = r.permissions.iter().copied().collect();
            identity::seed::role(c, ctx, &Role { code, name, note, permissions, is_built_in: true })?;
        }
        for a in &self.areas {
            let (code, name, level) = (a.code.clone(), a.name.clone(), a.level.clone());
            identity::seed::area(c, ctx, &Area { code, name, level, parent: a.parent.clone() })?;
        }
        for d in &self.departments {
            let seed = DepartmentSeed {
                key: d.key.clone(),
                code: d.code.clone(),
                name: d.name.clone(),
                short: d.short.clone(),
                area_code: d.area.clone(),
                channel: d.channel,
                phone: d.phone.clone(),
                address: d.address.clone(),
            };
            identity::seed::department(c, ctx, &seed)?;
        }
        for (set, codes) in &self.dictionaries {
            catalogue::seed::codes(c, ctx, set, codes)?;
        }
        catalogue::seed::facts(c, ctx, &self.facts)?;
        catalogue::seed::synonyms(c, ctx, &self.synonyms)?;
        for hall in &self.halls {
            windows::seed::hall(c, ctx, hall)?;
        }
        catalogue::touch(c)
    }
}

/// Loads everything but the service items.
///
/// # Errors
/// A file that does not parse.
pub async fn base(app: &App) -> Result<()> {
    let (base, ctx) = (Base::read()?, app.system());
    app.db.write(move |c| base.write(c, &ctx)).await?;
    app.refresh().await.map(|_| ())
}

/// Loads service items; the base data must be there.
///
/// # Errors
/// A file that does not parse, or that names a department or a hall that is not there.
pub async fn items(app: &App, which: Items) -> Result<Loaded> {
    let mut all = true_items()?;
    all.retain(|e| which == Items::All || e.complete);
    let basics: Vec<Basic> = data::json("catalogue/basic.json")?;
    let ctx = app.system();
    app.db.write(move |c| write_basics(c, &ctx, &basics)).await?;
    let loaded = put_items(app, all).await?;
    let topics: Vec<Topic> =
        data::list("catalogue/topics/").iter().map(|path| data::json(path)).collect::<Result<_>>()?;
    let ctx = app.system();
    let write = move |c: &mut Conn| topics.iter().try_for_each(|t| catalogue::topics::seed_topic(c, &ctx, t));
    app.db.write(write).await?;
    app.refresh().await?;
    Ok(loaded)
}

/// What people say, and what the catalogue calls it.
pub(super) fn synonyms() -> Result<Vec<(String, String)>> {
    data::rows("base/synonyms.csv")
}

/// What people typed whose search is measured.
pub(super) fn phrases() -> Result<Vec<String>> {
    let files = ["catalogue/search-phrases.csv", "catalogue/search-phrases-unseen.csv"];
    let rows = files.map(data::rows::<(String, String)>);
    let rows: Vec<_> = rows.into_iter().collect::<Result<_>>()?;
    Ok(rows.into_iter().flatten().map(|(phrase, _)| phrase).collect())
}

/// The items of `seed-data/catalogue/items`.
pub(super) fn true_items() -> Result<Vec<Elements>> {
    data::list("catalogue/items/").iter().map(|path| data::json(path)).collect()
}

/// Adds items or gives them a new version, all or none.
pub(super) async fn put_items(app: &App, all: Vec<Elements>) -> Result<Loaded> {
    let ctx = app.system();
    app.db.write(move |c| write_items(c, &ctx, &all)).await
}

/// The same with entries of the basic catalogue that let them be.
pub(super) async fn put_made_up(app: &App, all: Vec<Elements>) -> Result<Loaded> {
    let ctx = app.system();
    let basics: Vec<Basic> = all.iter().map(Basic::of).collect();
    let write = move |c: &mut Conn| {
        write_basics(c, &ctx, &basics)?;
        write_items(c, &ctx, &all)
    };
    app.db.write(write).await
}

fn write_basics(c: &mut Conn, ctx: &Ctx, all: &[Basic]) -> Result<()> {
    all.iter().try_for_each(|b| catalogue::basics::seed_basic(c, ctx, b))
}

fn write_items(c: &mut Conn, ctx: &Ctx, all: &[Elements]) -> Result<Loaded> {
    let departments: HashMap<String, DepartmentId> =
        identity::departments(c)?.into_iter().map(|d| (d.key, d.id)).collect();
    let halls: HashMap<String, HallId> = windows::seed::halls(c, ctx)?.into_iter().map(|h| (h.code, h.id)).collect();
    let unknown = |slug: &str, what: &str| Error::internal(format!("the item {slug} names {what}, which is not there"));
    let (mut items, mut granted) = (vec![], vec![]);
    for elements in all {
        let department = departments.get(&elements.department);
        items.push((*department.ok_or_else(|| unknown(&elements.slug, &elements.department))?, elements));
        let found = |code: &String| halls.get(code).copied().ok_or_else(|| unknown(&elements.slug, code));
        granted.push(elements.halls.iter().map(found).collect::<Result<Vec<_>>>()?);
    }
    let (mut loaded, mut new) = (Loaded::default(), vec![]);
    for ((id, change), halls) in catalogue::seed::items(c, ctx, &items)?.into_iter().zip(granted) {
        match change {
            Change::Added => {
                loaded.added += 1;
                new.push((id, halls));
            }
            Change::Renewed => loaded.renewed += 1,
            Change::Same => loaded.same += 1,
            Change::Kept => loaded.kept += 1,
        }
    }
    windows::seed::grants(c, ctx, &new)?;
    Ok(loaded)
}
