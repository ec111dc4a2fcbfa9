//! The logs over the outbox: places that last, checkpoints that hold, and damage that is noticed.

use std::time::Duration;

use conclave_audit::{
    Checkpoint, Code, Entry, EntryTime, Event, KeyName, Outcome, Rederivation, Rederived, Signer,
};
use conclave_protocol::OrganisationId;
use conclave_store::log::{Asked, Fault, LogHead, Notary, Placed};
use conclave_store::{Store, log};
use uuid::Uuid;

use crate::contract;
use crate::home::{Home, in_seconds, recorded};

contract!(
    each_organisation_has_a_log_of_its_own_and_the_installation_one,
    what_was_recorded_before_there_was_a_log_is_in_it_from_the_first_start,
    what_tells_of_authority_has_its_place_when_it_is_acknowledged,
    a_log_goes_on_where_it_was_after_a_restart,
    nobody_changes_or_deletes_a_place_or_a_checkpoint,
    a_log_that_was_changed_is_not_signed_over,
    entries_are_found_by_what_they_say,
    the_newest_entry_of_an_event_is_one_that_came_out_so_and_is_covered,
    entries_of_a_time_are_found_though_their_clocks_went_back,
);

/// Signs with a key of the tests.
pub(crate) fn notary() -> Notary {
    let host = KeyName::parse("clinic.example").unwrap();
    Notary::new(host, |checkpoint| {
        checkpoint.sign(&signer(checkpoint.origin.clone())).unwrap()
    })
}

fn signer(origin: KeyName) -> Signer {
    Signer::new(origin, &[7; 32])
}

/// The log as soon as its checkpoint covers so many entries.
pub(crate) async fn sequenced(store: &Store, log: Option<OrganisationId>, size: u64) -> LogHead {
    let covered = async {
        loop {
            let head = store.logs().await.unwrap().head(log).await.unwrap();
            match head.filter(|head| head.size >= size) {
                Some(head) => return head,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, covered).await.unwrap()
}

/// Derives the log again from its entries, against every tile and checkpoint that is kept, and one that somebody held.
pub(crate) async fn rederived(store: &Store, head: &LogHead, held: Option<&str>) -> Rederived {
    let mut logs = store.logs().await.unwrap();
    let signer = signer(KeyName::parse(&head.origin).unwrap());
    let mut derivation = Rederivation::new(signer.verifier().clone());
    let signed = logs.checkpoints(head, 0, 10_000).await.unwrap();
    let notes = signed.iter().map(|signed| signed.note.as_str());
    for note in notes.chain(held).chain([head.note.as_str()]) {
        derivation.checkpoint(note).unwrap();
    }
    while derivation.next() < head.size {
        let from = derivation.next();
        for leaf in logs.leaves(head, from, head.size).await.unwrap() {
            for tile in derivation.entry(&leaf.leaf().unwrap()).unwrap() {
                assert_eq!(logs.tile(head, tile.path).await.unwrap(), tile.bytes);
            }
        }
        assert!(derivation.next() > from, "entry {from} is gone");
    }
    let rederived = derivation.finish().unwrap();
    for tile in &rederived.partial_tiles {
        assert_eq!(logs.tile(head, tile.path).await.unwrap(), tile.bytes);
    }
    assert_eq!((rederived.size, rederived.root.0), (head.size, head.root));
    assert_eq!(logs.left_out().await.unwrap(), 0);
    rederived
}

async fn open(home: &Home) -> Store {
    let store = home.open().await;
    store.keep_logs(notary()).await;
    store
}

fn of(home: &Home, organisation: Uuid) -> Entry {
    home.some_entry().in_organisation(organisation)
}

// Shows: ABUSE-65.
async fn each_organisation_has_a_log_of_its_own_and_the_installation_one(home: Home) {
    let store = open(&home).await;
    let (one, other) = (home.id(), home.id());
    for _ in 0..3 {
        let entries = [
            of(&home, one),
            home.some_entry(),
            of(&home, other),
            of(&home, one),
        ];
        store.record(entries).await.unwrap();
    }

    for (log, name, size) in [
        (None, "clinic.example/audit/system".to_owned(), 3),
        (
            Some(OrganisationId(one)),
            format!("clinic.example/audit/{one}"),
            6,
        ),
        (
            Some(OrganisationId(other)),
            format!("clinic.example/audit/{other}"),
            3,
        ),
    ] {
        let head = sequenced(&store, log, size).await;
        assert_eq!((head.origin.as_str(), head.size), (name.as_str(), size));
        // Refuses entries of any other log.
        rederived(&store, &head, None).await;
        let mut logs = store.logs().await.unwrap();
        let listed = logs.list(&head, Asked::default(), 200).await.unwrap();
        assert_eq!(listed.len() as u64, size);
        for entry in listed {
            let entry = Entry::from_canonical(&entry.leaf).unwrap();
            assert_eq!(entry.org.map(OrganisationId), log);
        }
    }
}

async fn what_was_recorded_before_there_was_a_log_is_in_it_from_the_first_start(home: Home) {
    let store = home.open().await;
    for _ in 0..6 {
        let entries: [Entry; 100] = std::array::from_fn(|_| home.some_entry());
        store.record(entries).await.unwrap();
    }
    store.close().await;
    drop(store);

    let store = open(&home).await;
    let head = sequenced(&store, None, 600).await;

    let before: Vec<Uuid> = recorded(&store)
        .await
        .iter()
        .map(|entry| entry.id)
        .collect();
    let mut logs = store.logs().await.unwrap();
    let mut in_log = Vec::new();
    for from in [0, 256, 512] {
        for leaf in logs.leaves(&head, from, 600).await.unwrap() {
            in_log.push(Entry::from_canonical(&leaf.leaf().unwrap()).unwrap());
        }
    }
    assert!(
        in_log
            .iter()
            .enumerate()
            .all(|(seq, entry)| entry.seq == Some(seq as u64))
    );
    assert!(in_log.iter().map(|entry| entry.id).eq(before));
    drop(logs);
    rederived(&store, &head, None).await;
}

async fn what_tells_of_authority_has_its_place_when_it_is_acknowledged(home: Home) {
    let store = open(&home).await;
    store.record(home.some_entry()).await.unwrap();

    let failed = home.entry(Event::AuthFail { account: None });
    store.record(failed).await.unwrap();

    let head = store.logs().await.unwrap().head(None).await.unwrap();
    assert_eq!(head.unwrap().size, 2);
    // What may wait has to wait no longer than a second.
    store.record(home.some_entry()).await.unwrap();
    sequenced(&store, None, 3).await;
}

async fn a_log_goes_on_where_it_was_after_a_restart(home: Home) {
    let mut held: Option<LogHead> = None;
    for _ in 0..4 {
        let store = open(&home).await;
        let entries: [Entry; 200] = std::array::from_fn(|_| home.some_entry());
        store.record(entries).await.unwrap();
        // A clean stop leaves no entry without its place.
        store.close().await;
        drop(store);
        let store = open(&home).await;
        let head = store
            .logs()
            .await
            .unwrap()
            .head(None)
            .await
            .unwrap()
            .unwrap();
        let before = held.as_ref().map_or(0, |held| held.size);
        assert_eq!(head.size, before + 200);
        let note = held.as_ref().map(|held| held.note.as_str());
        rederived(&store, &head, note).await;
        held = Some(head);
        store.close().await;
    }
}

async fn nobody_changes_or_deletes_a_place_or_a_checkpoint(home: Home) {
    let store = open(&home).await;
    let entries: [Entry; 256] = std::array::from_fn(|_| home.some_entry());
    store.record(entries).await.unwrap();
    sequenced(&store, None, 256).await;

    for sql in [
        "UPDATE audit_log SET origin = 'other'",
        "DELETE FROM audit_log",
        "UPDATE audit_entry SET seq = seq + 1",
        "DELETE FROM audit_entry",
        "UPDATE audit_tile SET idx = idx + 1",
        "DELETE FROM audit_tile",
        "UPDATE audit_checkpoint SET note = ''",
        "DELETE FROM audit_checkpoint",
    ] {
        let tampered = home.tamper(sql).await;
        let error = tampered.err().map(|error| error.to_string());
        assert!(
            error.is_some_and(|text| text.contains("append-only")),
            "{sql}"
        );
    }
}

/// What a person with the database's password can do.
async fn a_log_that_was_changed_is_not_signed_over(home: Home) {
    let store = open(&home).await;
    store
        .record([home.some_entry(), home.some_entry()])
        .await
        .unwrap();
    let head = sequenced(&store, None, 2).await;
    store.close().await;
    drop(store);
    for sql in match home.is_postgres() {
        true => [
            "ALTER TABLE audit_entry DISABLE TRIGGER USER",
            FORGE_POSTGRES,
        ],
        false => ["DROP TRIGGER audit_entry_keeps_its_words", FORGE_SQLITE],
    } {
        home.tamper(sql).await.unwrap();
    }

    let store = open(&home).await;
    store.record(home.some_entry()).await.unwrap();
    store.close().await;

    let fault = Some(Fault::NotAsSigned { log: None });
    assert_eq!(store.log_fault(), fault);
    drop(store);
    // What happens goes on being recorded.
    let store = open(&home).await;
    assert_eq!(recorded(&store).await.len(), 3);
    let after = store.logs().await.unwrap().head(None).await.unwrap();
    assert_eq!(
        after.map(|after| (after.size, after.note)),
        Some((2, head.note))
    );
}

async fn the_newest_entry_of_an_event_is_one_that_came_out_so_and_is_covered(home: Home) {
    let store = open(&home).await;
    let (one, other) = (home.id(), home.id());
    let locked = |meeting| home.entry(Event::MeetingLock { meeting });
    let refused = locked(one).refused(Code::new("not_allowed"));
    let (first, second) = (locked(one), locked(other));
    let ids = (first.id, second.id, refused.id);
    let all = [first, second, refused];
    store.record(all).await.unwrap();
    let head = sequenced(&store, None, 3).await;
    let mut logs = store.logs().await.unwrap();
    let seen = |found: Option<Placed>| found.map(|found| (found.seq, found.id));

    let done = logs.newest(&head, "meeting.lock", Outcome::Done).await;
    let done = done.unwrap();
    assert_eq!(done.map(|done| done.at()), Some(crate::home::NOW));
    assert_eq!(seen(done), Some((1, ids.1)));
    let refused = logs.newest(&head, "meeting.lock", Outcome::Refused).await;
    assert_eq!(seen(refused.unwrap()), Some((2, ids.2)));
    let about = logs.newest_about(&head, "meeting.lock", one).await;
    assert_eq!(seen(about.unwrap()), Some((0, ids.0)));
    let other = logs.newest_about(&head, "meeting.unlock", one).await;
    assert_eq!(seen(other.unwrap()), None);
    // As the checkpoint of one entry has it.
    let early = LogHead { size: 1, ..head };
    let done = logs.newest(&early, "meeting.lock", Outcome::Done).await;
    assert_eq!(seen(done.unwrap()), Some((0, ids.0)));
}

async fn entries_of_a_time_are_found_though_their_clocks_went_back(home: Home) {
    let store = open(&home).await;
    let at = |seconds| {
        let mut entry = home.some_entry();
        entry.time = EntryTime::from_unix_micros(in_seconds(seconds).as_micros());
        entry
    };
    store
        .record([at(10), at(30), at(20), at(40), at(15)])
        .await
        .unwrap();
    let head = sequenced(&store, None, 5).await;
    let mut logs = store.logs().await.unwrap();
    let mut find = async |from: Option<u64>, to: Option<u64>, before, most| {
        let asked = Asked {
            from: from.map(in_seconds),
            to: to.map(in_seconds),
            before,
            ..Asked::default()
        };
        let found = logs.list(&head, asked, most).await.unwrap();
        found.iter().map(|entry| entry.seq).collect::<Vec<_>>()
    };

    assert_eq!(find(Some(15), Some(31), None, 200).await, [4, 2, 1]);
    assert_eq!(find(Some(15), Some(31), Some(4), 1).await, [2]);
    assert_eq!(find(None, Some(16), None, 200).await, [4, 0]);
    assert_eq!(find(Some(40), None, None, 200).await, [3]);
    assert_eq!(find(Some(41), None, None, 200).await, [0_u64; 0]);
    let range = logs.range(&head, Some(in_seconds(15)), Some(in_seconds(31)));
    assert_eq!(range.await.unwrap(), Some((1, 5)));
}

const FORGE_SQLITE: &str = "UPDATE audit_entry SET hash = zeroblob(32) WHERE seq = 1";
const FORGE_POSTGRES: &str = "UPDATE audit_entry SET hash = sha256('forged') WHERE seq = 1";

async fn entries_are_found_by_what_they_say(home: Home) {
    let store = open(&home).await;
    let (account, meeting) = (home.id(), home.id());
    let failed = home.entry(Event::AuthFail {
        account: Some(account),
    });
    let started = home.entry(Event::MeetingStart { meeting });
    let by = |mut entry: Entry| {
        entry.actor = conclave_audit::Actor::Account {
            id: account,
            role: Code::new("owner"),
            auth: None,
        };
        entry
    };
    let one = home.some_entry();
    let id = one.id;
    let entries = [
        one,
        failed.failed(Code::new("wrong_password")),
        by(started),
        by(home.entry(Event::MeetingEnd { meeting })),
    ];
    store.record(entries).await.unwrap();
    let head = sequenced(&store, None, 4).await;
    let mut logs = store.logs().await.unwrap();
    let mut find = async |asked: Asked, most| {
        let found = logs.list(&head, asked, most).await.unwrap();
        found.iter().map(|entry| entry.seq).collect::<Vec<_>>()
    };
    let anything = Asked::default;
    let named = |event: &str| Some(event.to_owned());

    assert_eq!(find(anything(), 200).await, [3, 2, 1, 0]);
    let by_its_id = |id| Asked {
        id: Some(id),
        ..anything()
    };
    assert_eq!(find(by_its_id(id), 200).await, [0]);
    assert_eq!(find(by_its_id(home.id()), 200).await, [0_u64; 0]);
    assert_eq!(find(anything(), 2).await, [3, 2]);
    let older = Asked {
        before: Some(2),
        ..anything()
    };
    assert_eq!(find(older, 2).await, [1, 0]);
    let event = Asked {
        event: named("meeting.end"),
        ..anything()
    };
    assert_eq!(find(event, 200).await, [3]);
    let family = Asked {
        event: named("meeting."),
        ..anything()
    };
    assert_eq!(find(family, 200).await, [0_u64; 0]);
    let actor = Asked {
        actor: Some(account),
        ..anything()
    };
    assert_eq!(find(actor, 200).await, [3, 2]);
    let object = Asked {
        object: Some(meeting),
        event: named("meeting.start"),
        ..anything()
    };
    assert_eq!(find(object, 200).await, [2]);
    let refused = Asked {
        outcome: Some(Outcome::Failed),
        ..anything()
    };
    assert_eq!(find(refused, 200).await, [1]);
    let now = crate::home::NOW;
    let earlier = Asked {
        to: Some(now),
        ..anything()
    };
    assert_eq!(find(earlier, 200).await, [0_u64; 0]);
    let since = Asked {
        from: Some(now),
        actor: Some(account),
        ..anything()
    };
    assert_eq!(find(since, 200).await, [3, 2]);
    assert_eq!(log::MOST_ENTRIES_LISTED, 200);
    let note = Checkpoint::unverified(&head.note);
    assert_eq!(note.map(|note| note.size), Some(4));
}
