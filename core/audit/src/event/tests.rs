//! One of each event, with what holds of all of them.

mod accounts;
mod centre;
mod companions;
mod computers;
mod emergencies;
mod encryption;
mod evidence;
mod meetings;
mod participants;
mod policy;
mod server;
mod support;

use std::collections::BTreeSet;

use self::accounts::of_accounts;
use self::centre::{of_examination, of_the_centre};
use self::companions::of_companions;
use self::computers::{of_enrolled_computers, of_supported_computers};
use self::emergencies::of_emergencies;
use self::encryption::of_groups;
use self::evidence::{of_evidence, of_registers};
use self::meetings::of_meetings;
use self::participants::of_participants;
use self::policy::of_policy;
use self::server::{of_programs, of_the_log, of_the_server};
use self::support::{of_recordings, of_support, of_support_requests};
use super::*;

const A: Uuid = Uuid::from_u128(1);
const M: Uuid = Uuid::from_u128(2);
const P: Uuid = Uuid::from_u128(3);
const G: Uuid = Uuid::from_u128(4);
const I: Uuid = Uuid::from_u128(5);
const S: Uuid = Uuid::from_u128(9);
const D: Uuid = Uuid::from_u128(10);

/// One of each, with what it is about.
fn catalogue() -> Vec<(Event, Option<(ObjectKind, Uuid)>)> {
    of_the_server()
        .into_iter()
        .chain(of_accounts())
        .chain(of_meetings())
        .chain(of_participants())
        .chain(of_groups())
        .chain(of_policy())
        .chain(of_programs())
        .chain(of_the_log())
        .chain(of_the_centre())
        .chain(of_evidence())
        .chain(of_registers())
        .chain(of_emergencies())
        .chain(of_examination())
        .chain(of_support())
        .chain(of_support_requests())
        .chain(of_supported_computers())
        .chain(of_companions())
        .chain(of_enrolled_computers())
        .chain(of_recordings())
        .collect()
}

#[test]
fn a_change_of_policy_is_about_the_layer_that_changed() {
    for (layer, kind) in [
        ("organisation", ObjectKind::Organisation),
        ("group", ObjectKind::Group),
        ("account", ObjectKind::Account),
    ] {
        let change = Event::PolicyChange {
            layer: Code::new(layer),
            subject: A,
            settings: Vec::new(),
            loosened: Vec::new(),
        };
        assert_eq!(change.object(), Some(Object { kind, id: A }));
    }
}

#[test]
fn an_event_is_written_under_its_name_and_read_back() {
    for (event, _) in catalogue() {
        let written = serde_json::to_value(&event).unwrap();

        assert_eq!(written["event"], event.name());
        assert!(serde_json::from_value::<Event>(written).is_ok_and(|read| read == event));
    }
}

/// Logs of before verify as they are: nothing is added to what they say.
#[test]
fn a_start_of_before_its_configuration_was_recorded_is_read_and_written_as_it_is() {
    let before = r#"{"event":"system.start","detail":{"version":"0.1.0"}}"#;

    let read: Event = serde_json::from_str(before).unwrap();

    assert_eq!(serde_json::to_string(&read).unwrap(), before);
}

#[test]
fn no_two_events_share_a_name() {
    let names: BTreeSet<_> = catalogue().iter().map(|(event, _)| event.name()).collect();

    assert_eq!(names.len(), catalogue().len());
}

#[test]
fn an_event_is_about_the_thing_that_it_changed() {
    for (event, expected) in catalogue() {
        let object = event.object().map(|object| (object.kind, object.id));

        assert_eq!(object, expected, "{}", event.name());
    }
}
