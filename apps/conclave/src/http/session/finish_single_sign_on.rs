//! `POST /api/v1/session/single-sign-on/finish`: a browser is back from the identity provider.
//!
//! Whose identity it is decides alone, by issuer and subject. An address in the token opens nothing.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use conclave_audit::{Actor, Code, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::directory::may_match;
use conclave_policy::second_factor::Assurance;
use conclave_protocol::AccountId;
use conclave_protocol::account::{AccountState, Me};
use conclave_protocol::factor::SecondFactorAsked;
use conclave_protocol::problem::Problem;
use conclave_protocol::scim::ExternalId;
use conclave_protocol::single_sign_on::FinishSingleSignOn;
use conclave_store::action::{Chosen, ConnectIdentity, Identity, MatchIdentity, Proof, Shown};
use conclave_store::read::account::Account;
use conclave_store::{TokenHash, WriteError};

use super::sign_in::ask;
use super::{Entrance, me, renew};
use crate::app::App;
use crate::http::body::Body;
use crate::http::cookie;
use crate::http::invitations::accept;
use crate::http::occasion::Occasion;
use crate::http::present::not_written;
use crate::http::problem::{
    ACCOUNT_NOT_ACTIVE, BUSY, CHANGED_MEANWHILE, Kind, NOT_SIGNED_IN, Refusal,
    SECOND_FACTOR_REQUIRED, SINGLE_SIGN_ON_EXPIRED, SINGLE_SIGN_ON_OFF, SINGLE_SIGN_ON_REFUSED,
    SINGLE_SIGN_ON_UNAVAILABLE, SINGLE_SIGN_ON_UNKNOWN,
};
use crate::http::signed_in::{Entering, SignedIn};
use crate::mail::{Letter, Outgoing};
use crate::second_factors::Awaited;
use crate::single_sign_on::{Arrival, NotArrived, Purpose, SingleSignOn};
use crate::{recorded, secret};

/// Completes what the browser went for: the answer sets the session's cookie, or says which second factor the account
/// asks for beside the provider's word.
#[utoipa::path(
    post,
    operation_id = "finishSingleSignOn",
    path = "/session/single-sign-on/finish",
    tag = "accounts",
    request_body = FinishSingleSignOn,
    responses(
        (status = 200, body = Me),
        (status = 201, body = Me),
        (status = 202, body = SecondFactorAsked),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem),
        (status = 501, body = Problem),
        (status = 503, body = Problem)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    before: Option<Entering>,
    occasion: Occasion,
    headers: HeaderMap,
    Body(body): Body<FinishSingleSignOn>,
) -> Result<Response, Refusal> {
    let provider = app.single_sign_on.as_ref().ok_or(SINGLE_SIGN_ON_OFF)?;
    let visit = Visit {
        app: &app,
        occasion: &occasion,
        headers: &headers,
        before: before.map(|Entering(signed_in)| signed_in),
    };
    let (purpose, arrival) = visit.arrive(provider, body).await?;
    let identity = Identity {
        issuer: arrival.token.issuer,
        subject: arrival.token.subject,
        session: arrival.token.session,
    };
    let assurance = match arrival.of_two_factors {
        true => Assurance::SingleSignOnOfTwo,
        false => Assurance::SingleSignOn,
    };
    match purpose {
        Purpose::SignIn => visit.sign_in(identity, assurance, None).await,
        Purpose::StepUp(account) => {
            let session = visit.still(account)?.session;
            let replaces = Some((account, session));
            visit.sign_in(identity, assurance, replaces).await
        }
        Purpose::Connect { account, session } => visit.connect(account, session, identity).await,
        Purpose::Accept {
            invitation,
            display_name,
        } => {
            let chosen = Chosen::Identity(identity);
            let accepted =
                accept::make(&app, &occasion, invitation, display_name, chosen, assurance);
            Ok(accepted.await?.into_response())
        }
    }
}

/// One browser that is back.
struct Visit<'a> {
    app: &'a App,
    occasion: &'a Occasion,
    headers: &'a HeaderMap,
    /// Who is signed in there already.
    before: Option<SignedIn>,
}

impl Visit<'_> {
    /// A refusal is recorded, but for a provider that is not there.
    async fn arrive(
        &self,
        provider: &SingleSignOn,
        body: FinishSingleSignOn,
    ) -> Result<(Purpose, Arrival), Refusal> {
        let browser = cookie::TRIP.read(self.headers).map(secret::hash);
        let state = secret::hash(body.state.reveal());
        let now = self.occasion.now;
        let Some(trip) = provider.trips.end(state, browser, now) else {
            let reason = Code::new("unknown_state");
            return Err(self.fail(None, reason, SINGLE_SIGN_ON_EXPIRED).await?);
        };
        let Some(code) = body.code else {
            let reason = Code::new("provider_refused");
            return Err(self.fail(None, reason, SINGLE_SIGN_ON_REFUSED).await?);
        };
        let arrived = provider.arrive(&trip, code.reveal(), body.iss.as_deref(), now);
        match arrived.await {
            Ok(arrival) => Ok((trip.purpose, arrival)),
            Err(NotArrived::Unavailable(_)) => Err(SINGLE_SIGN_ON_UNAVAILABLE.into()),
            Err(error) => {
                let reason = Code::new(error.code());
                Err(self.fail(None, reason, SINGLE_SIGN_ON_REFUSED).await?)
            }
        }
    }

    /// Signs in, or proves again that it is `replaces` who sits there.
    async fn sign_in(
        &self,
        identity: Identity,
        assurance: Assurance,
        replaces: Option<(AccountId, TokenHash)>,
    ) -> Result<Response, Refusal> {
        let store = &self.app.store;
        let known = store.account_of_identity(&identity.issuer, &identity.subject);
        let account = match known.await? {
            Some(account) => store.account(account).await?,
            None if replaces.is_none() => self.by_directory(&identity).await?,
            None => None,
        };
        let Some(account) = account else {
            let reason = Code::new("unknown_identity");
            return Err(self.fail(None, reason, SINGLE_SIGN_ON_UNKNOWN).await?);
        };
        if replaces.is_some_and(|(before, _)| before != account.id) {
            let reason = Code::new("another_identity");
            let refusal = self.fail(Some(&account), reason, SINGLE_SIGN_ON_REFUSED);
            return Err(refusal.await?);
        }
        if account.state != AccountState::Active {
            let reason = Code::new("account_not_active");
            let refusal = self.fail(Some(&account), reason, ACCOUNT_NOT_ACTIVE);
            return Err(refusal.await?);
        }
        let awaited = Awaited {
            account: account.id,
            shown: Shown::Identity(identity),
            replaces: replaces.map(|(_, session)| session),
        };
        let factors = store.factors(account.id).await?;
        if factors.has_second() && !assurance.is_of_two_factors() {
            let AccountId(id) = account.id;
            let event = Event::AuthSingleSignOn { account: id };
            let actor = recorded::proved_by(account.id, account.role, None, assurance);
            let organisation = Some(account.organisation);
            let entry = self.occasion.entry(organisation, actor, event)?;
            let answer = ask(self.app, self.occasion, &factors, awaited, entry).await;
            return answer.map(without_trip);
        }
        self.open(account, assurance, awaited).await
    }

    /// Whom the organisation's directory brought under the subject's name, where the operator has said that it is one: connected
    /// from then on, and told so. An account that is not active is found, and refused as others are.
    async fn by_directory(&self, identity: &Identity) -> Result<Option<Account>, Refusal> {
        let (app, occasion) = (self.app, self.occasion);
        let provider = app.single_sign_on.as_ref();
        let organisation = app.store.first_organisation().await?;
        let name = ExternalId::parse(&identity.subject);
        let (true, Some(organisation), Some(name)) = (
            provider.is_some_and(SingleSignOn::knows_by_directory),
            organisation,
            name,
        ) else {
            return Ok(None);
        };
        let found = app
            .store
            .directory_user_by_external_id(organisation.id, name);
        let brought = found.await?.filter(|user| user.is_made());
        let account = match brought {
            Some(user) if may_match(true, user.role) => app.store.account(user.account).await?,
            _ => None,
        };
        let Some(account) = account else {
            return Ok(None);
        };
        if account.state != AccountState::Active {
            return Ok(Some(account));
        }
        let AccountId(id) = account.id;
        let event = Event::AccountSingleSignOnConnect { account: id };
        let entry = occasion.entry(Some(organisation.id), Actor::System, event)?;
        let notice = self.notice(&account)?;
        let act = MatchIdentity {
            account: account.id,
            identity: identity.clone(),
            at: occasion.now,
        };
        match app.store.write(act, entry.clone()).await {
            Ok(()) => {
                if let Some(notice) = notice {
                    notice.send();
                }
                Ok(Some(account))
            }
            Err(WriteError::Refused(refused)) => {
                app.record(entry.refused(Code::new(refused.code()))).await;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn open(
        &self,
        account: Account,
        assurance: Assurance,
        awaited: Awaited,
    ) -> Result<Response, Refusal> {
        let entrance = Entrance {
            account: account.clone(),
            assurance,
            proof: Proof::Shown,
            shown: Some(awaited.shown),
            replaces: awaited.replaces,
        };
        match entrance.open(self.app, self.occasion, self.headers).await {
            // It was disconnected at the same moment.
            Err(refusal) if refusal.kind == CHANGED_MEANWHILE => {
                let reason = Code::new("unknown_identity");
                let refusal = self.fail(Some(&account), reason, SINGLE_SIGN_ON_UNKNOWN);
                Err(refusal.await?)
            }
            outcome => outcome,
        }
    }

    /// Whoever left proved lately who they are, and is there still; what the provider said since is as fresh. The account's
    /// address is told: the identity opens it from then on.
    async fn connect(
        &self,
        account: AccountId,
        session: TokenHash,
        identity: Identity,
    ) -> Result<Response, Refusal> {
        let signed_in = self.still(account)?;
        if signed_in.session != session {
            return Err(SINGLE_SIGN_ON_EXPIRED.into());
        }
        if signed_in.is_second_factor_due() {
            return Err(SECOND_FACTOR_REQUIRED.into());
        }
        let AccountId(id) = account;
        let event = Event::AccountSingleSignOnConnect { account: id };
        let action = AccountAction::ChangeOwnSignIn;
        signed_in
            .may(self.app, action, self.occasion, &event)
            .await?;
        signed_in
            .stepped_up(self.app, self.occasion, &event)
            .await?;
        let organisation = Some(signed_in.account.organisation);
        let entry = self
            .occasion
            .entry(organisation, signed_in.actor(), event)?;
        let notice = self.notice(&signed_in.account)?;
        let (renewal, cookie) = renew(signed_in, signed_in.assurance(), self.occasion)?;
        let act = ConnectIdentity {
            account,
            identity,
            renewal,
            at: self.occasion.now,
        };
        if let Err(error) = self.app.store.write(act, entry.clone()).await {
            return Err(not_written(self.app, error, entry).await);
        }
        if let Some(notice) = notice {
            notice.send();
        }
        let me = me(self.app, signed_in.account.clone(), false, signed_in.left).await?;
        Ok(without_trip((cookie, me).into_response()))
    }

    fn notice(&self, account: &Account) -> Result<Option<Outgoing>, Refusal> {
        let letter = Letter::identity_connected(&account.email);
        match (&self.app.mail, letter) {
            (Some(mail), Some(letter)) => Ok(Some(mail.take(letter).ok_or(BUSY)?)),
            _ => Ok(None),
        }
    }

    /// Whoever left, and is signed in still.
    fn still(&self, account: AccountId) -> Result<&SignedIn, Refusal> {
        let before = self.before.as_ref();
        let before = before.filter(|before| before.account.id == account);
        before.ok_or(NOT_SIGNED_IN.into())
    }

    async fn fail(
        &self,
        account: Option<&Account>,
        reason: Code,
        kind: Kind,
    ) -> Result<Refusal, Refusal> {
        let organisation = account.map(|account| account.organisation);
        let account = account.map(|account| account.id.0);
        let event = Event::AuthFail { account };
        let entry = self.occasion.entry(organisation, Actor::Anonymous, event)?;
        self.app.record(entry.failed(reason)).await;
        Ok(kind.into())
    }
}

/// The journey is over.
fn without_trip(mut answer: Response) -> Response {
    if let Some(cookie) = cookie::TRIP.clear() {
        answer
            .headers_mut()
            .append(axum::http::header::SET_COOKIE, cookie);
    }
    answer
}
