//! Evidence: how claims come to stand, decisions, agreements, signed reviews of all settings, and what was taken out.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::personal::{DisplayName, Title, Words};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure, Upkeep, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::evidence::{EXPORTS_KEPT_FOR, MOST_AGREEMENTS, MOST_EXPORTS, MOST_VERSIONS};

/// These claims stand so from `at` on.
pub struct ChangeClaims {
    pub organisation: OrganisationId,
    pub at: Timestamp,
    pub changes: Vec<ClaimChange>,
}

/// How a claim stands, and what is told of it while it is proven.
pub struct ClaimChange {
    pub claim: &'static str,
    pub state: ClaimState,
    /// Since when it stands so: before this change where that is of the sentence alone.
    pub since: Timestamp,
    pub sentence: Option<&'static str>,
}

/// Somebody looked after the evidence at `at`, which is good until then. Without a break since the last time where that was
/// good until `at`.
pub struct KeepWatch {
    pub organisation: OrganisationId,
    pub at: Timestamp,
    pub good_until: Timestamp,
}

/// Replaces what was decided about the subject before, which is kept. Refused: [`Refused::NotAllowed`].
pub struct Decide {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub subject: String,
    pub choice: DecisionChoice,
    pub reason: Words,
    pub risk: Words,
    pub size: Words,
    pub complexity: Words,
    pub infrastructure: Words,
    pub cost: Words,
    /// Who sees to it from then on.
    pub owner: Option<DisplayName>,
    /// When somebody decides anew.
    pub due: Timestamp,
    pub by: AccountId,
    pub at: Timestamp,
}

/// What is in the register about one contract.
#[derive(Clone)]
pub struct AgreementWords {
    pub party: Title,
    pub state: AgreementState,
    pub signed_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub document: Option<String>,
}

/// Refused: [`Refused::NotAllowed`], [`Refused::TooManyAgreements`].
pub struct AddAgreement {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub words: AgreementWords,
    pub by: AccountId,
    pub at: Timestamp,
}

/// What the register said before is kept. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`],
/// [`Refused::TooManyAgreements`].
pub struct ChangeAgreement {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub words: AgreementWords,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotAllowed`].
pub struct SignReview {
    pub organisation: OrganisationId,
    /// A hash of the settings as they are.
    pub settings: String,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Keeps what was taken out as it was issued, and forgets the oldest beyond [`MOST_EXPORTS`], none that is younger than
/// [`EXPORTS_KEPT_FOR`]. Refused: [`Refused::NotAllowed`], [`Refused::TooManyExports`].
pub struct KeepExport {
    pub id: Uuid,
    pub organisation: OrganisationId,
    /// The moment that it is about.
    pub about: Timestamp,
    pub sha256: String,
    pub note: String,
    pub by: AccountId,
    pub at: Timestamp,
}

impl Action for ChangeClaims {}

impl Apply for ChangeClaims {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        for ClaimChange {
            claim,
            state,
            since,
            sentence,
        } in self.changes
        {
            let (claim, sentence) = (claim.to_owned(), sentence.map(str::to_owned));
            let organisation = self.organisation;
            change(link, organisation, claim, self.at, state, since, sentence).await?;
        }
        Ok(())
    }
}

impl Upkeep for KeepWatch {}

impl Apply for KeepWatch {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self {
            organisation,
            at,
            good_until,
        } = self;
        if go_on(link, organisation, at, good_until).await? == 0 {
            begin(link, organisation, at, good_until).await?;
        }
        Ok(())
    }
}

impl Action for KeepExport {}

impl Apply for KeepExport {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.by).await?;
        if !account_may(role, AccountAction::ExportEvidence).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        let old = self.at.minus(EXPORTS_KEPT_FOR);
        forget_exports(link, self.organisation, old, MOST_EXPORTS - 1).await?;
        let kept = count_exports(link, self.organisation).await?;
        if kept.is_none_or(|(kept,)| kept >= MOST_EXPORTS) {
            return Err(Refused::TooManyExports.into());
        }
        keep_export(
            link,
            self.id,
            self.organisation,
            self.about,
            self.by,
            self.at,
            self.sha256,
            self.note,
        )
        .await?;
        Ok(())
    }
}

impl Action for Decide {}

impl Apply for Decide {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        replace(link, self.organisation, self.subject.clone(), self.at).await?;
        decide(
            link,
            self.id,
            self.organisation,
            self.subject,
            self.choice,
            self.reason,
            self.risk,
            self.size,
            self.complexity,
            self.infrastructure,
            self.cost,
            self.owner,
            self.due,
            self.by,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for AddAgreement {}

impl Apply for AddAgreement {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        let count = count(link, self.organisation).await?;
        if count.is_none_or(|(count,)| count >= MOST_AGREEMENTS) {
            return Err(Refused::TooManyAgreements.into());
        }
        let AgreementWords {
            party,
            state,
            signed_at,
            ends_at,
            document,
        } = self.words.clone();
        add(
            link,
            self.id,
            self.organisation,
            party,
            state,
            signed_at,
            ends_at,
            document,
            self.at,
        )
        .await?;
        keep_words(
            link,
            self.id,
            self.organisation,
            self.words,
            self.by,
            self.at,
        )
        .await
    }
}

impl Action for ChangeAgreement {}

impl Apply for ChangeAgreement {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        let AgreementWords {
            party,
            state,
            signed_at,
            ends_at,
            document,
        } = self.words.clone();
        let changed = write(
            link,
            self.id,
            self.organisation,
            party,
            state,
            signed_at,
            ends_at,
            document,
            self.at,
        );
        if changed.await? == 0 {
            return Err(Refused::NotFound.into());
        }
        keep_words(
            link,
            self.id,
            self.organisation,
            self.words,
            self.by,
            self.at,
        )
        .await
    }
}

/// What the register says from here on, beside all that it said before.
async fn keep_words(
    link: &mut Link<'_>,
    agreement: Uuid,
    organisation: OrganisationId,
    words: AgreementWords,
    by: AccountId,
    at: Timestamp,
) -> Result<(), Failure> {
    let kept = count_versions(link, organisation).await?;
    if kept.is_none_or(|(kept,)| kept >= MOST_VERSIONS) {
        return Err(Refused::TooManyAgreements.into());
    }
    let last = last_version(link, agreement).await?;
    let number = last.map_or(0, |(last,)| last).saturating_add(1);
    keep_version(
        link,
        agreement,
        number,
        organisation,
        words.party,
        words.state,
        words.signed_at,
        words.ends_at,
        words.document,
        by,
        at,
    )
    .await?;
    Ok(())
}

impl Action for SignReview {}

impl Apply for SignReview {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_decide(link, self.by).await?;
        sign(link, self.organisation, self.at, self.by, self.settings).await?;
        Ok(())
    }
}

pub(super) async fn may_decide(link: &mut Link<'_>, by: AccountId) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, AccountAction::DecideEvidence).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

statements! {
    execute change(
        organisation: OrganisationId, claim: String, at: Timestamp, state: ClaimState,
        state_since: Timestamp, sentence: Option<String>,
    )
        = "INSERT INTO evidence_change (organisation, claim, at, state, state_since, sentence)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (organisation, claim, at)
             DO UPDATE SET state = excluded.state, state_since = excluded.state_since,
               sentence = excluded.sentence";

    execute go_on(organisation: OrganisationId, at: Timestamp, good_until: Timestamp)
        = "UPDATE evidence_watch SET good_until = CASE WHEN good_until < $3 THEN $3 ELSE good_until END
           WHERE organisation = $1 AND began_at <= $2 AND good_until >= $2";

    execute begin(organisation: OrganisationId, at: Timestamp, good_until: Timestamp)
        = "INSERT INTO evidence_watch (organisation, began_at, good_until) VALUES ($1, $2, $3)
           ON CONFLICT (organisation, began_at) DO NOTHING";

    execute keep_export(
        id: Uuid, organisation: OrganisationId, about: Timestamp, by: AccountId, at: Timestamp,
        sha256: String, note: String,
    )
        = "INSERT INTO evidence_export (id, organisation, at, made_by, made_at, sha256, note)
           VALUES ($1, $2, $3, $4, $5, $6, $7)";

    optional count_exports(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM evidence_export WHERE organisation = $1";

    execute forget_exports(organisation: OrganisationId, before: Timestamp, most: u32)
        = "DELETE FROM evidence_export WHERE organisation = $1 AND made_at < $2 AND id NOT IN (
             SELECT id FROM evidence_export WHERE organisation = $1 ORDER BY id DESC LIMIT $3)";

    execute replace(organisation: OrganisationId, subject: String, at: Timestamp)
        = "UPDATE evidence_decision SET replaced_at = $3
           WHERE organisation = $1 AND subject = $2 AND replaced_at IS NULL";

    execute decide(
        id: Uuid, organisation: OrganisationId, subject: String, choice: DecisionChoice, reason: Words,
        risk: Words, size: Words, complexity: Words, infrastructure: Words, cost: Words,
        owner: Option<DisplayName>, due: Timestamp, by: AccountId, at: Timestamp,
    )
        = "INSERT INTO evidence_decision (id, organisation, subject, choice, reason, risk, size, complexity,
             infrastructure, cost, owner, due, decided_by, decided_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

    optional count(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM agreement WHERE organisation = $1";

    execute add(
        id: Uuid, organisation: OrganisationId, party: Title, state: AgreementState,
        signed_at: Option<Timestamp>, ends_at: Option<Timestamp>, document: Option<String>, at: Timestamp,
    )
        = "INSERT INTO agreement (id, organisation, party, state, signed_at, ends_at, document, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    execute write(
        id: Uuid, organisation: OrganisationId, party: Title, state: AgreementState,
        signed_at: Option<Timestamp>, ends_at: Option<Timestamp>, document: Option<String>, at: Timestamp,
    )
        = "UPDATE agreement SET party = $3, state = $4, signed_at = $5, ends_at = $6, document = $7,
             changed_at = $8
           WHERE id = $1 AND organisation = $2";

    optional count_versions(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM agreement_version WHERE organisation = $1";

    optional last_version(agreement: Uuid) -> (u32,)
        = "SELECT number FROM agreement_version WHERE agreement = $1 ORDER BY number DESC LIMIT 1";

    execute keep_version(
        agreement: Uuid, number: u32, organisation: OrganisationId, party: Title, state: AgreementState,
        signed_at: Option<Timestamp>, ends_at: Option<Timestamp>, document: Option<String>, by: AccountId,
        at: Timestamp,
    )
        = "INSERT INTO agreement_version (agreement, number, organisation, party, state, signed_at, ends_at,
             document, changed_by, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    execute sign(organisation: OrganisationId, at: Timestamp, by: AccountId, settings: String)
        = "INSERT INTO evidence_review (organisation, signed_at, signed_by, settings) VALUES ($1, $2, $3, $4)";
}
