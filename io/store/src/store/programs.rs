//! Questions about programs that act for an organisation.

use conclave_protocol::{OrganisationId, ProgramId};

use super::Store;
use crate::error::ReadError;
use crate::read::program::{self, Program};
use crate::secret::TokenHash;

impl Store {
    pub async fn program(&self, id: ProgramId) -> Result<Option<Program>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = program::program(&mut reader.link(), id).await?;
        Ok(found.map(|program| overlay.program(program)))
    }

    /// Whose key this is, whether it opens anything or not.
    pub async fn program_by_key(&self, key: TokenHash) -> Result<Option<Program>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = program::program_by_key(&mut reader.link(), key).await?;
        Ok(found.map(|program| overlay.program(program)))
    }

    /// Newest first, [`program::MOST_LISTED`] at the most.
    pub async fn programs(&self, organisation: OrganisationId) -> Result<Vec<Program>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = program::programs(link, organisation, program::MOST_LISTED).await?;
        Ok(found.into_iter().map(|one| overlay.program(one)).collect())
    }
}
