//! Computers that are helped when nobody is there: who may, and whether somebody does.

use conclave_policy::unattended::MOST_GRANTS;
use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::Label;
use conclave_protocol::{AccountId, SupportDeviceId};
use conclave_store::action::{EnrolComputer, GrantComputer, MakeEnrolment, OpenUnattended};
use conclave_store::{Refused, Store, WriteError};

use crate::accounts::somebody;
use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};
use crate::support::{end, opening, take};

contract!(
    whoever_may_help_at_a_computer_may_be_granted_it_again_however_many_may,
    a_computer_is_busy_while_somebody_is_helped_there,
);

async fn whoever_may_help_at_a_computer_may_be_granted_it_again_however_many_may(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    assert_eq!(
        grant(&home, &store, &owner, device, owner.account).await,
        None
    );
    for _ in 1..MOST_GRANTS {
        let helper = somebody(&home, &store, &owner, AccountRole::Representative).await;
        let granted = grant(&home, &store, &owner, device, helper.account).await;
        assert_eq!(granted, None);
    }
    let another = somebody(&home, &store, &owner, AccountRole::Representative).await;

    let again = grant(&home, &store, &owner, device, owner.account).await;
    let more = grant(&home, &store, &owner, device, another.account).await;

    assert_eq!((again, more), (None, Some(Refused::TooManyGrants)));
}

async fn a_computer_is_busy_while_somebody_is_helped_there(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    grant(&home, &store, &owner, device, owner.account).await;
    let busy = async || {
        let busy = store.busy_computers(owner.organisation).await.unwrap();
        busy.contains(&device)
    };
    let open = opening(&home, &owner);
    let meeting = open.meeting.id;
    let act = OpenUnattended { open, device };
    let session = store.write(act, home.some_entry()).await.unwrap();
    assert!(!busy().await, "nobody came yet");

    take(&home, &store, session, meeting).await.unwrap();

    assert!(busy().await);
    store.write(end(meeting), home.some_entry()).await.unwrap();
    assert!(!busy().await);
}

pub(crate) async fn enrolled(home: &Home, store: &Store, owner: &Owner) -> SupportDeviceId {
    let (token, id) = (home.token(), SupportDeviceId(home.id()));
    let make = MakeEnrolment {
        token,
        organisation: owner.organisation,
        by: owner.account,
        at: NOW,
        expires_at: in_seconds(600),
    };
    store.write(make, home.some_entry()).await.unwrap();
    let enrol = EnrolComputer {
        token,
        id,
        name: Label::parse("ward-3").ok().unwrap(),
        signing_key: [7; 32],
        sealing_key: vec![7; 1_216],
        at: NOW,
    };
    store.write(enrol, home.some_entry()).await.unwrap();
    id
}

pub(crate) async fn grant(
    home: &Home,
    store: &Store,
    owner: &Owner,
    device: SupportDeviceId,
    account: AccountId,
) -> Option<Refused> {
    let act = GrantComputer {
        device,
        organisation: owner.organisation,
        account,
        by: owner.account,
        at: NOW,
    };
    match store.write(act, home.some_entry()).await {
        Ok(()) => None,
        Err(WriteError::Refused(refused)) => Some(refused),
        Err(error) => unreachable!("{error}"),
    }
}
