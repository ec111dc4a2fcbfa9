//! What a server starts with: a directory with a database, and settings for a test.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use conclave::Config;
use conclave::config::{Admin, Anomalies, Evidence, Limits, Media, Passwords};
use conclave_store::{Options, Store};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A directory of its own, and settings that may be changed.
pub(crate) async fn installed(change: impl FnOnce(&mut Config)) -> (Config, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let mut config = config(&directory);
    change(&mut config);
    copy_database(&config.data_dir).await;
    (config, directory)
}

/// A copy of one that was brought up to date and closed: to bring up each anew takes longer than most tests do.
async fn copy_database(data_dir: &Path) {
    static ORIGINAL: OnceCell<Vec<u8>> = OnceCell::const_new();
    let original = ORIGINAL.get_or_init(async || {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(Options::sqlite(dir.path())).await.unwrap();
        store.close().await;
        std::fs::read(dir.path().join("conclave.db")).unwrap()
    });
    std::fs::create_dir(data_dir).unwrap();
    std::fs::write(data_dir.join("conclave.db"), original.await).unwrap();
}

/// Nothing that another test could meet, password hashes at their cheapest, and all the haste of a test.
pub(crate) fn config(directory: &TempDir) -> Config {
    let any = "127.0.0.1:0".parse().unwrap();
    Config {
        listen: any,
        data_dir: directory.path().join("data"),
        dev: true,
        // Its rounds leave entries, which tests of others don't expect.
        evidence: Evidence {
            every: Duration::from_secs(60 * 60),
            ..Evidence::default()
        },
        anomalies: Anomalies {
            every: Duration::from_secs(60 * 60),
        },
        admin: Admin {
            listen: any,
            ..Admin::default()
        },
        media: Media {
            port: 0,
            threads: 1,
            ..Media::default()
        },
        limits: Limits {
            changes_per_second: NonZeroU32::new(100_000).unwrap(),
            ..Limits::default()
        },
        passwords: Passwords {
            memory_kib: Passwords::LEAST_MEMORY_KIB,
            passes: 2,
            ..Passwords::default()
        },
        ..Config::default()
    }
}
