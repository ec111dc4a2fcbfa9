//! Bodies about evidence: which safeguard holds at this moment, what shows it, and what the organisation decided.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::complaint::ComplaintCounts;
use crate::personal::{DisplayName, Title, Words};
use crate::policy::SettingValue;
use crate::risk::StatedRisk;
use crate::{AccountId, Timestamp};

/// How a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// All that it rests on was seen to hold, lately enough.
    Proven,
    /// Nothing speaks against it, and something that it rests on was not seen, or too long ago.
    Stale,
    /// Something that it rests on does not hold, or is not built.
    NotMet,
    /// The organisation does otherwise, by a decision of its own.
    NotApplicable,
}

/// What the rule asks: addressable specifications may be replaced by an equivalent, with reasons (45 CFR 164.306(d)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Required,
    Addressable,
}

/// Who keeps a claim true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnforcedBy {
    /// Cryptography: the server could not break it.
    Crypto,
    /// The server's code, as long as its operator runs this one.
    Server,
    /// The programs of those who take part.
    Client,
    /// People of the organisation.
    Procedure,
}

/// What a claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroundKind {
    /// How this server and the organisation's policies are set.
    Setting,
    /// Tried on this server while it runs.
    Probe,
    /// Tests of the build that runs.
    Tests,
    /// Somebody of the organisation signed for it.
    SignOff,
    /// Not built yet.
    Feature,
    /// An entry of the organisation's log shows it at work. One that is not there yet stands in no claim's way.
    Entry,
}

/// How a ground stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Holds,
    Fails,
    /// Never seen.
    Unseen,
    /// Seen too long ago.
    Old,
}

/// One ground of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ground {
    pub kind: GroundKind,
    /// Its stable name: of a setting, a probe or a requirement; of a feature, what it waits for; of an entry, its event.
    pub name: String,
    pub standing: Standing,
    /// When it was seen last; absent of settings, which hold at this moment.
    pub seen_at: Option<Timestamp>,
    /// What stands in its way, where that is counted.
    pub against: Option<Against>,
    /// Which entry it is.
    pub entry: Option<GroundEntry>,
}

/// The newest entry of its kind that the log's latest checkpoint covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroundEntry {
    /// Its place in the log, counted from 0.
    pub seq: u64,
    pub id: Uuid,
}

/// How many of something stand in a ground's way, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Against {
    pub count: u32,
    pub since: Timestamp,
}

/// One sentence about the product, with what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Claim {
    pub id: String,
    pub state: ClaimState,
    /// What it says: only while it is proven.
    pub sentence: Option<String>,
    /// What it is about, whether it is proven or not.
    pub topic: String,
    pub enforced_by: EnforcedBy,
    /// Since when it stands so; absent until that is on record.
    pub since: Option<Timestamp>,
    pub grounds: Vec<Ground>,
}

/// A row of the matrix: a standard or an implementation specification of the Security Rule.
#[derive(Clone, Serialize, ToSchema)]
pub struct Safeguard {
    /// Its stable name, as `164.312.a.2.iii`.
    pub code: String,
    /// As it is cited: `164.312(a)(2)(iii)`.
    pub citation: String,
    pub standard: String,
    pub name: String,
    pub mark: Mark,
    /// What the rule asks, in short.
    pub asks: String,
    /// That of its weakest claim.
    pub state: ClaimState,
    pub claims: Vec<Claim>,
    /// In force; of addressable rows.
    pub decision: Option<Decision>,
    /// In force; of its claims about what people of the organisation do.
    pub sign_offs: Vec<SignOff>,
}

/// Who signed for a claim.
#[derive(Clone, Serialize, ToSchema)]
pub struct SignOff {
    pub claim: String,
    #[serde(flatten)]
    pub decision: Decision,
}

/// What tests of the running build are known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestsState {
    /// Of this very program, signed by the key that the operator trusts.
    Bound,
    /// None is configured.
    Absent,
    /// The file can't be read, or is not signed by that key.
    Invalid,
    /// Of another program than the one that runs.
    OtherBuild,
    /// Signed too long ago.
    Old,
}

/// The running program.
#[derive(Clone, Serialize, ToSchema)]
pub struct Build {
    pub version: String,
    /// Of the server's program file, in hexadecimal; empty where it can't be read.
    pub sha256: String,
    /// How it was built: `debug`, for developers, or `release`.
    pub built: String,
    pub tests: TestsState,
    pub tests_made_at: Option<Timestamp>,
}

/// Something that this product does not protect from.
#[derive(Clone, Serialize, ToSchema)]
pub struct Limit {
    pub title: String,
    pub text: String,
}

/// Answers `GET /api/v1/evidence`.
#[derive(Clone, Serialize, ToSchema)]
pub struct Evidence {
    pub at: Timestamp,
    /// As it was on record then, not as it is.
    pub is_past: bool,
    /// What runs; absent of the past.
    pub build: Option<Build>,
    /// That nobody certifies software for this.
    pub certification: String,
    pub safeguards: Vec<Safeguard>,
    pub limits: Vec<Limit>,
    /// The healthcare profile is on, and no agreement with a business associate is in force.
    pub agreement_is_missing: bool,
}

/// What an organisation does about an addressable safeguard, or about what its people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionChoice {
    Implemented,
    /// Something else that serves the same end.
    Equivalent,
    NotReasonable,
}

/// `PUT /api/v1/evidence/decisions/{subject}`. What is weighed is that of 45 CFR 164.306(b)(2) and (d)(3).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    pub choice: DecisionChoice,
    /// Why, and what is done instead where something is.
    pub reason: Words,
    pub risk: Words,
    pub size: Words,
    pub complexity: Words,
    pub infrastructure: Words,
    pub cost: Words,
    /// Who sees to it from then on: a name, or an office. It is told in exports. Absent of what was decided before there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<DisplayName>,
    /// When somebody decides anew, a year later at the most, and where it is absent. From then on what it stands for is stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// A decision in force.
#[derive(Clone, Serialize, ToSchema)]
pub struct Decision {
    pub id: Uuid,
    #[serde(flatten)]
    pub decided: Decide,
    pub decided_by: AccountId,
    pub decided_by_name: DisplayName,
    pub decided_at: Timestamp,
}

/// How an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgreementState {
    Draft,
    Signed,
    Ended,
}

/// `POST /api/v1/agreements`, and `PUT` of one: a contract with a business associate (45 CFR 164.308(b), 164.314(a)).
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepAgreement {
    /// The company.
    pub party: Title,
    pub state: AgreementState,
    pub signed_at: Option<Timestamp>,
    /// From then on it is not in force.
    pub ends_at: Option<Timestamp>,
    /// SHA-256 of the document, in hexadecimal.
    pub document: Option<String>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct Agreement {
    pub id: Uuid,
    #[serde(flatten)]
    pub kept: KeepAgreement,
    /// Signed, and not over.
    pub is_in_force: bool,
    pub changed_at: Timestamp,
    /// All that the register ever said of it, newest first.
    pub versions: Vec<AgreementVersion>,
}

/// What the register said of an agreement from a moment on.
#[derive(Clone, Serialize, ToSchema)]
pub struct AgreementVersion {
    #[serde(flatten)]
    pub kept: KeepAgreement,
    pub changed_at: Timestamp,
    /// Absent where it was not kept yet who did.
    pub changed_by: Option<AccountId>,
    pub changed_by_name: Option<DisplayName>,
}

/// Answers `GET /api/v1/agreements`: newest first, 200 at the most.
#[derive(Clone, Serialize, ToSchema)]
pub struct AgreementList {
    pub agreements: Vec<Agreement>,
    /// The healthcare profile is on, and none is in force.
    pub is_missing: bool,
}

/// Where a setting is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetIn {
    /// By the organisation's owners and admins.
    Policy,
    /// By the operator, in the configuration file.
    Configuration,
}

/// One security setting, as it is and as it is recommended.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReviewedSetting {
    /// As policy or the configuration file call it.
    pub name: String,
    pub set_in: SetIn,
    pub current: SettingShown,
    pub recommended: SettingShown,
    /// Nobody below the organisation loosens it.
    pub is_locked: bool,
    /// It is at least as strict as recommended.
    pub is_sound: bool,
}

/// A setting's value, or how many of something.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum SettingShown {
    Policy(SettingValue),
    Number(u64),
    Text(String),
}

/// Who went through all settings, and when.
#[derive(Clone, Serialize, ToSchema)]
pub struct SignedReview {
    pub by: AccountId,
    pub by_name: DisplayName,
    pub at: Timestamp,
    /// The settings are what they were then.
    pub is_current: bool,
}

/// Answers `GET /api/v1/evidence/review`.
#[derive(Clone, Serialize, ToSchema)]
pub struct Review {
    pub settings: Vec<ReviewedSetting>,
    /// Of the settings as they are: a sign-off names it.
    pub digest: String,
    pub last: Option<SignedReview>,
}

/// `POST /api/v1/evidence/review`: somebody has gone through all settings.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignReview {
    pub digest: String,
}

/// `POST /api/v1/evidence/export`.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportEvidence {
    pub format: ExportFormat,
    /// The moment that it is about; this one where it is absent.
    pub at: Option<Timestamp>,
}

/// How the evidence is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Json,
    Pdf,
}

/// Answers `POST /api/v1/evidence/export` as JSON.
#[derive(Clone, Serialize, ToSchema)]
pub struct EvidenceExport {
    /// What is signed, to be read.
    pub statement: EvidenceStatement,
    /// A signed note (C2SP): the statement's bytes, and the signature of the organisation's log.
    pub signed_note: String,
    pub verifier_key: String,
    /// Of each entry that the statement's grounds name, once. For whoever may read the audit log; empty for others.
    pub proofs: Vec<EntryProof>,
}

/// An entry of the audit log with all that proves it.
#[derive(Clone, Serialize, ToSchema)]
pub struct EntryProof {
    pub seq: u64,
    pub id: Uuid,
    /// A file of C2SP's form tlog-proof, with the entry itself, against the statement's checkpoint.
    pub proof: String,
}

/// How far the organisation's log was.
#[derive(Clone, Serialize, ToSchema)]
pub struct StatedLog {
    /// Of its checkpoints: also the name of the log.
    pub verifier_key: String,
    /// Entries that the checkpoint covers.
    pub size: u64,
    /// A signed note: all entries that grounds name stand in its tree.
    pub checkpoint: String,
}

/// Without free text or anything secret, and without names but of who sees to a procedure: of the organisation's own words it
/// has hashes.
#[derive(Clone, Serialize, ToSchema)]
pub struct EvidenceStatement {
    pub at: Timestamp,
    /// As it was on record then, not as it is.
    pub is_past: bool,
    /// The name of the key that signs it.
    pub origin: String,
    /// Absent of the past, and while the log has no checkpoint.
    pub log: Option<StatedLog>,
    pub build: Option<Build>,
    pub certification: String,
    pub safeguards: Vec<StatedSafeguard>,
    pub limits: Vec<Limit>,
    /// What the register said at that moment.
    pub agreements: Vec<StatedAgreement>,
    pub risks: Vec<StatedRisk>,
    /// Complaints and requests about privacy, in numbers alone.
    pub complaints: ComplaintCounts,
    /// When somebody had signed last, at that moment, that they went through all settings.
    pub reviewed_at: Option<Timestamp>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct StatedSafeguard {
    pub code: String,
    pub citation: String,
    pub standard: String,
    pub name: String,
    pub mark: Mark,
    pub state: ClaimState,
    pub claims: Vec<Claim>,
    pub decision: Option<StatedDecision>,
    pub sign_offs: Vec<StatedSignOff>,
}

/// Who signed for a claim, by their account's id.
#[derive(Clone, Serialize, ToSchema)]
pub struct StatedSignOff {
    pub claim: String,
    #[serde(flatten)]
    pub decision: StatedDecision,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct StatedDecision {
    pub id: Uuid,
    pub choice: DecisionChoice,
    pub decided_by: AccountId,
    pub decided_at: Timestamp,
    /// Who sees to it.
    pub owner: Option<DisplayName>,
    /// When somebody decides anew; absent where it is good until it is replaced.
    pub due: Option<Timestamp>,
    /// SHA-256 of the reason and of what was weighed, as the audit entry has it.
    pub words: String,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct StatedAgreement {
    pub id: Uuid,
    /// Up to that moment, oldest first: the last holds.
    pub versions: Vec<StatedVersion>,
}

/// What the register said of an agreement from a moment on, without the company's name.
#[derive(Clone, Serialize, ToSchema)]
pub struct StatedVersion {
    pub state: AgreementState,
    pub signed_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub document: Option<String>,
    pub changed_at: Timestamp,
    /// SHA-256 of all that it said, as the audit entry has it.
    pub words: String,
}

/// Answers `GET /api/v1/evidence/exports`: what was taken out lately, newest first, 400 at the most.
#[derive(Clone, Serialize, ToSchema)]
pub struct EvidenceExportList {
    pub exports: Vec<KeptExport>,
}

/// An export that was made, as it was issued.
#[derive(Clone, Serialize, ToSchema)]
pub struct KeptExport {
    pub id: Uuid,
    /// The moment that it is about.
    pub at: Timestamp,
    pub made_at: Timestamp,
    pub made_by_name: DisplayName,
    /// SHA-256 of the signed note, in hexadecimal.
    pub sha256: String,
}

/// The body that was sent is no agreement: a document's hash is 64 hexadecimal digits, and what is signed was signed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAgreement;

impl KeepAgreement {
    /// # Errors
    ///
    /// [`NoAgreement`].
    pub fn check(&self) -> Result<(), NoAgreement> {
        let hash = |text: &str| {
            text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        let document = self.document.as_deref().is_none_or(hash);
        let signed = self.state != AgreementState::Signed || self.signed_at.is_some();
        let order = match (self.signed_at, self.ends_at) {
            (Some(signed), Some(ends)) => signed < ends,
            _ => true,
        };
        (document && signed && order)
            .then_some(())
            .ok_or(NoAgreement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(state: AgreementState, signed: Option<i64>, ends: Option<i64>) -> KeepAgreement {
        KeepAgreement {
            party: Title::parse("Riverside Hosting").ok().unwrap(),
            state,
            signed_at: signed.map(Timestamp::from_micros),
            ends_at: ends.map(Timestamp::from_micros),
            document: Some("ab".repeat(32)),
        }
    }

    #[test]
    fn what_is_no_hash_and_what_ends_before_it_begins_is_no_agreement() {
        let sound = agreement(AgreementState::Signed, Some(5), Some(6));
        assert_eq!(sound.check(), Ok(()));
        for wrong in [
            agreement(AgreementState::Signed, None, None),
            agreement(AgreementState::Signed, Some(6), Some(6)),
            KeepAgreement {
                document: Some("AB".repeat(32)),
                ..sound.clone()
            },
            KeepAgreement {
                document: Some("ab".to_owned()),
                ..sound
            },
        ] {
            assert_eq!(wrong.check(), Err(NoAgreement));
        }
    }
}
