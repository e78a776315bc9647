//! The applicant comes to the window with what a correction asked for.

use actix_web::{HttpResponse, web};

use super::act;
use super::intake;
use crate::cases::{self, CaseId};
use crate::catalogue;
use crate::flows::{self, Seen};
use crate::kernel::{Error, FieldError, Id, Result};
use crate::web::error::PageError;
use crate::web::form::Uploaded;
use crate::web::guard::Clerk;
use crate::web::page;

/// Longest word that goes with it, in characters.
const WORDS: usize = 1000;

pub async fn answer(who: Clerk, path: web::Path<String>, up: Uploaded) -> Result<HttpResponse, PageError> {
    let id = CaseId(path.parse::<Id>()?);
    let rev: i64 = up.fields.get("rev").parse().map_err(|_| Error::invalid("form-unreadable"))?;
    let text = up.fields.get("answer").to_owned();
    let (ctx, books) = (who.ctx.clone(), who.app.books());
    let read = move |c: &mut crate::db::Conn| {
        let case = cases::at_hall(c, &ctx, id)?;
        catalogue::version_doc(c, &books.shelf, case.version_id)
    };
    let item = who.app.db.read(read).await?;
    let mut taken = intake::take(&who.app, &who.ctx, &item.elements, up).await?;
    if text.chars().count() > WORDS {
        let value = Some(WORDS.to_string());
        taken.faults.push(FieldError { field: "answer".into(), code: "too-long", value });
    }
    let done = if taken.faults.is_empty() {
        let (ctx, books) = (who.ctx.clone(), who.app.books());
        let seen = Seen { id, rev, verdicts: vec![] };
        let (words, files, on_paper) = (text.clone(), taken.files.clone(), taken.on_paper.clone());
        let write = move |c: &mut crate::db::Conn| {
            flows::answer_at_window(c, &ctx, &books, &seen, &words, (&files, &on_paper)).map(|_| ())
        };
        who.app.db.write(write).await
    } else {
        Err(Error::fields(taken.faults.clone()))
    };
    let Err(e) = done else { return Ok(page::redirect(&format!("/hall/cases/{id}"), "hall-answered")) };
    let faults = e.field_errors().to_vec();
    let (mut view, status) = act::again(&who, id, e).await?;
    match &mut view.answer {
        Some(answer) => {
            answer.code = faults.iter().find(|f| f.field == "answer").map(|f| f.code);
            answer.text = text;
            answer.intake.keep(&who.app, &who.ctx, &taken)?;
        }
        None => view.lost.extend(Some(text).filter(|t| !t.is_empty())),
    }
    Ok(page::show_as(&who, status, &view)?)
}
