//! What is taken out of the evidence says no more than is proven.

use std::time::Duration;

use conclave_audit::{Event, Outcome, TlogProof, Verifier};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::decisions::{agreement, decide};
use super::{judged, taken};
use crate::caller::{Caller, EMAIL};

// Shows: ABUSE-72, REQ-AD-12.
#[tokio::test]
async fn what_is_taken_out_names_nobody_and_holds_no_secret() {
    let (server, owner, _) = judged().await;
    decide(&owner, "164.312.a.2.iii", "equivalent").await;
    let body = agreement("signed");
    owner.send(Method::POST, "/agreements", Some(body)).await;
    let meeting = owner.make_meeting().await;
    let host = owner.come(&meeting, "Canary Hostess").await;
    let files = std::fs::read_dir(server.data_dir()).unwrap();
    let keys = files.filter_map(|file| std::fs::read(file.unwrap().path()).ok());
    let keys: Vec<Vec<u8>> = keys.filter(|bytes| bytes.len() == 32).collect();
    assert!(keys.len() > 2);
    let mut canaries: Vec<Vec<u8>> = [
        EMAIL,
        "Weatherwax",
        "Riverside",
        "Canary",
        &meeting.proof,
        &meeting.code,
        "privacy@",
        "127.0.0.1:0",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    canaries.extend(
        [owner.cookie.clone(), host.credential.clone()]
            .into_iter()
            .flatten()
            .map(String::into_bytes),
    );
    canaries.extend(keys);

    for format in ["json", "pdf"] {
        let request = owner.request(Method::POST, "/evidence/export");
        let request = request.json(&json!({"format": format}));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.len() > 1_000);
        for canary in &canaries {
            let found = bytes
                .windows(canary.len())
                .any(|part| part == canary.as_slice());
            assert!(!found, "{format}: {}", String::from_utf8_lossy(canary));
        }
    }
    let export = taken(&owner).await;
    let proofs = export["proofs"].as_array().unwrap();
    assert!(!proofs.is_empty());
    for proof in proofs {
        let proof = TlogProof::parse(proof["proof"].as_str().unwrap()).unwrap();
        for canary in &canaries {
            let mut parts = proof.entry.windows(canary.len());
            assert!(!parts.any(|part| part == canary.as_slice()));
        }
    }
    let complaints = Caller::nobody(&server).get("/server").await.body["complaints"].clone();
    assert_eq!(complaints, "mailto:privacy@riverside.example");
    server.stop().await;
}

// Shows: REQ-AU-03.
#[tokio::test]
async fn a_password_alone_or_proof_of_long_ago_takes_no_evidence_out() {
    let (server, owner, _) = judged().await;
    let auditor = owner.invited("cy@riverside.example", "auditor").await;
    let take = async |caller: &Caller| {
        let body = Some(json!({"format": "pdf"}));
        let answer = caller.send(Method::POST, "/evidence/export", body).await;
        answer.code()
    };

    assert_eq!(take(&auditor).await, "second_factor_required");
    server.wait(Duration::from_secs(600));
    assert_eq!(take(&owner).await, "step_up_required");

    let list = owner.get("/evidence/exports").await.body["exports"].take();
    assert_eq!(list, json!([]));
    server.stop().await;
}

#[tokio::test]
async fn what_was_taken_out_stays_what_it_was() {
    let (server, owner, _) = judged().await;
    let issued = taken(&owner).await;
    decide(&owner, "organisation.incidents", "implemented").await;
    let request = owner.request(Method::POST, "/evidence/export");
    let request = request.json(&json!({"format": "pdf"}));
    let paper = request.send().await.unwrap().bytes().await.unwrap();

    let list = owner.get("/evidence/exports").await.body["exports"].take();
    assert_eq!(list.as_array().unwrap().len(), 2);
    let note = async |export: &Value| {
        let path = format!("/evidence/exports/{}", export["id"].as_str().unwrap());
        let request = owner.request(Method::GET, &path);
        request.send().await.unwrap().text().await.unwrap()
    };
    assert_eq!(note(&list[1]).await, issued["signed_note"]);
    // The paper carries the note of its own, and says its hash and who signed it.
    let attached = note(&list[0]).await;
    let paper = String::from_utf8_lossy(&paper);
    assert!(paper.contains(&attached));
    assert!(paper.contains(list[0]["sha256"].as_str().unwrap()));
    let verifier = Verifier::parse(issued["verifier_key"].as_str().unwrap()).unwrap();
    assert!(verifier.open(&attached).is_ok());
    let entries = server.entries().await.into_iter();
    let read = entries.filter_map(|entry| match entry.event {
        Event::EvidenceReadExport { export, .. } => Some(export.to_string()),
        _ => None,
    });
    let read: Vec<_> = read.collect();
    assert_eq!(json!(read), json!([list[1]["id"], list[0]["id"]]));
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn each_time_that_the_matrix_is_taken_out_is_on_record_once() {
    let (server, owner, _) = judged().await;
    let before = server.entries().await.len();

    for format in ["json", "pdf"] {
        let request = owner.request(Method::POST, "/evidence/export");
        let request = request.json(&json!({"format": format}));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    }

    let entries = server.entries().await.split_off(before);
    let formats: Vec<_> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::EvidenceExport { format, .. } => Some((format.as_str(), entry.outcome)),
            _ => None,
        })
        .collect();
    assert_eq!(formats, [("json", Outcome::Done), ("pdf", Outcome::Done)]);
    server.stop().await;
}
