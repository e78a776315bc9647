use lettre::message::MultiPart;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(at: SocketAddr) -> Transport {
    Transport::builder_dangerous(at.ip().to_string()).port(at.port()).build()
}

fn mail(to: &str) -> Message {
    let text = "您好：\n.这一行以点开头\n请打开 http://127.0.0.1:8080/confirm?t=abc&x=1 。\n".to_owned();
    let builder = Message::builder().from(ok("云超市 <a@example.com>".parse())).to(ok(to.parse())).subject("受理通知");
    let body = MultiPart::alternative_plain_html(text, "<p onclick=x>您好</p>".to_owned());
    ok(builder.message_id(Some("<m1@cloudmart>".into())).multipart(body))
}

#[tokio::test]
async fn a_mail_that_is_sent_can_be_read() {
    let running = ok(start(settings()).await);
    let (smtp, page) = (transport(running.addresses.smtp), format!("http://{}", running.addresses.mails));
    ok(smtp.send(mail("张三 <zhang@example.com>")).await);
    ok(smtp.send(mail("li@example.com")).await);
    let mails = get_json(&format!("{page}/mails.json?to=zhang@example.com")).await;
    assert_eq!(mails.as_array().map(Vec::len), Some(1));
    let mail = &mails[0];
    assert_eq!((&mail["subject"], &mail["message_id"]), (&json!("受理通知"), &json!("<m1@cloudmart>")));
    assert_eq!(mail["links"], json!(["http://127.0.0.1:8080/confirm?t=abc&x=1"]));
    assert!(
        mail["text"].as_str().is_some_and(|t| t.contains("\n.这一行以点开头") || t.contains("\r\n.这一行以点开头"))
    );
    let (status, shown) = get(&format!("{page}/mails/{}", mail["id"])).await;
    assert!(status == 200 && shown.contains("<a href=\"http://127.0.0.1:8080/confirm?t=abc&amp;x=1\""), "{shown}");
    let html = ok(client().get(format!("{page}/mails/{}/html", mail["id"])).send().await);
    let policies: Vec<_> = html.headers().get_all("content-security-policy").iter().collect();
    assert!(policies.len() == 1 && policies[0].as_bytes().starts_with(b"sandbox"), "{policies:?}");
    assert_eq!(get(&format!("{page}/mails/99")).await.0, 404);
    assert_eq!(get_json(&format!("{page}/state.json")).await["received"], 2);
}

#[tokio::test]
async fn it_refuses_and_goes_down_when_asked_to() {
    let running = ok(start(settings()).await);
    let at = running.addresses;
    behave(at.mails, "refuse").await;
    let refused = transport(at.smtp).send(mail("a@example.com")).await;
    assert!(refused.is_err_and(|e| e.is_permanent()));
    behave(at.mails, "down").await;
    let down = transport(at.smtp).send(mail("a@example.com")).await;
    assert!(down.is_err_and(|e| !e.is_permanent()));
    behave(at.mails, "normal").await;
    ok(transport(at.smtp).send(mail("a@example.com")).await);
    assert_eq!(get_json(&format!("http://{}/mails.json", at.mails)).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn commands_may_come_in_one_piece_and_bad_ones_end_the_talk() {
    let running = ok(start(settings()).await);
    let mut stream = ok(tokio::net::TcpStream::connect(running.addresses.smtp).await);
    let all = "EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<b@x>\r\nDATA\r\n..x\r\n.\r\nRSET\r\nQUIT\r\n";
    ok(stream.write_all(all.as_bytes()).await);
    let mut said = String::new();
    ok(stream.read_to_string(&mut said).await);
    let codes: Vec<&str> = said.lines().filter(|l| l.get(3..4) == Some(" ")).filter_map(|l| l.get(..3)).collect();
    assert_eq!(codes, ["220", "250", "250", "250", "354", "250", "250", "221"], "{said}");
    let mut stream = ok(tokio::net::TcpStream::connect(running.addresses.smtp).await);
    ok(stream.write_all("GET / HTTP/1.1\r\n".repeat(20).as_bytes()).await);
    let mut said = String::new();
    ok(stream.read_to_string(&mut said).await);
    assert!(said.ends_with("421 4.7.0 too many errors\r\n"), "{said}");
}
