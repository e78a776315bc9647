//! The world outside, simulated by real servers on loopback.
