//! Rules for anomalies: set, held against what the log gained, and what somebody thinks of what they found.

use std::collections::BTreeSet;

use conclave_policy::anomaly::{self, Mark, marks_kept_for};
use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::{Decision, Reason};
use conclave_protocol::anomaly::{AnomalyOutcome, AnomalyRule, RuleChoices};
use conclave_protocol::{AccountId, AnomalyId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure, Upkeep, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::anomaly::{self as read, MOST_RULE_VERSIONS};

/// Marks that are kept of one rule of an organisation; of more, the oldest are forgotten. Those of a rule that is easily made
/// to count take no other's place.
pub const MOST_MARKS: u32 = 20_000;

/// The rules have looked up to a position of the outbox, and found nothing. Refused: [`Refused::Conflict`] where they have
/// looked at that before.
pub struct KeepLook {
    /// Where this look began.
    pub after: i64,
    pub up_to: i64,
    pub marks: Vec<(OrganisationId, Mark)>,
    pub at: Timestamp,
}

/// So, and they found something. Refused as [`KeepLook`].
pub struct FindAnomalies {
    pub look: KeepLook,
    pub findings: Vec<NewFinding>,
}

pub struct NewFinding {
    pub id: AnomalyId,
    pub organisation: OrganisationId,
    pub rule: AnomalyRule,
    /// Nil where it has none.
    pub subject: Uuid,
    pub network: Option<String>,
    pub count: u32,
    pub window_minutes: u32,
    pub found_at: Timestamp,
    /// Whose acts were counted.
    pub by: BTreeSet<AccountId>,
}

/// Refused: [`Refused::NotFound`], [`Refused::Conflict`] where somebody did, [`Refused::NotAllowed`] for who may not.
pub struct ReviewAnomaly {
    pub id: AnomalyId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub outcome: AnomalyOutcome,
    /// Sealed.
    pub note: Vec<u8>,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotAllowed`], [`Refused::Conflict`] where it is not as it was seen.
pub struct SetAnomalyRules {
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub seen: u64,
    pub choices: RuleChoices,
    pub at: Timestamp,
}

impl Upkeep for KeepLook {}

impl Apply for KeepLook {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if advance(link, self.after, self.up_to).await? == 0 {
            return Err(Refused::Conflict.into());
        }
        let mut counted = BTreeSet::new();
        for (organisation, mark) in self.marks {
            keep(
                link,
                organisation,
                mark.rule,
                mark.subject,
                mark.fact,
                mark.counted,
                mark.by,
                mark.at,
            )
            .await?;
            counted.insert((organisation, mark.rule));
        }
        for (organisation, rule) in counted {
            forget_beyond(link, organisation, rule, MOST_MARKS).await?;
        }
        for rule in AnomalyRule::ALL {
            forget_before(link, rule, self.at.minus(marks_kept_for(rule))).await?;
        }
        Ok(())
    }
}

impl Action for FindAnomalies {}

impl Apply for FindAnomalies {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        self.look.apply(link).await?;
        for finding in self.findings {
            insert(
                link,
                finding.id,
                finding.organisation,
                finding.rule,
                finding.subject,
                finding.network,
                finding.count,
                finding.window_minutes,
                finding.found_at,
            )
            .await?;
            for account in finding.by {
                keep_maker(link, finding.id, account).await?;
            }
        }
        Ok(())
    }
}

impl Action for ReviewAnomaly {}

impl Apply for ReviewAnomaly {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = read::one(link, self.id, self.organisation).await?;
        let found = found.ok_or(Refused::NotFound)?;
        let makers = read::makers(link, self.id).await?.into_iter();
        let found = found.standing(makers.map(|(account,)| account).collect());
        let role = account::active_role(link, self.by).await?;
        match anomaly::review(&found, self.by, role) {
            Decision::Allow => {}
            Decision::Deny(Reason::Spent) => return Err(Refused::Conflict.into()),
            Decision::Deny(_) => return Err(Refused::NotAllowed.into()),
        }
        review(link, self.id, self.by, self.outcome, self.note, self.at).await?;
        Ok(())
    }
}

impl Action for SetAnomalyRules {}

impl Apply for SetAnomalyRules {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.by).await?;
        if !account_may(role, AccountAction::ChangePolicy).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        let chosen = read::chosen(link, self.organisation).await?;
        let revision = chosen.unwrap_or_default().revision;
        if revision != self.seen {
            return Err(Refused::Conflict.into());
        }
        let next = revision + 1;
        if set(link, self.organisation, next, self.at, self.choices).await? == 0 {
            return Err(Refused::Conflict.into());
        }
        let oldest = next.saturating_sub(MOST_RULE_VERSIONS.into());
        forget_versions(link, self.organisation, oldest).await?;
        Ok(())
    }
}

statements! {
    execute advance(after: i64, up_to: i64)
        = "UPDATE anomaly_watch SET position = $2 WHERE id = 1 AND position = $1";

    execute keep(
        organisation: OrganisationId, rule: AnomalyRule, subject: Uuid, fact: Uuid, counted: Uuid,
        made_by: Option<AccountId>, at: Timestamp,
    )
        = "INSERT INTO anomaly_mark (organisation, rule, subject, fact, counted, made_by, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (organisation, rule, subject, fact) DO NOTHING";

    execute forget_before(rule: AnomalyRule, at: Timestamp)
        = "DELETE FROM anomaly_mark WHERE rule = $1 AND at < $2";

    execute forget_beyond(organisation: OrganisationId, rule: AnomalyRule, most: u32)
        = "DELETE FROM anomaly_mark
           WHERE organisation = $1 AND rule = $2
             AND at <= (SELECT at FROM anomaly_mark WHERE organisation = $1 AND rule = $2
                        ORDER BY at DESC LIMIT 1 OFFSET $3)";

    execute keep_maker(anomaly: AnomalyId, account: AccountId)
        = "INSERT INTO anomaly_maker (anomaly, account) VALUES ($1, $2)";

    execute insert(
        id: AnomalyId, organisation: OrganisationId, rule: AnomalyRule, subject: Uuid,
        network: Option<String>, count: u32, window_minutes: u32, found_at: Timestamp,
    )
        = "INSERT INTO anomaly
             (id, organisation, rule, subject, network, count, window_minutes, found_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    execute review(
        id: AnomalyId, by: AccountId, outcome: AnomalyOutcome, note: Vec<u8>, at: Timestamp,
    )
        = "UPDATE anomaly SET reviewed_by = $2, outcome = $3, note = $4, reviewed_at = $5
           WHERE id = $1 AND reviewed_at IS NULL";

    execute set(
        organisation: OrganisationId, revision: u64, since: Timestamp, choices: RuleChoices,
    )
        = "INSERT INTO anomaly_rules (organisation, revision, since, choices) VALUES ($1, $2, $3, $4)
           ON CONFLICT (organisation, revision) DO NOTHING";

    execute forget_versions(organisation: OrganisationId, up_to: u64)
        = "DELETE FROM anomaly_rules WHERE organisation = $1 AND revision <= $2";
}
