//! What runs on a supported or presenting computer. On another system than Linux it looks what the desktop offers, and no more.
#![cfg_attr(not(windows), forbid(unsafe_code))]
#![cfg_attr(windows, deny(unsafe_code))]

#[cfg(target_os = "linux")]
pub mod brought;
pub mod check;
#[cfg(not(target_os = "linux"))]
pub mod check_alone;
#[cfg(target_os = "linux")]
pub mod cli;
#[cfg(target_os = "linux")]
pub mod desk;
#[cfg(target_os = "linux")]
pub mod diagnostics;
#[cfg(target_os = "linux")]
pub mod errand;
#[cfg(target_os = "linux")]
pub mod hardening;
#[cfg(target_os = "linux")]
pub mod inbox;
#[cfg(target_os = "linux")]
pub mod ipc;
#[cfg(target_os = "linux")]
pub mod launcher;
#[cfg(target_os = "linux")]
pub mod net;
#[cfg(target_os = "linux")]
pub mod origin;
#[cfg(target_os = "linux")]
pub mod pinned;
pub mod platform;
#[cfg(target_os = "linux")]
pub mod policy;
#[cfg(target_os = "linux")]
pub mod raise;
#[cfg(target_os = "linux")]
pub mod service;
#[cfg(target_os = "linux")]
mod signals;
#[cfg(target_os = "linux")]
pub mod signed;
#[cfg(target_os = "linux")]
pub mod ui;
#[cfg(target_os = "linux")]
pub mod update;
#[cfg(target_os = "linux")]
pub mod wanted;
