//! What was changed behind the server's back is on record.

use std::time::Duration;

use conclave::Config;

use crate::audit_log::covers;
use crate::caller::Caller;
use crate::evidence::until;
use crate::server_in_a_box::Server;

// Shows: REQ-AU-01, REQ-IN-08.
#[tokio::test]
async fn what_was_changed_behind_the_servers_back_is_found_by_itself_and_on_record_once() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    covers(&owner, "meeting.create").await;
    let (position, _) = server.entries_after(0).await;
    server
        .tamper(
            "DROP TRIGGER audit_outbox_keeps_its_words;
             UPDATE audit_outbox
             SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"done\"', '\"none\"') AS BLOB)
             WHERE position = (SELECT MIN(position) FROM audit_entry WHERE log = 2)",
        )
        .await;

    let often = |config: &mut Config| config.evidence.every = Duration::from_secs(1);
    let server = server.restart_with(often).await;

    let found = async {
        loop {
            let (_, entries) = server.entries_after(position).await;
            let faults = entries
                .iter()
                .filter(|entry| entry.event.name() == "system.integrity");
            if faults.count() > 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, found).await.unwrap();
    let owner = Caller::sign_in(&server).await;
    for claim in ["audit.verifiable", "authenticate.stored"] {
        let red = until(&owner, claim, "not_met").await;
        let mut grounds = red["grounds"].as_array().unwrap().iter();
        assert!(
            grounds.any(|one| one["name"] == "log" && one["standing"] == "fails"),
            "{red}"
        );
    }
    // Whatever that run still had to say is said when it has ended.
    let server = server.restart().await;
    let (_, entries) = server.entries_after(position).await;
    let names: Vec<_> = entries.iter().map(|entry| entry.event.name()).collect();
    let started = names.iter().rposition(|name| *name == "system.start");
    let faults = names[..started.unwrap()]
        .iter()
        .filter(|name| **name == "system.integrity");
    assert_eq!(faults.count(), 1);
    server.stop().await;
}
