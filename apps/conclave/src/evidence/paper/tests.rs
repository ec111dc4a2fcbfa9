use conclave_protocol::evidence::{Claim, EnforcedBy, Ground, GroundKind, Standing};
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
