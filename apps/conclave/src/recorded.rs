//! Audit entries as this server makes them: stamped, with actors in the log's words.

use conclave_audit::{Actor, Assurance, Code, Entry, EntryTime, Event, Hex, Stamp};
use conclave_policy::second_factor;
use conclave_protocol::account::AccountRole;
use conclave_protocol::meeting::{EndCause, ParticipantRole};
use conclave_protocol::program::ProgramScope;
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

/// Somebody as their session knows them.
pub(crate) fn holder(
    account: &Account,
    session: TokenHash,
    proved: second_factor::Assurance,
) -> Actor {
    proved_by(account.id, account.role, Some(session), proved)
}

/// Somebody by what they have proved, before they have a session or as they get it.
pub(crate) fn proved_by(
    AccountId(id): AccountId,
    role: AccountRole,
    session: Option<TokenHash>,
    proved: second_factor::Assurance,
) -> Actor {
    Actor::Account {
        id,
        role: account_role(role),
        auth: Some(Assurance {
            aal: if proved.is_of_two_factors() { 2 } else { 1 },
            methods: methods(proved),
            session_hash: session.and_then(|TokenHash(hash)| hash.first_chunk().copied().map(Hex)),
        }),
    }
}

fn methods(proved: second_factor::Assurance) -> Vec<Code> {
    use second_factor::Assurance as A;

    let words: &[&'static str] = match proved {
        A::Password => &["password"],
        A::Totp => &["password", "totp"],
        A::RecoveryCode => &["password", "recovery_code"],
        A::Passkey => &["passkey"],
        A::SingleSignOn => &["single_sign_on"],
        A::SingleSignOnTotp => &["single_sign_on", "totp"],
        A::SingleSignOnRecoveryCode => &["single_sign_on", "recovery_code"],
        A::SingleSignOnOfTwo => &["single_sign_on_of_two"],
        A::EmergencyCode => &["emergency_code"],
    };
    words.iter().copied().map(Code::new).collect()
}

pub(crate) fn account_with(
    account: AccountId,
    role: AccountRole,
    session: Option<TokenHash>,
) -> Actor {
    proved_by(account, role, session, second_factor::Assurance::Password)
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
        ParticipantRole::Companion => Code::new("companion"),
    }
}

pub(crate) fn account_role(role: AccountRole) -> Code {
    match role {
        AccountRole::Owner => Code::new("owner"),
        AccountRole::Admin => Code::new("admin"),
        AccountRole::AccountManager => Code::new("account_manager"),
        AccountRole::Representative => Code::new("representative"),
        AccountRole::Auditor => Code::new("auditor"),
        AccountRole::Member => Code::new("member"),
    }
}

/// A scope in the log's words, which have no colon.
pub(crate) fn scope(scope: ProgramScope) -> Code {
    match scope {
        ProgramScope::Scim => Code::new("scim"),
        ProgramScope::MeetingsRead => Code::new("meetings.read"),
        ProgramScope::AuditRead => Code::new("audit.read"),
    }
}

/// Why a meeting was ended, where it was not by its host.
pub(crate) fn end_cause(cause: EndCause) -> Option<Code> {
    match cause {
        EndCause::Host => None,
        EndCause::Administrator => Some(Code::new("administrator")),
        EndCause::Empty => Some(Code::new("empty")),
        EndCause::HostAbsent => Some(Code::new("host_absent")),
        EndCause::TooLong => Some(Code::new("too_long")),
    }
}

/// What followed at `now` of the act that `entry` tells of.
pub(crate) fn following(
    entry: &Entry,
    now: Timestamp,
    event: Event,
) -> Result<Entry, NoRandomness> {
    let mut following = self::entry(now, entry.actor.clone(), event)?;
    following.org = entry.org;
    following.src = entry.src.clone();
    following.req_id = entry.req_id;
    Ok(following)
}

/// In the log of `organisation`, or in the installation's.
pub(crate) fn filed(entry: Entry, organisation: Option<OrganisationId>) -> Entry {
    match organisation {
        Some(OrganisationId(id)) => entry.in_organisation(id),
        None => entry,
    }
}
