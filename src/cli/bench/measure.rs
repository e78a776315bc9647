//! The measurements, one after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::Mutex;

use super::acts::{self, Declarations};
use super::limit::Limit;
use super::load::{Ask, Line, Reply, Run, drive};
use super::server::Server;
use super::stage::{Session, Stage};
use crate::kernel::{Error, Result};

/// Clients of the submissions.
const CLIENTS: usize = 64;
/// Clients of the pages: enough to keep the server at work, few enough to see what one page takes.
const READERS: usize = 4;
/// Officers at their desks.
const OFFICERS: usize = 16;
/// Submissions and limit are measured in so many turns; the middle one is told.
const TURNS: usize = 3;

/// A line of the table. 0 where nothing was measured.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Figure {
    pub what: String,
    pub per_second: f64,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub cpu_ms: f64,
    pub note: String,
    /// What was asked of it, and whether it is so; none: told, not judged.
    pub target: Option<String>,
    pub is_met: Option<bool>,
}

impl Figure {
    pub(super) fn of(what: &str, run: &Run, cpu_ms: f64) -> Self {
        let Run { per_second, p50, p95, p99, .. } = *run;
        Self { what: what.into(), per_second, p50, p95, p99, cpu_ms, ..Self::default() }
    }
    pub(super) fn judged(mut self, target: String, is_met: bool) -> Self {
        (self.target, self.is_met) = (Some(target), Some(is_met));
        self
    }
}

/// Whose session a list is asked with.
type Who = fn(&Stage) -> &Session;

pub(super) struct Measures {
    pub engine: &'static str,
    pub small: usize,
    pub large: usize,
    pub figures: Vec<Figure>,
    time: Duration,
    failed: usize,
}

impl Measures {
    pub fn new(engine: &'static str, small: usize, large: usize, time: Duration) -> Self {
        Self { engine, small, large, figures: vec![], time, failed: 0 }
    }

    /// Every answer was as it should be. Figures that miss what was asked are told in the table and are no failure: machines differ.
    pub fn is_sound(&self) -> bool {
        self.failed == 0
    }

    /// Told as it comes, for whoever waits.
    pub fn push(&mut self, figure: Figure) {
        eprintln!(
            "  {}: {:.0}/s, p95 {:.2} ms, CPU {:.3} ms {}",
            figure.what, figure.per_second, figure.p95, figure.cpu_ms, figure.note
        );
        self.figures.push(figure);
    }

    /// CPU times may be twice as high on PostgreSQL.
    fn cpu(&self, figure: Figure, most: f64) -> Figure {
        let most = if self.engine == "SQLite" { most } else { most * 2.0 };
        let is_met = figure.cpu_ms <= most;
        figure.judged(format!("CPU ≤ {most} ms"), is_met)
    }

    async fn measured(
        &mut self,
        server: &Server,
        clients: usize,
        time: Duration,
        next: impl Fn(usize) -> Option<Ask> + Send + Sync + 'static,
        fine: impl Fn(&Reply) -> bool + Send + Sync + 'static,
    ) -> Result<(Run, f64)> {
        let before = server.cpu();
        let run = drive(&server.address, clients, time, next, fine).await?;
        self.failed += run.failed;
        let cpu_ms = (server.cpu() - before) * 1000.0 / (run.done.max(1) as f64);
        Ok((run, cpu_ms))
    }

    pub fn fill(&mut self, small: f64, large: Option<f64>) {
        let (count, seconds) = large.map_or((self.small, small), |l| (self.large, l));
        let what = format!("`seed --cases {count}`");
        let note = format!("{seconds:.0} s in all");
        self.push(Figure { what, per_second: count as f64 / seconds.max(1e-9), note, ..Figure::default() });
    }

    /// Submissions over HTTP, in turns with the limits.
    pub async fn submissions(&mut self, stage: &Stage, server: &Server, raw: &Limit) -> Result<()> {
        let token = acts::token(&server.address).await?;
        let file = acts::upload(&server.address, &token).await?;
        let files = stage.declared.materials.len();
        let (mut ours, mut alone, mut grouped) = (vec![], vec![], vec![]);
        for _ in 0..TURNS {
            alone.push(raw.alone(CLIENTS, self.time, files).await?);
            let all = Declarations::new(stage, &token, &file);
            ours.push(self.measured(server, CLIENTS, self.time, move |n| Some(all.ask(n)), |r| r.status == 201).await?);
            grouped.push(raw.run(CLIENTS, self.time, files).await?);
        }
        let share = |of: &[Run]| middle(ours.iter().zip(of).map(|((o, _), l)| o.per_second / l.per_second).collect());
        let (of_alone, of_grouped) = (share(&alone), share(&grouped));
        for runs in [&mut alone, &mut grouped] {
            runs.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        }
        ours.sort_by(|a, b| a.0.per_second.total_cmp(&b.0.per_second));
        let (run, cpu) = &ours[TURNS / 2];
        let mut limit = |what: &str, runs: &[Run], note: &str| {
            let figure = Figure::of(what, &runs[TURNS / 2], 0.0);
            self.push(Figure { note: note.into(), ..figure });
        };
        limit("limit: the rows of a submission, a transaction each", &alone, "durable commits, nothing around them");
        limit("limit: the same from 64 callers", &grouped, "on SQLite committed in groups");
        let figure = Figure::of("submit over HTTP, 64 clients", run, *cpu);
        let mut figure = figure.judged("≥ half of a transaction each".into(), of_alone >= 0.5);
        figure.note =
            format!("{:.0} % of a transaction each, {:.0} % of the groups", of_alone * 100.0, of_grouped * 100.0);
        self.push(figure);
        let figure = Figure { what: "submit, server and database".into(), cpu_ms: *cpu, ..Figure::default() };
        let figure = self.cpu(figure, 0.6);
        self.push(figure);
        Ok(())
    }

    /// Submit, pre-accept, accept, dispatch, decision back, finished: once to warm up, once measured.
    pub async fn lifecycles(&mut self, stage: &Stage, server: &Server) -> Result<()> {
        let token = acts::token(&server.address).await?;
        let file = acts::upload(&server.address, &token).await?;
        let all = Declarations::new(stage, &token, &file);
        let numbers = self.cases_in(stage, server, &all, 0).await?;
        finished(&server.address, &token, &numbers).await?;
        let (before, started) = (server.cpu(), Instant::now());
        let numbers = self.cases_in(stage, server, &all, 500_000).await?;
        finished(&server.address, &token, &numbers).await?;
        let took = started.elapsed().as_secs_f64();
        let cpu_ms = (server.cpu() - before) * 1000.0 / numbers.len() as f64;
        let note = format!("{} cases: submit → pre-accept → accept → dispatch → decision → finished", numbers.len());
        let per_second = numbers.len() as f64 / took;
        self.push(Figure { what: "whole lifecycle".into(), per_second, cpu_ms, note, ..Figure::default() });
        Ok(())
    }

    /// Declares and accepts as long as a measurement takes; the numbers of the cases. `from`: where the declarations' keys begin.
    async fn cases_in(&self, stage: &Stage, server: &Server, all: &Declarations, from: usize) -> Result<Vec<String>> {
        const WORKERS: usize = 16;
        let (started, time) = (Instant::now(), self.time);
        let mut tasks = vec![];
        for worker in 0..WORKERS {
            let (all, clerk, materials) = (all.clone(), stage.clerk.clone(), stage.declared.materials.clone());
            let address = server.address.clone();
            tasks.push(tokio::spawn(async move {
                let mut line = Line::open(&address).await?;
                let mut numbers = vec![];
                while started.elapsed() < time {
                    let declared = line.call(&all.ask(worker * 1_000_000 + from + numbers.len())).await?;
                    numbers.push(through_the_hall(&mut line, &clerk, &declared, &materials).await?);
                }
                Ok::<_, Error>(numbers)
            }));
        }
        let mut numbers = vec![];
        for task in tasks {
            numbers.extend(task.await.map_err(Error::internal)??);
        }
        Ok(numbers)
    }

    /// The steps of the approval desk, each officer in turn.
    pub async fn decisions(&mut self, stage: &Stage, server: &Server) -> Result<()> {
        // The first of them warm up: each connection prepares its statements once, which is no cost of a decision.
        let (first, cases) = stage.handling.split_at(stage.handling.len() / 4);
        let (first, cases) = (Arc::new(first.to_vec()), Arc::new(cases.to_vec()));
        let steps = [
            ("handle", "granted", &stage.officers[0]),
            ("review", "agree", &stage.officers[1]),
            ("approve", "agree", &stage.officers[2]),
        ];
        for (at, (step, choice, who)) in steps.into_iter().enumerate() {
            let of = |cases: &Arc<Vec<(String, i64)>>| {
                let (cases, who) = (cases.clone(), who.clone());
                move |n: usize| {
                    let (id, rev) = cases.get(n)?;
                    Some(acts::opinion(&who, &(id.clone(), rev + at as i64), step, choice))
                }
            };
            let time = Duration::from_secs(60);
            self.measured(server, OFFICERS, time, of(&first), acts::is_done).await?;
            let (run, cpu) = self.measured(server, OFFICERS, time, of(&cases), acts::is_done).await?;
            let figure = match step {
                "handle" => self.cpu(Figure::of("status change (handle)", &run, cpu), 0.4),
                "review" => self.cpu(Figure::of("status change (review)", &run, cpu), 0.4),
                _ => self.cpu(Figure::of("decide and close", &run, cpu), 0.8),
            };
            self.push(Figure { note: format!("{} cases", run.done), ..figure });
        }
        Ok(())
    }

    /// Each page that many people open.
    pub async fn pages(&mut self, stage: &Stage, server: &Server) -> Result<()> {
        let item = &stage.declared.item;
        let case = stage.handling.first().map(|(id, _)| id.clone()).unwrap_or_default();
        let all: Vec<(&str, String, &str)> = vec![
            ("front page", "/".into(), ""),
            ("search: 开饭店", format!("/items?q={}", acts::encoded("开饭店")), ""),
            ("search: 社保", format!("/items?q={}", acts::encoded("社保")), ""),
            ("guide of an item", format!("/items/{item}"), ""),
            ("halls", "/halls".into(), ""),
            ("start of a declaration", format!("/declare/{item}"), &stage.citizen.cookie),
            ("case at the approval desk", format!("/desk/cases/{case}"), &stage.officers[0].cookie),
            ("dashboard", "/supervise".into(), &stage.supervisor.cookie),
        ];
        for (what, path, cookie) in all {
            let ask = Ask::get(path, cookie);
            let time = self.time / 2;
            let (run, cpu) =
                self.measured(server, READERS, time, move |_| Some(ask.clone()), |r| r.status == 200).await?;
            self.push(Figure::of(what, &run, cpu));
        }
        Ok(())
    }

    /// The lists that everybody works from, at both sizes in turns.
    pub async fn lists(&mut self, stage: &Stage, server: &Server, large: Option<(&Stage, &Server)>) -> Result<()> {
        let lists: [(&str, &str, Who, f64); 3] = [
            ("clerk's work list, 100 rows", "/hall", |s| &s.clerk, 1.5),
            ("a person's own cases", "/my", |s| &s.citizen, 0.2),
            ("JSON list, 20 rows", "/api/v1/cases", |s| &s.citizen, 0.3),
        ];
        for (what, path, who, most) in lists {
            let at_small = self.list((stage, server), path, who).await?;
            let Some((large, at_large)) = large else {
                let figure = self.cpu(Figure::of(&format!("{what}, small"), &at_small.0, at_small.1), most);
                self.push(figure);
                continue;
            };
            let at_large = self.list((large, at_large), path, who).await?;
            // Once more, so that what the machine did meanwhile falls on both.
            let again = self.list((stage, server), path, who).await?;
            let best = if again.0.p95 < at_small.0.p95 { again } else { at_small };
            let ratio = at_large.0.p95 / best.0.p95.max(1e-9);
            let figure = self.cpu(Figure::of(&format!("{what}, small"), &best.0, best.1), most);
            self.push(figure);
            let is_met = at_large.0.p95 < 20.0 && ratio <= 2.0;
            let figure = Figure::of(&format!("{what}, large"), &at_large.0, at_large.1);
            let mut figure = figure.judged("p95 < 20 ms, ≤ 2 × small".into(), is_met);
            figure.note = format!("{ratio:.2} × small");
            self.push(figure);
        }
        Ok(())
    }

    async fn list(&mut self, (stage, server): (&Stage, &Server), path: &str, who: Who) -> Result<(Run, f64)> {
        let ask = if path.starts_with("/api") {
            let headers = format!("authorization: Bearer {}\r\n", acts::token(&server.address).await?);
            Ask { method: "GET", path: path.to_owned(), headers, body: vec![] }
        } else {
            Ask::get(path, &who(stage).cookie)
        };
        self.measured(server, READERS, self.time, move |_| Some(ask.clone()), |r| r.status == 200).await
    }

    pub fn started(&mut self, server: &Server) {
        let ms = server.ready_after.as_secs_f64() * 1000.0;
        let figure = Figure {
            what: "start to ready, the largest database".into(),
            note: format!("{ms:.0} ms"),
            ..Figure::default()
        };
        self.push(figure.judged("< 1 s".into(), ms < 1000.0));
    }

    pub fn memory(&mut self, server: &Server) {
        let (now, most) = server.memory();
        let note = format!("{now:.0} MiB now, {most:.0} MiB at most");
        let figure = Figure { what: "resident memory of `serve` under all of this".into(), note, ..Figure::default() };
        self.push(figure.judged("< 200 MiB".into(), most < 200.0));
    }
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The clerk finds the case by its number, pre-accepts it and accepts it. Returns its case number.
async fn through_the_hall(line: &mut Line, clerk: &Session, declared: &Reply, materials: &[String]) -> Result<String> {
    let said = acts::body(declared)?;
    let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    let found = line.call(&Ask::get(format!("/hall?number={}", text("receipt_no")), &clerk.cookie)).await?;
    let path = found.header("location").unwrap_or_default();
    let id = path.rsplit('/').next().unwrap_or_default().to_owned();
    // Each act moves the case's revision on by one.
    for (rev, act) in [(1, "pre-accept"), (2, "accept")] {
        let reply = line.call(&acts::clerk(clerk, &(id.clone(), rev), act, materials)).await?;
        if !acts::is_done(&reply) {
            return Err(Error::internal(format!("{act}: {} {:.2000}", reply.status, reply.text())));
        }
    }
    Ok(text("case_no"))
}

/// Waits until each of these cases is finished.
async fn finished(address: &str, token: &str, numbers: &[String]) -> Result<()> {
    let line = Mutex::new(Line::open(address).await?);
    let headers = format!("authorization: Bearer {token}\r\n");
    let started = Instant::now();
    for number in numbers {
        let ask =
            Ask { method: "GET", path: format!("/api/v1/cases/{number}"), headers: headers.clone(), body: vec![] };
        loop {
            let reply = line.lock().await.call(&ask).await?;
            if acts::body(&reply)?["state"] == "finished" {
                break;
            }
            if started.elapsed() > Duration::from_secs(120) {
                return Err(Error::internal("a case was not finished in two minutes"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}
