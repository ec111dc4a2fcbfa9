//! The tree against its definition, others' vectors and others' code; and every way to lie about it.

mod forgeries;
mod kits;
mod log;
mod others;
mod proofs;
