//! The queue for support in the store: who asked waits, is taken once or turned away, and leaves nothing of themselves behind.

use conclave_policy::support_queue::MOST_WAITING;
use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::{DisplayName, Matter};
use conclave_protocol::support_queue::{REQUEST_KEY_BYTES, RequestKey, SealedLink};
use conclave_protocol::{OrganisationId, SupportRequestId, SupportSessionId, Timestamp};
use conclave_store::action::{
    AskForHelp, ClaimRequest, DeclineRequest, ExpireRequest, ForgetExpired, TakeBackTime,
    TakeRequest, TouchRequest, WithdrawRequest,
};
use conclave_store::{Refused, Store, TokenHash, UpkeepReason, WriteError};

use crate::accounts::{shut_out, somebody};
use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};
use crate::support::{end, open, take as come};

contract!(
    who_asked_first_is_first_and_is_there_after_a_restart,
    an_organisation_has_so_many_waiting_and_no_more,
    of_two_technicians_one_takes_whoever_asked,
    a_session_is_given_once_by_its_technician_and_before_anybody_came,
    a_claim_that_came_to_nothing_lapses,
    whoever_was_taken_leaves_their_name_and_matter_nowhere,
    whoever_is_turned_away_is_told_and_leaves_nothing_of_themselves,
    who_is_taken_is_not_turned_away_and_the_other_way_round,
    who_waits_no_longer_or_elsewhere_is_not_turned_away,
    whoever_has_the_token_withdraws_what_nobody_took,
    whose_page_is_gone_and_who_waited_too_long_is_over,
    a_technician_who_lost_their_rights_takes_nobody,
    a_time_that_is_taken_back_takes_requests_along,
    what_no_request_says_is_refused_by_the_database,
);

async fn who_asked_first_is_first_and_is_there_after_a_restart(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (late, _) = ask(&home, &store, &owner, 20).await;
    let (first, token) = ask(&home, &store, &owner, 10).await;
    store.close().await;
    drop(store);

    let store = home.open().await;

    let now = in_seconds(30);
    assert_eq!(waiting(&store, &owner, now).await, [first, late]);
    let found = store.support_request(first, token).await.unwrap().unwrap();
    assert!(found.name.as_ref().is_some_and(|it| it.as_str() == "Bo"));
    assert!(
        found
            .matter
            .as_ref()
            .is_some_and(|it| it.as_str() == "My mail")
    );
    let before = store.support_requests_before(&found, now).await.unwrap();
    assert_eq!(before, 0);
    let listed = store.support_requests(owner.organisation, now).await;
    let last = listed.unwrap().pop().unwrap();
    let before = store.support_requests_before(&last, now).await.unwrap();
    assert_eq!((last.id, before), (late, 1));
    let stranger = store.support_request(first, home.token()).await.unwrap();
    assert!(stranger.is_none());
}

async fn an_organisation_has_so_many_waiting_and_no_more(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    for _ in 0..MOST_WAITING {
        ask(&home, &store, &owner, 0).await;
    }

    let (more, _) = asking(&home, &owner, 1);
    let more = store.write(more, home.some_entry()).await;

    assert_eq!(refused(more), Some(Refused::QueueFull));
    // Whose page is gone stands in nobody's way.
    let (later, _) = asking(&home, &owner, 120);
    let later = store.write(later, home.some_entry()).await;
    assert_eq!(refused(later), None);
}

async fn of_two_technicians_one_takes_whoever_asked(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let (request, token) = ask(&home, &store, &owner, 0).await;
    let (session, _) = open(&home, &store, &bo).await;

    assert_eq!(claim(&home, &store, &bo, request, 1).await, None);

    let quick = claim(&home, &store, &owner, request, 2).await;
    assert_eq!(quick, Some(Refused::RequestTaken));
    // Saying so again is no other claim.
    assert_eq!(claim(&home, &store, &bo, request, 3).await, None);
    let (own, _) = open(&home, &store, &owner).await;
    let unclaimed = take(&home, &store, &owner, request, own, 4).await;
    assert_eq!(unclaimed, Some(Refused::RequestTaken));
    assert_eq!(take(&home, &store, &bo, request, session, 5).await, None);
    let twice = take(&home, &store, &bo, request, session, 6).await;
    assert_eq!(twice, Some(Refused::RequestTaken));
    let late = claim(&home, &store, &owner, request, 60).await;
    assert_eq!(late, Some(Refused::RequestTaken));
    let taken = store.support_request(request, token).await.unwrap();
    let taken = taken.unwrap();
    assert_eq!(taken.session, Some(session));
    assert!(taken.sealed == SealedLink::new(vec![7; 1_300]));
    let nothing = SupportRequestId(home.id());
    let nobody = claim(&home, &store, &bo, nothing, 7).await;
    assert_eq!(nobody, Some(Refused::NotFound));
}

async fn a_session_is_given_once_by_its_technician_and_before_anybody_came(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let (first, _) = ask(&home, &store, &owner, 0).await;
    let (second, token) = ask(&home, &store, &owner, 0).await;
    for request in [first, second] {
        assert_eq!(claim(&home, &store, &owner, request, 1).await, None);
    }
    let (anothers, _) = open(&home, &store, &bo).await;
    let (given, _) = open(&home, &store, &owner).await;
    let (over, meeting) = open(&home, &store, &owner).await;
    store.write(end(meeting), home.some_entry()).await.unwrap();
    let (used, meeting) = open(&home, &store, &owner).await;
    come(&home, &store, used, meeting).await.unwrap();
    assert_eq!(take(&home, &store, &owner, first, given, 2).await, None);

    for wrong in [anothers, given, over, used] {
        let taken = take(&home, &store, &owner, second, wrong, 3).await;
        assert_eq!(taken, Some(Refused::Conflict));
    }

    let (late, _) = open(&home, &store, &owner).await;
    touch(&store, second, 690).await;
    let old = take(&home, &store, &owner, second, late, 700).await;
    assert_eq!(old, Some(Refused::Conflict));
    let waits = store.support_request(second, token).await.unwrap().unwrap();
    assert!(waits.name.is_some() && waits.taken_at.is_none());
    assert_eq!(take(&home, &store, &owner, second, late, 599).await, None);
}

async fn a_claim_that_came_to_nothing_lapses(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let (request, _) = ask(&home, &store, &owner, 0).await;
    assert_eq!(claim(&home, &store, &bo, request, 0).await, None);

    let early = claim(&home, &store, &owner, request, 29).await;
    let then = claim(&home, &store, &owner, request, 30).await;

    assert_eq!((early, then), (Some(Refused::RequestTaken), None));
    let (session, _) = open(&home, &store, &bo).await;
    let late = take(&home, &store, &bo, request, session, 31).await;
    assert_eq!(late, Some(Refused::RequestTaken));
}

async fn whoever_was_taken_leaves_their_name_and_matter_nowhere(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (request, token) = ask(&home, &store, &owner, 0).await;
    let (session, _) = open(&home, &store, &owner).await;
    claim(&home, &store, &owner, request, 0).await;

    take(&home, &store, &owner, request, session, 0).await;

    let taken = store.support_request(request, token).await.unwrap();
    let taken = taken.unwrap();
    assert!(taken.name.is_none() && taken.matter.is_none());
    assert!(waiting(&store, &owner, NOW).await.is_empty());
    // The link goes when it is good no longer.
    forget(&store, 599).await;
    let kept = store.support_request(request, token).await.unwrap();
    assert!(kept.is_some());
    forget(&store, 600).await;
    let gone = store.support_request(request, token).await.unwrap();
    assert!(gone.is_none());
}

async fn whoever_is_turned_away_is_told_and_leaves_nothing_of_themselves(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (request, token) = ask(&home, &store, &owner, 0).await;
    let (other, others) = ask(&home, &store, &owner, 1).await;

    assert_eq!(decline(&home, &store, &owner, request, 10).await, None);

    let gone = store.support_request(request, token).await.unwrap();
    assert!(gone.is_none());
    assert_eq!(waiting(&store, &owner, in_seconds(10)).await, [other]);
    let told = async |id, token, seconds| {
        let told = store.was_declined(id, token, in_seconds(seconds));
        told.await.unwrap()
    };
    assert!(told(request, token, 609).await);
    assert!(!told(request, token, 610).await);
    assert!(!told(request, others, 10).await && !told(other, others, 10).await);
    // Nor is it there for longer than it is told.
    forget(&store, 609).await;
    assert!(told(request, token, 10).await);
    forget(&store, 610).await;
    assert!(!told(request, token, 10).await);
}

async fn who_is_taken_is_not_turned_away_and_the_other_way_round(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let (first, token) = ask(&home, &store, &owner, 0).await;
    let (session, _) = open(&home, &store, &bo).await;
    assert_eq!(claim(&home, &store, &bo, first, 0).await, None);

    let claimed = decline(&home, &store, &owner, first, 29).await;
    assert_eq!(claimed, Some(Refused::RequestTaken));
    assert_eq!(take(&home, &store, &bo, first, session, 29).await, None);
    for by in [&owner, &bo] {
        let taken = decline(&home, &store, by, first, 60).await;
        assert_eq!(taken, Some(Refused::RequestTaken));
    }
    assert!(!store.was_declined(first, token, NOW).await.unwrap());

    // A claim that came to nothing protects nobody, and one's own stands in nobody's way.
    for (by, seconds) in [(&owner, 30), (&bo, 1)] {
        let (second, token) = ask(&home, &store, &owner, 0).await;
        assert_eq!(claim(&home, &store, &bo, second, 0).await, None);
        assert_eq!(decline(&home, &store, by, second, seconds).await, None);
        let late = take(&home, &store, &bo, second, session, seconds).await;
        assert_eq!(late, Some(Refused::NotFound));
        let late = claim(&home, &store, &bo, second, seconds).await;
        assert_eq!(late, Some(Refused::NotFound));
        let twice = decline(&home, &store, &owner, second, seconds).await;
        assert_eq!(twice, Some(Refused::NotFound));
        let now = in_seconds(seconds);
        assert!(store.was_declined(second, token, now).await.unwrap());
    }
}

async fn who_waits_no_longer_or_elsewhere_is_not_turned_away(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let member = somebody(&home, &store, &owner, AccountRole::Member).await;
    let (request, token) = ask(&home, &store, &owner, 0).await;
    let stranger = Owner {
        organisation: OrganisationId(home.id()),
        ..owner
    };

    let late = decline(&home, &store, &owner, request, 120).await;
    let elsewhere = decline(&home, &store, &stranger, request, 1).await;
    let unable = decline(&home, &store, &member, request, 1).await;

    assert_eq!(
        (late, elsewhere),
        (Some(Refused::NotFound), Some(Refused::NotFound))
    );
    assert_eq!(unable, Some(Refused::NotAllowed));
    assert_eq!(waiting(&store, &owner, in_seconds(1)).await, [request]);
    assert!(!store.was_declined(request, token, NOW).await.unwrap());
}

async fn whoever_has_the_token_withdraws_what_nobody_took(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (request, token) = ask(&home, &store, &owner, 0).await;
    let withdraw = async |request, token| {
        let act = WithdrawRequest { request, token };
        refused(store.write(act, home.some_entry()).await)
    };

    let stranger = withdraw(request, home.token()).await;

    assert_eq!(stranger, Some(Refused::NotFound));
    assert_eq!(withdraw(request, token).await, None);
    assert_eq!(withdraw(request, token).await, Some(Refused::NotFound));
    let (taken, token) = ask(&home, &store, &owner, 0).await;
    let (session, _) = open(&home, &store, &owner).await;
    claim(&home, &store, &owner, taken, 0).await;
    take(&home, &store, &owner, taken, session, 0).await;
    assert_eq!(withdraw(taken, token).await, Some(Refused::NotFound));
}

async fn whose_page_is_gone_and_who_waited_too_long_is_over(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (request, _) = ask(&home, &store, &owner, 0).await;
    let over = async |seconds| {
        let over = store.support_requests_over(in_seconds(seconds), 10).await;
        let over = over.unwrap().into_iter();
        over.map(|(request, _)| request).collect::<Vec<_>>()
    };
    let expire = async |seconds| {
        let now = in_seconds(seconds);
        let act = ExpireRequest { request, now };
        refused(store.write(act, home.some_entry()).await)
    };
    assert!(over(119).await.is_empty());
    assert_eq!(over(120).await, [request]);
    touch(&store, request, 50).await;
    assert_eq!(waiting(&store, &owner, in_seconds(120)).await, [request]);
    assert_eq!(expire(120).await, Some(Refused::NotFound));

    touch(&store, request, 1_790).await;

    assert_eq!(waiting(&store, &owner, in_seconds(1_799)).await, [request]);
    assert!(waiting(&store, &owner, in_seconds(1_800)).await.is_empty());
    let late = claim(&home, &store, &owner, request, 1_800).await;
    assert_eq!(late, Some(Refused::NotFound));
    assert_eq!(over(1_800).await, [request]);
    assert_eq!(expire(1_800).await, None);
    assert!(over(1_800).await.is_empty());
}

async fn a_technician_who_lost_their_rights_takes_nobody(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let member = somebody(&home, &store, &owner, AccountRole::Member).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let (request, _) = ask(&home, &store, &owner, 0).await;
    let (session, _) = open(&home, &store, &bo).await;
    assert_eq!(claim(&home, &store, &bo, request, 0).await, None);
    let act = shut_out(&store, &owner, bo.account, false).await;
    store.write(act, home.some_entry()).await.unwrap();

    let taken = take(&home, &store, &bo, request, session, 1).await;

    assert_eq!(taken, Some(Refused::NotAllowed));
    let none = claim(&home, &store, &member, request, 40).await;
    assert_eq!(none, Some(Refused::NotAllowed));
    assert_eq!(claim(&home, &store, &owner, request, 40).await, None);
}

async fn a_time_that_is_taken_back_takes_requests_along(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (request, token) = ask(&home, &store, &owner, 3_600).await;
    let (declined, others) = ask(&home, &store, &owner, 3_600).await;
    assert_eq!(decline(&home, &store, &owner, declined, 3_600).await, None);
    let act = TakeBackTime {
        from: in_seconds(3_600),
        to: NOW,
    };

    store.write(act, home.some_entry()).await.unwrap();

    let found = store.support_request(request, token).await.unwrap();
    assert!(found.is_none());
    assert!(!store.was_declined(declined, others, NOW).await.unwrap());
}

async fn what_no_request_says_is_refused_by_the_database(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    ask(&home, &store, &owner, 0).await;
    for wrong in [
        "UPDATE support_request SET name = NULL",
        "UPDATE support_request SET taken_at = 1",
        "UPDATE support_request SET claimed_at = 1",
        "UPDATE support_request SET sealed = public_key",
    ] {
        assert!(home.tamper(wrong).await.is_err(), "{wrong}");
    }
}

fn asking(home: &Home, owner: &Owner, seconds: u64) -> (AskForHelp, TokenHash) {
    let token = home.token();
    let act = AskForHelp {
        id: SupportRequestId(home.id()),
        organisation: owner.organisation,
        token,
        public_key: RequestKey::new(vec![7; REQUEST_KEY_BYTES]).unwrap(),
        name: DisplayName::parse("Bo").ok().unwrap(),
        matter: Matter::parse("My mail").ok(),
        at: in_seconds(seconds),
    };
    (act, token)
}

async fn ask(
    home: &Home,
    store: &Store,
    owner: &Owner,
    seconds: u64,
) -> (SupportRequestId, TokenHash) {
    let (act, token) = asking(home, owner, seconds);
    let id = act.id;
    store.write(act, home.some_entry()).await.unwrap();
    (id, token)
}

async fn waiting(store: &Store, owner: &Owner, now: Timestamp) -> Vec<SupportRequestId> {
    let found = store.support_requests(owner.organisation, now).await;
    found.unwrap().iter().map(|request| request.id).collect()
}

async fn claim(
    home: &Home,
    store: &Store,
    by: &Owner,
    request: SupportRequestId,
    seconds: u64,
) -> Option<Refused> {
    let act = ClaimRequest {
        request,
        organisation: by.organisation,
        by: by.account,
        at: in_seconds(seconds),
    };
    refused(store.write(act, home.some_entry()).await)
}

async fn decline(
    home: &Home,
    store: &Store,
    by: &Owner,
    request: SupportRequestId,
    seconds: u64,
) -> Option<Refused> {
    let act = DeclineRequest {
        request,
        organisation: by.organisation,
        by: by.account,
        at: in_seconds(seconds),
    };
    refused(store.write(act, home.some_entry()).await)
}

async fn take(
    home: &Home,
    store: &Store,
    by: &Owner,
    request: SupportRequestId,
    session: SupportSessionId,
    seconds: u64,
) -> Option<Refused> {
    let act = TakeRequest {
        request,
        organisation: by.organisation,
        by: by.account,
        session,
        sealed: SealedLink::new(vec![7; 1_300]).unwrap(),
        at: in_seconds(seconds),
    };
    refused(store.write(act, home.some_entry()).await)
}

async fn touch(store: &Store, request: SupportRequestId, seconds: u64) {
    let at = in_seconds(seconds);
    let act = TouchRequest { request, at };
    let touched = store.write_unaudited(UpkeepReason::Presence, act).await;
    touched.unwrap();
}

async fn forget(store: &Store, seconds: u64) {
    let now = in_seconds(seconds);
    let act = ForgetExpired {
        now,
        knocked_before: NOW,
    };
    let forgotten = store.write_unaudited(UpkeepReason::Expiry, act).await;
    forgotten.unwrap();
}

fn refused(written: Result<(), WriteError>) -> Option<Refused> {
    match written {
        Ok(()) => None,
        Err(WriteError::Refused(refused)) => Some(refused),
        Err(error) => unreachable!("{error}"),
    }
}
