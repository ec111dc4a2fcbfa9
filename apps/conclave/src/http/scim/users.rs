//! People, as their organisation's directory sees them.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod read;
pub(super) mod remove;

mod shut_out;

use axum::http::StatusCode;
use axum::response::Response;
use conclave_policy::directory::is_active;
use conclave_protocol::AccountId;
use conclave_protocol::scim::USER;
use conclave_protocol::scim::answer::{Email, Meta, Name, User};
use conclave_store::read::directory::DirectoryUser;

use super::discovery::base;
use super::provisioner::Provisioner;
use super::resource::{self, version};
use crate::app::App;
use crate::http::problem::Refusal;

/// Whom the directory may not see is as one who does not exist. A refusal is recorded.
async fn find(app: &App, by: &Provisioner, named: &str) -> Result<DirectoryUser, Refusal> {
    let found = match named.parse::<AccountId>() {
        Ok(account) => {
            let organisation = by.organisation();
            app.store.directory_user(organisation, account).await?
        }
        Err(_) => None,
    };
    match found {
        Some(user) => Ok(user),
        None => Err(by.nowhere(app).await),
    }
}

/// The user as they are by now.
async fn answer(
    app: &App,
    by: &Provisioner,
    account: AccountId,
    status: StatusCode,
) -> Result<Response, Refusal> {
    let user = find(app, by, &account.to_string()).await?;
    let shown = shown(app, user);
    Ok(resource::answer(status, &shown.meta, &shown))
}

fn shown(app: &App, user: DirectoryUser) -> User {
    let meta = Meta {
        resource_type: "User",
        created: user.created_at,
        last_modified: user.changed_at.unwrap_or(user.created_at),
        location: format!("{}/Users/{}", base(app), user.account),
        version: version_of(&user),
    };
    User {
        schemas: [USER],
        id: user.account,
        external_id: user.external_id,
        user_name: user.email.clone(),
        display_name: user.display_name.clone(),
        name: Name {
            formatted: user.display_name,
        },
        emails: [Email {
            value: user.email,
            kind: "work",
            primary: true,
        }],
        active: is_active(user.state),
        meta,
    }
}

/// Of all that a directory sees of somebody.
fn version_of(user: &DirectoryUser) -> String {
    let external_id = user.external_id.as_ref().map(|id| id.as_str());
    version([
        user.email.as_str().as_bytes(),
        user.display_name.as_str().as_bytes(),
        external_id.unwrap_or_default().as_bytes(),
        &[u8::from(is_active(user.state))],
    ])
}
