//! Programs and directories: what a program may is decided as all stand when it is written, and what is taken waits for nothing.

use std::collections::BTreeSet;

use conclave_policy::people::Change;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, EmailAddress, Label, Title};
use conclave_protocol::program::{ProgramScope, ProgramState};
use conclave_protocol::scim::ExternalId;
use conclave_protocol::{AccountGroupId, AccountId, ProgramId};
use conclave_store::action::{
    AddToGroup, ChangeAccount, ChangeDirectoryGroup, ChangeUser, Doer, LetBackIn,
    MakeDirectoryGroup, MakeProgram, PasswordLink, ProvisionUser, ResetPassword, RestoreUser,
    RevokeProgram, ShutOut, TakeBackTime, TouchProgram, UserWords,
};
use conclave_store::read::program::Scopes;
use conclave_store::{Durability, PasswordHash, Refused, Store, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(
    a_program_acts_while_it_stands_and_its_key_is_found_by_its_hash,
    a_key_that_ran_out_in_a_time_that_is_taken_back_is_revoked,
    a_directory_brings_suspends_restores_and_removes_and_each_is_decided_again,
    a_directorys_group_is_changed_by_it_alone_and_in_the_version_that_it_read,
    who_has_nothing_left_to_sign_in_with_is_let_back_in_by_a_link_alone,
);

async fn program(home: &Home, store: &Store, by: &Owner, scope: ProgramScope) -> ProgramId {
    let id = ProgramId(home.id());
    let made = MakeProgram {
        id,
        organisation: by.organisation,
        made_by: by.account,
        name: Label::parse("Directory").ok().unwrap(),
        key: home.token(),
        scopes: Scopes(vec![scope]),
        at: NOW,
        expires_at: in_seconds(1_000),
    };
    store.write(made, home.some_entry()).await.unwrap();
    id
}

fn words(home: &Home, external_id: &str) -> UserWords {
    UserWords {
        email: EmailAddress::parse(&format!("{}@clinic.example", home.id()))
            .ok()
            .unwrap(),
        display_name: DisplayName::parse("Bo").ok().unwrap(),
        external_id: ExternalId::parse(external_id),
    }
}

fn provision(home: &Home, program: ProgramId, external_id: &str) -> ProvisionUser {
    ProvisionUser {
        program,
        account: AccountId(home.id()),
        words: words(home, external_id),
        active: true,
        at: NOW,
    }
}

fn refusal<T>(written: Result<T, WriteError>) -> Option<Refused> {
    match written {
        Err(WriteError::Refused(refused)) => Some(refused),
        _ => None,
    }
}

async fn a_program_acts_while_it_stands_and_its_key_is_found_by_its_hash(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let scim = program(&home, &store, &owner, ProgramScope::Scim).await;
    let reader = program(&home, &store, &owner, ProgramScope::MeetingsRead).await;
    let touch = TouchProgram {
        program: scim,
        on: NOW,
    };
    store
        .write_unaudited(UpkeepReason::Presence, touch)
        .await
        .unwrap();
    let found = store.program(scim).await.unwrap().unwrap();
    assert_eq!(
        (found.state(NOW), found.last_used_on),
        (ProgramState::Active, Some(NOW))
    );
    assert_eq!(found.state(in_seconds(1_000)), ProgramState::Expired);
    assert!(store.program_by_key(home.token()).await.unwrap().is_none());
    assert_eq!(store.programs(owner.organisation).await.unwrap().len(), 2);

    let without_scope = provision(&home, reader, "1");
    let without_scope = store.write(without_scope, home.some_entry()).await;
    let late = ProvisionUser {
        at: in_seconds(1_000),
        ..provision(&home, scim, "2")
    };
    let late = store.write(late, home.some_entry()).await;
    let revoke = RevokeProgram {
        program: scim,
        organisation: owner.organisation,
        by: owner.account,
        at: in_seconds(1),
    };
    let again = revoke.clone();
    store
        .write_or_spool(None, revoke, home.some_entry())
        .await
        .unwrap();
    let revoked = store
        .write(provision(&home, scim, "3"), home.some_entry())
        .await;

    for written in [without_scope, late, revoked] {
        assert_eq!(refusal(written), Some(Refused::NotAllowed));
    }
    let again = store.write_or_spool(None, again, home.some_entry()).await;
    assert_eq!(
        refusal(again.map(|_: Durability<()>| ())),
        Some(Refused::NotFound)
    );
}

// Shows: ABUSE-66.
async fn a_key_that_ran_out_in_a_time_that_is_taken_back_is_revoked(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let id = program(&home, &store, &owner, ProgramScope::Scim).await;
    let take_back = async |from| {
        let taken = TakeBackTime { from, to: NOW };
        store.write(taken, home.some_entry()).await.unwrap()
    };

    let untouched = take_back(in_seconds(999)).await;
    let taken = take_back(in_seconds(1_000)).await;

    assert!(untouched.programs.is_empty());
    assert_eq!(taken.programs, [(owner.organisation, id)]);
    let found = store.program(id).await.unwrap().unwrap();
    assert_eq!(found.state(NOW), ProgramState::Revoked);
}

async fn a_directory_brings_suspends_restores_and_removes_and_each_is_decided_again(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let scim = program(&home, &store, &owner, ProgramScope::Scim).await;
    let bring = provision(&home, scim, "1");
    let (bo, seen) = (bring.account, bring.words.clone());
    store.write(bring, home.some_entry()).await.unwrap();
    let state = async || {
        let user = store.directory_user(owner.organisation, bo).await.unwrap();
        user.map(|user| (user.state, user.suspended_from))
    };
    let out = async |account, removes| {
        let foreseen = store.foresee_shut_out(account, removes, NOW).await.unwrap();
        let act = ShutOut {
            account,
            by: Doer::Directory { program: scim },
            removes,
            at: NOW,
            touched: foreseen.touched,
            programs: foreseen.programs,
            support: foreseen.support,
        };
        store.write_or_spool(None, act, home.some_entry()).await
    };
    let restore = async |account| {
        let act = RestoreUser {
            program: scim,
            account,
            at: NOW,
        };
        store.write(act, home.some_entry()).await
    };
    let person = async |change| {
        let by = owner.account;
        let act = ChangeAccount {
            account: bo,
            by,
            change,
            at: NOW,
        };
        store.write(act, home.some_entry()).await.unwrap();
    };

    assert_eq!(state().await, Some((AccountState::Pending, None)));
    out(bo, false).await.unwrap();
    assert_eq!(
        state().await,
        Some((AccountState::Suspended, Some(AccountState::Pending)))
    );
    restore(bo).await.unwrap();
    assert_eq!(state().await, Some((AccountState::Pending, None)));
    person(Change::Approve).await;
    out(bo, false).await.unwrap();
    person(Change::Restore).await;
    assert_eq!(state().await, Some((AccountState::Active, None)));
    assert_eq!(refusal(restore(bo).await), Some(Refused::AccountState));
    // Of whom both have suspended, a person restores.
    out(bo, false).await.unwrap();
    let both = ShutOut {
        account: bo,
        by: owner.account.into(),
        removes: false,
        at: NOW,
        touched: Vec::new(),
        programs: Vec::new(),
        support: Vec::new(),
    };
    store.write(both.clone(), home.some_entry()).await.unwrap();
    assert_eq!(refusal(restore(bo).await), Some(Refused::NotAllowed));
    let again = store.write(both, home.some_entry()).await;
    assert_eq!(refusal(again.map(drop)), Some(Refused::AccountState));
    person(Change::Restore).await;
    assert_eq!(
        refusal(out(owner.account, false).await),
        Some(Refused::NotFound)
    );
    let taken = store
        .write(provision(&home, scim, "1"), home.some_entry())
        .await;
    assert_eq!(refusal(taken), Some(Refused::ExternalIdTaken));
    let change = |seen: &UserWords, becomes: UserWords| ChangeUser {
        program: scim,
        account: bo,
        seen: seen.clone(),
        becomes,
        at: NOW,
    };
    let becomes = words(&home, "9");
    store
        .write(change(&seen, becomes.clone()), home.some_entry())
        .await
        .unwrap();
    let stale = store.write(change(&seen, becomes), home.some_entry()).await;
    assert_eq!(refusal(stale), Some(Refused::Conflict));
    // An admin is nobody of the directory's.
    person(Change::Role(AccountRole::Admin)).await;
    assert_eq!(refusal(out(bo, true).await), Some(Refused::NotFound));
    assert_eq!(state().await, None);
    person(Change::Role(AccountRole::Member)).await;
    out(bo, true).await.unwrap();
    assert_eq!(state().await, None);
    let known = store.known_to_directory(owner.organisation).await.unwrap();
    assert!(known.is_empty());
}

async fn who_has_nothing_left_to_sign_in_with_is_let_back_in_by_a_link_alone(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let scim = program(&home, &store, &owner, ProgramScope::Scim).await;
    let bring = provision(&home, scim, "1");
    let account = bring.account;
    store.write(bring, home.some_entry()).await.unwrap();
    let approve = ChangeAccount {
        account,
        by: owner.account,
        change: Change::Approve,
        at: NOW,
    };
    store.write(approve, home.some_entry()).await.unwrap();
    let let_in = async |link| {
        let act = LetBackIn { account, link };
        refusal(store.write(act, home.some_entry()).await)
    };

    assert_eq!(let_in(None).await, Some(Refused::LastWay));

    let link = PasswordLink {
        token: home.token(),
        at: NOW,
        expires_at: in_seconds(60),
    };
    let token = link.token;
    assert_eq!(let_in(Some(link)).await, None);
    let password = PasswordHash("$argon2id$".to_owned());
    let at = NOW;
    let reset = ResetPassword {
        token,
        password,
        at,
    };
    store.write(reset, home.some_entry()).await.unwrap();
    assert_eq!(let_in(None).await, None);
}

async fn a_directorys_group_is_changed_by_it_alone_and_in_the_version_that_it_read(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let scim = program(&home, &store, &owner, ProgramScope::Scim).await;
    let bring = provision(&home, scim, "1");
    let bo = bring.account;
    store.write(bring, home.some_entry()).await.unwrap();
    let id = AccountGroupId(home.id());
    let name = |text: &str| Title::parse(text).ok().unwrap();
    let make = MakeDirectoryGroup {
        program: scim,
        id,
        name: name("Ward 3"),
        external_id: ExternalId::parse("g"),
        members: BTreeSet::from([bo]),
        at: NOW,
    };
    let revision = store.write(make, home.some_entry()).await.unwrap();

    let local = AddToGroup {
        group: id,
        organisation: owner.organisation,
        account: owner.account,
    };
    let local = store.write(local, home.some_entry()).await;
    let change = |seen, remove| ChangeDirectoryGroup {
        program: scim,
        id,
        seen,
        name: Some(name("Ward 4")),
        external_id: None,
        add: BTreeSet::new(),
        remove,
        at: NOW,
    };
    let first = change(Some(revision.0), BTreeSet::from([bo]));
    store.write(first, home.some_entry()).await.unwrap();
    let stale = change(Some(revision.0), BTreeSet::new());
    let stale = store.write(stale, home.some_entry()).await;

    assert_eq!(refusal(local), Some(Refused::ManagedByDirectory));
    assert_eq!(refusal(stale), Some(Refused::Conflict));
    assert!(store.directory_members(id).await.unwrap().is_empty());
    let groups = store.directory_groups(owner.organisation).await.unwrap();
    assert!(groups.iter().any(|group| group.name == name("Ward 4")));
    let all = store.account_groups(owner.organisation).await.unwrap();
    assert!(all.iter().all(|group| group.by_directory));
}
