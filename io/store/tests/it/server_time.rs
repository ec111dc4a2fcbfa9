//! What the store remembers of the time, and what taking it back ends.

use std::collections::BTreeSet;
use std::time::Duration;

use conclave_policy::anomaly::Mark;
use conclave_policy::evidence::usual_due;
use conclave_protocol::account::AccountRole;
use conclave_protocol::anomaly::AnomalyRule;
use conclave_protocol::evidence::ClaimState;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AnomalyId, InvitationId, Timestamp};
use conclave_store::action::{
    AskForAccount, AskForEmail, AskForReset, ChangeClaims, ClaimChange, Decide, FindAnomalies,
    Invite, IssueTicket, KeepLook, KeepTime, KeepWatch, NewFinding, TakeBackTime,
};
use conclave_store::{Store, TokenHash, UpkeepReason};
use uuid::Uuid;

use crate::contract;
use crate::evidence::decision;
use crate::home::{Home, NOW, Owner, in_seconds, recorded};

contract!(
    the_time_that_is_remembered_is_the_latest_and_never_goes_back,
    taking_time_back_ends_what_holds_for_a_time,
    what_was_seen_in_a_time_that_is_taken_back_shows_nothing_and_hides_nothing,
    a_decision_of_a_time_that_is_taken_back_is_due_within_a_year_of_its_end,
);

async fn keep(store: &Store, seconds: u64) {
    let at = in_seconds(seconds);
    let kept = store.write_unaudited(UpkeepReason::Time, KeepTime { at });
    kept.await.unwrap();
}

// Shows: ABUSE-66.
async fn the_time_that_is_remembered_is_the_latest_and_never_goes_back(home: Home) {
    let store = home.open().await;
    assert_eq!(store.remembered_time().await.unwrap(), None);

    store.record(home.some_entry()).await.unwrap();
    assert_eq!(store.remembered_time().await.unwrap(), Some(NOW));
    keep(&store, 60).await;
    keep(&store, 30).await;
    store.record(home.some_entry()).await.unwrap();
    store.close().await;
    drop(store);

    let store = home.open().await;
    let remembered = store.remembered_time().await.unwrap();
    assert_eq!(remembered, Some(in_seconds(60)));
}

// Shows: ABUSE-66.
async fn taking_time_back_ends_what_holds_for_a_time(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (_, participant) = home.live_meeting(&store, &owner).await;
    let (ticket, invited) = (home.token(), InvitationId(home.id()));
    let issue = IssueTicket {
        id: ticket,
        participant,
        at: NOW,
        expires_at: in_seconds(2_000_000),
    };
    store.write(issue, home.some_entry()).await.unwrap();
    let invite = Invite {
        id: invited,
        token: home.token(),
        organisation: owner.organisation,
        email: EmailAddress::parse("bo@clinic.example").ok().unwrap(),
        role: AccountRole::Member,
        invited_by: owner.account,
        at: NOW,
        expires_at: in_seconds(2_000_000),
    };
    store.write(invite, home.some_entry()).await.unwrap();
    let [reset, change, request] = ask_for_links(&home, &store, &owner).await;
    keep(&store, 1_000_000).await;
    let before = recorded(&store).await.len();
    let taken = TakeBackTime {
        from: in_seconds(1_000_000),
        to: in_seconds(60),
    };

    store.write(taken, home.some_entry()).await.unwrap();

    let remembered = store.remembered_time().await.unwrap();
    assert_eq!(remembered, Some(in_seconds(60)));
    assert!(store.session(owner.session).await.unwrap().is_none());
    assert!(store.ticket(ticket).await.unwrap().is_none());
    assert!(store.invitation(invited).await.unwrap().is_none());
    let now = in_seconds(60);
    let reset = store.password_reset(reset, now).await.unwrap();
    assert!(reset.is_none());
    let change = store.email_change(owner.account, change, now).await;
    assert!(change.unwrap().is_none());
    let request = store.account_request(request, now).await.unwrap();
    assert!(request.is_none());
    assert!(store.account(owner.account).await.unwrap().is_some());
    assert_eq!(recorded(&store).await.len(), before + 1);
}

/// For another password, another address, and an account.
async fn ask_for_links(home: &Home, store: &Store, owner: &Owner) -> [TokenHash; 3] {
    let account = owner.account;
    let known = store.account(account).await.unwrap().unwrap();
    let links = [home.token(), home.token(), home.token()];
    let [reset, change, request] = links;
    let (at, expires_at) = (NOW, in_seconds(2_000_000));
    let reset = AskForReset {
        account,
        email: known.email,
        token: reset,
        at,
        expires_at,
    };
    store.write(reset, home.some_entry()).await.unwrap();
    let change = AskForEmail {
        account,
        token: change,
        email: EmailAddress::parse("di@clinic.example").ok().unwrap(),
        at,
        expires_at,
    };
    store.write(change, home.some_entry()).await.unwrap();
    let request = AskForAccount {
        token: request,
        organisation: owner.organisation,
        email: EmailAddress::parse("cy@clinic.example").ok().unwrap(),
        at,
        expires_at,
    };
    store.write(request, home.some_entry()).await.unwrap();
    links
}

const RULE: AnomalyRule = AnomalyRule::ManyExports;

/// As a server with a clock that is far ahead does.
async fn watch(home: &Home, store: &Store, owner: &Owner, at: Timestamp, state: ClaimState) {
    let organisation = owner.organisation;
    let change = ChangeClaims {
        organisation,
        at,
        changes: vec![ClaimChange {
            claim: "a.one",
            state,
            since: at,
            sentence: None,
        }],
    };
    store.write(change, home.some_entry()).await.unwrap();
    let good_until = at.plus(Duration::from_secs(10));
    let keep = KeepWatch {
        organisation,
        at,
        good_until,
    };
    let kept = store.write_unaudited(UpkeepReason::Measurement, keep);
    kept.await.unwrap();
}

// Shows: ABUSE-66.
async fn what_was_seen_in_a_time_that_is_taken_back_shows_nothing_and_hides_nothing(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let organisation = owner.organisation;
    let ahead = in_seconds(1_000_000);
    watch(&home, &store, &owner, NOW, ClaimState::NotMet).await;
    watch(&home, &store, &owner, ahead, ClaimState::Proven).await;
    let mark = Mark {
        rule: RULE,
        subject: Uuid::from_u128(7),
        counted: Uuid::from_u128(1),
        fact: Uuid::from_u128(1),
        by: None,
        at: ahead,
    };
    let look = KeepLook {
        after: 0,
        up_to: 1,
        marks: vec![(organisation, mark)],
        at: ahead,
    };
    let finding = NewFinding {
        id: AnomalyId(home.id()),
        organisation,
        rule: RULE,
        subject: mark.subject,
        network: None,
        count: 1,
        window_minutes: 60,
        found_at: ahead,
        by: BTreeSet::new(),
    };
    let found = FindAnomalies {
        look,
        findings: vec![finding],
    };
    store.write(found, home.some_entry()).await.unwrap();
    let to = in_seconds(5);
    let taken = TakeBackTime { from: ahead, to };

    store.write(taken, home.some_entry()).await.unwrap();

    for (at, expected) in [(in_seconds(4), true), (to, false), (ahead, false)] {
        let watched = store.was_evidence_watched(organisation, at).await;
        assert_eq!(watched.unwrap(), expected, "{at:?}");
    }
    let stood = store.claims_stood(organisation, ahead).await.unwrap();
    assert_eq!(stood[0].state, ClaimState::NotMet);
    let marks = store.anomaly_marks(organisation, RULE, mark.subject, NOW);
    assert_eq!(marks.await.unwrap(), [Mark { at: to, ..mark }]);
    let listed = store.anomalies(organisation).await.unwrap();
    assert_eq!(listed[0].found_at, to);
}

// Shows: ABUSE-66.
async fn a_decision_of_a_time_that_is_taken_back_is_due_within_a_year_of_its_end(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (from, to) = (in_seconds(1_000_000), in_seconds(60));
    let decide = Decide {
        at: from,
        due: usual_due(from),
        ..decision(&home, &owner, owner.account)
    };
    store.write(decide, home.some_entry()).await.unwrap();

    let taken = TakeBackTime { from, to };
    store.write(taken, home.some_entry()).await.unwrap();

    let kept = store.decisions_in_force(owner.organisation).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|one| (one.decided_at, one.due)).collect();
    assert_eq!(kept, [(to, Some(usual_due(to)))]);
}
