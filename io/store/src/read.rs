//! What the store can be asked: a typed row per noun. The questions are methods of [`crate::Store`].

pub mod account;
pub mod account_group;
pub mod audit;
pub mod directory;
pub mod emergency;
pub mod evidence;
pub mod factor;
pub mod federated_identity;
pub(crate) mod group;
pub mod invitation;
pub(crate) mod invited;
pub mod meeting;
pub mod meeting_session;
pub mod participant;
pub mod policy;
pub mod program;
pub mod quality;
pub mod review;
pub mod session;
pub mod supervision;
pub mod ticket;
pub mod vault;
