//! What the store can be asked: a typed row per noun. The questions are methods of [`crate::Store`].

pub mod account;
pub mod audit;
pub(crate) mod group;
pub mod meeting;
pub mod participant;
pub mod quality;
pub mod session;
pub mod ticket;
pub mod vault;
