//! A place for one store: a directory of its own, and a database of its own on PostgreSQL.

use std::cell::Cell;
use std::io::Write;
use std::sync::Once;
use std::time::Duration;

use conclave_audit::{Actor, Entry, EntryTime, Event, Stamp};
use conclave_policy::second_factor::Assurance;
use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::factor::BrowserKind;
use conclave_protocol::meeting::{
    Admission, DataMode, EntryRule, MeetingCode, MeetingState, ParticipantRole, Uninvited,
};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::personal::{DisplayName, EmailAddress, Title};
use conclave_protocol::{AccountId, MeetingId, OrganisationId, ParticipantId, Timestamp};
use conclave_store::action::{CreateMeeting, CreateOwner, Join, NewSession, PrintSetupLink};
use conclave_store::{Database, OpenError, Options, PasswordHash, Store, TokenHash};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::copies::{DatabaseCopy, copy_sqlite};

pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_795_336_200_000_000);

/// Of opening a store: much more than a fork takes.
const MOST_TRIES: u32 = 10_000;

pub(crate) fn in_seconds(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

pub(crate) struct Home {
    dir: TempDir,
    /// `None` for SQLite.
    postgres: Option<DatabaseCopy>,
    next: Cell<u64>,
}

/// Who made the installation.
pub(crate) struct Owner {
    pub(crate) organisation: OrganisationId,
    pub(crate) account: AccountId,
    pub(crate) session: TokenHash,
}

/// A connection of somebody else's, which keeps the store from writing for as long as it lives.
pub(crate) enum Blockade {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Home {
    /// Without a database.
    pub(crate) fn bare() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            postgres: None,
            next: Cell::new(1),
        }
    }

    pub(crate) async fn sqlite() -> Self {
        let home = Self::bare();
        copy_sqlite(&home.path().join("conclave.db")).await;
        home
    }

    /// `None`, with one visible line, where no PostgreSQL is named.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(address) = std::env::var("DATABASE_URL") else {
            static SAID: Once = Once::new();
            SAID.call_once(say_that_postgres_is_skipped);
            return None;
        };
        Some(Self {
            dir: tempfile::tempdir().unwrap(),
            postgres: Some(DatabaseCopy::of_original(address).await),
            next: Cell::new(1),
        })
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.dir.path()
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    pub(crate) fn options(&self) -> Options {
        let mut options = Options::sqlite(self.path());
        if let Some(copy) = &self.postgres {
            options.database = Database::Postgres(copy.address());
        }
        options
    }

    /// Programs that other tests start hold this one's lock for a moment, between being forked and becoming programs.
    pub(crate) async fn open(&self) -> Store {
        for _ in 0..MOST_TRIES {
            match Store::open(self.options()).await {
                Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
                opened => return opened.unwrap(),
            }
        }
        Store::open(self.options()).await.unwrap()
    }

    /// Opens a store that soon takes a lock of somebody else's for good.
    pub(crate) async fn open_impatient(&self) -> Store {
        let mut options = self.options();
        options.patience = Duration::from_millis(500);
        Store::open(options).await.unwrap()
    }

    /// Runs statements behind the store's back.
    pub(crate) async fn tamper(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self.stranger().await {
            Blockade::Sqlite(mut connection) => connection.execute(sql).await.map(drop),
            Blockade::Postgres(mut connection) => connection.execute(sql).await.map(drop),
        }
    }

    /// Keeps the store from writing until the blockade is dropped.
    pub(crate) async fn block_writes(&self) -> Blockade {
        let mut stranger = self.stranger().await;
        match &mut stranger {
            Blockade::Sqlite(c) => c.execute("BEGIN IMMEDIATE").await.map(drop).unwrap(),
            Blockade::Postgres(c) => {
                let lock = "BEGIN; LOCK TABLE audit_outbox, meeting, web_session IN EXCLUSIVE MODE";
                c.execute(lock).await.map(drop).unwrap();
            }
        }
        stranger
    }

    /// As [`Self::block_writes`], of a store that writes nothing but to see whether it can.
    pub(crate) async fn block_probes(&self) -> Blockade {
        let mut stranger = self.stranger().await;
        match &mut stranger {
            Blockade::Sqlite(c) => c.execute("BEGIN IMMEDIATE").await.map(drop).unwrap(),
            Blockade::Postgres(c) => {
                let lock = "BEGIN; LOCK TABLE probe IN EXCLUSIVE MODE";
                c.execute(lock).await.map(drop).unwrap();
            }
        }
        stranger
    }

    async fn stranger(&self) -> Blockade {
        match &self.postgres {
            Some(copy) => Blockade::Postgres(PgConnection::connect(&copy.address()).await.unwrap()),
            None => {
                let path = self.path().join("conclave.db");
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                Blockade::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
        }
    }

    pub(crate) fn number(&self) -> u64 {
        self.next.replace(self.next.get() + 1)
    }

    pub(crate) fn id(&self) -> Uuid {
        Uuid::from_u64_pair(0x0190_0000_0000_7000, 0x8000_0000_0000_0000 | self.number())
    }

    pub(crate) fn token(&self) -> TokenHash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.number().to_be_bytes());
        TokenHash(bytes)
    }

    pub(crate) fn entry(&self, event: Event) -> Entry {
        let stamp = Stamp {
            id: self.id(),
            time: EntryTime::from_unix_micros(NOW.as_micros()),
            salt: [0xa5; 16],
        };
        Entry::new(stamp, Actor::System, event)
    }

    /// An entry for acts whose record is not what the test is about.
    pub(crate) fn some_entry(&self) -> Entry {
        self.entry(Event::SystemSetupLink)
    }

    pub(crate) async fn print_setup_link(&self, store: &Store) -> TokenHash {
        let token = self.token();
        let action = PrintSetupLink {
            token,
            at: NOW,
            expires_at: in_seconds(1_800),
        };
        store.write(action, self.some_entry()).await.unwrap();
        token
    }

    pub(crate) fn create_owner(&self, token: TokenHash) -> CreateOwner {
        let account = AccountId(self.id());
        CreateOwner {
            token,
            organisation: OrganisationId(self.id()),
            organisation_name: Title::parse("Riverside Clinic").ok().unwrap(),
            account,
            email: EmailAddress::parse("Amy@Clinic.example").ok().unwrap(),
            display_name: DisplayName::parse("Amy").ok().unwrap(),
            password: PasswordHash("$argon2id$".to_owned()),
            session: self.new_session(account),
            at: NOW,
        }
    }

    pub(crate) fn new_session(&self, account: AccountId) -> NewSession {
        NewSession {
            id: self.token(),
            account,
            created_at: NOW,
            last_active_at: NOW,
            expires_at: in_seconds(43_200),
            assurance: Assurance::Password,
            authenticated_at: NOW,
            browser: BrowserKind::Other,
        }
    }

    pub(crate) async fn owner(&self, store: &Store) -> Owner {
        let token = self.print_setup_link(store).await;
        let action = self.create_owner(token);
        let owner = Owner {
            organisation: action.organisation,
            account: action.account,
            session: action.session.id,
        };
        store.write(action, self.some_entry()).await.unwrap();
        owner
    }

    pub(crate) fn create_meeting(&self, owner: &Owner) -> CreateMeeting {
        let number = u32::try_from(self.number()).unwrap();
        CreateMeeting {
            id: MeetingId(self.id()),
            organisation: owner.organisation,
            host: owner.account,
            code: MeetingCode::from_number(number).unwrap(),
            title: Title::parse("Ward round").ok().unwrap(),
            starts_at: None,
            planned: None,
            invitation_verifier: [7; 32],
            time_outs: OwnTimeOuts::default(),
            data_mode: DataMode::Conduit,
            entry: EntryRule::Link,
            uninvited: Uninvited::Wait,
            invited: Vec::new(),
            at: in_seconds(u64::from(number)),
        }
    }

    pub(crate) async fn meeting(&self, store: &Store, owner: &Owner) -> MeetingId {
        let action = self.create_meeting(owner);
        let id = action.id;
        store.write(action, self.some_entry()).await.unwrap();
        id
    }

    pub(crate) fn join(&self, meeting: MeetingId, admission: Admission) -> Join {
        Join {
            meeting,
            participant: ParticipantId(self.id()),
            credential: self.token(),
            display_name: DisplayName::parse("Bo").ok().unwrap(),
            account: None,
            role: ParticipantRole::Guest,
            admission,
            client: ClientKind::Firefox,
            proven: false,
            opens: false,
            decided_on: MeetingState::Scheduled,
            link_admitted: true,
            was_locked: false,
            was_guarded: false,
            entry: EntryRule::default(),
            uninvited: Uninvited::default(),
            by_list: None,
            places: match admission {
                Admission::Waiting => 2,
                _ => 3,
            },
            absent_since: Timestamp::from_micros(0),
            at: NOW,
        }
    }

    /// The first host's arrival.
    pub(crate) fn join_as_host(&self, meeting: MeetingId, owner: &Owner) -> Join {
        Join {
            account: Some(owner.account),
            role: ParticipantRole::Host,
            opens: true,
            ..self.join(meeting, Admission::Admitted)
        }
    }

    /// A meeting with its host in it.
    pub(crate) async fn live_meeting(
        &self,
        store: &Store,
        owner: &Owner,
    ) -> (MeetingId, ParticipantId) {
        let meeting = self.meeting(store, owner).await;
        let join = self.join_as_host(meeting, owner);
        let host = join.participant;
        store.write(join, self.some_entry()).await.unwrap();
        (meeting, host)
    }
}

impl Blockade {
    /// Ends the blockade with a statement that takes effect at the same moment.
    pub(crate) async fn lift_with(self, sql: &'static str) {
        match self {
            Self::Sqlite(mut connection) => {
                connection.execute(sql).await.unwrap();
                connection.execute("COMMIT").await.unwrap();
            }
            Self::Postgres(mut connection) => {
                connection.execute(sql).await.unwrap();
                connection.execute("COMMIT").await.unwrap();
            }
        }
    }
}

/// Every entry on record, oldest first.
pub(crate) async fn recorded(store: &Store) -> Vec<Entry> {
    let rows = store.recorded_after(0, 10_000).await.unwrap();
    rows.iter()
        .map(|row| Entry::from_canonical(&row.bytes).ok().unwrap())
        .collect()
}

fn say_that_postgres_is_skipped() {
    // Past the test harness, which would keep it to itself.
    let line = "store: DATABASE_URL is not set, the contract is not run on PostgreSQL\n";
    let _written = std::io::stderr().write_all(line.as_bytes());
}
