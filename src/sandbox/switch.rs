//! How a simulated system behaves just now, changed on its page or by `POST /control`.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::{self, Either, Form, Json, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use serde::Deserialize;
use serde_json::json;

use super::page::{esc, see_other};

/// One way to behave: its code in the control interface and its names on the page.
pub struct Choice<B: 'static> {
    pub is: B,
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

pub trait Behaviour: Copy + PartialEq + Send + Sync + 'static {
    /// All ways; the first one is that of the start.
    const ALL: &'static [Choice<Self>];
}

pub struct Switch<B: Behaviour>(Mutex<B>);

impl<B: Behaviour> Default for Switch<B> {
    fn default() -> Self {
        Self(Mutex::new(B::ALL[0].is))
    }
}

impl<B: Behaviour> Switch<B> {
    pub fn now(&self) -> B {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn code(&self) -> &'static str {
        let now = self.now();
        B::ALL.iter().find(|c| c.is == now).map_or("", |c| c.code)
    }

    /// Whether there is such a behaviour; from now on it is this one.
    pub fn set(&self, code: &str) -> bool {
        let Some(choice) = B::ALL.iter().find(|c| c.code == code) else {
            return false;
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = choice.is;
        true
    }

    /// The row of buttons on the page.
    pub fn form(&self) -> String {
        let now = self.now();
        let buttons = B::ALL.iter().map(|c| {
            let mark = if c.is == now { " aria-pressed=\"true\" class=\"on\"" } else { "" };
            format!(
                "<button name=\"behaviour\" value=\"{}\"{mark}>{}<small>{}</small></button>",
                c.code,
                esc(c.zh),
                esc(c.en)
            )
        });
        format!(
            "<form method=\"post\" action=\"/control\" class=\"switch\"><span>行为 <small>Behaviour</small></span>{}</form>",
            buttons.collect::<String>()
        )
    }
}

#[derive(Deserialize)]
struct Wish {
    behaviour: String,
}

/// `POST /control`, as JSON (answered in JSON) or as the form of the page.
pub fn routes<B: Behaviour>(config: &mut ServiceConfig, switch: Arc<Switch<B>>) {
    config.app_data(web::Data::from(switch)).route("/control", web::post().to(control::<B>));
}

async fn control<B: Behaviour>(switch: web::Data<Switch<B>>, wish: Either<Json<Wish>, Form<Wish>>) -> impl Responder {
    let (wish, is_form) = match wish {
        Either::Left(json) => (json.into_inner(), false),
        Either::Right(form) => (form.into_inner(), true),
    };
    if !switch.set(&wish.behaviour) {
        let known: Vec<_> = B::ALL.iter().map(|c| c.code).collect();
        return HttpResponse::BadRequest().json(json!({ "error": "no such behaviour", "known": known }));
    }
    if is_form { see_other("/") } else { HttpResponse::Ok().json(json!({ "behaviour": switch.code() })) }
}
