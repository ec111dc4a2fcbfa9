//! How far a log is: its right edge, read from what is kept and checked against what was signed.

use conclave_audit::{Frontier, Hash, KeyName, TilePath, Tiles};
use conclave_protocol::OrganisationId;

use super::fault::Fault;
use super::reader;
use super::sequencer::Stopped;
use crate::engine::{Link, row, statements};

/// A log, to be continued.
#[derive(Clone)]
pub(super) struct Standing {
    pub(super) number: i64,
    pub(super) origin: KeyName,
    pub(super) edge: Frontier,
}

row! {
    pub(super) struct LogRow {
        pub(super) number: i64,
        pub(super) log: Option<OrganisationId>,
        pub(super) origin: String,
    }
}

/// Every log, each as its last checkpoint says.
pub(super) async fn all(
    link: &mut Link<'_>,
) -> Result<Vec<(Option<OrganisationId>, Standing)>, Stopped> {
    let mut standings = Vec::new();
    for LogRow {
        number,
        log,
        origin,
    } in logs(link).await?
    {
        let edge = edge(link, number, log).await?;
        let origin = KeyName::parse(&origin).ok_or(Fault::NotAsSigned { log })?;
        let standing = Standing {
            number,
            origin,
            edge,
        };
        standings.push((log, standing));
    }
    Ok(standings)
}

/// Refuses to go on from entries that are not those that were signed.
async fn edge(
    link: &mut Link<'_>,
    number: i64,
    log: Option<OrganisationId>,
) -> Result<Frontier, Stopped> {
    let fault = || Stopped::from(Fault::NotAsSigned { log });
    let entries = last_entry(link, number).await?.map_or(0, |(seq,)| seq + 1);
    let Some((size, root)) = last_checkpoint(link, number).await? else {
        return (entries == 0).then(Frontier::new).ok_or_else(fault);
    };
    let mut tiles = Tiles::new();
    for path in Frontier::tiles(size) {
        read_tile(link, number, path, &mut tiles)
            .await?
            .ok_or_else(fault)?;
    }
    let edge = Frontier::read(size, &tiles).map_err(|_| fault())?;
    let as_signed = entries == size && edge.root() == Hash(root);
    as_signed.then_some(edge).ok_or_else(fault)
}

/// `None` when hashes of it are gone.
pub(super) async fn read_tile(
    link: &mut Link<'_>,
    number: i64,
    path: TilePath,
    tiles: &mut Tiles,
) -> Result<Option<()>, sqlx::Error> {
    let bytes = reader::tile(link, number, path).await?;
    Ok(tiles.insert(path, &bytes).ok())
}

statements! {
    all logs() -> LogRow
        = "SELECT number, log, origin FROM audit_log ORDER BY number";

    optional last_entry(log: i64) -> (u64,)
        = "SELECT seq FROM audit_entry WHERE log = $1 ORDER BY seq DESC LIMIT 1";

    optional last_checkpoint(log: i64) -> (u64, [u8; 32])
        = "SELECT size, root FROM audit_checkpoint WHERE log = $1 ORDER BY size DESC LIMIT 1";
}
