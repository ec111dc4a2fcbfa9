//! Questions about identities at providers of single sign-on.

use conclave_protocol::{AccountId, Timestamp};

use super::Store;
use crate::error::ReadError;
use crate::read::federated_identity::{self, FederatedSession};

impl Store {
    /// Whose identity at a provider this is.
    pub async fn account_of_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<AccountId>, ReadError> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        let mut reader = self.reader().await?;
        let found = federated_identity::account_of(&mut reader.link(), issuer, subject).await?;
        Ok(found.map(|(account,)| account))
    }

    /// Whether the account is connected with an identity at any provider.
    pub async fn has_identity(&self, account: AccountId) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = federated_identity::any(&mut reader.link(), account).await?;
        Ok(found.is_some())
    }

    /// Since when the account is connected with an identity at this provider.
    pub async fn connected_since(
        &self,
        account: AccountId,
        issuer: &str,
    ) -> Result<Option<Timestamp>, ReadError> {
        let issuer = issuer.to_owned();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = federated_identity::connected_since(link, account, issuer).await?;
        Ok(found.map(|(since,)| since))
    }

    /// The sessions that a provider opened: of one of its own sessions where it names that, else of its subject. With both, those
    /// of the subject that it opened without naming a session of its own count as that one's.
    pub async fn federated_sessions(
        &self,
        issuer: &str,
        subject: Option<&str>,
        session: Option<&str>,
    ) -> Result<Vec<FederatedSession>, ReadError> {
        let issuer = issuer.to_owned();
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let mut found = match (session, subject) {
            (Some(session), Some(subject)) => {
                let (session, subject) = (session.to_owned(), subject.to_owned());
                federated_identity::of_both(link, issuer, session, subject).await?
            }
            (Some(session), None) => {
                federated_identity::of_session(link, issuer, session.to_owned()).await?
            }
            (None, Some(subject)) => {
                federated_identity::of_subject(link, issuer, subject.to_owned()).await?
            }
            (None, None) => Vec::new(),
        };
        found.retain(|session| !overlay.has_ended(session.id));
        Ok(found)
    }
}
