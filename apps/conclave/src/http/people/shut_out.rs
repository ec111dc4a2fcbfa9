//! Suspends or removes an account, and tells its meetings.

use conclave_policy::people::Change;
use conclave_store::action::ShutOut;

use super::put_out;
use super::target::{Granted, Wanted, refused};
use crate::app::App;
use crate::http::present::to_the_end;
use crate::http::problem::Refusal;

pub(super) async fn make(wanted: Wanted, app: App) -> Result<(), Refusal> {
    let Some(Granted { once, entry, .. }) = wanted.check::<ShutOut>(&app).await? else {
        return Ok(());
    };
    let removes = wanted.change == Change::Remove;
    let (account, at) = (wanted.account, wanted.occasion.now);
    let foreseen = app.store.foresee_shut_out(account, removes, at).await?;
    let act = ShutOut {
        account,
        by: wanted.signed_in.account.id.into(),
        removes,
        at,
        touched: foreseen.touched,
        programs: foreseen.programs,
        support: foreseen.support,
    };
    to_the_end(async move {
        let by = wanted.by();
        match put_out::shut_out(&app, Some(once), act, entry.clone(), &by).await {
            Ok(()) => Ok(()),
            Err(error) => Err(refused(&app, error, entry).await),
        }
    })
    .await
}
