//! How a claim stands, by what was seen and the time.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::evidence::{
    ClaimState, DecisionChoice, Ground, GroundKind, Standing, TestsState,
};

use super::claim::Claim;
use super::condition::{Condition, Facts};
use super::probe::{Observation, Probe};
use super::safeguard::is_required;
use super::sign_off::SignOff;
use super::test_report::Tests;
use super::trace::{Traces, traced};

/// All that a claim is judged by.
#[derive(Clone, Debug)]
pub struct Seen {
    pub facts: Facts,
    pub observations: BTreeMap<Probe, Observation>,
    pub tests: Tests,
    /// What the last round saw is good until then; `None` while none was finished.
    pub watched_until: Option<Timestamp>,
    /// SHA-256 of the program that runs, in hexadecimal.
    pub program: String,
    /// By what they are about: a safeguard's code, or a claim's id.
    pub sign_offs: BTreeMap<String, SignOff>,
    /// Nothing rests on them: they may be left out where nobody reads what is known of them.
    pub traces: Traces,
}

impl Seen {
    /// Whether somebody still looks: rounds that stopped have seen nothing of what happened since.
    fn is_watched(&self, now: Timestamp) -> bool {
        self.watched_until.is_some_and(|until| now < until)
    }
}

/// Until when a round is good that was made at `at`: the next may fail, and then nobody looks.
pub fn good_until(at: Timestamp, every: Duration) -> Timestamp {
    at.plus(every.saturating_mul(2).max(SHORTEST))
}

/// How a claim stands, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub state: ClaimState,
    pub grounds: Vec<Ground>,
}

/// Judges one claim at `now`.
pub fn judge(claim: &Claim, seen: &Seen, now: Timestamp) -> Verdict {
    let mut grounds = Vec::new();
    grounds.extend(claim.waits_for.map(missing));
    grounds.extend(
        claim
            .conditions
            .iter()
            .map(|one| setting(*one, &seen.facts)),
    );
    grounds.extend(claim.probes.iter().map(|one| tried(*one, seen, now)));
    grounds.extend(claim.requirements.iter().map(|one| tested(one, seen, now)));
    if claim.needs_sign_off {
        grounds.push(signed(claim.id, seen, now));
    }
    grounds.extend(traced(claim, &seen.traces));
    let state = match (of_grounds(&grounds), excused(claim, seen, now)) {
        // What is proven stays so, whatever was decided.
        (ClaimState::Proven, _) => ClaimState::Proven,
        (_, Some(excused)) => excused,
        (shown, None) => shown,
    };
    Verdict { state, grounds }
}

/// The state of a row: that of its weakest claim. What the organisation decided to do otherwise weakens nothing.
pub fn of_row(claims: impl IntoIterator<Item = ClaimState>) -> ClaimState {
    let mut states: Vec<ClaimState> = claims.into_iter().collect();
    states.sort_unstable_by_key(|state| match state {
        ClaimState::NotMet => 0,
        ClaimState::Stale => 1,
        ClaimState::Proven => 2,
        ClaimState::NotApplicable => 3,
    });
    states.first().copied().unwrap_or(ClaimState::NotMet)
}

/// A claim that rests on nothing is not proven. What happened once shows it at work, and that it did not yet speaks against
/// nothing.
fn of_grounds(grounds: &[Ground]) -> ClaimState {
    let rests_on = grounds
        .iter()
        .filter(|ground| ground.kind != GroundKind::Entry);
    let standings: Vec<Standing> = rests_on.map(|ground| ground.standing).collect();
    let any = |wanted: Standing| standings.contains(&wanted);
    match standings.is_empty() || any(Standing::Fails) {
        true => ClaimState::NotMet,
        false if any(Standing::Unseen) || any(Standing::Old) => ClaimState::Stale,
        false => ClaimState::Proven,
    }
}

/// How the claim stands where the organisation decided to do otherwise, about the row or about the claim itself; what the rule
/// requires is not its to decide away, whatever is on record. A decision that is past its day excuses nothing for good.
fn excused(claim: &Claim, seen: &Seen, now: Timestamp) -> Option<ClaimState> {
    if is_required(claim.safeguard) {
        return None;
    }
    let decided = [claim.safeguard, claim.id].map(|about| seen.sign_offs.get(about));
    let otherwise = decided
        .into_iter()
        .flatten()
        .filter(|decided| decided.choice != DecisionChoice::Implemented);
    let states = otherwise.map(|decided| match decided.is_past_due(now) {
        true => ClaimState::Stale,
        false => ClaimState::NotApplicable,
    });
    // One of two that is not past its day is enough.
    states.max()
}

fn missing(what: &'static str) -> Ground {
    Ground {
        kind: GroundKind::Feature,
        name: what.to_owned(),
        standing: Standing::Fails,
        seen_at: None,
        against: None,
        entry: None,
    }
}

fn setting(condition: Condition, facts: &Facts) -> Ground {
    Ground {
        kind: GroundKind::Setting,
        name: condition.code().to_owned(),
        standing: standing(condition.holds(facts)),
        seen_at: None,
        against: condition.against(facts),
        entry: None,
    }
}

fn tried(probe: Probe, seen: &Seen, now: Timestamp) -> Ground {
    let observed = seen.observations.get(&probe);
    let standing = match observed {
        None => Standing::Unseen,
        // A failure does not become better with time.
        Some(observed) if !observed.passed => Standing::Fails,
        Some(observed) if now.since(observed.at) >= probe.good_for() => Standing::Old,
        Some(_) if !seen.is_watched(now) => Standing::Old,
        Some(_) => Standing::Holds,
    };
    Ground {
        kind: GroundKind::Probe,
        name: probe.code().to_owned(),
        standing,
        seen_at: observed.map(|observed| observed.at),
        against: None,
        entry: None,
    }
}

fn tested(requirement: &str, seen: &Seen, now: Timestamp) -> Ground {
    let report = match &seen.tests {
        Tests::Signed(report) => Some(report),
        Tests::Absent | Tests::Invalid => None,
    };
    let standing = match seen.tests.state(&seen.program, now) {
        TestsState::Absent | TestsState::Invalid | TestsState::OtherBuild => Standing::Unseen,
        TestsState::Old => Standing::Old,
        TestsState::Bound if report.is_some_and(|report| report.is_missing(requirement)) => {
            Standing::Unseen
        }
        TestsState::Bound => {
            let passed = report.and_then(|report| report.passed(requirement));
            match passed == Some(true) {
                true if !seen.is_watched(now) => Standing::Old,
                passed => standing(passed),
            }
        }
    };
    Ground {
        kind: GroundKind::Tests,
        name: requirement.to_owned(),
        standing,
        seen_at: report.map(|report| report.made_at),
        against: None,
        entry: None,
    }
}

fn signed(id: &str, seen: &Seen, now: Timestamp) -> Ground {
    let signed = seen.sign_offs.get(id);
    let standing = match signed {
        None => Standing::Fails,
        Some(signed) if signed.is_past_due(now) => Standing::Old,
        Some(signed) => standing(signed.choice == DecisionChoice::Implemented),
    };
    Ground {
        kind: GroundKind::SignOff,
        name: id.to_owned(),
        standing,
        seen_at: signed.map(|signed| signed.at),
        against: None,
        entry: None,
    }
}

const fn standing(holds: bool) -> Standing {
    match holds {
        true => Standing::Holds,
        false => Standing::Fails,
    }
}

/// A round takes seconds, also where one follows the other at once.
const SHORTEST: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use conclave_protocol::evidence::EnforcedBy;
    use conclave_protocol::policy::Permitted;

    use super::super::condition::{Overdue, Untrained};
    use super::super::register::{claim, claims};
    use super::super::sign_off::usual_due;
    use super::super::test_report::tests::{PROGRAM, report};
    use super::super::trace::Trace;
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_100_000_000);
    const EVERY: Duration = Duration::from_secs(30);
    /// An addressable one.
    const ROW: &str = "164.312.a.2.iii";
    const CLAIM: Claim = Claim::new("a.b", ROW, EnforcedBy::Server, "T", "S.")
        .while_set(&[Condition::Tls])
        .tried(&[Probe::TlsHandshake])
        .shown(&["REQ-1"])
        .signed();

    fn good() -> Seen {
        Seen {
            facts: Facts {
                tls: true,
                end_to_end_required: true,
                developer_keys: false,
                admin_listener_is_protected: true,
                loosest: Permitted::default(),
                profile_holds: true,
                agreement_in_force: true,
                review_is_current: true,
                all_decided: true,
                risks_assessed: true,
                is_drilled: true,
                overdue: Overdue::default(),
                untrained: Untrained::default(),
            },
            observations: [(
                Probe::TlsHandshake,
                Observation {
                    at: NOW,
                    passed: true,
                },
            )]
            .into(),
            tests: Tests::Signed(report(&["REQ-1 passed a.rs: one"])),
            watched_until: Some(good_until(NOW, EVERY)),
            program: PROGRAM.to_owned(),
            sign_offs: [sign("a.b", DecisionChoice::Implemented)].into(),
            traces: Traces::new(),
        }
    }

    fn sign(about: &str, choice: DecisionChoice) -> (String, SignOff) {
        let due = Some(usual_due(NOW));
        (
            about.to_owned(),
            SignOff {
                choice,
                at: NOW,
                due,
            },
        )
    }

    fn state(change: impl FnOnce(&mut Seen)) -> ClaimState {
        let mut seen = good();
        change(&mut seen);
        judge(&CLAIM, &seen, NOW).state
    }

    // Shows: REQ-AD-01.
    #[test]
    fn a_claim_is_proven_while_all_that_it_rests_on_was_seen_to_hold() {
        assert_eq!(state(|_| {}), ClaimState::Proven);
        assert_eq!(state(|seen| seen.facts.tls = false), ClaimState::NotMet);
        assert_eq!(state(|seen| seen.observations.clear()), ClaimState::Stale);
        assert_eq!(state(|seen| seen.sign_offs.clear()), ClaimState::NotMet);
        let failed = |seen: &mut Seen| {
            seen.observations.insert(
                Probe::TlsHandshake,
                Observation {
                    at: NOW,
                    passed: false,
                },
            );
        };
        assert_eq!(state(failed), ClaimState::NotMet);
        let later = NOW.plus(Probe::TlsHandshake.good_for());
        assert_eq!(judge(&CLAIM, &good(), later).state, ClaimState::Stale);
        assert_eq!(
            judge(&CLAIM, &good(), usual_due(NOW)).state,
            ClaimState::Stale
        );
    }

    #[test]
    fn what_was_seen_is_stale_within_two_rounds_after_the_last() {
        let just = NOW.plus(EVERY).plus(EVERY);
        let before = just.minus(Duration::from_secs(1));
        assert_eq!(judge(&CLAIM, &good(), before).state, ClaimState::Proven);
        assert_eq!(judge(&CLAIM, &good(), just).state, ClaimState::Stale);
        assert_eq!(state(|seen| seen.watched_until = None), ClaimState::Stale);
        // Each ground that a round looks at, and none that the question itself does.
        let standing = |kind| {
            let verdict = judge(&CLAIM, &good(), just);
            let ground = verdict.grounds.into_iter().find(|one| one.kind == kind);
            ground.map(|ground| ground.standing)
        };
        assert_eq!(standing(GroundKind::Probe), Some(Standing::Old));
        assert_eq!(standing(GroundKind::Tests), Some(Standing::Old));
        assert_eq!(standing(GroundKind::Setting), Some(Standing::Holds));
        assert_eq!(standing(GroundKind::SignOff), Some(Standing::Holds));
    }

    // Shows: ABUSE-67.
    #[test]
    fn emergency_access_that_nobody_reviewed_in_time_is_not_met_and_counted() {
        let reviewed = claim("emergency.reviewed").unwrap();
        let mut seen = good();
        assert_eq!(judge(reviewed, &seen, NOW).state, ClaimState::Proven);
        seen.facts.overdue = Overdue {
            uses: 2,
            since: Some(NOW),
        };
        let verdict = judge(reviewed, &seen, NOW);
        assert_eq!(verdict.state, ClaimState::NotMet);
        let against = verdict.grounds[0].against.unwrap();
        assert_eq!((against.count, against.since), (2, NOW));
    }

    // Shows: REQ-EM-02.
    #[test]
    fn emergency_access_is_not_met_without_a_drill_that_showed_it() {
        let broken = claim("emergency.break_glass").unwrap();
        let mut seen = good();
        seen.tests = Tests::Signed(report(&["REQ-EM-02 passed a.rs: one"]));
        assert_eq!(judge(broken, &seen, NOW).state, ClaimState::Proven);
        seen.facts.is_drilled = false;
        assert_eq!(judge(broken, &seen, NOW).state, ClaimState::NotMet);
    }

    // Shows: REQ-AD-02.
    #[test]
    fn training_that_is_over_is_not_met_and_counted() {
        let trained = claim("training.current").unwrap();
        let mut seen = good();
        assert_eq!(judge(trained, &seen, NOW).state, ClaimState::Proven);
        seen.facts.untrained = Untrained {
            people: 3,
            since: Some(NOW),
        };
        let verdict = judge(trained, &seen, NOW);
        assert_eq!(verdict.state, ClaimState::NotMet);
        let against = verdict.grounds[0].against.unwrap();
        assert_eq!((against.count, against.since), (3, NOW));
    }

    // Shows: ABUSE-71.
    #[test]
    fn no_report_but_of_this_program_makes_a_claim_proven() {
        let failed = Tests::Signed(report(&[
            "REQ-1 passed a.rs: one",
            "REQ-1 failed a.rs: two",
        ]));
        assert_eq!(state(|seen| seen.tests = failed), ClaimState::NotMet);
        let other = Tests::Signed(report(&["REQ-2 passed a.rs: one"]));
        assert_eq!(state(|seen| seen.tests = other), ClaimState::NotMet);
        let partly = Tests::Signed(report(&[
            "REQ-1 passed a.rs: one",
            "REQ-1 missing a.rs: two",
        ]));
        assert_eq!(state(|seen| seen.tests = partly), ClaimState::Stale);
        assert_eq!(state(|seen| seen.tests = Tests::Invalid), ClaimState::Stale);
        assert_eq!(state(|seen| seen.tests = Tests::Absent), ClaimState::Stale);
        assert_eq!(state(|seen| seen.program.clear()), ClaimState::Stale);
    }

    // Shows: REQ-AD-05.
    #[test]
    fn a_decision_to_do_otherwise_excuses_what_is_not_proven_and_hides_nothing_that_is() {
        for choice in [DecisionChoice::Equivalent, DecisionChoice::NotReasonable] {
            let decided = |seen: &mut Seen| seen.sign_offs.extend([sign(ROW, choice)]);
            assert_eq!(state(decided), ClaimState::Proven);
            let broken = |seen: &mut Seen| {
                decided(seen);
                seen.facts.tls = false;
            };
            assert_eq!(state(broken), ClaimState::NotApplicable);
        }
        let merely = |seen: &mut Seen| {
            seen.sign_offs
                .extend([sign(ROW, DecisionChoice::Implemented)]);
            seen.facts.tls = false;
        };
        assert_eq!(state(merely), ClaimState::NotMet);
    }

    // Shows: REQ-AD-05.
    #[test]
    fn what_was_signed_is_stale_from_its_day_on() {
        let due = NOW.plus(Duration::from_secs(5));
        let before = due.minus(Duration::from_micros(1));
        let state = |subject: &str, choice, tls, now| {
            let mut seen = good();
            seen.facts.tls = tls;
            let (_, signed) = sign(subject, choice);
            let due = Some(due);
            seen.sign_offs
                .insert(subject.to_owned(), SignOff { due, ..signed });
            judge(&CLAIM, &seen, now).state
        };
        let implemented = DecisionChoice::Implemented;
        assert_eq!(state("a.b", implemented, true, before), ClaimState::Proven);
        assert_eq!(state("a.b", implemented, true, due), ClaimState::Stale);
        for about in [ROW, "a.b"] {
            let otherwise = |now| state(about, DecisionChoice::Equivalent, false, now);
            assert_eq!(otherwise(before), ClaimState::NotApplicable, "{about}");
            assert_eq!(otherwise(due), ClaimState::Stale, "{about}");
        }
        // It was not needed.
        let row = state(ROW, DecisionChoice::Equivalent, true, due);
        assert_eq!(row, ClaimState::Proven);
    }

    #[test]
    fn no_decision_excuses_what_the_rule_requires() {
        let required = Claim {
            safeguard: "164.312.b",
            ..CLAIM
        };
        for choice in [DecisionChoice::Equivalent, DecisionChoice::NotReasonable] {
            for about in [required.safeguard, required.id] {
                let mut seen = good();
                seen.sign_offs.extend([sign(about, choice)]);
                seen.facts.tls = false;
                let state = judge(&required, &seen, NOW).state;
                assert_eq!(state, ClaimState::NotMet, "{about}");
            }
        }
    }

    // Shows: REQ-AD-01.
    #[test]
    fn an_entry_informs_and_neither_makes_nor_breaks_a_claim() {
        const TRACED: Claim =
            Claim::new("a.c", ROW, EnforcedBy::Server, "T", "S.").while_set(&[Condition::Tls]);
        const NOTHING_ELSE: Claim = Claim {
            conditions: &[],
            seen_in: &["auth.lockout", "auth.login"],
            ..TRACED
        };
        let claim = TRACED.seen_in(NOTHING_ELSE.seen_in);
        let mut seen = good();
        let never = judge(&claim, &seen, NOW);
        let ground = never.grounds.last().unwrap();
        assert_eq!(never.state, ClaimState::Proven);
        assert_eq!(
            (ground.name.as_str(), ground.standing),
            ("auth.lockout", Standing::Unseen)
        );
        let trace = Trace {
            event: "auth.login",
            seq: 7,
            id: uuid::Uuid::from_u128(1),
            at: NOW,
        };
        seen.traces.insert("a.c", trace);

        let once = judge(&claim, &seen, NOW);
        let ground = once.grounds.last().unwrap();
        assert_eq!(once.state, ClaimState::Proven);
        assert_eq!(
            (ground.name.as_str(), ground.standing, ground.seen_at),
            ("auth.login", Standing::Holds, Some(NOW))
        );
        assert_eq!(ground.entry.map(|entry| entry.seq), Some(7));
        let alone = judge(&NOTHING_ELSE, &seen, NOW);
        assert_eq!(alone.state, ClaimState::NotMet);
        seen.facts.tls = false;
        assert_eq!(judge(&claim, &seen, NOW).state, ClaimState::NotMet);
    }

    #[test]
    fn a_row_is_as_strong_as_its_weakest_claim() {
        use ClaimState::{NotApplicable, NotMet, Proven, Stale};
        assert_eq!(of_row([Proven, Stale, NotMet]), NotMet);
        assert_eq!(of_row([Proven, Stale, NotApplicable]), Stale);
        assert_eq!(of_row([Proven, NotApplicable]), Proven);
        assert_eq!(of_row([NotApplicable]), NotApplicable);
        assert_eq!(of_row([]), NotMet);
    }

    #[test]
    fn what_rests_on_nothing_is_not_proven_and_what_is_not_built_neither() {
        let bare = Claim::new("a", "164.312.b", EnforcedBy::Server, "T", "S.");
        assert_eq!(judge(&bare, &good(), NOW).state, ClaimState::NotMet);
        for claim in claims().filter(|claim| claim.waits_for.is_some()) {
            assert_eq!(
                judge(claim, &good(), NOW).state,
                ClaimState::NotMet,
                "{}",
                claim.id
            );
        }
    }
}
