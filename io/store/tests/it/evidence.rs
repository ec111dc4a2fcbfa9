//! Evidence: how claims stood at any moment, and what the organisation decided, agreed and reviewed.

use std::time::Duration;

use conclave_protocol::AccountId;
use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::personal::{Title, Words};
use conclave_store::action::{
    AddAgreement, AgreementWords, ChangeAgreement, ChangeClaims, Decide, SignReview,
};
use conclave_store::{Refused, Store, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner};

contract!(
    how_a_claim_stood_is_known_of_every_moment,
    the_newest_decision_about_a_subject_is_in_force_and_the_others_are_kept,
    only_owners_and_admins_decide_agree_and_sign,
);

async fn how_a_claim_stood_is_known_of_every_moment(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let later = NOW.plus(Duration::from_secs(60));
    for (at, changes) in [
        (
            NOW,
            vec![("a.one", ClaimState::Proven), ("a.two", ClaimState::Stale)],
        ),
        (later, vec![("a.one", ClaimState::NotMet)]),
    ] {
        let organisation = owner.organisation;
        let change = ChangeClaims {
            organisation,
            at,
            changes,
        };
        store.write(change, home.some_entry()).await.unwrap();
    }

    let stood = async |at| {
        let stood = store.claims_stood(owner.organisation, at).await.unwrap();
        let stood = stood.into_iter().map(|one| (one.claim, one.state, one.at));
        stood.collect::<Vec<_>>()
    };
    let (one, two) = ("a.one".to_owned(), "a.two".to_owned());
    assert!(stood(NOW.minus(Duration::from_secs(1))).await.is_empty());
    let before = [
        (one.clone(), ClaimState::Proven, NOW),
        (two.clone(), ClaimState::Stale, NOW),
    ];
    assert_eq!(stood(later.minus(Duration::from_secs(1))).await, before);
    let after = [
        (one, ClaimState::NotMet, later),
        (two, ClaimState::Stale, NOW),
    ];
    assert_eq!(stood(later).await, after);
}

async fn the_newest_decision_about_a_subject_is_in_force_and_the_others_are_kept(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let later = NOW.plus(Duration::from_secs(60));
    for (at, choice) in [
        (NOW, DecisionChoice::Implemented),
        (later, DecisionChoice::Equivalent),
    ] {
        let decide = Decide {
            choice,
            at,
            ..decision(&home, &owner, owner.account)
        };
        store.write(decide, home.some_entry()).await.unwrap();
    }

    for (at, choice) in [
        (NOW, DecisionChoice::Implemented),
        (later, DecisionChoice::Equivalent),
    ] {
        let found = store.decisions(owner.organisation, at).await.unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.choice, one.decided_by))
            .collect();
        assert_eq!(found, [(choice, owner.account)]);
    }
}

async fn only_owners_and_admins_decide_agree_and_sign(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let stranger = AccountId(home.id());
    let decided = store.write(decision(&home, &owner, stranger), home.some_entry());
    assert_eq!(refused(decided.await), Err(Refused::NotAllowed));
    let sign = |by| SignReview {
        organisation: owner.organisation,
        settings: "ab".repeat(32),
        by,
        at: NOW,
    };
    let signed = store.write(sign(stranger), home.some_entry()).await;
    assert_eq!(refused(signed), Err(Refused::NotAllowed));
    assert!(
        store
            .last_review(owner.organisation, NOW)
            .await
            .unwrap()
            .is_none()
    );
    store
        .write(sign(owner.account), home.some_entry())
        .await
        .unwrap();
    let last = store
        .last_review(owner.organisation, NOW)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((last.signed_by, last.signed_at), (owner.account, NOW));
    let before = NOW.minus(Duration::from_secs(1));
    let then = store.last_review(owner.organisation, before).await.unwrap();
    assert!(then.is_none());

    let id = home.id();
    let add = |by| AddAgreement {
        id,
        organisation: owner.organisation,
        words: words(AgreementState::Signed),
        by,
        at: NOW,
    };
    let added = store.write(add(stranger), home.some_entry()).await;
    assert_eq!(refused(added), Err(Refused::NotAllowed));
    store
        .write(add(owner.account), home.some_entry())
        .await
        .unwrap();
    let change = |id| ChangeAgreement {
        id,
        organisation: owner.organisation,
        words: words(AgreementState::Ended),
        by: owner.account,
        at: NOW,
    };
    let nothing = store.write(change(home.id()), home.some_entry()).await;
    assert_eq!(refused(nothing), Err(Refused::NotFound));
    assert!(in_force(&store, &owner).await);
    store.write(change(id), home.some_entry()).await.unwrap();
    assert!(!in_force(&store, &owner).await);
}

async fn in_force(store: &Store, owner: &Owner) -> bool {
    let agreements = store.agreements(owner.organisation).await.unwrap();
    agreements.iter().any(|one| one.in_force(NOW))
}

fn decision(home: &Home, owner: &Owner, by: AccountId) -> Decide {
    let words = |text: &str| Words::parse(text).ok().unwrap();
    Decide {
        id: home.id(),
        organisation: owner.organisation,
        subject: "164.312.a.2.iii".to_owned(),
        choice: DecisionChoice::Implemented,
        reason: words("Because.\nAnd so on."),
        risk: words("low"),
        size: words("small"),
        complexity: words("none"),
        infrastructure: words("one server"),
        cost: words("none"),
        by,
        at: NOW,
    }
}

fn words(state: AgreementState) -> AgreementWords {
    AgreementWords {
        party: Title::parse("Riverside Hosting").ok().unwrap(),
        state,
        signed_at: Some(NOW),
        ends_at: None,
        document: Some("ab".repeat(32)),
    }
}

fn refused<T>(written: Result<T, WriteError>) -> Result<T, Refused> {
    match written {
        Err(WriteError::Refused(refused)) => Err(refused),
        written => Ok(written.unwrap()),
    }
}
