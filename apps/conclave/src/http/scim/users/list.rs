//! `GET /scim/v2/Users`: everybody whom the directory may govern, or whom it looks up.

use axum::extract::State;
use conclave_policy::directory::MOST_USERS_LISTED;
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::scim::ExternalId;
use conclave_protocol::scim::answer::{List, User};
use conclave_protocol::scim::filter::Filter;
use conclave_store::ReadError;
use conclave_store::read::directory::DirectoryUser;

use crate::app::App;
use crate::http::problem::Refusal;
use crate::http::scim::page::Page;
use crate::http::scim::provisioner::Provisioner;
use crate::http::scim::resource::Scim;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    page: Page,
) -> Result<Scim<List<User>>, Refusal> {
    let found = found(&app, &by, page.filter.as_ref()).await?;
    let shown = found.into_iter().map(|user| super::shown(&app, user));
    Ok(Scim(page.of(shown.collect(), MOST_USERS_LISTED)))
}

async fn found(
    app: &App,
    by: &Provisioner,
    filter: Option<&Filter>,
) -> Result<Vec<DirectoryUser>, ReadError> {
    let organisation = by.organisation();
    let one = match filter {
        None => return app.store.directory_users(organisation).await,
        Some(Filter::DisplayName(name)) => {
            let mut users = app.store.directory_users(organisation).await?;
            users.retain(|user| user.display_name.as_str().eq_ignore_ascii_case(name));
            return Ok(users);
        }
        Some(Filter::UserName(name)) => match EmailAddress::parse(name) {
            Ok(email) => {
                let found = app.store.directory_user_by_email(organisation, &email);
                found.await?
            }
            Err(_) => None,
        },
        Some(Filter::ExternalId(id)) => match ExternalId::parse(id) {
            Some(id) => {
                let found = app.store.directory_user_by_external_id(organisation, id);
                found.await?
            }
            None => None,
        },
    };
    Ok(one.into_iter().collect())
}
