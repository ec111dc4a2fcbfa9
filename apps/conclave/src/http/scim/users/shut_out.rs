//! Suspends or removes somebody for their directory, and tells their meetings: as a person does it, and as surely.

use conclave_audit::Event;
use conclave_protocol::AccountId;
use conclave_store::action::{Doer, ShutOut};

use crate::app::App;
use crate::http::people::put_out;
use crate::http::present::to_the_end;
use crate::http::problem::Refusal;
use crate::http::scim::provisioner::{Provisioner, refused};

pub(super) async fn shut_out(
    app: &App,
    by: &Provisioner,
    account: AccountId,
    removes: bool,
) -> Result<(), Refusal> {
    let AccountId(id) = account;
    let event = match removes {
        true => Event::UserRemove { account: id },
        false => Event::UserSuspend { account: id },
    };
    let (entry, at) = (by.entry(event)?, by.occasion.now);
    let foreseen = app.store.foresee_shut_out(account, removes, at).await?;
    let act = ShutOut {
        account,
        by: Doer::Directory { program: by.id() },
        removes,
        at,
        touched: foreseen.touched,
        programs: foreseen.programs,
        support: foreseen.support,
    };
    let (app, by) = (app.clone(), by.by());
    to_the_end(async move {
        match put_out::shut_out(&app, None, act, entry.clone(), &by).await {
            Ok(()) => Ok(()),
            Err(error) => Err(refused(&app, error, entry).await),
        }
    })
    .await
}
