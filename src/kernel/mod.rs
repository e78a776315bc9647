//! What every ring may use: errors, the context of an act, time, ids, money, paging, secrets, check digits, masks.
//!
//! Nothing in here knows HTTP, SQL or the network; everything is pure but the clock and the random source, which are handed in.

mod authority;
pub mod crypto;
pub mod ctx;
pub mod error;
pub mod ids;
pub mod keys;
pub mod lang;
pub mod mask;
pub mod money;
pub mod numbers;
pub mod page;
pub mod signing;
pub mod time;
pub mod totp;
pub mod webhook;

pub use authority::{Permission, Permissions, Realm};
pub use ctx::{Acting, Actor, Ctx, StaffActor};
pub use error::{Error, FieldError, Kind, Result};
pub use ids::Id;
pub use lang::{Lang, Text};
pub use money::Fen;
pub use page::{Cursor, Page};
pub use time::{Clock, Day, Ts};
