//! What shows an outsider that the entries which a statement names stand in the log.

use conclave_policy::capability::{AccountAction, session_may};
use conclave_protocol::evidence::EntryProof;

use crate::app::App;
use crate::evidence::Statement;
use crate::http::audit::proof::prove;
use crate::http::problem::Refusal;
use crate::http::signed_in::SignedIn;

/// Of each entry once, against the checkpoint that the statement has. An entry says who did what: whoever may not read the log
/// gets none.
pub(super) async fn of(
    app: &App,
    signed_in: &SignedIn,
    statement: &Statement,
) -> Result<Vec<EntryProof>, Refusal> {
    let role = signed_in.account.role;
    let may = session_may(role, signed_in.assurance(), AccountAction::ReadAudit);
    let head = statement.log.as_ref().filter(|_| may.is_allowed());
    let Some(head) = head else {
        return Ok(Vec::new());
    };
    let mut logs = app.store.logs().await?;
    let mut proofs = Vec::new();
    for (seq, id) in statement.entries() {
        let proof = prove(&mut logs, head, seq).await?.to_string();
        proofs.push(EntryProof { seq, id, proof });
    }
    Ok(proofs)
}
