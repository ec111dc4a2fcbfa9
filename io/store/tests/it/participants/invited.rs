//! The list of those who may come is kept to.

use conclave_protocol::meeting::{Admission, EntryRule};
use conclave_protocol::personal::EmailAddress;
use conclave_store::action::{Also, CreateMeeting, Deny, Expel, InviteToMeeting, Join, Uninvite};
use conclave_store::{Refused, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    whoever_comes_off_the_list_is_put_out_and_comes_in_no_more,
    whom_a_host_refuses_is_on_the_list_no_more,
);

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
