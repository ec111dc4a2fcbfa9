//! What a host does to those who are in.

use conclave_protocol::meeting::{Admission, EndCause, MeetingState, ParticipantRole, Sharing};
use conclave_store::action::{
    Also, EndMeeting, Expel, HandOver, Join, Leave, MakeCoHost, Moderate, Revision, SetSharing,
    TakeBackCoHost,
};
use conclave_store::{Refused, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    whoever_is_put_out_stays_out_and_the_link_admits_nobody,
    the_screen_is_handed_to_who_is_in_and_taken_back,
    whoever_was_a_co_host_is_again_what_they_were,
    an_act_on_what_somebody_sends_is_for_those_who_are_in,
    no_command_comes_after_the_end_but_leaving,
);

async fn whoever_is_put_out_stays_out_and_the_link_admits_nobody(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, participant) = home.live_meeting(&store, &owner).await;
    let before = store.meeting(meeting).await.unwrap().unwrap();
    let expel = Expel {
        meeting,
        participant,
        by: None,
        also: Also::default(),
        at: in_seconds(5),
    };
    let write = async |expel: &Expel| {
        let entry = home.some_entry();
        store.write_or_spool(None, expel.clone(), entry).await
    };

    write(&expel).await.unwrap();

    let again = write(&expel).await;
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::NotInside))
    ));
    let put_out = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(put_out.admission, Admission::Expelled);
    assert_eq!(put_out.left_at, Some(in_seconds(5)));
    let after = store.meeting(meeting).await.unwrap().unwrap();
    assert!(before.link_admits && !after.link_admits);
    assert_eq!(after.revision, before.revision + 1);
    let join = async |link_admitted, admission| {
        let join = Join {
            decided_on: MeetingState::Live,
            link_admitted,
            ..home.join(meeting, admission)
        };
        store.write(join, home.some_entry()).await
    };
    let late = join(true, Admission::Admitted).await;
    assert!(matches!(late, Err(WriteError::Refused(Refused::Conflict))));
    assert!(join(false, Admission::Waiting).await.is_ok());
}

async fn the_screen_is_handed_to_who_is_in_and_taken_back(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let waits = Join {
        decided_on: MeetingState::Live,
        ..home.join(meeting, Admission::Waiting)
    };
    let waiting = waits.participant;
    store.write(waits, home.some_entry()).await.unwrap();
    let hand = async |participant| {
        let act = HandOver {
            held_by: None,
            meeting,
            participant,
        };
        store.write(act, home.some_entry()).await
    };
    let set = async |sharing| {
        let act = SetSharing { meeting, sharing };
        store.write(act, home.some_entry()).await
    };
    let rule = async || {
        let meeting = store.meeting(meeting).await.unwrap().unwrap();
        (meeting.sharing, meeting.presenter)
    };
    assert_eq!(rule().await, (Sharing::Everybody, None));

    set(Sharing::Hosts).await.unwrap();
    hand(host).await.unwrap();
    assert_eq!(rule().await, (Sharing::Hosts, Some(host)));
    assert!(matches!(
        hand(waiting).await,
        Err(WriteError::Refused(Refused::NotInside))
    ));
    set(Sharing::Everybody).await.unwrap();
    assert_eq!(rule().await, (Sharing::Everybody, None));
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();
    for refused in [hand(host).await, set(Sharing::Hosts).await] {
        assert!(matches!(
            refused,
            Err(WriteError::Refused(Refused::MeetingEnded))
        ));
    }
}

async fn whoever_was_a_co_host_is_again_what_they_were(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let join = async |account, role, admission| {
        let join = Join {
            decided_on: MeetingState::Live,
            account,
            role,
            ..home.join(meeting, admission)
        };
        let participant = join.participant;
        store.write(join, home.some_entry()).await.unwrap();
        participant
    };
    let (admitted, account) = (Admission::Admitted, Some(owner.account));
    let colleague = join(account, ParticipantRole::Participant, admitted).await;
    let guest = join(None, ParticipantRole::Guest, admitted).await;
    let waiting = join(None, ParticipantRole::Guest, Admission::Waiting).await;
    let make = async |participant| {
        let act = MakeCoHost {
            meeting,
            participant,
            at: NOW,
        };
        store.write(act, home.some_entry()).await
    };
    let take_back = async |participant| {
        let act = TakeBackCoHost {
            meeting,
            participant,
        };
        store.write_or_spool(None, act, home.some_entry()).await
    };
    let role = async |id| store.participant(id).await.unwrap().unwrap().role;

    for (participant, before) in [
        (colleague, ParticipantRole::Participant),
        (guest, ParticipantRole::Guest),
    ] {
        make(participant).await.unwrap();
        assert_eq!(role(participant).await, ParticipantRole::CoHost);
        assert!(matches!(
            make(participant).await,
            Err(WriteError::Refused(Refused::Conflict))
        ));
        assert!(take_back(participant).await.is_ok());
        assert_eq!(role(participant).await, before);
    }
    assert!(matches!(
        take_back(host).await,
        Err(WriteError::Refused(Refused::Conflict))
    ));
    assert_eq!(role(host).await, ParticipantRole::Host);
    assert!(matches!(
        make(waiting).await,
        Err(WriteError::Refused(Refused::NotInside))
    ));
}

async fn an_act_on_what_somebody_sends_is_for_those_who_are_in(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let (_, stranger) = home.live_meeting(&store, &owner).await;
    let waits = Join {
        decided_on: MeetingState::Live,
        ..home.join(meeting, Admission::Waiting)
    };
    let waiting = waits.participant;
    store.write(waits, home.some_entry()).await.unwrap();
    let act = async |participant| {
        let act = Moderate {
            meeting,
            participant,
        };
        store.write(act, home.some_entry()).await
    };

    assert_eq!(act(Some(host)).await.unwrap(), Revision(4));
    assert_eq!(act(None).await.unwrap(), Revision(5));
    for outside in [waiting, stranger] {
        assert!(matches!(
            act(Some(outside)).await,
            Err(WriteError::Refused(Refused::NotInside))
        ));
    }
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();
    assert!(matches!(
        act(None).await,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
}

/// Also what was decided before it: the record would tell of acts in a meeting that is over.
async fn no_command_comes_after_the_end_but_leaving(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, participant) = home.live_meeting(&store, &owner).await;
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();

    let expel = Expel {
        meeting,
        participant,
        by: None,
        also: Also::default(),
        at: NOW,
    };
    assert!(matches!(
        store.write(expel, home.some_entry()).await,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
    let leave = Leave {
        meeting,
        participant,
        at: NOW,
    };
    assert!(store.write(leave, home.some_entry()).await.is_ok());
}
