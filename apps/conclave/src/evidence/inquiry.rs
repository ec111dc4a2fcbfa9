//! An organisation's evidence at one moment: how things are set, what was decided, and what follows.

use std::collections::BTreeMap;

use conclave_policy::evidence::{
    Claim, Facts, Operators, SAFEGUARDS, Seen, SignOff, Verdict, claims, judge, loosest, review,
};
use conclave_policy::rules::{Subject, profile};
use conclave_protocol::evidence::{Mark, ReviewedSetting};
use conclave_protocol::policy::{Layer, Permitted};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::ReadError;
use conclave_store::read::evidence::{Agreement, Decision, Review};

use super::{digest, of_this_program};
use crate::Config;
use crate::app::App;

/// What was found out for one organisation.
pub(crate) struct Inquiry {
    pub(crate) seen: Seen,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) agreements: Vec<Agreement>,
    pub(crate) last_review: Option<Review>,
    pub(crate) settings: Vec<ReviewedSetting>,
    pub(crate) profile_is_on: bool,
}

impl Inquiry {
    pub(crate) async fn make(
        app: &App,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Self, ReadError> {
        let rows = app.store.all_layers(organisation).await?;
        let rows: Vec<(Subject, Layer)> = rows
            .into_iter()
            .map(|row| (row.subject(), row.settings))
            .collect();
        let state = app.store.policy_state(organisation).await?;
        let agreements = app.store.agreements(organisation).await?;
        let decisions = app.store.decisions(organisation, now).await?;
        let last_review = app.store.last_review(organisation, now).await?;
        let floor = &app.policies.floor;
        let most = loosest(&rows, floor);
        let own = rows
            .iter()
            .find(|(subject, _)| *subject == Subject::Organisation);
        let own = own.map(|(_, layer)| layer.clone()).unwrap_or_default();
        let settings = review(&own, &most, floor, &operators(&app.config));
        let profile_is_on = state.is_some_and(|state| state.profile_since.is_some());
        let mut inquiry = Self {
            seen: Seen {
                facts: facts(&app.config, most),
                observations: BTreeMap::new(),
                tests: conclave_policy::evidence::Tests::Absent,
                program: of_this_program().await.to_owned(),
                sign_offs: decisions.iter().map(signed_off).collect(),
            },
            decisions,
            agreements,
            last_review,
            settings,
            profile_is_on,
        };
        let here = app.evidence.seen().clone();
        inquiry.seen.observations = here.observations;
        inquiry.seen.tests = here.tests;
        let all_decided = inquiry.all_decided();
        let review_is_current = inquiry.review_is_current(now);
        let facts = &mut inquiry.seen.facts;
        facts.profile_holds = profile_is_on && profile::drift(&own).is_empty();
        facts.agreement_in_force = inquiry.agreements.iter().any(|one| one.in_force(now));
        facts.all_decided = all_decided;
        facts.review_is_current = review_is_current;
        Ok(inquiry)
    }

    /// Each claim with how it stands, in the order of the register.
    pub(crate) fn verdicts(&self, now: Timestamp) -> Vec<(&'static Claim, Verdict)> {
        claims()
            .map(|claim| (claim, judge(claim, &self.seen, now)))
            .collect()
    }

    /// Whether somebody has signed for the settings as they are, not too long ago.
    pub(crate) fn review_is_current(&self, now: Timestamp) -> bool {
        self.last_review.as_ref().is_some_and(|last| {
            now.since(last.signed_at) < REVIEWED_FOR && last.settings == digest(&self.settings)
        })
    }

    fn all_decided(&self) -> bool {
        let mut addressable = SAFEGUARDS
            .iter()
            .filter(|row| row.mark == Mark::Addressable);
        addressable.all(|row| {
            self.decisions
                .iter()
                .any(|decision| decision.subject == row.code)
        })
    }
}

/// The operator's settings.
pub(crate) fn operators(config: &Config) -> Operators {
    Operators {
        tls: config.tls.is_some(),
        require_end_to_end_encryption: config.meetings.require_end_to_end_encryption,
        allow_api_keys: config.allow_api_keys || config.dev,
        admin_allow_remote: config.admin.allow_remote,
        account_requests: config.accounts.requests,
        lockout_threshold: config.lockout.threshold,
        lockout_longest: config.lockout.longest.as_secs() / 60,
        password_memory_kib: config.passwords.memory_kib,
        password_passes: config.passwords.passes,
    }
}

/// What the store does not know is filled in where it was asked.
fn facts(config: &Config, loosest: Permitted) -> Facts {
    let of_this_machine = config.admin.listen.ip().is_loopback();
    Facts {
        tls: config.tls.is_some(),
        end_to_end_required: config.meetings.require_end_to_end_encryption,
        developer_keys: !config.developer_keys().is_empty(),
        admin_listener_is_protected: of_this_machine || config.tls.is_some(),
        loosest,
        profile_holds: false,
        agreement_in_force: false,
        review_is_current: false,
        all_decided: false,
    }
}

fn signed_off(decision: &Decision) -> (String, SignOff) {
    let (choice, at) = (decision.choice, decision.decided_at);
    (decision.subject.clone(), SignOff { choice, at })
}

/// A year (45 CFR 164.308(a)(8): from time to time).
const REVIEWED_FOR: std::time::Duration = std::time::Duration::from_secs(366 * 24 * 60 * 60);
