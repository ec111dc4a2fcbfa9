//! Those who manage the organisation are told by mail, without a word about who or why.

use conclave_policy::emergency;
use conclave_protocol::OrganisationId;
use conclave_protocol::account::AccountState;
use conclave_protocol::personal::EmailAddress;
use conclave_store::ReadError;

use crate::app::App;
use crate::mail::Letter;

/// Where the server sends no mail, the page of live meetings says it.
pub(crate) async fn tell(app: &App, organisation: OrganisationId) {
    write_to_all(app, organisation, Letter::emergency).await;
}

/// Somebody signed in with a sealed code. Where the server sends no mail, the page of emergency access says it.
pub(crate) async fn tell_of_code(app: &App, organisation: OrganisationId) {
    write_to_all(app, organisation, Letter::emergency_code).await;
}

type Draft = fn(&EmailAddress, &str) -> Option<Letter>;

async fn write_to_all(app: &App, organisation: OrganisationId, letter: Draft) {
    if let Err(error) = tell_all(app, organisation, letter).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "who manages the organisation was not told of emergency access"
        );
    }
}

async fn tell_all(app: &App, organisation: OrganisationId, letter: Draft) -> Result<(), ReadError> {
    let Some(mail) = &app.mail else {
        return Ok(());
    };
    let link = format!("{}/admin/emergency", app.origin);
    let mut after = None;
    loop {
        let (people, next) = app.store.accounts(organisation, after).await?;
        let told = people.into_iter().filter(|account| {
            account.state == AccountState::Active && emergency::is_told(account.role)
        });
        for account in told {
            let letter = letter(&account.email, &link);
            match letter.and_then(|letter| mail.take(letter)) {
                Some(letter) => letter.send(),
                None => tracing::error!("a letter about emergency access was not sent"),
            }
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}
