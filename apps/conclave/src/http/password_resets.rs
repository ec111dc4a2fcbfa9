//! A forgotten password: a link by mail, and another password.

pub(super) mod ask;
pub(super) mod finish;
