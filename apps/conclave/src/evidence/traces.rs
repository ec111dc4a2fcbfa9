//! Entries of the organisation's log that show claims at work: of each claim the newest that the latest checkpoint covers.

use std::collections::BTreeMap;

use conclave_audit::Outcome;
use conclave_policy::evidence::{Claim, SIGNED_BY, Trace, Traces, claims};
use conclave_protocol::OrganisationId;
use conclave_store::ReadError;
use conclave_store::log::{LogHead, Logs, Placed};
use conclave_store::read::evidence::Decision;

use crate::app::App;

/// Looks through one log, once for each event.
struct Search {
    logs: Logs,
    head: LogHead,
    found: BTreeMap<&'static str, Option<Trace>>,
}

/// What is there, and under which checkpoint; `None` while the log has none.
pub(super) async fn find(
    app: &App,
    organisation: OrganisationId,
    decisions: &[Decision],
) -> Result<Option<(LogHead, Traces)>, ReadError> {
    let mut logs = app.store.logs().await?;
    let Some(head) = logs.head(Some(organisation)).await? else {
        return Ok(None);
    };
    let mut search = Search {
        logs,
        head,
        found: BTreeMap::new(),
    };
    let mut traces = Traces::new();
    for claim in claims() {
        let found = match claim.needs_sign_off {
            true => search.signature(claim, decisions).await?,
            false => search.newest(claim.seen_in).await?,
        };
        traces.extend(found.map(|trace| (claim.id, trace)));
    }
    Ok(Some((search.head, traces)))
}

impl Search {
    /// Of several events the last that happened.
    async fn newest(
        &mut self,
        events: &'static [&'static str],
    ) -> Result<Option<Trace>, ReadError> {
        let mut newest = None;
        for &event in events {
            let found = self.of_event(event).await?;
            newest = newest
                .into_iter()
                .chain(found)
                .max_by_key(|one: &Trace| one.seq);
        }
        Ok(newest)
    }

    async fn of_event(&mut self, event: &'static str) -> Result<Option<Trace>, ReadError> {
        if let Some(found) = self.found.get(event) {
            return Ok(*found);
        }
        let outcome = outcome(event);
        let placed = self.logs.newest(&self.head, event, outcome).await?;
        let found = placed.map(|placed| trace(event, placed));
        self.found.insert(event, found);
        Ok(found)
    }

    /// By which somebody signed for the claim, where that is in force.
    async fn signature(
        &mut self,
        claim: &Claim,
        decisions: &[Decision],
    ) -> Result<Option<Trace>, ReadError> {
        let signed = decisions.iter().find(|one| one.subject == claim.id);
        let Some(signed) = signed else {
            return Ok(None);
        };
        let placed = self.logs.newest_about(&self.head, SIGNED_BY, signed.id);
        Ok(placed.await?.map(|placed| trace(SIGNED_BY, placed)))
    }
}

fn trace(event: &'static str, placed: Placed) -> Trace {
    Trace {
        event,
        seq: placed.seq,
        id: placed.id,
        at: placed.at(),
    }
}

/// How an event comes out where a claim is at work: what keeps somebody out shows by a refusal.
fn outcome(event: &str) -> Outcome {
    match event {
        "access.refused" | "auth.lockout" => Outcome::Refused,
        "auth.fail" => Outcome::Failed,
        _ => Outcome::Done,
    }
}
