//! A statement on paper: what is signed in words, with the signed form itself in the file.

use conclave_protocol::Timestamp;
use conclave_protocol::complaint::ComplaintCounts;
use conclave_protocol::evidence::{
    self as wire, ClaimState, DecisionChoice, EntryProof, EvidenceExport, EvidenceStatement,
    Ground, GroundKind, Mark, StatedDecision, StatedSafeguard,
};

use super::hash;
use crate::pdf::{Column, Document};

/// The export on paper. The signed note is attached, so that whoever has the file can hold the one against the other, and so is
/// what proves the entries that it names.
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
            "Version {} ({}), SHA-256 {}",
            build.version, build.built, build.sha256
        ));
    }
    for row in &statement.safeguards {
        print_row(&mut paper, row);
    }
    paper.heading("Where promises end");
    for limit in &statement.limits {
        paper.paragraph(&format!("{}: {}", limit.title, limit.text));
    }
    print_registers(&mut paper, statement);
    print_log(&mut paper, export);
    print_signature(&mut paper, export);
    paper.attach(NOTE, &export.signed_note);
    if let Some(log) = &statement.log {
        paper.attach(CHECKPOINT, &log.checkpoint);
    }
    for EntryProof { seq, proof, .. } in &export.proofs {
        paper.attach(&format!("entry-{seq}.tlog-proof"), proof);
    }
    paper.finish()
}

fn print_row(paper: &mut Document, row: &StatedSafeguard) {
    let mark = match row.mark {
        Mark::Required => "R",
        Mark::Addressable => "A",
    };
    let state = word(row.state);
    paper.heading(&format!("{} {} ({mark}): {state}", row.citation, row.name));
    if let Some(decision) = &row.decision {
        paper.paragraph(&format!("Decision: {}", decided(decision)));
    }
    for signed in &row.sign_offs {
        let claim = row.claims.iter().find(|claim| claim.id == signed.claim);
        let topic = claim.map_or(signed.claim.as_str(), |claim| claim.topic.as_str());
        paper.paragraph(&format!("Signed: {topic}: {}", decided(&signed.decision)));
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

fn print_registers(paper: &mut Document, statement: &EvidenceStatement) {
    paper.heading("Agreements");
    for agreement in &statement.agreements {
        paper.paragraph(&agreement.id.to_string());
        for version in &agreement.versions {
            let document = version.document.as_deref().unwrap_or("no document");
            let on = day_and_time(version.changed_at);
            paper.paragraph(&format!("{on}: {}, {document}", agreed(version.state)));
        }
    }
    paper.heading("Risks");
    let risks = statement.risks.iter().map(|risk| {
        let assessment = risk.assessment.as_ref();
        let choice = assessment.map_or("not assessed", |one| one.choice.code());
        let next = assessment.map(|one| day_and_time(one.next_look_at));
        [
            risk.threat.clone(),
            risk.level.code().to_owned(),
            choice.to_owned(),
            next.unwrap_or_default(),
        ]
    });
    paper.table(&RISK_COLUMNS, risks);
    let ComplaintCounts {
        received,
        open,
        closed,
    } = statement.complaints;
    paper.heading("Complaints and requests about privacy");
    paper.paragraph(&format!(
        "{received} received, {open} open, {closed} closed."
    ));
}

/// How far the log was that entries are named of.
fn print_log(paper: &mut Document, export: &EvidenceExport) {
    let Some(log) = &export.statement.log else {
        return;
    };
    paper.heading("The record");
    paper.paragraph(&format!(
        "Entries are those of a log of {}, whose signed checkpoint is attached as {CHECKPOINT}; proofs attached, each under the \
         number of its entry: {}.\nKey: {}",
        log.size,
        export.proofs.len(),
        log.verifier_key
    ));
}

fn print_signature(paper: &mut Document, export: &EvidenceExport) {
    let signature = export.signed_note.rsplit_once("\n\n");
    let signature = signature.map_or("", |(_, signature)| signature);
    paper.heading("Signature");
    paper.paragraph(&format!(
        "Over the JSON form of the same statement. Both are attached to this file as {NOTE}, which has the SHA-256\n{}\n\
         Signature:\n{signature}\nKey: {}",
        hash(&export.signed_note),
        export.verifier_key
    ));
}

/// By the account's id: of names, exports have those of who sees to something.
fn decided(decision: &StatedDecision) -> String {
    let on = day_and_time(decision.decided_at);
    let choice = choice(decision.choice);
    let owner = decision.owner.as_ref();
    let owner = owner.map(|owner| format!(" Seen to by {}.", owner.as_str()));
    let due = decision.due.map(day_and_time);
    let due = due.map(|due| format!(" To be decided anew by {due}."));
    format!(
        "{choice}, {on}, by account {}.{}{}",
        decision.decided_by,
        owner.unwrap_or_default(),
        due.unwrap_or_default()
    )
}

/// What a claim rests on, in the words of the interface.
fn grounds(claim: &wire::Claim) -> String {
    let names = claim.grounds.iter().map(|ground| match ground.against {
        Some(against) => {
            let since = day_and_time(against.since);
            format!("{} ({} since {since})", ground.name, against.count)
        }
        None if ground.kind == GroundKind::Entry => entry(ground),
        None => ground.name.clone(),
    });
    names.collect::<Vec<_>>().join(", ")
}

/// `meeting.lock (entry 58231, 2026-11-26 17:05 UTC)`.
fn entry(
    Ground {
        name,
        entry,
        seen_at,
        ..
    }: &Ground,
) -> String {
    match (entry, seen_at) {
        (Some(entry), Some(at)) => format!("{name} (entry {}, {})", entry.seq, day_and_time(*at)),
        _ => format!("{name} (never yet)"),
    }
}

const NOTE: &str = "evidence.note";
const CHECKPOINT: &str = "checkpoint";

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

const RISK_COLUMNS: [Column<'static>; 4] = [
    Column {
        name: "Threat",
        share: 6,
    },
    Column {
        name: "Level",
        share: 2,
    },
    Column {
        name: "Decision",
        share: 2,
    },
    Column {
        name: "Next look",
        share: 2,
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

#[cfg(test)]
mod tests;
