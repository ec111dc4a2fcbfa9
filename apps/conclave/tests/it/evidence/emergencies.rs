//! Emergency access is part of the evidence.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{ci, judged, passed, program, until};
use crate::caller::Caller;
use crate::emergency::drill;

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
