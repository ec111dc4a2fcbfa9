//! A host makes somebody a co-host, and takes it back: in the meeting that goes on, at once.

use reqwest::StatusCode;

use crate::access::make_co_host;
use crate::caller::{Caller, Made};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::server_in_a_box::Server;

// Shows: REQ-AC-12.
#[tokio::test]
async fn a_co_host_leads_as_long_as_they_are_one() {
    let (server, meeting, host) = open_meeting().await;
    let nobody = Caller::nobody(&server);
    let guest = nobody.come(&meeting, "Bo").await;
    let mut theirs = Channel::open(&server, &meeting, &guest, None).await;
    theirs.next().await;
    let (first, second) = (
        nobody.knock(&meeting, "Cy").await,
        nobody.knock(&meeting, "Di").await,
    );
    assert_eq!(
        guest.post(&admit(&meeting, &first)).await.code(),
        "not_allowed"
    );

    make_co_host(&meeting, &host, &guest).await;

    let welcome = theirs.welcome().await;
    assert_eq!(welcome["you"]["role"], "co_host");
    assert_eq!(welcome["lobby"].as_array().unwrap().len(), 2);
    let admitted = guest.post(&admit(&meeting, &first)).await;
    assert_eq!(admitted.status, StatusCode::OK, "{}", admitted.body);

    let back = about(&meeting, &guest, "take-back-co-host");
    assert_eq!(host.post(&back).await.status, StatusCode::OK);

    let welcome = theirs.welcome().await;
    assert_eq!(welcome["you"]["role"], "guest");
    assert!(welcome["lobby"].as_array().unwrap().is_empty());
    let refused = guest.post(&admit(&meeting, &second)).await;
    assert_eq!(refused.code(), "not_allowed");
    server.stop().await;
}

// Shows: REQ-AC-12, ABUSE-27.
#[tokio::test]
async fn a_co_host_neither_ends_the_meeting_nor_makes_others_nor_takes_from_a_host() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let (co_host, guest) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    make_co_host(&meeting, &host, &co_host).await;

    for path in [
        about(&meeting, &guest, "make-co-host"),
        about(&meeting, &co_host, "take-back-co-host"),
        about(&meeting, &host, "take-back-co-host"),
        about(&meeting, &host, "expel"),
        format!("/meetings/{}/end", meeting.id),
    ] {
        assert_eq!(co_host.post(&path).await.code(), "not_allowed", "{path}");
    }
    for whom in [&host, &guest] {
        let path = about(&meeting, whom, "take-back-co-host");
        assert_eq!(host.post(&path).await.code(), "not_allowed");
    }
    server.stop().await;
}

// Shows: REQ-AC-12, ABUSE-26.
#[tokio::test]
async fn who_is_there_longest_becomes_no_host_when_the_host_is_gone() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let (oldest, other) = (
        nobody.come(&meeting, "Bo").await,
        nobody.come(&meeting, "Cy").await,
    );
    let waits = nobody.knock(&meeting, "Di").await;
    let of_meeting = |act: &str| format!("/meetings/{}/{act}", meeting.id);

    let left = host.post(&of_meeting("leave")).await;
    assert!(left.status.is_success(), "{}", left.body);
    server.wait(std::time::Duration::from_secs(10 * 60));

    for path in [
        admit(&meeting, &waits),
        about(&meeting, &other, "expel"),
        about(&meeting, &oldest, "make-co-host"),
        about(&meeting, &oldest, "hand-over"),
        of_meeting("lock"),
        of_meeting("mute-all"),
        of_meeting("sharing/lock"),
        of_meeting("end"),
    ] {
        assert_eq!(oldest.post(&path).await.code(), "not_allowed", "{path}");
    }
    let mut channel = Channel::open(&server, &meeting, &oldest, None).await;
    let welcome = channel.welcome().await;
    assert_eq!(welcome["you"]["role"], "guest");
    assert!(welcome["lobby"].as_array().unwrap().is_empty());
    server.stop().await;
}

fn admit(meeting: &Made, whom: &Caller) -> String {
    format!("/meetings/{}/lobby/{}/admit", meeting.id, whom.participant)
}

fn about(meeting: &Made, whom: &Caller, act: &str) -> String {
    format!(
        "/meetings/{}/participants/{}/{act}",
        meeting.id, whom.participant
    )
}
