//! The contract of the store: one suite, run on SQLite and, where `DATABASE_URL` names one, on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod accounts;
mod audit;
mod centre;
mod copies;
mod crash;
mod emergencies;
mod evidence;
mod examination;
mod groups;
mod home;
mod idempotency;
mod log;
mod meetings;
mod opening;
mod owner;
mod participants;
mod policy;
mod programs;
mod put_out;
mod quality;
mod races;
mod recordings;
mod server_time;
mod spool;
mod support;
mod support_queue;
mod tickets;
mod trainings;
mod unattended;
mod vault;
mod writing;

/// Runs each async function, which takes a [`home::Home`], once per database.
macro_rules! contract {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            use crate::home::Home;

            #[tokio::test]
            async fn on_sqlite() {
                super::$name(Home::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(home) = Home::postgres().await {
                    super::$name(home).await;
                }
            }
        }
    )*};
}

pub(crate) use contract;
