//! What the rules for anomalies found, what counts for them, and how far they have looked.

use conclave_policy::anomaly::{Finding, Mark};
use conclave_protocol::anomaly::{AnomalyOutcome, AnomalyRule, RuleChoices};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{AccountId, AnomalyId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

/// The longest list.
pub const MOST_FINDINGS_LISTED: u32 = 200;
/// Marks of one rule and subject that are counted together: more than the highest threshold.
pub const MOST_MARKS_COUNTED: u32 = 2_000;
/// Versions of an organisation's rules that are kept. They are needed until what happened under them was looked at.
pub const MOST_RULE_VERSIONS: u32 = 1_000;

row! {
    /// Something that a rule found. Its subject is nil where it has none.
    #[derive(Clone)]
    pub struct FoundAnomaly {
        pub id: AnomalyId,
        pub rule: AnomalyRule,
        pub subject: Uuid,
        /// Of an account of the organisation.
        pub display_name: Option<DisplayName>,
        pub network: Option<String>,
        pub count: u32,
        pub window_minutes: u32,
        pub found_at: Timestamp,
        pub reviewed_at: Option<Timestamp>,
        pub reviewed_by: Option<AccountId>,
        pub reviewer_name: Option<DisplayName>,
        pub outcome: Option<AnomalyOutcome>,
    }
}

row! {
    /// What an organisation says of the rules.
    #[derive(Clone, Default)]
    pub struct ChosenRules {
        pub revision: u64,
        pub choices: RuleChoices,
    }
}

row! {
    pub(crate) struct RuleVersion {
        pub(crate) since: Timestamp,
        pub(crate) choices: RuleChoices,
    }
}

row! {
    pub(crate) struct CountedMark {
        counted: Uuid,
        fact: Uuid,
        made_by: Option<AccountId>,
        at: Timestamp,
    }
}

impl FoundAnomaly {
    /// `by`: whose acts were counted.
    pub fn standing(&self, by: Vec<AccountId>) -> Finding {
        Finding {
            subject: self.subject,
            by,
            is_reviewed: self.reviewed_at.is_some(),
        }
    }
}

impl CountedMark {
    pub(crate) fn of(self, rule: AnomalyRule, subject: Uuid) -> Mark {
        Mark {
            rule,
            subject,
            counted: self.counted,
            fact: self.fact,
            by: self.made_by,
            at: self.at,
        }
    }
}

statements! {
    optional one(id: AnomalyId, organisation: OrganisationId) -> FoundAnomaly
        = "SELECT f.id AS id, f.rule AS rule, f.subject AS subject, a.display_name AS display_name,
                  f.network AS network, f.count AS count, f.window_minutes AS window_minutes,
                  f.found_at AS found_at, f.reviewed_at AS reviewed_at, f.reviewed_by AS reviewed_by,
                  r.display_name AS reviewer_name, f.outcome AS outcome
           FROM anomaly f
             LEFT JOIN account a ON a.id = f.subject AND a.organisation = f.organisation
             LEFT JOIN account r ON r.id = f.reviewed_by
           WHERE f.id = $1 AND f.organisation = $2";

    all listed(organisation: OrganisationId, most: u32) -> FoundAnomaly
        = "SELECT f.id AS id, f.rule AS rule, f.subject AS subject, a.display_name AS display_name,
                  f.network AS network, f.count AS count, f.window_minutes AS window_minutes,
                  f.found_at AS found_at, f.reviewed_at AS reviewed_at, f.reviewed_by AS reviewed_by,
                  r.display_name AS reviewer_name, f.outcome AS outcome
           FROM anomaly f
             LEFT JOIN account a ON a.id = f.subject AND a.organisation = f.organisation
             LEFT JOIN account r ON r.id = f.reviewed_by
           WHERE f.organisation = $1
           ORDER BY CASE WHEN f.reviewed_at IS NULL THEN 0 ELSE 1 END, f.found_at DESC, f.id DESC
           LIMIT $2";

    optional count_open(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM anomaly WHERE organisation = $1 AND reviewed_at IS NULL";

    optional note(id: AnomalyId, organisation: OrganisationId) -> (Option<Vec<u8>>,)
        = "SELECT note FROM anomaly WHERE id = $1 AND organisation = $2";

    all makers(id: AnomalyId) -> (AccountId,)
        = "SELECT account FROM anomaly_maker WHERE anomaly = $1";

    optional last_of(
        organisation: OrganisationId, rule: AnomalyRule, subject: Uuid, now: Timestamp,
    ) -> (Timestamp,)
        = "SELECT found_at FROM anomaly
           WHERE organisation = $1 AND rule = $2 AND subject = $3 AND found_at <= $4
           ORDER BY found_at DESC LIMIT 1";

    all marks_of(
        organisation: OrganisationId, rule: AnomalyRule, subject: Uuid, since: Timestamp, most: u32,
    ) -> CountedMark
        = "SELECT counted, fact, made_by, at FROM anomaly_mark
           WHERE organisation = $1 AND rule = $2 AND subject = $3 AND at > $4
           ORDER BY at DESC, fact DESC LIMIT $5";

    optional chosen(organisation: OrganisationId) -> ChosenRules
        = "SELECT revision, choices FROM anomaly_rules WHERE organisation = $1
           ORDER BY revision DESC LIMIT 1";

    all versions(organisation: OrganisationId, most: u32) -> RuleVersion
        = "SELECT since, choices FROM anomaly_rules WHERE organisation = $1
           ORDER BY revision DESC LIMIT $2";

    optional looked_at() -> (i64,)
        = "SELECT position FROM anomaly_watch WHERE id = 1";
}
