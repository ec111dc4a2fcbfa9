//! How far a server's time has come, and the operator's way to take it back.

use conclave_policy::totp::Step;
use conclave_protocol::Timestamp;
use conclave_protocol::emergency::EmergencyEnd;

use super::{Action, Apply, Failure, Upkeep};
use crate::engine::{Link, statements};

/// Keeps the latest moment that was told. It never goes back.
pub struct KeepTime {
    pub at: Timestamp,
}

/// Goes on from an earlier moment than what is recorded, which a clock that was far ahead has left. Whatever holds for a time
/// ends: sessions, links, tickets, requests, known browsers, remembered answers, and emergency access that is open; programs'
/// keys that were made in the time that is taken back, or ran out in it. Else what was made in it would hold too long, and what
/// ran out in it would hold again.
pub struct TakeBackTime {
    /// What is recorded.
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Upkeep for KeepTime {}

impl Apply for KeepTime {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        keep(link, self.at).await?;
        Ok(())
    }
}

impl Action for TakeBackTime {}

impl Apply for TakeBackTime {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        end_sessions(link).await?;
        void_setup_links(link).await?;
        void_tickets(link).await?;
        void_answers(link).await?;
        void_resets(link).await?;
        void_email_changes(link).await?;
        void_invitations(link).await?;
        void_account_requests(link).await?;
        distrust_devices(link).await?;
        put_out_visitors(link, self.to).await?;
        end_emergencies(link, EmergencyEnd::Time, self.to).await?;
        end_programs(link, self.to, self.from).await?;
        forget_wishes_to_leave(link).await?;
        let Step(step) = Step::at(self.to);
        lower_steps(link, step.saturating_add(1)).await?;
        set(link, self.to).await?;
        Ok(())
    }
}

statements! {
    execute keep(at: Timestamp)
        = "INSERT INTO server_time (id, at) VALUES (1, $1)
           ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE server_time.at < excluded.at";

    execute set(at: Timestamp)
        = "INSERT INTO server_time (id, at) VALUES (1, $1)
           ON CONFLICT (id) DO UPDATE SET at = excluded.at";

    execute end_sessions()
        = "DELETE FROM web_session";

    execute void_setup_links()
        = "DELETE FROM setup_link WHERE used_at IS NULL";

    execute void_tickets()
        = "DELETE FROM ticket";

    execute void_answers()
        = "DELETE FROM idempotency";

    execute void_resets()
        = "DELETE FROM password_reset";

    execute void_email_changes()
        = "DELETE FROM email_change";

    execute void_invitations()
        = "DELETE FROM invitation";

    execute void_account_requests()
        = "DELETE FROM account_request";

    execute distrust_devices()
        = "DELETE FROM trusted_device";

    execute put_out_visitors(at: Timestamp)
        = "UPDATE participant
           SET admission = 'left', left_at = $1, connected = FALSE, connection_changed_at = $1
           WHERE admission IN ('waiting', 'host_absent', 'admitted')
             AND id IN (
               SELECT v.participant FROM emergency_visit v
               JOIN emergency_use u ON u.id = v.emergency_use WHERE u.ended_at IS NULL)";

    execute end_emergencies(by: EmergencyEnd, at: Timestamp)
        = "UPDATE emergency_use SET ended_at = $2, ended_by = $1 WHERE ended_at IS NULL";

    execute end_programs(to: Timestamp, recorded: Timestamp)
        = "UPDATE program SET expires_at = $1
           WHERE expires_at > $1 AND (expires_at <= $2 OR created_at > $1)";

    execute forget_wishes_to_leave()
        = "UPDATE organisation SET profile_leave_by = NULL, profile_leave_at = NULL
           WHERE profile_leave_at IS NOT NULL";

    execute lower_steps(latest: u64)
        = "UPDATE account_totp SET last_step = $1 WHERE last_step > $1";
}
