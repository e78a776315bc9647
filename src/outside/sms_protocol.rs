//! What is said between the platform and a gateway of short messages. Pure types, shared with the sandbox.
//!
//! `POST {url}/v1/messages` with a bearer key and a [`Message`] as JSON. 2xx: taken. 400, 404, 422: refused for good. Everything else is
//! passing. The same `request_id` comes again when a message is tried again, so that a gateway can tell.

use serde::{Deserialize, Serialize};

/// The path under the gateway's address.
pub const PATH: &str = "/v1/messages";

/// What is sent. Not `Debug`: it must not end in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub request_id: String,
    /// A mobile number of the mainland.
    pub to: String,
    pub text: String,
}
