//! Evidence: how claims stood at any moment, and what the organisation decided, agreed and reviewed.

use std::time::Duration;

use conclave_protocol::AccountId;
use conclave_protocol::complaint::{ComplaintCounts, ComplaintKind, ComplaintOutcome};
use conclave_protocol::evidence::{AgreementState, ClaimState, DecisionChoice};
use conclave_protocol::personal::{DisplayName, Title, Words};
use conclave_protocol::risk::{RiskChoice, RiskLevel};
use conclave_store::action::{
    AddAgreement, AgreementWords, AssessRisk, ChangeAgreement, ChangeClaims, ClaimChange,
    CloseComplaint, Decide, EnterComplaint, KeepExport, KeepWatch, SignReview,
};
use conclave_store::read::evidence::{EXPORTS_KEPT_FOR, MOST_EXPORTS};
use conclave_store::{Refused, Store, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner};

contract!(
    how_a_claim_stood_is_known_of_every_moment,
    the_newest_decision_about_a_subject_is_in_force_and_the_others_are_kept,
    a_decision_names_who_sees_to_it_and_those_of_before_name_nobody,
    only_owners_and_admins_decide_agree_and_sign,
    nobody_looked_between_two_times_that_are_apart,
    all_that_the_register_said_of_an_agreement_is_kept,
    the_newest_assessment_of_a_risk_is_in_force_and_the_others_are_kept,
    a_complaint_is_closed_once_and_counted_at_any_moment,
    what_was_taken_out_is_kept_for_a_year_however_much_is_taken_out,
);

async fn how_a_claim_stood_is_known_of_every_moment(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let later = NOW.plus(Duration::from_secs(60));
    for (at, changes) in [
        (
            NOW,
            vec![
                ("a.one", ClaimState::Proven, Some("One.")),
                ("a.two", ClaimState::Stale, None),
            ],
        ),
        (later, vec![("a.one", ClaimState::NotMet, None)]),
    ] {
        let organisation = owner.organisation;
        let changes = changes.into_iter();
        let changes = changes.map(|(claim, state, sentence)| ClaimChange {
            claim,
            state,
            since: at,
            sentence,
        });
        let changes = changes.collect();
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
    let told = store.claims_stood(owner.organisation, NOW).await.unwrap();
    let told: Vec<_> = told.into_iter().map(|one| one.sentence).collect();
    assert_eq!(told, [Some("One.".to_owned()), None]);

    // Other words for the same: it stands so since before.
    let reworded = later.plus(Duration::from_secs(60));
    let change = ChangeClaims {
        organisation: owner.organisation,
        at: reworded,
        changes: vec![ClaimChange {
            claim: "a.two",
            state: ClaimState::Stale,
            since: NOW,
            sentence: Some("Two."),
        }],
    };
    store.write(change, home.some_entry()).await.unwrap();
    assert_eq!(stood(reworded).await, after);
}

async fn nobody_looked_between_two_times_that_are_apart(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let after = |seconds| NOW.plus(Duration::from_secs(seconds));
    for (at, good_until) in [(0, 60), (30, 90), (89, 149), (150, 210)] {
        let keep = KeepWatch {
            organisation: owner.organisation,
            at: after(at),
            good_until: after(good_until),
        };
        let kept = store.write_unaudited(UpkeepReason::Measurement, keep);
        kept.await.unwrap();
    }

    for (at, expected) in [
        (0, true),
        (148, true),
        (149, false),
        (150, true),
        (210, false),
    ] {
        let watched = store.was_evidence_watched(owner.organisation, after(at));
        assert_eq!(watched.await.unwrap(), expected, "{at}");
    }
    let before = NOW.minus(Duration::from_secs(1));
    let watched = store.was_evidence_watched(owner.organisation, before);
    assert!(!watched.await.unwrap());
}

async fn all_that_the_register_said_of_an_agreement_is_kept(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let id = home.id();
    let add = AddAgreement {
        id,
        organisation: owner.organisation,
        words: words(AgreementState::Signed),
        by: owner.account,
        at: NOW,
    };
    store.write(add, home.some_entry()).await.unwrap();
    let later = NOW.plus(Duration::from_secs(60));
    let change = ChangeAgreement {
        id,
        organisation: owner.organisation,
        words: words(AgreementState::Ended),
        by: owner.account,
        at: later,
    };
    store.write(change, home.some_entry()).await.unwrap();

    let said = async |at| {
        let said = store.agreement_versions(owner.organisation, at).await;
        let said = said.unwrap().into_iter();
        let said = said.map(|one| (one.agreement, one.state, one.changed_by));
        said.collect::<Vec<_>>()
    };
    let first = (id, AgreementState::Signed, Some(owner.account));
    assert_eq!(said(NOW).await, [first]);
    let second = (id, AgreementState::Ended, Some(owner.account));
    assert_eq!(said(later).await, [first, second]);
}

async fn the_newest_assessment_of_a_risk_is_in_force_and_the_others_are_kept(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let later = NOW.plus(Duration::from_secs(60));
    let assess = |choice, by, at| AssessRisk {
        id: home.id(),
        organisation: owner.organisation,
        risk: "insider".to_owned(),
        choice,
        likelihood: RiskLevel::Low,
        impact: RiskLevel::High,
        reason: Words::parse("We are few.").ok().unwrap(),
        next_look_at: later,
        by,
        at,
    };
    let stranger = assess(RiskChoice::Accepted, AccountId(home.id()), NOW);
    let written = store.write(stranger, home.some_entry()).await;
    assert_eq!(refused(written), Err(Refused::NotAllowed));
    for (choice, at) in [(RiskChoice::Accepted, NOW), (RiskChoice::Reduced, later)] {
        let assess = assess(choice, owner.account, at);
        store.write(assess, home.some_entry()).await.unwrap();
    }

    for (choice, at) in [(RiskChoice::Accepted, NOW), (RiskChoice::Reduced, later)] {
        let found = store.risk_assessments(owner.organisation, at).await;
        let found = found.unwrap().into_iter();
        let found: Vec<_> = found.map(|one| (one.choice, one.assessed_by)).collect();
        assert_eq!(found, [(choice, owner.account)]);
    }
    let in_force = store.risk_assessments_in_force(owner.organisation).await;
    let in_force: Vec<_> = in_force.unwrap().iter().map(|one| one.choice).collect();
    assert_eq!(in_force, [RiskChoice::Reduced]);
}

async fn a_complaint_is_closed_once_and_counted_at_any_moment(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let id = home.id();
    let enter = |by| EnterComplaint {
        id,
        organisation: owner.organisation,
        kind: ComplaintKind::Access,
        words: vec![1],
        received_at: NOW,
        by,
        at: NOW,
    };
    let stranger = store.write(enter(AccountId(home.id())), home.some_entry());
    assert_eq!(refused(stranger.await), Err(Refused::NotAllowed));
    let entered = store.write(enter(owner.account), home.some_entry());
    entered.await.unwrap();
    let later = NOW.plus(Duration::from_secs(60));
    let close = |id| CloseComplaint {
        id,
        organisation: owner.organisation,
        outcome: ComplaintOutcome::Resolved,
        note: vec![2],
        by: owner.account,
        at: later,
    };
    let nothing = store.write(close(home.id()), home.some_entry()).await;
    assert_eq!(refused(nothing), Err(Refused::NotFound));
    store.write(close(id), home.some_entry()).await.unwrap();
    let twice = store.write(close(id), home.some_entry()).await;
    assert_eq!(refused(twice), Err(Refused::Conflict));

    let counts = async |at| {
        let counts = store.complaint_counts(owner.organisation, at).await;
        let ComplaintCounts {
            received,
            open,
            closed,
        } = counts.unwrap();
        (received, open, closed)
    };
    assert_eq!(counts(NOW.minus(Duration::from_secs(1))).await, (0, 0, 0));
    assert_eq!(counts(NOW).await, (1, 1, 0));
    assert_eq!(counts(later).await, (1, 0, 1));
    let listed = store.complaints(owner.organisation).await.unwrap();
    assert_eq!(listed[0].outcome, Some(ComplaintOutcome::Resolved));
    let words = store.complaint_words(owner.organisation, id).await;
    let words = words.unwrap().unwrap();
    assert_eq!((words.words, words.note), (vec![1], Some(vec![2])));
}

async fn what_was_taken_out_is_kept_for_a_year_however_much_is_taken_out(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let keep = |id, by| KeepExport {
        id,
        organisation: owner.organisation,
        about: NOW,
        sha256: "ab".repeat(32),
        note: "As it was said.".to_owned(),
        by,
        at: NOW,
    };
    let stranger = keep(home.id(), AccountId(home.id()));
    let written = store.write(stranger, home.some_entry()).await;
    assert_eq!(refused(written), Err(Refused::NotAllowed));
    let first = home.id();
    store
        .write(keep(first, owner.account), home.some_entry())
        .await
        .unwrap();
    let kept = store.evidence_export(owner.organisation, first).await;
    assert_eq!(kept.unwrap().as_deref(), Some("As it was said."));
    for _ in 1..MOST_EXPORTS {
        let keep = keep(home.id(), owner.account);
        store.write(keep, home.some_entry()).await.unwrap();
    }

    let further = |at| KeepExport {
        at,
        ..keep(home.id(), owner.account)
    };
    let in_a_year = NOW.plus(EXPORTS_KEPT_FOR);
    let written = store.write(further(in_a_year), home.some_entry()).await;
    assert_eq!(refused(written), Err(Refused::TooManyExports));
    let oldest = store.evidence_export(owner.organisation, first).await;
    assert!(oldest.unwrap().is_some());

    let later = in_a_year.plus(Duration::from_secs(1));
    let written = store.write(further(later), home.some_entry()).await;
    written.unwrap();
    let kept = store.evidence_exports(owner.organisation).await.unwrap();
    assert_eq!(kept.len(), usize::try_from(MOST_EXPORTS).unwrap());
    let oldest = store.evidence_export(owner.organisation, first).await;
    assert!(oldest.unwrap().is_none());
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
    let in_force = store.decisions_in_force(owner.organisation).await.unwrap();
    let in_force: Vec<_> = in_force.iter().map(|one| one.choice).collect();
    assert_eq!(in_force, [DecisionChoice::Equivalent]);
}

async fn a_decision_names_who_sees_to_it_and_those_of_before_name_nobody(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let decide = decision(&home, &owner, owner.account);
    let due = decide.due;
    store.write(decide, home.some_entry()).await.unwrap();
    let named = async || {
        let found = store.decisions_in_force(owner.organisation).await.unwrap();
        let found = found.into_iter().next().unwrap();
        let name = found.owner.map(|name| name.as_str().to_owned());
        (name, found.due)
    };

    assert_eq!(
        named().await,
        (Some("Privacy office".to_owned()), Some(due))
    );
    let before = "UPDATE evidence_decision SET owner = NULL, due = NULL";
    home.tamper(before).await.unwrap();
    assert_eq!(named().await, (None, None));
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

pub(crate) fn decision(home: &Home, owner: &Owner, by: AccountId) -> Decide {
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
        owner: DisplayName::parse("Privacy office").ok(),
        due: NOW.plus(Duration::from_secs(60)),
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
