//! `demo`: the one command for a newcomer. A platform with invented people and cases on SQLite (or on a PostgreSQL database of one's
//! own), the simulated world outside beside it, wired together so that everything really works. Starting again keeps the data.

mod kept;
mod shown;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(super) use kept::Kept;

use self::kept::Filled;
use super::seed::{self, DEMO_PASSWORD, Items};
use super::world::{self, PortArgs, Secrets};
use super::{asked_to_end, open};
use crate::app::App;
use crate::cases::{self, State};
use crate::exchange::{self, DispatchFilter, DispatchState};
use crate::identity::{self, clients};
use crate::kernel::{Actor, Clock, Ctx, Error, Result};
use crate::sandbox::{self, Addresses, Ports, Running};
use crate::web::server::{self, Server};
use crate::worker::{self, Worker};

/// What the API's client of the demo is called.
const CLIENT: &str = "demo-terminal";
/// The department in whose simulated system an officer clicks.
const MANUAL: &str = "jtys";
/// How long the market department takes, so that one sees its steps come in.
const PACE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(10));
/// How long open requests and streams may go on after Ctrl-C.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Port of the pages and the API
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where database, files, settings and keys are kept
    #[arg(long, value_name = "FOLDER", default_value = "var/demo")]
    folder: PathBuf,
    /// A PostgreSQL database of your own instead of SQLite: postgres://user@host/name, empty or filled by this demo
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,
    #[command(flatten)]
    ports: PortArgs,
    /// Take any free ports instead of the fixed ones
    #[arg(long)]
    any_port: bool,
}

pub(super) async fn run(args: Args) -> Result<ExitCode> {
    let began = Instant::now();
    let listener = world::listen(if args.any_port { 0 } else { args.port }, "--port")?;
    let listen = listener.local_addr()?.to_string();
    let ports = if args.any_port { Ports::default() } else { args.ports.ports()? };
    let mut kept = Kept::open(&args.folder)?;
    let secrets = kept.secrets()?;
    let folder = Some(args.folder.join("sandbox"));
    let url = format!("http://{listen}");
    let outside = sandbox::start(world::settings(ports, &url, &secrets, PACE, folder, Clock::default())?).await?;
    let config = kept.settle(&listen, args.database.as_deref(), (&outside.addresses, &secrets))?;
    let app = open(config).await?;
    fill(&app, &mut kept, &outside.addresses, &secrets).await?;
    register_client(&app, kept.client_secret()).await?;
    let background = worker::start(&app, true);
    let server = server::start(app.clone(), listener, app.config.server.workers)?;
    let shown = shown::Shown {
        url: &url,
        outside: &outside.addresses,
        client: (CLIENT, &kept.keys_file()),
        settings: &kept.settings_file(),
        folder: &args.folder,
        took: began.elapsed(),
    };
    println!("{}", shown.text()?);
    asked_to_end().await?;
    println!("\n正在停止…… · Stopping …");
    tokio::select! {
        () = stop(server, background, outside) => println!("已停止，数据已保留。 · Stopped; the data are kept."),
        // Whoever asks twice does not want to wait.
        _ = asked_to_end() => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Lets what is under way end, for a moment: a stream of events never ends by itself.
async fn stop(server: Server, background: Worker, outside: Running) {
    let _cut_off = tokio::time::timeout(GRACE, server.stop()).await;
    let _cut_off = tokio::time::timeout(GRACE, background.stop()).await;
    let _cut_off = tokio::time::timeout(GRACE, outside.stop()).await;
}

/// Migrates, tells where the departments' systems are, and at the first start loads the seed data with its people and cases.
async fn fill(app: &App, kept: &mut Kept, at: &Addresses, secrets: &Secrets) -> Result<()> {
    let address = app.config.database.address.clone();
    // An empty database has no tables yet, and cannot be read.
    let is_empty = app.refresh().await.is_err() || app.books().shelf.items().is_empty();
    match kept.filled(&address) {
        Filled::Done if !is_empty => {
            app.db.migrate().await?;
            app.refresh().await?;
            return world::wire(app, at, secrets).await;
        }
        Filled::No if !is_empty => {
            return Err(Error::internal(
                "this database holds something that this demo did not make: name an empty one with --database",
            ));
        }
        _ => {}
    }
    println!("首次启动：正在建库、载入事项和示例办件…… · First start: loading service items and example cases …");
    kept.note(&address, Filled::Begun)?;
    app.db.migrate().await?;
    seed::base(app).await?;
    // Before the cases: what they sent in the past was sent somewhere.
    world::wire(app, at, secrets).await?;
    seed::items(app, Items::All).await?;
    let hash = app.hash(|| identity::passwords::hash(DEMO_PASSWORD)).await?;
    let made = seed::people(app, &hash).await?;
    seed::authenticators(app, &made).await?;
    seed::cases(app, &made).await?;
    hand_over(app, &made).await?;
    kept.note(&address, Filled::Done)
}

/// Examples that a department's officer has on the desk already are sent to the simulated system once more, so that they can be
/// decided there. Those of the department that decides by itself stay as they are: they are to be seen in this state.
async fn hand_over(app: &App, made: &seed::Accounts) -> Result<()> {
    let Some(admin) = made.staff.get("admin").copied() else { return Ok(()) };
    let ctx = app.system();
    app.db
        .write(move |c| {
            let actor = Actor::Staff(identity::seed::actor(c, &ctx, admin)?);
            let by_admin = Ctx { actor, ..ctx.clone() };
            let manual = identity::departments(c)?.into_iter().find(|d| d.key == MANUAL).map(|d| d.id);
            let filter = DispatchFilter { department: manual, state: Some(DispatchState::Sent), after: None };
            for dispatch in exchange::dispatches(c, &by_admin, &filter, 100)?.rows {
                if cases::for_platform(c, &ctx, dispatch.case_id)?.state == State::Processing {
                    exchange::resend(c, &by_admin, dispatch.id)?;
                }
            }
            Ok(())
        })
        .await
}

/// The demo's program for the API, whose secret stands in the folder.
async fn register_client(app: &App, secret: String) -> Result<()> {
    let ctx = app.system();
    let create = clients::Create {
        client_id: CLIENT.into(),
        name: "自助终端（演示） self-service terminal".into(),
        department: None,
        scopes: vec!["declare".into()],
    };
    app.db
        .write(move |c| match clients::check(c, CLIENT, &secret) {
            Ok(_) => Ok(()),
            Err(_) => clients::put(c, &ctx, &create, &secret).map(|_| ()),
        })
        .await
}
