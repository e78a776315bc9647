//! What the demo prints when it is ready: addresses, and who can do what.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::cli::seed::{DEMO_PASSWORD, data};
use crate::kernel::{Result, Text};
use crate::sandbox::Addresses;

#[derive(Deserialize)]
struct Person {
    name: String,
    phone: String,
    outcome: String,
    #[serde(default)]
    note: String,
}

/// Somebody without an account whom the identity verifier knows.
#[derive(Deserialize)]
struct Newcomer {
    name: String,
    id_number: String,
    phone: String,
    social_card: String,
}

#[derive(Deserialize)]
struct Staff {
    login: String,
    name: String,
    roles: Vec<String>,
    department: Option<String>,
    hall: Option<String>,
}

#[derive(Deserialize)]
struct Department {
    key: String,
    name: Text,
}

#[derive(Deserialize)]
struct Hall {
    code: String,
    name: Text,
}

pub(super) struct Shown<'a> {
    pub url: &'a str,
    pub outside: &'a Addresses,
    pub client: (&'a str, &'a Path),
    pub settings: &'a Path,
    pub folder: &'a Path,
    pub took: Duration,
}

impl Shown<'_> {
    pub fn text(&self) -> Result<String> {
        let mut out = String::new();
        let took = self.took.as_secs_f64();
        let _ = writeln!(out, "\n政务服务云超市演示已就绪 · The cloudmart demo is ready ({took:.1} s)\n");
        self.addresses(&mut out);
        accounts(&mut out)?;
        let codes = self.outside.codes;
        let _ = writeln!(out, "  工作人员登录第二步的验证码在 Codes for the second step of staff: http://{codes}/\n");
        let _ = writeln!(out, "程序接口 API client   {}，密钥在 secret in {}", self.client.0, self.client.1.display());
        let settings = self.settings.display();
        let _ = writeln!(out, "检查 Check            cloudmart --config {settings} doctor");
        let folder = self.folder.display();
        let _ = writeln!(out, "重来 Start afresh     停止后删除 stop, then remove {folder}");
        let _ = write!(out, "停止 Stop             Ctrl-C");
        Ok(out)
    }

    fn addresses(&self, out: &mut String) {
        let (url, at) = (self.url, self.outside);
        let rows = [
            ("办事大厅", "Service hall", format!("{url}/")),
            ("工作人员登录", "Staff login", format!("{url}/staff/login")),
            ("接口文档", "API document", format!("{url}/api/openapi.json")),
            ("外部系统一览", "Systems outside (simulated)", format!("http://{}/", at.index)),
            ("市场监管局业务系统", "Market regulation: decides itself", format!("http://{}/", at.market)),
            ("交通运输局业务系统", "Transport: you click as officer", format!("http://{}/", at.transport)),
            ("实人核验服务", "Identity verifier", format!("http://{}/", at.verifier)),
            ("收到的邮件", "Mails that were sent", format!("http://{}/", at.mails)),
            ("收到的短信", "Short messages that were sent", format!("http://{}/", at.sms)),
            ("省统一身份认证", "Provincial identity service", format!("http://{}/", at.province)),
            ("演示用验证器", "Codes for the staff's login", format!("http://{}/", at.codes)),
        ];
        for (zh, en, address) in rows {
            let _ = writeln!(out, "  {} {} {address}", padded(zh, 19), padded(en, 34));
        }
    }
}

fn accounts(out: &mut String) -> Result<()> {
    let people: Vec<Person> = data::json("demo/people.json")?;
    let staff: Vec<Staff> = data::json("demo/staff.json")?;
    let departments: Vec<Department> = data::json("base/departments.json")?;
    let halls: Vec<Hall> = data::json("base/halls.json")?;
    let _ = writeln!(out, "\n账号，口令都是 Accounts, password of all: {DEMO_PASSWORD}\n");
    for p in people.iter().filter(|p| p.outcome == "match") {
        row(out, &p.phone, &p.name, "申请人 citizen", &p.note);
    }
    if let Some(p) = people.iter().find(|p| p.outcome != "match") {
        row(out, &p.phone, &p.name, "申请人 citizen", "未实名，核验不通过 cannot be verified");
    }
    for p in &data::json::<Vec<Newcomer>>("demo/newcomers.json")? {
        row(
            out,
            &p.phone,
            &p.name,
            "可注册 may register",
            &format!("身份证号 ID number {}，社保卡 social-security card {}", p.id_number, p.social_card),
        );
    }
    let mut desks: Vec<&str> = vec![];
    for s in &staff {
        let (login, role) = (s.login.as_str(), s.roles.first().map_or("", String::as_str));
        match role {
            "clerk" => {
                let hall = halls.iter().find(|h| s.hall.as_ref() == Some(&h.code));
                row(out, login, &s.name, "窗口 clerk", hall.map_or("", |h| h.name.zh.as_str()));
            }
            "supervisor" => row(out, login, &s.name, "监察 supervisor", "全市办件实时监察"),
            "admin" => row(out, login, &s.name, "系统管理员 system admin", "账号、部门、大厅、交换"),
            "security" => row(out, login, &s.name, "安全管理员 security", "角色与授权，双人复核"),
            "auditor" => row(out, login, &s.name, "审计管理员 auditor", "审计日志、封存与校验"),
            _ => {
                // The three of a desk stand in one line.
                let Some(key) = s.department.as_deref().filter(|d| !desks.contains(d)) else { continue };
                desks.push(key);
                let department = departments.iter().find(|d| d.key == key).map_or("", |d| d.name.zh.as_str());
                row(out, &format!("{key}.handler"), "", "承办 handles", department);
                if desks.len() == 1 {
                    row(out, &format!("{key}.reviewer"), "", "审核 reviews", department);
                    row(out, &format!("{key}.approver"), "", "批准 approves", &format!("{department}（以下各局相同）"));
                }
            }
        }
    }
    out.push('\n');
    Ok(())
}

fn row(out: &mut String, login: &str, name: &str, role: &str, what: &str) {
    let line = format!("  {} {} {} {what}", padded(login, 15), padded(name, 12), padded(role, 22));
    let _ = writeln!(out, "{}", line.trim_end());
}

/// A text with spaces up to a width; Chinese characters take two columns.
fn padded(text: &str, width: usize) -> String {
    let wide = |c: char| if ('\u{1100}'..'\u{ffe7}').contains(&c) { 2 } else { 1 };
    let taken: usize = text.chars().map(wide).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken)))
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn chinese_characters_take_two_columns() {
        assert_eq!(padded("云超市", 8), "云超市  ");
        assert_eq!(padded("abc", 5), "abc  ");
        assert_eq!(padded("窗口 clerk", 12), "窗口 clerk  ");
    }
}
