//! `seed --cases N`: a city's years in minutes. Invented people and cases in every state, put past the rules in batches, so that the
//! platform can be measured at the size it is meant for.

use indicatif::ProgressBar;

use super::dice::Dice;
use crate::app::App;
use crate::cases::{self, Answers, Applicant, Channel, Content, Decision, Event, NewCase, Numbers, Past};
use crate::catalogue::{FieldKind, Shelved};
use crate::flows::Books;
use crate::identity::seed::PersonSeed;
use crate::identity::{self, DepartmentId, PersonId};
use crate::kernel::{Day, Id, Lang, Result, Ts, numbers};
use crate::windows::{self, Function};

/// Cases a transaction: short enough that other writers are not held up for long.
const BATCH: usize = 250;
/// Working days that the history reaches back.
const DAYS: u32 = 740;
/// Of a thousand cases so many are still open, and these are no older than so many working days.
const OPEN: u64 = 100;
const YOUNG: u64 = 9;

/// More than the cases that the dice will put on the day at this place.
fn expected(count: usize, at: usize) -> i32 {
    let (all, open) = (count as u64, count as u64 * OPEN / 1000);
    let mean = if (at as u64) < YOUNG { open / YOUNG } else { all / u64::from(DAYS) };
    i32::try_from(mean * 5 / 4 + 300).unwrap_or(i32::MAX)
}

struct Maker {
    books: Books,
    /// Items with the halls that may accept them.
    items: Vec<(std::sync::Arc<Shelved>, Vec<Id>)>,
    people: Vec<(PersonId, Applicant)>,
    /// Working days of the past, the last one first.
    days: Vec<Day>,
    /// Serials given out, by day.
    serials: Vec<i32>,
    file: (crate::files::Hash, i64, &'static str),
    now: Ts,
    dice: Dice,
    /// All cases wait for the first step of an approval desk.
    at_desk: bool,
}

/// Fills the database with `count` more cases.
pub async fn fill(app: &App, count: usize, is_shown: bool) -> Result<()> {
    made(app, Maker::new(app, count).await?, count, is_shown).await
}

/// Adds cases that wait for the first step of a department's approval desk.
pub async fn fill_desk(app: &App, department: Id, count: usize) -> Result<()> {
    let mut maker = Maker::new(app, count).await?;
    maker.items.retain(|(item, _)| item.department_id == department);
    maker.at_desk = true;
    made(app, maker, count, false).await
}

async fn made(app: &App, mut maker: Maker, count: usize, is_shown: bool) -> Result<()> {
    let bar = if is_shown { crate::cli::progress(count, "cases") } else { ProgressBar::hidden() };
    let mut left = count;
    while left > 0 {
        let n = left.min(BATCH);
        let batch = (0..n).map(|_| maker.case()).collect::<Result<Vec<_>>>()?;
        let ctx = app.system();
        app.db.write(move |c| cases::fill(c, &ctx, &batch)).await?;
        left -= n;
        bar.inc(n as u64);
    }
    bar.finish();
    Ok(())
}

impl Maker {
    async fn new(app: &App, count: usize) -> Result<Self> {
        let books = app.books();
        let shelved = books.shelf.items().to_vec();
        let items = app.db.read(move |c| {
            let mut all = vec![];
            for item in shelved {
                let halls = windows::halls_of_item(c, item.item_id, Function::Accept)?;
                if !halls.is_empty() {
                    all.push((item, halls.into_iter().map(|h| h.id.0).collect()));
                }
            }
            Ok(all)
        });
        let items: Vec<_> = items.await?;
        let now = app.clock.now();
        let days = (1..=DAYS).scan(now.day(), |day, _| {
            *day = books.plan.back(*day, 1);
            Some(*day)
        });
        let days: Vec<Day> = days.collect();
        let people = people(app, (count / 20).clamp(10, 50_000)).await?;
        let content = b"%PDF-1.4\n% made up\n%%EOF\n";
        let hash = app.files.put(content.to_vec()).await?;
        let taken = days.clone();
        let serials = app.db.write(move |c| {
            // What is given out here is taken from the days' serials at once, so that no other case gets it.
            let serials = |(at, day): (usize, &Day)| cases::reserve_serials(c, *day, expected(count, at));
            taken.iter().enumerate().map(serials).collect::<Result<Vec<_>>>()
        });
        let serials = serials.await?;
        let file = (hash, content.len() as i64, "application/pdf");
        Ok(Self { books, items, people, days, serials, file, now, dice: Dice(count as u64), at_desk: false })
    }

    fn case(&mut self) -> Result<Past> {
        let (item, halls) = self.dice.pick(&self.items).clone();
        let is_open = self.at_desk || self.dice.below(1000) < OPEN;
        // Open cases are young, and the young ones are the many.
        let at = match is_open {
            true => self.dice.below(YOUNG),
            false => YOUNG + self.dice.below(self.days.len() as u64 - YOUNG),
        };
        let at = at as usize;
        let day = self.days[at];
        let created_at = Ts::start_of(day).plus_secs(8 * 3600 + self.dice.below(9 * 3600) as i64);
        let (person, applicant) = self.dice.pick(&self.people).clone();
        self.serials[at] += 1;
        let numbers = Numbers::new(&item.elements.code, day, self.serials[at] - 1)?;
        let plan = &self.books.plan;
        let five = crate::calendar::Limit { days: 5, unit: crate::calendar::Unit::Working };
        let limits = &item.elements.limits;
        let is_system = {
            let department = self.books.shelf.department(item.department_id)?;
            department.channel == identity::Channel::System
        };
        let (events, decision) = match self.at_desk {
            true => (
                timed(
                    &[Event::Submit, Event::PreAccept, Event::Receive, Event::Accept, Event::Assign],
                    3600,
                    created_at,
                    self.now,
                ),
                None,
            ),
            false => path(&mut self.dice, is_open, is_system, created_at, self.now),
        };
        let files = item.elements.materials.iter().filter(|m| m.is_needed()).take(3).map(|m| m.key.clone()).collect();
        Ok(Past {
            new: NewCase {
                item_id: item.item_id,
                version_id: item.version_id,
                department_id: DepartmentId(item.department_id),
                hall_id: *self.dice.pick(&halls),
                channel: if self.dice.below(4) == 0 { Channel::Window } else { Channel::Web },
                person_id: Some(person),
                acting: None,
                content: Content { applicant, answers: answers(&item) },
            },
            numbers,
            created_at,
            events,
            accept_by: plan.due(day, five, &[]).day,
            due_on: Some(plan.due(day, limits.promised, &[]).day),
            legal_due_on: Some(plan.due(day, limits.legal, &[]).day),
            decision,
            files,
            file: self.file,
        })
    }
}

/// What happened to a case, some hours between the steps.
fn path(dice: &mut Dice, is_open: bool, is_system: bool, from: Ts, now: Ts) -> (Vec<(Event, Ts)>, Option<Decision>) {
    use Event as E;
    let onward: &[Event] = if is_system { &[E::Dispatch, E::Take] } else { &[E::Assign, E::Handle, E::Review] };
    let last = if is_system { E::Decide } else { E::Approve };
    let mut events = vec![E::Submit];
    let mut decision = None;
    if is_open {
        match dice.below(10) {
            0..=2 => {}
            3 => events.push(E::PreAccept),
            _ => {
                events.extend([E::PreAccept, E::Receive, E::Accept, onward[0]]);
                events.extend(onward[1..].iter().take(dice.below(onward.len() as u64) as usize));
            }
        }
    } else {
        match dice.below(20) {
            0 => events.push(E::RefuseAcceptance),
            1 => events.push(E::Withdraw),
            n => {
                events.extend([E::PreAccept, E::Receive, E::Accept]);
                events.extend(onward);
                events.extend([last, E::Finish]);
                decision = Some(if n == 2 { Decision::Refused } else { Decision::Granted });
            }
        }
    }
    let step = 3600 * (1 + dice.below(12) as i64);
    (timed(&events, step, from, now), decision)
}

/// Events with so many seconds between them, none after now.
fn timed(events: &[Event], step: i64, from: Ts, now: Ts) -> Vec<(Event, Ts)> {
    let at = |i: usize| from.plus_secs(step * i as i64).min(now.minus_secs(60 - i as i64));
    events.iter().enumerate().map(|(i, e)| (*e, at(i))).collect()
}

/// An answer to every question, of the right kind.
fn answers(item: &Shelved) -> Answers {
    let answer = |f: &crate::catalogue::Field| {
        let first = f.options.as_ref().and_then(|o| o.first()).map(|o| o.value.clone()).unwrap_or_default();
        match f.kind {
            FieldKind::Select | FieldKind::Radio => first.into(),
            FieldKind::Checkbox => vec![first].into(),
            FieldKind::Date => "2024-05-20".into(),
            FieldKind::Number => "12".into(),
            FieldKind::Phone => "13900001234".into(),
            _ => "云川市兰渚区望江路 1 号".into(),
        }
    };
    item.elements.form.single().map(|f| (f.key.clone(), answer(f))).collect()
}

/// Invented people, each with a number that passes its check.
async fn people(app: &App, count: usize) -> Result<Vec<(PersonId, Applicant)>> {
    let mut all = vec![];
    let mut at = 0;
    while at < count {
        let batch: Vec<PersonSeed> = (at..count.min(at + BATCH)).map(person).collect();
        at += batch.len();
        let ctx = app.system();
        let made = app.db.write(move |c| {
            batch.iter().map(|p| Ok((identity::seed::person(c, &ctx, p)?, applicant(p)))).collect::<Result<Vec<_>>>()
        });
        all.extend(made.await?);
    }
    Ok(all)
}

/// The number of identity of the invented person of this number.
pub fn id_number(i: usize) -> String {
    person(i).id_number
}

/// The name of the invented person of this number.
pub fn person_name(i: usize) -> String {
    person(i).name
}

/// The invented person of this number.
fn person(i: usize) -> PersonSeed {
    const SURNAMES: [&str; 12] = ["林", "陈", "周", "黄", "何", "许", "唐", "冯", "彭", "沈", "顾", "罗"];
    const GIVEN: [&str; 12] =
        ["晓", "静怡", "明哲", "思远", "雅婷", "子墨", "淑珍", "志远", "敏", "悦", "建国", "文博"];
    let born = Day::default() + chrono::Days::new((i % 12_000) as u64);
    let body = format!("980102{}{:03}", born.format("%Y%m%d"), i / 12_000 % 1000);
    let checked = "0123456789X".chars().map(|check| format!("{body}{check}"));
    let id_number = checked.into_iter().find(|n| numbers::resident_id(n, born + chrono::Days::new(1)).is_ok());
    PersonSeed {
        phone: format!("199{i:08}"),
        name: format!("{}{}", SURNAMES[i % 12], GIVEN[i / 12 % 12]),
        id_number: id_number.unwrap_or_default(),
        email: None,
        address: Some("云川市兰渚区望江路 1 号".into()),
        lang: Lang::Zh,
        // Nobody can log in with it: no password has this as its hash.
        password_hash: "!".into(),
        is_verified: true,
    }
}

fn applicant(p: &PersonSeed) -> Applicant {
    Applicant {
        kind: "1".into(),
        name: p.name.clone(),
        id_kind: "111".into(),
        id_number: p.id_number.clone(),
        phone: p.phone.clone(),
        address: p.address.clone().unwrap_or_default(),
        ..Applicant::default()
    }
}
