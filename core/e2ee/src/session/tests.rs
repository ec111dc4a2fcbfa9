//! Sessions around a delivery service, on virtual time: honest in `service`, and lying in `lies`.

mod histories;
mod lies;
mod petitions;
mod service;
mod stories;
mod world;
