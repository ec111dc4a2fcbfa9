//! The delivery of a meeting's MLS group, over its channels and through restarts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::caller::{Caller, Made};
use crate::channel::{Channel, open_meeting, open_meeting_at};
use crate::server_in_a_box::Server;
use crate::support::wait_for;

#[path = "../../../../core/policy/src/delivery/forge.rs"]
#[expect(dead_code, reason = "only some of it is needed here")]
mod forge;

/// How a commit refers to the server's proposal.
fn reference(proposal: &[u8]) -> forge::Change {
    let hash = conclave_policy::delivery::framing::reference(0x4e, proposal).unwrap();
    forge::Change::Reference(hash.try_into().unwrap())
}

#[tokio::test]
async fn the_first_creates_the_group_and_the_next_enters_it() {
    let (server, meeting, host) = open_meeting().await;
    let mut amy = Member::open(&server, &meeting, &host).await;
    assert_eq!(amy.welcome["mls"]["group"], Value::Null);
    assert_eq!(amy.welcome["mls"]["required"], true);

    amy.enter().await;
    let mut bo = Member::come(&server, &meeting, "Bo").await;
    bo.enter().await;

    let current = &bo.welcome["mls"]["group"];
    assert_eq!(
        (&current["id"], &current["epoch"]),
        (&json!(amy.group()), &json!(0))
    );
    let entered = amy.hear("mls_commit").await;
    assert_eq!(entered["event"]["sender"], bo.caller.participant);
    assert_eq!(entered["event"]["epoch"], 0);
    for member in [&mut amy, &mut bo] {
        member.processed(1).await;
    }
    for member in [&mut amy, &mut bo] {
        member.all_processed(1).await;
    }
    let recorded = server.entries().await;
    let names: Vec<_> = recorded.iter().map(|entry| entry.event.name()).collect();
    let of_groups = names.iter().filter(|name| name.starts_with("e2ee."));
    assert_eq!(
        of_groups.collect::<Vec<_>>(),
        [&"e2ee.group", &"e2ee.epoch"]
    );
    server.stop().await;
}

#[tokio::test]
async fn of_two_commits_for_one_epoch_one_wins_and_the_other_is_stale() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;

    amy.update(1).await;
    bo.update(1).await;

    let (won, lost) = (amy.outcome().await, bo.outcome().await);
    let (winner, refused) = match won["type"] == "event" {
        true => (&amy, lost),
        false => (&bo, won),
    };
    assert_eq!(
        (&refused["type"], &refused["reason"]),
        (&json!("mls_refused"), &json!("stale"))
    );
    let group = server.store().group(meeting.id.parse().unwrap()).await;
    let commits = group.unwrap().unwrap().commits;
    assert_eq!(commits.len(), 2);
    assert_eq!(commits[1].sender.to_string(), winner.caller.participant);
    server.stop().await;
}

#[tokio::test]
async fn who_leaves_is_removed_by_a_commit_of_those_who_stay() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, bo] = two(&server, &meeting, &host).await;

    let leave = format!("/meetings/{}/leave", meeting.id);
    assert!(bo.caller.post(&leave).await.status.is_success());

    let removal = amy.hear("mls_removal").await;
    assert_eq!(removal["event"]["committer"], amy.caller.participant);
    let proposals = removal["event"]["proposals"].as_array().unwrap();
    let proposal = STANDARD.decode(proposals[0].as_str().unwrap()).unwrap();
    assert_eq!(proposal[38..42], 1_u32.to_be_bytes());
    assert_eq!(amy.slot().await["kind"], "commit");
    amy.commit(1, Some(0), None, &[reference(&proposal)]).await;
    assert_eq!(amy.hear("mls_commit").await["event"]["epoch"], 1);
    // Whatever was to be recorded is, once it has stopped.
    let server = server.restart().await;
    let recorded = server.entries().await;
    let removal = recorded
        .iter()
        .find(|entry| entry.event.name() == "e2ee.removal");
    let object = removal.unwrap().event.object().unwrap();
    assert_eq!(object.id.to_string(), bo.caller.participant);
    server.stop().await;
}

// Shows: REQ-AU-01.
#[tokio::test]
async fn a_group_whose_commit_is_refused_ends_on_record_with_whom_nobody_trusts() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;
    amy.update(1).await;
    bo.hear("mls_commit").await;

    let group = bo.group();
    bo.say(json!({"type": "mls_invalid", "group": group, "epoch": 2}))
        .await;

    for member in [&mut amy, &mut bo] {
        let ended = member.hear("mls_ended").await;
        assert_eq!(ended["event"]["group"], group);
    }
    // One word against a host turns away whoever said it.
    let distrust = wait_for(&server, "e2ee.distrust").await;
    let whom = distrust.event.object().unwrap().id.to_string();
    assert_eq!(whom, bo.caller.participant);
    let ended = wait_for(&server, "e2ee.group_end").await;
    assert_eq!(ended.reason.unwrap().as_str(), "refused");
    assert_eq!(ended.event.object().unwrap().id.to_string(), meeting.id);
    bo.say(json!({"type": "mls_join"})).await;
    assert_eq!(bo.outcome().await["reason"], "throttled");
    amy.say(json!({"type": "mls_join"})).await;
    assert_eq!(amy.slot().await["kind"], "create");
    server.stop().await;
}

#[tokio::test]
async fn a_silent_committer_is_taken_over() {
    let (server, meeting, host) = open_meeting().await;
    let [_silent, mut bo] = two(&server, &meeting, &host).await;
    let mut cy = Member::come(&server, &meeting, "Cy").await;
    cy.enter().await;

    let leave = format!("/meetings/{}/leave", meeting.id);
    assert!(cy.caller.post(&leave).await.status.is_success());

    let first = bo.hear("mls_removal").await;
    assert_eq!(first["event"]["committer"], host.participant);
    let second = bo.hear("mls_removal").await;
    assert_eq!(second["event"]["committer"], bo.caller.participant);
    assert_eq!(second["event"]["proposals"], first["event"]["proposals"]);
    bo.slot().await;
    let proposal = second["event"]["proposals"][0].as_str().unwrap();
    let removal = reference(&STANDARD.decode(proposal).unwrap());
    bo.commit(2, Some(1), None, &[removal]).await;
    bo.hear("mls_commit").await;
    server.stop().await;
}

#[tokio::test]
async fn a_restart_keeps_the_group_and_replays_what_a_member_missed() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;
    amy.update(1).await;
    amy.hear("mls_commit").await;

    let server = server.restart().await;

    amy.reopen(&server, &meeting).await;
    bo.reopen(&server, &meeting).await;
    let current = json!({"id": amy.group(), "epoch": 2, "replays_from": 0});
    assert_eq!(bo.welcome["mls"]["group"], current);
    amy.update(1).await;
    assert_eq!(amy.outcome().await["reason"], "stale");
    bo.processed(1).await;
    assert_eq!(bo.hear("mls_commit").await["event"]["epoch"], 1);
    for member in [&mut amy, &mut bo] {
        member.processed(2).await;
    }
    amy.all_processed(2).await;
    bo.all_processed(2).await;
    bo.update(2).await;
    assert_eq!(amy.hear("mls_commit").await["event"]["epoch"], 2);
    server.stop().await;
}

#[tokio::test]
async fn a_commit_that_is_not_kept_is_refused_and_the_next_one_is_taken() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;
    let blockade = server.block_writes().await;

    amy.update(1).await;

    let refused = amy.outcome().await;
    assert_eq!(refused["type"], "mls_refused");
    let group = server.store().group(meeting.id.parse().unwrap()).await;
    assert_eq!(group.unwrap().unwrap().epoch.0, 1);
    drop(blockade);
    loop {
        amy.update(1).await;
        if amy.outcome().await["type"] == "event" {
            break;
        }
    }
    assert_eq!(bo.hear("mls_commit").await["event"]["epoch"], 1);
    server.stop().await;
}

#[tokio::test]
async fn garbage_is_refused_and_harms_nobody() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;

    let garbage = STANDARD.encode([0xff; 6_000]);
    bo.say(json!({
        "type": "mls_commit", "group": bo.group(), "epoch": 1, "commit": garbage, "group_info": ""
    }))
    .await;
    assert_eq!(bo.outcome().await["reason"], "malformed");
    bo.update(1).await;
    bo.hear("mls_commit").await;
    amy.hear("mls_commit").await;
    for words in [
        json!({"type": "mls_commit", "group": "AA", "epoch": 1, "commit": "", "group_info": ""}),
        json!({"type": "mls_processed", "group": bo.group(), "epoch": -1}),
        json!({"type": "ack", "seq": 1, "padding": "x".repeat(5_000)}),
    ] {
        let mut member = Member::open(&server, &meeting, &bo.caller).await;
        member.say(words).await;
        assert_eq!(member.channel.bye().await, "malformed");
    }
    let mut member = Member::open(&server, &meeting, &bo.caller).await;
    member
        .say(json!({"type": "ping", "x": "x".repeat(3_000_000)}))
        .await;
    assert!(member.channel.is_closed().await);
    amy.update(2).await;
    assert_eq!(amy.hear("mls_commit").await["event"]["epoch"], 2);
    server.stop().await;
}

#[tokio::test]
async fn a_large_groups_commit_goes_through() {
    let (server, meeting, host) = open_meeting().await;
    let mut amy = Member::open(&server, &meeting, &host).await;
    amy.enter().await;
    let group = amy.id;

    let info = forge::group_info_with_tree(group, 1, 0, 900_000);
    let commit = forge::commit(group, 0, Some(0), &[]);
    amy.say(json!({
        "type": "mls_commit", "group": amy.group(), "epoch": 0,
        "commit": STANDARD.encode(commit), "group_info": STANDARD.encode(info)
    }))
    .await;

    assert_eq!(amy.hear("mls_commit").await["event"]["epoch"], 0);
    let mut bo = Member::come(&server, &meeting, "Bo").await;
    bo.say(json!({"type": "mls_join"})).await;
    let slot = bo.slot().await;
    assert!(slot["group_info"].as_str().unwrap().len() > 1_200_000);
    server.stop().await;
}

// Shows: ABUSE-29.
#[tokio::test]
async fn a_flood_is_slowed_down() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;

    for _ in 0..12 {
        bo.commit(9, Some(1), None, &[]).await;
    }

    let mut reasons = Vec::new();
    for _ in 0..12 {
        reasons.push(bo.outcome().await["reason"].clone());
    }
    assert!(reasons.contains(&json!("throttled")), "{reasons:?}");
    amy.update(1).await;
    amy.hear("mls_commit").await;
    server.stop().await;
}

#[tokio::test]
async fn a_member_gets_a_turn_of_its_own() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;

    for epoch in [0, 1] {
        let turn = json!({"type": "mls_turn", "group": amy.group(), "epoch": epoch});
        amy.say(turn).await;
    }

    assert_eq!(amy.outcome().await["reason"], "stale");
    let slot = amy.slot().await;
    assert_eq!(
        (&slot["kind"], &slot["epoch"], &slot["lease_ms"]),
        (&json!("commit"), &json!(1), &json!(2_000))
    );
    bo.update(1).await;
    assert_eq!(bo.outcome().await["reason"], "no_slot");
    amy.commit(1, Some(0), None, &[forge::Change::Context])
        .await;
    assert_eq!(bo.hear("mls_commit").await["event"]["epoch"], 1);
    server.stop().await;
}

#[tokio::test]
async fn a_member_who_fell_behind_enters_in_place_of_their_own_leaf() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;

    bo.say(json!({"type": "mls_join"})).await;
    assert_eq!(bo.slot().await["kind"], "join");
    let [init, psk] = forge::ENTRANCE;
    let changes = [init, psk, forge::Change::Remove(1)];
    bo.commit(1, None, Some(1), &changes).await;

    assert_eq!(amy.hear("mls_commit").await["event"]["epoch"], 1);
    let group = server.store().group(meeting.id.parse().unwrap()).await;
    assert_eq!(group.unwrap().unwrap().leaves.len(), 2);
    server.stop().await;
}

// Shows: ABUSE-28.
#[tokio::test]
async fn who_waits_says_nothing_long() {
    let (server, meeting, host) = open_meeting_at(Server::executable().await).await;
    let long = json!({
        "type": "mls_create", "group": STANDARD.encode([7; 16]),
        "group_info": STANDARD.encode([0; 20_000])
    });
    let outside = Caller::nobody(&server).knock(&meeting, "Di").await;
    for (caller, answer) in [(&host, "mls_refused"), (&outside, "bye")] {
        let mut member = Member::open(&server, &meeting, caller).await;
        member.say(long.clone()).await;
        let mut said = member.channel.next().await;
        while said["type"] == "event" {
            said = member.channel.next().await;
        }
        assert_eq!(said["type"], answer, "{said}");
    }
    server.stop().await;
}

#[tokio::test]
async fn heartbeats_reach_everybody_else_and_letters_one() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, mut bo] = two(&server, &meeting, &host).await;
    let mut cy = Member::come(&server, &meeting, "Cy").await;
    let outside = Caller::nobody(&server).knock(&meeting, "Di").await;
    let mut outside = Member::open(&server, &meeting, &outside).await;
    let (beat, words) = (STANDARD.encode([1; 1_024]), STANDARD.encode([2; 4_096]));
    let to_amy = &host.participant;
    for words in [
        json!({"type": "mls_heartbeat", "bytes": STANDARD.encode([1; 1_025])}),
        json!({"type": "mls_letter", "to": to_amy, "bytes": STANDARD.encode([2; 4_097])}),
    ] {
        bo.say(words).await;
    }
    let letter = json!({"type": "mls_letter", "to": to_amy, "bytes": words});
    outside.say(letter.clone()).await;

    bo.say(json!({"type": "mls_heartbeat", "bytes": beat}))
        .await;
    bo.say(letter).await;

    for member in [&mut amy, &mut cy] {
        assert_eq!(
            member.word("mls_heartbeat").await,
            json!({"type": "mls_heartbeat", "bytes": beat})
        );
    }
    assert_eq!(
        amy.word("mls_letter").await,
        json!({"type": "mls_letter", "from": bo.caller.participant, "bytes": words})
    );
    for member in [&mut bo, &mut cy] {
        member.hears_no_more_words().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn letters_to_who_is_away_are_lost() {
    let (server, meeting, host) = open_meeting().await;
    let [mut amy, bo] = two(&server, &meeting, &host).await;
    let Member {
        caller, channel, ..
    } = bo;
    channel.hang_up().await;
    loop {
        let entry = amy.hear("roster").await["event"]["entry"].clone();
        if entry["participant"] == caller.participant && entry["connected"] == false {
            break;
        }
    }

    let letter = json!({"type": "mls_letter", "to": caller.participant, "bytes": "AA=="});
    amy.say(letter.clone()).await;
    amy.hears_no_more_words().await;
    let mut bo = Member::open(&server, &meeting, &caller).await;
    bo.hears_no_more_words().await;

    amy.say(letter).await;
    assert_eq!(bo.word("mls_letter").await["bytes"], "AA==");
    server.stop().await;
}

#[tokio::test]
async fn who_is_admitted_is_told_what_the_group_is_bound_to() {
    let (server, meeting, host) = open_meeting().await;
    let amy = Member::open(&server, &meeting, &host).await;

    let facts = &amy.welcome["meeting"];

    assert_eq!(facts["data_mode"], "conduit");
    let meeting = server.store().meeting(meeting.id.parse().unwrap()).await;
    let organisation = meeting.unwrap().unwrap().organisation;
    assert_eq!(facts["organisation"], organisation.to_string());
    server.stop().await;
}

#[tokio::test]
async fn everybody_may_know_who_proposes_removals() {
    let (server, meeting, host) = open_meeting().await;
    let amy = Member::open(&server, &meeting, &host).await;

    let info = Caller::nobody(&server).get("/server").await.body;

    let sender = &info["external_sender"];
    assert_eq!(*sender, amy.welcome["mls"]["external_sender"]);
    assert_eq!(sender["identity"], STANDARD.encode("conclave"));
    let guest = Caller::nobody(&server).knock(&meeting, "Bo").await;
    let waiting = Member::open(&server, &meeting, &guest).await;
    assert_eq!(waiting.welcome["mls"], Value::Null);
    server.stop().await;
}

/// The host and a colleague, in epoch 1 at leaves 0 and 1.
async fn two(server: &Server, meeting: &Made, host: &Caller) -> [Member; 2] {
    let mut amy = Member::open(server, meeting, host).await;
    amy.enter().await;
    let mut bo = Member::come(server, meeting, "Bo").await;
    bo.enter().await;
    amy.hear("mls_commit").await;
    for member in [&mut amy, &mut bo] {
        member.processed(1).await;
    }
    for member in [&mut amy, &mut bo] {
        member.all_processed(1).await;
    }
    [amy, bo]
}

/// A participant's program: its channel, and the group that it is in.
struct Member {
    caller: Caller,
    channel: Channel,
    welcome: Value,
    id: [u8; 16],
    leaf: u32,
}

impl Member {
    async fn open(server: &Server, meeting: &Made, caller: &Caller) -> Self {
        let mut channel = Channel::open(server, meeting, caller, None).await;
        let welcome = channel.next().await;
        assert_eq!(welcome["type"], "welcome");
        Self {
            caller: caller.clone(),
            channel,
            welcome,
            id: rand::random(),
            leaf: 0,
        }
    }

    /// With the same credential, and no memory of the channel.
    async fn reopen(&mut self, server: &Server, meeting: &Made) {
        let fresh = Self::open(server, meeting, &self.caller).await;
        self.channel = fresh.channel;
        self.welcome = fresh.welcome;
    }

    /// By the invitation link.
    async fn come(server: &Server, meeting: &Made, name: &str) -> Self {
        let caller = Caller::nobody(server).come(meeting, name).await;
        Self::open(server, meeting, &caller).await
    }

    /// Creates the group, or enters it at the leaf that its epoch says: nobody has left.
    async fn enter(&mut self) {
        self.say(json!({"type": "mls_join"})).await;
        let slot = self.slot().await;
        if slot["kind"] == "create" {
            let info = STANDARD.encode(forge::group_info(self.id, 0, 0));
            let create = json!({"type": "mls_create", "group": self.group(), "group_info": info});
            self.say(create).await;
            return self.all_processed(0).await;
        }
        let group = STANDARD.decode(slot["group"].as_str().unwrap()).unwrap();
        self.id = group.try_into().unwrap();
        let epoch = slot["epoch"].as_u64().unwrap();
        self.leaf = u32::try_from(epoch).unwrap() + 1;
        let leaf = Some(self.leaf);
        self.commit(epoch, None, leaf, &forge::ENTRANCE).await;
        self.hear("mls_commit").await;
    }

    async fn update(&mut self, epoch: u64) {
        self.commit(epoch, Some(self.leaf), None, &[]).await;
    }

    async fn commit(
        &mut self,
        epoch: u64,
        member: Option<u32>,
        leaf: Option<u32>,
        changes: &[forge::Change],
    ) {
        let signer = member.or(leaf).unwrap();
        let commit = forge::commit(self.id, epoch, member, changes);
        let info = forge::group_info(self.id, epoch + 1, signer);
        self.say(json!({
            "type": "mls_commit", "group": self.group(), "epoch": epoch, "leaf": leaf,
            "commit": STANDARD.encode(commit), "group_info": STANDARD.encode(info)
        }))
        .await;
    }

    async fn processed(&mut self, epoch: u64) {
        let group = self.group();
        self.say(json!({"type": "mls_processed", "group": group, "epoch": epoch}))
            .await;
    }

    async fn all_processed(&mut self, epoch: u64) {
        let told = self.hear("mls_all_processed").await;
        assert_eq!(told["event"]["epoch"], epoch);
    }

    async fn hear(&mut self, kind: &str) -> Value {
        self.channel.event(kind).await
    }

    /// The next heartbeat or letter.
    async fn word(&mut self, kind: &str) -> Value {
        loop {
            let message = self.channel.next().await;
            assert_ne!(message["type"], "bye", "{message}");
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Whatever the service passed on before its answer is heard before it.
    async fn hears_no_more_words(&mut self) {
        let group = self.group();
        self.say(json!({"type": "mls_turn", "group": group, "epoch": 99}))
            .await;
        loop {
            let message = self.channel.next().await;
            let kind = message["type"].as_str().unwrap();
            assert!(
                !["mls_heartbeat", "mls_letter", "bye"].contains(&kind),
                "{kind}"
            );
            if kind == "mls_refused" {
                return;
            }
        }
    }

    async fn slot(&mut self) -> Value {
        loop {
            let message = self.channel.next().await;
            assert_ne!(message["type"], "bye", "{message}");
            if message["type"] == "mls_slot" {
                return message;
            }
        }
    }

    /// The own commit, or why there is none.
    async fn outcome(&mut self) -> Value {
        loop {
            let message = self.channel.next().await;
            let own = message["event"]["sender"] == self.caller.participant;
            if own || message["type"] == "mls_refused" {
                return message;
            }
            assert_ne!(message["type"], "bye", "{message}");
        }
    }

    async fn say(&mut self, message: Value) {
        self.channel.say(Message::text(message.to_string())).await;
    }

    fn group(&self) -> String {
        STANDARD.encode(self.id)
    }
}
