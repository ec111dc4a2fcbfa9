//! What an organisation decides, agrees on or reviews is part of its evidence.

use std::time::Duration;

use conclave_audit::{Event, Outcome};
use conclave_protocol::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{claim, judged, taken, taken_on_paper};
use crate::caller::Caller;
use crate::server_in_a_box::Server;

// Shows: REQ-AD-05, REQ-AD-06, REQ-AD-09, REQ-AD-17.
#[tokio::test]
async fn decisions_agreements_and_reviews_are_kept_with_their_reasons_and_on_record_by_their_hashes()
 {
    let (server, owner, _) = judged().await;
    let required = decide(&owner, "164.312.b", "not_reasonable").await;
    assert_eq!(required.code(), "safeguard_not_found");
    let away = decide(&owner, "organisation.incidents", "not_reasonable").await;
    assert_eq!(away.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(away.code(), "safeguard_required");
    let decided = decide(&owner, "164.312.a.2.iii", "equivalent").await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.body);
    assert_eq!(decided.body["cost"], "cost: Canary Cost");
    let signed = decide(&owner, "organisation.incidents", "implemented").await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.body);
    let state = async |id| claim(&owner, "/evidence", id).await["state"].clone();
    assert_eq!(state("organisation.incidents").await, "proven");
    assert_eq!(state("log_off.support").await, "not_applicable");
    let export = taken(&owner).await;
    let rows = export["statement"]["safeguards"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["code"] == "164.312.a.2.iii")
        .unwrap();
    let on_record = words_of_decision(&server, "164.312.a.2.iii").await;
    assert_eq!(row["decision"]["words"], on_record);

    assert_eq!(state("associates.agreement").await, "not_met");
    let entered = owner.post("/policies/profile").await;
    assert!(entered.status.is_success(), "{}", entered.body);
    assert_eq!(
        owner.get("/evidence").await.body["agreement_is_missing"],
        true
    );
    assert_eq!(owner.get("/agreements").await.body["is_missing"], true);
    let body = agreement("signed");
    let added = owner.send(Method::POST, "/agreements", Some(body)).await;
    assert_eq!(owner.get("/agreements").await.body["is_missing"], false);
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.body);
    assert_eq!(added.body["is_in_force"], true);
    assert_eq!(
        owner.get("/evidence").await.body["agreement_is_missing"],
        false
    );
    assert_eq!(state("associates.agreement").await, "proven");
    let path = format!("/agreements/{}", added.text("id"));
    owner
        .send(Method::PUT, &path, Some(agreement("ended")))
        .await;
    assert_eq!(state("associates.agreement").await, "not_met");
    let words = words_of_agreements(&server).await;
    assert_eq!(words.len(), 2);
    assert_ne!(words[0], words[1]);
    // What the register said before is there beside it, here and in what is taken out.
    let kept = owner.get("/agreements").await.body["agreements"][0]["versions"].take();
    let states = |versions: &Value| {
        let versions = versions.as_array().unwrap().iter();
        let states = versions.map(|version| version["state"].as_str().unwrap().to_owned());
        states.collect::<Vec<_>>()
    };
    assert_eq!(states(&kept), ["ended", "signed"]);
    assert_eq!(kept[0]["changed_by_name"], kept[1]["changed_by_name"]);
    let export = taken(&owner).await;
    let stated = &export["statement"]["agreements"][0]["versions"];
    assert_eq!(states(stated), ["signed", "ended"]);
    assert_eq!(stated[0]["words"], words[0]);
    assert_eq!(stated[1]["words"], words[1]);
    let rows = owner.get("/evidence").await.body["safeguards"].take();
    let signed = rows.as_array().unwrap().iter();
    let signed = signed.flat_map(|row| row["sign_offs"].as_array().unwrap());
    let signed: Vec<_> = signed
        .map(|one| (one["claim"].clone(), one["decided_by_name"].clone()))
        .collect();
    let name = owner.get("/session").await.body["display_name"].clone();
    assert_eq!(signed, [(json!("organisation.incidents"), name)]);

    let review = owner.get("/evidence/review").await.body;
    let names: Vec<_> = review["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert!(names.contains(&json!("idle_minutes")) && names.contains(&json!("lockout.threshold")));
    let sign = |digest: &Value| json!({"digest": digest});
    let early = owner
        .send(Method::POST, "/evidence/review", Some(sign(&json!("00"))))
        .await;
    assert_eq!(early.code(), "changed_meanwhile");
    let signed = owner
        .send(
            Method::POST,
            "/evidence/review",
            Some(sign(&review["digest"])),
        )
        .await;
    assert_eq!(signed.status, StatusCode::NO_CONTENT, "{}", signed.body);
    assert_eq!(
        owner.get("/evidence/review").await.body["last"]["is_current"],
        true
    );
    assert_eq!(state("evaluation.review").await, "proven");
    server.stop().await;
}

// Shows: REQ-AD-05.
#[tokio::test]
async fn what_is_signed_names_who_sees_to_it_and_is_stale_from_its_day_on() {
    const SIGNED: &str = "organisation.incidents";
    const ROW: &str = "164.312.a.2.iii";
    const EXCUSED: &str = "log_off.support";
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let (server, owner, _) = judged().await;
    let now = server.now();
    let due = now.plus(30 * DAY);
    let sign = async |subject: &str, choice: &str, due: Timestamp| {
        let mut body = decision(choice);
        body["owner"] = json!("Privacy office");
        body["due"] = json!(due);
        let path = format!("/evidence/decisions/{subject}");
        owner.send(Method::PUT, &path, Some(body)).await
    };
    for wrong in [now.minus(DAY), now.plus(400 * DAY)] {
        let refused = sign(SIGNED, "implemented", wrong).await;
        assert_eq!(refused.code(), "decision_invalid");
    }
    for (subject, choice) in [(SIGNED, "implemented"), (ROW, "equivalent")] {
        let signed = sign(subject, choice, due).await;
        assert_eq!(signed.status, StatusCode::OK, "{}", signed.body);
        assert_eq!(signed.body["due"], json!(due));
    }

    let shown = owner.get("/evidence").await.body.to_string();
    assert_eq!(shown.matches("Privacy office").count(), 2);
    let export = taken(&owner).await;
    let rows = export["statement"]["safeguards"].as_array().unwrap();
    let signed = rows.iter().flat_map(|row| row["sign_offs"].as_array());
    let signed = signed.flatten().next().unwrap();
    assert_eq!(signed["owner"], "Privacy office");
    assert_eq!(signed["due"], json!(due));
    assert_eq!(signed["words"], words_of_decision(&server, SIGNED).await);
    let (_, printed) = taken_on_paper(&owner).await;
    assert!(printed.contains("Seen to by Privacy office."));
    let states = async |owner: &Caller| {
        let signed = claim(owner, "/evidence", SIGNED).await["state"].take();
        let excused = claim(owner, "/evidence", EXCUSED).await["state"].take();
        (signed, excused)
    };
    assert_eq!(
        states(&owner).await,
        (json!("proven"), json!("not_applicable"))
    );

    server.wait(31 * DAY);
    let owner = Caller::sign_in(&server).await;
    assert_eq!(states(&owner).await, (json!("stale"), json!("stale")));
    // What was decided before anybody could say so is good for as long as it was.
    server
        .tamper("UPDATE evidence_decision SET owner = NULL, due = NULL")
        .await;
    assert_eq!(
        states(&owner).await,
        (json!("proven"), json!("not_applicable"))
    );
    server.wait(336 * DAY);
    let owner = Caller::sign_in(&server).await;
    assert_eq!(
        states(&owner).await,
        (json!("stale"), json!("not_applicable"))
    );
    server.stop().await;
}

// Shows: REQ-AD-09.
#[tokio::test]
async fn a_template_of_an_agreement_is_served_from_here_and_says_what_it_is_not() {
    let (server, owner, _) = judged().await;
    let request = owner.request(Method::GET, "/agreements/template");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert_eq!(kind, "text/markdown; charset=utf-8");
    let text = answer.text().await.unwrap();
    let first = text.split("\n\n").nth(1).unwrap();
    assert!(first.contains("a template and no legal advice"), "{first}");
    for asked in ["164.504(e)", "164.314(a)", "164.410", "Secretary"] {
        assert!(text.contains(asked), "{asked}");
    }
    server.stop().await;
}

pub(crate) fn decision(choice: &str) -> Value {
    let words = |what: &str, word: &str| format!("{what}: Canary {word}");
    json!({
        "choice": choice,
        "reason": words("reason", "Reason"),
        "risk": words("risk", "Risk"),
        "size": words("size", "Size"),
        "complexity": words("complexity", "Complexity"),
        "infrastructure": words("infrastructure", "Infrastructure"),
        "cost": words("cost", "Cost"),
    })
}

pub(crate) fn agreement(state: &str) -> Value {
    json!({
        "party": "Canary Hosting",
        "state": state,
        "signed_at": "2026-01-05T00:00:00Z",
        "document": "ab".repeat(32),
    })
}

/// The hash that the record has of what was decided about a subject first.
async fn words_of_decision(server: &Server, about: &str) -> String {
    let mut entries = server.entries().await.into_iter();
    let found = entries.find_map(|entry| match entry.event {
        Event::EvidenceDecide { words, subject, .. }
            if subject.as_str() == about && entry.outcome == Outcome::Done =>
        {
            Some(words.as_str().to_owned())
        }
        _ => None,
    });
    found.unwrap()
}

/// The hashes that the record has of them, oldest first.
async fn words_of_agreements(server: &Server) -> Vec<String> {
    let entries = server.entries().await.into_iter();
    let words = entries.filter_map(|entry| match entry.event {
        Event::AgreementAdd { words, .. } | Event::AgreementChange { words, .. } => {
            Some(words.as_str().to_owned())
        }
        _ => None,
    });
    words.collect()
}

pub(super) async fn decide(owner: &Caller, subject: &str, choice: &str) -> crate::caller::Answer {
    let path = format!("/evidence/decisions/{subject}");
    owner.send(Method::PUT, &path, Some(decision(choice))).await
}
