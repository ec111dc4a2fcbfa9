//! Tries everything again and again, and puts on record what came to stand otherwise.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_audit::{Actor, Code, Entry, Event};
use conclave_policy::evidence::{Claim, Probe, Verdict, good_until};
use conclave_protocol::evidence::ClaimState;
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::action::{ChangeClaims, ClaimChange, KeepWatch};
use conclave_store::read::evidence::ClaimStands;
use conclave_store::{ReadError, Record, UpkeepReason, WriteError};
use tokio_util::sync::CancellationToken;

use super::inquiry::{Inquiry, most_permitted};
use super::trials::{self, Reading};
use super::{reports, statement};
use crate::app::App;
use crate::audit_scrub::AuditFigures;
use crate::recorded;
use crate::secret::NoRandomness;

/// The task.
pub(crate) struct Rounds {
    app: App,
    reading: Reading,
    /// When all claims were put on record last.
    evaluated_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
enum RoundError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Rounds {
    /// `figures`: what is known of the logs' integrity.
    pub(crate) fn new(app: App, figures: AuditFigures) -> Self {
        Self {
            app,
            reading: Reading::of(figures),
            evaluated_at: None,
        }
    }

    /// Goes round until the server stops.
    pub(crate) async fn go(mut self, stopping: CancellationToken) {
        let every = self.app.evidence.0.config.every;
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = tokio::time::sleep(every) => {}
            }
            if let Err(error) = self.round().await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a round of evidence did not finish"
                );
            }
        }
    }

    async fn round(&mut self) -> Result<(), RoundError> {
        let now = self.app.clock.now();
        let tests = {
            let config = self.app.evidence.0.config.clone();
            let read = tokio::task::spawn_blocking(move || reports::read(&config));
            read.await.unwrap_or_default()
        };
        let organisation = self.app.store.first_organisation().await?;
        let organisation = organisation.map(|found| found.id);
        self.attempt_all(organisation, now).await?;
        let good_until = good_until(now, self.app.evidence.0.config.every);
        {
            let mut seen = self.app.evidence.seen();
            seen.tests = tests;
            seen.watched_until = Some(good_until);
        }
        if let Some(organisation) = organisation {
            self.judge(organisation, now).await?;
            self.watched(organisation, now, good_until).await?;
        }
        self.app.evidence.seen().judged_at = Some(now);
        Ok(())
    }

    /// Where nobody looked, nothing is shown to have been so.
    async fn watched(
        &self,
        organisation: OrganisationId,
        at: Timestamp,
        good_until: Timestamp,
    ) -> Result<(), WriteError> {
        let watch = KeepWatch {
            organisation,
            at,
            good_until,
        };
        let reason = UpkeepReason::Measurement;
        self.app.store.write_unaudited(reason, watch).await
    }

    async fn attempt_all(
        &mut self,
        organisation: Option<OrganisationId>,
        now: Timestamp,
    ) -> Result<(), RoundError> {
        let loosest = match organisation {
            Some(organisation) => Some(most_permitted(&self.app, organisation).await?),
            None => None,
        };
        let loosest = loosest.as_ref();
        for probe in Probe::ALL {
            let tried = trials::attempt(&self.app, probe, &mut self.reading, loosest, now).await?;
            let mut seen = self.app.evidence.seen();
            match tried {
                Some(observation) => drop(seen.observations.insert(probe, observation)),
                None => drop(seen.observations.remove(&probe)),
            }
        }
        Ok(())
    }

    /// What stands otherwise than on record is written, with an entry for each state; once a day all is.
    async fn judge(
        &mut self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<(), RoundError> {
        let inquiry = Inquiry::make(&self.app, organisation, now).await?;
        let verdicts = inquiry.verdicts(now);
        let stood = self.app.store.claims_stood(organisation, now).await?;
        let stood: BTreeMap<_, _> = stood
            .into_iter()
            .map(|one| (one.claim.clone(), one))
            .collect();
        let changes: Vec<_> = verdicts
            .iter()
            .filter_map(|(claim, verdict)| change(claim, verdict, stood.get(claim.id), now))
            .collect();
        let mut entries = changed(organisation, &changes, now)?;
        let is_due = self
            .evaluated_at
            .is_none_or(|last| now.since(last) >= A_DAY);
        // Nothing is written without an entry, other words for the same neither.
        let is_due = is_due || (entries.is_empty() && !changes.is_empty());
        if is_due {
            entries.push(evaluated(organisation, &verdicts, now)?);
        }
        if entries.is_empty() {
            return Ok(());
        }
        let change = ChangeClaims {
            organisation,
            at: now,
            changes,
        };
        self.app
            .store
            .write(change, Record::after(move |()| entries))
            .await?;
        if is_due {
            self.evaluated_at = Some(now);
        }
        Ok(())
    }
}

/// What is to be written of a claim; `None` where it stands as it did. Also other words are a change, as what was told in the
/// past stays what was told; but the claim stands so since before.
fn change(
    claim: &'static Claim,
    verdict: &Verdict,
    stood: Option<&ClaimStands>,
    now: Timestamp,
) -> Option<ClaimChange> {
    let is_told = verdict.state == ClaimState::Proven;
    let sentence = is_told.then_some(claim.sentence);
    let same = stood.filter(|stood| stood.state == verdict.state);
    if same.is_some_and(|stood| stood.sentence.as_deref() == sentence) {
        return None;
    }
    Some(ClaimChange {
        claim: claim.id,
        state: verdict.state,
        since: same.map_or(now, |stood| stood.at),
        sentence,
    })
}

fn changed(
    organisation: OrganisationId,
    changes: &[ClaimChange],
    now: Timestamp,
) -> Result<Vec<Entry>, NoRandomness> {
    let mut by_state: BTreeMap<ClaimState, Vec<Code>> = BTreeMap::new();
    let turned = changes.iter().filter(|change| change.since == now);
    for ClaimChange { claim, state, .. } in turned {
        by_state.entry(*state).or_default().push(Code::new(claim));
    }
    let entries = by_state.into_iter().map(|(state, claims)| {
        let OrganisationId(id) = organisation;
        let event = Event::EvidenceState {
            organisation: id,
            state: statement::state(state),
            claims,
        };
        let entry = recorded::entry(now, Actor::System, event)?;
        Ok(recorded::filed(entry, Some(organisation)))
    });
    entries.collect()
}

fn evaluated(
    organisation: OrganisationId,
    verdicts: &[(&'static Claim, Verdict)],
    now: Timestamp,
) -> Result<Entry, NoRandomness> {
    let count = |wanted: ClaimState| {
        let of_it = verdicts
            .iter()
            .filter(|(_, verdict)| verdict.state == wanted);
        u32::try_from(of_it.count()).unwrap_or(u32::MAX)
    };
    let OrganisationId(id) = organisation;
    let states: Vec<_> = verdicts
        .iter()
        .map(|(claim, verdict)| (claim.id, verdict.state))
        .collect();
    let event = Event::EvidenceEvaluate {
        organisation: id,
        proven: count(ClaimState::Proven),
        stale: count(ClaimState::Stale),
        not_met: count(ClaimState::NotMet),
        not_applicable: count(ClaimState::NotApplicable),
        digest: statement::coded(&statement::digest(&states)),
    };
    let entry = recorded::entry(now, Actor::System, event)?;
    Ok(recorded::filed(entry, Some(organisation)))
}

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use conclave_policy::evidence::claims;

    use super::*;

    const ORGANISATION: OrganisationId = OrganisationId(uuid::Uuid::from_u128(1));

    #[test]
    fn other_words_for_the_same_are_kept_and_are_no_change_of_state() {
        let claim = claims().next().unwrap();
        let proven = Verdict {
            state: ClaimState::Proven,
            grounds: Vec::new(),
        };
        let then = Timestamp::from_micros(1_795_336_200_000_000);
        let now = then.plus(A_DAY);
        let stood = |state, sentence: Option<&str>| ClaimStands {
            claim: claim.id.to_owned(),
            at: then,
            state,
            sentence: sentence.map(str::to_owned),
        };
        let entries = |change: ClaimChange| changed(ORGANISATION, &[change], now).unwrap().len();

        let as_it_was = stood(ClaimState::Proven, Some(claim.sentence));
        assert!(change(claim, &proven, Some(&as_it_was), now).is_none());
        for words in [None, Some("As it was said before.")] {
            let told = stood(ClaimState::Proven, words);
            let reworded = change(claim, &proven, Some(&told), now).unwrap();
            assert_eq!(
                (reworded.since, reworded.sentence),
                (then, Some(claim.sentence))
            );
            assert_eq!(entries(reworded), 0);
        }
        let stale = stood(ClaimState::Stale, None);
        for stood in [None, Some(&stale)] {
            let turned = change(claim, &proven, stood, now).unwrap();
            assert_eq!(turned.since, now);
            assert_eq!(entries(turned), 1);
        }
    }
}
