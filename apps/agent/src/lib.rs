//! What runs on a supported or presenting computer.
#![forbid(unsafe_code)]

pub mod brought;
pub mod check;
pub mod cli;
pub mod desk;
pub mod diagnostics;
pub mod errand;
pub mod hardening;
pub mod inbox;
pub mod ipc;
pub mod launcher;
pub mod net;
pub mod origin;
pub mod pinned;
pub mod platform;
pub mod policy;
pub mod raise;
pub mod service;
mod signals;
pub mod signed;
pub mod ui;
pub mod update;
pub mod wanted;
