//! What a room says and orders in one situation each, without cryptography.

mod data;
mod joining;
mod presence;
mod presenting;
mod publishing;
mod races;
mod scalable;
mod stage;
mod subscribing;
