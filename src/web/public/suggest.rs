//! What a visitor may mean while they type: for the script of the search field. Without script the field searches as ever.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::catalogue::{self, Ask, MAX_QUERY, Piece};
use crate::web::guard::language;

const ROWS: usize = 6;

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// An item, its name cut where the query stands in it.
#[derive(Debug, Serialize)]
struct Suggestion {
    name: Vec<Piece>,
    href: String,
    department: String,
}

pub async fn show(req: HttpRequest, app: web::Data<App>, asked: web::Query<Asked>) -> HttpResponse {
    let (lang, shelf) = (language(&req), app.books().shelf);
    let text: String = asked.q.chars().filter(|c| !c.is_control()).take(MAX_QUERY).collect();
    let found = match text.trim() {
        "" => vec![],
        text => shelf.search(&Ask { text: text.to_owned(), page: 1, size: ROWS, ..Ask::default() }).items,
    };
    let suggestion = |item: &std::sync::Arc<catalogue::Shelved>| Suggestion {
        name: catalogue::marked(item.elements.name.get(lang), &text),
        href: format!("/items/{}", item.elements.slug),
        department: shelf.department(item.department_id).map(|d| d.short.get(lang).to_owned()).unwrap_or_default(),
    };
    let all: Vec<Suggestion> = found.iter().map(suggestion).collect();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(all)
}
