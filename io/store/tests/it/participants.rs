//! Joining, waiting, being let in or turned away, leaving.

use std::collections::BTreeSet;

use conclave_protocol::OrganisationId;
use conclave_protocol::meeting::{
    Admission, EndCause, EntryRule, MeetingState, ParticipantRole, Sharing,
};
use conclave_protocol::personal::EmailAddress;
use conclave_store::action::{
    Admit, AdmitAll, AdmittedAll, Also, CreateMeeting, Deny, DisconnectAll, EndMeeting, Expel,
    ForgetExpired, HandOver, InviteToMeeting, Join, Leave, LockMeeting, MakeCoHost, Moderate,
    Revision, SetConnected, SetSharing, TakeBackCoHost, Uninvite, Vouch,
};
use conclave_store::{Refused, Store, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    the_hosts_arrival_opens_the_meeting_and_lets_the_invited_in,
    a_decision_on_a_state_that_has_passed_is_a_conflict,
    nobody_joins_a_meeting_that_has_ended,
    a_credential_is_one_participants_for_good,
    a_meeting_and_its_lobby_are_bounded_apart,
    whoever_is_away_for_long_makes_room_in_a_full_lobby_and_a_full_meeting,
    people_are_those_with_a_place_and_the_last_who_lost_theirs,
    whoever_knocked_and_never_came_in_is_forgotten,
    whoever_waits_when_the_meeting_ends_is_forgotten_too,
    whoever_knocks_and_goes_again_and_again_fills_nothing,
    a_connection_that_was_never_written_does_not_hide_its_end,
    who_supervises_sees_numbers_and_staff_of_their_own_meetings_that_go_on,
    whoever_comes_off_the_list_is_put_out_and_comes_in_no_more,
    whom_a_host_refuses_is_on_the_list_no_more,
    whoever_waits_is_admitted_once,
    what_is_known_of_who_waits_is_kept,
    whoever_is_turned_away_stays_out,
    whoever_is_put_out_stays_out_and_the_link_admits_nobody,
    the_screen_is_handed_to_who_is_in_and_taken_back,
    whoever_was_a_co_host_is_again_what_they_were,
    an_act_on_what_somebody_sends_is_for_those_who_are_in,
    those_are_let_in_at_once_who_wait_still,
    nobody_is_let_into_a_meeting_that_is_locked,
    a_lock_parts_those_who_come_at_the_same_moment,
    no_command_comes_after_the_end_but_leaving,
    leaving_is_done_once,
    a_participant_is_known_by_their_credential,
    connections_are_remembered_until_the_server_starts,
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

async fn people_are_those_with_a_place_and_the_last_who_lost_theirs(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let (waiting, invited) = (
        home.join(meeting, Admission::Waiting),
        home.join(meeting, Admission::HostAbsent),
    );
    let (waits, leaves) = (waiting.participant, invited.participant);
    for join in [waiting, invited] {
        store.write(join, home.some_entry()).await.unwrap();
    }
    let leave = Leave {
        meeting,
        participant: leaves,
        at: in_seconds(5),
    };
    store.write(leave, home.some_entry()).await.unwrap();

    let people = store.people(meeting).await.unwrap();

    let standing: Vec<_> = people.iter().map(|p| (p.id, p.admission)).collect();
    assert_eq!(
        standing,
        [(waits, Admission::Waiting), (leaves, Admission::Left)]
    );
}

async fn whoever_knocked_and_never_came_in_is_forgotten(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let knock = Join {
        decided_on: MeetingState::Live,
        link_admitted: true,
        ..home.join(meeting, Admission::Waiting)
    };
    let knocked = knock.participant;
    store.write(knock, home.some_entry()).await.unwrap();
    for participant in [knocked, host] {
        let leave = Leave {
            meeting,
            participant,
            at: in_seconds(5),
        };
        store.write(leave, home.some_entry()).await.unwrap();
    }
    let forget = |second| ForgetExpired {
        now: NOW,
        knocked_before: in_seconds(second),
    };
    let expire = async |second| {
        let forget = forget(second);
        let done = store.write_unaudited(UpkeepReason::Expiry, forget).await;
        done.unwrap();
        store.participants(meeting).await.unwrap().len()
    };

    assert_eq!(expire(5).await, 2);
    assert_eq!(expire(6).await, 1);
    assert!(store.participant(host).await.unwrap().is_some());
}

async fn whoever_waits_when_the_meeting_ends_is_forgotten_too(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    for admission in [Admission::Waiting, Admission::HostAbsent] {
        let join = home.join(meeting, admission);
        store.write(join, home.some_entry()).await.unwrap();
    }
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(5),
    };
    store.write(end, home.some_entry()).await.unwrap();

    let forget = ForgetExpired {
        now: NOW,
        knocked_before: in_seconds(6),
    };
    let done = store.write_unaudited(UpkeepReason::Expiry, forget).await;

    done.unwrap();
    assert!(store.participants(meeting).await.unwrap().is_empty());
}

async fn whoever_knocks_and_goes_again_and_again_fills_nothing(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    for second in 0..520 {
        let join = home.join(meeting, Admission::Waiting);
        let leave = Leave {
            meeting,
            participant: join.participant,
            at: in_seconds(second),
        };
        store.write(join, home.some_entry()).await.unwrap();
        store.write(leave, home.some_entry()).await.unwrap();
    }

    let kept = store.participants(meeting).await.unwrap();

    assert_eq!(kept.len(), 501);
    assert!(kept.iter().all(|gone| gone.left_at >= Some(in_seconds(19))));
}

async fn a_connection_that_was_never_written_does_not_hide_its_end(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (_, participant) = home.live_meeting(&store, &owner).await;
    let went = SetConnected {
        participant,
        connected: false,
        at: in_seconds(600),
    };

    let done = store.write_unaudited(UpkeepReason::Presence, went).await;

    done.unwrap();
    let found = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(found.connection_changed_at, in_seconds(600));
}

async fn who_supervises_sees_numbers_and_staff_of_their_own_meetings_that_go_on(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let scheduled = home.meeting(&store, &owner).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let waiting = home.join(scheduled, Admission::Waiting);
    store.write(waiting, home.some_entry()).await.unwrap();
    let guest = Join {
        decided_on: MeetingState::Live,
        ..home.join(meeting, Admission::Waiting)
    };
    for participant in [host, guest.participant] {
        let (connected, at) = (true, in_seconds(3));
        let change = SetConnected {
            participant,
            connected,
            at,
        };
        if participant == guest.participant {
            store.write(guest.clone(), home.some_entry()).await.unwrap();
        }
        let written = store.write_unaudited(UpkeepReason::Presence, change).await;
        written.unwrap();
    }

    let live = store.supervised(owner.organisation).await.unwrap();

    let seen: Vec<_> = live
        .iter()
        .map(|one| (one.id, one.host.as_str(), one.people, one.waiting))
        .collect();
    assert_eq!(seen, [(meeting, "Amy", 1, 1)]);
    let staff = store.staff_of(meeting, owner.organisation).await.unwrap();
    let staff: Vec<_> = staff.iter().map(|one| one.participant).collect();
    assert_eq!(staff, [host]);
    let elsewhere = OrganisationId(home.id());
    assert!(store.supervised(elsewhere).await.unwrap().is_empty());
    assert!(store.staff_of(meeting, elsewhere).await.unwrap().is_empty());
}

async fn whoever_comes_off_the_list_is_put_out_and_comes_in_no_more(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let email = EmailAddress::parse("AMY@clinic.example").ok().unwrap();
    let create = CreateMeeting {
        entry: EntryRule::Invited,
        invited: vec![email.clone()],
        ..home.create_meeting(&owner)
    };
    let meeting = create.id;
    store.write(create, home.some_entry()).await.unwrap();
    assert!(store.is_invited(meeting, owner.account).await.unwrap());
    let by_list = |admission| Join {
        by_list: Some(owner.account),
        account: Some(owner.account),
        entry: EntryRule::Invited,
        ..home.join(meeting, admission)
    };
    let (inside, late) = (
        by_list(Admission::HostAbsent),
        by_list(Admission::HostAbsent),
    );
    let participant = inside.participant;
    store.write(inside, home.some_entry()).await.unwrap();
    let uninvite = || Uninvite {
        meeting,
        email: email.clone(),
        at: NOW,
    };

    let done = store.write(uninvite(), home.some_entry()).await.unwrap();

    assert_eq!(done.put_out, [participant]);
    let gone = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(gone.admission, Admission::Expelled);
    assert!(matches!(
        store.write(late, home.some_entry()).await,
        Err(WriteError::Refused(Refused::Conflict))
    ));
    assert!(matches!(
        store.write(uninvite(), home.some_entry()).await,
        Err(WriteError::Refused(Refused::NotFound))
    ));
    let invite = InviteToMeeting {
        meeting,
        email: email.clone(),
    };
    store.write(invite, home.some_entry()).await.unwrap();
    assert_eq!(store.invited(meeting).await.unwrap().len(), 1);
}

// Shows: ABUSE-19.
async fn whom_a_host_refuses_is_on_the_list_no_more(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    for admission in [Admission::Admitted, Admission::Waiting] {
        let email = |text| EmailAddress::parse(text).ok().unwrap();
        let create = CreateMeeting {
            entry: EntryRule::Invited,
            invited: vec![email("AMY@clinic.example"), email("bea@clinic.example")],
            ..home.create_meeting(&owner)
        };
        let meeting = create.id;
        store.write(create, home.some_entry()).await.unwrap();
        let join = Join {
            account: Some(owner.account),
            entry: EntryRule::Invited,
            ..home.join(meeting, admission)
        };
        let participant = join.participant;
        store.write(join, home.some_entry()).await.unwrap();

        let at = in_seconds(5);
        let refused = match admission {
            Admission::Waiting => {
                let deny = Deny {
                    meeting,
                    participant,
                    also: Also::default(),
                    at,
                };
                store.write(deny, home.some_entry()).await
            }
            _ => {
                let expel = Expel {
                    meeting,
                    participant,
                    by: None,
                    also: Also::default(),
                    at,
                };
                store.write(expel, home.some_entry()).await
            }
        };

        refused.unwrap();
        assert!(!store.is_invited(meeting, owner.account).await.unwrap());
        assert_eq!(store.invited(meeting).await.unwrap().len(), 1);
    }
}

async fn whoever_waits_is_admitted_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let join = home.join(meeting, Admission::Waiting);
    let participant = join.participant;
    store.write(join, home.some_entry()).await.unwrap();
    let admit = || Admit {
        meeting,
        participant,
        at: in_seconds(5),
    };

    let done = store.write(admit(), home.some_entry()).await.unwrap();
    let again = store.write(admit(), home.some_entry()).await;

    assert_eq!(done, Revision(3));
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    let admitted = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(admitted.admission, Admission::Admitted);
    assert_eq!(admitted.admitted_at, Some(in_seconds(5)));
    assert_eq!(store.meeting(meeting).await.unwrap().unwrap().revision, 3);
}

// Shows: REQ-AC-02.
async fn what_is_known_of_who_waits_is_kept(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let by_code = home.join(meeting, Admission::Waiting);
    let by_link = Join {
        proven: true,
        ..home.join(meeting, Admission::Waiting)
    };
    let (code, link) = (by_code.participant, by_link.participant);
    for join in [by_code, by_link] {
        store.write(join, home.some_entry()).await.unwrap();
    }
    let vouch = |participant| Vouch {
        meeting,
        participant,
    };
    let known = async |store: &Store| {
        let lobby = store.lobby(meeting).await.unwrap();
        let proven = lobby.into_iter().filter(|waits| waits.proven);
        proven.map(|waits| waits.id).collect::<BTreeSet<_>>()
    };
    let both = BTreeSet::from([code, link]);
    assert_eq!(known(&store).await, BTreeSet::from([link]));

    let revision = store.write(vouch(code), home.some_entry()).await.unwrap();

    assert_eq!(revision, Revision(4));
    assert_eq!(known(&store).await, both);
    // It is known already, and stays on record once.
    for participant in both.iter().copied() {
        let again = store.write(vouch(participant), home.some_entry()).await;
        assert!(matches!(
            again,
            Err(WriteError::Refused(Refused::NotWaiting))
        ));
    }
    store.close().await;
    let store = home.open().await;
    assert_eq!(known(&store).await, both);
    let admit = Admit {
        meeting,
        participant: code,
        at: NOW,
    };
    store.write(admit, home.some_entry()).await.unwrap();
    let again = store.write(vouch(code), home.some_entry()).await;
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
}

async fn whoever_is_turned_away_stays_out(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let join = home.join(meeting, Admission::Waiting);
    let participant = join.participant;
    store.write(join, home.some_entry()).await.unwrap();
    let deny = Deny {
        meeting,
        participant,
        also: Also::default(),
        at: in_seconds(5),
    };

    store
        .write_or_spool(None, deny, home.some_entry())
        .await
        .unwrap();

    let admit = Admit {
        meeting,
        participant,
        at: in_seconds(6),
    };
    let refused = store.write(admit, home.some_entry()).await;
    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    let denied = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(denied.admission, Admission::Denied);
    assert!(store.lobby(meeting).await.unwrap().is_empty());
}

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

async fn leaving_is_done_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, participant) = home.live_meeting(&store, &owner).await;
    let leave = Leave {
        meeting,
        participant,
        at: in_seconds(5),
    };

    store
        .write_or_spool(None, leave.clone(), home.some_entry())
        .await
        .unwrap();
    let again = store.write_or_spool(None, leave, home.some_entry()).await;

    assert!(matches!(again, Err(WriteError::Refused(Refused::NotFound))));
    let gone = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(gone.admission, Admission::Left);
    assert_eq!(gone.left_at, Some(in_seconds(5)));
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

async fn connections_are_remembered_until_the_server_starts(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (_, participant) = home.live_meeting(&store, &owner).await;
    let connect = SetConnected {
        participant,
        connected: true,
        at: in_seconds(1),
    };

    store
        .write_unaudited(UpkeepReason::Presence, connect)
        .await
        .unwrap();
    let there = store.participant(participant).await.unwrap().unwrap();
    assert!(there.connected && there.connection_changed_at == in_seconds(1));

    let restart = DisconnectAll { at: in_seconds(2) };
    store
        .write_unaudited(UpkeepReason::Presence, restart)
        .await
        .unwrap();
    let gone = store.participant(participant).await.unwrap().unwrap();
    assert!(!gone.connected && gone.connection_changed_at == in_seconds(2));
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

async fn those_are_let_in_at_once_who_wait_still(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let (elsewhere, _) = home.live_meeting(&store, &owner).await;
    let knock = async |meeting| {
        let join = Join {
            decided_on: MeetingState::Live,
            ..home.join(meeting, Admission::Waiting)
        };
        let participant = join.participant;
        store.write(join, home.some_entry()).await.unwrap();
        participant
    };
    let (first, second, stranger) = (
        knock(meeting).await,
        knock(meeting).await,
        knock(elsewhere).await,
    );
    let all = async |participants: &[_]| {
        let act = AdmitAll {
            meeting,
            participants: participants.to_vec(),
            at: in_seconds(5),
        };
        store.write(act, home.some_entry()).await
    };

    let admitted = all(&[first, host, stranger, second]).await.unwrap();

    let expected = AdmittedAll {
        revision: Revision(5),
        participants: vec![first, second],
    };
    assert_eq!(admitted, expected);
    for participant in [first, second] {
        let person = store.participant(participant).await.unwrap().unwrap();
        assert_eq!(person.admission, Admission::Admitted);
        assert_eq!(person.admitted_at, Some(in_seconds(5)));
    }
    let unmoved = store.participant(stranger).await.unwrap().unwrap();
    assert_eq!(unmoved.admission, Admission::Waiting);
    let act = LockMeeting {
        meeting,
        locked: true,
    };
    let third = knock(meeting).await;
    assert!(matches!(
        all(&[first]).await,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    store.write(act, home.some_entry()).await.unwrap();
    assert!(matches!(
        all(&[third]).await,
        Err(WriteError::Refused(Refused::MeetingLocked))
    ));
}

async fn nobody_is_let_into_a_meeting_that_is_locked(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, _) = home.live_meeting(&store, &owner).await;
    let join = |was_locked, admission| Join {
        decided_on: MeetingState::Live,
        was_locked,
        ..home.join(meeting, admission)
    };
    let (waits, late) = (
        join(false, Admission::Waiting),
        join(false, Admission::Admitted),
    );
    let admit = Admit {
        meeting,
        participant: waits.participant,
        at: NOW,
    };
    store.write(waits, home.some_entry()).await.unwrap();
    let set = async |locked| {
        let act = LockMeeting { meeting, locked };
        store.write(act, home.some_entry()).await.unwrap()
    };

    assert_eq!(set(true).await, Revision(4));

    assert!(store.meeting(meeting).await.unwrap().unwrap().locked);
    assert!(matches!(
        store.write(late, home.some_entry()).await,
        Err(WriteError::Refused(Refused::Conflict))
    ));
    assert!(matches!(
        store.write(admit, home.some_entry()).await,
        Err(WriteError::Refused(Refused::MeetingLocked))
    ));
    let host = Join {
        role: ParticipantRole::Host,
        ..join(true, Admission::Admitted)
    };
    store.write(host, home.some_entry()).await.unwrap();
    assert_eq!(set(false).await, Revision(6));
    let welcome = join(false, Admission::Admitted);
    store.write(welcome, home.some_entry()).await.unwrap();
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();
    let act = LockMeeting {
        meeting,
        locked: true,
    };
    assert!(matches!(
        store.write(act, home.some_entry()).await,
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

/// Whoever was told that they are in came before the lock, and is in; whoever was refused is not.
async fn a_lock_parts_those_who_come_at_the_same_moment(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let joins: Vec<_> = (0..COMING)
        .map(|_| {
            let join = Join {
                decided_on: MeetingState::Live,
                places: COMING + 1,
                ..home.join(meeting, Admission::Admitted)
            };
            let (store, entry) = (store.clone(), home.some_entry());
            tokio::spawn(async move {
                let participant = join.participant;
                let joined = store.write(join, entry).await;
                (participant, joined.map(|joined| joined.revision).ok())
            })
        })
        .collect();
    tokio::task::yield_now().await;

    let locked = true;
    let act = LockMeeting { meeting, locked };
    let Revision(shut) = store.write(act, home.some_entry()).await.unwrap();

    let mut inside = BTreeSet::from([host]);
    for join in joins {
        if let (participant, Some(revision)) = join.await.unwrap() {
            assert!(revision < shut, "let in after the lock");
            inside.insert(participant);
        }
    }
    let kept = store.participants(meeting).await.unwrap();
    let kept: BTreeSet<_> = kept.iter().map(|kept| kept.id).collect();
    assert_eq!(kept, inside);
}

const COMING: u32 = 200;
