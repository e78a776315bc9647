//! The exchange (交换平台): messages to and from departments' systems.

pub mod protocol;
