//! The live matrix: a sentence is told while it is proven, and what is taken out says no more than that.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use conclave_audit::{Checkpoint, Entry, Event, KeyName, Outcome, Signer, TlogProof, Verifier};
use conclave_policy::evidence::{REPORT_TITLE, RISKS, claims};
use conclave_protocol::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::audit_log::covers;
use crate::caller::{Caller, EMAIL};
use crate::emergency::drill;
use crate::server_in_a_box::Server;

const SEED: [u8; 32] = [7; 32];

/// A server that tries itself each second, and where it looks for a report.
async fn judged() -> (Server, Caller, PathBuf) {
    let directory = tempfile::tempdir().unwrap().keep();
    let report = directory.join("tests.note");
    let configured = report.clone();
    let server = Server::start_with(|config| {
        config.evidence.every = Duration::from_secs(1);
        config.evidence.tests = Some(configured);
        config.evidence.tests_key = Some(ci().verifier().to_string());
        config.complaints = Some("mailto:privacy@riverside.example".to_owned());
    })
    .await;
    let owner = Caller::owner(&server).await;
    (server, owner, report)
}

/// The machine that runs the tests.
fn ci() -> Signer {
    Signer::new(KeyName::parse("ci.riverside.example").unwrap(), &SEED)
}

/// All requirements of the register as passed, of a program.
fn passed(program: &str, server: &Server) -> String {
    let seconds = server.now().as_micros() / 1_000_000;
    let mut text = format!("{REPORT_TITLE}\n{program}\ndebug\n{seconds}\n");
    for requirement in claims().flat_map(|claim| claim.requirements) {
        writeln!(text, "{requirement} passed it/evidence.rs: a test").unwrap();
    }
    text
}

async fn program(owner: &Caller) -> String {
    let evidence = owner.get("/evidence").await.body;
    evidence["build"]["sha256"].as_str().unwrap().to_owned()
}

/// How a row of the matrix stands at this moment: as its weakest claim does.
pub(crate) async fn row(owner: &Caller, code: &str) -> Value {
    let rows = owner.get("/evidence").await.body["safeguards"].take();
    let mut rows = rows.as_array().unwrap().iter();
    let found = rows.find(|row| row["code"] == code);
    found.unwrap()["state"].clone()
}

/// How a claim stands at this moment.
async fn claim(owner: &Caller, path: &str, id: &str) -> Value {
    let answer = owner.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let rows = answer.body["safeguards"].as_array().unwrap().clone();
    let claims = rows
        .iter()
        .flat_map(|row| row["claims"].as_array().unwrap());
    let found = claims.into_iter().find(|claim| claim["id"] == id);
    found.cloned().unwrap_or(Value::Null)
}

/// What is taken out of the evidence as it stands.
async fn taken(owner: &Caller) -> Value {
    taken_of(owner, &Value::Null).await
}

/// As it stood at a moment.
async fn taken_of(owner: &Caller, at: &Value) -> Value {
    let body = json!({"format": "json", "at": at});
    let answer = owner
        .send(Method::POST, "/evidence/export", Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// As it stands, on paper: the whole file, which carries what is signed as it is, and what its pages say.
async fn taken_on_paper(owner: &Caller) -> (String, String) {
    let request = owner.request(Method::POST, "/evidence/export");
    let request = request.json(&json!({"format": "pdf"}));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let file = answer.bytes().await.unwrap();
    let file = String::from_utf8_lossy(&file).into_owned();
    let lines = file.lines().filter_map(|line| {
        let (_, shown) = line.split_once(" Tm (")?;
        shown.strip_suffix(") Tj ET")
    });
    let printed = lines.collect::<Vec<_>>().join(" ");
    (file, printed)
}

/// Waits for a round that sees it stand so.
pub(crate) async fn until(owner: &Caller, id: &str, state: &str) -> Value {
    let stands = async {
        loop {
            let found = claim(owner, "/evidence", id).await;
            if found["state"] == state && !found["since"].is_null() {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), stands).await;
    found.unwrap_or_else(|_| panic!("{id} is not {state}"))
}

/// Waits for a round that was finished after the moment that is asked about.
async fn settled(owner: &Caller, path: &str) {
    let settled = async {
        while owner.get(path).await.body["is_past"] != true {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), settled).await;
    found.unwrap();
}

async fn idle_minutes(owner: &Caller, minutes: u16) {
    let policy = owner.get("/policies/organisation").await.body;
    let body = json!({
        "revision": policy["revision"],
        "settings": {"idle_minutes": {"value": minutes, "locked": true}},
    });
    let changed = owner
        .send(Method::PUT, "/policies/organisation", Some(body))
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
}

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

// Shows: ABUSE-67.
#[tokio::test]
async fn emergency_access_that_nobody_reviewed_makes_its_row_red_until_somebody_does() {
    const CLAIM: &str = "emergency.reviewed";
    const AN_HOUR: Duration = Duration::from_secs(60 * 60);
    let (server, _, _) = judged().await;
    let owner = Caller::sign_in(&server).await;
    let setting = json!({"emergency_access": {"value": true}});
    crate::policy::set(&owner, "organisation", setting).await;
    let body = Some(json!({"reason": "drill", "words": "Nothing."}));
    let taken = owner.send(Method::POST, "/emergency", body).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
    until(&owner, CLAIM, "proven").await;
    let ended = owner.post("/emergency/end").await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.body);

    server.wait(72 * AN_HOUR);

    let owner = Caller::sign_in(&server).await;
    let red = until(&owner, CLAIM, "not_met").await;
    assert!(red["sentence"].is_null());
    let uses = owner.get("/emergency/uses").await.body;
    let due = &uses["uses"][0]["review_due_at"];
    let against = json!({"count": 1, "since": due});
    assert_eq!(red["grounds"][0]["against"], against);
    let rows = owner.get("/evidence").await.body["safeguards"].take();
    let mut rows = rows.as_array().unwrap().iter();
    let row = rows.find(|row| row["code"] == "164.312.a.2.ii").unwrap();
    assert_eq!(row["state"], "not_met");

    let auditor = owner.invited("cy@riverside.example", "auditor").await;
    server
        .tamper("UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'")
        .await;
    let path = format!("/emergency/uses/{}/review", taken.text("id"));
    let body = Some(json!({"outcome": "justified", "note": "Seen."}));
    let reviewed = auditor.send(Method::POST, &path, body).await;
    assert_eq!(reviewed.status, StatusCode::NO_CONTENT, "{}", reviewed.body);
    until(&owner, CLAIM, "proven").await;
    server.stop().await;
}

// Shows: REQ-EM-02.
#[tokio::test]
async fn emergency_access_is_proven_for_a_month_after_a_drill_that_passed() {
    const CLAIM: &str = "emergency.break_glass";
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let (server, owner, report) = judged().await;
    let own = program(&owner).await;
    std::fs::write(&report, ci().sign(&passed(&own, &server)).unwrap()).unwrap();
    let red = until(&owner, CLAIM, "not_met").await;
    assert!(red["sentence"].is_null());
    let setting = json!({"emergency_access": {"value": true}});
    crate::policy::set(&owner, "organisation", setting).await;
    owner.invited("cy@riverside.example", "auditor").await;

    let (passed, said) = drill(&server).await;

    assert!(passed, "{said}");
    until(&owner, CLAIM, "proven").await;
    server.wait(30 * A_DAY);
    let owner = Caller::sign_in(&server).await;
    until(&owner, CLAIM, "proven").await;
    server.wait(A_DAY);
    let owner = Caller::sign_in(&server).await;
    let red = until(&owner, CLAIM, "not_met").await;
    assert_eq!(red["grounds"][0]["name"], "drilled", "{red}");
    assert_eq!(red["grounds"][0]["standing"], "fails", "{red}");
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

// Shows: REQ-AD-04.
#[tokio::test]
async fn each_risk_of_the_register_is_assessed_by_the_organisation_and_taken_out_by_a_hash() {
    const CLAIM: &str = "general.risks";
    const A_YEAR: Duration = Duration::from_secs(366 * 24 * 60 * 60);
    let (server, owner, _) = judged().await;
    let register = owner.get("/risks").await.body;
    assert_eq!(register["open"], RISKS.len());
    assert_eq!(claim(&owner, "/evidence", CLAIM).await["state"], "not_met");
    let unknown = assess(&owner, "nothing", assessment("accepted")).await;
    assert_eq!(unknown.code(), "risk_not_found");
    let mut late = assessment("accepted");
    late["next_look_at"] = json!("2020-01-01T00:00:00Z");
    let late = assess(&owner, "insider", late).await;
    assert_eq!(late.code(), "assessment_invalid");

    for risk in RISKS {
        let assessed = assess(&owner, risk.id, assessment("reduced")).await;
        assert_eq!(assessed.status, StatusCode::OK, "{}", assessed.body);
    }

    assert_eq!(owner.get("/risks").await.body["open"], 0);
    assert_eq!(claim(&owner, "/evidence", CLAIM).await["state"], "proven");
    let export = taken(&owner).await;
    let stated = &export["statement"]["risks"][0];
    let entries = server.entries().await.into_iter();
    let mut on_record = entries.filter_map(|entry| match entry.event {
        Event::RiskAssess { words, risk, .. } if entry.outcome == Outcome::Done => {
            Some((risk.as_str().to_owned(), words.as_str().to_owned()))
        }
        _ => None,
    });
    let (_, words) = on_record
        .find(|(risk, _)| stated["id"] == risk.as_str())
        .unwrap();
    assert_eq!(stated["assessment"]["words"], words);
    assert!(!export.to_string().contains("Canary"));
    // Somebody looks again, or it is out of date.
    server.wait(A_YEAR);
    let owner = Caller::sign_in(&server).await;
    assert_eq!(claim(&owner, "/evidence", CLAIM).await["state"], "not_met");
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

// Shows: REQ-AD-02.
#[tokio::test]
async fn whose_training_is_not_on_record_or_over_is_told_until_it_is() {
    const CLAIM: &str = "training.current";
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let (server, owner, _) = judged().await;
    let manager = owner
        .invited("dee@riverside.example", "account_manager")
        .await;
    let red = until(&owner, CLAIM, "not_met").await;
    assert_eq!(red["grounds"][0]["against"]["count"], 2, "{red}");
    let list = owner.get("/trainings").await.body;
    assert_eq!(list["people_overdue"], 2, "{list}");
    assert_eq!(list["overdue"][0]["good_until"], Value::Null);

    let mut wrong = training(&owner.account().await.to_string());
    wrong["completed_at"] = json!(server.now().plus(DAY));
    let wrong = manager.send(Method::POST, "/trainings", Some(wrong)).await;
    assert_eq!(wrong.code(), "training_invalid");
    let mut entered = Vec::new();
    for whom in [&owner, &manager] {
        let mut body = training(&whom.account().await.to_string());
        body["good_until"] = json!(server.now().plus(30 * DAY));
        let answer = manager.send(Method::POST, "/trainings", Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        entered.push(answer.text("id"));
    }
    until(&owner, CLAIM, "proven").await;

    // Whom it is about says that it was so, once; nobody says so for them.
    let own = owner.get("/account/trainings").await.body;
    assert_eq!(own["trainings"].as_array().unwrap().len(), 1, "{own}");
    assert_eq!(own["trainings"][0]["acknowledged_at"], Value::Null);
    let acknowledge = format!("/account/trainings/{}/acknowledge", entered[0]);
    assert_eq!(
        manager.post(&acknowledge).await.code(),
        "training_not_found"
    );
    let done = owner.post(&acknowledge).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_eq!(owner.post(&acknowledge).await.code(), "changed_meanwhile");
    let list = manager.get("/trainings").await.body;
    let said = list["trainings"].as_array().unwrap().iter();
    let said = said.filter(|one| one["acknowledged_at"].is_string());
    assert_eq!(said.count(), 1, "{list}");

    // What was entered by mistake counts no more, and stays on record.
    let withdraw = format!("/trainings/{}/withdraw", entered[1]);
    let done = manager.post(&withdraw).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_eq!(manager.post(&withdraw).await.code(), "training_withdrawn");
    let list = owner.get("/trainings").await.body;
    assert_eq!(list["people_overdue"], 1, "{list}");
    let kept = list["trainings"].as_array().unwrap();
    let withdrawn = kept.iter().filter(|one| one["withdrawn_at"].is_string());
    assert_eq!((kept.len(), withdrawn.count()), (2, 1), "{list}");

    server.wait(31 * DAY);
    let owner = Caller::sign_in(&server).await;
    let red = until(&owner, CLAIM, "not_met").await;
    assert_eq!(red["grounds"][0]["against"]["count"], 2, "{red}");
    let list = owner.get("/trainings").await.body;
    let over = list["overdue"].as_array().unwrap().iter();
    assert_eq!(over.filter(|one| one["good_until"].is_string()).count(), 1);
    server.stop().await;
}

// Shows: REQ-AD-12.
#[tokio::test]
async fn a_complaint_is_kept_sealed_read_on_record_and_taken_out_as_a_number() {
    let (server, owner, _) = judged().await;
    let manager = owner
        .invited("dee@riverside.example", "account_manager")
        .await;
    // A password alone opens nothing of it.
    let one = "/complaints/0199cc00-0000-7000-8000-000000000001";
    let outcome = json!({"outcome": "resolved", "note": "Canary: sent."});
    for (method, path, body) in [
        (Method::GET, "/complaints".to_owned(), None),
        (Method::GET, format!("{one}/words"), None),
        (Method::POST, "/complaints".to_owned(), Some(complaint())),
        (Method::POST, format!("{one}/close"), Some(outcome)),
    ] {
        let refused = manager.send(method, &path, body).await;
        assert_eq!(refused.code(), "second_factor_required", "{path}");
    }
    server
        .tamper("UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'")
        .await;
    // Where it is tomorrow already.
    let mut body = complaint();
    body["received_at"] = json!(server.now().plus(Duration::from_secs(13 * 60 * 60)));
    let entered = manager.send(Method::POST, "/complaints", Some(body));
    let entered = entered.await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.body);
    let mut early = complaint();
    early["received_at"] = json!(server.now().plus(Duration::from_secs(15 * 60 * 60)));
    let early = owner.send(Method::POST, "/complaints", Some(early)).await;
    assert_eq!(early.code(), "complaint_invalid");
    let path = format!("/complaints/{}", entered.text("id"));
    let words = owner.get(&format!("{path}/words")).await.body;
    assert_eq!(words, json!({"words": SAID, "note": null}));
    let close = format!("{path}/close");
    let body = json!({"outcome": "resolved", "note": "Canary: sent."});
    let closed = owner.send(Method::POST, &close, Some(body.clone())).await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT, "{}", closed.body);
    let twice = owner.send(Method::POST, &close, Some(body)).await;
    assert_eq!(twice.code(), "complaint_closed");

    let list = manager.get("/complaints").await.body;
    assert!(!list.to_string().contains("Canary"));
    assert_eq!(list["complaints"][0]["closed"]["outcome"], "resolved");
    let counts = json!({"received": 1, "open": 0, "closed": 1});
    assert_eq!(list["counts"], counts);
    let export = taken(&owner).await;
    assert_eq!(export["statement"]["complaints"], counts);
    let entries = server.entries().await;
    let done = |name: &str| {
        let mut entries = entries
            .iter()
            .filter(|entry| entry.outcome == Outcome::Done);
        entries.find(|entry| entry.event.name() == name).unwrap()
    };
    assert!(done("complaint.enter").sealed.is_some());
    assert!(done("complaint.close").sealed.is_some());
    assert!(done("complaint.read").sealed.is_none());
    for file in std::fs::read_dir(server.data_dir()).unwrap() {
        let Ok(bytes) = std::fs::read(file.unwrap().path()) else {
            continue;
        };
        assert!(!bytes.windows(6).any(|part| part == b"Canary"));
    }
    server.stop().await;
}

const SAID: &str = "Canary Weatherwax wants to see what is kept.";

pub(crate) fn complaint() -> Value {
    json!({"kind": "access", "received_at": "2025-01-05T00:00:00Z", "words": SAID})
}

pub(crate) fn training(account: &str) -> Value {
    json!({
        "account": account,
        "topic": "Passcodes and links",
        "completed_at": "2025-01-05T00:00:00Z",
        "good_until": "2027-01-05T00:00:00Z",
    })
}

pub(crate) fn assessment(choice: &str) -> Value {
    json!({
        "choice": choice,
        "likelihood": "low",
        "impact": "high",
        "reason": "Canary Reason",
        "next_look_at": serde_json::to_value(far_ahead()).unwrap(),
    })
}

/// In less than a year.
fn far_ahead() -> Timestamp {
    let now = Timestamp::from(std::time::SystemTime::now());
    now.plus(Duration::from_secs(300 * 24 * 60 * 60))
}

async fn assess(owner: &Caller, risk: &str, body: Value) -> crate::caller::Answer {
    let path = format!("/risks/{risk}");
    owner.send(Method::PUT, &path, Some(body)).await
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

async fn decide(owner: &Caller, subject: &str, choice: &str) -> crate::caller::Answer {
    let path = format!("/evidence/decisions/{subject}");
    owner.send(Method::PUT, &path, Some(decision(choice))).await
}
