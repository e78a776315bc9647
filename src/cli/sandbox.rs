//! `sandbox`: the simulated world outside alone, until asked to end.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use super::demo::Kept;
use super::world::{self, PortArgs};
use super::{asked_to_end, log};
use crate::config::Config;
use crate::kernel::{Clock, Result};
use crate::sandbox::{self, Ports};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    ports: PortArgs,
    /// Take any free ports instead
    #[arg(long)]
    any_port: bool,
    /// Where the departments' keys and open cases are kept
    #[arg(long, value_name = "FOLDER", default_value = "var/demo")]
    folder: PathBuf,
    /// Where the platform is, for links on the pages
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    platform: String,
}

pub(super) async fn run(args: Args) -> Result<ExitCode> {
    log(&Config::from_text("")?.log);
    let ports = if args.any_port { Ports::default() } else { args.ports.ports()? };
    let kept = Kept::open(&args.folder)?;
    let secrets = kept.secrets()?;
    let pace = (Duration::from_secs(5), Duration::from_secs(10));
    let folder = Some(args.folder.join("sandbox"));
    let settings = world::settings(ports, &args.platform, &secrets, pace, folder, Clock::default())?;
    let running = sandbox::start(settings).await?;
    let at = running.addresses;
    println!("All systems        http://{}/", at.index);
    println!("Identity verifier  http://{}/   verifier.url = \"{}\"", at.verifier, at.verifier_url());
    println!("Market department  http://{}/   takes messages at /events", at.market);
    println!("Transport          http://{}/   takes messages at /events", at.transport);
    println!("Mails              http://{}/   mail.server = \"{}\", mail.security = \"none\"", at.mails, at.smtp);
    println!("Authenticators     http://{}/   codes for the login of the demo's staff", at.codes);
    println!("Identity service   http://{}/   oidc.issuer = \"{}\"", at.province, at.province_url());
    println!("The departments' keys (base64) are in {}.", kept.keys_file().display());
    println!("Ctrl-C stops.");
    asked_to_end().await?;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}
