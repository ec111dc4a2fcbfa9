//! Which role holds which capability: the whole table, denied by default.

use conclave_protocol::account::AccountRole;
use conclave_protocol::meeting::ParticipantRole;

use crate::decision::{Decision, Reason};

/// What somebody signed in asks to do in their organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountAction {
    /// See who they are themselves.
    ReadSelf,
    CreateMeeting,
    /// See the meetings that they host.
    ListOwnMeetings,
    /// Keep what their own browsers share, and the list of these.
    UseVault,
}

/// What somebody in a meeting asks to do in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeetingAction {
    /// Open the meeting channel.
    OpenChannel,
    /// Set up media.
    Connect,
    /// Be heard and seen, and show a screen.
    Publish,
    /// Hear and see others.
    Subscribe,
    /// Write, and send what their programs agree on.
    SendData,
    /// See the list of somebody's devices.
    SeeDevices,
    /// See who waits.
    SeeLobby,
    /// See the code, to pass it on.
    SeeCode,
    Admit,
    Deny,
    /// Put somebody out who is in.
    Expel,
    /// Let nobody new in, or lift that.
    Lock,
    /// Silence somebody, stop their pictures, ask them to speak. Nobody is ever made to be heard or seen.
    Moderate,
    /// Say who may show a screen, and hand it to somebody.
    DirectSharing,
    /// Make somebody a co-host, or take that back.
    Appoint,
    /// Put members out of its encryption group, and change who may enter that.
    LeadGroup,
    /// Leave, by their own act.
    Leave,
    /// End it for everybody.
    End,
}

/// Whether an account's role holds the capability.
pub fn account_may(role: AccountRole, action: AccountAction) -> Decision {
    use AccountAction as A;
    use AccountRole as R;

    let holds = match action {
        A::ReadSelf | A::UseVault => true,
        A::CreateMeeting | A::ListOwnMeetings => match role {
            R::Owner | R::Admin | R::AccountManager | R::Representative | R::Member => true,
            R::Auditor => false,
        },
    };
    Decision::when(holds, Reason::Role)
}

/// Whether a participant's role holds the capability, once they are admitted.
pub fn participant_may(role: ParticipantRole, action: MeetingAction) -> Decision {
    use MeetingAction as A;
    use ParticipantRole as R;

    let holds = match action {
        A::OpenChannel
        | A::Connect
        | A::Publish
        | A::Subscribe
        | A::SendData
        | A::SeeDevices
        | A::Leave => true,
        A::SeeLobby
        | A::SeeCode
        | A::Admit
        | A::Deny
        | A::Expel
        | A::Lock
        | A::Moderate
        | A::DirectSharing
        | A::LeadGroup => match role {
            R::Host | R::CoHost => true,
            R::Participant | R::Guest => false,
        },
        A::End | A::Appoint => match role {
            R::Host => true,
            R::CoHost | R::Participant | R::Guest => false,
        },
    };
    Decision::when(holds, Reason::Role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_role_has_exactly_its_capabilities() {
        use AccountAction::{CreateMeeting, ListOwnMeetings, ReadSelf, UseVault};
        const ALL: [AccountAction; 4] = [ReadSelf, UseVault, CreateMeeting, ListOwnMeetings];
        let table: [(AccountRole, &[AccountAction]); 6] = [
            (AccountRole::Owner, &ALL),
            (AccountRole::Admin, &ALL),
            (AccountRole::AccountManager, &ALL),
            (AccountRole::Representative, &ALL),
            (AccountRole::Member, &ALL),
            (AccountRole::Auditor, &[ReadSelf, UseVault]),
        ];

        for (role, may) in table {
            for action in ALL {
                assert_eq!(
                    account_may(role, action).is_allowed(),
                    may.contains(&action),
                    "{role:?} {action:?}"
                );
            }
        }
    }

    #[test]
    fn every_participant_role_has_exactly_its_capabilities() {
        use MeetingAction::{
            Admit, Appoint, Connect, Deny, DirectSharing, End, Expel, LeadGroup, Leave, Lock,
            Moderate, OpenChannel, Publish, SeeCode, SeeDevices, SeeLobby, SendData, Subscribe,
        };
        const GUEST: [MeetingAction; 7] = [
            OpenChannel,
            Connect,
            Publish,
            Subscribe,
            SendData,
            SeeDevices,
            Leave,
        ];
        let co_host = [
            &GUEST[..],
            &[
                SeeLobby,
                SeeCode,
                Admit,
                Deny,
                Expel,
                Lock,
                Moderate,
                DirectSharing,
                LeadGroup,
            ],
        ]
        .concat();
        let all = [&co_host[..], &[End, Appoint]].concat();
        let table = [
            (ParticipantRole::Host, &all[..]),
            (ParticipantRole::CoHost, &co_host),
            (ParticipantRole::Participant, &GUEST),
            (ParticipantRole::Guest, &GUEST),
        ];

        for (role, may) in table {
            for action in all.iter().copied() {
                assert_eq!(
                    participant_may(role, action).is_allowed(),
                    may.contains(&action),
                    "{role:?} {action:?}"
                );
            }
        }
    }
}
