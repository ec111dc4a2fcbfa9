//! The database of a server, for an act of its operator: beside the server where it runs, and without it.
//!
//! Nothing of the data directory but the database is touched: neither its lock nor its spool. Writes take turns with the
//! server's; what is read may miss acts that wait in its spool.

use conclave_audit::Entry;
use conclave_policy::rules::Layers;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, EmergencyUseId, OrganisationId, Timestamp};

use crate::action::{Action, Failure};
use crate::connection::Connection;
use crate::engine::statements;
use crate::error::{OpenError, ReadError, WriteError};
use crate::log::Logs;
use crate::open::{self, Database, Options};
use crate::read::account::{self, Account, MOST_PEOPLE, Organisation};
use crate::read::emergency::{self, SealedWords};
use crate::read::policy;
use crate::read::server_time;
use crate::record::Record;
use crate::schema;
use crate::store::Nothing;
use crate::writer;

/// A connection of its own. It changes no schema: a server of this version has opened the database before.
pub struct Beside {
    connection: Connection,
}

impl Beside {
    pub async fn open(options: &Options) -> Result<Self, OpenError> {
        let path = open::sqlite_file(options);
        if matches!(options.database, Database::Sqlite) && !path.is_file() {
            return Err(OpenError::NoDatabase { path });
        }
        let mut connection = open::connector(options)?.connect().await?;
        let found = newest(&mut connection.link()).await?;
        let found = found.map_or(0, |(version,)| version);
        match schema::newest() {
            known if known == found => Ok(Self { connection }),
            known => Err(OpenError::OfOtherVersion { found, known }),
        }
    }

    pub async fn first_organisation(&mut self) -> Result<Option<Organisation>, ReadError> {
        Ok(account::first_organisation(&mut self.connection.link()).await?)
    }

    pub async fn account_by_email(
        &mut self,
        organisation: OrganisationId,
        email: &EmailAddress,
    ) -> Result<Option<Account>, ReadError> {
        let link = &mut self.connection.link();
        Ok(account::account_by_email(link, organisation, email.normalised()).await?)
    }

    /// As [`crate::Store::accounts`], without what waits in the spool.
    pub async fn accounts(
        &mut self,
        organisation: OrganisationId,
        after: Option<AccountId>,
    ) -> Result<(Vec<Account>, Option<AccountId>), ReadError> {
        let after = after.unwrap_or(AccountId(uuid::Uuid::nil()));
        let link = &mut self.connection.link();
        let found = account::people(link, organisation, after, MOST_PEOPLE).await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|found| found >= MOST_PEOPLE);
        let next = found.last().map(|last| last.id).filter(|_| is_full);
        Ok((found, next))
    }

    pub async fn layers(
        &mut self,
        organisation: OrganisationId,
        account: AccountId,
    ) -> Result<Layers, ReadError> {
        let link = &mut self.connection.link();
        Ok(policy::layers(link, organisation, Some(account)).await?)
    }

    pub async fn emergency_words(
        &mut self,
        id: EmergencyUseId,
    ) -> Result<Option<SealedWords>, ReadError> {
        Ok(emergency::words(&mut self.connection.link(), id).await?)
    }

    /// As [`crate::Store::remembered_time`].
    pub async fn remembered_time(&mut self) -> Result<Option<Timestamp>, ReadError> {
        Ok(server_time::remembered(&mut self.connection.link()).await?)
    }

    /// Makes an action durable together with its audit entries, or neither.
    pub async fn write<A: Action>(
        &mut self,
        action: A,
        record: impl Into<Record<A::Done>>,
    ) -> Result<A::Done, WriteError> {
        self.in_turn(action, record.into()).await
    }

    /// Makes entries durable without an action: refusals.
    pub async fn record(&mut self, entry: Entry) -> Result<(), WriteError> {
        self.in_turn(Nothing, entry.into()).await
    }

    /// Goes on with what the logs can be asked.
    pub fn into_logs(self) -> Logs {
        Logs::beside(self.connection)
    }

    pub async fn close(self) {
        self.connection.close().await;
    }

    async fn in_turn<A: crate::action::Apply>(
        &mut self,
        act: A,
        record: Record<A::Done>,
    ) -> Result<A::Done, WriteError> {
        self.connection.begin().await.map_err(Failure::from)?;
        let done = writer::attempt(act, Some(record), None, &mut self.connection.link()).await;
        let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.connection.link().command(end).await;
        let (answer, _sequenced_by_the_server) = done?;
        ended.map_err(Failure::from)?;
        Ok(answer.done)
    }
}

statements! {
    optional newest() -> (i64,)
        = "SELECT version FROM _sqlx_migrations ORDER BY version DESC LIMIT 1";
}
