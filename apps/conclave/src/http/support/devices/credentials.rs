//! `POST /api/v1/support/sessions/{support}/credentials`: asks a computer to let its technician in.

use axum::extract::State;
use axum::http::StatusCode;
use conclave_audit::{Code, Entry, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::support::state;
use conclave_protocol::problem::Problem;
use conclave_protocol::support::SupportState;
use conclave_protocol::unattended::{
    DeviceAnswer, LARGEST_ADMITTANCE, MOST_ATTEMPTS, SendCredentials, ToDevice,
};
use conclave_store::read::support::SupportSession;
use conclave_store::read::unattended::Unattended;

use super::{find_to_help, may_be_let_in};
use crate::app::App;
use crate::computers::Unanswered;
use crate::http::body::Body;
use crate::http::occasion::Occasion;
use crate::http::present::to_the_end;
use crate::http::problem::{
    COMPUTER_BUSY, COMPUTER_FAILED, COMPUTER_OFFLINE, CREDENTIALS_REFUSED, CREDENTIALS_STALE, Kind,
    MALFORMED_REQUEST, NO_DESKTOP, Refusal, SUPPORT_CODE_OVER, SUPPORT_NOT_FOUND,
    TOO_MANY_CREDENTIALS,
};
use crate::http::signed_in::SignedIn;
use crate::http::support::NamedSupport;

/// Waits for the computer's answer, at most 20 seconds; then it comes into the session. Each try is good once, and five are
/// taken of one technician at one computer in 15 minutes, right ones included. For the session's technician.
#[utoipa::path(
    post,
    operation_id = "sendCredentials",
    path = "/support/sessions/{support}/credentials",
    tag = "support",
    params(("support" = String, Path, format = Uuid)),
    request_body = SendCredentials,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem),
        (status = 429, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    NamedSupport(id): NamedSupport,
    signed_in: SignedIn,
    occasion: Occasion,
    Body(body): Body<SendCredentials>,
) -> Result<StatusCode, Refusal> {
    let found = app.store.support_session(id).await?;
    let technician = signed_in.account.id;
    let found = found.filter(|session| session.technician == technician);
    let at = app.store.unattended(id).await?;
    let (Some(session), Some(at)) = (found, at) else {
        let to = Code::new("support_session");
        let event = Event::AccessRefused { to };
        let organisation = Some(signed_in.account.organisation);
        let entry = occasion.entry(organisation, signed_in.actor(), event)?;
        app.record(entry.refused(Code::new("no_such_session")))
            .await;
        return Err(SUPPORT_NOT_FOUND.into());
    };
    if !(1..=MOST_ATTEMPTS).contains(&body.attempt)
        || body.sealed.as_bytes().len() > LARGEST_ADMITTANCE
    {
        return Err(MALFORMED_REQUEST.into());
    }
    let asking = Asking {
        app,
        signed_in,
        occasion,
        session,
        at,
        body,
    };
    // What a computer was asked for it is told to begin, whether the caller waits or not.
    to_the_end(async move { asking.ask().await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

struct Asking {
    app: App,
    signed_in: SignedIn,
    occasion: Occasion,
    session: SupportSession,
    at: Unattended,
    body: SendCredentials,
}

impl Asking {
    async fn ask(self) -> Result<(), Refusal> {
        let asked = self.entry(Event::SupportUnattendedAsked {
            session: self.at.session.0,
            device: self.at.device.0,
        })?;
        self.still_may(&asked).await?;
        if self.is_busy_as_told() {
            return Err(COMPUTER_BUSY.into());
        }
        self.charge(&asked).await?;
        self.app.record_first(asked.clone()).await?;
        let answer = self.asked().await;
        if answer == Err(Unanswered::Busy) {
            self.uncharge();
        }
        let began = self.began()?;
        match answer {
            Ok(DeviceAnswer::Verified) => self.begin(&began).await,
            answer => {
                let (reason, kind) = meaning(answer);
                Err(self.refuse(&began, reason, kind).await)
            }
        }
    }

    /// As things stand at this moment: what was true as the session was opened may not be any more.
    async fn still_may(&self, entry: &Entry) -> Result<(), Refusal> {
        let (app, signed_in) = (&self.app, &self.signed_in);
        signed_in
            .may(
                app,
                AccountAction::HoldSupport,
                &self.occasion,
                &entry.event,
            )
            .await?;
        let computer = find_to_help(app, self.at.device, signed_in, entry).await?;
        may_be_let_in(app, &computer, signed_in, entry).await?;
        self.still_waits(entry).await
    }

    /// Nobody has come into the session yet, and it is not over.
    async fn still_waits(&self, entry: &Entry) -> Result<(), Refusal> {
        let session = self.app.store.support_session(self.at.session).await?;
        let now = self.app.clock.now();
        match session.map(|session| state(&session.standing(), now)) {
            Some(SupportState::Waiting) => Ok(()),
            Some(_) | None => Err(self.refuse(entry, "spent", SUPPORT_CODE_OVER).await),
        }
    }

    /// What costs nothing is tried any number of times: the first ones are on record, and one more that the computer would not
    /// get either is not passed on.
    fn is_busy_as_told(&self) -> bool {
        let (device, by) = (self.at.device, self.signed_in.account.id);
        let is_busy = self.app.computers.is_busy(device, self.at.session);
        let mut tries = self.app.throttles.credentials();
        is_busy && tries.were_busy(device, by, self.occasion.now)
    }

    async fn charge(&self, entry: &Entry) -> Result<(), Refusal> {
        let (device, by) = (self.at.device, self.signed_in.account.id);
        let charged = self
            .app
            .throttles
            .credentials()
            .charge(device, by, self.occasion.now);
        let Err(often) = charged else {
            return Ok(());
        };
        self.refuse(entry, "too_often", TOO_MANY_CREDENTIALS).await;
        Err(Refusal::after(TOO_MANY_CREDENTIALS, often.wait))
    }

    /// A computer that is asked as much as it may be at one time was not asked this.
    fn uncharge(&self) {
        let (device, by) = (self.at.device, self.signed_in.account.id);
        let mut tries = self.app.throttles.credentials();
        tries.uncharge(device, by, self.occasion.now);
    }

    async fn asked(&self) -> Result<DeviceAnswer, Unanswered> {
        let (session, attempt) = (self.at.session, self.body.attempt);
        let message = ToDevice::Asked {
            session,
            technician: self.signed_in.account.id,
            attempt,
            sealed: self.body.sealed.clone(),
        };
        let computers = &self.app.computers;
        computers
            .ask(self.at.device, session, attempt, message)
            .await
    }

    /// The computer waits for this word: a grant that was taken back while it looked ends here, and so does a session that is
    /// over by then.
    async fn begin(&self, began: &Entry) -> Result<(), Refusal> {
        let session = self.at.session;
        let end = || {
            let computers = &self.app.computers;
            computers.tell(self.at.device, ToDevice::End { session })
        };
        if let Err(refusal) = self.still_may(began).await {
            end();
            return Err(refusal);
        }
        if let Err(refusal) = self.app.record_first(began.clone()).await {
            end();
            return Err(refusal);
        }
        let computers = &self.app.computers;
        match computers.begin(self.at.device, session) {
            true => Ok(()),
            false => {
                // It is on record as begun, which it is not where the word of it did not arrive.
                let failed = self.began()?.failed(Code::new("offline"));
                self.app.record(failed).await;
                Err(COMPUTER_OFFLINE.into())
            }
        }
    }

    fn began(&self) -> Result<Entry, Refusal> {
        self.entry(Event::SupportUnattendedBegan {
            session: self.at.session.0,
            device: self.at.device.0,
        })
    }

    fn entry(&self, event: Event) -> Result<Entry, Refusal> {
        let organisation = Some(self.session.organisation);
        let actor = self.signed_in.actor();
        Ok(self.occasion.entry(organisation, actor, event)?)
    }

    async fn refuse(&self, entry: &Entry, reason: &'static str, kind: Kind) -> Refusal {
        let refused = entry.clone().refused(Code::new(reason));
        self.app.record(refused).await;
        kind.into()
    }
}

/// For the record, and for the technician.
fn meaning(answer: Result<DeviceAnswer, Unanswered>) -> (&'static str, Kind) {
    match answer {
        Err(Unanswered::Offline) => ("offline", COMPUTER_OFFLINE),
        Err(Unanswered::Busy) => ("busy", COMPUTER_BUSY),
        Ok(DeviceAnswer::Wrong) => ("wrong_credentials", CREDENTIALS_REFUSED),
        Ok(DeviceAnswer::TooMany) => ("too_often", TOO_MANY_CREDENTIALS),
        Ok(DeviceAnswer::NotOpened) => ("not_opened", CREDENTIALS_STALE),
        Ok(DeviceAnswer::NoDesktop) => ("no_desktop", NO_DESKTOP),
        Ok(DeviceAnswer::Failed | DeviceAnswer::Verified) => ("failed", COMPUTER_FAILED),
    }
}
