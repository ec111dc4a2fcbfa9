//! The register of training: entered by who may, acknowledged by whom it is about, withdrawn once, and counted.

use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::Title;
use conclave_protocol::{AccountId, OrganisationId};
use conclave_store::action::{AcknowledgeTraining, Action, EnterTraining, WithdrawTraining};
use conclave_store::{Refused, Store, WriteError};
use uuid::Uuid;

use crate::accounts::somebody;
use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(
    whose_training_is_over_or_missing_is_counted,
    a_training_is_kept_by_who_may_for_its_own_organisation,
    whom_it_is_about_acknowledges_it_once,
    what_was_withdrawn_counts_no_more_and_stays,
);

async fn whose_training_is_over_or_missing_is_counted(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let missing = async |now| {
        let counted = store.people_without_training(owner.organisation, now).await;
        let listed = store.overdue_trainings(owner.organisation, now).await;
        let counted = counted.unwrap();
        assert_eq!(counted.people as usize, listed.unwrap().len());
        counted.people
    };
    assert_eq!(missing(NOW).await, 2);

    for (account, topic, until) in [
        (owner.account, "Links", 100),
        (bo.account, "Links", 100),
        (bo.account, "Passcodes", 50),
    ] {
        let entered = enter(&home, &store, &owner, (account, topic, until)).await;
        entered.unwrap();
    }

    assert_eq!(missing(in_seconds(49)).await, 0);
    // Of several topics each has to be good; of one, the latest.
    assert_eq!(missing(in_seconds(50)).await, 1);
    let again = enter(&home, &store, &owner, (bo.account, "Passcodes", 200)).await;
    again.unwrap();
    assert_eq!(missing(in_seconds(99)).await, 0);
    assert_eq!(missing(in_seconds(100)).await, 2);
}

async fn a_training_is_kept_by_who_may_for_its_own_organisation(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let of_bo = (bo.account, "Links", 100);

    let by_bo = enter(&home, &store, &bo, of_bo).await;
    let of_nobody = (AccountId(home.id()), "Links", 100);
    let of_nobody = enter(&home, &store, &owner, of_nobody).await;

    assert_eq!(by_bo.err(), Some(Refused::NotAllowed));
    assert_eq!(of_nobody.err(), Some(Refused::NotFound));
    let id = enter(&home, &store, &owner, of_bo).await.unwrap();
    let elsewhere = OrganisationId(home.id());
    assert!(store.trainings(elsewhere).await.unwrap().is_empty());
    let withdraw = |by: &Owner, organisation| WithdrawTraining {
        id,
        organisation,
        by: by.account,
        at: in_seconds(1),
    };
    let by_bo = write(&home, &store, withdraw(&bo, owner.organisation)).await;
    assert_eq!(by_bo.err(), Some(Refused::NotAllowed));
    let from_there = write(&home, &store, withdraw(&owner, elsewhere)).await;
    assert_eq!(from_there.err(), Some(Refused::NotFound));
}

async fn whom_it_is_about_acknowledges_it_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let entered = enter(&home, &store, &owner, (bo.account, "Links", 100)).await;
    let id = entered.unwrap();
    let acknowledge = |whom: &Owner| AcknowledgeTraining {
        id,
        account: whom.account,
        at: in_seconds(7),
    };

    let by_owner = write(&home, &store, acknowledge(&owner)).await;
    assert_eq!(by_owner.err(), Some(Refused::NotFound));
    write(&home, &store, acknowledge(&bo)).await.unwrap();
    let again = write(&home, &store, acknowledge(&bo)).await;
    assert_eq!(again.err(), Some(Refused::Conflict));

    let own = store.trainings_of(bo.account).await.unwrap();
    let times: Vec<_> = own.iter().map(|one| one.acknowledged_at).collect();
    assert_eq!(times, [Some(in_seconds(7))]);
    assert!(store.trainings_of(owner.account).await.unwrap().is_empty());
}

async fn what_was_withdrawn_counts_no_more_and_stays(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let organisation = owner.organisation;
    let entered = enter(&home, &store, &owner, (owner.account, "Links", 100)).await;
    let id = entered.unwrap();
    let withdraw = || WithdrawTraining {
        id,
        organisation,
        by: owner.account,
        at: in_seconds(1),
    };

    write(&home, &store, withdraw()).await.unwrap();

    let again = write(&home, &store, withdraw()).await;
    assert_eq!(again.err(), Some(Refused::Conflict));
    let kept = store.trainings(organisation).await.unwrap();
    let times: Vec<_> = kept.iter().map(|one| one.withdrawn_at).collect();
    assert_eq!(times, [Some(in_seconds(1))]);
    assert!(store.trainings_of(owner.account).await.unwrap().is_empty());
    let counted = store.people_without_training(organisation, in_seconds(2));
    assert_eq!(counted.await.unwrap().people, 1);
    let acknowledge = AcknowledgeTraining {
        id,
        account: owner.account,
        at: in_seconds(2),
    };
    let late = write(&home, &store, acknowledge).await;
    assert_eq!(late.err(), Some(Refused::NotFound));
}

/// Good until so many seconds.
async fn enter(
    home: &Home,
    store: &Store,
    by: &Owner,
    (account, topic, until): (AccountId, &str, u64),
) -> Result<Uuid, Refused> {
    let id = home.id();
    let act = EnterTraining {
        id,
        organisation: by.organisation,
        account,
        topic: Title::parse(topic).ok().unwrap(),
        completed_at: NOW,
        good_until: in_seconds(until),
        by: by.account,
        at: NOW,
    };
    write(home, store, act).await.map(|()| id)
}

async fn write<A: Action>(home: &Home, store: &Store, act: A) -> Result<A::Done, Refused> {
    let written = store.write(act, home.some_entry()).await;
    written.map_err(|error| {
        let WriteError::Refused(refused) = error else {
            unreachable!("{error}");
        };
        refused
    })
}
