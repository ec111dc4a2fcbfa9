//! Transmission security: what travels, and who could read or change it.

use conclave_protocol::evidence::EnforcedBy::{Crypto, Procedure, Server};

use crate::evidence::claim::Claim;
use crate::evidence::condition::Condition;
use crate::evidence::probe::Probe;

const TRANSMISSION: &str = "164.312.e.1";
const UNCHANGED: &str = "164.312.e.2.i";
const ENCRYPTED: &str = "164.312.e.2.ii";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new("transmission.two_layers", TRANSMISSION, Crypto, "Two layers",
        "What people say, show and type travels under two layers of encryption: to the server, and from person to person.")
        .while_set(&[Condition::EndToEnd])
        .shown(&["REQ-CR-09"]),
    Claim::new("transmission.identity", TRANSMISSION, Server, "The server's certificate",
        "The server has a certificate that is valid for two weeks more, and tells browsers to stay with TLS.")
        .while_set(&[Condition::Tls])
        .tried(&[Probe::TlsHandshake, Probe::Certificate])
        .shown(&["REQ-CR-13"]),
    Claim::new("transmission.other_sites", TRANSMISSION, Server, "Pages of other sites",
        "Pages of other sites change nothing here, open no channel and frame no page.")
        .shown(&["ABUSE-31", "ABUSE-32"]),
    Claim::new("transmission.anywhere", TRANSMISSION, Server, "From any place",
        "A meeting works over networks that let TCP port 443 through and nothing else.")
        .shown(&["REQ-MT-04"])
        .waiting_for("operations"),

    Claim::new("unchanged.media", UNCHANGED, Crypto, "Sound and pictures",
        "Sound and pictures travel under AEAD_AES_256_GCM, by which a changed packet is dropped.")
        .tried(&[Probe::MediaProfile])
        .shown(&["REQ-CR-02", "REQ-IN-01"]),
    Claim::new("unchanged.replays", UNCHANGED, Crypto, "Replays and false codes",
        "Tickets, codes and commands are good once: what is sent again does nothing again.")
        .shown(&["ABUSE-08", "ABUSE-21", "ABUSE-22"]),

    Claim::new("encrypted.end_to_end", ENCRYPTED, Crypto, "End-to-end encryption",
        "Meetings are encrypted end to end by MLS (RFC 9420) and SFrame (RFC 9605); the server has no key to them.")
        .while_set(&[Condition::EndToEnd])
        .shown(&["REQ-CR-07", "REQ-CR-14"])
        .seen_in(&["e2ee.group"]),
    Claim::new("encrypted.no_plain_media", ENCRYPTED, Server, "No unencrypted media",
        "A meeting on this server takes no sound and no picture that is not declared to be encrypted end to end.")
        .while_set(&[Condition::EndToEnd])
        .shown(&["REQ-CR-09"]),
    Claim::new("encrypted.messages", ENCRYPTED, Crypto, "Messages and control",
        "Messages and hosts' commands travel encrypted between browsers and the server.")
        .while_set(&[Condition::Tls])
        .tried(&[Probe::TlsHandshake])
        .shown(&["REQ-CR-01"]),
    Claim::new("encrypted.media", ENCRYPTED, Crypto, "Sound, pictures and screens",
        "Sound, pictures and shared screens travel under AES-256-GCM: all media sessions of the last month negotiated it.")
        .tried(&[Probe::TestVectors, Probe::MediaProfile])
        .shown(&["REQ-CR-02", "REQ-CR-03"]),
    Claim::new("encrypted.keys", ENCRYPTED, Crypto, "Keys of each session",
        "Each meeting has keys of its own, which change when somebody comes or goes.")
        .shown(&["REQ-CR-06", "REQ-AC-07"])
        .seen_in(&["e2ee.epoch"]),
    Claim::new("encrypted.mode", ENCRYPTED, Crypto, "The data mode",
        "What is kept of a meeting is bound into its encryption: a server that says otherwise raises an alarm.")
        .shown(&["REQ-MODE-05"]),
    Claim::new("encrypted.secrets", ENCRYPTED, Crypto, "The join secret",
        "The secret of a meeting's link reaches no server and no log line.")
        .shown(&["ABUSE-33"]),
    Claim::new("encrypted.tls", ENCRYPTED, Server, "TLS",
        "The page and the interfaces are served by TLS with an AEAD, 1.3 wherever the other side speaks it.")
        .while_set(&[Condition::Tls])
        .tried(&[Probe::TlsHandshake])
        .shown(&["REQ-CR-13"]),
    Claim::new("encrypted.files", ENCRYPTED, Crypto, "Files of support sessions",
        "Files of support sessions are sealed end to end.")
        .shown(&["REQ-CR-04", "REQ-CR-05"])
        .seen_in(&["support.file_kept", "support.file_sent"]),
    Claim::new("encrypted.validated", ENCRYPTED, Crypto, "Validated modules",
        "The server's cryptography is a validated module (FIPS 140-3).")
        .shown(&["REQ-CR-10"])
        .waiting_for("operations"),
    Claim::new("encrypted.devices", ENCRYPTED, Procedure, "Devices of who takes part",
        "The organisation looks after the devices on which its people take part: what is decrypted is shown there.")
        .signed(),
];
