//! An entry's place as it is written: many with one statement, because the way to the database costs more than the row.

use uuid::Uuid;

use crate::engine::{Either, Link, statements};

/// A row of `audit_entry`.
pub(super) struct Place {
    pub(super) position: i64,
    pub(super) log: i64,
    pub(super) seq: u64,
    pub(super) hash: [u8; 32],
    pub(super) at: i64,
    pub(super) event: String,
    pub(super) outcome: String,
    pub(super) actor: Option<Uuid>,
    pub(super) object: Option<Uuid>,
}

pub(super) async fn insert(link: &mut Link<'_>, places: Vec<Place>) -> Result<(), sqlx::Error> {
    let mut places = places.into_iter();
    while places.len() >= AT_ONCE {
        insert_many(link, places.by_ref().take(AT_ONCE)).await?;
    }
    for place in places {
        let Place {
            position,
            log,
            seq,
            hash,
            at,
            event,
            outcome,
            actor,
            object,
        } = place;
        insert_one(
            link, position, log, seq, hash, at, event, outcome, actor, object,
        )
        .await?;
    }
    Ok(())
}

/// The same statement as [`insert_one`], with as many rows as come.
macro_rules! insertion {
    ($db:ty, $places:expr) => {{
        let mut insertion = sqlx::QueryBuilder::<$db>::new(COLUMNS);
        insertion.push_values($places, |mut row, place| {
            row.push_bind(place.position)
                .push_bind(place.log)
                .push_bind(i64::try_from(place.seq).unwrap_or(i64::MAX))
                .push_bind(place.hash.to_vec())
                .push_bind(place.at)
                .push_bind(place.event)
                .push_bind(place.outcome)
                .push_bind(place.actor)
                .push_bind(place.object);
        });
        insertion
    }};
}

async fn insert_many(
    link: &mut Link<'_>,
    places: impl Iterator<Item = Place>,
) -> Result<(), sqlx::Error> {
    match link.either() {
        Either::Sqlite(connection) => {
            let mut insertion = insertion!(sqlx::Sqlite, places);
            insertion.build().execute(connection).await?;
        }
        Either::Postgres(connection) => {
            let mut insertion = insertion!(sqlx::Postgres, places);
            insertion.build().execute(connection).await?;
        }
    }
    Ok(())
}

const COLUMNS: &str = "INSERT INTO audit_entry
    (position, log, seq, hash, at, event, outcome, actor, object) ";

/// Rows of one statement. Each number of rows is a statement of its own, which is prepared once.
const AT_ONCE: usize = 32;

statements! {
    execute insert_one(
        position: i64, log: i64, seq: u64, hash: [u8; 32], at: i64, event: String,
        outcome: String, actor: Option<Uuid>, object: Option<Uuid>,
    ) = "INSERT INTO audit_entry
             (position, log, seq, hash, at, event, outcome, actor, object)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}
