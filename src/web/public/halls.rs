//! 办事大厅: where the halls are, when they are open, and what each does.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use crate::catalogue::{ItemId, Shelf};
use crate::kernel::Text;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Anyone;
use crate::web::page;
use crate::windows::{self, About, Function, Hall, Window};

#[derive(Debug, Serialize)]
pub struct Halls {
    halls: Vec<Hall>,
}

impl View for Halls {
    const TEMPLATE: &'static str = "public/halls";
    fn samples() -> Vec<Self> {
        vec![Self { halls: vec![sample()] }, Self { halls: vec![] }]
    }
}

#[derive(Debug, Serialize)]
pub struct HallPage {
    hall: Hall,
    windows: Vec<WindowRow>,
    total: usize,
    /// Items by department.
    departments: Vec<Department>,
}

#[derive(Debug, Clone, Serialize)]
struct WindowRow {
    no: String,
    name: Text,
    /// Text `halls-window-…`
    sort: String,
}

impl WindowRow {
    fn new(window: &Window) -> Self {
        let sort = match &window.mode {
            Some(mode) => format!("{}-{mode}", window.kind),
            None => window.kind.clone(),
        };
        Self { no: window.no.clone(), name: window.name.clone(), sort }
    }
}

#[derive(Debug, Clone, Serialize)]
struct Department {
    name: Text,
    items: Vec<Handled>,
}

#[derive(Debug, Clone, Serialize)]
struct Handled {
    slug: String,
    name: Text,
    /// Texts `halls-may-…`
    functions: Vec<&'static str>,
}

impl View for HallPage {
    const TEMPLATE: &'static str = "public/hall";
    fn samples() -> Vec<Self> {
        let name = Text::new("食品经营许可（新办）", "Food operation licence (new)");
        let functions = Function::ALL.iter().map(|f| f.code()).collect();
        let item = Handled { slug: "food-operation-licence".into(), name: name.clone(), functions };
        let department = Department { name, items: vec![item] };
        let windows = sample().about.windows.iter().map(WindowRow::new).collect();
        vec![
            Self { hall: sample(), windows, total: 1, departments: vec![department] },
            Self { hall: sample(), windows: vec![], total: 0, departments: vec![] },
        ]
    }
}

fn sample() -> Hall {
    let text = |zh: &str, en: &str| Text::new(zh, en);
    let window = |kind: &str, mode: Option<&str>| Window {
        no: "01".into(),
        name: text("综合受理窗口01号", "General counter 01"),
        kind: kind.into(),
        mode: mode.map(Into::into),
    };
    Hall {
        id: windows::HallId(crate::kernel::Id::from_bytes([1; 16])),
        code: "H01".into(),
        name: text("云川市政务服务中心", "Yunchuan City Service Centre"),
        area: "980100000000".into(),
        level: "city".into(),
        about: About {
            address: text("市民大道1号", "1 Shimin Avenue"),
            hours: text("周一至周五 9:00—17:00", "Mon–Fri 9:00–17:00"),
            phone: "0980-8120000".into(),
            services: text("办理市级全部依申请事项", "All city-level services"),
            lat: 22.9,
            lng: 115.6,
            windows: vec![
                window("comprehensive", Some("large")),
                window("comprehensive", Some("small")),
                window("single", None),
            ],
        },
    }
}

pub async fn list(who: Anyone) -> Result<HttpResponse, PageError> {
    let halls = who.app.db.read(windows::halls).await?;
    Ok(page::show(&who, &Halls { halls })?)
}

pub async fn show(who: Anyone, code: web::Path<String>) -> Result<HttpResponse, PageError> {
    let code = code.into_inner();
    let (hall, grants) = who
        .app
        .db
        .read(move |c| {
            let hall = windows::hall_by_code(c, &code)?;
            let grants = windows::grants_of_hall(c, hall.id)?;
            Ok((hall, grants))
        })
        .await?;
    let departments = handled(&who.app.books().shelf, &grants);
    let total = departments.iter().map(|d| d.items.len()).sum();
    let windows = hall.about.windows.iter().map(WindowRow::new).collect();
    Ok(page::show(&who, &HallPage { hall, windows, total, departments })?)
}

/// What the hall does, by department, in the shelf's order.
fn handled(shelf: &Shelf, grants: &[(ItemId, Function)]) -> Vec<Department> {
    let mut may: std::collections::HashMap<ItemId, Vec<&'static str>> = std::collections::HashMap::new();
    for (item, function) in grants {
        may.entry(*item).or_default().push(function.code());
    }
    let mut all: Vec<Department> = vec![];
    for department in shelf.departments() {
        let ours = shelf.items().iter().filter(|i| i.department_id == department.id.0);
        let items: Vec<Handled> = ours
            .filter_map(|i| {
                let functions = may.get(&i.item_id)?.clone();
                Some(Handled { slug: i.elements.slug.clone(), name: i.elements.name.clone(), functions })
            })
            .collect();
        if !items.is_empty() {
            all.push(Department { name: department.name.clone(), items });
        }
    }
    all.sort_by_key(|d| std::cmp::Reverse(d.items.len()));
    all
}
