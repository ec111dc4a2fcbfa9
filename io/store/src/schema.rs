//! Brings a database to the schema of this version: numbered steps, forward only, never edited after release.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::error::{Cause, OpenError};

macro_rules! steps {
    ($engine:literal: $(($version:literal, $name:literal)),*) => {
        &[$(($version, $name, include_str!(concat!(
            "../migrations/", $engine, "/", $version, "_", $name, ".sql"
        )))),*]
    };
}

type Steps = &'static [(&'static str, &'static str, &'static str)];

pub(crate) const SQLITE: Steps = steps!("sqlite": ("0001", "foundations"), ("0002", "groups"), ("0003", "admission"), ("0004", "vault"), ("0005", "lock"), ("0006", "sharing"), ("0007", "accounts"), ("0008", "meeting_life"), ("0009", "policy"), ("0010", "factors"), ("0011", "programs"), ("0012", "leftovers"), ("0013", "schedule"), ("0014", "single_sign_on"), ("0015", "collector"), ("0016", "audit_log"), ("0017", "sessions"), ("0018", "evidence"), ("0019", "emergency"), ("0020", "examination"), ("0021", "registers"), ("0022", "passcode"), ("0023", "server_time"), ("0024", "support"), ("0025", "emergency_codes"), ("0026", "training"), ("0027", "profile"), ("0028", "companion"), ("0029", "unattended"), ("0030", "recording"), ("0031", "passcode_and_training"), ("0032", "recording_pieces"), ("0033", "recording_feedback"), ("0034", "recording_damage"), ("0035", "support_administrator"), ("0036", "procedure"), ("0037", "outcomes"), ("0038", "recording_acknowledgement"), ("0039", "support_questions"), ("0040", "longer_feedback"), ("0041", "session_questions"), ("0042", "support_queue"), ("0043", "support_declined"), ("0044", "enrolment_end"));
pub(crate) const POSTGRES: Steps = steps!("postgres": ("0001", "foundations"), ("0002", "groups"), ("0003", "admission"), ("0004", "vault"), ("0005", "lock"), ("0006", "sharing"), ("0007", "accounts"), ("0008", "meeting_life"), ("0009", "policy"), ("0010", "factors"), ("0011", "programs"), ("0012", "leftovers"), ("0013", "schedule"), ("0014", "single_sign_on"), ("0015", "collector"), ("0016", "audit_log"), ("0017", "sessions"), ("0018", "evidence"), ("0019", "emergency"), ("0020", "examination"), ("0021", "registers"), ("0022", "passcode"), ("0023", "server_time"), ("0024", "support"), ("0025", "emergency_codes"), ("0026", "training"), ("0027", "profile"), ("0028", "companion"), ("0029", "unattended"), ("0030", "recording"), ("0031", "passcode_and_training"), ("0032", "recording_pieces"), ("0033", "recording_feedback"), ("0034", "recording_damage"), ("0035", "support_administrator"), ("0036", "procedure"), ("0037", "outcomes"), ("0038", "recording_acknowledgement"), ("0039", "support_questions"), ("0040", "longer_feedback"), ("0041", "session_questions"), ("0042", "support_queue"), ("0043", "support_declined"), ("0044", "enrolment_end"));

/// The version of the schema that this program knows.
pub(crate) fn newest() -> i64 {
    i64::try_from(SQLITE.len()).unwrap_or(i64::MAX)
}

/// Runs what is missing, each step in a transaction of its own.
pub(crate) async fn bring_up_to_date<C: Migrate>(
    connection: &mut C,
    steps: Steps,
) -> Result<(), OpenError> {
    let migrator = Migrator {
        migrations: Cow::Owned(steps.iter().filter_map(migration).collect()),
        ..Migrator::DEFAULT
    };
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let outcome = migrator.run_direct(None, connection, false).await;
    outcome.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > known => {
            OpenError::FromNewerVersion { found, known }
        }
        MigrateError::ExecuteMigration(error, version) => OpenError::Migration {
            version,
            source: Cause::from(error),
        },
        MigrateError::VersionMismatch(version) | MigrateError::Dirty(version) => {
            OpenError::Migration {
                version,
                source: Cause::from(sqlx::Error::from(error)),
            }
        }
        other => OpenError::Database(Cause::from(sqlx::Error::from(other))),
    })
}

fn migration(
    (version, name, sql): &(&'static str, &'static str, &'static str),
) -> Option<Migration> {
    Some(Migration::new(
        version.parse().ok()?,
        Cow::Borrowed(name),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_have_the_same_steps_numbered_from_one() {
        assert_eq!(SQLITE.len(), POSTGRES.len());
        for (at, (sqlite, postgres)) in SQLITE.iter().zip(POSTGRES).enumerate() {
            assert_eq!((sqlite.0, sqlite.1), (postgres.0, postgres.1));
            assert_eq!(migration(sqlite).unwrap().version, at as i64 + 1);
        }
    }

    #[test]
    fn every_step_that_is_written_is_taken() {
        for (engine, steps) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let root = env!("CARGO_MANIFEST_DIR");
            let files = std::fs::read_dir(format!("{root}/migrations/{engine}")).unwrap();
            assert_eq!(files.count(), steps.len(), "{engine}");
        }
    }
}
