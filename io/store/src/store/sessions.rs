//! Questions about sessions of browsers.

use conclave_protocol::{AccountId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::session::{self, ExpiredSession, SessionOf, WebSession};
use crate::secret::TokenHash;

impl Store {
    /// Those whose time is not over at `now`, whoever was active last first.
    pub async fn sessions_of(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<SessionOf>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = session::sessions_of(&mut reader.link(), account, now).await?;
        found.retain(|session| !overlay.has_ended(session.id));
        Ok(found)
    }

    pub async fn session(&self, id: TokenHash) -> Result<Option<WebSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        if overlay.has_ended(id) {
            return Ok(None);
        }
        let mut reader = self.reader().await?;
        let found = session::session(&mut reader.link(), id).await?;
        Ok(found.filter(|session| !overlay.is_shut_out(session.account)))
    }

    /// Oldest first, `most` of them at the most.
    pub async fn expired_sessions(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ExpiredSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = session::expired_sessions(&mut reader.link(), now, most).await?;
        found.retain(|expired| !overlay.has_ended(expired.id));
        Ok(found)
    }
}
