use conclave_protocol::evidence::{Claim, EnforcedBy, GroundEntry, Standing, StatedLog};
use conclave_protocol::personal::DisplayName;

use super::*;

const SENTENCE: &str = "Nobody of this organisation stays signed in for longer than 15 minutes.";

/// What its pages show, line by line, in their order.
fn printed(file: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(file).unwrap();
    let shown = text.lines().filter_map(|line| {
        let (_, literal) = line.split_once(" Tm (")?;
        literal.strip_suffix(") Tj ET")
    });
    shown.map(|literal| literal.replace('\\', "")).collect()
}

fn claim(state: ClaimState) -> Claim {
    let is_proven = state == ClaimState::Proven;
    Claim {
        id: "log_off.quarter".to_owned(),
        state,
        sentence: is_proven.then(|| SENTENCE.to_owned()),
        topic: "After 15 minutes".to_owned(),
        enforced_by: EnforcedBy::Server,
        since: Some(Timestamp::from_micros(1_795_336_200_000_000)),
        grounds: vec![Ground {
            kind: GroundKind::Setting,
            name: "idle_quarter".to_owned(),
            standing: Standing::Holds,
            seen_at: None,
            against: None,
            entry: None,
        }],
    }
}

fn export(state: ClaimState) -> EvidenceExport {
    let row = StatedSafeguard {
        code: "164.312.a.2.iii".to_owned(),
        citation: "164.312(a)(2)(iii)".to_owned(),
        standard: "Access control".to_owned(),
        name: "Automatic logoff".to_owned(),
        mark: Mark::Addressable,
        state,
        claims: vec![claim(state)],
        decision: None,
        sign_offs: Vec::new(),
    };
    EvidenceExport {
        statement: EvidenceStatement {
            at: Timestamp::from_micros(1_795_336_200_000_000),
            is_past: false,
            origin: "meet.example/audit/1/evidence".to_owned(),
            log: None,
            build: None,
            certification: "Nobody certifies software for this.".to_owned(),
            safeguards: vec![row],
            limits: Vec::new(),
            agreements: Vec::new(),
            risks: Vec::new(),
            complaints: ComplaintCounts::default(),
            reviewed_at: None,
        },
        signed_note: "{}\n\n\u{2014} meet.example AbCd\n".to_owned(),
        verifier_key: "meet.example+12345678+AbCd".to_owned(),
        proofs: Vec::new(),
    }
}

/// The table below the row's heading: its head, and its one row.
fn row(file: &[u8]) -> Vec<String> {
    let mut shown = printed(file).into_iter();
    let heading = |line: &String| line.starts_with("164.312(a)(2)(iii) Automatic logoff (A): ");
    assert!(shown.any(|line| heading(&line)));
    shown
        .take_while(|line| line != "Where promises end")
        .collect()
}

// Shows: REQ-AD-01.
#[test]
fn the_table_prints_a_sentence_while_it_is_proven() {
    let shown = row(&in_print(&export(ClaimState::Proven)));

    assert_eq!(shown[..4], ["Statement", "State", "Since", "Shown by"]);
    let row = shown[4..].join(" ");
    assert_eq!(
        row,
        format!("{SENTENCE} proven 2026-11-22 08:30 UTC idle_quarter")
    );
}

// Shows: REQ-AD-01.
#[test]
fn the_table_prints_what_a_claim_is_about_where_it_is_not() {
    for (state, said) in [
        (ClaimState::Stale, "not shown lately"),
        (ClaimState::NotMet, "not met"),
        (ClaimState::NotApplicable, "done otherwise"),
    ] {
        let file = in_print(&export(state));

        let row = row(&file)[4..].join(" ");
        assert_eq!(
            row,
            format!("After 15 minutes {said} 2026-11-22 08:30 UTC idle_quarter")
        );
        assert!(!printed(&file).join(" ").contains("stays signed in"));
    }
}

// Shows: REQ-AD-05.
#[test]
fn a_decision_prints_who_sees_to_it_and_by_when_somebody_decides_anew() {
    let at = Timestamp::from_micros(1_795_336_200_000_000);
    let decided = |owner: Option<&str>, due| StatedDecision {
        id: uuid::Uuid::nil(),
        choice: DecisionChoice::Implemented,
        decided_by: conclave_protocol::AccountId(uuid::Uuid::nil()),
        decided_at: at,
        owner: owner.and_then(|owner| DisplayName::parse(owner).ok()),
        due,
        words: String::new(),
    };
    let print = |decision| {
        let mut export = export(ClaimState::Proven);
        export.statement.safeguards[0].decision = Some(decision);
        printed(&in_print(&export)).join(" ")
    };

    let named = print(decided(Some("Privacy office"), Some(at)));
    let by = "by account 00000000-0000-0000-0000-000000000000.";
    let expected =
        format!("{by} Seen to by Privacy office. To be decided anew by 2026-11-22 08:30 UTC.");
    assert!(named.contains(&expected), "{named}");
    let of_before = print(decided(None, None));
    assert!(of_before.contains(by) && !of_before.contains("Seen to"));
}

#[test]
fn an_entry_is_printed_by_its_number_and_its_proof_is_attached() {
    let at = Timestamp::from_micros(1_795_336_200_000_000);
    let mut ground = Ground {
        kind: GroundKind::Entry,
        name: "auth.session.timeout".to_owned(),
        standing: Standing::Unseen,
        seen_at: None,
        against: None,
        entry: None,
    };
    let print = |ground: &Ground, proofs| {
        let mut export = export(ClaimState::Proven);
        export.statement.safeguards[0].claims[0].grounds = vec![ground.clone()];
        export.statement.log = Some(StatedLog {
            verifier_key: "meet.example/audit/1+12345678+AbCd".to_owned(),
            size: 58_232,
            checkpoint: "A checkpoint.\n".to_owned(),
        });
        export.proofs = proofs;
        in_print(&export)
    };
    let never = printed(&print(&ground, Vec::new())).join(" ");
    assert!(never.contains("auth.session.timeout (never yet)"));

    let id = uuid::Uuid::nil();
    ground.seen_at = Some(at);
    ground.entry = Some(GroundEntry { seq: 58_231, id });
    let proofs = vec![EntryProof {
        seq: 58_231,
        id,
        proof: "A proof.\n".to_owned(),
    }];
    let file = print(&ground, proofs);

    let shown = printed(&file).join(" ");
    let named = "auth.session.timeout (entry 58231, 2026-11-22 08:30 UTC)";
    assert!(shown.contains(named), "{shown}");
    assert!(shown.contains("a log of 58232") && shown.contains("Key: meet.example/audit/1+"));
    let text = String::from_utf8(file).unwrap();
    for (name, content) in [
        ("checkpoint", "A checkpoint.\n"),
        ("entry-58231.tlog-proof", "A proof.\n"),
    ] {
        assert!(text.contains(&format!("/UF ({name})")), "{name}");
        assert!(text.contains(&format!("stream\n{content}\nendstream")));
    }
}
