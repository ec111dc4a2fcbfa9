//! A meeting's end-to-end encryption: an MLS group that agrees on keys, and frames that are sealed with them.
#![forbid(unsafe_code)]
