//! The identities that cross the wire: opaque, sortable by time (UUIDv7), never reused.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A tenant.
    OrganisationId
);
id!(
    /// One person's account.
    AccountId
);
id!(
    /// One invitation to become somebody's account.
    InvitationId
);
id!(
    /// One meeting; the code that people type is another thing ([`crate::meeting::MeetingCode`]).
    MeetingId
);
id!(
    /// One person in one meeting, kept through reload and reconnection. The identity on LiveKit's wire.
    ParticipantId
);
id!(
    /// Accounts that policy treats alike; a meeting's MLS group is another thing ([`crate::mls::GroupId`]).
    AccountGroupId
);
id!(
    /// A program that acts by a key of its own.
    ProgramId
);
id!(
    /// One use of emergency access.
    EmergencyUseId
);
id!(
    /// One finding of a rule for anomalies.
    AnomalyId
);
id!(
    /// One filter that somebody keeps.
    SavedViewId
);
id!(
    /// One remote support session; the meeting that it takes place in is [`MeetingId`].
    SupportSessionId
);
id!(
    /// A computer that is helped when nobody is there.
    SupportDeviceId
);
id!(
    /// Somebody who asked for help, and waits for a technician.
    SupportRequestId
);
