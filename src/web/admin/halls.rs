//! The halls and how many windows each has.

use actix_web::HttpResponse;
use serde::Serialize;

use crate::kernel::Text;
use crate::render::View;
use crate::web::error::PageError;
use crate::web::guard::Admin;
use crate::web::page;
use crate::windows::{self, Hall};

#[derive(Debug, Serialize)]
pub struct Halls {
    pub halls: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: Text,
    pub level: String,
    pub address: Text,
    pub phone: String,
    pub windows: usize,
}

impl View for Halls {
    const TEMPLATE: &'static str = "admin/halls";
    fn samples() -> Vec<Self> {
        let row = Row {
            code: "H01".into(),
            name: Text::new("云川市政务服务中心", "Yunchuan City Service Centre"),
            level: "city".into(),
            address: Text::new("市民大道1号", "1 Shimin Avenue"),
            phone: "0980-8120000".into(),
            windows: 12,
        };
        vec![Self { halls: vec![] }, Self { halls: vec![row] }]
    }
}

pub async fn show(who: Admin) -> Result<HttpResponse, PageError> {
    let halls = who.app.db.read(windows::halls).await?;
    let row = |h: Hall| Row {
        code: h.code,
        name: h.name,
        level: h.level,
        address: h.about.address,
        phone: h.about.phone,
        windows: h.about.windows.len(),
    };
    Ok(page::show(&who, &Halls { halls: halls.into_iter().map(row).collect() })?)
}
