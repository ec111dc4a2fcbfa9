//! Checks the codes of a second factor: a few tries, each on record when it is wrong.

use conclave_audit::{Actor, Code, Event};
use conclave_policy::second_factor::Assurance;
use conclave_protocol::AccountId;
use conclave_protocol::factor::SecondFactor;
use conclave_store::action::Proof;
use conclave_store::read::account::Account;

use super::occasion::Occasion;
use super::problem::{CHANGED_MEANWHILE, Refusal, SECOND_FACTOR_WRONG, TOO_MANY_ATTEMPTS};
use crate::app::App;
use crate::recovery_codes;

/// Charges a try. What the code proves once it is used up: a recovery code is looked for only then.
pub(super) async fn check(
    app: &App,
    occasion: &Occasion,
    account: &Account,
    code: &SecondFactor,
) -> Result<(Assurance, Proof), Refusal> {
    charge(app, occasion, account).await?;
    let proof = match code {
        SecondFactor::RecoveryCode(code) => {
            let hash = recovery_codes::hash(code.reveal());
            Some((Assurance::RecoveryCode, Proof::RecoveryCode(hash)))
        }
        SecondFactor::Totp(code) => of_program(app, occasion, account, code.reveal()).await?,
    };
    match proof {
        Some(proof) => Ok(proof),
        None => Err(wrong(app, occasion, account).await?),
    }
}

/// What became of signing in with a checked code: one that was used before is as a wrong one.
pub(super) async fn settle<T>(
    app: &App,
    occasion: &Occasion,
    account: &Account,
    outcome: Result<T, Refusal>,
) -> Result<T, Refusal> {
    match outcome {
        Ok(done) => {
            app.second_factors.wrong().was_right(account.id);
            Ok(done)
        }
        Err(refusal) if refusal.kind == CHANGED_MEANWHILE => {
            Err(wrong(app, occasion, account).await?)
        }
        Err(refusal) => Err(refusal),
    }
}

async fn charge(app: &App, occasion: &Occasion, account: &Account) -> Result<(), Refusal> {
    let admitted = app.second_factors.wrong().admit(account.id, occasion.now);
    let Err(throttled) = admitted else {
        return Ok(());
    };
    let AccountId(id) = account.id;
    let event = Event::AuthLockout { account: Some(id) };
    let entry = occasion.entry(Some(account.organisation), Actor::Anonymous, event)?;
    let entry = entry.refused(Code::new("second_factor_throttled"));
    app.record(entry).await;
    let wait = throttled.until.since(occasion.now);
    Err(Refusal::after(TOO_MANY_ATTEMPTS, wait))
}

async fn of_program(
    app: &App,
    occasion: &Occasion,
    account: &Account,
    code: &str,
) -> Result<Option<(Assurance, Proof)>, Refusal> {
    let Some(totp) = app.store.factors(account.id).await?.totp else {
        return Ok(None);
    };
    let (seed, last) = app.second_factors.open(account.id, &totp)?;
    let step = seed.check(code, occasion.now, Some(last));
    Ok(step.map(|step| (Assurance::Totp, Proof::Totp(step))))
}

async fn wrong(app: &App, occasion: &Occasion, account: &Account) -> Result<Refusal, Refusal> {
    let AccountId(id) = account.id;
    let event = Event::AuthFail { account: Some(id) };
    let entry = occasion.entry(Some(account.organisation), Actor::Anonymous, event)?;
    app.record(entry.failed(Code::new("wrong_code"))).await;
    Ok(SECOND_FACTOR_WRONG.into())
}
