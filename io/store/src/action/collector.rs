//! How far the operator's collector of audit entries has come.

use super::{Apply, Failure, Upkeep};
use crate::engine::{Link, statements};

/// Keeps the position of the last entry that the collector has. It never goes back.
pub struct KeepCollected {
    pub position: i64,
}

impl Upkeep for KeepCollected {}

impl Apply for KeepCollected {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        keep(link, self.position).await?;
        Ok(())
    }
}

statements! {
    execute keep(position: i64)
        = "INSERT INTO collector (id, position) VALUES (1, $1)
           ON CONFLICT (id) DO UPDATE SET position = excluded.position
           WHERE collector.position < excluded.position";
}
