//! Tickets for the media connection.

use conclave_protocol::meeting::{Admission, EndCause};
use conclave_store::action::{EndMeeting, IssueTicket, Leave, ReturnTicket, SpendTicket, Spent};
use conclave_store::read::ticket::TicketKind;
use conclave_store::{Refused, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    a_join_ticket_is_spent_once,
    a_ticket_given_back_is_good_for_another_join,
    an_old_or_unknown_ticket_is_not_spent,
    a_ticket_is_worth_no_more_than_its_holders_place,
    only_who_is_admitted_gets_a_ticket,
);

async fn a_join_ticket_is_spent_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, participant) = home.live_meeting(&store, &owner).await;
    let id = home.token();
    let issue = IssueTicket {
        id,
        participant,
        at: NOW,
        expires_at: in_seconds(60),
    };
    store.write(issue, home.some_entry()).await.unwrap();
    let spend = || SpendTicket {
        id,
        at: in_seconds(59),
    };

    let spent = store.write(spend(), home.some_entry()).await.unwrap();
    let again = store.write(spend(), home.some_entry()).await;

    assert_eq!(
        spent,
        Spent {
            participant,
            meeting,
        }
    );
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::TicketSpent))
    ));
    let ticket = store.ticket(id).await.unwrap().unwrap();
    assert_eq!(ticket.kind, TicketKind::Join);
    assert_eq!(ticket.spent_at, Some(in_seconds(59)));
}

async fn a_ticket_given_back_is_good_for_another_join(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (_, participant) = home.live_meeting(&store, &owner).await;
    let id = home.token();
    let issue = IssueTicket {
        id,
        participant,
        at: NOW,
        expires_at: in_seconds(60),
    };
    store.write(issue, home.some_entry()).await.unwrap();
    let give_back = async || store.write(ReturnTicket { id }, home.some_entry()).await;
    let spend = async |second| {
        let at = in_seconds(second);
        let spent = store.write(SpendTicket { id, at }, home.some_entry()).await;
        spent.is_ok()
    };

    assert!(matches!(
        give_back().await,
        Err(WriteError::Refused(Refused::NotFound))
    ));
    assert!(spend(1).await);
    assert!(give_back().await.is_ok());
    assert!(spend(2).await);
    assert!(give_back().await.is_ok());
    assert!(!spend(60).await);
}

async fn an_old_or_unknown_ticket_is_not_spent(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (_, participant) = home.live_meeting(&store, &owner).await;
    let id = home.token();
    let issue = IssueTicket {
        id,
        participant,
        at: NOW,
        expires_at: in_seconds(60),
    };
    store.write(issue, home.some_entry()).await.unwrap();

    for (id, at) in [(id, in_seconds(60)), (home.token(), NOW)] {
        let refused = store.write(SpendTicket { id, at }, home.some_entry()).await;
        assert!(matches!(
            refused,
            Err(WriteError::Refused(Refused::TicketSpent))
        ));
    }
}

async fn a_ticket_is_worth_no_more_than_its_holders_place(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    for leaves in [true, false] {
        let (meeting, participant) = home.live_meeting(&store, &owner).await;
        let id = home.token();
        let issue = IssueTicket {
            id,
            participant,
            at: NOW,
            expires_at: in_seconds(60),
        };
        store.write(issue, home.some_entry()).await.unwrap();
        let at = NOW;
        if leaves {
            let leave = Leave {
                meeting,
                participant,
                at,
            };
            store.write(leave, home.some_entry()).await.unwrap();
        } else {
            let end = EndMeeting {
                meeting,
                cause: EndCause::Host,
                at,
            };
            store.write(end, home.some_entry()).await.unwrap();
        }

        let refused = store.write(SpendTicket { id, at }, home.some_entry()).await;

        assert!(matches!(
            refused,
            Err(WriteError::Refused(Refused::TicketSpent))
        ));
    }
}

async fn only_who_is_admitted_gets_a_ticket(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let join = home.join(meeting, Admission::Waiting);
    let participant = join.participant;
    store.write(join, home.some_entry()).await.unwrap();
    let issue = IssueTicket {
        id: home.token(),
        participant,
        at: NOW,
        expires_at: in_seconds(60),
    };

    let refused = store.write(issue, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::NotFound))
    ));
}
