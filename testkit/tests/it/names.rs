//! What people may be called: the server's rule and that of a meeting's members are one.

use conclave_client::e2ee::identity::{Identity, ParticipantId, Standing};
use conclave_client::protocol::personal::DisplayName;

// Shows: ABUSE-17.
#[test]
fn members_take_the_names_that_the_server_takes_and_no_others() {
    // Beyond these nothing is assigned but what is drawn as nothing.
    for c in ('\0'..='\u{3ffff}').chain('\u{e0000}'..='\u{e1000}') {
        for name in [
            format!("A{c}b"),
            format!("葛{c}b"),
            format!("葛\u{e0100}{c}b"),
            format!("葛 {c}b"),
        ] {
            let at_the_door = DisplayName::parse(&name).is_ok();
            assert_eq!(at_the_door, is_taken_by_members(name), "{:x}", u32::from(c));
        }
    }
}

fn is_taken_by_members(display_name: String) -> bool {
    let identity = Identity {
        participant: ParticipantId([7; 16]),
        display_name,
        standing: Standing::Guest,
    };
    Identity::decode(&identity.encode()).is_ok()
}
