//! The register of risks: what may go wrong, what the product does against it, and what is left for the organisation.
//!
//! It is general: how likely something is at one clinic, and how bad, the clinic assesses itself (45 CFR 164.308(a)(1)(ii)).

use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::risk::Quality::{Availability, Confidentiality, Integrity};
use conclave_protocol::risk::RiskLevel::{High, Low, Moderate};
use conclave_protocol::risk::{Quality, RiskLevel};

/// One risk.
#[derive(Clone, Copy, Debug)]
pub struct Risk {
    /// Stable; a word of the audit log's vocabulary.
    pub id: &'static str,
    pub threat: &'static str,
    /// What it is a threat to.
    pub asset: &'static str,
    pub affects: &'static [Quality],
    /// Without anything that is done against it.
    pub likelihood: RiskLevel,
    pub impact: RiskLevel,
    /// What the product does: claims of the register.
    pub claims: &'static [&'static str],
    /// What the organisation does.
    pub organisation: &'static str,
    /// What is left while both do so.
    pub residual: RiskLevel,
}

impl Risk {
    pub fn level(&self) -> RiskLevel {
        level(self.likelihood, self.impact)
    }
}

pub fn risk(id: &str) -> Option<&'static Risk> {
    RISKS.iter().find(|risk| risk.id == id)
}

/// Likelihood by impact.
const fn level(likelihood: RiskLevel, impact: RiskLevel) -> RiskLevel {
    match weight(likelihood) * weight(impact) {
        6.. => High,
        3..=5 => Moderate,
        _ => Low,
    }
}

const fn weight(level: RiskLevel) -> u8 {
    match level {
        Low => 1,
        Moderate => 2,
        High => 3,
    }
}

/// Whether somebody may say at `now` that they look at a risk again at `next`.
pub fn may_look_again(now: Timestamp, next: Timestamp) -> bool {
    now < next && next.since(now) <= LOOK_WITHIN
}

/// Longer, and circumstances are others (45 CFR 164.306(e), 164.316(b)(2)(iii)).
const LOOK_WITHIN: Duration = Duration::from_secs(2 * 366 * 24 * 60 * 60);

macro_rules! risks {
    ($($id:literal, $likelihood:ident x $impact:ident -> $residual:ident, [$($quality:ident),*], $asset:literal,
        $threat:literal, [$($claim:literal),*], $organisation:literal;)*) => {
        /// In the order in which people come across them.
        pub const RISKS: &[Risk] = &[$(Risk {
            id: $id,
            threat: $threat,
            asset: $asset,
            affects: &[$($quality),*],
            likelihood: $likelihood,
            impact: $impact,
            claims: &[$($claim),*],
            organisation: $organisation,
            residual: $residual,
        }),*];
    };
}

risks! {
    "stranger_in_visit", High x High -> Low, [Confidentiality], "What is said and shown in visits",
        "Somebody who is not invited guesses a code, or gets hold of a link, and comes into a visit.",
        ["access.codes", "access.guessing", "access.admission", "access.lobby", "access.lock", "access.expel"],
        "Send links only to whom they are for; let hosts look at who waits before they let anybody in.";
    "wrong_person", Moderate x High -> Moderate, [Confidentiality, Integrity], "What is said and shown in visits",
        "Somebody passes for the patient or for a clinician.",
        ["users.identity", "users.guests", "person.second_factor"],
        "Ask guests for what only the patient knows before anything is said about them.";
    "account_taken", High x High -> Low, [Confidentiality, Integrity], "Accounts of the organisation",
        "A password is guessed, used twice elsewhere, or given away on a false page.",
        ["person.passwords", "person.lock_out", "person.second_factor", "person.second_factor_all", "person.resets"],
        "Have everybody sign in with a passkey or two factors; train people to know false pages.";
    "left_alone", High x Moderate -> Low, [Confidentiality], "Browsers that are signed in",
        "Somebody leaves a browser signed in, or a screen shared, and others use it or see it.",
        ["log_off.website", "log_off.quarter", "log_off.sharing", "workstations.left_alone"],
        "Lock workstations when leaving them; put screens where others don't see them.";
    "leaver", Moderate x High -> Low, [Confidentiality, Integrity], "Accounts of the organisation",
        "Somebody who left still signs in, or stays in a visit.",
        ["leavers.at_once", "leavers.directory", "organisation.leavers"],
        "Suspend accounts on the day that people leave, or connect the directory.";
    "insider", Moderate x High -> Moderate, [Confidentiality, Integrity], "Meetings, settings and the record",
        "Somebody with rights uses them for what they are not for, or loosens a setting.",
        ["access.roles", "access.no_weakening", "audit.entries", "audit.verifiable", "audit.managers"],
        "Give the fewest rights that do; have somebody read the record and the reports regularly.";
    "emergency_misused", Low x High -> Low, [Confidentiality], "Visits that go on",
        "Somebody takes emergency access where there is no emergency.",
        ["emergency.break_glass", "emergency.reviewed"],
        "Name few people for it; have each use reviewed by somebody else within 72 hours.";
    "server_seized", Moderate x High -> Low, [Confidentiality], "What is said, shown and written in visits",
        "The server, or the network to it, is in the hands of somebody who records everything.",
        ["encrypted.end_to_end", "encrypted.media", "encrypted.messages", "encrypted.keys", "at_rest.nothing_kept"],
        "Run the server where its operator is known, or by contract; compare the security code where much depends on it.";
    "page_replaced", Low x High -> Moderate, [Confidentiality, Integrity], "The programs in people's browsers",
        "Whoever controls the server delivers another page to somebody.",
        ["authenticate.active_attacks", "audit.verifiable"],
        "Run the server yourself or by contract; compare the hash of the page on record with a release.";
    "eavesdropping", High x High -> Low, [Confidentiality, Integrity], "Everything on its way",
        "Somebody on the network listens, or changes what passes.",
        ["transmission.two_layers", "transmission.identity", "encrypted.tls", "unchanged.media", "unchanged.replays"],
        "Renew certificates in time; install none that others made.";
    "device_infected", Moderate x High -> Moderate, [Confidentiality, Integrity], "Devices of who takes part",
        "A program or an extension on somebody's device sees what its user sees.",
        ["person.devices", "encrypted.devices"],
        "Look after devices: updates, no extensions that nobody knows, encrypted disks.";
    "participant_records", Moderate x High -> Moderate, [Confidentiality], "What is said and shown in visits",
        "Somebody who takes part records it, with software or a camera.",
        ["at_rest.nothing_kept", "encrypted.mode"],
        "Agree with people that nobody records; no encryption prevents it.";
    "disk_stolen", Low x High -> Low, [Confidentiality], "The server's files",
        "A disk or a copy of the data directory gets into strange hands.",
        ["at_rest.files", "at_rest.disk", "person.passwords", "organisation.disposal"],
        "Encrypt the server's disk and its copies; erase disks before they go elsewhere.";
    "data_lost", Moderate x Moderate -> Moderate, [Integrity, Availability], "Accounts, meetings' times and the record",
        "A disk fails, or somebody deletes the database.",
        ["contingency.snapshots", "organisation.backups", "audit.fails_closed"],
        "Copy the data directory regularly, and try to restore it.";
    "server_down", Moderate x High -> Moderate, [Availability], "Visits that go on, and those to come",
        "The server, its network or its power fails, or is overloaded on purpose.",
        ["emergency.one_click", "emergency.organisation", "access.guessing"],
        "Have another way to reach patients, and people who know it.";
    "record_altered", Low x High -> Low, [Integrity], "The record",
        "Somebody changes or deletes entries to hide what they did.",
        ["audit.verifiable", "audit.fails_closed", "authenticate.stored"],
        "Keep checkpoints of the log elsewhere, or send entries to a collector.";
    "supplier", Moderate x High -> Moderate, [Confidentiality, Availability], "Everything that others run for the organisation",
        "A company that hosts the server, mail or single sign-on fails or is broken into.",
        ["associates.agreement", "encrypted.end_to_end"],
        "Sign an agreement with each before anything is given to it, and know until when it is in force.";
    "wrong_settings", Moderate x Moderate -> Low, [Confidentiality, Integrity, Availability], "Settings of the server and of policy",
        "Something is set more loosely than anybody meant.",
        ["evaluation.review", "access.policy", "access.profile"],
        "Go through all settings once a year and after each change of the configuration.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::banned_phrase;
    use super::super::register::claim;
    use super::*;

    // Shows: REQ-AD-04.
    #[test]
    fn each_risk_names_what_the_product_does_what_the_organisation_does_and_what_is_left() {
        let mut ids = BTreeSet::new();
        let mut affected: BTreeSet<Quality> = BTreeSet::new();
        for risk in RISKS {
            assert!(ids.insert(risk.id), "{} is there twice", risk.id);
            let fits = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(risk.id.len() <= 64 && risk.id.chars().all(fits));
            assert!(!risk.affects.is_empty() && !risk.claims.is_empty());
            assert!(risk.threat.ends_with('.') && risk.organisation.ends_with('.'));
            affected.extend(risk.affects.iter().copied());
            for id in risk.claims {
                assert!(claim(id).is_some(), "{}: {id}", risk.id);
            }
            assert!(risk.residual <= risk.level(), "{}", risk.id);
            assert_eq!(banned_phrase(risk.threat), None);
            assert_eq!(banned_phrase(risk.organisation), None);
        }
        assert_eq!(affected.len(), 3);
        assert!(risk("insider").is_some() && risk("outsider").is_none());
    }

    #[test]
    fn likelihood_and_impact_make_a_level_together() {
        assert_eq!(level(High, Moderate), High);
        assert_eq!(level(Moderate, Moderate), Moderate);
        assert_eq!(level(Low, High), Moderate);
        assert_eq!(level(Moderate, Low), Low);
    }

    #[test]
    fn a_risk_is_looked_at_again_in_time() {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        assert!(may_look_again(now, now.plus(LOOK_WITHIN)));
        assert!(!may_look_again(now, now));
        let late = now.plus(LOOK_WITHIN).plus(Duration::from_secs(1));
        assert!(!may_look_again(now, late));
    }
}
