//! The server's side of SMTP (RFC 5321), as far as a sender can tell: without TLS and without login.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Manner, Post};

/// The largest mail, in bytes.
const LARGEST: usize = 10 * 1024 * 1024;
const LONGEST_COMMAND: usize = 4096;
const LONGEST_LINE: usize = 64 * 1024;
const MOST_RECIPIENTS: usize = 100;
const MOST_CONNECTIONS: usize = 64;
/// Refused commands until the peer is shown out.
const PATIENCE: u32 = 20;
/// How long a peer may think over its next line.
const IDLE: Duration = Duration::from_secs(60);

/// Serves until it is dropped.
pub async fn listen(listener: TcpListener, post: Arc<Post>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (post, place) = (post.clone(), places.clone().try_acquire_owned());
        tokio::spawn(async move {
            let Ok(_place) = place else {
                return drop(stream.write_all(b"421 4.7.0 sandbox: too many connections\r\n").await);
            };
            // A peer that goes away is no fault of ours.
            let _ended = serve(stream, &post).await;
        });
    }
}

async fn serve(stream: TcpStream, post: &Post) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    if post.switch.now() == Manner::Down {
        return write.write_all(b"421 4.3.2 sandbox: out of service\r\n").await;
    }
    write.write_all(b"220 sandbox.localhost ESMTP simulated mail server\r\n").await?;
    let mut session = Session::default();
    while session.faults < PATIENCE {
        let line = match next_line(&mut read, LONGEST_COMMAND).await? {
            Line::End => return Ok(()),
            Line::Long => None,
            Line::Whole(bytes) => String::from_utf8(bytes).ok(),
        };
        let reply = match line {
            Some(line) => session.command(line.trim_end_matches(['\r', '\n']), post.switch.now()),
            None => Reply::fault("500 5.5.2 line too long or not UTF-8"),
        };
        session.faults += u32::from(reply.is_fault);
        write.write_all(format!("{}\r\n", reply.text).as_bytes()).await?;
        if reply.text.starts_with("354") {
            let answer = match data(&mut read).await? {
                Data::End => return Ok(()),
                Data::TooLarge => "552 5.3.4 message too large".to_owned(),
                Data::Whole(raw) => {
                    let (from, to) = (session.from.take().unwrap_or_default(), std::mem::take(&mut session.to));
                    format!("250 2.0.0 taken as {}", post.take(from, to, &raw))
                }
            };
            session.reset();
            write.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        if reply.text.starts_with("221") {
            return Ok(());
        }
    }
    write.write_all(b"421 4.7.0 too many errors\r\n").await
}

#[derive(Default)]
struct Session {
    is_greeted: bool,
    from: Option<String>,
    to: Vec<String>,
    faults: u32,
}

struct Reply {
    text: String,
    is_fault: bool,
}

impl Reply {
    fn fine(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_fault: false }
    }
    fn fault(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_fault: true }
    }
}

impl Session {
    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn command(&mut self, line: &str, manner: Manner) -> Reply {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" if rest.trim().is_empty() => Reply::fault("501 5.5.4 who is there?"),
            "HELO" => {
                self.reset();
                self.is_greeted = true;
                Reply::fine("250 sandbox.localhost")
            }
            "EHLO" => {
                self.reset();
                self.is_greeted = true;
                Reply::fine(format!(
                    "250-sandbox.localhost\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n\
                     250-ENHANCEDSTATUSCODES\r\n250 PIPELINING"
                ))
            }
            "MAIL" => self.mail(rest),
            "RCPT" => self.recipient(rest, manner),
            "DATA" if self.to.is_empty() => Reply::fault("503 5.5.1 no recipient yet"),
            "DATA" => Reply::fine("354 end with a dot on a line of its own"),
            "RSET" => {
                self.reset();
                Reply::fine("250 2.0.0 forgotten")
            }
            "NOOP" => Reply::fine("250 2.0.0 fine"),
            "VRFY" => Reply::fine("252 2.5.0 send and see"),
            "HELP" => Reply::fine("214 2.0.0 RFC 5321; mails can be read on the sandbox's page"),
            "QUIT" => Reply::fine("221 2.0.0 bye"),
            "STARTTLS" | "AUTH" | "EXPN" | "TURN" => Reply::fault("502 5.5.1 not offered"),
            _ => Reply::fault("500 5.5.2 unknown command"),
        }
    }

    fn mail(&mut self, rest: &str) -> Reply {
        if !self.is_greeted {
            return Reply::fault("503 5.5.1 say EHLO first");
        }
        if self.from.is_some() {
            return Reply::fault("503 5.5.1 one mail at a time");
        }
        let Some((from, parameters)) = path(rest, "FROM:") else {
            return Reply::fault("501 5.5.4 MAIL FROM:<address>");
        };
        let size = parameters.split(' ').find_map(|p| p.to_ascii_uppercase().strip_prefix("SIZE=")?.parse().ok());
        if size.is_some_and(|n: usize| n > LARGEST) {
            return Reply::fault("552 5.3.4 message too large");
        }
        self.from = Some(from);
        Reply::fine("250 2.1.0 sender fine")
    }

    fn recipient(&mut self, rest: &str, manner: Manner) -> Reply {
        if self.from.is_none() {
            return Reply::fault("503 5.5.1 say MAIL first");
        }
        let to = path(rest, "TO:").map(|(to, _)| to).filter(|to| to.contains('@'));
        match to {
            None => Reply::fault("501 5.5.4 RCPT TO:<address>"),
            Some(_) if manner == Manner::Refuse => Reply::fine("550 5.1.1 sandbox: no such mailbox"),
            Some(_) if self.to.len() >= MOST_RECIPIENTS => Reply::fine("452 4.5.3 too many recipients"),
            Some(to) => {
                self.to.push(to);
                Reply::fine("250 2.1.5 recipient fine")
            }
        }
    }
}

/// The address in `FROM:<address> parameters`, and the parameters.
fn path<'a>(rest: &'a str, word: &str) -> Option<(String, &'a str)> {
    let (head, tail) = rest.split_at_checked(word.len())?;
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    let (address, parameters) = tail.trim_start().strip_prefix('<')?.split_once('>')?;
    Some((address.to_owned(), parameters.trim()))
}

enum Line {
    Whole(Vec<u8>),
    /// Longer than allowed; it was read to its end and thrown away.
    Long,
    End,
}

async fn next_line(read: &mut (impl AsyncBufRead + Unpin), most: usize) -> io::Result<Line> {
    let mut line = vec![];
    let mut is_long = false;
    loop {
        let buffer = timeout(IDLE, read.fill_buf()).await.map_err(|_| io::ErrorKind::TimedOut)??;
        if buffer.is_empty() {
            return Ok(Line::End);
        }
        let (used, is_whole) = match buffer.iter().position(|b| *b == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), false),
        };
        if line.len() + used > most {
            is_long = true;
            line.clear();
        }
        if !is_long {
            line.extend_from_slice(&buffer[..used]);
        }
        read.consume(used);
        if is_whole {
            return Ok(if is_long { Line::Long } else { Line::Whole(line) });
        }
    }
}

enum Data {
    Whole(Vec<u8>),
    TooLarge,
    End,
}

/// Reads to the dot, which counts only between two CRLF: a lone LF before or after it is how mails are smuggled.
async fn data(read: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Data> {
    let mut raw = vec![];
    let (mut is_too_large, mut after_crlf) = (false, true);
    loop {
        let line = match next_line(read, LONGEST_LINE).await? {
            Line::End => return Ok(Data::End),
            Line::Long => {
                is_too_large = true;
                after_crlf = true;
                continue;
            }
            Line::Whole(line) => line,
        };
        if after_crlf && line == b".\r\n" {
            return Ok(if is_too_large { Data::TooLarge } else { Data::Whole(raw) });
        }
        let stuffed = after_crlf && line.starts_with(b".");
        after_crlf = line.ends_with(b"\r\n");
        if raw.len() + line.len() > LARGEST {
            is_too_large = true;
            raw = vec![];
        }
        if !is_too_large {
            raw.extend_from_slice(&line[usize::from(stuffed)..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(session: &mut Session, line: &str) -> String {
        session.command(line, Manner::Normal).text.chars().take(3).collect()
    }

    #[test]
    fn commands_come_in_their_order() {
        let mut s = Session::default();
        let said = ["MAIL FROM:<a@x>", "EHLO", "ehlo me", "RCPT TO:<b@x>", "DATA", "MAIL FROM:<a@x> SIZE=99999999"];
        assert_eq!(said.map(|l| reply(&mut s, l)), ["503", "501", "250", "503", "503", "552"]);
        let said =
            ["MAIL FROM: <a@x> SIZE=10 BODY=8BITMIME", "MAIL FROM:<a@x>", "RCPT TO:b@x", "rcpt to:<b@x>", "DATA"];
        assert_eq!(said.map(|l| reply(&mut s, l)), ["250", "503", "501", "250", "354"]);
        let said = ["RSET", "DATA", "NOOP", "VRFY b", "AUTH PLAIN", "HELP", "XYZ", "QUIT"];
        assert_eq!(said.map(|l| reply(&mut s, l)), ["250", "503", "250", "252", "502", "214", "500", "221"]);
    }

    async fn read(text: &str) -> Data {
        data(&mut text.as_bytes()).await.unwrap_or(Data::End)
    }

    #[tokio::test]
    async fn dots_are_unstuffed_and_a_lone_line_feed_ends_nothing() {
        let Data::Whole(raw) = read("a\r\n..b\r\n.c\r\n\n.\r\nd\n.\nMAIL FROM:<x>\r\n.\r\nrest").await else {
            panic!("the mail was not whole");
        };
        assert_eq!(String::from_utf8_lossy(&raw), "a\r\n.b\r\nc\r\n\n.\r\nd\n.\nMAIL FROM:<x>\r\n");
        assert!(matches!(read("a\r\n.\r").await, Data::End));
    }

    #[tokio::test]
    async fn what_is_too_large_is_read_to_its_end_and_refused() {
        let line = format!("{}\r\n", "x".repeat(998));
        let large = line.repeat(LARGEST / 1000 + 1) + ".\r\n";
        assert!(matches!(read(&large).await, Data::TooLarge));
        assert!(matches!(read(&format!("{}\r\n.\r\n", "x".repeat(LONGEST_LINE))).await, Data::TooLarge));
    }
}
