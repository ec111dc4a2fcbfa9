//! Evidence as it is shown, and as it is taken out: the same rows, with and without the organisation's own words.

use std::collections::BTreeMap;

use conclave_audit::{Code, Hex, KeyName, Signer};
use conclave_policy::evidence::{
    CERTIFICATION, Claim, LIMITS, SAFEGUARDS, Safeguard, Verdict, claims_of, of_row,
};
use conclave_protocol::evidence::{
    self as wire, Build, ClaimState, DecisionChoice, Evidence, EvidenceExport, EvidenceStatement,
    Mark, StatedAgreement, StatedDecision, StatedSafeguard,
};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::read::evidence::{Agreement, ClaimStands, Decision, Review};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::inquiry::Inquiry;
use crate::app::App;
use crate::pdf::{Column, Document};

/// What an organisation's evidence says at one moment.
pub(crate) struct Statement {
    pub(crate) shown: Evidence,
    decisions: Vec<Decision>,
    /// `None` where they are not known.
    agreements: Option<Vec<Agreement>>,
    reviewed_at: Option<Timestamp>,
}

type Since = BTreeMap<String, (Timestamp, ClaimState)>;

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
            Some(shown(claim, verdict, &since))
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
            agreements: Some(inquiry.agreements),
            reviewed_at: inquiry.last_review.map(|last| last.signed_at),
        }
    }

    /// As the record has it of an earlier moment: what each claim rested on then is not kept. Where nobody judged them at
    /// about that time, what was proven before is not shown to have been so.
    pub(crate) fn of_past(
        stood: Vec<ClaimStands>,
        decisions: Vec<Decision>,
        last_review: Option<Review>,
        was_judged: bool,
        at: Timestamp,
    ) -> Self {
        let since = by_claim(stood);
        let claims = |claim: &'static Claim| {
            let (_, state) = since.get(claim.id)?;
            let state = match *state {
                ClaimState::Proven if !was_judged => ClaimState::Stale,
                state => state,
            };
            let verdict = Verdict {
                state,
                grounds: Vec::new(),
            };
            Some(shown(claim, &verdict, &since))
        };
        let safeguards = rows(claims, &decisions);
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
            decisions,
            agreements: None,
            reviewed_at: last_review.map(|last| last.signed_at),
        }
    }

    /// To be taken out, signed. `None` where the server's address names no key.
    pub(crate) fn export(self, app: &App, organisation: OrganisationId) -> Option<EvidenceExport> {
        let signer = signer(app, organisation)?;
        let statement = self.stated(signer.verifier().name().to_string());
        // One line: a note's text has no other breaks, and JSON escapes those in strings.
        let text = serde_json::to_string(&statement).ok()? + "\n";
        Some(EvidenceExport {
            statement,
            signed_note: signer.sign(&text).ok()?,
            verifier_key: signer.verifier().to_string(),
        })
    }

    fn stated(self, origin: String) -> EvidenceStatement {
        let decided = |code: &str| self.decisions.iter().find(|one| one.subject == code);
        let safeguards = self
            .shown
            .safeguards
            .into_iter()
            .map(|row| StatedSafeguard {
                decision: decided(&row.code).map(stated_decision),
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
            build: self.shown.build,
            certification: self.shown.certification,
            safeguards: safeguards.collect(),
            limits: self.shown.limits,
            agreements: self
                .agreements
                .map(|all| all.iter().map(stated_agreement).collect()),
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
        let decision = decisions
            .iter()
            .find(|decision| decision.subject == row.code);
        wire::Safeguard {
            code: row.code.to_owned(),
            citation: row.citation.to_owned(),
            standard: row.standard.to_owned(),
            name: row.name.to_owned(),
            mark: row.mark,
            asks: row.asks.to_owned(),
            state: of_row(claims.iter().map(|claim| claim.state)),
            claims,
            decision: decision.map(decided),
        }
    };
    SAFEGUARDS.iter().map(row).collect()
}

fn shown(claim: &Claim, verdict: &Verdict, since: &Since) -> wire::Claim {
    let proven = verdict.state == ClaimState::Proven;
    let since = since
        .get(claim.id)
        .filter(|(_, state)| *state == verdict.state);
    wire::Claim {
        id: claim.id.to_owned(),
        state: verdict.state,
        sentence: proven.then(|| claim.sentence.to_owned()),
        topic: claim.topic.to_owned(),
        enforced_by: claim.enforced_by,
        since: since.map(|(at, _)| *at),
        grounds: verdict.grounds.clone(),
    }
}

fn by_claim(stood: Vec<ClaimStands>) -> Since {
    stood
        .into_iter()
        .map(|one| (one.claim, (one.at, one.state)))
        .collect()
}

fn build(inquiry: &Inquiry, now: Timestamp) -> Build {
    let seen = &inquiry.seen;
    Build {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sha256: seen.program.clone(),
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

pub(crate) fn decided(decision: &Decision) -> wire::Decision {
    wire::Decision {
        id: decision.id,
        decided: words(decision),
        decided_by: decision.decided_by,
        decided_by_name: decision.decided_by_name.clone(),
        decided_at: decision.decided_at,
    }
}

fn words(decision: &Decision) -> wire::Decide {
    wire::Decide {
        choice: decision.choice,
        reason: decision.reason.clone(),
        risk: decision.risk.clone(),
        size: decision.size.clone(),
        complexity: decision.complexity.clone(),
        infrastructure: decision.infrastructure.clone(),
        cost: decision.cost.clone(),
    }
}

fn stated_decision(decision: &Decision) -> StatedDecision {
    StatedDecision {
        id: decision.id,
        choice: decision.choice,
        decided_by: decision.decided_by,
        decided_at: decision.decided_at,
        words: digest(&words(decision)),
    }
}

fn stated_agreement(agreement: &Agreement) -> StatedAgreement {
    StatedAgreement {
        id: agreement.id,
        state: agreement.state,
        signed_at: agreement.signed_at,
        ends_at: agreement.ends_at,
        document: agreement.document.clone(),
    }
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

/// The export on paper: what is signed in words, then the signature.
pub(crate) fn in_print(export: &EvidenceExport) -> Vec<u8> {
    let statement = &export.statement;
    let at = day_and_time(statement.at);
    let (title, told) = match statement.is_past {
        true => (
            "Evidence of the past",
            format!("As it was on record at {at}, not as it is."),
        ),
        false => ("Evidence", format!("As of {at}.")),
    };
    let mut paper = Document::new(title, &format!("{title}, {at}"));
    paper.paragraph(&format!("{told}\n{}", statement.origin));
    paper.paragraph(&statement.certification);
    if let Some(build) = &statement.build {
        paper.paragraph(&format!(
            "Version {}, SHA-256 {}",
            build.version, build.sha256
        ));
    }
    for row in &statement.safeguards {
        let mark = match row.mark {
            Mark::Required => "R",
            Mark::Addressable => "A",
        };
        paper.heading(&format!(
            "{} {} ({mark}): {}",
            row.citation,
            row.name,
            word(row.state)
        ));
        if let Some(decision) = &row.decision {
            let on = day_and_time(decision.decided_at);
            let choice = choice(decision.choice);
            paper.paragraph(&format!(
                "Decision: {choice}, {on}, by account {}.",
                decision.decided_by
            ));
        }
        let claims = row.claims.iter().map(|claim| {
            let since = claim.since.map(day_and_time).unwrap_or_default();
            let told = claim.sentence.as_ref().unwrap_or(&claim.topic);
            [
                told.clone(),
                word(claim.state).to_owned(),
                since,
                grounds(claim),
            ]
        });
        paper.table(&COLUMNS, claims);
    }
    paper.heading("Where promises end");
    for limit in &statement.limits {
        paper.paragraph(&format!("{}: {}", limit.title, limit.text));
    }
    paper.heading("Agreements");
    if statement.agreements.is_none() {
        paper.paragraph("Not kept of the past.");
    }
    for agreement in statement.agreements.iter().flatten() {
        let document = agreement.document.as_deref().unwrap_or("no document");
        paper.paragraph(&format!(
            "{}: {}, {document}",
            agreement.id,
            agreed(agreement.state)
        ));
    }
    let signature = export
        .signed_note
        .rsplit_once("\n\n")
        .map_or("", |(_, signature)| signature);
    paper.heading("Signature");
    paper.paragraph(&format!(
        "Over the JSON form of the same statement, SHA-256 {}:\n{signature}\nKey: {}",
        digest(statement),
        export.verifier_key
    ));
    paper.finish()
}

/// What a claim rests on, in the words of the interface.
fn grounds(claim: &wire::Claim) -> String {
    let names = claim.grounds.iter().map(|ground| ground.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

const COLUMNS: [Column<'static>; 4] = [
    Column {
        name: "Statement",
        share: 6,
    },
    Column {
        name: "State",
        share: 2,
    },
    Column {
        name: "Since",
        share: 2,
    },
    Column {
        name: "Shown by",
        share: 4,
    },
];

const fn word(state: ClaimState) -> &'static str {
    match state {
        ClaimState::Proven => "proven",
        ClaimState::Stale => "not shown lately",
        ClaimState::NotMet => "not met",
        ClaimState::NotApplicable => "done otherwise",
    }
}

const fn choice(choice: DecisionChoice) -> &'static str {
    match choice {
        DecisionChoice::Implemented => "implemented",
        DecisionChoice::Equivalent => "equivalent",
        DecisionChoice::NotReasonable => "not reasonable",
    }
}

const fn agreed(state: wire::AgreementState) -> &'static str {
    match state {
        wire::AgreementState::Draft => "draft",
        wire::AgreementState::Signed => "signed",
        wire::AgreementState::Ended => "ended",
    }
}

/// `2026-11-26 17:05 UTC`.
fn day_and_time(at: Timestamp) -> String {
    let text = serde_json::to_string(&at).unwrap_or_default();
    let text = text.trim_matches('"');
    let day = text.get(..10).unwrap_or_default();
    format!("{day} {} UTC", text.get(11..16).unwrap_or_default())
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
    let text = serde_json::to_vec(what).unwrap_or_default();
    Hex::<32>(Sha256::digest(text).into()).to_string()
}

/// A hash in the log's words.
pub(crate) fn coded(hash: &str) -> Code {
    Code::parse(hash).unwrap_or(Code::new("none"))
}
