//! `staff`: accounts by whoever runs the program, for the first administrators and for a platform that nobody can get into any more.
//! `permissions explain`: what somebody may do, and why.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::open_ready;
use crate::app::App;
use crate::config::Config;
use crate::db::Conn;
use crate::identity::grants::{self, GrantDraft};
use crate::identity::staff::{self, StaffDraft};
use crate::identity::{StaffId, factors, passwords, roles};
use crate::kernel::{Ctx, Error, Lang, Result, crypto};
use crate::render::texts;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make an account and print its first password, which its owner has to change
    Create {
        /// 3 to 40 lower-case letters, digits, dots, hyphens
        login: String,
        #[arg(long)]
        name: String,
        /// Codes of roles, such as admin, security, auditor; may be said several times
        #[arg(long)]
        role: Vec<String>,
    },
    /// Give an account roles in place of those that it has, without a second person: for the first administrators
    Grant {
        login: String,
        /// Codes of roles; may be said several times
        #[arg(long, required = true)]
        role: Vec<String>,
    },
    /// Take away the second factor of an account: its owner binds a new authenticator at the next login
    ResetFactors { login: String },
    /// List the roles that there are
    Roles,
}

#[derive(Debug, clap::Args)]
pub(super) struct PermissionArgs {
    #[command(subcommand)]
    what: PermissionWhat,
}

#[derive(Debug, Subcommand)]
enum PermissionWhat {
    /// Say what a member of staff may do, by which role, given by whom, and what keeps them from it
    Explain {
        /// The login
        person: String,
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(config: Config, args: Args) -> Result<ExitCode> {
    let app = open_ready(config).await?;
    match args.what {
        What::Create { login, name, role } => create(&app, login, name, role).await?,
        What::Grant { login, role } => {
            let ctx = app.system();
            let shown = format!("{login} has now: {}.", role.join(", "));
            let write = move |c: &mut Conn| {
                let id = find(c, &ctx, &login)?;
                give(c, &ctx, id, &role)
            };
            app.db.write(write).await.map_err(told)?;
            println!("{shown}");
        }
        What::ResetFactors { login } => {
            let ctx = app.system();
            let shown = format!("{login} binds a new authenticator at the next login.");
            let write = move |c: &mut Conn| {
                let id = find(c, &ctx, &login)?;
                factors::reset(c, &ctx, id)
            };
            app.db.write(write).await?;
            println!("{shown}");
        }
        What::Roles => {
            for role in app.db.read(roles::roles).await? {
                println!("{:16} {}  [{}]", role.code, role.name.zh, role.permissions.codes().join(", "));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Faults of fields in words: a command has no form that could show them.
fn told(error: Error) -> Error {
    let say = |code: &str| texts().get(Lang::En, &format!("field-{code}")).into_owned();
    match error.field_errors() {
        [] => error,
        faults => Error::internal(faults.iter().map(|f| say(f.code)).collect::<Vec<_>>().join("; ")),
    }
}

fn find(c: &mut Conn, ctx: &Ctx, login: &str) -> Result<StaffId> {
    staff::find_by_login(c, ctx, login)?.ok_or_else(|| Error::internal(format!("there is no account {login}")))
}

fn give(c: &mut Conn, ctx: &Ctx, id: StaffId, codes: &[String]) -> Result<()> {
    let (member, _) = grants::explain(c, ctx, id)?;
    let roles = codes.iter().map(|code| (code.clone(), None)).collect();
    grants::bootstrap(c, ctx, id, &GrantDraft { roles, ..GrantDraft::of(&member) })
}

async fn create(app: &App, login: String, name: String, codes: Vec<String>) -> Result<()> {
    let password = crypto::random_code(12);
    let secret = password.clone();
    let hash = app.hash(move || passwords::hash(&secret)).await?;
    let (ctx, draft) = (app.system(), StaffDraft { login: login.clone(), name, is_active: true });
    let write = move |c: &mut Conn| {
        let id = staff::create(c, &ctx, &draft, &hash)?;
        if codes.is_empty() { Ok(()) } else { give(c, &ctx, id, &codes) }
    };
    app.db.write(write).await.map_err(told)?;
    println!(
        "Account {login}, first password {password}: its owner chooses another when logging in, and binds an authenticator."
    );
    Ok(())
}

pub(super) async fn permissions(config: Config, args: PermissionArgs) -> Result<ExitCode> {
    let PermissionWhat::Explain { person, json } = args.what;
    let app = open_ready(config).await?;
    let (ctx, login) = (app.system(), person.clone());
    let read = move |c: &mut Conn| {
        let id = find(c, &ctx, &login)?;
        let (member, whys) = grants::explain(c, &ctx, id)?;
        let givers = member.roles.iter().filter_map(|held| held.given_by.map(|by| by.0)).collect();
        Ok((member, whys, staff::names(c, givers)?))
    };
    let (member, whys, names) = app.db.read(read).await?;
    let text = |key: &str| texts().get(Lang::En, key).into_owned();
    let by = |held: &crate::identity::Held| {
        let giver = held.given_by.and_then(|id| names.get(&id.0).cloned());
        json!({ "role": held.role, "until": held.until, "given_by": giver, "given_at": held.given_at })
    };
    if json {
        let permissions: Vec<_> = whys
            .iter()
            .map(|why| {
                json!({
                    "permission": why.permission, "usable": why.kept_by.is_empty(), "kept_by": why.kept_by,
                    "by": why.by.iter().map(by).collect::<Vec<_>>(),
                })
            })
            .collect();
        let all = json!({
            "login": member.login, "active": member.is_active, "area": member.area,
            "department": member.department, "hall": member.hall, "permissions": permissions,
        });
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} ({})", member.name, member.login);
    if whys.is_empty() {
        println!("  may do nothing: no role was given.");
    }
    for why in &whys {
        let state = match why.kept_by.as_slice() {
            [] => "yes".to_owned(),
            kept => {
                format!("no: {}", kept.iter().map(|k| text(&format!("kept-by-{k}"))).collect::<Vec<_>>().join(", "))
            }
        };
        println!("  {:22} {state}", text(&format!("permission-{}", why.permission.code())));
        for held in &why.by {
            let giver = held.given_by.and_then(|id| names.get(&id.0).cloned()).unwrap_or_else(|| "the platform".into());
            let until = held.until.map(|day| format!(", until {day}")).unwrap_or_default();
            println!("      by role {}, given by {giver} on {}{until}", held.role, held.given_at.day());
        }
    }
    Ok(ExitCode::SUCCESS)
}
