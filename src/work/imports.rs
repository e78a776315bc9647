//! Takes files of the implementing list in that people wish for.
//!
//! A batch is a transaction of its own, which also notes how far that is and holds the file for a minute more. A process that dies
//! leaves it to another, which goes on from there.

use std::io::Cursor;
use std::path::Path;

use crate::app::App;
use crate::catalogue::imports::{self, Leased};
use crate::catalogue::sheets::{self, Imported, Reading};
use crate::files::Hash;
use crate::flows;
use crate::identity;
use crate::kernel::{Actor, Error, Kind, Lang, Result};

/// Items a transaction.
const BATCH: usize = 50;

/// Takes one file in. Tells whether there was one.
pub async fn round(app: &App) -> Result<bool> {
    let ctx = app.system();
    if !app.db.glance(move |c| imports::is_due(c, &ctx)).await? {
        return Ok(false);
    }
    let ctx = app.system();
    let Some(job) = app.db.write(move |c| imports::lease(c, &ctx)).await? else { return Ok(false) };
    match run(app, &job).await {
        Ok(()) => Ok(true),
        // Another process has it now.
        Err(e) if e.code() == "import-lost" => Ok(true),
        Err(e) if e.is(Kind::Internal) || e.is(Kind::Busy) => Err(e),
        Err(e) => {
            tracing::warn!(import = %job.id, code = e.code(), "A file of the list could not be taken in.");
            let (ctx, code) = (app.system(), e.code().to_owned());
            app.db.write(move |c| imports::fail(c, &ctx, &job, &code)).await?;
            Ok(true)
        }
    }
}

async fn run(app: &App, job: &Leased) -> Result<()> {
    let mut reading = open(app, job).await?;
    let mut left_out = 0;
    loop {
        let (back, batch) = next(reading).await?;
        reading = back;
        let all = reading.told().left_out;
        let far = (reading.at(), all - std::mem::replace(&mut left_out, all));
        let is_last = reading.at() == reading.total();
        let (system, job, lang) = (app.system(), job.clone(), Lang::default());
        let app_ = app.clone();
        let take = move |c: &mut crate::db::Conn| {
            let actor = identity::staff::acting(c, &system, job.staff_id)?;
            imports::go_on(c, &app_.ctx(Actor::Staff(actor), lang), &job, &batch, far)
        };
        app.db.write(take).await?;
        if is_last {
            return Ok(());
        }
    }
}

async fn open(app: &App, job: &Leased) -> Result<Reading> {
    let bytes = app.files.get(Hash::from_slice(&job.file)?).await?;
    let shelf = app.books().shelf;
    let against = app.db.read(move |c| flows::list_against(c, shelf)).await?;
    let (folder, name, place) = (app.config.files.folder.clone(), job.name.clone(), job.place);
    let open = move || {
        let mut reading = Reading::new(sheets::open(Path::new(&folder), &name, Cursor::new(bytes))?, against);
        reading.skip(usize::try_from(place).unwrap_or_default());
        Ok(reading)
    };
    tokio::task::spawn_blocking(open).await.map_err(Error::internal)?
}

async fn next(mut reading: Reading) -> Result<(Reading, Vec<Imported>)> {
    let read = move || reading.batch(BATCH).map(|batch| (reading, batch));
    tokio::task::spawn_blocking(read).await.map_err(Error::internal)?
}
