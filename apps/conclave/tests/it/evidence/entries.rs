//! A claim is seen at work in an entry of the log.

use std::collections::BTreeSet;

use conclave_audit::{Checkpoint, Entry, Event, TlogProof, Verifier};
use serde_json::{Value, json};

use super::decisions::decide;
use super::{claim, idle_minutes, judged, taken, taken_on_paper};
use crate::audit_log::covers;
use crate::caller::Caller;

// Shows: REQ-AD-01.
#[tokio::test]
async fn what_a_claim_is_seen_in_is_proven_by_the_export_alone_and_not_once_it_was_changed() {
    const CLAIM: &str = "access.policy";
    let (server, owner, _) = judged().await;
    let before = claim(&owner, "/evidence", CLAIM).await["state"].take();
    let never = seen_in(&owner, CLAIM).await;
    assert_eq!(never["standing"], "unseen", "{never}");
    assert_eq!(never["entry"], Value::Null);

    idle_minutes(&owner, 30).await;

    let seen = seen_in(&owner, CLAIM).await;
    assert_eq!(seen["name"], "policy.change", "{seen}");
    assert_eq!(seen["standing"], "holds");
    let after = claim(&owner, "/evidence", CLAIM).await["state"].take();
    assert_eq!(after, before);
    let id = seen["entry"]["id"].as_str().unwrap();
    let found = owner.get(&format!("/audit/entries?entry={id}")).await.body;
    assert_eq!(found["entries"][0]["seq"], seen["entry"]["seq"]);

    let export = taken(&owner).await;
    let log = &export["statement"]["log"];
    let verifier = Verifier::parse(log["verifier_key"].as_str().unwrap()).unwrap();
    let checkpoint = Checkpoint::open(log["checkpoint"].as_str().unwrap(), &verifier).unwrap();
    assert_eq!(log["size"], checkpoint.size);
    let proofs = export["proofs"].as_array().unwrap();
    let given: Vec<_> = proofs.iter().map(|one| one["seq"].clone()).collect();
    assert!(given.len() > 1);
    assert_eq!(given, named(&export));
    let proof = proofs.iter().find(|proof| proof["id"] == id).unwrap();
    let proof = proof["proof"].as_str().unwrap();
    let proven = TlogProof::parse(proof).unwrap().verify(&verifier).unwrap();
    assert_eq!(proven.checkpoint, checkpoint);
    assert_eq!(seen["entry"]["seq"], proven.index);
    let entry = Entry::from_canonical(&proven.entry).unwrap();
    assert!(matches!(entry.event, Event::PolicyChange { .. }));
    assert_eq!(entry.id.to_string(), id);
    for forge in FORGERIES {
        let mut forged = TlogProof::parse(proof).unwrap();
        forge(&mut forged);
        assert!(forged.verify(&verifier).is_err());
    }

    let (file, printed) = taken_on_paper(&owner).await;
    assert!(printed.contains("policy.change \\(entry "));
    let attached = file.split("stream\n");
    let attached = attached.filter(|part| part.starts_with("c2sp.org/tlog-proof@v1"));
    let attached: Vec<_> = attached
        .filter_map(|part| part.strip_suffix("end"))
        .collect();
    assert!(attached.len() >= given.len());
    for proof in attached {
        // A note ends with a line's end, of which PDF makes its own.
        let proof = TlogProof::parse(&format!("{}\n", proof.trim_end())).unwrap();
        let verified = proof.verify(&verifier);
        assert!(verified.is_ok(), "{:?}", verified.err());
    }
    server.stop().await;
}

/// What somebody may change of a proof.
const FORGERIES: [fn(&mut TlogProof); 4] = [
    |proof| {
        let entry = String::from_utf8(proof.entry.clone()).unwrap();
        proof.entry = entry.replace("policy.change", "policy.chance").into();
    },
    |proof| proof.index ^= 1,
    |proof| proof.inclusion.0[0].0[0] ^= 1,
    // A log of so many entries more.
    |proof| proof.checkpoint = proof.checkpoint.replacen('\n', "\n1", 1),
];

/// The places of all entries that an export's statement names, each once.
fn named(export: &Value) -> Vec<Value> {
    let rows = export["statement"]["safeguards"].as_array().unwrap();
    let claims = rows.iter().flat_map(|row| row["claims"].as_array());
    let grounds = claims
        .flatten()
        .flat_map(|claim| claim["grounds"].as_array());
    let entries = grounds.flatten();
    let named: BTreeSet<u64> = entries
        .filter_map(|ground| ground["entry"]["seq"].as_u64())
        .collect();
    named.into_iter().map(Value::from).collect()
}

#[tokio::test]
async fn entries_are_taken_out_by_nobody_who_may_not_read_the_log() {
    let (server, owner, _) = judged().await;
    let manager = owner
        .invited("dee@riverside.example", "account_manager")
        .await;
    server
        .tamper("UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'")
        .await;
    assert_eq!(manager.get("/audit/log").await.code(), "not_allowed");

    let export = taken(&manager).await;

    assert!(!named(&export).is_empty());
    assert_eq!(export["proofs"], json!([]));
    assert!(export["statement"]["log"]["checkpoint"].is_string());
    server.stop().await;
}

#[tokio::test]
async fn a_signature_is_shown_by_its_own_entry_and_by_no_other() {
    let (server, owner, _) = judged().await;
    let signed = decide(&owner, "organisation.incidents", "implemented").await;
    covers(&owner, "evidence.decide").await;

    let seen = seen_in(&owner, "organisation.incidents").await;
    let other = seen_in(&owner, "organisation.leavers").await;

    assert_eq!(other["standing"], "unseen", "{other}");
    let entries = server.entries().await.into_iter();
    let mut decided = entries.filter_map(|entry| match entry.event {
        Event::EvidenceDecide { decision, .. } if seen["entry"]["id"] == entry.id.to_string() => {
            Some(decision.to_string())
        }
        _ => None,
    });
    assert_eq!(decided.next(), Some(signed.text("id")));
    server.stop().await;
}

/// The entry in which a claim is seen at work.
async fn seen_in(owner: &Caller, id: &str) -> Value {
    let claim = claim(owner, "/evidence", id).await;
    let mut grounds = claim["grounds"].as_array().unwrap().iter();
    let found = grounds.find(|ground| ground["kind"] == "entry");
    found.unwrap().clone()
}
