//! Yes or no, and why not.

/// What policy says about an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a decision that nobody looks at allows everything"]
pub enum Decision {
    Allow,
    Deny(Reason),
}

/// Why not. Stable words for the audit log ([`Reason::code`]); what a person is told is the server's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The role does not hold the capability.
    Role,
    /// Waits, was denied, or has left.
    NotAdmitted,
    MeetingEnded,
    /// No host has come yet.
    MeetingNotLive,
    /// The invitation link is not this meeting's.
    WrongInvitation,
    /// Used before.
    Spent,
    Expired,
    /// Disconnected for longer than the grace.
    GraceOver,
    /// A host lets nobody new in.
    MeetingLocked,
    /// Nobody changes what they are themselves.
    OwnAccount,
    /// Policy has switched it off for who asks.
    SwitchedOff,
    /// The meeting's host has no guests.
    NoGuests,
    /// The healthcare profile holds what would change.
    HeldByProfile,
    /// Who asked for it does not confirm it.
    NeedsAnother,
    /// Not on the list of a meeting that hides from everybody else.
    NotInvited,
    /// Proved who they are too long ago.
    StepUp,
    /// The role must have a second factor.
    SecondFactor,
    /// The account has a stronger way to show who its holder is.
    WeakProof,
    /// A use of emergency access is open.
    EmergencyOpen,
    /// None is, or its time is over.
    NoEmergency,
    /// Somebody put them out of the meeting.
    PutOut,
    /// It was they who took emergency access.
    OwnEmergency,
    /// A sealed code opened the session, and this is not emergency access.
    EmergencyOnly,
    /// Has neither the link, nor shown that they know the passcode without which policy lets nobody in.
    Passcode,
}

impl Decision {
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }

    /// `Allow` where `holds`, else the reason.
    pub fn when(holds: bool, otherwise: Reason) -> Self {
        match holds {
            true => Self::Allow,
            false => Self::Deny(otherwise),
        }
    }
}

impl Reason {
    /// 1 to 64 characters of `a-z` and `_`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::NotAdmitted => "not_admitted",
            Self::MeetingEnded => "meeting_ended",
            Self::MeetingNotLive => "meeting_not_live",
            Self::WrongInvitation => "wrong_invitation",
            Self::Spent => "spent",
            Self::Expired => "expired",
            Self::GraceOver => "grace_over",
            Self::MeetingLocked => "meeting_locked",
            Self::OwnAccount => "own_account",
            Self::SwitchedOff => "switched_off",
            Self::NoGuests => "no_guests",
            Self::HeldByProfile => "held_by_profile",
            Self::NeedsAnother => "needs_another",
            Self::NotInvited => "not_invited",
            Self::StepUp => "step_up_required",
            Self::SecondFactor => "second_factor_required",
            Self::WeakProof => "weak_proof",
            Self::EmergencyOpen => "emergency_open",
            Self::NoEmergency => "no_emergency",
            Self::PutOut => "put_out",
            Self::OwnEmergency => "own_emergency",
            Self::EmergencyOnly => "emergency_only",
            Self::Passcode => "passcode_needed",
        }
    }
}
