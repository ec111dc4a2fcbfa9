//! Invitations: an administrator gives somebody a way to an account of their own.

pub(super) mod accept;
pub(super) mod create;
pub(super) mod withdraw;
