//! Whoever may read the organisation's log: somebody signed in, or a program by its key. Nobody reads it unrecorded.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::{Actor, Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::program::ProgramAction;
use conclave_protocol::{AccountId, OrganisationId, ProgramId};
use tokio::time::timeout;
use uuid::Uuid;

use crate::app::{App, RECORDED_WITHIN};
use crate::http::occasion::Occasion;
use crate::http::problem::{Refusal, STORE_UNAVAILABLE, TOO_MANY_REQUESTS};
use crate::http::program;
use crate::http::signed_in::SignedIn;

pub(crate) struct AuditReader {
    pub(super) organisation: OrganisationId,
    actor: Actor,
    id: Uuid,
    is_program: bool,
    occasion: Occasion,
}

impl AuditReader {
    /// Each look of a person's is on record; a program's, which may ask every second, once a minute.
    pub(super) async fn reads(&self, app: &App, what: &'static str) -> Result<(), Refusal> {
        if self.is_program {
            return self.takes(app, what).await;
        }
        if !app.pace.admits(self.occasion.source.address) {
            return Err(TOO_MANY_REQUESTS.into());
        }
        self.record(app, what).await
    }

    /// What is taken piece by piece is on record once a minute, however many pieces are asked for at the same moment.
    pub(super) async fn takes(&self, app: &App, what: &'static str) -> Result<(), Refusal> {
        let turn = timeout(RECORDED_WITHIN, app.looked.turn(self.id)).await;
        let _turn = turn.map_err(|_| STORE_UNAVAILABLE)?;
        let now = app.clock.now();
        if app.looked.is_due(self.id, what, now) {
            self.record(app, what).await?;
            app.looked.recorded(self.id, what, now);
        }
        Ok(())
    }

    async fn record(&self, app: &App, what: &'static str) -> Result<(), Refusal> {
        let event = Event::AuditRead {
            what: Code::new(what),
        };
        let (organisation, actor) = (Some(self.organisation), self.actor.clone());
        let entry = self.occasion.entry(organisation, actor, event)?;
        app.record_first(entry).await
    }
}

impl FromRequestParts<App> for AuditReader {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let to = Code::new("audit_log");
        if program::shows_key(parts) {
            let (program, occasion) =
                program::find(app, parts, ProgramAction::ReadAudit, to).await?;
            let ProgramId(id) = program.id;
            return Ok(Self {
                organisation: program.organisation,
                actor: program::actor(&program),
                id,
                is_program: true,
                occasion,
            });
        }
        let signed_in = <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let occasion = Occasion::from_request_parts(parts, app).await?;
        let action = AccountAction::ReadAudit;
        signed_in.may_read(app, action, to, &occasion).await?;
        let AccountId(id) = signed_in.account.id;
        Ok(Self {
            organisation: signed_in.account.organisation,
            actor: signed_in.actor(),
            id,
            is_program: false,
            occasion,
        })
    }
}
