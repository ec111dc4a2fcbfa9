//! Anomalies: what the rules find in the log, once, for whom, and what somebody thinks of it.

use std::time::Duration;

use conclave_audit::{Entry, Event};
use conclave_protocol::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, EMAIL};
use crate::server_in_a_box::Server;

const NOTE: &str = "Zacharias Quimby forgot it.\nHe has another now.";

/// A server whose rules look all the time.
async fn start() -> Server {
    Server::start_with(|config| {
        config.anomalies.every = Duration::from_secs(1);
        config.lockout.threshold = 100;
    })
    .await
}

async fn guess(server: &Server, times: usize) {
    let nobody = Caller::nobody(server);
    for _ in 0..times {
        let wrong = json!({"email": EMAIL, "password": "a wrong but long password"});
        let refused = nobody.send(Method::POST, "/session", Some(wrong)).await;
        assert_eq!(refused.code(), "sign_in_failed");
    }
}

fn found<'a>(entries: &'a [Entry], rule: &str) -> Vec<&'a Entry> {
    let is_of = |entry: &&Entry| match &entry.event {
        Event::AnomalyFound { rule: found, .. } => found.as_str() == rule,
        _ => false,
    };
    entries.iter().filter(is_of).collect()
}

/// Until the rules have looked at all that is on record.
async fn looked(server: &Server) {
    let all = async {
        loop {
            let (last, _) = server.entries_after(0).await;
            let seen = server.store().anomalies_looked_at().await.unwrap();
            if seen >= last {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all)
        .await
        .unwrap();
}

async fn listed(caller: &Caller, rule: &str) -> Vec<Value> {
    let list = caller.get("/admin/anomalies").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.body);
    let findings = list.body["findings"].as_array().unwrap().iter();
    let of_rule = findings.filter(|finding| finding["rule"] == rule);
    of_rule.cloned().collect()
}

async fn review(caller: &Caller, id: &str) -> Answer {
    let path = format!("/admin/anomalies/{id}/review");
    let body = json!({"outcome": "explained", "note": NOTE});
    caller.send(Method::POST, &path, Some(body)).await
}

const RULE: &str = "refused_sign_ins_of_account";

// Shows: REQ-AU-08.
#[tokio::test]
async fn ten_refused_sign_ins_are_one_finding_also_after_a_restart_and_not_elsewhere() {
    let server = start().await;
    let owner = Caller::owner(&server).await;
    let elsewhere = owner.invited("di@lakeside.example", "owner").await;
    server
        .tamper(
            "INSERT INTO organisation (id, name, created_at)
             VALUES (x'0199000000007000800000000000000a', 'Lakeside', 9000000000000000);
             UPDATE account SET organisation = x'0199000000007000800000000000000a'
             WHERE email = 'di@lakeside.example';
             UPDATE web_session SET assurance = 'totp'",
        )
        .await;
    guess(&server, 9).await;
    looked(&server).await;
    assert!(found(&server.entries().await, RULE).is_empty());

    guess(&server, 3).await;
    looked(&server).await;

    let entries = server.entries().await;
    let findings = found(&entries, RULE);
    assert_eq!(findings.len(), 1);
    let Event::AnomalyFound {
        subject,
        count,
        window_minutes,
        ..
    } = &findings[0].event
    else {
        panic!("another event");
    };
    let account = owner.account().await;
    assert_eq!(*subject, Some(account));
    assert!((10..=12).contains(count), "{count}");
    assert_eq!(*window_minutes, 15);
    let theirs = listed(&owner, RULE).await;
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0]["subject"], account.to_string());
    assert_eq!(theirs[0]["display_name"], "Amy Weatherwax");
    assert!(listed(&elsewhere, RULE).await.is_empty());
    let metrics = reqwest::get(format!("{}/metrics", server.admin_url())).await;
    let metrics = metrics.unwrap().text().await.unwrap();
    let counted = format!("conclave_anomalies_found_total{{rule=\"{RULE}\"}} 1");
    assert!(metrics.contains(&counted), "{metrics}");

    let server = server
        .restart_with(|config| config.anomalies.every = Duration::from_secs(1))
        .await;
    looked(&server).await;
    assert_eq!(found(&server.entries().await, RULE).len(), 1);
    server.stop().await;
}

// Shows: REQ-AU-08.
#[tokio::test]
async fn a_finding_is_reviewed_once_by_somebody_else_and_what_they_say_is_sealed() {
    let server = start().await;
    let owner = Caller::owner(&server).await;
    let auditor = owner.invited("bo@riverside.example", "auditor").await;
    let manager = owner
        .invited("cy@riverside.example", "account_manager")
        .await;
    server
        .tamper("UPDATE web_session SET assurance = 'totp'")
        .await;
    guess(&server, 10).await;
    looked(&server).await;
    let finding = listed(&manager, RULE).await.remove(0);
    let id = finding["id"].as_str().unwrap();
    let words = format!("/admin/anomalies/{id}/words");

    assert_eq!(review(&manager, id).await.code(), "not_allowed");
    assert_eq!(manager.get(&words).await.code(), "not_allowed");
    // It is about the owner's own account.
    assert_eq!(review(&owner, id).await.code(), "needs_another");
    assert_eq!(auditor.get(&words).await.body, json!({"note": null}));
    let reviewed = review(&auditor, id).await;
    assert_eq!(reviewed.status, StatusCode::NO_CONTENT, "{}", reviewed.body);
    assert_eq!(review(&auditor, id).await.code(), "anomaly_reviewed");

    let finding = listed(&manager, RULE).await.remove(0);
    assert_eq!(finding["review"]["outcome"], "explained");
    assert_eq!(finding["review"]["by_name"], "Bo Hadley");
    assert_eq!(owner.get(&words).await.body, json!({"note": NOTE}));
    let entries = server.entries().await;
    let of = |name: &'static str| entries.iter().filter(move |e| e.event.name() == name);
    let done = of("anomaly.review").find(|entry| entry.sealed.is_some());
    assert!(done.is_some());
    assert_eq!(of("anomaly.read").filter(|e| e.reason.is_none()).count(), 2);
    for entry in &entries {
        let bytes = entry.to_canonical().ok().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("Quimby"), "{text}");
    }
    server.stop().await;
}

// Shows: REQ-AU-08.
#[tokio::test]
async fn rules_are_set_within_their_bounds_and_turned_off_and_that_is_found_too() {
    let server = start().await;
    let owner = Caller::owner(&server).await;
    let rules = owner.get("/admin/anomalies/rules").await.body;
    assert_eq!(rules["revision"], 0);
    assert_eq!(rules["rules"].as_array().unwrap().len(), 11);
    let set = async |revision: u64, rule: Value| {
        let body = json!({"revision": revision, "rules": [rule]});
        owner
            .send(Method::PUT, "/admin/anomalies/rules", Some(body))
            .await
    };
    let rule = |is_on: bool, threshold: u32| {
        let setting = json!({"is_on": is_on, "threshold": threshold, "window_minutes": 15});
        json!({"rule": RULE, "setting": setting})
    };

    assert_eq!(set(0, rule(true, 2)).await.code(), "anomaly_rules_invalid");
    assert_eq!(set(7, rule(true, 5)).await.code(), "changed_meanwhile");
    let strict = set(0, rule(true, 5)).await;
    assert_eq!(strict.body["revision"], 1, "{}", strict.body);
    guess(&server, 5).await;
    looked(&server).await;
    assert_eq!(listed(&owner, RULE).await.len(), 1);
    assert!(listed(&owner, "policy_loosened").await.is_empty());
    let off = set(1, rule(false, 5)).await;
    assert_eq!(off.status, StatusCode::OK, "{}", off.body);
    server.wait(Duration::from_secs(20 * 60));
    guess(&server, 10).await;
    looked(&server).await;
    assert_eq!(listed(&Caller::sign_in(&server).await, RULE).await.len(), 1);
    let loosened = async || found(&server.entries().await, "policy_loosened").len();
    assert_eq!(loosened().await, 1);

    // Also the turning off of the rule that looks for it.
    server.wait(Duration::from_secs(2 * 60 * 60));
    let owner = Caller::sign_in(&server).await;
    let setting = json!({"is_on": false, "threshold": 1, "window_minutes": 60});
    let rule = json!({"rule": "policy_loosened", "setting": setting});
    let body = json!({"revision": 2, "rules": [rule]});
    let path = "/admin/anomalies/rules";
    let off = owner.send(Method::PUT, path, Some(body)).await;
    assert_eq!(off.body["revision"], 3, "{}", off.body);
    looked(&server).await;
    assert_eq!(loosened().await, 2);
    let finding = listed(&owner, "policy_loosened").await.remove(0);
    let own = review(&owner, finding["id"].as_str().unwrap()).await;
    assert_eq!(own.code(), "needs_another");
    server.stop().await;
}

// Shows: REQ-AU-08.
#[tokio::test]
async fn the_log_tells_of_administrators_unknown_browsers_loosened_policies_and_guessed_codes() {
    let server = start().await;
    let owner = Caller::owner(&server).await;
    owner.invited("bo@riverside.example", "admin").await;
    // Without the cookie by which a browser is known again.
    Caller::sign_in(&server).await;
    let strict = json!({"guests": {"value": false}});
    crate::policy::set(&owner, "organisation", strict).await;
    looked(&server).await;
    assert!(found(&server.entries().await, "policy_loosened").is_empty());
    crate::policy::set(&owner, "organisation", json!({})).await;
    // Whoever guesses is slowed down before it is as many as usually count.
    let setting = json!({"is_on": true, "threshold": 5, "window_minutes": 60});
    set_rule(&owner, 0, "guessed_meeting_codes", setting).await;
    server.wait(Duration::from_secs(1));
    let nobody = Caller::nobody(&server);
    for code in 0..20 {
        let path = format!("/meetings/000-000-0{code:02}/join");
        let name = json!({"display_name": "Cy"});
        nobody.send(Method::POST, &path, Some(name)).await;
    }
    looked(&server).await;

    let entries = server.entries().await;
    for rule in ["administrator_made", "unknown_browser", "policy_loosened"] {
        assert_eq!(found(&entries, rule).len(), 1, "{rule}");
    }
    let made = listed(&owner, "administrator_made").await.remove(0);
    let own = review(&owner, made["id"].as_str().unwrap()).await;
    assert_eq!(own.code(), "needs_another");
    let guessed = found(&entries, "guessed_meeting_codes");
    assert_eq!(guessed.len(), 1);
    assert!(guessed[0].src.is_some());
    server.stop().await;
}

// Shows: REQ-AU-08.
#[tokio::test]
async fn an_export_is_unusual_outside_of_the_usual_hours_and_not_within_them() {
    let server = start().await;
    let owner = Caller::owner(&server).await;
    let hour = hour_of(server.now());
    // An hour may end while this runs.
    let other = (hour + 12) % 24;
    let hours = |from: i64, to: i64| {
        let usual = json!({"from": from, "to": to});
        json!({"is_on": true, "threshold": 1, "window_minutes": 60, "usual_hours": usual})
    };
    let exported = async |revision, setting| {
        set_rule(&owner, revision, "exports_outside_hours", setting).await;
        server.wait(Duration::from_secs(1));
        owner.get("/admin/reports/usage?format=csv").await;
        looked(&server).await;
        found(&server.entries().await, "exports_outside_hours").len()
    };

    assert_eq!(exported(0, hours(hour, other)).await, 0);
    assert_eq!(exported(1, hours(other, (other + 1) % 24)).await, 1);
    server.stop().await;
}

async fn set_rule(owner: &Caller, revision: u64, rule: &str, setting: Value) {
    let body = json!({"revision": revision, "rules": [{"rule": rule, "setting": setting}]});
    let set = owner
        .send(Method::PUT, "/admin/anomalies/rules", Some(body))
        .await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_micros()
        .div_euclid(60 * 60 * 1_000_000)
        .rem_euclid(24)
}
