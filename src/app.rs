//! All that a process holds. Cheap to copy; every worker of the server and every background task has one.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

use crate::audit::Recent;
use crate::cases::{self, Numbers};
use crate::config::{Config, keyfile};
use crate::db::Db;
use crate::files::Files;
use crate::flows::Books;
use crate::identity::Reach;
use crate::identity::passkeys::Party;
use crate::identity::sessions::{Lifetime, Lifetimes};
use crate::kernel::crypto::Keys;
use crate::kernel::{Actor, Clock, Ctx, Day, Error, Lang, Result};
use crate::outside::{Guarded, Mailer, Oidc, Sms, Verifier};
use crate::render::{Pages, texts};
use crate::supervision::{self, Figures};

#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub db: Db,
    pub keys: Keys,
    pub clock: Clock,
    pub pages: Pages,
    pub files: Files,
    pub verifier: Verifier,
    pub mailer: Mailer,
    pub sms: Sms,
    pub oidc: Oidc,
    /// The platform, as devices with passkeys know it.
    pub party: Party,
    /// The way out to departments' systems.
    pub http: Guarded,
    /// Told after a commit that left work for the background, so that it need not wait for the next look.
    pub wake: Notify,
    /// Password hashings at once: they cost a core each, and a login storm must not stall other pages.
    pub hashing: Semaphore,
    /// Logins that may wait for one of these: who comes beyond is told to come again, since nobody waits for so long.
    pub logins: Arc<Semaphore>,
    /// Password hashings that were made.
    pub hashed: AtomicU64,
    /// Messages to departments under way.
    pub sending: Sending,
    /// Streams of events to browsers.
    pub streams: Streams,
    /// Looks and refusals that were recorded lately.
    pub recent: Recent,
    books: ArcSwap<Books>,
    refreshing: tokio::sync::Mutex<()>,
    settling: Arc<tokio::sync::Mutex<()>>,
    serials: tokio::sync::Mutex<Serials>,
    board: tokio::sync::Mutex<HashMap<Reach, Arc<Figures>>>,
    /// The digest of the key file as this process has read it.
    key_file: std::sync::Mutex<Option<[u8; 32]>>,
}

/// Serial numbers of a day that this process has taken and not yet given out.
#[derive(Default)]
struct Serials {
    day: Option<Day>,
    next: i32,
    end: i32,
}

/// How many serials are taken at once: what is left of a block when a process ends is a gap, which harms nobody.
const BLOCK: i32 = 50;

/// Logins under way at once, those that wait for their password's check with them: a core checks some thirty a second.
const LOGINS: usize = 100;

/// For how long the board's figures are shown before they are counted again, in seconds.
const FRESH: i64 = 2;

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The messages to departments that this process has under way.
pub struct Sending {
    /// One a message.
    pub places: Arc<Semaphore>,
    /// Told when one has ended.
    pub ended: Notify,
}

impl Sending {
    /// At once, in one process.
    pub const MOST: usize = 16;
}

impl Default for Sending {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(Self::MOST)), ended: Notify::new() }
    }
}

/// The streams of events to browsers that this process has open.
pub struct Streams {
    /// One a stream.
    pub places: Arc<Semaphore>,
    end: watch::Sender<bool>,
}

impl Streams {
    /// At once, in one process.
    pub const MOST: usize = 64;

    /// Ends all streams and those that begin later: the server waits for them when it stops.
    pub fn end(&self) {
        self.end.send_replace(true);
    }

    /// Tells a stream when it has to end.
    pub fn ended(&self) -> watch::Receiver<bool> {
        self.end.subscribe()
    }
}

impl Default for Streams {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(Self::MOST)), end: watch::Sender::new(false) }
    }
}

/// The systems outside, which tests replace by recorded ones.
pub struct Outside {
    pub verifier: Verifier,
    pub mailer: Mailer,
    pub sms: Sms,
    pub http: Guarded,
}

impl Outside {
    pub fn from_config(config: &Config) -> Result<Self> {
        Ok(Self {
            verifier: Verifier::from_config(&config.verifier)?,
            mailer: Mailer::from_config(&config.mail)?,
            sms: Sms::from_config(&config.sms)?,
            http: Guarded::new(config.exchange.hosts.clone(), std::time::Duration::from_secs(config.exchange.timeout))?,
        })
    }
}

impl App {
    /// Opens everything that these settings name. Does not migrate.
    pub async fn open(config: Config, clock: Clock, outside: Outside) -> Result<Self> {
        let keys = keyfile::load(&config.secrets)?;
        let db = Db::open(&config.database.address, config.database.connections)?;
        let files = Files::open(&config.files.folder)?;
        let oidc = Oidc::from_config(&config.oidc, &config.server.public_url, clock.clone())?;
        let parts = Parts {
            db,
            keys,
            clock,
            pages: Pages::load()?,
            files,
            verifier: outside.verifier,
            mailer: outside.mailer,
            sms: outside.sms,
            oidc,
            party: Party::of(&config.server.public_url, &texts().get(Lang::Zh, "city-app-name")),
            http: outside.http,
            wake: Notify::new(),
            hashing: Semaphore::new(std::thread::available_parallelism().map_or(1, |n| n.get().div_ceil(2))),
            logins: Arc::new(Semaphore::new(LOGINS)),
            hashed: AtomicU64::new(0),
            sending: Sending::default(),
            streams: Streams::default(),
            recent: Recent::default(),
            books: ArcSwap::default(),
            refreshing: tokio::sync::Mutex::default(),
            settling: Arc::default(),
            serials: tokio::sync::Mutex::default(),
            board: tokio::sync::Mutex::default(),
            key_file: std::sync::Mutex::new(keyfile::stamp(&config.secrets)),
            config,
        };
        Ok(Self(Arc::new(parts)))
    }

    /// Takes the keys as their file has them now, when it was written since. A file that cannot be read leaves the keys as they are.
    ///
    /// # Errors
    /// What is wrong with the file, once for each writing.
    pub fn renew_keys(&self) -> Result<()> {
        let now = keyfile::stamp(&self.config.secrets);
        let mut seen = self.key_file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if now.is_none() || *seen == now {
            return Ok(());
        }
        *seen = now;
        self.keys.renew(&keyfile::read(&self.config.secrets.file)?)
    }

    /// The calendar and catalogue as this process last saw them.
    pub fn books(&self) -> Books {
        self.books.load().as_ref().clone()
    }

    /// Looks for changes of the calendar and the catalogue: what others have changed is seen from here on. Returns whether there were
    /// any.
    pub async fn refresh(&self) -> Result<bool> {
        let _one = self.refreshing.lock().await;
        let known = self.books();
        if self.db.glance(crate::catalogue::stamp).await? == known.shelf.stamp {
            return Ok(false);
        }
        let Some(books) = self.db.read(move |c| Books::next(c, &known)).await? else { return Ok(false) };
        let is_unsettled = books.shelf.is_unsettled();
        self.books.store(Arc::new(books));
        if is_unsettled && let Ok(one) = self.settling.clone().try_lock_owned() {
            let app = self.clone();
            tokio::spawn(async move {
                if let Err(e) = app.settle(&one).await {
                    tracing::warn!(cause = ?e, "The catalogue's index could not be put in order.");
                }
            });
        }
        Ok(true)
    }

    /// Puts the index of the catalogue in order, beside all that goes on.
    async fn settle(&self, _one: &tokio::sync::OwnedMutexGuard<()>) -> Result<()> {
        let shelf = self.books().shelf;
        let settled = blocking(move || shelf.settled()).await?;
        // Others have gone on meanwhile.
        let _one = self.refreshing.lock().await;
        let Books { plan, shelf } = self.books();
        let shelf = Arc::new(blocking(move || shelf.on(&settled)).await?);
        self.books.store(Arc::new(Books { plan, shelf }));
        Ok(())
    }

    /// The board of supervision as far as somebody reaches, counted again when it is older than two seconds: by one at a time, and
    /// only while somebody asks.
    pub async fn figures(&self, reach: &Reach) -> Result<Arc<Figures>> {
        let mut kept = self.board.lock().await;
        let now = self.clock.now();
        let known = kept.get(reach).cloned();
        if let Some(known) = known.as_ref().filter(|k| now.secs_since(k.at).abs() < FRESH) {
            return Ok(known.clone());
        }
        let (ctx, books, reach_of) = (self.system(), self.books(), reach.clone());
        let count = move |c: &mut crate::db::Conn| {
            let departments: Vec<_> = books.shelf.departments().iter().map(|d| d.id).collect();
            supervision::figures(c, &ctx, &books.plan, &reach_of, &departments, known.as_deref())
        };
        let fresh = Arc::new(self.db.read(count).await?);
        // Nobody looks any more at what has not been counted for a while.
        kept.retain(|_, figures| now.secs_since(figures.at).abs() < 60 * FRESH);
        kept.insert(reach.clone(), fresh.clone());
        Ok(fresh)
    }

    pub fn ctx(&self, actor: Actor, lang: Lang) -> Ctx {
        Ctx::new(actor, self.clock.now(), lang, self.keys.clone())
    }

    pub fn system(&self) -> Ctx {
        Ctx::system(self.clock.now(), self.keys.clone())
    }

    pub fn lifetimes(&self) -> Lifetimes {
        let s = &self.config.sessions;
        let life = |minutes: i64, hours: i64| Lifetime { idle: minutes * 60, absolute: hours * 3600 };
        Lifetimes {
            citizens: life(s.idle_minutes, s.absolute_hours),
            staff: life(s.staff_idle_minutes, s.staff_absolute_hours),
        }
    }

    /// The numbers of a new case of this item, today.
    pub async fn numbers(&self, code: &str) -> Result<Numbers> {
        let day = self.clock.now().day();
        let mut serials = self.serials.lock().await;
        if serials.day != Some(day) || serials.next == serials.end {
            let first = self.db.write(move |c| cases::reserve_serials(c, day, BLOCK)).await?;
            *serials = Serials { day: Some(day), next: first, end: first + BLOCK };
        }
        let serial = serials.next;
        serials.next += 1;
        Numbers::new(code, day, serial)
    }

    /// A place among the logins under way, to be held as long as one lasts.
    ///
    /// # Errors
    /// Busy, when there is none: before anything was counted or looked up.
    pub fn login_place(&self) -> Result<OwnedSemaphorePermit> {
        self.logins.clone().try_acquire_owned().map_err(|_| Error::busy())
    }

    /// Runs a password hashing (or check) off the request threads, a bounded number at once.
    pub async fn hash<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _permit = self.hashing.acquire().await.map_err(Error::internal)?;
        self.hashed.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
