//! Evidence as it is shown, and as it is taken out: the same rows, with and without the organisation's own words.

use std::collections::BTreeMap;

use conclave_audit::{Code, Hex, KeyName, Signer};
use conclave_policy::evidence::{
    CERTIFICATION, Claim, LIMITS, SAFEGUARDS, Safeguard, Verdict, claims_of, of_row,
};
use conclave_protocol::complaint::ComplaintCounts;
use conclave_protocol::evidence::{
    self as wire, Build, ClaimState, EntryProof, Evidence, EvidenceExport, EvidenceStatement,
    StatedLog, StatedSafeguard, StatedSignOff,
};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::log::LogHead;
use conclave_store::read::evidence::{AgreementVersion, ClaimStands, Decision, Review};
use conclave_store::read::risk::Assessment;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::decisions::{decided, stated_decision};
use super::inquiry::Inquiry;
use super::registers;
use super::reports::BUILT;
use crate::app::App;

/// What an organisation's evidence says at one moment.
pub(crate) struct Statement {
    pub(crate) shown: Evidence,
    decisions: Vec<Decision>,
    registers: Registers,
    reviewed_at: Option<Timestamp>,
    /// Whose entries its grounds name.
    pub(crate) log: Option<LogHead>,
}

/// What the organisation's registers say at that moment.
pub(crate) struct Registers {
    pub(crate) versions: Vec<AgreementVersion>,
    pub(crate) assessments: Vec<Assessment>,
    pub(crate) complaints: ComplaintCounts,
}

/// What is on record of a moment before.
pub(crate) struct Past {
    pub(crate) stood: Vec<ClaimStands>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) last_review: Option<Review>,
    pub(crate) registers: Registers,
    /// Somebody looked after the evidence then.
    pub(crate) was_watched: bool,
}

type Since = BTreeMap<String, ClaimStands>;

impl Statement {
    pub(crate) fn of_now(inquiry: Inquiry, stood: Vec<ClaimStands>, now: Timestamp) -> Self {
        let since = by_claim(stood);
        let verdicts = inquiry.verdicts(now);
        let verdicts: BTreeMap<_, _> = verdicts
            .into_iter()
            .map(|(one, verdict)| (one.id, verdict))
            .collect();
        let claims = |claim: &'static Claim| {
            let verdict = verdicts.get(claim.id)?;
            let sentence = Some(claim.sentence.to_owned());
            Some(shown(claim, verdict, sentence, &since))
        };
        let safeguards = rows(claims, &inquiry.decisions);
        let missing = inquiry.profile_is_on && !inquiry.seen.facts.agreement_in_force;
        Self {
            shown: Evidence {
                at: now,
                is_past: false,
                build: Some(build(&inquiry, now)),
                certification: CERTIFICATION.to_owned(),
                safeguards,
                limits: limits(),
                agreement_is_missing: missing,
            },
            decisions: inquiry.decisions,
            registers: Registers {
                versions: inquiry.versions,
                assessments: inquiry.assessments,
                complaints: inquiry.complaints,
            },
            reviewed_at: inquiry.last_review.map(|last| last.signed_at),
            log: inquiry.log,
        }
    }

    /// As the record has it of an earlier moment, with the sentences that were told then: what each claim rested on is not
    /// kept. Where nobody looked at that time, what was proven before is not shown to have been so.
    pub(crate) fn of_past(past: Past, at: Timestamp) -> Self {
        let since = by_claim(past.stood);
        let claims = |claim: &'static Claim| {
            let stood = since.get(claim.id)?;
            let state = match stood.state {
                ClaimState::Proven if !past.was_watched => ClaimState::Stale,
                state => state,
            };
            let verdict = Verdict {
                state,
                grounds: Vec::new(),
            };
            Some(shown(claim, &verdict, stood.sentence.clone(), &since))
        };
        let safeguards = rows(claims, &past.decisions);
        Self {
            shown: Evidence {
                at,
                is_past: true,
                build: None,
                certification: CERTIFICATION.to_owned(),
                safeguards,
                limits: limits(),
                agreement_is_missing: false,
            },
            decisions: past.decisions,
            registers: past.registers,
            reviewed_at: past.last_review.map(|last| last.signed_at),
            log: None,
        }
    }

    /// Each entry that a ground names, by its place.
    pub(crate) fn entries(&self) -> BTreeMap<u64, Uuid> {
        let claims = self.shown.safeguards.iter().flat_map(|row| &row.claims);
        let named = claims.flat_map(|claim| &claim.grounds);
        let named = named.filter_map(|ground| ground.entry);
        named.map(|entry| (entry.seq, entry.id)).collect()
    }

    /// To be taken out, signed. `None` where the server's address names no key.
    pub(crate) fn export(
        self,
        app: &App,
        organisation: OrganisationId,
        proofs: Vec<EntryProof>,
    ) -> Option<EvidenceExport> {
        let signer = signer(app, organisation)?;
        let log = self.log.as_ref().and_then(|head| stated_log(app, head));
        let statement = self.stated(signer.verifier().name().to_string(), log);
        // One line: a note's text has no other breaks, and JSON escapes those in strings.
        let text = serde_json::to_string(&statement).ok()? + "\n";
        Some(EvidenceExport {
            statement,
            signed_note: signer.sign(&text).ok()?,
            verifier_key: signer.verifier().to_string(),
            proofs,
        })
    }

    fn stated(self, origin: String, log: Option<StatedLog>) -> EvidenceStatement {
        let decided = |code: &str| self.decisions.iter().find(|one| one.subject == code);
        let signed = |row: &wire::Safeguard| {
            let signed = row.claims.iter().filter_map(|claim| {
                Some(StatedSignOff {
                    claim: claim.id.clone(),
                    decision: stated_decision(decided(&claim.id)?),
                })
            });
            signed.collect()
        };
        let safeguards = self
            .shown
            .safeguards
            .into_iter()
            .map(|row| StatedSafeguard {
                decision: decided(&row.code).map(stated_decision),
                sign_offs: signed(&row),
                code: row.code,
                citation: row.citation,
                standard: row.standard,
                name: row.name,
                mark: row.mark,
                state: row.state,
                claims: row.claims,
            });
        EvidenceStatement {
            at: self.shown.at,
            is_past: self.shown.is_past,
            origin,
            log,
            build: self.shown.build,
            certification: self.shown.certification,
            safeguards: safeguards.collect(),
            limits: self.shown.limits,
            agreements: registers::stated_agreements(&self.registers.versions),
            risks: registers::stated_risks(&self.registers.assessments),
            complaints: self.registers.complaints,
            reviewed_at: self.reviewed_at,
        }
    }
}

fn rows(
    claims: impl Fn(&'static Claim) -> Option<wire::Claim>,
    decisions: &[Decision],
) -> Vec<wire::Safeguard> {
    let row = |row: &Safeguard| {
        let claims: Vec<wire::Claim> = claims_of(row.code).filter_map(&claims).collect();
        let about = |subject: &str| decisions.iter().find(|one| one.subject == subject);
        let sign_offs = claims.iter().filter_map(|claim| {
            Some(wire::SignOff {
                claim: claim.id.clone(),
                decision: decided(about(&claim.id)?),
            })
        });
        wire::Safeguard {
            code: row.code.to_owned(),
            citation: row.citation.to_owned(),
            standard: row.standard.to_owned(),
            name: row.name.to_owned(),
            mark: row.mark,
            asks: row.asks.to_owned(),
            state: of_row(claims.iter().map(|claim| claim.state)),
            sign_offs: sign_offs.collect(),
            claims,
            decision: about(row.code).map(decided),
        }
    };
    SAFEGUARDS.iter().map(row).collect()
}

/// `sentence`: told while it is proven.
fn shown(claim: &Claim, verdict: &Verdict, sentence: Option<String>, since: &Since) -> wire::Claim {
    let since = since
        .get(claim.id)
        .filter(|stood| stood.state == verdict.state);
    wire::Claim {
        id: claim.id.to_owned(),
        state: verdict.state,
        sentence: sentence.filter(|_| verdict.state == ClaimState::Proven),
        topic: claim.topic.to_owned(),
        enforced_by: claim.enforced_by,
        since: since.map(|stood| stood.at),
        grounds: verdict.grounds.clone(),
    }
}

fn by_claim(stood: Vec<ClaimStands>) -> Since {
    stood
        .into_iter()
        .map(|one| (one.claim.clone(), one))
        .collect()
}

fn build(inquiry: &Inquiry, now: Timestamp) -> Build {
    let seen = &inquiry.seen;
    Build {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sha256: seen.program.clone(),
        built: BUILT.to_owned(),
        tests: seen.tests.state(&seen.program, now),
        tests_made_at: seen.tests.made_at(),
    }
}

fn limits() -> Vec<wire::Limit> {
    let limits = LIMITS.iter().map(|(title, text)| wire::Limit {
        title: (*title).to_owned(),
        text: (*text).to_owned(),
    });
    limits.collect()
}

fn stated_log(app: &App, head: &LogHead) -> Option<StatedLog> {
    Some(StatedLog {
        verifier_key: app.audit_key.verifier(&head.origin)?.to_string(),
        size: head.size,
        checkpoint: head.note.clone(),
    })
}

/// The key of the audit log, under a name beside the log's: what it signs here is never taken for a checkpoint.
fn signer(app: &App, OrganisationId(organisation): OrganisationId) -> Option<Signer> {
    let host = app
        .origin
        .split_once("://")
        .map_or(app.origin.as_str(), |(_, host)| host);
    let name = KeyName::parse(&format!("{host}/audit/{organisation}/evidence"))?;
    Some(app.audit_key.signer(name))
}

pub(crate) fn state(state: ClaimState) -> Code {
    Code::new(match state {
        ClaimState::Proven => "proven",
        ClaimState::Stale => "stale",
        ClaimState::NotMet => "not_met",
        ClaimState::NotApplicable => "not_applicable",
    })
}

/// SHA-256 over the JSON of something, in hexadecimal.
pub(crate) fn digest(what: &impl Serialize) -> String {
    hash(&serde_json::to_string(what).unwrap_or_default())
}

/// SHA-256 over a text, in hexadecimal.
pub(crate) fn hash(text: &str) -> String {
    Hex::<32>(Sha256::digest(text).into()).to_string()
}

/// A hash in the log's words.
pub(crate) fn coded(hash: &str) -> Code {
    Code::parse(hash).unwrap_or(Code::new("none"))
}
