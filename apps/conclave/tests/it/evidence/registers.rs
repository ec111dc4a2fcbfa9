//! What an organisation enters into its registers is part of its evidence.

use std::time::Duration;

use conclave_audit::{Event, Outcome};
use conclave_policy::evidence::RISKS;
use conclave_protocol::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{claim, judged, taken, until};
use crate::caller::Caller;

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
