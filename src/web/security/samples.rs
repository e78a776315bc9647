//! What the pages look like, for the test of templates.

use super::requests::{Asked, Requests};
use super::staff::{Explained, GrantRow, Member, MemberList, RoleTick};
use crate::identity::{RequestId, Role, StaffId};
use crate::kernel::{Permission, Permissions, Text, Ts};

pub(super) fn roles() -> Vec<Role> {
    let role = |code: &str, zh: &str, permission, is_built_in| Role {
        code: code.into(),
        name: Text::new(zh, "Role"),
        note: Text::new("说明", "Note"),
        permissions: Permissions::from([permission]),
        is_built_in,
    };
    vec![role("clerk", "窗口人员", Permission::Window, true), role("audit-2", "审计", Permission::Audit, false)]
}

pub(super) fn requests() -> Vec<Requests> {
    let asked = |state, may_answer| Asked {
        id: RequestId::random(),
        kind: "grant",
        about: Text::new("彭思远（wsjk.handler）", "彭思远 (wsjk.handler)"),
        place: "/security/staff/x".into(),
        before: vec![Text::new("承办", "Handler")],
        after: vec![Text::new("系统管理员", "System administrator")],
        reason: "接任平台管理工作".into(),
        state,
        asked_by: "安全员甲".into(),
        asked_at: Ts::default(),
        lapses_at: Ts::default(),
        decided_by: if state == "open" { String::new() } else { "安全员乙".into() },
        decided_at: (state != "open").then(Ts::default),
        may_answer,
        may_withdraw: !may_answer && state == "open",
    };
    let role = Asked { kind: "role", before: vec![], after: vec![], ..asked("open", true) };
    let lapsed = Asked { decided_at: None, decided_by: String::new(), ..asked("lapsed", false) };
    let page = |waiting, decided, notice: Option<&str>| Requests {
        waiting,
        decided,
        notice: notice.map(str::to_owned),
        faults: vec![],
    };
    vec![
        page(vec![], vec![], None),
        page(
            vec![asked("open", true), asked("open", false), role],
            vec![asked("confirmed", false), asked("refused", false), asked("withdrawn", false), lapsed],
            Some("x"),
        ),
    ]
}

pub(super) fn member_list() -> Vec<MemberList> {
    let row = |roles: Vec<Text>, is_active| GrantRow {
        id: StaffId::random(),
        login: "wsjk.handler".into(),
        name: "彭思远".into(),
        roles,
        place: vec![Text::new("市卫健委", "Health")],
        is_active,
    };
    let rows = vec![row(vec![Text::new("承办", "Handler")], true), row(vec![], false)];
    vec![
        MemberList { q: "x".into(), bare: true, rows: vec![], next: None, waiting: 0 },
        MemberList { q: String::new(), bare: false, rows, next: Some("after=x".into()), waiting: 2 },
    ]
}

pub(super) fn tick(code: &str, is_on: bool) -> RoleTick {
    RoleTick {
        code: code.into(),
        name: Text::new("窗口人员", "Window clerk"),
        note: Text::new("说明", "Note"),
        until: if is_on { "2026-12-31".into() } else { String::new() },
        is_on,
        is_bad: is_on,
    }
}

pub(super) fn explained() -> Vec<Explained> {
    let by = |role: &str, until: Option<crate::kernel::Day>, over| super::staff::By {
        role: Text::new(role, "Role"),
        until,
        is_over: over,
        given_by: "安全员甲".into(),
        given_at: Ts::default(),
    };
    let today = Ts::default().day();
    vec![
        Explained {
            permission: "window",
            by: vec![by("窗口人员", None, false), by("窗口组长", Some(today), true)],
            reach: vec![Text::new("市民中心", "Civic centre")],
            kept_by: vec![],
        },
        Explained {
            permission: "supervise",
            by: vec![by("监察", None, false)],
            reach: vec![],
            kept_by: vec!["inactive"],
        },
    ]
}

pub(super) fn members() -> Vec<Member> {
    let base = |is_own| Member::sample(is_own);
    vec![base(false), base(true)]
}
