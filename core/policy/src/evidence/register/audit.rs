//! Audit, integrity, and who somebody is.

use conclave_protocol::evidence::EnforcedBy::{Crypto, Procedure, Server};

use crate::evidence::claim::Claim;
use crate::evidence::condition::Condition;
use crate::evidence::probe::Probe;

const AUDIT: &str = "164.312.b";
const INTEGRITY: &str = "164.312.c.1";
const AUTHENTICATE: &str = "164.312.c.2";
const PERSON: &str = "164.312.d";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new("audit.entries", AUDIT, Server, "Every act is on record",
        "Each act that changes something leaves its entry in the same transaction, and refusals leave theirs.")
        .tried(&[Probe::Record])
        .shown(&["REQ-AU-01"]),
    Claim::new("audit.no_persons", AUDIT, Server, "No personal data on record",
        "Entries and log lines hold no names, addresses, titles or secrets.")
        .shown(&["ABUSE-33", "ABUSE-64"]),
    Claim::new("audit.fails_closed", AUDIT, Server, "No act without a record",
        "What can't be put on record is not done, but for ending, revoking and signing off, which always work.")
        .shown(&["ABUSE-62"]),
    Claim::new("audit.verifiable", AUDIT, Crypto, "A log that outsiders verify",
        "The audit log is a Merkle tree, and programs that others wrote verify that nothing in it was changed or left out.")
        .tried(&[Probe::Log])
        .shown(&["ABUSE-61", "REQ-IN-08"]),
    Claim::new("audit.time", AUDIT, Server, "A time that never goes back",
        "Setting the machine's clock changes no order on record, and nothing that ran out holds again.")
        .shown(&["ABUSE-66"]),
    Claim::new("audit.examined", AUDIT, Server, "Activity can be examined",
        "Administrators and auditors search the record and take it out; each look and each export is on record itself.")
        .shown(&["REQ-AU-08", "REQ-AU-03"])
        .seen_in(&["audit.read", "audit.export", "report.read", "report.export"]),
    Claim::new("audit.live", AUDIT, Server, "Up-to-the-minute management",
        "What happens shows in the management pages within seconds.")
        .shown(&["REQ-AU-02"]),
    Claim::new("audit.managers", AUDIT, Server, "Reports without security rights",
        "An account manager sees what goes on and changes no security setting.")
        .shown(&["REQ-AU-09"]),
    Claim::new("audit.support", AUDIT, Server, "Support sessions are archived",
        "A support session leaves its recording, messages and feedback where the organisation keeps them.")
        .shown(&["REQ-AU-04", "REQ-AU-06"])
        .seen_in(&["recording.ended", "recording.feedback"]),
    Claim::new("audit.reviewed", AUDIT, Procedure, "The record is read",
        "Somebody of the organisation reads the record regularly.")
        .signed(),

    Claim::new("integrity.messages", INTEGRITY, Crypto, "Each message is authenticated",
        "A message or a frame in which one bit was changed is refused by whoever receives it.")
        .shown(&["REQ-IN-01"]),
    Claim::new("integrity.decoded", INTEGRITY, Crypto, "What was decrypted is checked again",
        "What was decrypted is checked against its form and bounds before it is used.")
        .shown(&["REQ-IN-04"]),
    Claim::new("integrity.layers", INTEGRITY, Server, "Several layers",
        "Transport, media, messages, commands and the record have integrity checks of their own.")
        .shown(&["REQ-IN-02"]),
    Claim::new("integrity.releases", INTEGRITY, Crypto, "Signed programs",
        "Each program that is shipped is signed.")
        .shown(&["REQ-IN-06"])
        .waiting_for("operations"),

    Claim::new("authenticate.stored", AUTHENTICATE, Crypto, "Altered or destroyed records",
        "A record that was altered or destroyed is noticed.")
        .tried(&[Probe::Log, Probe::Recordings])
        .shown(&["REQ-IN-08"])
        .seen_in(&["recording.damaged"]),
    Claim::new("authenticate.active_attacks", AUTHENTICATE, Crypto, "Attacks by the server itself",
        "A server that adds, removes or swaps somebody in a meeting's encryption is refused by the others, or shown to them.")
        .while_set(&[Condition::EndToEnd])
        .shown(&["REQ-CR-08"]),

    Claim::new("person.passwords", PERSON, Server, "Passwords",
        "Passwords follow NIST SP 800-63B-4: long, not guessable, never made to expire, kept as argon2id hashes.")
        .shown(&["REQ-ID-02"]),
    Claim::new("person.lock_out", PERSON, Server, "Lock-out",
        "Wrong passwords lock whoever guesses out for a time, and not the account's holder.")
        .tried(&[Probe::LockOut])
        .shown(&["REQ-AC-03", "ABUSE-04", "ABUSE-05"])
        .seen_in(&["auth.lockout"]),
    Claim::new("person.second_factor", PERSON, Server, "Two factors of who decides over others",
        "Owners, admins and representatives do nothing before they have shown a second factor.")
        .shown(&["REQ-AC-20"])
        .seen_in(&["auth.password"]),
    Claim::new("person.second_factor_all", PERSON, Server, "Two factors of everybody",
        "Nobody of this organisation signs in by a password alone.")
        .while_set(&[Condition::SecondFactorForAll])
        .shown(&["REQ-AC-20"])
        .seen_in(&["auth.password"]),
    Claim::new("person.channels", PERSON, Server, "Every channel",
        "Each channel asks who is there; what does not is on a list that a test holds.")
        .shown(&["REQ-ID-04", "ABUSE-31"]),
    Claim::new("person.devices", PERSON, Crypto, "Devices",
        "A host's browsers are certified by the account's own key, which the server does not have.")
        .shown(&["REQ-ID-05"]),
    Claim::new("person.provider", PERSON, Server, "The organisation's identity provider",
        "False, old or borrowed words of an identity provider sign nobody in.")
        .shown(&["ABUSE-13"]),
    Claim::new("person.resets", PERSON, Server, "Reset links and factors",
        "Links for forgotten passwords are good once and for minutes, and factors change only for who has just proved who they are.")
        .shown(&["ABUSE-11", "ABUSE-12"])
        .seen_in(&["auth.reset_password", "auth.step_up"]),
];
