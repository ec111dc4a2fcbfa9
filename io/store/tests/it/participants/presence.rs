//! Who is there is known by their connections.

use conclave_protocol::OrganisationId;
use conclave_protocol::meeting::{Admission, MeetingState};
use conclave_store::UpkeepReason;
use conclave_store::action::{DisconnectAll, Join, SetConnected};

use crate::contract;
use crate::home::{Home, in_seconds};

contract!(
    a_connection_that_was_never_written_does_not_hide_its_end,
    connections_are_remembered_until_the_server_starts,
    who_supervises_sees_numbers_and_staff_of_their_own_meetings_that_go_on,
);

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
