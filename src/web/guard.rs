//! Who asks. A guard in a handler's signature is its permission: without the role the handler is not reached.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use tokio::sync::OnceCell;

use super::error::PageError;
use super::page;
use crate::app::App;
use crate::db::Conn;
use crate::identity::sessions::{self, Session};
use crate::kernel::{Actor, Ctx, Error, Lang, Permission, Result};
use crate::notifications;
use crate::render;

/// The language cookie.
pub const LANGUAGE: &str = "cm_lang";

/// A request with its app, its context and, when somebody is logged in, the session.
pub struct Anyone {
    pub app: App,
    pub ctx: Ctx,
    pub session: Option<Session>,
    /// Path and query, for the way back after a login.
    pub here: String,
    /// Whether the page can be opened again by its address.
    pub can_switch: bool,
    pub done: String,
    /// Messages that a citizen has not read, at most a hundred.
    pub unread: i64,
}

impl Anyone {
    /// What the frame of a page shows of the visitor.
    pub fn visitor(&self) -> render::Visitor {
        let Some(session) = &self.session else {
            return render::Visitor { kind: "anyone", ..render::Visitor::default() };
        };
        let permissions = match &session.actor {
            Actor::Staff(s) => s.permissions.codes(),
            _ => vec![],
        };
        render::Visitor {
            kind: session.actor.kind(),
            name: session.shown.clone(),
            acting: session.acting.as_ref().map(|(_, name)| name.clone()),
            permissions,
            csrf: session.csrf.clone(),
            session_seconds: session.ends_at.secs_since(self.ctx.now),
            unread: self.unread,
        }
    }
}

async fn look(req: HttpRequest) -> Result<Anyone> {
    let app = req.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no app"))?.get_ref().clone();
    let lang = language(&req);
    let (session, unread) = known(&req, &app).await?.map_or((None, 0), |(session, unread)| (Some(session), unread));
    let actor = session.as_ref().map_or(Actor::Anyone, |s| s.actor.clone());
    let mut ctx = app.ctx(actor, lang);
    ctx.acting = session.as_ref().and_then(|s| s.acting.as_ref()).map(|(acting, _)| acting.clone());
    let here = req.uri().path_and_query().map_or_else(|| "/".into(), |p| p.as_str().to_owned());
    let done = query_value(&req, "done").filter(|d| d.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    let can_switch = req.method().is_safe();
    Ok(Anyone {
        app,
        ctx,
        session,
        here,
        can_switch,
        done: done.map(|d| format!("done-{d}")).unwrap_or_default(),
        unread,
    })
}

fn query_value(req: &HttpRequest, name: &str) -> Option<String> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(req.query_string()).ok()?;
    pairs.into_inner().into_iter().find(|(k, _)| k == name).map(|(_, v)| v)
}

/// The language of a visitor: the one chosen, or the one that the browser asks for.
pub(super) fn language(req: &HttpRequest) -> Lang {
    let chosen = page::cookie_value(req, LANGUAGE).and_then(|c| Lang::from_tag(&c));
    let asked = || req.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok().map(Lang::from_header);
    chosen.or_else(asked).unwrap_or_default()
}

/// A session, and how many messages its person has not read.
type Known = Option<(Session, i64)>;

/// Who sent a request: looked up once, however many ask.
pub(super) async fn known(req: &HttpRequest, app: &App) -> Result<Known> {
    let Some(token) = page::cookie_value(req, sessions::COOKIE) else { return Ok(None) };
    let kept = req.extensions().get::<Rc<OnceCell<Known>>>().cloned();
    let kept = kept.unwrap_or_else(|| {
        let new = Rc::new(OnceCell::new());
        req.extensions_mut().insert(new.clone());
        new
    });
    kept.get_or_try_init(|| find(app, token)).await.cloned()
}

async fn find(app: &App, token: String) -> Result<Known> {
    let (keys, now, life) = (app.keys.clone(), app.clock.now(), app.lifetimes());
    let look = move |c: &mut Conn| sessions::find_with::<notifications::Unread>(c, &keys, &token, now, life);
    let known = app.db.peek(look).await?;
    if let Some((s, _)) = &known
        && now.secs_since(s.seen_at) >= 60
    {
        let key = s.key.clone();
        app.db.write(move |c| sessions::touch(c, &key, now)).await?;
    }
    Ok(known)
}

type Found<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

impl FromRequest for Anyone {
    type Error = PageError;
    type Future = Found<Self>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { look(req.clone()).await.map_err(PageError::from) })
    }
}

/// A guard that lets somebody in by a condition on the context.
macro_rules! guard {
    ($(#[$meta:meta])* $name:ident, $allows:expr) => {
        $(#[$meta])*
        pub struct $name(pub Anyone);

        impl std::ops::Deref for $name {
            type Target = Anyone;
            fn deref(&self) -> &Anyone {
                &self.0
            }
        }

        impl FromRequest for $name {
            type Error = PageError;
            type Future = Found<Self>;
            fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
                let req = req.clone();
                Box::pin(async move {
                    let allowed = async {
                        let anyone = look(req.clone()).await?;
                        let allows: fn(&Ctx) -> Result<()> = $allows;
                        allows(&anyone.ctx)?;
                        Ok($name(anyone))
                    };
                    allowed.await.map_err(|e: Error| PageError::from(e))
                })
            }
        }
    };
}

guard!(
    /// A citizen, logged in.
    Citizen,
    |ctx| ctx.person().map(|_| ())
);
guard!(
    /// Any member of staff.
    Staff,
    |ctx| ctx.staff().map(|_| ())
);
guard!(
    /// 窗口人员, who works in a hall.
    Clerk,
    |ctx| ctx.clerk().map(|_| ())
);
guard!(
    /// Somebody at a department's approval desk: 承办, 审核 or 批准.
    Officer,
    |ctx| {
        let staff = ctx.staff()?;
        let of = [Permission::Handle, Permission::Review, Permission::Approve];
        if staff.permissions.has_any(&of) && staff.department.is_some() { Ok(()) } else { Err(Error::forbidden()) }
    }
);
guard!(
    /// Who keeps the catalogue: 事项编制 or 事项审核.
    Keeper,
    |ctx| crate::catalogue::changes::Scope::of(ctx).map(|_| ())
);
guard!(
    /// 监察人员
    Supervisor,
    |ctx| ctx.may(Permission::Supervise).map(|_| ())
);
guard!(
    /// 系统管理员
    Admin,
    |ctx| {
        let of = [Permission::Accounts, Permission::Offices, Permission::Operate];
        if ctx.staff()?.permissions.has_any(&of) { Ok(()) } else { Err(Error::forbidden()) }
    }
);
guard!(
    /// 安全管理员
    Security,
    |ctx| ctx.may(Permission::Authorise).map(|_| ())
);
guard!(
    /// 审计管理员
    Auditor,
    |ctx| ctx.may(Permission::Audit).map(|_| ())
);
