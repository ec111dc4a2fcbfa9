//! The register of claims: each sentence that the product says of itself, by the rows of the matrix.
//!
//! A sentence says what its grounds show and no more. What a claim's requirements are shown by is in
//! `docs/requirements.md`; a report of CI binds them to a build.

mod access;
mod audit;
mod organisation;
mod transmission;

use super::claim::Claim;

/// All, by the order of the rows.
pub fn claims() -> impl Iterator<Item = &'static Claim> {
    let parts = [
        access::CLAIMS,
        audit::CLAIMS,
        transmission::CLAIMS,
        organisation::CLAIMS,
    ];
    parts.into_iter().flatten()
}

pub fn claim(id: &str) -> Option<&'static Claim> {
    claims().find(|claim| claim.id == id)
}

/// Those of a row.
pub fn claims_of(safeguard: &str) -> impl Iterator<Item = &'static Claim> {
    claims().filter(move |claim| claim.safeguard == safeguard)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use conclave_protocol::evidence::EnforcedBy;

    use super::*;

    #[test]
    fn each_claim_has_an_id_of_the_logs_words_a_sentence_and_grounds() {
        let mut ids = BTreeSet::new();
        for claim in claims() {
            assert!(ids.insert(claim.id), "{} is there twice", claim.id);
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
            assert!(
                claim.id.len() <= 64 && claim.id.chars().all(fits),
                "{}",
                claim.id
            );
            assert!(
                claim.sentence.ends_with('.') && !claim.topic.ends_with('.'),
                "{}",
                claim.id
            );
            let grounds = claim.conditions.len() + claim.probes.len() + claim.requirements.len();
            let rests = grounds > 0 || claim.needs_sign_off || claim.waits_for.is_some();
            assert!(rests, "{} rests on nothing", claim.id);
        }
    }

    /// What machines enforce is shown by a machine; what people do is signed for, or read off the registers that they keep.
    #[test]
    fn code_is_not_shown_by_signatures() {
        for claim in claims().filter(|claim| claim.waits_for.is_none()) {
            let by_machine = !claim.requirements.is_empty() || !claim.probes.is_empty();
            let by_setting = !claim.conditions.is_empty();
            match claim.enforced_by {
                EnforcedBy::Procedure => {
                    assert!(claim.needs_sign_off || by_setting, "{}", claim.id)
                }
                EnforcedBy::Crypto | EnforcedBy::Client => assert!(by_machine, "{}", claim.id),
                EnforcedBy::Server => assert!(by_machine || by_setting, "{}", claim.id),
            }
        }
    }
}
