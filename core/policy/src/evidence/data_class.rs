//! Each class of data that the product handles, with how it is protected on its way and where it lies.

/// One class.
#[derive(Clone, Copy, Debug)]
pub struct DataClass {
    pub name: &'static str,
    pub in_motion: &'static str,
    pub at_rest: &'static str,
    /// Claims that stand for both.
    pub claims: &'static [&'static str],
}

const KEPT_OF_SUPPORT: &str =
    "not kept, but of support sessions where the organisation keeps them: see recordings";

pub const DATA_CLASSES: [DataClass; 13] = [
    DataClass {
        name: "Sound, pictures and shared screens",
        in_motion: "SFrame (AES-256-GCM) from person to person, DTLS-SRTP (AEAD_AES_256_GCM) to the server",
        at_rest: KEPT_OF_SUPPORT,
        claims: &["encrypted.media", "unchanged.media", "at_rest.nothing_kept"],
    },
    DataClass {
        name: "Messages in meetings",
        in_motion: "sealed from person to person under the meeting's keys, DTLS to the server",
        at_rest: KEPT_OF_SUPPORT,
        claims: &["encrypted.messages", "at_rest.nothing_kept"],
    },
    DataClass {
        name: "Recordings of support sessions, with feedback",
        in_motion: "sealed at the supported computer to the organisation's key (HPKE with X-Wing, AES-256-GCM), TLS to the server",
        at_rest: "as they were sealed, for as long as the organisation says; the server has their hashes, and no key",
        claims: &["at_rest.recordings", "authenticate.stored", "encrypted.tls"],
    },
    DataClass {
        name: "Files, clipboards and facts about the computer in support sessions",
        in_motion: "sealed from end to end under the session's keys, DTLS to the server",
        at_rest: "where they were sent; the server has sizes and hashes of files",
        claims: &["encrypted.files", "access.support"],
    },
    DataClass {
        name: "Keys of unattended computers, and what is typed for them",
        in_motion: "private keys go nowhere; what is typed is sealed to the computer's key (HPKE with X-Wing)",
        at_rest: "private keys at the computer, for its administrator alone; public ones and their hash at the server, which keeps nothing of what is typed",
        claims: &["access.support", "encrypted.tls"],
    },
    DataClass {
        name: "Names of who waits for help, and what it is about",
        in_motion: "TLS; the link that they get is sealed to their page's key (HPKE with X-Wing)",
        at_rest: "in the database while they wait, half an hour at the most; the record has opaque ids",
        claims: &["audit.no_persons", "encrypted.tls", "at_rest.files"],
    },
    DataClass {
        name: "Words about emergencies, complaints, findings and why a recording was seen",
        in_motion: "TLS",
        at_rest: "AES-256-GCM under a key of the installation, each bound to its row; the record has their hashes",
        claims: &["audit.no_persons", "encrypted.tls", "at_rest.files"],
    },
    DataClass {
        name: "Meeting secrets and keys",
        in_motion: "in the fragment of a link, which browsers send to nobody; MLS between members",
        at_rest: "at the browsers of who takes part; hosts' own in a vault that is sealed before the server has it",
        claims: &[
            "encrypted.end_to_end",
            "encrypted.secrets",
            "person.devices",
        ],
    },
    DataClass {
        name: "Passwords and second factors",
        in_motion: "TLS",
        at_rest: "argon2id hashes; seeds of authenticator programs are sealed under a key of the installation",
        claims: &["person.passwords", "encrypted.tls", "at_rest.files"],
    },
    DataClass {
        name: "Sessions, tickets and links",
        in_motion: "TLS",
        at_rest: "SHA-256 hashes of random secrets",
        claims: &["encrypted.tls", "unchanged.replays", "at_rest.files"],
    },
    DataClass {
        name: "Accounts, and meetings' titles and times",
        in_motion: "TLS",
        at_rest: "in the database, by the rights of its files and the encryption of the operator's disk",
        claims: &["encrypted.tls", "at_rest.files", "at_rest.disk"],
    },
    DataClass {
        name: "The record",
        in_motion: "TLS",
        at_rest: "opaque ids without personal data, append-only",
        claims: &["audit.entries", "audit.no_persons", "encrypted.tls"],
    },
    DataClass {
        name: "Figures of quality",
        in_motion: "TLS, or from the server's own machine alone",
        at_rest: "in the database, by participants' opaque ids",
        claims: &["access.admin_listener", "at_rest.files"],
    },
];

#[cfg(test)]
mod tests {
    use super::super::register::claim;
    use super::*;

    // Shows: REQ-CR-12.
    #[test]
    fn each_class_of_data_names_its_protection_on_its_way_and_at_rest_and_the_claims_that_show_it()
    {
        for class in DATA_CLASSES {
            assert!(
                !class.in_motion.is_empty() && !class.at_rest.is_empty(),
                "{}",
                class.name
            );
            assert!(!class.claims.is_empty(), "{}", class.name);
            for id in class.claims {
                assert!(claim(id).is_some(), "{}: {id}", class.name);
            }
        }
    }
}
