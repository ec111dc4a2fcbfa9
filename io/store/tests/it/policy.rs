//! Groups, layers and the profile: one revision for all of an organisation's policy.

use conclave_policy::rules::Subject;
use conclave_protocol::personal::Title;
use conclave_protocol::policy::{Layer, Setting, SettingValue, Word};
use conclave_protocol::{AccountGroupId, AccountId};
use conclave_store::action::{
    AddToGroup, AskToLeaveProfile, CreateAccountGroup, DeleteAccountGroup, EnterProfile,
    LeaveProfile, MOST_GROUPS, RemoveFromGroup, RenameAccountGroup, Revision, SetPolicy,
};
use conclave_store::{Refused, Store, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner};

contract!(
    the_words_that_concern_somebody_are_found,
    who_did_not_see_the_last_change_changes_nothing,
    a_groups_name_is_its_own_and_goes_with_its_words,
    an_organisation_has_a_bounded_number_of_groups,
    the_profile_is_entered_and_left,
    a_profile_that_is_on_has_what_it_gained_later,
);

async fn the_words_that_concern_somebody_are_found(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (ward, other) = (
        group(&home, &store, &owner, "Ward 3").await.unwrap(),
        group(&home, &store, &owner, "Ward 4").await.unwrap(),
    );
    for (subject, setting) in [
        (Subject::Organisation, Setting::Guests),
        (Subject::Group(ward), Setting::Camera),
        (Subject::Group(other), Setting::Messages),
        (Subject::Account(owner.account), Setting::CoHosts),
    ] {
        let seen = revision(&store, &owner).await;
        set(&home, &store, &owner, subject, off(setting), seen)
            .await
            .unwrap();
    }
    let add = AddToGroup {
        group: ward,
        organisation: owner.organisation,
        account: owner.account,
    };
    store.write(add, home.some_entry()).await.unwrap();
    store.close().await;

    let store = home.open().await;
    let layers = store.layers(owner.organisation, Some(owner.account));
    let layers = layers.await.unwrap();
    assert_eq!(layers.organisation, off(Setting::Guests));
    assert_eq!(layers.account, off(Setting::CoHosts));
    let groups: Vec<_> = layers.groups.into_iter().collect();
    assert_eq!(groups, [(ward, off(Setting::Camera))]);
    let guests = store.layers(owner.organisation, None).await.unwrap();
    assert_eq!(guests.organisation, off(Setting::Guests));
    assert!(guests.groups.is_empty() && guests.account == Layer::default());
    assert_eq!(store.all_layers(owner.organisation).await.unwrap().len(), 4);

    let remove = RemoveFromGroup {
        group: ward,
        organisation: owner.organisation,
        account: owner.account,
    };
    store.write(remove, home.some_entry()).await.unwrap();
    let layers = store.layers(owner.organisation, Some(owner.account));
    assert!(layers.await.unwrap().groups.is_empty());
}

async fn who_did_not_see_the_last_change_changes_nothing(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let seen = revision(&store, &owner).await;
    let subject = Subject::Organisation;

    let (first, second) = tokio::join!(
        set(&home, &store, &owner, subject, off(Setting::Guests), seen),
        set(&home, &store, &owner, subject, off(Setting::Camera), seen),
    );

    assert_eq!(
        (first, second),
        (Ok(Revision(seen + 1)), Err(Refused::Conflict))
    );
    for stranger in [
        Subject::Account(AccountId(home.id())),
        Subject::Group(AccountGroupId(home.id())),
    ] {
        let words = off(Setting::Guests);
        let refused = set(&home, &store, &owner, stranger, words, seen + 1).await;
        assert_eq!(refused, Err(Refused::NotFound));
    }
    // What is refused raises nothing.
    assert_eq!(revision(&store, &owner).await, seen + 1);
}

async fn a_groups_name_is_its_own_and_goes_with_its_words(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let ward = group(&home, &store, &owner, "Ward 3").await.unwrap();
    let other = group(&home, &store, &owner, "Ward 4").await.unwrap();
    assert_eq!(
        group(&home, &store, &owner, "WARD 3").await,
        Err(Refused::NameTaken)
    );
    let rename = |id, name: &str| RenameAccountGroup {
        id,
        organisation: owner.organisation,
        name: Title::parse(name).ok().unwrap(),
    };
    let taken = store.write(rename(other, "ward 3"), home.some_entry());
    assert_eq!(refused(taken.await), Err(Refused::NameTaken));
    let same = store.write(rename(ward, "WARD 3"), home.some_entry());
    assert!(same.await.is_ok());

    let seen = revision(&store, &owner).await;
    let words = off(Setting::Camera);
    set(&home, &store, &owner, Subject::Group(ward), words, seen)
        .await
        .unwrap();
    let delete = || DeleteAccountGroup {
        id: ward,
        organisation: owner.organisation,
    };
    store.write(delete(), home.some_entry()).await.unwrap();

    assert!(
        store
            .all_layers(owner.organisation)
            .await
            .unwrap()
            .is_empty()
    );
    let left = store.account_groups(owner.organisation).await.unwrap();
    assert_eq!(left.len(), 1);
    let again = store.write(delete(), home.some_entry()).await;
    assert_eq!(refused(again), Err(Refused::NotFound));
}

async fn an_organisation_has_a_bounded_number_of_groups(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    for number in 0..MOST_GROUPS {
        let name = format!("Ward {number}");
        group(&home, &store, &owner, &name).await.unwrap();
    }
    let one_more = group(&home, &store, &owner, "One more").await;
    assert_eq!(one_more, Err(Refused::TooManyGroups));
}

async fn the_profile_is_entered_and_left(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let organisation = owner.organisation;
    let ask = || AskToLeaveProfile {
        organisation,
        by: owner.account,
        at: NOW,
    };
    let early = store.write(ask(), home.some_entry()).await;
    assert_eq!(refused(early), Err(Refused::Conflict));
    let enter = EnterProfile {
        organisation,
        settings: off(Setting::EnterByLink),
        seen: revision(&store, &owner).await,
        at: NOW,
    };
    store.write(enter, home.some_entry()).await.unwrap();
    store.write(ask(), home.some_entry()).await.unwrap();

    let state = store.policy_state(organisation).await.unwrap().unwrap();
    assert_eq!(state.profile_since, Some(NOW));
    assert_eq!(
        (state.leave_by, state.leave_at),
        (Some(owner.account), Some(NOW))
    );
    let leave = |seen| LeaveProfile { organisation, seen };
    let late = store.write(leave(state.revision - 1), home.some_entry());
    assert_eq!(refused(late.await), Err(Refused::Conflict));
    let left = store.write(leave(state.revision), home.some_entry());
    left.await.unwrap();
    let state = store.policy_state(organisation).await.unwrap().unwrap();
    assert!(state.profile_since.is_none() && state.leave_by.is_none());
    let layers = store.layers(organisation, None).await.unwrap();
    assert_eq!(layers.organisation, off(Setting::EnterByLink));
}

async fn a_profile_that_is_on_has_what_it_gained_later(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let seen = revision(&store, &owner).await;
    let enter = EnterProfile {
        organisation: owner.organisation,
        settings: off(Setting::EnterByLink),
        seen,
        at: NOW,
    };
    store.write(enter, home.some_entry()).await.unwrap();
    store.close().await;
    let before = "DELETE FROM _sqlx_migrations WHERE version IN (27, 35)";
    home.tamper(before).await.unwrap();

    let store = home.open().await;

    let layers = store.layers(owner.organisation, None).await.unwrap();
    let gained = off(Setting::SupportClipboard).overlaid_by(&off(Setting::SupportFiles));
    let gained = gained.overlaid_by(&off(Setting::SupportAdministrator));
    let all = off(Setting::EnterByLink).overlaid_by(&gained);
    assert_eq!(layers.organisation, all);
    assert_eq!(revision(&store, &owner).await, seen + 3);
}

fn off(setting: Setting) -> Layer {
    let word = Word {
        value: SettingValue::Switch(false),
        locked: true,
    };
    Layer::new([(setting, word)]).unwrap()
}

async fn revision(store: &Store, owner: &Owner) -> u64 {
    let state = store.policy_state(owner.organisation).await.unwrap();
    state.unwrap().revision
}

pub(crate) async fn group(
    home: &Home,
    store: &Store,
    owner: &Owner,
    name: &str,
) -> Result<AccountGroupId, Refused> {
    let id = AccountGroupId(home.id());
    let create = CreateAccountGroup {
        id,
        organisation: owner.organisation,
        name: Title::parse(name).ok().unwrap(),
        at: NOW,
    };
    refused(store.write(create, home.some_entry()).await).map(|_| id)
}

async fn set(
    home: &Home,
    store: &Store,
    owner: &Owner,
    subject: Subject,
    settings: Layer,
    seen: u64,
) -> Result<Revision, Refused> {
    let act = SetPolicy {
        organisation: owner.organisation,
        subject,
        settings,
        seen,
    };
    refused(store.write(act, home.some_entry()).await)
}

fn refused<T>(written: Result<T, WriteError>) -> Result<T, Refused> {
    match written {
        Err(WriteError::Refused(refused)) => Err(refused),
        written => Ok(written.unwrap()),
    }
}
