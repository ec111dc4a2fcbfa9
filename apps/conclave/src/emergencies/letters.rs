//! Those who manage the organisation are told by mail, without a word about who or why.

use conclave_policy::emergency;
use conclave_protocol::OrganisationId;
use conclave_protocol::account::AccountState;
use conclave_store::ReadError;

use crate::app::App;
use crate::mail::Letter;

/// Where the server sends no mail, the page of live meetings says it.
pub(crate) async fn tell(app: &App, organisation: OrganisationId) {
    if let Err(error) = tell_all(app, organisation).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "who manages the organisation was not told of emergency access"
        );
    }
}

async fn tell_all(app: &App, organisation: OrganisationId) -> Result<(), ReadError> {
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
            let letter = Letter::emergency(&account.email, &link);
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
