//! Ending, turning away, leaving and signing off, over HTTP, while the database can't be written.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::access::make_co_host;
use crate::caller::{Caller, Made, verifier};
use crate::server_in_a_box::Server;

// Shows: ABUSE-62.
#[tokio::test]
async fn the_essential_acts_work_while_nothing_can_be_written() {
    let server = Server::start().await;
    let scene = Scene::set(&server).await;
    // Long enough for each session's activity to be due.
    server.wait(Duration::from_secs(31));
    let blockade = server.block_writes().await;

    let (denied, taken_back, expelled, left, ended, ended_by_host, signed_out, suspended) = tokio::join!(
        scene.host.post(&scene.deny),
        scene.host.post(&scene.take_back),
        scene.host.post(&scene.expel),
        scene.guest.post(&scene.leave),
        scene.owner.post(&scene.end_other),
        scene.other_host.post(&scene.end_third),
        scene.second.send(Method::DELETE, "/session", None),
        scene.owner.change(scene.suspended, "suspend"),
    );

    for (act, answer) in [
        ("deny", denied),
        ("take back", taken_back),
        ("expel", expelled),
        ("leave", left),
        ("end", ended),
        ("end as participant", ended_by_host),
    ] {
        assert_eq!(answer.status, StatusCode::OK, "{act}: {}", answer.body);
    }
    assert_eq!(signed_out.status, StatusCode::NO_CONTENT);
    assert_eq!(scene.second.get("/session").await.code(), "not_signed_in");
    assert_eq!(
        suspended.status,
        StatusCode::NO_CONTENT,
        "{}",
        suspended.body
    );
    assert_eq!(scene.member.get("/session").await.code(), "not_signed_in");
    assert_eq!(
        scene.members_guest.post(&scene.members_ticket).await.code(),
        "meeting_ended"
    );
    drop(blockade);
    server.stop().await;
}

// Shows: ABUSE-62.
#[tokio::test]
async fn an_ordinary_act_is_not_done_while_it_can_not_be_recorded_nor_later() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    let before = created(&server).await;
    let blockade = server.block_writes().await;

    let body = json!({"title": "Never made", "invitation_verifier": verifier(b"proof")});
    let refused = owner.send(Method::POST, "/meetings", Some(body)).await;

    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.code(), "store_unavailable");
    drop(blockade);
    // Whatever was kept to be written later is, once it has started again.
    let server = server.restart().await;
    let owner = Caller::sign_in(&server).await;
    let made = owner.make_meeting().await;
    let listed = owner.get("/meetings").await.body;
    assert!(listed.to_string().contains(&made.id), "{listed}");
    assert!(!listed.to_string().contains("Never made"), "{listed}");
    assert_eq!(created(&server).await, before + 1);
    server.stop().await;
}

/// How many entries there are of meetings that somebody made, or tried to.
async fn created(server: &Server) -> usize {
    let entries = server.entries().await.into_iter();
    let created = entries.filter(|entry| entry.event.name() == "meeting.create");
    created.count()
}

/// Two sessions of one account, and three meetings, so that all acts can happen at one time.
struct Scene {
    owner: Caller,
    second: Caller,
    host: Caller,
    guest: Caller,
    other_host: Caller,
    /// Hosts a meeting of their own, which ends with their account.
    member: Caller,
    suspended: uuid::Uuid,
    members_guest: Caller,
    members_ticket: String,
    deny: String,
    take_back: String,
    expel: String,
    leave: String,
    end_other: String,
    end_third: String,
}

impl Scene {
    async fn set(server: &Server) -> Self {
        let owner = Caller::owner(server).await;
        let second = Caller::sign_in(server).await;
        let (meeting, other, third) = (
            owner.make_meeting().await,
            owner.make_meeting().await,
            owner.make_meeting().await,
        );
        let host = owner.come(&meeting, "Amy").await;
        let nobody = Caller::nobody(server);
        let waiting = nobody.knock(&meeting, "Bo").await;
        let inside = nobody.come(&meeting, "Di").await;
        let co_host = nobody.come(&meeting, "Ed").await;
        make_co_host(&meeting, &host, &co_host).await;
        let member = owner.invited("bo.hadley@riverside.example", "member").await;
        let members = member.make_meeting().await;
        member.come(&members, "Bo").await;
        let end = |meeting: &Made| format!("/meetings/{}/end", meeting.id);
        Self {
            suspended: member.account().await,
            members_guest: nobody.come(&members, "Fi").await,
            members_ticket: format!("/meetings/{}/ticket", members.id),
            member,
            guest: nobody.come(&meeting, "Cy").await,
            // With cookie and credential, as the browser application sends it.
            other_host: owner.come(&third, "Amy").await,
            deny: format!(
                "/meetings/{}/lobby/{}/deny",
                meeting.id, waiting.participant
            ),
            take_back: format!(
                "/meetings/{}/participants/{}/take-back-co-host",
                meeting.id, co_host.participant
            ),
            expel: format!(
                "/meetings/{}/participants/{}/expel",
                meeting.id, inside.participant
            ),
            leave: format!("/meetings/{}/leave", meeting.id),
            end_other: end(&other),
            end_third: end(&third),
            owner,
            second,
            host,
        }
    }
}
