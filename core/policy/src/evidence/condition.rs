//! How a server and an organisation's policies must be set for a claim to hold: read from what runs, never from files.

use conclave_protocol::Timestamp;
use conclave_protocol::evidence::Against;
use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::{Permitted, WhoProvesMore};

/// A closed vocabulary of questions about [`Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The main listener speaks TLS itself.
    Tls,
    /// Meetings take no media that is not declared to be encrypted end to end.
    EndToEnd,
    /// No key opens rooms without an account.
    NoDeveloperKeys,
    /// Figures are reached from this machine alone, or by TLS.
    AdminListener,
    /// Nobody stays signed in for longer than a quarter of an hour without doing anything.
    IdleQuarter,
    /// Nobody signs in by one factor alone.
    SecondFactorForAll,
    /// No link lets anybody in whom no host has seen.
    LinkAdmitsNobody,
    /// Nothing of what was said is kept, whoever makes the meeting.
    NothingKept,
    /// The healthcare profile is on, and its settings are as it has them.
    Profile,
    /// An agreement with a business associate is signed, and not over.
    Agreement,
    /// Somebody has gone through all settings as they are, within a year.
    Review,
    /// Each addressable safeguard has a decision.
    Decisions,
    /// No emergency access waits for its review for longer than it may.
    EmergenciesReviewed,
    /// The operator's last drill of emergency access passed, not longer ago than a month.
    Drilled,
    /// Each risk of the register has an assessment that is not out of date.
    Risks,
    /// Everybody with an active account has a training on record, and none that is over.
    Training,
}

/// How things are set at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is the answer to one question"
)]
pub struct Facts {
    pub tls: bool,
    pub end_to_end_required: bool,
    pub developer_keys: bool,
    pub admin_listener_is_protected: bool,
    /// The most that anybody in the organisation is permitted, setting by setting.
    pub loosest: Permitted,
    pub profile_holds: bool,
    pub agreement_in_force: bool,
    pub review_is_current: bool,
    pub all_decided: bool,
    pub risks_assessed: bool,
    pub is_drilled: bool,
    pub overdue: Overdue,
    pub untrained: Untrained,
}

/// Uses of emergency access that nobody reviewed in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    pub uses: u32,
    /// When the first of them was to be reviewed.
    pub since: Option<Timestamp>,
}

/// People whose training is over, or who have none on record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untrained {
    pub people: u32,
    /// When the first of them should have been trained.
    pub since: Option<Timestamp>,
}

impl Condition {
    /// Every one, in their order.
    pub const ALL: [Self; 16] = [
        Self::Tls,
        Self::EndToEnd,
        Self::NoDeveloperKeys,
        Self::AdminListener,
        Self::IdleQuarter,
        Self::SecondFactorForAll,
        Self::LinkAdmitsNobody,
        Self::NothingKept,
        Self::Profile,
        Self::Agreement,
        Self::Review,
        Self::Decisions,
        Self::EmergenciesReviewed,
        Self::Drilled,
        Self::Risks,
        Self::Training,
    ];

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::EndToEnd => "end_to_end",
            Self::NoDeveloperKeys => "no_developer_keys",
            Self::AdminListener => "admin_listener",
            Self::IdleQuarter => "idle_quarter",
            Self::SecondFactorForAll => "second_factor_for_all",
            Self::LinkAdmitsNobody => "link_admits_nobody",
            Self::NothingKept => "nothing_kept",
            Self::Profile => "profile",
            Self::Agreement => "agreement",
            Self::Review => "review",
            Self::Decisions => "decisions",
            Self::EmergenciesReviewed => "emergencies_reviewed",
            Self::Drilled => "drilled",
            Self::Risks => "risks",
            Self::Training => "training",
        }
    }

    pub fn holds(self, facts: &Facts) -> bool {
        match self {
            Self::Tls => facts.tls,
            Self::EndToEnd => facts.end_to_end_required,
            Self::NoDeveloperKeys => !facts.developer_keys,
            Self::AdminListener => facts.admin_listener_is_protected,
            Self::IdleQuarter => facts.loosest.idle_minutes <= QUARTER,
            Self::SecondFactorForAll => facts.loosest.second_factor == WhoProvesMore::Everybody,
            Self::LinkAdmitsNobody => !facts.loosest.enter_by_link,
            Self::NothingKept => facts.loosest.data_mode == DataMode::Conduit,
            Self::Profile => facts.profile_holds,
            Self::Agreement => facts.agreement_in_force,
            Self::Review => facts.review_is_current,
            Self::Decisions => facts.all_decided,
            Self::EmergenciesReviewed => facts.overdue.uses == 0,
            Self::Drilled => facts.is_drilled,
            Self::Risks => facts.risks_assessed,
            Self::Training => facts.untrained.people == 0,
        }
    }

    /// What stands in its way, where that is counted.
    pub fn against(self, facts: &Facts) -> Option<Against> {
        match self {
            Self::EmergenciesReviewed => {
                let Overdue { uses: count, since } = facts.overdue;
                since.map(|since| Against { count, since })
            }
            Self::Training => {
                let Untrained {
                    people: count,
                    since,
                } = facts.untrained;
                since.map(|since| Against { count, since })
            }
            Self::Tls
            | Self::EndToEnd
            | Self::NoDeveloperKeys
            | Self::AdminListener
            | Self::IdleQuarter
            | Self::SecondFactorForAll
            | Self::LinkAdmitsNobody
            | Self::NothingKept
            | Self::Profile
            | Self::Agreement
            | Self::Review
            | Self::Decisions
            | Self::Drilled
            | Self::Risks => None,
        }
    }
}

/// Minutes (NIST SP 800-63B-4: inactivity at AAL3).
const QUARTER: u16 = 15;
