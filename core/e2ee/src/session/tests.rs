//! Sessions around a delivery service, on virtual time: honest in `service`, and lying in `lies`.

mod histories;
mod lies;
mod service;
mod stories;
mod world;
