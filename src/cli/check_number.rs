//! `check-number`: whether a number is one of its kind, by its shape and its check digits. Needs no database.

use std::process::ExitCode;

use clap::ValueEnum;

use crate::kernel::numbers::{self, Refused};
use crate::kernel::{Clock, Lang, Result};
use crate::render::texts;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Of which kind the number shall be
    #[arg(value_enum)]
    kind: Kind,
    number: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Resident ID number (公民身份号码, GB 11643)
    ResidentId,
    /// Unified social credit code (统一社会信用代码, GB 32100)
    Uscc,
    /// Identifier of an electronic licence (电子证照标识, GB/T 36904)
    Licence,
    /// Implementing code of an item (实施编码), or that of one of its ways (业务办理项编码)
    ItemCode,
    /// Case number (办件编号)
    CaseNumber,
    /// Mobile number of the mainland
    Mobile,
    /// Number of a bank card (ISO/IEC 7812)
    BankCard,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    match check(args.kind, &args.number) {
        Ok(plain) => {
            println!("valid: {plain}");
            Ok(ExitCode::SUCCESS)
        }
        Err(code) => {
            let why = |lang| texts().with_texts(lang, &format!("field-{code}"), &[]);
            println!("{code}: {} · {}", why(Lang::En), why(Lang::Zh));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn check(kind: Kind, number: &str) -> Result<String, Refused> {
    match kind {
        Kind::ResidentId => numbers::resident_id(number, Clock::default().now().day()),
        Kind::Uscc => numbers::uscc(number),
        Kind::Licence => numbers::licence(number),
        Kind::ItemCode => numbers::item_code(number),
        Kind::CaseNumber => case_number(number),
        Kind::Mobile => numbers::mobile(number),
        Kind::BankCard => numbers::bank_card(number),
    }
}

/// Implementing code, day, serial of six digits and check character.
fn case_number(text: &str) -> Result<String, Refused> {
    let number = text.trim().to_ascii_uppercase();
    if number.len() != 46 || !number.is_ascii() {
        return Err("case-number-shape");
    }
    if !numbers::is_checked_37_36(&number) {
        return Err("case-number-check");
    }
    numbers::item_code(&number[..31]).map(|_| number)
}
