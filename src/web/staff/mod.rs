//! The staff's own pages: how they come in, what they prove themself with, and their devices.

pub mod login;
pub mod renew;
pub mod security;
pub mod steps;
