//! What an entry of the log is to the rules for anomalies.

use conclave_audit::{Actor, Address, Code, Entry, Event, Outcome, Source};
use conclave_policy::anomaly::{Act, Fact};
use conclave_protocol::account::AccountRole;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// `None` for one that no rule looks at.
pub(super) fn of(entry: &Entry) -> Option<Fact> {
    Some(Fact {
        id: entry.id,
        at: Timestamp::from_micros(entry.time.as_unix_millis().saturating_mul(1_000)),
        network: entry.src.as_ref().map(network),
        by: account(entry),
        act: act(entry)?,
    })
}

/// Whose log it should be in, where it is in the installation's.
pub(super) fn about(entry: &Entry) -> Option<OrganisationId> {
    match entry.event {
        Event::SystemIntegrity { organisation, .. } => organisation.map(OrganisationId),
        _ => None,
    }
}

/// As the log has it; none of an address that is kept under a key.
pub(super) fn network_text(source: &Source) -> Option<String> {
    match &source.address {
        Address::IpTrunc(network) => Some(network.clone()),
        Address::Hmac(_) => None,
    }
}

/// The same for the same network.
fn network(source: &Source) -> Uuid {
    let digest: [u8; 32] = match &source.address {
        Address::IpTrunc(network) => Sha256::digest(network).into(),
        Address::Hmac(address) => Sha256::digest(address.0).into(),
    };
    let (first, _) = digest.split_at(16);
    Uuid::from_slice(first).unwrap_or_default()
}

fn act(entry: &Entry) -> Option<Act> {
    match &entry.event {
        Event::AuthFail { account } => Some(refused(*account, false)),
        Event::AuthLockout { account } => Some(refused(*account, true)),
        Event::MeetingJoinRefused { meeting: None, .. }
        | Event::SupportCodeRefused { session: None } => Some(Act::CodeGuessed),
        Event::SystemClock { offset_ms } => (*offset_ms < 0).then_some(Act::AuditFault),
        Event::SystemIntegrity { .. }
        | Event::SystemTakeBackTime { .. }
        | Event::RecordingDamaged { .. } => Some(Act::AuditFault),
        _ if entry.outcome == Outcome::Done => done(entry),
        _ => None,
    }
}

fn done(entry: &Entry) -> Option<Act> {
    let by = by(entry);
    match &entry.event {
        Event::AuditExport { .. }
        | Event::ReportExport { .. }
        | Event::EvidenceExport { .. }
        | Event::EvidenceReadExport { .. } => Some(Act::Exported { by }),
        Event::PolicyChange { loosened, .. } | Event::AnomalyChangeRules { loosened, .. } => {
            (!loosened.is_empty()).then_some(Act::PolicyLoosened { by })
        }
        Event::PolicyProfileLeave { .. } => Some(Act::PolicyLoosened { by }),
        // The operator's drills are none.
        Event::EmergencyInvoke { .. } => {
            matches!(entry.actor, Actor::Account { .. }).then_some(Act::EmergencyTaken)
        }
        Event::UserChangeRole {
            account: whom,
            role,
        }
        | Event::UserInvite {
            invitation: whom,
            role,
        } => Some(Act::RoleGiven {
            whom: *whom,
            role: role_of(role)?,
        }),
        Event::AuthLogin {
            account,
            unknown_browser: true,
        } => match &entry.actor {
            Actor::Account { role, .. } => Some(Act::UnknownBrowser {
                account: AccountId(*account),
                role: role_of(role)?,
            }),
            _ => None,
        },
        _ => None,
    }
}

fn refused(account: Option<Uuid>, locked_out: bool) -> Act {
    Act::SignInRefused {
        account: account.map(AccountId),
        locked_out,
    }
}

/// Nil for whoever has no identity.
fn by(entry: &Entry) -> Uuid {
    match &entry.actor {
        Actor::Account { id, .. } | Actor::Participant { id, .. } | Actor::Program { id } => *id,
        Actor::System | Actor::Operator | Actor::Anonymous | Actor::ApiKey { .. } => Uuid::nil(),
    }
}

/// Who may not look at it by themselves.
fn account(entry: &Entry) -> Option<AccountId> {
    match &entry.actor {
        Actor::Account { id, .. } => Some(AccountId(*id)),
        Actor::Participant { account, .. } => account.map(AccountId),
        Actor::System
        | Actor::Operator
        | Actor::Anonymous
        | Actor::ApiKey { .. }
        | Actor::Program { .. } => None,
    }
}

/// The log has roles by the names that they have on the wire.
fn role_of(role: &Code) -> Option<AccountRole> {
    serde_json::from_value(role.as_str().into()).ok()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;
    use crate::recorded;

    const ID: Uuid = Uuid::from_u128(1);

    fn entry(actor: Actor, event: Event) -> Entry {
        let now = Timestamp::from_micros(1_795_336_200_000_000);
        recorded::entry(now, actor, event).unwrap()
    }

    fn admin() -> Actor {
        Actor::Account {
            id: ID,
            role: Code::new("admin"),
            auth: None,
        }
    }

    // Shows: REQ-AU-08.
    #[test]
    fn an_entry_is_what_it_says_to_the_rules() {
        let login = |unknown_browser| Event::AuthLogin {
            account: ID,
            unknown_browser,
        };
        let change = |loosened| Event::PolicyChange {
            layer: Code::new("organisation"),
            subject: ID,
            settings: vec![Code::new("guests")],
            loosened,
        };
        let expected = [
            (
                Event::AuthFail { account: Some(ID) },
                Some(refused(Some(ID), false)),
            ),
            (
                Event::AuthLockout { account: None },
                Some(refused(None, true)),
            ),
            (
                login(true),
                Some(Act::UnknownBrowser {
                    account: AccountId(ID),
                    role: AccountRole::Admin,
                }),
            ),
            (login(false), None),
            (
                change(vec![Code::new("guests")]),
                Some(Act::PolicyLoosened { by: ID }),
            ),
            (change(Vec::new()), None),
            (
                Event::SystemClock {
                    offset_ms: -3_600_000,
                },
                Some(Act::AuditFault),
            ),
            (
                Event::SystemClock {
                    offset_ms: 3_600_000,
                },
                None,
            ),
            (
                Event::SystemTakeBackTime {
                    offset_ms: -86_400_000,
                },
                Some(Act::AuditFault),
            ),
            (Event::SessionSearch, None),
        ];
        for (event, expected) in expected {
            let name = event.name();
            let fact = of(&entry(admin(), event));
            assert_eq!(fact.map(|fact| fact.act), expected, "{name}");
        }
    }

    #[test]
    fn what_was_refused_did_not_happen_and_a_drill_of_the_operator_is_no_emergency() {
        let export = || Event::AuditExport {
            first: None,
            last: None,
        };
        let invoke = || Event::EmergencyInvoke {
            invoked: Some(ID),
            reason: Code::new("drill"),
        };
        let refused = entry(admin(), export()).refused(Code::new("role"));

        assert!(of(&refused).is_none());
        assert!(of(&entry(admin(), export())).is_some());
        assert!(of(&entry(Actor::Operator, invoke())).is_none());
        assert!(of(&entry(admin(), invoke())).is_some());
    }

    #[test]
    fn whose_act_it_was_is_known_in_a_meeting_too() {
        let export = || Event::AuditExport {
            first: None,
            last: None,
        };
        let inside = Actor::Participant {
            id: Uuid::from_u128(2),
            role: Code::new("host"),
            account: Some(ID),
        };
        for actor in [admin(), inside] {
            let fact = of(&entry(actor, export())).unwrap();
            assert_eq!(fact.by, Some(AccountId(ID)));
        }
        assert_eq!(of(&entry(Actor::Operator, export())).unwrap().by, None);
    }

    #[test]
    fn addresses_of_one_network_are_alike() {
        let from = |last| Source::truncated(Ipv4Addr::new(192, 0, 2, last).into());
        let elsewhere = Source::truncated(Ipv4Addr::new(198, 51, 100, 1).into());

        assert_eq!(network(&from(1)), network(&from(2)));
        assert_ne!(network(&from(1)), network(&elsewhere));
        assert_eq!(network_text(&from(1)).as_deref(), Some("192.0.2.0/24"));
    }
}
