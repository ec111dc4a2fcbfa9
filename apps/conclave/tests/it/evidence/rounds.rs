//! What a round saw is told as long as it was seen.

use std::time::Duration;

use conclave_audit::{Entry, Event, KeyName, Signer, Verifier};
use serde_json::{Value, json};

use super::{
    ci, claim, idle_minutes, judged, passed, program, settled, taken, taken_of, taken_on_paper,
    until,
};
use crate::caller::Caller;

// Shows: REQ-AD-01, REQ-AD-11, REQ-AD-16.
#[tokio::test]
async fn a_safeguard_that_is_turned_off_changes_its_row_and_its_sentence_is_in_no_export() {
    const CLAIM: &str = "log_off.quarter";
    let (server, owner, report) = judged().await;
    let own = program(&owner).await;
    let stale = until(&owner, CLAIM, "stale").await;
    assert!(stale["sentence"].is_null());

    std::fs::write(&report, ci().sign(&passed(&own, &server)).unwrap()).unwrap();
    let proven = until(&owner, CLAIM, "proven").await;
    let sentence = proven["sentence"].as_str().unwrap().to_owned();
    let export = taken(&owner).await;
    assert!(export.to_string().contains(&sentence));
    let (file, printed) = taken_on_paper(&owner).await;
    assert!(file.contains(&sentence) && printed.contains(&sentence));
    let then = server.now();
    server.wait(Duration::from_secs(10));

    idle_minutes(&owner, 60).await;

    let broken = claim(&owner, "/evidence", CLAIM).await;
    assert_eq!(
        (&broken["state"], &broken["sentence"]),
        (&json!("not_met"), &Value::Null)
    );
    let setting = broken["grounds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "setting");
    assert_eq!(setting.unwrap()["name"], "idle_quarter");
    // No round has seen the moment before this one since: it is judged as this one is.
    let lately = serde_json::to_value(server.now().minus(Duration::from_millis(1))).unwrap();
    for at in [Value::Null, lately] {
        let export = taken_of(&owner, &at).await;
        assert!(!export.to_string().contains(&sentence), "{at}");
        assert_eq!(export["statement"]["is_past"], false);
    }
    let (file, printed) = taken_on_paper(&owner).await;
    assert!(!file.contains(&sentence) && !printed.contains(&sentence));
    assert!(printed.contains(broken["topic"].as_str().unwrap()));
    let export = taken(&owner).await;
    let note = export["signed_note"].as_str().unwrap();
    let verifier = Verifier::parse(export["verifier_key"].as_str().unwrap()).unwrap();
    let signed: Value = serde_json::from_str(verifier.open(note).unwrap()).unwrap();
    assert_eq!(signed, export["statement"]);
    assert!(
        export["statement"]["certification"]
            .as_str()
            .unwrap()
            .contains("certifies")
    );

    // What was and what is are both on record.
    until(&owner, CLAIM, "not_met").await;
    let at = serde_json::to_value(then).unwrap();
    let path = format!("/evidence?at={}", at.as_str().unwrap());
    settled(&owner, &path).await;
    assert_eq!(claim(&owner, &path, CLAIM).await["state"], "proven");
    let past = taken_of(&owner, &at).await["statement"].take();
    assert_eq!(past["is_past"], true);
    assert!(past.to_string().contains(&sentence));
    let entries = server.entries().await;
    let turned = |entry: &Entry| {
        matches!(&entry.event, Event::EvidenceState { state, claims, .. }
            if state.as_str() == "not_met" && claims.iter().any(|one| one.as_str() == CLAIM))
    };
    assert!(entries.iter().any(turned));
    let evaluated = |entry: &Entry| matches!(entry.event, Event::EvidenceEvaluate { .. });
    assert_eq!(entries.iter().filter(|entry| evaluated(entry)).count(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_was_proven_is_not_shown_so_of_a_time_when_nobody_looked() {
    const CLAIM: &str = "access.lock";
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let (server, owner, report) = judged().await;
    let own = program(&owner).await;
    std::fs::write(&report, ci().sign(&passed(&own, &server)).unwrap()).unwrap();
    until(&owner, CLAIM, "proven").await;
    let looked_at = server.now();
    let between = looked_at.plus(2 * A_DAY);
    server.wait(4 * A_DAY);
    let owner = Caller::sign_in(&server).await;

    for (at, state) in [(looked_at, "proven"), (between, "stale")] {
        let at = serde_json::to_value(at).unwrap();
        let path = format!("/evidence?at={}", at.as_str().unwrap());
        settled(&owner, &path).await;
        assert_eq!(claim(&owner, &path, CLAIM).await["state"], state);
    }
    server.stop().await;
}

// Shows: ABUSE-71.
#[tokio::test]
async fn a_report_that_was_edited_or_is_of_another_build_proves_nothing() {
    const CLAIM: &str = "access.lock";
    let (server, owner, report) = judged().await;
    let own = program(&owner).await;
    let honest = ci().sign(&passed(&own, &server)).unwrap();
    let failed = passed(&own, &server).replacen("REQ-AC-09 passed", "REQ-AC-09 failed", 1);
    let failed = ci().sign(&failed).unwrap();
    let other = passed(&own.chars().rev().collect::<String>(), &server);
    let stranger = Signer::new(KeyName::parse("ci.riverside.example").unwrap(), &[8; 32]);
    let forged = stranger.sign(&passed(&own, &server)).unwrap();
    for (note, tests, state) in [
        (honest.clone(), "bound", "proven"),
        (forged, "invalid", "stale"),
        (failed.clone(), "bound", "not_met"),
        // Somebody makes it green.
        (failed.replace(" failed ", " passed "), "invalid", "stale"),
        (ci().sign(&other).unwrap(), "other_build", "stale"),
        (honest, "bound", "proven"),
    ] {
        std::fs::write(&report, note).unwrap();
        let known = async {
            while owner.get("/evidence").await.body["build"]["tests"] != tests {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), known)
            .await
            .unwrap();
        assert_eq!(
            claim(&owner, "/evidence", CLAIM).await["state"],
            state,
            "{tests}"
        );
    }
    // Half a year later it is an old one.
    server.wait(Duration::from_secs(184 * 24 * 60 * 60));
    let owner = Caller::sign_in(&server).await;
    assert_eq!(owner.get("/evidence").await.body["build"]["tests"], "old");
    assert_eq!(claim(&owner, "/evidence", CLAIM).await["state"], "stale");
    server.stop().await;
}

#[tokio::test]
async fn what_a_round_saw_is_stale_when_no_round_follows() {
    const CLAIM: &str = "access.lock";
    let (server, owner, report) = judged().await;
    let own = program(&owner).await;
    std::fs::write(&report, ci().sign(&passed(&own, &server)).unwrap()).unwrap();
    until(&owner, CLAIM, "proven").await;
    // From here on each round fails at what it tries: time goes on, and nobody looks.
    server
        .tamper("ALTER TABLE quality_session RENAME TO gone")
        .await;
    let last = server.now();

    server.wait(Duration::from_secs(11));

    let stale = claim(&owner, "/evidence", CLAIM).await;
    assert_eq!(stale["state"], "stale");
    assert_eq!(stale["grounds"][0]["standing"], "old");
    let store = server.store();
    let organisation = store.first_organisation().await.unwrap().unwrap().id;
    let later = last.plus(Duration::from_secs(11));
    for (at, expected) in [(last, true), (later, false)] {
        let watched = store.was_evidence_watched(organisation, at).await;
        assert_eq!(watched.unwrap(), expected);
    }
    server.stop().await;
}
