//! The world outside as the demo and the tour play it: the sandbox with the people and departments of the seed data, and how a
//! platform is told where it is.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::seed::{authenticator_secret, data};
use crate::app::App;
use crate::exchange;
use crate::identity;
use crate::kernel::{Clock, Error, Lang, Result, Text, crypto};
use crate::sandbox::{Addresses, Authenticator, DepartmentSettings, Manner, Person, Ports, Settings};

/// Which department of the seed data is played by which system of the sandbox.
pub(super) const SYSTEMS: [(&str, &str); 2] = [("scjg", "market"), ("jtys", "transport")];

/// The fixed ports of the sandbox; 0 takes any that is free.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct PortArgs {
    /// Port of the page that links all simulated systems
    #[arg(long, value_name = "PORT", default_value_t = 8090)]
    index_port: u16,
    /// Port of the identity verifier
    #[arg(long, value_name = "PORT", default_value_t = 8091)]
    verifier_port: u16,
    /// Port of the market regulation department, which decides by itself
    #[arg(long, value_name = "PORT", default_value_t = 8092)]
    market_port: u16,
    /// Port of the transport department, where an officer clicks
    #[arg(long, value_name = "PORT", default_value_t = 8093)]
    transport_port: u16,
    /// Port of the page on which mails are read
    #[arg(long, value_name = "PORT", default_value_t = 8094)]
    mails_port: u16,
    /// Port of the page with the codes of the staff's authenticators
    #[arg(long, value_name = "PORT", default_value_t = 8095)]
    codes_port: u16,
    /// Port of the gateway of short messages, and of the page on which they are read
    #[arg(long, value_name = "PORT", default_value_t = 8096)]
    sms_port: u16,
    /// Port of the provincial identity service (OpenID Connect)
    #[arg(long, value_name = "PORT", default_value_t = 8097)]
    province_port: u16,
    /// Port of the mail server (SMTP)
    #[arg(long, value_name = "PORT", default_value_t = 8025)]
    smtp_port: u16,
}

impl PortArgs {
    /// The ports, each looked at first, so that a busy one is told with the option that changes it.
    pub(super) fn ports(self) -> Result<Ports> {
        let all = [
            ("--index-port", self.index_port),
            ("--verifier-port", self.verifier_port),
            ("--market-port", self.market_port),
            ("--transport-port", self.transport_port),
            ("--mails-port", self.mails_port),
            ("--codes-port", self.codes_port),
            ("--sms-port", self.sms_port),
            ("--province-port", self.province_port),
            ("--smtp-port", self.smtp_port),
        ];
        for (option, port) in all {
            drop(listen(port, option)?);
        }
        Ok(Ports {
            index: self.index_port,
            verifier: self.verifier_port,
            market: self.market_port,
            transport: self.transport_port,
            smtp: self.smtp_port,
            mails: self.mails_port,
            codes: self.codes_port,
            sms: self.sms_port,
            province: self.province_port,
        })
    }
}

/// Takes a port of loopback; one that is busy is told with the option that names another.
pub(super) fn listen(port: u16, option: &str) -> Result<TcpListener> {
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(at).map_err(|e| {
        Error::internal(format!(
            "{at} cannot be used ({e}): end the program that listens there, or choose another port with {option} PORT \
             (--any-port takes free ones for all)"
        ))
    })
}

/// The keys that the two departments and the provider of identities share with the platform.
#[derive(Debug, Clone)]
pub(super) struct Secrets {
    pub market: Vec<u8>,
    pub transport: Vec<u8>,
    pub province: String,
}

impl Secrets {
    pub(super) fn random() -> Self {
        Self::of_departments(crypto::random32().to_vec(), crypto::random32().to_vec())
    }
    /// The provider's follows from a department's, so that each start has the same.
    pub(super) fn of_departments(market: Vec<u8>, transport: Vec<u8>) -> Self {
        let province = hex::encode(crypto::hmac_sha256(&market, b"province"));
        Self { market, transport, province }
    }
    fn of(&self, system: &str) -> &[u8] {
        if system == "market" { &self.market } else { &self.transport }
    }
}

#[derive(Deserialize)]
struct DepartmentRow {
    key: String,
    code: String,
    name: Text,
}

/// The sandbox with the people and departments of the seed data. `pace`: after how long the market department tells of a step, and
/// how long after that it decides.
pub(super) fn settings(
    ports: Ports,
    platform_url: &str,
    secrets: &Secrets,
    pace: (Duration, Duration),
    folder: Option<PathBuf>,
    clock: Clock,
) -> Result<Settings> {
    let rows: Vec<DepartmentRow> = data::json("base/departments.json")?;
    let department = |system: &str, manner, prefix: &str| {
        let key = SYSTEMS.iter().find(|(_, s)| *s == system).map_or("", |(key, _)| key);
        let row = rows.iter().find(|d| d.key == key);
        let row = row.ok_or_else(|| Error::internal(format!("seed-data/base/departments.json has no {key}")))?;
        Ok::<_, Error>(DepartmentSettings {
            code: row.code.clone(),
            name: row.name.zh.clone(),
            name_en: row.name.en.clone(),
            secret: secrets.of(system).to_vec(),
            manner,
            licence_prefix: prefix.into(),
            fetches: true,
        })
    };
    let mut people: Vec<Person> = data::json("demo/people.json")?;
    people.extend(data::json::<Vec<Person>>("demo/newcomers.json")?);
    let automatic = Manner::Automatic { progress: pace.0, decide: pace.1 };
    Ok(Settings {
        ports,
        platform_url: platform_url.to_owned(),
        people,
        authenticators: authenticators(&rows)?,
        province_secret: secrets.province.clone(),
        folder,
        clock,
        retry_first: Duration::from_millis(500),
        retry_most: Duration::from_secs(30),
        ..Settings::quick(department("market", automatic, "YC")?, department("transport", Manner::Manual, "YT")?)
    })
}

#[derive(Deserialize)]
struct StaffRow {
    login: String,
    name: String,
    roles: Vec<String>,
    department: Option<String>,
    hall: Option<String>,
}

#[derive(Deserialize)]
struct RoleRow {
    code: String,
    name: Text,
}

/// The authenticators of the demo's staff, with what each of them does.
fn authenticators(departments: &[DepartmentRow]) -> Result<Vec<Authenticator>> {
    let staff: Vec<StaffRow> = data::json("demo/staff.json")?;
    let roles: Vec<RoleRow> = data::json("base/roles.json")?;
    let of = |row: StaffRow| {
        let department = row.department.as_ref().and_then(|key| departments.iter().find(|d| d.key == *key));
        let place = |lang| match (department, &row.hall) {
            (Some(d), _) => format!(" · {}", d.name.get(lang)),
            (None, Some(hall)) => format!(" · {hall}"),
            (None, None) => String::new(),
        };
        let says = |lang| {
            let held = roles.iter().filter(|role| row.roles.contains(&role.code)).map(|role| role.name.get(lang));
            format!("{}{}", held.collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " }), place(lang))
        };
        let what = (says(Lang::Zh), says(Lang::En));
        Authenticator { secret: authenticator_secret(&row.login), login: row.login, name: row.name, what }
    };
    Ok(staff.into_iter().map(of).collect())
}

/// Tells the platform where the departments' systems are now, and with which keys; writes only what differs.
///
/// # Errors
/// Internal, when the base data are not there.
pub(super) async fn wire(app: &App, addresses: &Addresses, secrets: &Secrets) -> Result<()> {
    let mut wanted = vec![];
    for (key, system) in SYSTEMS {
        let url = addresses.department_url(system).ok_or_else(|| Error::internal(format!("no sandbox {system}")))?;
        wanted.push((key, url, secrets.of(system).to_vec()));
    }
    let ctx = app.system();
    app.db
        .write(move |c| {
            let departments = identity::departments(c)?;
            for (key, url, secret) in &wanted {
                let found = departments.iter().find(|d| d.key == *key);
                let id = found.ok_or_else(|| Error::internal(format!("there is no department {key}")))?.id;
                let now = exchange::endpoint(c, &ctx, id)?;
                if now.is_none_or(|e| e.url != *url || e.secret != *secret) {
                    exchange::seed_endpoint(c, &ctx, id, url, secret)?;
                }
            }
            Ok(())
        })
        .await
}
