//! The catalogue of events: one variant per act, with the ids that the act concerned.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Code;

/// What was done or tried. Its name on the record is stable and never reused for another act.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "detail")]
pub enum Event {
    #[serde(rename = "system.start")]
    SystemStart {
        version: Code,
        /// SHA-256 of the browser application that is served, in hexadecimal; absent where none is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        application: Option<Code>,
    },
    #[serde(rename = "system.stop")]
    SystemStop { version: Code },
    /// A one-time link that makes the owner was printed; earlier unused ones are void.
    #[serde(rename = "system.setup_link")]
    SystemSetupLink,
    /// The one-time link was spent: an organisation has an owner.
    #[serde(rename = "user.create_owner")]
    UserCreateOwner { account: Uuid },
    /// Signed in; a web session starts.
    #[serde(rename = "auth.login")]
    AuthLogin { account: Uuid },
    /// Wrong e-mail address or password.
    #[serde(rename = "auth.fail")]
    AuthFail {
        /// Absent when no account has the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// An attempt was refused unchecked: too many failed before it.
    #[serde(rename = "auth.lockout")]
    AuthLockout {
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// Signed out.
    #[serde(rename = "auth.session.end")]
    AuthSessionEnd { account: Uuid },
    /// Idle, or open, for too long.
    #[serde(rename = "auth.session.timeout")]
    AuthSessionTimeout { account: Uuid },
    /// The account's vault has another version. What is in it is for the account's devices alone.
    #[serde(rename = "account.vault_change")]
    AccountVaultChange {
        account: Uuid,
        version: u64,
        /// Devices that came into its list.
        added: u16,
        removed: u16,
    },
    /// A browser asks to be added to the account's devices.
    #[serde(rename = "account.device_request")]
    AccountDeviceRequest { account: Uuid },
    /// A browser's request was taken back, or answered.
    #[serde(rename = "account.device_request_end")]
    AccountDeviceRequestEnd { account: Uuid },
    #[serde(rename = "meeting.create")]
    MeetingCreate { meeting: Uuid },
    /// The first host arrived.
    #[serde(rename = "meeting.start")]
    MeetingStart { meeting: Uuid },
    /// Came in, or waits until a host arrives.
    #[serde(rename = "meeting.join")]
    MeetingJoin {
        meeting: Uuid,
        participant: Uuid,
        role: Code,
        way: Way,
        entrance: Entrance,
    },
    /// A join that was turned away at the door.
    #[serde(rename = "meeting.join_refused")]
    MeetingJoinRefused {
        /// Absent when no meeting has the code.
        #[serde(skip_serializing_if = "Option::is_none")]
        meeting: Option<Uuid>,
        way: Way,
    },
    /// Waits in the lobby.
    #[serde(rename = "meeting.knock")]
    MeetingKnock { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.admit")]
    MeetingAdmit { meeting: Uuid, participant: Uuid },
    /// Those were let in at once whom a host saw waiting. Each who is in has an entry of their own.
    #[serde(rename = "meeting.admit_all")]
    MeetingAdmitAll { meeting: Uuid },
    #[serde(rename = "meeting.deny")]
    MeetingDeny { meeting: Uuid, participant: Uuid },
    /// Put out by a host. Whoever comes by the link from then on waits.
    #[serde(rename = "meeting.expel")]
    MeetingExpel { meeting: Uuid, participant: Uuid },
    /// From here on nobody new comes in.
    #[serde(rename = "meeting.lock")]
    MeetingLock { meeting: Uuid },
    #[serde(rename = "meeting.unlock")]
    MeetingUnlock { meeting: Uuid },
    /// What they say is passed on no longer, until they unmute themselves.
    #[serde(rename = "meeting.mute")]
    MeetingMute { meeting: Uuid, participant: Uuid },
    /// So for everybody but whoever did it.
    #[serde(rename = "meeting.mute_all")]
    MeetingMuteAll { meeting: Uuid },
    /// Their camera's picture is passed on no longer, until they start it themselves.
    #[serde(rename = "meeting.stop_video")]
    MeetingStopVideo { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.ask_to_unmute")]
    MeetingAskToUnmute { meeting: Uuid, participant: Uuid },
    /// From here on they do what a host does, but end the meeting and make co-hosts.
    #[serde(rename = "meeting.make_co_host")]
    MeetingMakeCoHost { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.take_back_co_host")]
    MeetingTakeBackCoHost { meeting: Uuid, participant: Uuid },
    /// Only hosts show screens from here on.
    #[serde(rename = "meeting.lock_sharing")]
    MeetingLockSharing { meeting: Uuid },
    #[serde(rename = "meeting.unlock_sharing")]
    MeetingUnlockSharing { meeting: Uuid },
    /// Nobody else shows a screen from here on.
    #[serde(rename = "meeting.hand_over")]
    MeetingHandOver { meeting: Uuid, participant: Uuid },
    /// Left for good by their own act.
    #[serde(rename = "meeting.leave")]
    MeetingLeave { meeting: Uuid, participant: Uuid },
    #[serde(rename = "meeting.end")]
    MeetingEnd { meeting: Uuid },
    /// A ticket for the media connection was handed out.
    #[serde(rename = "meeting.ticket")]
    MeetingTicket {
        meeting: Uuid,
        participant: Uuid,
        kind: TicketKind,
    },
    /// A ticket was spent: media is being set up.
    #[serde(rename = "meeting.connect")]
    MeetingConnect { meeting: Uuid, participant: Uuid },
    /// The media session goes on over another connection.
    #[serde(rename = "meeting.resume")]
    MeetingResume { meeting: Uuid, participant: Uuid },
    /// Asked to be heard or seen. What is published is in the records of quality; what is refused is here.
    #[serde(rename = "meeting.publish")]
    MeetingPublish { meeting: Uuid, participant: Uuid },
    /// The media session is over, after any grace.
    #[serde(rename = "meeting.disconnect")]
    MeetingDisconnect { meeting: Uuid, participant: Uuid },
    /// Somebody came into a developer's room, or came back, by a token of an API key.
    #[serde(rename = "developer.join")]
    DeveloperJoin { resumed: bool },
    /// The media router was asked to change a developer's room. Whether the room was there is its own matter.
    #[serde(rename = "developer.call")]
    DeveloperCall { method: Code },
    /// Something was asked for that is not there for whoever asked: a credential that is unknown or of
    /// another meeting, a list that the role may not see.
    #[serde(rename = "access.refused")]
    AccessRefused { to: Code },
    /// Created the meeting's MLS group.
    #[serde(rename = "e2ee.group")]
    E2eeGroup { meeting: Uuid, group: Uuid },
    /// A commit made this epoch of the group: somebody entered, was removed, or renewed their keys.
    #[serde(rename = "e2ee.epoch")]
    E2eeEpoch {
        meeting: Uuid,
        group: Uuid,
        epoch: u64,
    },
    /// The server proposed to the group's members that they remove somebody who is gone.
    #[serde(rename = "e2ee.removal")]
    E2eeRemoval {
        meeting: Uuid,
        group: Uuid,
        participant: Uuid,
    },
    /// Members refused this participant's commit, or nobody could enter by the GroupInfo that they made; or it is not
    /// known which side said the truth of it. They enter no group for a while.
    #[serde(rename = "e2ee.distrust")]
    E2eeDistrust {
        meeting: Uuid,
        group: Uuid,
        participant: Uuid,
    },
    /// Nobody is left in the group, or its members gave it up.
    #[serde(rename = "e2ee.group_end")]
    E2eeGroupEnd { meeting: Uuid, group: Uuid },
}

/// By what right somebody asked to come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Signed in as a host of the meeting.
    Host,
    /// Proved to hold the invitation link.
    Invitation,
    /// Typed the code.
    Code,
}

/// Where a join led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    Admitted,
    HostAbsent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    Join,
    Resume,
}

/// The one thing that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    pub kind: ObjectKind,
    pub id: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Account,
    Meeting,
    Participant,
}

impl Event {
    /// `None` for events that are about the server, or about something that is not there.
    pub fn object(&self) -> Option<Object> {
        let (kind, id) = match self {
            Self::SystemStart { .. }
            | Self::SystemStop { .. }
            | Self::SystemSetupLink
            | Self::AuthFail { account: None }
            | Self::AuthLockout { account: None }
            | Self::MeetingJoinRefused { meeting: None, .. }
            | Self::DeveloperJoin { .. }
            | Self::DeveloperCall { .. }
            | Self::AccessRefused { .. } => return None,
            Self::UserCreateOwner { account }
            | Self::AuthLogin { account }
            | Self::AuthFail {
                account: Some(account),
            }
            | Self::AuthLockout {
                account: Some(account),
            }
            | Self::AuthSessionEnd { account }
            | Self::AuthSessionTimeout { account }
            | Self::AccountVaultChange { account, .. }
            | Self::AccountDeviceRequest { account }
            | Self::AccountDeviceRequestEnd { account } => (ObjectKind::Account, *account),
            Self::MeetingCreate { meeting }
            | Self::MeetingStart { meeting }
            | Self::MeetingAdmitAll { meeting }
            | Self::MeetingLock { meeting }
            | Self::MeetingLockSharing { meeting }
            | Self::MeetingUnlockSharing { meeting }
            | Self::MeetingMuteAll { meeting }
            | Self::MeetingUnlock { meeting }
            | Self::MeetingEnd { meeting }
            | Self::E2eeGroup { meeting, .. }
            | Self::E2eeEpoch { meeting, .. }
            | Self::E2eeGroupEnd { meeting, .. }
            | Self::MeetingJoinRefused {
                meeting: Some(meeting),
                ..
            } => (ObjectKind::Meeting, *meeting),
            Self::MeetingJoin { participant, .. }
            | Self::MeetingKnock { participant, .. }
            | Self::MeetingAdmit { participant, .. }
            | Self::MeetingDeny { participant, .. }
            | Self::MeetingExpel { participant, .. }
            | Self::MeetingMakeCoHost { participant, .. }
            | Self::MeetingTakeBackCoHost { participant, .. }
            | Self::MeetingMute { participant, .. }
            | Self::MeetingHandOver { participant, .. }
            | Self::MeetingStopVideo { participant, .. }
            | Self::MeetingAskToUnmute { participant, .. }
            | Self::MeetingLeave { participant, .. }
            | Self::MeetingTicket { participant, .. }
            | Self::MeetingConnect { participant, .. }
            | Self::MeetingResume { participant, .. }
            | Self::MeetingPublish { participant, .. }
            | Self::MeetingDisconnect { participant, .. }
            | Self::E2eeRemoval { participant, .. }
            | Self::E2eeDistrust { participant, .. } => (ObjectKind::Participant, *participant),
        };
        Some(Object { kind, id })
    }

    /// Its stable name, as `meeting.admit`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SystemStart { .. } => "system.start",
            Self::SystemStop { .. } => "system.stop",
            Self::SystemSetupLink => "system.setup_link",
            Self::UserCreateOwner { .. } => "user.create_owner",
            Self::AuthLogin { .. } => "auth.login",
            Self::AuthFail { .. } => "auth.fail",
            Self::AuthLockout { .. } => "auth.lockout",
            Self::AuthSessionEnd { .. } => "auth.session.end",
            Self::AuthSessionTimeout { .. } => "auth.session.timeout",
            Self::AccountVaultChange { .. } => "account.vault_change",
            Self::AccountDeviceRequest { .. } => "account.device_request",
            Self::AccountDeviceRequestEnd { .. } => "account.device_request_end",
            Self::MeetingCreate { .. } => "meeting.create",
            Self::MeetingStart { .. } => "meeting.start",
            Self::MeetingJoin { .. } => "meeting.join",
            Self::MeetingJoinRefused { .. } => "meeting.join_refused",
            Self::MeetingKnock { .. } => "meeting.knock",
            Self::MeetingAdmit { .. } => "meeting.admit",
            Self::MeetingAdmitAll { .. } => "meeting.admit_all",
            Self::MeetingDeny { .. } => "meeting.deny",
            Self::MeetingExpel { .. } => "meeting.expel",
            Self::MeetingLock { .. } => "meeting.lock",
            Self::MeetingUnlock { .. } => "meeting.unlock",
            Self::MeetingMakeCoHost { .. } => "meeting.make_co_host",
            Self::MeetingTakeBackCoHost { .. } => "meeting.take_back_co_host",
            Self::MeetingLockSharing { .. } => "meeting.lock_sharing",
            Self::MeetingUnlockSharing { .. } => "meeting.unlock_sharing",
            Self::MeetingHandOver { .. } => "meeting.hand_over",
            Self::MeetingMute { .. } => "meeting.mute",
            Self::MeetingMuteAll { .. } => "meeting.mute_all",
            Self::MeetingStopVideo { .. } => "meeting.stop_video",
            Self::MeetingAskToUnmute { .. } => "meeting.ask_to_unmute",
            Self::MeetingLeave { .. } => "meeting.leave",
            Self::MeetingEnd { .. } => "meeting.end",
            Self::MeetingTicket { .. } => "meeting.ticket",
            Self::MeetingConnect { .. } => "meeting.connect",
            Self::MeetingResume { .. } => "meeting.resume",
            Self::MeetingPublish { .. } => "meeting.publish",
            Self::MeetingDisconnect { .. } => "meeting.disconnect",
            Self::DeveloperJoin { .. } => "developer.join",
            Self::DeveloperCall { .. } => "developer.call",
            Self::AccessRefused { .. } => "access.refused",
            Self::E2eeGroup { .. } => "e2ee.group",
            Self::E2eeEpoch { .. } => "e2ee.epoch",
            Self::E2eeRemoval { .. } => "e2ee.removal",
            Self::E2eeDistrust { .. } => "e2ee.distrust",
            Self::E2eeGroupEnd { .. } => "e2ee.group_end",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const A: Uuid = Uuid::from_u128(1);
    const M: Uuid = Uuid::from_u128(2);
    const P: Uuid = Uuid::from_u128(3);
    const G: Uuid = Uuid::from_u128(4);

    /// One of each, with what it is about.
    fn catalogue() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
        let version = Code::new("0.1.0");
        let account = Some((ObjectKind::Account, A));
        let meeting = Some((ObjectKind::Meeting, M));
        let participant = Some((ObjectKind::Participant, P));
        let about = |event: fn(Uuid, Uuid) -> Event| (event(M, P), participant);
        vec![
            (
                Event::SystemStart {
                    version: version.clone(),
                    application: Some(Code::new("9f86d081")),
                },
                None,
            ),
            (Event::SystemStop { version }, None),
            (Event::SystemSetupLink, None),
            (Event::UserCreateOwner { account: A }, account),
            (Event::AuthLogin { account: A }, account),
            (Event::AuthFail { account: Some(A) }, account),
            (Event::AuthLockout { account: Some(A) }, account),
            (Event::AuthSessionEnd { account: A }, account),
            (Event::AuthSessionTimeout { account: A }, account),
            (
                Event::AccountVaultChange {
                    account: A,
                    version: 3,
                    added: 1,
                    removed: 0,
                },
                account,
            ),
            (Event::AccountDeviceRequest { account: A }, account),
            (Event::AccountDeviceRequestEnd { account: A }, account),
            (Event::MeetingCreate { meeting: M }, meeting),
            (Event::MeetingStart { meeting: M }, meeting),
            (Event::MeetingAdmitAll { meeting: M }, meeting),
            (Event::MeetingLock { meeting: M }, meeting),
            (Event::MeetingLockSharing { meeting: M }, meeting),
            (Event::MeetingUnlockSharing { meeting: M }, meeting),
            (Event::MeetingMuteAll { meeting: M }, meeting),
            (Event::MeetingUnlock { meeting: M }, meeting),
            (Event::MeetingEnd { meeting: M }, meeting),
            (
                Event::MeetingJoinRefused {
                    meeting: Some(M),
                    way: Way::Code,
                },
                meeting,
            ),
            about(|meeting, participant| Event::MeetingJoin {
                meeting,
                participant,
                role: Code::new("guest"),
                way: Way::Invitation,
                entrance: Entrance::HostAbsent,
            }),
            about(|meeting, participant| Event::MeetingKnock {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingAdmit {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingDeny {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingExpel {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingMakeCoHost {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingTakeBackCoHost {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingHandOver {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingMute {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingStopVideo {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingAskToUnmute {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingLeave {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingTicket {
                meeting,
                participant,
                kind: TicketKind::Join,
            }),
            about(|meeting, participant| Event::MeetingConnect {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingResume {
                meeting,
                participant,
            }),
            (Event::DeveloperJoin { resumed: true }, None),
            (
                Event::DeveloperCall {
                    method: Code::new("create_room"),
                },
                None,
            ),
            (
                Event::AccessRefused {
                    to: Code::new("channel"),
                },
                None,
            ),
            about(|meeting, participant| Event::MeetingPublish {
                meeting,
                participant,
            }),
            about(|meeting, participant| Event::MeetingDisconnect {
                meeting,
                participant,
            }),
            (
                Event::E2eeGroup {
                    meeting: M,
                    group: G,
                },
                meeting,
            ),
            (
                Event::E2eeEpoch {
                    meeting: M,
                    group: G,
                    epoch: 7,
                },
                meeting,
            ),
            about(|meeting, participant| Event::E2eeRemoval {
                meeting,
                group: G,
                participant,
            }),
            about(|meeting, participant| Event::E2eeDistrust {
                meeting,
                group: G,
                participant,
            }),
            (
                Event::E2eeGroupEnd {
                    meeting: M,
                    group: G,
                },
                meeting,
            ),
        ]
    }

    #[test]
    fn an_event_is_written_under_its_name_and_read_back() {
        for (event, _) in catalogue() {
            let written = serde_json::to_value(&event).unwrap();

            assert_eq!(written["event"], event.name());
            assert!(serde_json::from_value::<Event>(written).is_ok_and(|read| read == event));
        }
    }

    #[test]
    fn no_two_events_share_a_name() {
        let names: BTreeSet<_> = catalogue().iter().map(|(event, _)| event.name()).collect();

        assert_eq!(names.len(), catalogue().len());
    }

    #[test]
    fn an_event_is_about_the_thing_that_it_changed() {
        for (event, expected) in catalogue() {
            let object = event.object().map(|object| (object.kind, object.id));

            assert_eq!(object, expected, "{}", event.name());
        }
    }
}
