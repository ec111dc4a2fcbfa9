//! Opening what is not there, not ours, or from another time.

use conclave_protocol::account::AccountState;
use conclave_store::action::LetBackIn;
use conclave_store::{Beside, Database, OpenError, Options, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::contract;
use crate::home::{Home, recorded};

contract!(
    what_was_written_is_there_after_a_restart,
    a_database_of_the_first_version_is_brought_up_to_date,
    a_database_from_a_newer_version_is_told_apart,
    one_data_directory_has_one_server,
    an_operator_acts_beside_a_server_and_without_one,
);

async fn what_was_written_is_there_after_a_restart(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    store.close().await;

    let store = home.open().await;

    assert!(store.session(owner.session).await.unwrap().is_some());
    assert_eq!(recorded(&store).await.len(), 2);
    assert!(store.is_ready().await);
}

async fn a_database_of_the_first_version_is_brought_up_to_date(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, _) = home.live_meeting(&store, &owner).await;
    store.close().await;
    let back = "DROP TABLE support_request_declined; DROP TABLE support_request; DROP TABLE support_question; DROP TABLE recording_acknowledgement; DROP TABLE recording_total; DROP TABLE recording_play; DROP TABLE recording_piece; DROP TABLE recording; DROP TABLE recording_rule; DROP TABLE recording_key;
                DROP TABLE companion; DROP TABLE support_unattended; DROP TABLE support_grant; DROP TABLE support_enrolment;
                DROP TABLE support_device; DROP TABLE support_session; DROP TABLE server_time;
                DROP TABLE anomaly_maker; DROP TABLE anomaly; DROP TABLE anomaly_mark; DROP TABLE anomaly_watch; DROP TABLE anomaly_rules; DROP TABLE saved_view;
                ALTER TABLE participant DROP COLUMN proven;
                DROP TABLE training; DROP TABLE emergency_code; DROP TABLE emergency_code_set;
                DROP TABLE emergency_drill; DROP TABLE emergency_visit; DROP TABLE emergency_use;
                DROP TABLE evidence_export; DROP TABLE evidence_watch; DROP TABLE complaint; DROP TABLE agreement_version;
                DROP TABLE risk_assessment; DROP INDEX quality_session_by_time;
                DROP TABLE evidence_review; DROP TABLE agreement; DROP TABLE evidence_decision; DROP TABLE evidence_change;
                DROP TABLE quality_interval; DROP INDEX meeting_of_organisation;
                ALTER TABLE account DROP COLUMN last_sign_in_at; ALTER TABLE participant DROP COLUMN client;
                DROP TABLE collector; DROP TABLE audit_checkpoint; DROP TABLE audit_tile; DROP TABLE audit_entry; DROP TABLE audit_log;
                DROP TABLE federated_session; DROP TABLE federated_identity;
                DROP INDEX account_pending; DROP TABLE program; DROP TABLE directory_account; DROP TABLE directory_group;
                DROP TABLE invitation; DROP TABLE account_request; DROP TABLE password_reset;
                DROP INDEX participant_by_account; ALTER TABLE account DROP COLUMN state;
                DROP TABLE account_totp; DROP TABLE recovery_code; DROP TABLE passkey; DROP TABLE trusted_device; DROP TABLE email_change;
                ALTER TABLE web_session DROP COLUMN assurance; ALTER TABLE web_session DROP COLUMN browser;
                ALTER TABLE web_session DROP COLUMN authenticated_at;
                DROP TABLE device_request; DROP TABLE account_device; DROP TABLE account_vault;
                DROP TABLE mls_commit; DROP TABLE mls_leaf; DROP TABLE mls_group;
                ALTER TABLE meeting DROP COLUMN link_admits; ALTER TABLE meeting DROP COLUMN locked;
                ALTER TABLE meeting DROP COLUMN sharing; ALTER TABLE meeting DROP COLUMN presenter;
                ALTER TABLE meeting DROP COLUMN ended_because;
                ALTER TABLE meeting DROP COLUMN empty_time_out;
                ALTER TABLE meeting DROP COLUMN host_absent_time_out;
                ALTER TABLE meeting DROP COLUMN longest_time_out;
                ALTER TABLE meeting DROP COLUMN idle_share_time_out;
                ALTER TABLE participant DROP COLUMN co_host_since;
                DROP TABLE policy_layer; DROP TABLE account_group_member; DROP TABLE account_group;
                ALTER TABLE organisation DROP COLUMN policy_revision;
                ALTER TABLE organisation DROP COLUMN profile_since;
                ALTER TABLE organisation DROP COLUMN profile_leave_by;
                ALTER TABLE organisation DROP COLUMN profile_leave_at;
                ALTER TABLE meeting DROP COLUMN data_mode;
                ALTER TABLE meeting DROP COLUMN entry;
                ALTER TABLE meeting DROP COLUMN uninvited; DROP TABLE meeting_invited;
                ALTER TABLE meeting DROP COLUMN schedule; ALTER TABLE meeting DROP COLUMN sequence;
                ALTER TABLE meeting DROP COLUMN series; ALTER TABLE meeting DROP COLUMN last_begins;
                ALTER TABLE meeting DROP COLUMN guarded_until; ALTER TABLE meeting DROP COLUMN passcode_number;
                DROP INDEX meeting_by_former_code;
                DELETE FROM _sqlx_migrations WHERE version > 1";
    home.tamper(back).await.unwrap();

    let store = home.open().await;

    assert!(store.meeting(meeting).await.unwrap().is_some());
    assert!(store.group(meeting).await.unwrap().is_none());
    let account = store.account(owner.account).await.unwrap();
    assert!(account.is_some_and(|account| account.state == AccountState::Active));
}

async fn a_database_from_a_newer_version_is_told_apart(home: Home) {
    home.open().await.close().await;
    let later = "UPDATE _sqlx_migrations SET version = 9999
                 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    home.tamper(later).await.unwrap();

    let error = Store::open(home.options()).await.err().unwrap();

    assert!(matches!(
        error,
        OpenError::FromNewerVersion { found: 9999, known }  if known < 9999
    ));
    assert!(!error.to_string().contains('\n'));
}

async fn one_data_directory_has_one_server(home: Home) {
    let first = home.open().await;

    let second = Store::open(home.options()).await;
    assert!(matches!(second.err(), Some(OpenError::InUse { .. })));

    first.close().await;
    assert!(Store::open(home.options()).await.is_ok());
}

async fn an_operator_acts_beside_a_server_and_without_one(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let let_back_in = || LetBackIn {
        account: owner.account,
        link: None,
    };
    for is_running in [true, false] {
        let mut beside = Beside::open(&home.options()).await.unwrap();

        let done = beside.write(let_back_in(), home.some_entry()).await;

        done.unwrap();
        beside.close().await;
        if is_running {
            assert!(store.session(owner.session).await.unwrap().is_none());
            assert_eq!(recorded(&store).await.len(), 3);
            store.close().await;
        }
    }
    assert_eq!(recorded(&home.open().await).await.len(), 4);
    let later = "DELETE FROM _sqlx_migrations
                 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    home.tamper(later).await.unwrap();
    let error = Beside::open(&home.options()).await.err().unwrap();
    assert!(matches!(error, OpenError::OfOtherVersion { .. }));
}

#[tokio::test]
async fn an_operator_makes_no_database_where_there_is_none() {
    let home = Home::bare();

    let error = Beside::open(&home.options()).await.err().unwrap();

    assert!(matches!(error, OpenError::NoDatabase { .. }));
    assert!(!home.path().join("conclave.db").exists());
}

#[tokio::test]
async fn a_data_directory_that_is_a_file_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();

    let error = Store::open(Options::sqlite(file.path())).await.err();

    assert!(matches!(error, Some(OpenError::DataDirectory { .. })));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let home = Home::bare();
    std::fs::write(home.path().join("conclave.db"), [0x2a; 4096]).unwrap();

    let error = Store::open(home.options()).await.err();

    assert!(matches!(error, Some(OpenError::Database(_))));
}

#[tokio::test]
async fn an_address_that_is_none_is_told_without_repeating_it() {
    let home = Home::bare();
    let mut options = home.options();
    options.database = Database::Postgres("mysql://amy:secret@db/x".to_owned());

    let error = Store::open(options).await.err().unwrap();

    assert!(matches!(error, OpenError::Address));
    assert!(!error.to_string().contains("secret"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_directory_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::bare();
    let dir = home.path().join("data");

    Store::open(Options::sqlite(&dir)).await.unwrap();

    let mode = std::fs::metadata(&dir).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn every_table_is_strict() {
    let home = Home::bare();
    home.open().await.close().await;
    let path = home.path().join("conclave.db");
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();

    let lax = "SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND type = 'table' AND NOT strict
                 AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'";
    let lax: Vec<String> = sqlx::query_scalar(lax)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut connection)
        .await
        .unwrap();

    assert_eq!(lax, [""; 0]);
    assert_eq!(mode, "wal");
}
