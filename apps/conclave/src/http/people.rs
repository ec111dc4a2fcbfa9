//! People of the organisation: who has an account, and what becomes of it.

pub(super) mod approve;
pub(super) mod change_role;
mod leaving;
pub(super) mod list;
pub(super) mod put_out;
pub(super) mod remove;
pub(super) mod reset_factors;
pub(super) mod restore;
mod shut_out;
pub(super) mod suspend;
mod target;
pub(super) mod timeline;
pub(super) mod unlock;
