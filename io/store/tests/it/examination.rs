//! Saved views, and what the rules for anomalies keep: marks, findings, how far they have looked.

use std::collections::BTreeSet;
use std::time::Duration;

use conclave_policy::anomaly::{Mark, marks_kept_for};
use conclave_policy::saved_view::MOST_OF_ACCOUNT;
use conclave_protocol::anomaly::{AnomalyOutcome, AnomalyRule, RuleChoices, RuleSetting};
use conclave_protocol::personal::Label;
use conclave_protocol::report::ReportKind;
use conclave_protocol::saved_view::{SavedFilter, ViewSpan};
use conclave_protocol::{AccountId, AnomalyId, SavedViewId, Timestamp};
use conclave_store::action::{
    ChangeView, FindAnomalies, KeepLook, MOST_MARKS, NewFinding, RemoveView, ReviewAnomaly,
    SaveView, SetAnomalyRules,
};
use conclave_store::read::anomaly::MOST_MARKS_COUNTED;
use conclave_store::{Refused, Store, UpkeepReason, WriteError};
use uuid::Uuid;

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(
    a_view_is_saved_renamed_and_removed_within_its_bound,
    what_was_looked_at_is_looked_at_once,
    a_mark_is_forgotten_when_it_can_count_no_more,
    of_too_many_marks_the_oldest_of_their_rule_is_forgotten,
    a_finding_is_reviewed_once,
    whoever_did_it_reviews_no_finding,
    rules_are_set_by_who_has_read_them,
);

const RULE: AnomalyRule = AnomalyRule::ManyExports;
const SUBJECT: Uuid = Uuid::from_u128(7);

fn label(text: &str) -> Label {
    Label::parse(text).ok().unwrap()
}

fn save(home: &Home, owner: &Owner, name: &str) -> SaveView {
    SaveView {
        id: SavedViewId(home.id()),
        organisation: owner.organisation,
        by: owner.account,
        name: label(name),
        filter: SavedFilter::Report {
            report: ReportKind::Usage,
            span: ViewSpan {
                last_days: Some(7),
                ..ViewSpan::default()
            },
        },
        is_shared: false,
        at: NOW,
    }
}

async fn a_view_is_saved_renamed_and_removed_within_its_bound(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let view = save(&home, &owner, "Mine");
    let id = view.id;
    store.write(view, home.some_entry()).await.unwrap();
    let change = ChangeView {
        id,
        organisation: owner.organisation,
        by: owner.account,
        name: label("Ours"),
        is_shared: true,
        at: NOW,
    };
    store.write(change, home.some_entry()).await.unwrap();

    let found = store.saved_view(id, owner.organisation).await.unwrap();
    let found = found.unwrap();
    assert_eq!((found.name.as_str(), found.shared), ("Ours", true));
    let somebody = AccountId(home.id());
    let seen = store.saved_views(owner.organisation, somebody).await;
    assert_eq!(seen.unwrap().len(), 1);
    for number in 1..MOST_OF_ACCOUNT {
        let view = save(&home, &owner, &format!("{number}"));
        store.write(view, home.some_entry()).await.unwrap();
    }
    let more = save(&home, &owner, "More");
    let full = refused(store.write(more, home.some_entry()).await);
    assert_eq!(full, Err(Refused::TooManyViews));
    let remove = || RemoveView {
        id,
        organisation: owner.organisation,
        by: owner.account,
    };
    store.write(remove(), home.some_entry()).await.unwrap();
    let again = refused(store.write(remove(), home.some_entry()).await);
    assert_eq!(again, Err(Refused::NotFound));
}

fn mark(number: u128, at: Timestamp) -> Mark {
    Mark {
        rule: RULE,
        subject: SUBJECT,
        counted: Uuid::from_u128(number),
        fact: Uuid::from_u128(number),
        by: None,
        at,
    }
}

fn look(owner: &Owner, after: i64, up_to: i64, marks: &[Mark]) -> KeepLook {
    let marks = marks.iter().map(|mark| (owner.organisation, *mark));
    KeepLook {
        after,
        up_to,
        marks: marks.collect(),
        at: NOW,
    }
}

fn finding(home: &Home, owner: &Owner) -> NewFinding {
    NewFinding {
        id: AnomalyId(home.id()),
        organisation: owner.organisation,
        rule: RULE,
        subject: SUBJECT,
        network: None,
        count: 2,
        window_minutes: 60,
        found_at: NOW,
        by: BTreeSet::new(),
    }
}

async fn marked(store: &Store, owner: &Owner) -> usize {
    let since = Timestamp::from_micros(0);
    let marks = store.anomaly_marks(owner.organisation, RULE, SUBJECT, since);
    marks.await.unwrap().len()
}

async fn what_was_looked_at_is_looked_at_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    assert_eq!(store.anomalies_looked_at().await.unwrap(), 0);
    let marks = [mark(1, NOW), mark(2, NOW)];
    let find = |after| FindAnomalies {
        look: look(&owner, after, 5, &marks),
        findings: vec![finding(&home, &owner)],
    };
    store.write(find(0), home.some_entry()).await.unwrap();

    let again = refused(store.write(find(0), home.some_entry()).await);

    assert_eq!(again, Err(Refused::Conflict));
    assert_eq!(store.anomalies_looked_at().await.unwrap(), 5);
    assert_eq!(marked(&store, &owner).await, 2);
    let listed = store.anomalies(owner.organisation).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(store.open_anomalies(owner.organisation).await.unwrap(), 1);
    let last = async |subject, now| {
        let last = store.last_anomaly(owner.organisation, RULE, subject, now);
        last.await.unwrap()
    };
    assert_eq!(last(SUBJECT, NOW).await, Some(NOW));
    assert_eq!(last(Uuid::nil(), NOW).await, None);
    // Dated by a clock that was ahead.
    let before = NOW.minus(Duration::from_secs(1));
    assert_eq!(last(SUBJECT, before).await, None);
}

async fn a_mark_is_forgotten_when_it_can_count_no_more(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let old = NOW.minus(marks_kept_for(RULE) + Duration::from_secs(1));
    let marks = [mark(1, old), mark(2, NOW)];
    let reason = UpkeepReason::Anomalies;
    let first = look(&owner, 0, 3, &marks);
    store.write_unaudited(reason, first).await.unwrap();

    assert_eq!(marked(&store, &owner).await, 1);

    let reason = UpkeepReason::Anomalies;
    let same = look(&owner, 3, 4, &marks[1..]);
    store.write_unaudited(reason, same).await.unwrap();
    assert_eq!(marked(&store, &owner).await, 1);
}

async fn of_too_many_marks_the_oldest_of_their_rule_is_forgotten(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let another = AnomalyRule::EmergencyAccess;
    let of_another = Mark {
        rule: another,
        ..mark(0, NOW)
    };
    let oldest = Mark {
        subject: Uuid::from_u128(8),
        ..mark(0, NOW)
    };
    let others = (1..=MOST_MARKS).map(|number| mark(number.into(), in_seconds(number.into())));
    let marks: Vec<_> = [oldest, of_another].into_iter().chain(others).collect();
    let reason = UpkeepReason::Anomalies;

    let looked = look(&owner, 0, 1, &marks);
    store.write_unaudited(reason, looked).await.unwrap();

    let since = Timestamp::from_micros(0);
    let found = store.anomaly_marks(owner.organisation, RULE, oldest.subject, since);
    assert!(found.await.unwrap().is_empty());
    let most = usize::try_from(MOST_MARKS_COUNTED).unwrap();
    assert_eq!(marked(&store, &owner).await, most);
    let kept = store.anomaly_marks(owner.organisation, another, SUBJECT, since);
    assert_eq!(kept.await.unwrap(), [of_another]);
}

async fn whoever_did_it_reviews_no_finding(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let found = NewFinding {
        by: [owner.account].into(),
        ..finding(&home, &owner)
    };
    let id = found.id;
    let find = FindAnomalies {
        look: look(&owner, 0, 1, &[]),
        findings: vec![found],
    };
    store.write(find, home.some_entry()).await.unwrap();
    let review = ReviewAnomaly {
        id,
        organisation: owner.organisation,
        by: owner.account,
        outcome: AnomalyOutcome::Explained,
        note: vec![1],
        at: in_seconds(1),
    };

    let written = refused(store.write(review, home.some_entry()).await);

    assert_eq!(written, Err(Refused::NotAllowed));
    let makers = store.anomaly_makers(id).await.unwrap();
    assert_eq!(makers, [owner.account]);
}

async fn a_finding_is_reviewed_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let found = finding(&home, &owner);
    let id = found.id;
    let find = FindAnomalies {
        look: look(&owner, 0, 1, &[]),
        findings: vec![found],
    };
    store.write(find, home.some_entry()).await.unwrap();
    let review = || ReviewAnomaly {
        id,
        organisation: owner.organisation,
        by: owner.account,
        outcome: AnomalyOutcome::Incident,
        note: vec![1],
        at: in_seconds(1),
    };

    store.write(review(), home.some_entry()).await.unwrap();

    let twice = refused(store.write(review(), home.some_entry()).await);
    assert_eq!(twice, Err(Refused::Conflict));
    let kept = store.anomaly(id, owner.organisation).await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept.outcome, Some(AnomalyOutcome::Incident));
    assert_eq!(kept.reviewed_by, Some(owner.account));
    let note = store.anomaly_note(id, owner.organisation).await.unwrap();
    assert_eq!(note, Some(vec![1]));
    assert_eq!(store.open_anomalies(owner.organisation).await.unwrap(), 0);
}

async fn rules_are_set_by_who_has_read_them(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let setting = RuleSetting {
        is_on: false,
        threshold: 20,
        window_minutes: 1_440,
        usual_hours: None,
    };
    let set = |seen, by| SetAnomalyRules {
        organisation: owner.organisation,
        by,
        seen,
        choices: RuleChoices([(RULE, setting)].into()),
        at: NOW,
    };
    let by = owner.account;
    let early = refused(store.write(set(1, by), home.some_entry()).await);
    assert_eq!(early, Err(Refused::Conflict));

    store.write(set(0, by), home.some_entry()).await.unwrap();

    let late = refused(store.write(set(0, by), home.some_entry()).await);
    assert_eq!(late, Err(Refused::Conflict));
    let nobody = AccountId(home.id());
    let stranger = refused(store.write(set(1, nobody), home.some_entry()).await);
    assert_eq!(stranger, Err(Refused::NotAllowed));
    let chosen = store.anomaly_rules(owner.organisation).await.unwrap();
    assert_eq!(chosen.revision, 1);
    assert_eq!(chosen.choices.0.get(&RULE), Some(&setting));
    let history = store.anomaly_rule_history(owner.organisation).await;
    let history = history.unwrap();
    assert_eq!(history.at(NOW), &RuleChoices::default());
    assert_eq!(history.at(in_seconds(1)), &chosen.choices);
}

fn refused<T>(written: Result<T, WriteError>) -> Result<T, Refused> {
    match written {
        Err(WriteError::Refused(refused)) => Err(refused),
        written => Ok(written.unwrap()),
    }
}
