//! Opens the database of a data directory, or the one at an address, at the schema of this version.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::connection::{Connector, Readers};
use crate::error::OpenError;
use crate::spool::Spool;
use crate::writer::Writer;

/// Where the data are, and how much may wait.
pub struct Options {
    /// Holds the SQLite database and the spool; made when it is not there.
    pub data_dir: PathBuf,
    pub database: Database,
    /// Connections that read at the same time.
    pub readers: u32,
    /// Writes that may wait for the next commit; more are refused as busy.
    pub queue: usize,
    /// How long a statement waits for somebody else's lock.
    pub patience: Duration,
    /// How long nothing is written before the database is asked whether it still can be. Longer calls a
    /// broken one ready for longer; shorter writes for nothing.
    pub idle: Duration,
}

pub enum Database {
    /// `conclave.db` in the data directory.
    Sqlite,
    /// An address as `postgres://user@host/database`. Holds a password, so it is never printed.
    Postgres(String),
}

impl Options {
    pub fn sqlite(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            database: Database::Sqlite,
            readers: 4,
            queue: 1024,
            patience: Duration::from_secs(5),
            idle: Duration::from_secs(30),
        }
    }
}

/// While it is held no server has the data directory, and none gets it.
pub struct Alone {
    _lock: File,
}

impl Alone {
    /// Refused while a server runs.
    pub fn claim(options: &Options) -> Result<Self, OpenError> {
        let lock = claim(&options.data_dir)?;
        Ok(Self { _lock: lock })
    }
}

/// What an open store consists of.
pub(crate) struct Parts {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) spool: Arc<Spool>,
}

pub(crate) async fn open(options: Options) -> Result<Parts, OpenError> {
    open_with(connector(&options)?, options).await
}

/// How to reach the database of these options.
pub(crate) fn connector(options: &Options) -> Result<Connector, OpenError> {
    match &options.database {
        Database::Sqlite => Ok(Connector::sqlite(&sqlite_file(options), options.patience)),
        Database::Postgres(address) => Connector::postgres(address, options.patience),
    }
}

pub(crate) fn sqlite_file(options: &Options) -> PathBuf {
    options.data_dir.join("conclave.db")
}

pub(crate) async fn open_with(connector: Connector, options: Options) -> Result<Parts, OpenError> {
    let lock = claim(&options.data_dir)?;
    let spool = Arc::new(open_spool(&options.data_dir.join("spool"))?);
    connector.bring_up_to_date().await?;
    let mut connection = connector.connect().await?;
    if let Err(error) = spool.replay(&mut connection).await {
        tracing::error!(error = %error, "the spool waits: the database cannot write");
        connection = connector.connect().await?;
    }
    let readers = connector.readers(options.readers).await?;
    let writer = Writer::start(
        connector,
        connection,
        Arc::clone(&spool),
        lock,
        options.queue,
        options.idle,
    );
    Ok(Parts {
        readers,
        writer,
        spool,
    })
}

/// Makes the directory where it is missing, for its owner alone, and keeps other servers out.
fn claim(data_dir: &Path) -> Result<File, OpenError> {
    let unusable = |source| OpenError::DataDirectory {
        path: data_dir.to_owned(),
        source,
    };
    private(DirBuilder::new().recursive(true))
        .create(data_dir)
        .map_err(unusable)?;
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(data_dir.join("lock"))
        .map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            path: data_dir.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

#[cfg(unix)]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(not(unix))]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

fn open_spool(path: &Path) -> Result<Spool, OpenError> {
    Spool::open(path).map_err(|source| OpenError::Spool {
        path: path.to_owned(),
        source,
    })
}
