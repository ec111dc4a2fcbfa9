//! The directory that asks: a program whose key has the scope for it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::program::ProgramAction;
use conclave_protocol::scim::Wrong;
use conclave_protocol::{OrganisationId, ProgramId};
use conclave_store::read::program::Program;
use conclave_store::{Refused, WriteError};

use crate::app::App;
use crate::http::occasion::Occasion;
use crate::http::people::put_out::By;
use crate::http::present::not_written_as;
use crate::http::problem::{
    Kind, Refusal, SCIM_FILTER, SCIM_FORBIDDEN, SCIM_MUTABILITY, SCIM_NOT_FOUND, SCIM_NOT_ITS_OWN,
    SCIM_PATH, SCIM_SYNTAX, SCIM_VALUE,
};
use crate::http::program;

pub(super) struct Provisioner {
    program: Program,
    pub(super) occasion: Occasion,
}

impl Provisioner {
    pub(super) fn id(&self) -> ProgramId {
        self.program.id
    }

    pub(super) fn organisation(&self) -> OrganisationId {
        self.program.organisation
    }

    pub(super) fn entry(&self, event: Event) -> Result<Entry, Refusal> {
        Ok(program::entry(&self.program, &self.occasion, event)?)
    }

    pub(super) fn by(&self) -> By {
        By {
            organisation: self.program.organisation,
            actor: program::actor(&self.program),
            occasion: self.occasion.clone(),
        }
    }

    /// Records that something is refused.
    pub(super) async fn refuse(
        &self,
        app: &App,
        event: Event,
        reason: &'static str,
        kind: Kind,
    ) -> Refusal {
        match self.entry(event) {
            Ok(entry) => {
                app.record(entry.refused(Code::new(reason))).await;
                kind.into()
            }
            Err(refusal) => refusal,
        }
    }

    /// What a body says, if it can be. A reach for rights is recorded as `event`'s refusal; other mistakes are not.
    pub(super) async fn read<T>(
        &self,
        app: &App,
        event: Event,
        read: Result<T, Wrong>,
    ) -> Result<T, Refusal> {
        match read {
            Ok(read) => Ok(read),
            Err(Wrong::Refused) => Err(self.refuse(app, event, "rights", SCIM_FORBIDDEN).await),
            Err(wrong) => Err(kind(wrong).into()),
        }
    }

    /// There is nothing like it for the directory. Looking is free, so its record is paced.
    pub(super) async fn nowhere(&self, app: &App) -> Refusal {
        let to = Code::new("directory");
        match self.entry(Event::AccessRefused { to }) {
            Ok(entry) => {
                let refused = entry.refused(Code::new("not_found"));
                app.record_at_pace(&self.occasion, refused).await;
                SCIM_NOT_FOUND.into()
            }
            Err(refusal) => refusal,
        }
    }
}

/// What the store refuses is recorded, and said in SCIM's sense.
pub(super) async fn refused(app: &App, error: WriteError, entry: Entry) -> Refusal {
    let names = [
        (Refused::NotFound, SCIM_NOT_FOUND),
        (Refused::NotAllowed, SCIM_NOT_ITS_OWN),
    ];
    not_written_as(app, error, entry, &names).await
}

fn kind(wrong: Wrong) -> Kind {
    match wrong {
        Wrong::Syntax => SCIM_SYNTAX,
        Wrong::Filter => SCIM_FILTER,
        Wrong::Path => SCIM_PATH,
        Wrong::Value => SCIM_VALUE,
        Wrong::Mutability => SCIM_MUTABILITY,
        Wrong::Refused => SCIM_FORBIDDEN,
    }
}

impl FromRequestParts<App> for Provisioner {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let to = Code::new("directory");
        let action = ProgramAction::Provision;
        let (program, occasion) = program::find(app, parts, action, to).await?;
        Ok(Self { program, occasion })
    }
}
