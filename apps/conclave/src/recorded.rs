//! Audit entries as this server makes them: stamped, with actors in the log's words.

use conclave_audit::{Actor, Assurance, Code, Entry, EntryTime, Event, Hex, Stamp};
use conclave_protocol::account::AccountRole;
use conclave_protocol::meeting::ParticipantRole;
use conclave_protocol::{AccountId, OrganisationId, ParticipantId, Timestamp};
use conclave_store::TokenHash;
use conclave_store::read::account::Account;
use conclave_store::read::participant::Participant;

use crate::id;
use crate::secret::{self, NoRandomness};

/// An entry of an act that succeeded at `now`.
pub(crate) fn entry(now: Timestamp, actor: Actor, event: Event) -> Result<Entry, NoRandomness> {
    let stamp = Stamp {
        id: id::fresh(now)?,
        time: EntryTime::from_unix_micros(now.as_micros()),
        salt: secret::random()?,
    };
    Ok(Entry::new(stamp, actor, event))
}

/// Somebody who has signed in with a password.
pub(crate) fn account(account: &Account, session: Option<TokenHash>) -> Actor {
    account_with(account.id, account.role, session)
}

pub(crate) fn account_with(
    AccountId(id): AccountId,
    role: AccountRole,
    session: Option<TokenHash>,
) -> Actor {
    Actor::Account {
        id,
        role: account_role(role),
        auth: Some(Assurance {
            aal: 1,
            methods: vec![Code::new("password")],
            session_hash: session.and_then(|TokenHash(hash)| hash.first_chunk().copied().map(Hex)),
        }),
    }
}

pub(crate) fn participant(participant: &Participant) -> Actor {
    let ParticipantId(id) = participant.id;
    Actor::Participant {
        id,
        role: participant_role(participant.role),
        account: participant.account.map(|AccountId(id)| id),
    }
}

pub(crate) fn participant_role(role: ParticipantRole) -> Code {
    match role {
        ParticipantRole::Host => Code::new("host"),
        ParticipantRole::CoHost => Code::new("co_host"),
        ParticipantRole::Participant => Code::new("participant"),
        ParticipantRole::Guest => Code::new("guest"),
    }
}

fn account_role(role: AccountRole) -> Code {
    match role {
        AccountRole::Owner => Code::new("owner"),
        AccountRole::Admin => Code::new("admin"),
        AccountRole::AccountManager => Code::new("account_manager"),
        AccountRole::Representative => Code::new("representative"),
        AccountRole::Auditor => Code::new("auditor"),
        AccountRole::Member => Code::new("member"),
    }
}

/// In the log of `organisation`, or in the installation's.
pub(crate) fn filed(entry: Entry, organisation: Option<OrganisationId>) -> Entry {
    match organisation {
        Some(OrganisationId(id)) => entry.in_organisation(id),
        None => entry,
    }
}
