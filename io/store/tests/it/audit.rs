//! No write without its record, and no record changed.

use conclave_audit::{Actor, Code, Event, Outcome};
use conclave_protocol::OrganisationId;
use conclave_protocol::meeting::EndCause;
use conclave_store::action::{EndMeeting, Join};
use conclave_store::{Record, WriteError};

use crate::contract;
use crate::home::{Home, NOW, recorded};

contract!(
    an_act_and_its_entries_are_there_together,
    a_refused_act_leaves_neither_itself_nor_its_entry,
    a_refusal_can_be_recorded,
    entries_can_tell_what_the_act_did,
    an_act_without_an_entry_is_not_done,
    an_entry_that_is_too_long_undoes_its_act,
    the_same_entry_is_never_recorded_twice,
    nobody_changes_or_deletes_an_entry,
    entries_are_read_page_by_page_in_order,
);

async fn an_act_and_its_entries_are_there_together(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let before = recorded(&store).await.len();
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    let event = Event::MeetingEnd { meeting: meeting.0 };
    let entry = home.entry(event).in_organisation(owner.organisation.0);
    let second = home.some_entry();

    let written = store.write(end, [entry.clone(), second.clone()]);
    written.await.unwrap();

    let after = recorded(&store).await;
    assert!(after[before..] == [entry, second]);
    let rows = store.recorded_after(0, 100).await.unwrap();
    let log = rows[before].log;
    assert!(log == Some(OrganisationId(owner.organisation.0)));
}

async fn a_refused_act_leaves_neither_itself_nor_its_entry(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let before = recorded(&store).await.len();
    let full = Join {
        places: 0,
        ..home.join_as_host(meeting, &owner)
    };

    assert!(store.write(full, home.some_entry()).await.is_err());

    assert_eq!(recorded(&store).await.len(), before);
    let untouched = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(untouched.revision, 1);
}

async fn a_refusal_can_be_recorded(home: Home) {
    let store = home.open().await;
    let event = Event::AuthFail { account: None };
    let entry = home.entry(event).failed(Code::new("wrong_password"));

    store.record(entry).await.unwrap();

    let entries = recorded(&store).await;
    assert_eq!(entries[0].outcome, Outcome::Failed);
    assert!(entries[0].actor == Actor::System);
}

async fn entries_can_tell_what_the_act_did(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let invited = home.join(meeting, conclave_protocol::meeting::Admission::HostAbsent);
    let invited_id = invited.participant;
    store.write(invited, home.some_entry()).await.unwrap();
    let host = home.join_as_host(meeting, &owner);
    let start = home.entry(Event::MeetingStart { meeting: meeting.0 });
    let admitted = home.entry(Event::MeetingAdmit {
        meeting: meeting.0,
        participant: invited_id.0,
    });
    let expected = [start.clone(), admitted.clone()];

    let record = Record::after(move |joined: &conclave_store::action::Joined| {
        assert_eq!(joined.admitted, [invited_id]);
        vec![start, admitted]
    });
    store.write(host, record).await.unwrap();

    let entries = recorded(&store).await;
    assert!(entries.ends_with(&expected));
}

async fn an_act_without_an_entry_is_not_done(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let create = home.create_meeting(&owner);
    let meeting = create.id;

    let written = store.write(create, Record::after(|_| Vec::new())).await;

    assert!(matches!(written, Err(WriteError::Unrecorded)));
    assert!(store.meeting(meeting).await.unwrap().is_none());
}

async fn an_entry_that_is_too_long_undoes_its_act(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let create = home.create_meeting(&owner);
    let meeting = create.id;
    let mut entry = home.some_entry();
    entry.actor = Actor::Account {
        id: owner.account.0,
        role: Code::new("owner"),
        auth: Some(conclave_audit::Assurance {
            aal: 1,
            methods: vec![Code::new("password"); 1_000],
            session_hash: None,
        }),
    };

    let written = store.write(create, entry).await;

    assert!(matches!(written, Err(WriteError::Entry(_))));
    assert!(store.meeting(meeting).await.unwrap().is_none());
}

async fn the_same_entry_is_never_recorded_twice(home: Home) {
    let store = home.open().await;
    let entry = home.some_entry();

    store.record(entry.clone()).await.unwrap();

    assert!(store.record(entry).await.is_err());
    assert_eq!(recorded(&store).await.len(), 1);
    assert!(store.record(home.some_entry()).await.is_ok());
}

async fn nobody_changes_or_deletes_an_entry(home: Home) {
    let store = home.open().await;
    store.record(home.some_entry()).await.unwrap();

    for sql in [
        "UPDATE audit_outbox SET log = NULL",
        "DELETE FROM audit_outbox",
    ] {
        let tampered = home.tamper(sql).await;
        let error = tampered.err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("append-only")));
    }
    assert_eq!(recorded(&store).await.len(), 1);
}

async fn entries_are_read_page_by_page_in_order(home: Home) {
    let store = home.open().await;
    let entries = [home.some_entry(), home.some_entry(), home.some_entry()];
    store.record(entries.clone()).await.unwrap();

    let first = store.recorded_after(0, 2).await.unwrap();
    let rest = store.recorded_after(first[1].position, 2).await.unwrap();

    let bytes: Vec<_> = first.iter().chain(&rest).map(|row| &row.bytes).collect();
    let expected: Vec<_> = entries.iter().map(|e| e.to_canonical().unwrap()).collect();
    assert!(bytes.into_iter().eq(&expected));
}
