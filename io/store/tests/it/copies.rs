//! Databases that are copies of one that was brought up to date: that takes longer than most tests do.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use conclave_store::{Database, Options, Store};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

/// What copies are made of. It stays until the next run makes it anew; so a server takes one run at a time.
const ORIGINAL: &str = "conclave_store_original";

/// The file of one that was brought up to date and closed, so that all of it is in there.
pub(crate) async fn copy_sqlite(to: &Path) {
    static ORIGINAL: OnceCell<Vec<u8>> = OnceCell::const_new();
    let original = ORIGINAL.get_or_init(async || {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(Options::sqlite(dir.path())).await.unwrap();
        store.close().await;
        std::fs::read(dir.path().join("conclave.db")).unwrap()
    });
    std::fs::write(to, original.await).unwrap();
}

/// A database of PostgreSQL that is removed when dropped.
pub(crate) struct DatabaseCopy {
    /// The server's.
    address: String,
    name: String,
}

impl DatabaseCopy {
    /// `address` is of a database whose user may make others.
    pub(crate) async fn of_original(address: String) -> Self {
        static MADE: OnceCell<()> = OnceCell::const_new();
        static COPIES: AtomicU32 = AtomicU32::new(0);
        MADE.get_or_init(|| make_original(&address)).await;
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let name = format!("conclave_store_{}_{number}", std::process::id());
        let copy = format!("CREATE DATABASE {name} TEMPLATE {ORIGINAL}");
        for statement in [removal(&name), copy] {
            execute(&address, statement).await.unwrap();
        }
        Self { address, name }
    }

    pub(crate) fn address(&self) -> String {
        within(&self.address, &self.name)
    }
}

impl Drop for DatabaseCopy {
    fn drop(&mut self) {
        let (address, statement) = (self.address.clone(), removal(&self.name));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        // A runtime can't be entered in another one's thread, and the test's is still there.
        let thread = std::thread::spawn(move || {
            runtime.map(|runtime| runtime.block_on(execute(&address, statement)))
        });
        let _left_behind = thread.join();
    }
}

async fn make_original(address: &str) {
    for statement in [removal(ORIGINAL), format!("CREATE DATABASE {ORIGINAL}")] {
        execute(address, statement).await.unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let mut options = Options::sqlite(dir.path());
    options.database = Database::Postgres(within(address, ORIGINAL));
    Store::open(options).await.unwrap().close().await;
}

fn within(address: &str, database: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}dbname={database}")
}

/// Whoever is still connected to it is cut off.
fn removal(database: &str) -> String {
    format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)")
}

async fn execute(address: &str, statement: String) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(address).await?;
    connection.execute(AssertSqlSafe(statement)).await.map(drop)
}
