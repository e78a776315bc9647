//! Mail over SMTP.
//!
//! The header `Message-ID` is given by the caller and the same for every try of one mail, so that a receiver who got it twice
//! can tell. Errors are [`Kind::Outside`](crate::kernel::Kind::Outside): `mail-refused` (for good: trying again is useless),
//! `mail-down` (passing, or a fault of the settings that an administrator can mend), `mail-off`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error as SmtpError, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config;
use crate::kernel::{Error, Result, mask};

/// For the whole sending of one mail.
const TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// `zhang@example.com` or `张三 <zhang@example.com>`.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// `id@host`, with or without angle brackets.
    pub message_id: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail {{ to: {:?}, message_id: {:?}, .. }}", mask::email(&self.to), self.message_id)
    }
}

/// Cheap to copy; connections are shared by the copies.
#[derive(Clone)]
pub enum Mailer {
    Smtp(Arc<Smtp>),
    /// No server is configured: nothing is sent, and mails stay in their queue.
    Off,
    Recorded(Arc<Recording>),
}

pub struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    /// Made at the first mail, inside the runtime that sends, since the pool of connections lives on it.
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
    from: Mailbox,
    timeout: Duration,
}

/// Keeps what was sent, in tests.
#[derive(Default)]
pub struct Recording {
    sent: Mutex<Vec<Mail>>,
    fault: Mutex<Option<&'static str>>,
}

impl Mailer {
    /// # Errors
    /// Internal, when the server, the security or the sender in the settings cannot be used.
    pub fn from_config(settings: &config::Mail) -> Result<Self> {
        let server = settings.server.trim();
        if server.is_empty() {
            return Ok(Self::Off);
        }
        let (host, port) = match server.rsplit_once(':').map(|(h, p)| (h, p.parse::<u16>())) {
            Some((host, Ok(port))) => (host, port),
            Some((_, Err(_))) => return Err(Error::internal("mail.server has no port number after its colon")),
            None => (server, if settings.security == "tls" { 465 } else { 587 }),
        };
        let tls = || TlsParameters::new(host.to_owned()).map_err(Error::internal);
        let tls = match settings.security.as_str() {
            "none" => Tls::None,
            "starttls" => Tls::Required(tls()?),
            "tls" => Tls::Wrapper(tls()?),
            _ => return Err(Error::internal("mail.security is none, starttls or tls")),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port)
            .tls(tls)
            .timeout(Some(TIMEOUT / 3))
            .pool_config(PoolConfig::new().max_size(4));
        if !settings.user.is_empty() {
            builder = builder.credentials(Credentials::new(settings.user.clone(), settings.password.clone()));
        }
        let from = settings.from.parse().map_err(Error::internal)?;
        Ok(Self::Smtp(Arc::new(Smtp { builder, transport: OnceLock::new(), from, timeout: TIMEOUT })))
    }

    pub fn recorded() -> Self {
        Self::Recorded(Arc::default())
    }

    /// What a recorded mailer was given, in order; empty for the others.
    pub fn sent(&self) -> Vec<Mail> {
        match self {
            Self::Recorded(r) => r.sent.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Self::Smtp(_) | Self::Off => vec![],
        }
    }

    /// From now on a recorded mailer fails with this code, or works again.
    pub fn fail_with(&self, code: Option<&'static str>) {
        if let Self::Recorded(r) = self {
            *r.fault.lock().unwrap_or_else(PoisonError::into_inner) = code;
        }
    }

    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// Whether the server greets us and lets us in, without sending anything.
    ///
    /// # Errors
    /// `mail-off`, `mail-down`.
    pub async fn check(&self) -> Result<()> {
        match self {
            Self::Off => Err(Error::outside("mail-off")),
            Self::Recorded(_) => Ok(()),
            Self::Smtp(smtp) => match tokio::time::timeout(smtp.timeout, smtp.transport().test_connection()).await {
                Ok(Ok(true)) => Ok(()),
                Ok(Ok(false)) => Err(down("the server does not answer NOOP")),
                Ok(Err(cause)) => Err(down(cause)),
                Err(cause) => Err(down(cause)),
            },
        }
    }

    /// Hands one mail to the server. `Ok` means that the server has taken it upon itself.
    ///
    /// # Errors
    /// `mail-refused`, `mail-down`, `mail-off`.
    pub async fn send(&self, mail: Mail) -> Result<()> {
        match self {
            Self::Off => Err(Error::outside("mail-off")),
            Self::Recorded(recording) => {
                if let Some(code) = *recording.fault.lock().unwrap_or_else(PoisonError::into_inner) {
                    return Err(Error::outside(code));
                }
                recording.sent.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                Ok(())
            }
            Self::Smtp(smtp) => {
                let message = compose(&smtp.from, mail)?;
                match tokio::time::timeout(smtp.timeout, smtp.transport().send(message)).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(cause)) if is_for_good(&cause) => Err(Error::outside("mail-refused").because(cause)),
                    Ok(Err(cause)) => Err(down(cause)),
                    Err(cause) => Err(down(cause)),
                }
            }
        }
    }
}

impl Smtp {
    fn transport(&self) -> &AsyncSmtpTransport<Tokio1Executor> {
        self.transport.get_or_init(|| self.builder.clone().build())
    }
}

fn down(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::outside("mail-down").because(cause)
}

/// A refused login (530, 534, 535, 538) is a fault of our settings and no word about the mail: that waits until it is mended.
fn is_for_good(error: &SmtpError) -> bool {
    let code = error.status().map(u16::from);
    error.is_permanent() && !matches!(code, Some(530 | 534 | 535 | 538))
}

fn compose(from: &Mailbox, mail: Mail) -> Result<Message> {
    let refused = |cause: String| Error::outside("mail-refused").because(cause);
    // The cause is left out where it could repeat the address.
    let to: Mailbox = mail.to.parse().map_err(|_| refused("the address is none".into()))?;
    let subject: String = mail.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let id = mail.message_id.trim_matches(['<', '>', ' ']);
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Error::internal("a Message-ID is ASCII without spaces"));
    }
    let builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(subject)
        .message_id(Some(format!("<{id}>")))
        .header(AutoSubmitted);
    let message = match mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(mail.text, html)),
        None => builder.singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text)),
    };
    message.map_err(|e| refused(e.to_string()))
}

/// RFC 3834: asks answering machines to keep quiet.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    use super::*;
    use crate::outside::testing::ok;

    fn mail() -> Mail {
        Mail {
            to: "张三 <zhang@example.com>".into(),
            subject: "您的申请\r\nBcc: all@example.com".into(),
            text: "已受理 http://127.0.0.1/".into(),
            html: Some("<p>已受理</p>".into()),
            message_id: "m1@cloudmart.test".into(),
        }
    }

    fn settings(server: &str) -> config::Mail {
        config::Mail {
            server: server.into(),
            security: "none".into(),
            user: String::new(),
            password: String::new(),
            from: "云超市 <no-reply@example.com>".into(),
        }
    }

    /// A server that greets, then says `rcpt` to every RCPT; gives back what it was told.
    async fn server(rcpt: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = ok(TcpListener::bind("127.0.0.1:0").await);
        let at = ok(listener.local_addr()).to_string();
        let task = tokio::spawn(async move {
            let (stream, _) = ok(listener.accept().await);
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let (mut all, mut in_data) = (String::new(), false);
            ok(write.write_all(b"220 test\r\n").await);
            while let Ok(Some(line)) = lines.next_line().await {
                all.push_str(&line);
                all.push('\n');
                let reply = match line.get(..4).unwrap_or(&line) {
                    "." if in_data => "250 taken",
                    _ if in_data => continue,
                    "RCPT" => rcpt,
                    "DATA" => "354 go on",
                    "QUIT" => break,
                    _ => "250 fine",
                };
                in_data = reply.starts_with("354");
                if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() || reply.ends_with("taken") {
                    break;
                }
            }
            all
        });
        (at, task)
    }

    #[tokio::test]
    async fn a_mail_arrives_with_its_id_and_no_foreign_header() {
        let (at, task) = server("250 fine").await;
        ok(ok(Mailer::from_config(&settings(&at))).send(mail()).await);
        let got = ok(task.await);
        assert!(got.contains("\nMessage-ID: <m1@cloudmart.test>\n"), "{got}");
        assert!(got.contains("\nAuto-Submitted: auto-generated\n") && got.contains("multipart/alternative"));
        assert!(got.contains("RCPT TO:<zhang@example.com>") && !got.contains("\nBcc:"));
    }

    #[tokio::test]
    async fn refused_for_good_and_for_now_are_told_apart() {
        for (reply, code) in
            [("550 no such user", "mail-refused"), ("451 later", "mail-down"), ("530 log in first", "mail-down")]
        {
            let (at, _task) = server(reply).await;
            let error = ok(Mailer::from_config(&settings(&at))).send(mail()).await;
            assert_eq!(error.err().map(|e| e.code()), Some(code), "{reply}");
        }
        let nobody = ok(Mailer::from_config(&settings("127.0.0.1:1")));
        assert!(nobody.send(mail()).await.is_err_and(|e| e.code() == "mail-down"));
        assert!(nobody.check().await.is_err_and(|e| e.code() == "mail-down"));
        let unaddressed = Mail { to: "nobody".into(), ..mail() };
        assert!(nobody.send(unaddressed).await.is_err_and(|e| e.code() == "mail-refused"));
    }

    #[tokio::test]
    async fn settings_are_checked_and_none_means_off() {
        assert!(ok(Mailer::from_config(&settings(""))).is_off());
        assert!(ok(Mailer::from_config(&settings(""))).send(mail()).await.is_err_and(|e| e.code() == "mail-off"));
        assert!(Mailer::from_config(&settings("host:smtp")).is_err());
        assert!(Mailer::from_config(&config::Mail { from: "nobody".into(), ..settings("h:25") }).is_err());
        assert!(Mailer::from_config(&config::Mail { security: "ssl".into(), ..settings("h:25") }).is_err());
        assert!(Mailer::from_config(&config::Mail { security: "tls".into(), ..settings("h.test") }).is_ok());
    }

    #[tokio::test]
    async fn a_recorded_mailer_keeps_mails_and_fails_on_demand() {
        let mailer = Mailer::recorded();
        ok(mailer.send(mail()).await);
        mailer.fail_with(Some("mail-down"));
        assert!(mailer.send(mail()).await.is_err_and(|e| e.code() == "mail-down"));
        assert_eq!(mailer.sent(), [mail()]);
        assert!(!format!("{:?}", mailer.sent()).contains("zhang@"));
    }
}
