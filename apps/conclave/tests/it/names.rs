//! What people call themselves: nothing that hides, reorders or floods is taken, by whatever way it comes.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::caller::{Caller, accept};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::scim::Directory;
use crate::server_in_a_box::Server;

// Shows: ABUSE-17.
#[tokio::test]
async fn nobody_comes_in_by_a_name_that_hides_reorders_or_floods() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let path = format!("/meetings/{}/join", meeting.code);

    for name in deceptive() {
        for proof in [Some(&meeting.proof), None] {
            let body = json!({"display_name": name, "invitation_proof": proof});
            let refused = nobody.send(Method::POST, &path, Some(body)).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{name:?}");
            assert_eq!(refused.code(), "malformed_request", "{name:?}");
        }
    }

    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let welcome = hosts.welcome().await;
    assert_eq!(welcome["roster"].as_array().unwrap().len(), 1);
    assert_eq!(welcome["lobby"], json!([]));
    server.stop().await;
}

// Shows: ABUSE-17.
#[tokio::test]
async fn no_account_gets_such_a_name() {
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let link = owner.invite("cy@riverside.example", "member").await;
    let (_, token) = link.split_once('#').unwrap();
    let directory = Directory::of(&owner).await;
    let bo = directory.bring("bo.hadley@riverside.example", "42").await;
    let user = format!("/Users/{bo}");
    let nobody = Caller::nobody(&server);

    for name in deceptive() {
        for path in ["/invitations/accept", "/account-requests/confirm"] {
            let mut body = accept(token);
            body["display_name"] = json!(name);
            let refused = nobody.send(Method::POST, path, Some(body)).await;
            assert_eq!(refused.code(), "malformed_request", "{path}: {name:?}");
        }
        let renamed = json!([{"op": "replace", "path": "displayName", "value": name}]);
        directory.patch(&user, renamed).await;
        // A directory's is taken without what is drawn as nothing, or not at all.
        let kept = directory.get(&user).await.text("displayName");
        assert!(
            ["Bo Hadley", "Amy", "AmyHost", "?"].contains(&&*kept),
            "{kept:?}"
        );
    }

    let left = json!([
        {"op": "replace", "path": "displayName", "value": "B\u{ad}o"},
        {"op": "replace", "path": "active", "value": false},
    ]);
    let left = directory.patch(&user, left).await;
    assert!(left.status.is_success(), "{}", left.body);
    assert_eq!(directory.get(&user).await.body["active"], false);
    nobody.accept(token).await;
    server.stop().await;
}

// Shows: REQ-ID-06, ABUSE-17.
#[tokio::test]
async fn a_name_in_letters_that_look_alike_arrives_as_it_was_typed_and_as_a_guests() {
    // Cyrillic. That it reads like the host's is the page's to mark (`look-alike.ts`), which has to get it letter for letter.
    const LIKE_AMY: &str = "\u{410}my";
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let nobody = Caller::nobody(&server);
    let inside = nobody.come(&meeting, LIKE_AMY).await;
    nobody.knock(&meeting, LIKE_AMY).await;

    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let welcome = hosts.welcome().await;

    assert_eq!(welcome["lobby"][0]["display_name"], LIKE_AMY);
    let roster = welcome["roster"].as_array().unwrap();
    let theirs = roster
        .iter()
        .find(|entry| entry["participant"] == inside.participant);
    let theirs = theirs.unwrap();
    assert_eq!(theirs["display_name"], LIKE_AMY);
    assert_eq!(
        (&theirs["role"], &theirs["signed_in"]),
        (&json!("guest"), &json!(false))
    );
    server.stop().await;
}

// Shows: REQ-ID-06.
#[tokio::test]
async fn a_name_with_a_variant_of_an_ideograph_arrives_as_it_was_typed() {
    const NAME: &str = "葛\u{e0100}城";
    let (server, meeting, host) = open_meeting().await;
    Caller::nobody(&server).knock(&meeting, NAME).await;

    let mut hosts = Channel::open(&server, &meeting, &host, None).await;
    let welcome = hosts.welcome().await;

    assert_eq!(welcome["lobby"][0]["display_name"], NAME);
    server.stop().await;
}

/// What could pass for the host's name, for nobody's, or for more than a name.
fn deceptive() -> Vec<String> {
    let mut names: Vec<_> = [
        // Reordered (UAX 9): overrides, embeddings, isolates, marks.
        "\u{202e}ymA",
        "A\u{202d}my",
        "A\u{2066}my\u{2069}",
        "A\u{200f}my",
        "A\u{61c}my",
        // Of width nothing.
        "A\u{200b}my",
        "A\u{200d}my",
        "A\u{2060}my",
        "A\u{feff}my",
        "A\u{ad}my",
        "Amy\u{3164}",
        "A\u{e0100}my",
        "\u{fe0f}",
        "\u{3164}",
        // Controls: a line of its own, the terminal's, the end of a C string.
        "Amy\nHost",
        "Amy\u{2028}Host",
        "\u{1b}[2JAmy",
        "Amy\u{7}",
        "A\0my",
        "   ",
        "",
    ]
    .map(str::to_owned)
    .into();
    names.push("x".repeat(65));
    names.push("x".repeat(10 * 1_024));
    names
}
