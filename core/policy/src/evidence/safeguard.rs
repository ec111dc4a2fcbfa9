//! The rows of the matrix: standards and implementation specifications of the Security Rule, as of January 25, 2013.

use conclave_protocol::evidence::Mark::{Addressable, Required};
use conclave_protocol::evidence::{DecisionChoice, Mark};

use super::register::claim;

/// A row. A standard without specifications of its own is required (45 CFR 164.306(d)(2)).
#[derive(Clone, Copy, Debug)]
pub struct Safeguard {
    /// Stable; a word of the audit log's vocabulary.
    pub code: &'static str,
    pub citation: &'static str,
    pub standard: &'static str,
    pub name: &'static str,
    pub mark: Mark,
    /// What the rule asks, in short.
    pub asks: &'static str,
}

/// The row of this code.
pub fn safeguard(code: &str) -> Option<&'static Safeguard> {
    SAFEGUARDS.iter().find(|safeguard| safeguard.code == code)
}

/// Whether an organisation decides about it: an addressable row, or what its own people do.
pub fn is_decidable(subject: &str) -> bool {
    let addressable = safeguard(subject).is_some_and(|row| row.mark == Addressable);
    addressable || claim(subject).is_some_and(|claim| claim.needs_sign_off)
}

/// Whether it may decide so about it: what the rule requires is done, and nothing is done instead (45 CFR 164.306(d)(2)).
pub fn may_be_decided(subject: &str, choice: DecisionChoice) -> bool {
    let code = claim(subject).map_or(subject, |claim| claim.safeguard);
    is_decidable(subject) && (choice == DecisionChoice::Implemented || !is_required(code))
}

/// Whether the row of this code is a required one.
pub(super) fn is_required(code: &str) -> bool {
    safeguard(code).is_some_and(|row| row.mark == Required)
}

macro_rules! rows {
    ($($code:literal, $citation:literal, $mark:ident, $standard:literal, $name:literal, $asks:literal;)*) => {
        /// In the order of the rule, the technical safeguards first.
        pub const SAFEGUARDS: &[Safeguard] = &[$(Safeguard {
            code: $code,
            citation: $citation,
            standard: $standard,
            name: $name,
            mark: $mark,
            asks: $asks,
        }),*];
    };
}

rows! {
    "164.312.a.1", "164.312(a)(1)", Required, "Access control", "Access control",
        "Access to electronic protected health information only for persons and programs that have been granted it.";
    "164.312.a.2.i", "164.312(a)(2)(i)", Required, "Access control", "Unique user identification",
        "A unique name or number that identifies and tracks each user.";
    "164.312.a.2.ii", "164.312(a)(2)(ii)", Required, "Access control", "Emergency access procedure",
        "Procedures to obtain necessary information during an emergency.";
    "164.312.a.2.iii", "164.312(a)(2)(iii)", Addressable, "Access control", "Automatic logoff",
        "Sessions end after a predetermined time of inactivity.";
    "164.312.a.2.iv", "164.312(a)(2)(iv)", Addressable, "Access control", "Encryption and decryption",
        "A mechanism to encrypt and decrypt what is kept.";
    "164.312.b", "164.312(b)", Required, "Audit controls", "Audit controls",
        "Mechanisms that record and examine activity.";
    "164.312.c.1", "164.312(c)(1)", Required, "Integrity", "Integrity",
        "Protection from improper alteration or destruction.";
    "164.312.c.2", "164.312(c)(2)", Addressable, "Integrity", "Mechanism to authenticate",
        "Mechanisms to corroborate that information has not been altered or destroyed.";
    "164.312.d", "164.312(d)", Required, "Person or entity authentication", "Person or entity authentication",
        "Verification that whoever seeks access is who they claim to be.";
    "164.312.e.1", "164.312(e)(1)", Required, "Transmission security", "Transmission security",
        "Protection from unauthorised access to what is transmitted over a network.";
    "164.312.e.2.i", "164.312(e)(2)(i)", Addressable, "Transmission security", "Integrity controls",
        "What is transmitted is not improperly modified without detection.";
    "164.312.e.2.ii", "164.312(e)(2)(ii)", Addressable, "Transmission security", "Encryption",
        "A mechanism to encrypt what is transmitted.";
    "164.306.a", "164.306(a)", Required, "General rules", "General requirements",
        "Confidentiality, integrity and availability, against reasonably anticipated threats and uses.";
    "164.306.d", "164.306(d)", Required, "General rules", "Implementation specifications",
        "Each addressable specification is implemented, replaced by an equivalent, or documented as not reasonable.";
    "164.308.a.1.ii.d", "164.308(a)(1)(ii)(D)", Required, "Security management process", "Information system activity review",
        "Records of activity are reviewed regularly.";
    "164.308.a.3.ii.c", "164.308(a)(3)(ii)(C)", Addressable, "Workforce security", "Termination procedures",
        "Access ends when the employment ends.";
    "164.308.a.4.ii.b", "164.308(a)(4)(ii)(B)", Addressable, "Information access management", "Access authorisation",
        "Policies and procedures for granting access.";
    "164.308.a.5.ii.c", "164.308(a)(5)(ii)(C)", Addressable, "Security awareness and training", "Log-in monitoring",
        "Log-in attempts are monitored, and discrepancies reported.";
    "164.308.a.5.ii.d", "164.308(a)(5)(ii)(D)", Addressable, "Security awareness and training", "Password management",
        "Procedures for creating, changing and safeguarding passwords.";
    "164.308.a.6.ii", "164.308(a)(6)(ii)", Required, "Security incident procedures", "Response and reporting",
        "Suspected or known security incidents are identified, responded to and documented.";
    "164.308.a.7.ii.a", "164.308(a)(7)(ii)(A)", Required, "Contingency plan", "Data backup plan",
        "Retrievable exact copies are created and maintained.";
    "164.308.a.8", "164.308(a)(8)", Required, "Evaluation", "Evaluation",
        "A periodic technical and nontechnical evaluation.";
    "164.308.b.1", "164.308(b)(1)", Required, "Business associate contracts", "Business associate contracts",
        "Satisfactory assurances from whoever creates, receives, maintains or transmits on the organisation's behalf.";
    "164.310.c", "164.310(c)", Required, "Workstation security", "Workstation security",
        "Workstations with access are restricted to authorised users.";
    "164.310.d.2.i", "164.310(d)(2)(i)", Required, "Device and media controls", "Disposal",
        "Final disposition of information and of what it is stored on.";
    "164.316.b.2.i", "164.316(b)(2)(i)", Required, "Documentation", "Time limit",
        "Required documentation is kept for six years.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::register::{claims, claims_of};
    use super::*;

    // Shows: REQ-AD-01, REQ-AD-04.
    #[test]
    fn each_row_of_the_technical_safeguards_is_there_once_with_its_mark_and_a_claim() {
        let codes: BTreeSet<_> = SAFEGUARDS.iter().map(|row| row.code).collect();
        assert_eq!(codes.len(), SAFEGUARDS.len());
        let technical = SAFEGUARDS
            .iter()
            .filter(|row| row.citation.starts_with("164.312"));
        let addressable = technical.clone().filter(|row| row.mark == Addressable);
        assert_eq!((technical.count(), addressable.count()), (12, 5));
        for row in SAFEGUARDS {
            assert!(claims_of(row.code).next().is_some(), "{}", row.code);
            let flat = row.citation.replace(['(', ')'], ".").replace("..", ".");
            assert_eq!(row.code, flat.trim_end_matches('.').to_lowercase());
        }
        for claim in claims() {
            assert!(codes.contains(claim.safeguard), "{}", claim.id);
        }
    }

    #[test]
    fn what_the_rule_requires_is_nobodys_to_decide_away() {
        use DecisionChoice::{Equivalent, Implemented, NotReasonable};
        assert!(is_decidable("164.312.a.2.iii"));
        assert!(!is_decidable("164.312.b"));
        assert!(!is_decidable("nothing"));
        assert!(is_decidable("organisation.incidents"));
        assert!(!is_decidable("audit.entries"));
        for claim in claims().filter(|claim| claim.needs_sign_off) {
            assert!(may_be_decided(claim.id, Implemented), "{}", claim.id);
            for choice in [Equivalent, NotReasonable] {
                let addressable = !is_required(claim.safeguard);
                assert_eq!(
                    may_be_decided(claim.id, choice),
                    addressable,
                    "{}",
                    claim.id
                );
            }
        }
        assert!(!may_be_decided("organisation.incidents", NotReasonable));
        assert!(may_be_decided("organisation.leavers", NotReasonable));
        assert!(may_be_decided("164.312.a.2.iii", NotReasonable));
        assert!(!may_be_decided("164.312.b", Implemented));
    }
}
