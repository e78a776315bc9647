//! Where somebody was when more was asked of them than they had shown: the step, what it is a step of, and the way back.

use serde::Deserialize;

use crate::cases::{self, CaseId, State};
use crate::catalogue::{self, Act};
use crate::identity::assurance::{Need, REGISTERED};
use crate::identity::standing::{self, Meets, Standing};
use crate::kernel::{Error, Id, Kind, Result, Text};
use crate::web::error::form_urlencoded;
use crate::web::form::Fields;
use crate::web::guard::{Anyone, Citizen};
use crate::web::page;
use crate::web::public::login::way_back;

/// As an address or a form names it: all may be empty, which is somebody who came by themself.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Place {
    /// Code of an [`Act`].
    #[serde(default)]
    pub step: String,
    /// Slug of an item.
    #[serde(default)]
    pub item: String,
    /// A case or draft of the person's own.
    #[serde(default)]
    pub case: String,
    #[serde(default)]
    pub back: String,
}

/// What a step is one of.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    Item(&'a str),
    Case(CaseId),
}

/// What is asked of the person, and for what.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub act: Act,
    pub need: Need,
    pub title: Text,
    /// It was handed in already, and waits for somebody to vouch for the person.
    pub is_handed_in: bool,
}

/// The page that asks for what this step lacks, and leads to `back` afterwards.
pub fn step_up(act: Act, of: Of<'_>, back: &str) -> String {
    let (item, case) = match of {
        Of::Item(slug) => (slug.to_owned(), String::new()),
        Of::Case(id) => (String::new(), id.to_string()),
    };
    Place { step: act.code().to_owned(), item, case, back: back.to_owned() }.here()
}

/// Whether this error says that the person has to show more of themself, which [`step_up`] asks for.
pub fn is_unmet(error: &Error) -> bool {
    error.is(Kind::Forbidden) && matches!(error.code(), "level-too-low" | "check-too-old")
}

/// Leads there who lacks something; other errors stay.
pub fn lead(error: Error, act: Act, of: Of<'_>, back: &str) -> Result<actix_web::HttpResponse> {
    if is_unmet(&error) { Ok(page::redirect(&step_up(act, of, back), "")) } else { Err(error) }
}

impl Place {
    /// From the hidden fields of the page's forms.
    pub fn of_form(form: &Fields) -> Self {
        let of = |name: &str| form.get(name).to_owned();
        Self { step: of("step"), item: of("item"), case: of("case"), back: of("back") }
    }

    /// The page itself.
    pub fn here(&self) -> String {
        let back = form_urlencoded(&self.back);
        let part = |name: &str, value: &str| match value {
            "" => String::new(),
            value => format!("&{name}={}", form_urlencoded(value)),
        };
        match self.step.as_str() {
            "" => format!("/account/verify?back={back}"),
            step => {
                let of = part("item", &self.item) + &part("case", &self.case);
                format!("/account/step-up?step={}{of}&back={back}", form_urlencoded(step))
            }
        }
    }

    /// Where the person goes on.
    pub fn onward(&self) -> String {
        way_back(&self.back, "/account")
    }

    /// What is asked of the person; none when they came by themself.
    ///
    /// # Errors
    /// Not found, when there is no such step, item or case of theirs.
    pub async fn wanted(&self, who: &Citizen) -> Result<Option<Wanted>> {
        if self.step.is_empty() {
            return Ok(None);
        }
        let act = Act::from_code(&self.step).ok_or_else(Error::not_found)?;
        let books = who.app.books();
        let (elements, is_handed_in) = if self.case.is_empty() {
            (books.shelf.by_slug(&self.item)?.elements.clone(), false)
        } else {
            let (id, ctx) = (CaseId(self.case.parse::<Id>()?), who.ctx.clone());
            let read = move |c: &mut crate::db::Conn| {
                let case = cases::mine(c, &ctx, id)?;
                let item = catalogue::version_doc(c, &books.shelf, case.version_id)?;
                Ok((item.elements.clone(), case.state != State::Draft))
            };
            who.app.db.read(read).await?
        };
        let need = elements.assurance.need(act);
        // What was signed then was signed: only by whom is open.
        let need = if is_handed_in { Need::level(need.level) } else { need };
        Ok(Some(Wanted { act, need, title: elements.name, is_handed_in }))
    }
}

/// The person's standing now.
pub async fn standing(who: &Anyone) -> Result<Standing> {
    let ctx = who.ctx.clone();
    who.app.db.read(move |c| standing::of_self(c, &ctx)).await
}

/// Whether a person is through with what they came for: a step that the verifier's word alone keeps from is taken without it.
pub fn is_through(standing: &Standing, wanted: Option<&Wanted>) -> bool {
    match wanted {
        None => standing.level() >= REGISTERED,
        Some(w) => match standing.meets(w.need) {
            Meets::Yes => true,
            Meets::Later => !w.is_handed_in && matches!(w.act, Act::Declare | Act::Sign | Act::View),
            Meets::No => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_there_and_back_is_one_address() {
        let back = "/declare/drafts/1/review?a=1&b=2#agree";
        let to = step_up(Act::Sign, Of::Item("food"), back);
        assert_eq!(to, "/account/step-up?step=sign&item=food&back=/declare/drafts/1/review%3Fa%3D1%26b%3D2%23agree");
        let query = to.split_once('?').map(|(_, q)| q).unwrap_or_default();
        let read = actix_web::web::Query::<Place>::from_query(query).unwrap_or_else(|e| panic!("{e}")).into_inner();
        assert_eq!((read.back.as_str(), read.here()), (back, to));
    }

    #[test]
    fn nobody_is_led_to_another_site() {
        let place = Place { back: "//evil.test/".into(), ..Place::default() };
        assert_eq!(place.onward(), "/");
        assert_eq!(Place::default().onward(), "/account");
    }
}
