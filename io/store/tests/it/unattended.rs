//! Computers that are helped when nobody is there: who may, until when, and whether somebody does.

use conclave_policy::support::CODE_LASTS;
use conclave_policy::unattended::MOST_GRANTS;
use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::Label;
use conclave_protocol::{AccountId, OrganisationId, SupportDeviceId, SupportSessionId, Timestamp};
use conclave_store::action::{
    EnrolComputer, GrantComputer, MakeEnrolment, OpenUnattended, RenewComputer, RevokeComputer,
    TakeBackTime, TakenBack,
};
use conclave_store::{Refused, Store, TokenHash, WriteError};

use crate::accounts::somebody;
use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};
use crate::support::{end, opening, take};

contract!(
    whoever_may_help_at_a_computer_may_be_granted_it_again_however_many_may,
    a_computer_is_busy_while_somebody_is_helped_there,
    an_enrolment_ends_at_the_time_that_its_link_had,
    what_runs_at_a_computer_past_its_end_is_found,
    an_enrolment_is_renewed_by_whoever_keeps_computers_also_once_it_is_over,
    an_enrolment_without_an_end_has_none_until_it_is_renewed,
    computers_of_before_there_were_ends_have_none_and_links_to_more_are_void,
    an_enrolment_that_was_renewed_in_a_time_that_is_taken_back_is_over,
    an_enrolment_that_ran_out_in_a_time_that_is_taken_back_does_not_hold_again,
    an_enrolment_that_no_time_was_taken_back_of_keeps_its_end,
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

// Shows: REQ-AC-29.
async fn an_enrolment_ends_at_the_time_that_its_link_had(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    grant(&home, &store, &owner, device, owner.account).await;
    let found = store.computer(device).await.unwrap().unwrap();
    assert_eq!(found.ends_at, Some(ENDS));

    for (now, is_there) in [(in_seconds(LASTS - 1), true), (ENDS, false)] {
        let granted = store.is_granted(device, owner.account, now).await.unwrap();
        let listed = store.computers_of(owner.account, now).await.unwrap();
        assert_eq!((granted, listed.len() == 1), (is_there, is_there));
        let opened = open_at(&home, &store, &owner, device, now).await;
        assert_eq!(opened.is_ok(), is_there);
    }

    let late = open_at(&home, &store, &owner, device, ENDS).await.err();
    assert!(matches!(
        late,
        Some(WriteError::Refused(Refused::NotAllowed))
    ));
    // Whoever looks after it still sees it.
    let kept = store.computers(owner.organisation).await.unwrap();
    assert_eq!(kept.len(), 1);
}

async fn what_runs_at_a_computer_past_its_end_is_found(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    grant(&home, &store, &owner, device, owner.account).await;
    let open = opening(&home, &owner);
    let meeting = open.meeting.id;
    let act = OpenUnattended { open, device };
    let session = store.write(act, home.some_entry()).await.unwrap();
    let running = async |now| {
        let running = store.running_past_their_end(now).await.unwrap();
        let ended = store.computers_past_their_end(now).await.unwrap();
        let running = running.iter().map(|running| running.session);
        (running.collect::<Vec<_>>(), ended)
    };
    let before = in_seconds(LASTS - 1);

    assert_eq!(running(before).await, (vec![], vec![]));
    assert_eq!(store.next_computer_end(before).await.unwrap(), Some(ENDS));
    assert_eq!(running(ENDS).await, (vec![session], vec![device]));
    assert_eq!(store.next_computer_end(ENDS).await.unwrap(), None);

    store.write(end(meeting), home.some_entry()).await.unwrap();
    assert_eq!(running(ENDS).await, (vec![], vec![device]));
    let act = RevokeComputer {
        device,
        organisation: owner.organisation,
        by: owner.account,
        at: ENDS,
    };
    store.write(act, home.some_entry()).await.unwrap();
    assert_eq!(running(ENDS).await, (vec![], vec![]));
}

// Shows: REQ-AC-29.
async fn an_enrolment_is_renewed_by_whoever_keeps_computers_also_once_it_is_over(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let member = somebody(&home, &store, &owner, AccountRole::Member).await;
    let device = enrolled(&home, &store, &owner).await;
    grant(&home, &store, &owner, device, owner.account).await;
    let stranger = Owner {
        organisation: OrganisationId(home.id()),
        ..owner
    };
    let later = in_seconds(2 * LASTS);

    let unable = renew(&home, &store, &member, device, later).await;
    let elsewhere = renew(&home, &store, &stranger, device, later).await;

    assert_eq!(unable, Some(Refused::NotAllowed));
    assert_eq!(elsewhere, Some(Refused::NotFound));
    let granted = async |now| store.is_granted(device, owner.account, now).await.unwrap();
    assert!(!granted(ENDS).await);
    assert_eq!(renew(&home, &store, &owner, device, later).await, None);
    assert!(granted(ENDS).await && !granted(later).await);
    let act = RevokeComputer {
        device,
        organisation: owner.organisation,
        by: owner.account,
        at: NOW,
    };
    store.write(act, home.some_entry()).await.unwrap();
    let gone = renew(&home, &store, &owner, device, later).await;
    assert_eq!(gone, Some(Refused::NotFound));
}

async fn an_enrolment_without_an_end_has_none_until_it_is_renewed(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    grant(&home, &store, &owner, device, owner.account).await;
    // As those that were enrolled before there were ends.
    let before = "UPDATE support_device SET ends_at = NULL";
    home.tamper(before).await.unwrap();
    let late = in_seconds(100 * LASTS);
    let granted = async || store.is_granted(device, owner.account, late).await.unwrap();

    assert!(granted().await);
    let listed = store.computers_of(owner.account, late).await.unwrap();
    assert_eq!(listed.len(), 1);
    let ended = store.computers_past_their_end(late).await.unwrap();
    assert!(ended.is_empty());

    assert_eq!(renew(&home, &store, &owner, device, ENDS).await, None);
    assert!(!granted().await);
}

async fn computers_of_before_there_were_ends_have_none_and_links_to_more_are_void(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    let token = invite(&home, &store, &owner).await;
    let good = async |store: &Store| store.enrolment(token, NOW).await.unwrap().is_some();
    assert!(good(&store).await);
    store.close().await;
    let back = "ALTER TABLE support_device DROP COLUMN ends_at;
                ALTER TABLE support_device DROP COLUMN counted_from;
                ALTER TABLE support_enrolment DROP COLUMN ends_at;
                DELETE FROM _sqlx_migrations WHERE version = 44";
    home.tamper(back).await.unwrap();

    let store = home.open().await;

    assert_eq!(end_of(&store, device).await, None);
    assert!(!good(&store).await);
    let renewed = renew(&home, &store, &owner, device, ENDS).await;
    assert_eq!((renewed, end_of(&store, device).await), (None, Some(ENDS)));
}

// Shows: ABUSE-66.
async fn an_enrolment_that_was_renewed_in_a_time_that_is_taken_back_is_over(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    let elsewhere = enrolled(&home, &store, &owner).await;
    let (ahead, ends_at) = (in_seconds(100), in_seconds(10 * LASTS));
    let renewed = renew_at(&home, &store, &owner, device, ahead, ends_at).await;
    assert_eq!(renewed, None);

    let taken = take_back(&home, &store, in_seconds(200), in_seconds(10)).await;

    assert_eq!(taken.computers, [(owner.organisation, device)]);
    assert_eq!(end_of(&store, device).await, Some(in_seconds(10)));
    assert_eq!(end_of(&store, elsewhere).await, Some(ENDS));
}

// Shows: ABUSE-66.
async fn an_enrolment_that_ran_out_in_a_time_that_is_taken_back_does_not_hold_again(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;

    let taken = take_back(&home, &store, ENDS, in_seconds(30)).await;

    assert_eq!(taken.computers, [(owner.organisation, device)]);
    assert_eq!(end_of(&store, device).await, Some(in_seconds(30)));
}

// Shows: ABUSE-66.
async fn an_enrolment_that_no_time_was_taken_back_of_keeps_its_end(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let device = enrolled(&home, &store, &owner).await;
    let ends_at = in_seconds(1_000 * LASTS);
    let renewed = renew_at(&home, &store, &owner, device, in_seconds(5), ends_at).await;
    assert_eq!(renewed, None);

    let taken = take_back(&home, &store, in_seconds(20), in_seconds(10)).await;

    assert_eq!(taken, TakenBack::default());
    assert_eq!(end_of(&store, device).await, Some(ends_at));
}

async fn take_back(home: &Home, store: &Store, from: Timestamp, to: Timestamp) -> TakenBack {
    let act = TakeBackTime { from, to };
    store.write(act, home.some_entry()).await.unwrap()
}

async fn end_of(store: &Store, device: SupportDeviceId) -> Option<Timestamp> {
    store.computer(device).await.unwrap().unwrap().ends_at
}

/// For how long, in seconds, the computers of these tests are enrolled.
const LASTS: u64 = 24 * 60 * 60;
const ENDS: Timestamp = Timestamp::from_micros(NOW.as_micros() + 24 * 60 * 60 * 1_000_000);

async fn open_at(
    home: &Home,
    store: &Store,
    owner: &Owner,
    device: SupportDeviceId,
    now: Timestamp,
) -> Result<SupportSessionId, WriteError> {
    let mut open = opening(home, owner);
    open.meeting.at = now;
    open.code_until = now.plus(CODE_LASTS);
    let act = OpenUnattended { open, device };
    store.write(act, home.some_entry()).await
}

async fn renew(
    home: &Home,
    store: &Store,
    by: &Owner,
    device: SupportDeviceId,
    ends_at: Timestamp,
) -> Option<Refused> {
    renew_at(home, store, by, device, NOW, ends_at).await
}

async fn renew_at(
    home: &Home,
    store: &Store,
    by: &Owner,
    device: SupportDeviceId,
    at: Timestamp,
    ends_at: Timestamp,
) -> Option<Refused> {
    let act = RenewComputer {
        device,
        organisation: by.organisation,
        by: by.account,
        at,
        ends_at,
    };
    match store.write(act, home.some_entry()).await {
        Ok(()) => None,
        Err(WriteError::Refused(refused)) => Some(refused),
        Err(error) => unreachable!("{error}"),
    }
}

async fn invite(home: &Home, store: &Store, owner: &Owner) -> TokenHash {
    let token = home.token();
    let make = MakeEnrolment {
        token,
        organisation: owner.organisation,
        by: owner.account,
        at: NOW,
        expires_at: in_seconds(600),
        ends_at: ENDS,
    };
    store.write(make, home.some_entry()).await.unwrap();
    token
}

pub(crate) async fn enrolled(home: &Home, store: &Store, owner: &Owner) -> SupportDeviceId {
    let token = invite(home, store, owner).await;
    let id = SupportDeviceId(home.id());
    let TokenHash(signing_key) = home.token();
    let enrol = EnrolComputer {
        token,
        id,
        name: Label::parse("ward-3").ok().unwrap(),
        signing_key,
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
