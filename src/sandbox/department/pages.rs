//! The back office's pages: the list of cases, and one case with what an officer can do.

use actix_web::Responder;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use serde::Deserialize;
use serde_json::Value;

use super::book::{Case, Letter};
use super::{Department, Manner};
use crate::sandbox::page::{both, esc, not_found, page, table};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/", web::get().to(list)).route("/cases/{no}", web::get().to(show));
}

async fn list(department: Data<Department>) -> impl Responder {
    let book = department.book();
    let rows = book.newest().take(200).map(|case| {
        let a = &case.accepted;
        let link = format!("<a href=\"/cases/{}\"><code>{}</code></a>", esc(&a.case_no), esc(&a.case_no));
        let due = a.due_on.map(|d| d.to_string()).unwrap_or_default();
        let (zh, en) = case.state.label();
        vec![
            case.received_at.minute(),
            link,
            esc(&a.item_name),
            esc(&a.applicant.name),
            due,
            both(zh, en),
            post_mark(case),
        ]
    });
    let heads = [
        ("收到时间", "received"),
        ("办件编号", "case number"),
        ("事项", "item"),
        ("申请人", "applicant"),
        ("承诺期限", "due"),
        ("状态", "state"),
        ("回传", "answers"),
    ];
    let how = match department.settings.manner {
        Manner::Automatic { .. } => both("本系统自动审批。", "This system decides by itself."),
        Manner::Manual => both("打开一个办件，由工作人员办理。", "Open a case to decide it."),
    };
    let body = department.switch.form() + &format!("<p>{how}</p>") + &table(&heads, rows);
    page(&department.settings.name, &department.settings.name_en, Some(5), &body)
}

fn post_mark(case: &Case) -> String {
    let delivered = case.letters.iter().filter(|l| l.is_delivered).count();
    let class = if delivered == case.letters.len() { "good" } else { "bad" };
    format!("<span class=\"{class}\">{delivered}/{}</span>", case.letters.len())
}

#[derive(Deserialize)]
struct Shown {
    fault: Option<String>,
}

async fn show(department: Data<Department>, no: Path<String>, shown: Query<Shown>) -> impl Responder {
    let book = department.book();
    let Some(case) = book.case(&no) else {
        return not_found();
    };
    let mut body = format!("<p><a href=\"/\">← {}</a></p>", both("全部办件", "all cases"));
    body += match shown.fault.as_deref() {
        Some("late") => "<p class=\"bad\" role=\"alert\">办件已办结，不能再办理。The case is finished already.</p>",
        Some(_) => "<p class=\"bad\" role=\"alert\">不予许可须写明理由。A refusal needs a reason.</p>",
        None => "",
    };
    body += &facts(case);
    if department.settings.manner == Manner::Manual && !case.state.is_final() {
        body += &acts(&case.accepted.case_no);
    }
    body += &format!("<h2>{}</h2>{}", both("申请表", "form"), form(&case.accepted.form));
    body += &format!("<h2>{}</h2>{}", both("申请材料", "materials"), materials(case));
    body += &format!("<h2>{}</h2>{}", both("回传平台的消息", "answers to the platform"), letters(&case.letters));
    page(&case.accepted.item_name, "case", None, &body)
}

fn facts(case: &Case) -> String {
    let a = &case.accepted;
    let (zh, en) = case.state.label();
    let due = a.due_on.map(|d| d.to_string()).unwrap_or_default();
    let who = &a.applicant;
    let rows = [
        ("状态", "state", both(zh, en)),
        ("办件编号", "case number", format!("<code>{}</code>", esc(&a.case_no))),
        ("本系统收件号", "our receipt", esc(&case.receipt)),
        ("事项", "item", format!("{} <code>{}</code>", esc(&a.item_name), esc(&a.item_code))),
        ("申请人", "applicant", esc(&who.name)),
        ("证件号码", "ID number", esc(&who.id_number)),
        ("电话", "phone", esc(&who.phone)),
        ("地址", "address", esc(&who.address)),
        ("受理时间", "accepted", a.accepted_at.minute()),
        ("承诺期限", "due", due),
    ];
    let rows = rows.map(|(zh, en, html)| format!("<dt>{}</dt><dd>{html}</dd>", both(zh, en)));
    format!("<dl class=\"card\">{}</dl>", rows.concat())
}

fn acts(case_no: &str) -> String {
    let to = format!("/cases/{}/act", esc(case_no));
    let officer =
        format!("<label>{}<input name=\"officer\" value=\"李敏\" maxlength=\"30\"></label>", both("经办人", "officer"));
    let form = |act: &str, fields: String, label: String| {
        format!(
            "<form method=\"post\" action=\"{to}\" class=\"card\"><input type=\"hidden\" name=\"act\" value=\"{act}\">\
             {fields}{officer}<p><button class=\"go\">{label}</button></p></form>"
        )
    };
    let input = |name: &str, zh: &str, en: &str, value: &str| {
        format!("<label>{}<input name=\"{name}\" value=\"{value}\" maxlength=\"200\"></label>", both(zh, en))
    };
    let progress = input("step", "环节", "step", "审核") + &input("opinion", "意见", "opinion", "材料齐全");
    let reason =
        format!("<label>{}<textarea name=\"reason\" rows=\"3\" required></textarea></label>", both("理由", "reason"));
    format!(
        "<h2>{}</h2><div class=\"acts\">{}{}{}</div>",
        both("办理", "decide"),
        form("progress", progress, both("登记进度", "tell progress")),
        form("grant", String::new(), both("准予许可", "grant")),
        form("refuse", reason, both("不予许可", "refuse")),
    )
}

fn form(answers: &Value) -> String {
    let rows: Vec<Vec<String>> = match answers {
        Value::Object(fields) => {
            fields.iter().map(|(k, v)| vec![format!("<code>{}</code>", esc(k)), value(v)]).collect()
        }
        Value::Null => vec![],
        other => vec![vec![String::new(), value(other)]],
    };
    table(&[("字段", "field"), ("填写内容", "answer")], rows)
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => esc(text),
        Value::Array(all) if all.iter().all(Value::is_string) => {
            esc(&all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、"))
        }
        other => esc(&other.to_string()),
    }
}

fn materials(case: &Case) -> String {
    let rows = case.accepted.materials.iter().map(|m| {
        // Only an address of the web becomes a link: the message is signed, but the page is not the place to trust it.
        let is_web = m.url.starts_with("http://") || m.url.starts_with("https://");
        let file = if is_web {
            format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", esc(&m.url), esc(&m.file_name))
        } else {
            esc(&m.file_name)
        };
        let check = case.checks.iter().find(|c| c.key == m.key && c.name == m.name);
        let check = match check {
            None => both("未取", "not fetched"),
            Some(c) if c.is_sound => format!("<span class=\"good\">✓ {}</span>", both("一致", "as registered")),
            Some(c) => {
                let fault = c.fault.as_deref().unwrap_or("sha256");
                format!("<span class=\"bad\">✗ {} {}</span>", both("不符", "differs"), esc(fault))
            }
        };
        let digest = m.sha256.get(..16).unwrap_or(&m.sha256);
        vec![esc(&m.name), file, format!("{} B", m.size), format!("<code>{}…</code>", esc(digest)), check]
    });
    let heads = [("材料", "material"), ("文件", "file"), ("大小", "size"), ("摘要", "sha256"), ("核对", "check")];
    table(&heads, rows)
}

fn letters(letters: &[Letter]) -> String {
    let rows = letters.iter().map(|l| {
        let mark = if l.is_delivered {
            format!("<span class=\"good\">✓ {}</span>", esc(l.answer.as_deref().unwrap_or_default()))
        } else {
            format!("<span class=\"bad\">{}</span>", both("待送达", "waiting"))
        };
        vec![format!("<code>{}</code>", esc(&l.kind)), l.tries.to_string(), esc(&l.last), mark]
    });
    table(&[("消息", "message"), ("次数", "tries"), ("最近一次", "last"), ("送达", "delivered")], rows)
}
