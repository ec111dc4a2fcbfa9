//! What runs on a supported or presenting computer.
#![forbid(unsafe_code)]

pub mod check;
pub mod cli;
pub mod platform;
