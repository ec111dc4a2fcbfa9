//! Meetings for later: repeated, changed and cancelled, with one code and one link.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, Made, verifier};
use crate::server_in_a_box::Server;

const BEA: &str = "bea@riverside.example";

#[tokio::test]
async fn a_meeting_that_repeats_keeps_its_code_its_link_and_its_list() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let first = schedule(&owner).await;
    let listed = owner.get("/meetings").await.body["meetings"][0].clone();
    assert_eq!(listed["starts_at"], "2035-03-20T08:00:00Z");
    let begins: Vec<_> = listed["occurrences"].as_array().unwrap().iter().collect();
    // The clocks of Berlin change on 25 March 2035.
    assert_eq!(begins[1]["begins"], "2035-03-27T07:00:00Z");
    assert_eq!(begins[1]["start"], "2035-03-27T09:00");
    let guest = Caller::nobody(&server).come(&first, "Bo").await;
    let waits = owner.get("/meetings").await.body["meetings"][0].clone();
    assert_eq!(waits["waiting"], 0, "nobody is connected");
    let host = owner.come(&first, "Amy").await;

    let end = host.post(&format!("/meetings/{}/end", first.id)).await;

    assert_eq!(end.status, StatusCode::OK, "{}", end.body);
    let gone = guest.post(&format!("/meetings/{}/ticket", first.id)).await;
    assert_eq!(gone.code(), "meeting_ended");
    let list = owner.get("/meetings").await.body["meetings"].clone();
    let (next, over) = (&list[0], &list[1]);
    assert_eq!(
        (&next["state"], &over["state"]),
        (&json!("scheduled"), &json!("ended"))
    );
    assert_eq!(
        (&next["code"], &next["series"]),
        (&over["code"], &json!(first.id))
    );
    assert_eq!(
        (&next["title"], &next["schedule"]),
        (&over["title"], &over["schedule"])
    );
    assert_eq!(over["occurrences"], json!([]));
    let next = Made {
        id: next["id"].as_str().unwrap().to_owned(),
        ..first.clone()
    };
    let invited = owner.get(&format!("/meetings/{}/invited", next.id)).await;
    assert_eq!(invited.body, json!({"invited": [BEA]}));
    let again = Caller::nobody(&server).come(&next, "Bo").await;
    let host = owner.come(&next, "Amy").await;
    let ticket = format!("/meetings/{}/ticket", next.id);
    assert_eq!(again.post(&ticket).await.status, StatusCode::CREATED);
    // After the last there is no other.
    server.wait(std::time::Duration::from_secs(20 * 366 * 24 * 60 * 60));
    let host = host.post(&format!("/meetings/{}/end", next.id)).await;
    assert_eq!(host.status, StatusCode::OK, "{}", host.body);
    let join = format!("/meetings/{}/join", next.code);
    let name = json!({"display_name": "Cy"});
    let late = Caller::nobody(&server)
        .send(Method::POST, &join, Some(name))
        .await;
    assert_eq!(late.code(), "meeting_not_found");
    server.stop().await;
}

#[tokio::test]
async fn two_editors_cannot_overwrite_each_other_and_what_is_cancelled_is_gone() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = schedule(&owner).await;
    let path = format!("/meetings/{}", meeting.id);
    let change = async |body| owner.send(Method::PUT, &path, Some(body)).await;

    let changed_first = change(changed(0)).await;
    let changed_second = change(changed(0)).await;

    assert_eq!(
        changed_first.status,
        StatusCode::OK,
        "{}",
        changed_first.body
    );
    assert_eq!(changed_first.body["sequence"], 1);
    assert_eq!(changed_first.text("code"), meeting.code);
    assert_eq!(
        changed_first.body["occurrences"].as_array().unwrap().len(),
        1
    );
    assert_eq!(changed_second.code(), "changed_meanwhile");
    let other = owner.invited("cy@riverside.example", "member").await;
    let others = other.send(Method::PUT, &path, Some(changed(1))).await;
    assert_eq!(others.code(), "meeting_not_found");
    let mut nowhere = changed(1);
    nowhere["schedule"]["zone"] = "Europe/Atlantis".into();
    assert_eq!(change(nowhere).await.code(), "schedule_invalid");
    let cancel = format!("{path}/cancel");
    let cancel = async |sequence: u64| {
        let body = json!({"sequence": sequence});
        owner.send(Method::POST, &cancel, Some(body)).await
    };
    assert_eq!(cancel(0).await.code(), "changed_meanwhile");
    assert_eq!(cancel(1).await.status, StatusCode::OK);
    assert_eq!(cancel(2).await.code(), "meeting_ended");
    let name = json!({"display_name": "Cy", "invitation_proof": meeting.proof});
    let join = format!("/meetings/{}/join", meeting.code);
    let late = Caller::nobody(&server)
        .send(Method::POST, &join, Some(name))
        .await;
    assert_eq!(late.code(), "meeting_not_found");
    server.stop().await;
}

// Shows: REQ-LO-03.
#[tokio::test]
async fn when_a_meeting_ends_by_itself_is_shown_and_changed_within_the_servers_bounds() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = schedule(&owner).await;
    let path = format!("/meetings/{}", meeting.id);
    let change = async |sequence, time_outs: Option<Value>| {
        let mut body = changed(sequence);
        if let Some(time_outs) = time_outs {
            body["time_outs"] = time_outs;
        }
        owner.send(Method::PUT, &path, Some(body)).await
    };
    let own = json!({"empty": 300, "host_absent": null, "longest": 7200, "idle_share": null});
    let none = json!({"empty": null, "host_absent": null, "longest": null, "idle_share": null});
    let made = owner.get("/meetings").await;
    assert_eq!(made.body["meetings"][0]["time_outs"], none);

    for wrong in [json!({"longest": 119}), json!({"empty": 3601})] {
        assert_eq!(change(0, Some(wrong)).await.code(), "time_out_invalid");
    }
    assert_eq!(change(0, Some(own.clone())).await.body["time_outs"], own);
    // What does not speak of them leaves them.
    assert_eq!(change(1, None).await.body["time_outs"], own);
    let listed = owner.get("/meetings").await;
    assert_eq!(listed.body["meetings"][0]["time_outs"], own);
    assert_eq!(change(2, Some(json!({}))).await.body["time_outs"], none);
    server.stop().await;
}

/// Three times on Tuesdays at nine in Berlin, with somebody on its list.
async fn schedule(owner: &Caller) -> Made {
    let body = json!({
        "title": "Ward round",
        "invitation_verifier": verifier(b"proof"),
        "invited": [BEA],
        "schedule": {
            "start": "2035-03-20T09:00",
            "zone": "Europe/Berlin",
            "minutes": 30,
            "repeats": {"every": "week", "days": ["tuesday"], "count": 3},
        },
    });
    let answer: Answer = owner.send(Method::POST, "/meetings", Some(body)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    Made {
        id: answer.text("id"),
        code: answer.text("code"),
        proof: "cHJvb2Y".to_owned(),
    }
}

/// Another title and time, of which one is cancelled.
pub(crate) fn changed(sequence: u64) -> Value {
    json!({
        "sequence": sequence,
        "title": "Round of the ward",
        "entry": "link",
        "uninvited": "wait",
        "schedule": {
            "start": "2035-03-20T10:00",
            "zone": "Europe/Berlin",
            "minutes": 45,
            "repeats": {"every": "day", "count": 2},
            "cancelled": ["2035-03-21T10:00"],
        },
    })
}
