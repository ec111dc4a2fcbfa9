//! Evidence: how claims stood, and what the organisation decided, agreed and reviewed.

use std::time::Duration;

use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::personal::{DisplayName, Title, Words};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

row! {
    /// How a claim stands since when.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ClaimStands {
        pub claim: String,
        pub at: Timestamp,
        pub state: ClaimState,
        /// As it was told then.
        pub sentence: Option<String>,
    }
}

row! {
    /// What the organisation decided about a subject.
    #[derive(Clone)]
    pub struct Decision {
        pub id: Uuid,
        pub subject: String,
        pub choice: DecisionChoice,
        pub reason: Words,
        pub risk: Words,
        pub size: Words,
        pub complexity: Words,
        pub infrastructure: Words,
        pub cost: Words,
        /// Absent of what was decided before there were any.
        pub owner: Option<DisplayName>,
        /// So too.
        pub due: Option<Timestamp>,
        pub decided_by: AccountId,
        pub decided_by_name: DisplayName,
        pub decided_at: Timestamp,
    }
}

row! {
    /// A contract with a business associate.
    #[derive(Clone)]
    pub struct Agreement {
        pub id: Uuid,
        pub party: Title,
        pub state: AgreementState,
        pub signed_at: Option<Timestamp>,
        pub ends_at: Option<Timestamp>,
        pub document: Option<String>,
        pub changed_at: Timestamp,
    }
}

row! {
    /// What the register said of a contract from a moment on.
    #[derive(Clone)]
    pub struct AgreementVersion {
        pub agreement: Uuid,
        pub party: Title,
        pub state: AgreementState,
        pub signed_at: Option<Timestamp>,
        pub ends_at: Option<Timestamp>,
        pub document: Option<String>,
        pub changed_at: Timestamp,
        pub changed_by: Option<AccountId>,
        pub changed_by_name: Option<DisplayName>,
    }
}

row! {
    /// What was taken out, without what it said.
    pub struct ListedExport {
        pub id: Uuid,
        pub at: Timestamp,
        pub made_at: Timestamp,
        pub made_by_name: DisplayName,
        pub sha256: String,
    }
}

impl Agreement {
    /// Signed, begun, and not over.
    pub fn in_force(&self, now: Timestamp) -> bool {
        let begun = self.signed_at.is_some_and(|signed| signed <= now);
        let over = self.ends_at.is_some_and(|ends| ends <= now);
        self.state == AgreementState::Signed && begun && !over
    }
}

row! {
    /// Who signed that they went through all settings.
    #[derive(Clone)]
    pub struct Review {
        pub signed_at: Timestamp,
        pub signed_by: AccountId,
        pub signed_by_name: DisplayName,
        /// What they were, as a hash.
        pub settings: String,
    }
}

row! {
    /// How many media sessions came to an end since then, and how many by another protection than the one that is promised.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct MediaProfiles {
        pub sessions: u64,
        pub others: u64,
        pub last: Option<Timestamp>,
    }
}

/// The longest register of agreements.
pub const MOST_AGREEMENTS: u32 = 200;
/// Of all agreements of an organisation together.
pub const MOST_VERSIONS: u32 = 1_000;
/// More than one for each day of a year.
pub const MOST_EXPORTS: u32 = 400;
/// At the least. What nobody may make room for by taking out more.
pub const EXPORTS_KEPT_FOR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

statements! {
    all stood(organisation: OrganisationId, at: Timestamp) -> ClaimStands
        = "SELECT c.claim AS claim, c.state_since AS at, c.state AS state, c.sentence AS sentence
           FROM evidence_change c JOIN (
             SELECT claim, MAX(at) AS at FROM evidence_change
             WHERE organisation = $1 AND at <= $2 GROUP BY claim) n ON n.claim = c.claim AND n.at = c.at
           WHERE c.organisation = $1 ORDER BY c.claim";

    optional watched(organisation: OrganisationId, at: Timestamp) -> (bool,)
        = "SELECT TRUE FROM evidence_watch
           WHERE organisation = $1 AND began_at <= $2 AND good_until > $2 LIMIT 1";

    all versions(organisation: OrganisationId, at: Timestamp, most: u32) -> AgreementVersion
        = "SELECT v.agreement AS agreement, v.party AS party, v.state AS state, v.signed_at AS signed_at,
             v.ends_at AS ends_at, v.document AS document, v.changed_at AS changed_at,
             v.changed_by AS changed_by, a.display_name AS changed_by_name
           FROM agreement_version v LEFT JOIN account a ON a.id = v.changed_by
           WHERE v.organisation = $1 AND v.changed_at <= $2 ORDER BY v.agreement, v.number LIMIT $3";

    all exports(organisation: OrganisationId, most: u32) -> ListedExport
        = "SELECT e.id AS id, e.at AS at, e.made_at AS made_at, a.display_name AS made_by_name,
             e.sha256 AS sha256
           FROM evidence_export e JOIN account a ON a.id = e.made_by
           WHERE e.organisation = $1 ORDER BY e.id DESC LIMIT $2";

    optional export(organisation: OrganisationId, id: Uuid) -> (String,)
        = "SELECT note FROM evidence_export WHERE organisation = $1 AND id = $2";

    all decisions(organisation: OrganisationId, at: Timestamp) -> Decision
        = "SELECT d.id AS id, d.subject AS subject, d.choice AS choice, d.reason AS reason, d.risk AS risk,
             d.size AS size, d.complexity AS complexity, d.infrastructure AS infrastructure, d.cost AS cost,
             d.owner AS owner, d.due AS due,
             d.decided_by AS decided_by, a.display_name AS decided_by_name, d.decided_at AS decided_at
           FROM evidence_decision d JOIN account a ON a.id = d.decided_by
           WHERE d.organisation = $1 AND d.decided_at <= $2 AND (d.replaced_at IS NULL OR d.replaced_at > $2)
           ORDER BY d.subject";

    all decisions_in_force(organisation: OrganisationId) -> Decision
        = "SELECT d.id AS id, d.subject AS subject, d.choice AS choice, d.reason AS reason, d.risk AS risk,
             d.size AS size, d.complexity AS complexity, d.infrastructure AS infrastructure, d.cost AS cost,
             d.owner AS owner, d.due AS due,
             d.decided_by AS decided_by, a.display_name AS decided_by_name, d.decided_at AS decided_at
           FROM evidence_decision d JOIN account a ON a.id = d.decided_by
           WHERE d.organisation = $1 AND d.replaced_at IS NULL ORDER BY d.subject";

    all agreements(organisation: OrganisationId, most: u32) -> Agreement
        = "SELECT id, party, state, signed_at, ends_at, document, changed_at FROM agreement
           WHERE organisation = $1 ORDER BY id DESC LIMIT $2";

    optional last_review(organisation: OrganisationId, at: Timestamp) -> Review
        = "SELECT r.signed_at AS signed_at, r.signed_by AS signed_by, a.display_name AS signed_by_name,
             r.settings AS settings
           FROM evidence_review r JOIN account a ON a.id = r.signed_by
           WHERE r.organisation = $1 AND r.signed_at <= $2 ORDER BY r.signed_at DESC LIMIT 1";

    optional media_profiles(since: Timestamp, promised: String) -> MediaProfiles
        = "SELECT COUNT(*) AS sessions, COUNT(CASE WHEN srtp <> $2 THEN 1 END) AS others,
             MAX(recorded_at) AS last
           FROM quality_session WHERE recorded_at >= $1 AND srtp <> ''";
}
