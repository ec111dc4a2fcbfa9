//! Who joins a meeting has a place in it, within its bounds.

use conclave_protocol::meeting::{Admission, EndCause, MeetingState};
use conclave_store::action::{EndMeeting, Join, SetConnected};
use conclave_store::{Refused, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    the_hosts_arrival_opens_the_meeting_and_lets_the_invited_in,
    a_decision_on_a_state_that_has_passed_is_a_conflict,
    nobody_joins_a_meeting_that_has_ended,
    a_credential_is_one_participants_for_good,
    a_participant_is_known_by_their_credential,
    a_meeting_and_its_lobby_are_bounded_apart,
    whoever_is_away_for_long_makes_room_in_a_full_lobby_and_a_full_meeting,
);

async fn the_hosts_arrival_opens_the_meeting_and_lets_the_invited_in(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let invited = home.join(meeting, Admission::HostAbsent);
    let stranger = home.join(meeting, Admission::Waiting);
    let (invited_id, stranger_id) = (invited.participant, stranger.participant);
    for join in [invited, stranger] {
        store.write(join, home.some_entry()).await.unwrap();
    }

    let host = home.join_as_host(meeting, &owner);
    let joined = store.write(host, home.some_entry()).await.unwrap();

    assert_eq!(joined.admitted, [invited_id]);
    assert_eq!(joined.revision, 4);
    let opened = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(opened.state, MeetingState::Live);
    assert_eq!(opened.started_at, Some(NOW));
    let admission = async |id| store.participant(id).await.unwrap().unwrap().admission;
    assert_eq!(admission(invited_id).await, Admission::Admitted);
    assert_eq!(admission(stranger_id).await, Admission::Waiting);
    let lobby = store.lobby(meeting).await.unwrap();
    assert!(lobby.iter().map(|p| p.id).eq([stranger_id]));
}

async fn a_decision_on_a_state_that_has_passed_is_a_conflict(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, _) = home.live_meeting(&store, &owner).await;

    let late = home.join(meeting, Admission::HostAbsent);
    let refused = store.write(late, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::Conflict))
    ));
    assert_eq!(store.participants(meeting).await.unwrap().len(), 1);
}

async fn nobody_joins_a_meeting_that_has_ended(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();

    let join = home.join_as_host(meeting, &owner);
    let refused = store.write(join, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
}

async fn a_credential_is_one_participants_for_good(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let first = home.join(meeting, Admission::Waiting);
    let second = Join {
        credential: first.credential,
        ..home.join(meeting, Admission::Waiting)
    };
    store.write(first, home.some_entry()).await.unwrap();

    let refused = store.write(second, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::KeyReused))
    ));
    assert!(store.is_ready().await);
}

async fn a_participant_is_known_by_their_credential(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let join = home.join(meeting, Admission::Waiting);
    let (participant, credential) = (join.participant, join.credential);
    store.write(join, home.some_entry()).await.unwrap();

    let found = store.participant_by_credential(credential).await.unwrap();
    let unknown = store.participant_by_credential(home.token()).await.unwrap();

    assert!(found.is_some_and(|p| p.id == participant && p.display_name.as_str() == "Bo"));
    assert!(unknown.is_none());
}

async fn a_meeting_and_its_lobby_are_bounded_apart(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, _) = home.live_meeting(&store, &owner).await;
    let join = async |admission| {
        let join = Join {
            decided_on: MeetingState::Live,
            link_admitted: true,
            ..home.join(meeting, admission)
        };
        store.write(join, home.some_entry()).await.is_ok()
    };

    assert!(join(Admission::Waiting).await);
    assert!(join(Admission::Waiting).await);
    assert!(!join(Admission::Waiting).await);
    assert!(join(Admission::Admitted).await);
    assert!(join(Admission::Admitted).await);
    assert!(!join(Admission::Admitted).await);
}

async fn whoever_is_away_for_long_makes_room_in_a_full_lobby_and_a_full_meeting(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    for admission in [Admission::Waiting, Admission::HostAbsent] {
        let meeting = home.meeting(&store, &owner).await;
        let join = |at| Join {
            places: 2,
            absent_since: in_seconds(20),
            at,
            ..home.join(meeting, admission)
        };
        let (first, second) = (join(in_seconds(10)), join(in_seconds(11)));
        let (longest, shorter) = (first.participant, second.participant);
        for join in [first, second] {
            let joined = store.write(join, home.some_entry()).await.unwrap();
            assert_eq!(joined.displaced, None);
        }
        let connect = SetConnected {
            participant: longest,
            connected: true,
            at: in_seconds(12),
        };
        store
            .write_unaudited(UpkeepReason::Presence, connect)
            .await
            .unwrap();

        let third = store.write(join(in_seconds(40)), home.some_entry()).await;
        let fourth = store.write(join(in_seconds(41)), home.some_entry()).await;

        assert_eq!(third.unwrap().displaced, Some(shorter));
        assert!(matches!(
            fourth,
            Err(WriteError::Refused(Refused::MeetingFull))
        ));
        let gone = store.participant(shorter).await.unwrap().unwrap();
        assert_eq!(gone.admission, Admission::Left);
        assert_eq!(gone.left_at, Some(in_seconds(40)));
    }
}
