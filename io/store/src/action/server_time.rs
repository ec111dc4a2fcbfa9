//! How far a server's time has come, and the operator's way to take it back.

use std::time::Duration;

use conclave_policy::emergency::REVIEW_WITHIN;
use conclave_policy::evidence::SIGNED_FOR;
use conclave_policy::support::CODE_LASTS;
use conclave_policy::totp::Step;
use conclave_protocol::emergency::EmergencyEnd;
use conclave_protocol::{
    EmergencyUseId, MeetingId, OrganisationId, ParticipantId, ProgramId, SupportDeviceId, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Failure, Upkeep};
use crate::engine::{Link, statements};

/// Keeps the latest moment that was told. It never goes back.
pub struct KeepTime {
    pub at: Timestamp,
}

/// Goes on from an earlier moment than what is recorded, which a clock that was far ahead has left. Whatever holds for a time
/// ends: sessions, links, tickets, requests, known browsers, remembered answers, guards of meetings, codes for support, and
/// emergency access that is open, whose review is due no later than if it had been taken at the end of it; programs' keys
/// that were made in the time that is taken back, or ran out in it, are revoked; enrolments of computers that were made or
/// renewed in it, or ran out in it, are over, and so are trainings that were completed in it. Else what was made in it would
/// hold too long, and what ran out in it would hold again. What was seen in that time shows nothing from here on, and what was
/// found or decided in it is dated to its end: it neither hides what follows nor waits to come into force.
pub struct TakeBackTime {
    /// What is recorded.
    pub from: Timestamp,
    pub to: Timestamp,
}

/// What ended with it that is on record by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Who left which meeting: they were in by emergency access.
    pub left: Vec<(OrganisationId, MeetingId, ParticipantId)>,
    pub emergencies: Vec<(OrganisationId, EmergencyUseId)>,
    pub programs: Vec<(OrganisationId, ProgramId)>,
    /// Whose enrolment is over.
    pub computers: Vec<(OrganisationId, SupportDeviceId)>,
}

/// The shortest time: a training is good until after it was completed.
const INSTANT: Duration = Duration::from_micros(1);

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
    type Done = TakenBack;

    async fn apply(self, link: &mut Link<'_>) -> Result<TakenBack, Failure> {
        end_sessions(link).await?;
        void_setup_links(link).await?;
        void_tickets(link).await?;
        void_answers(link).await?;
        void_resets(link).await?;
        void_email_changes(link).await?;
        void_invitations(link).await?;
        void_account_requests(link).await?;
        void_enrolments(link).await?;
        let computers = end_enrolments(link, self.to, self.from).await?;
        void_support_requests(link).await?;
        void_declined_requests(link).await?;
        distrust_devices(link).await?;
        let left = visitors(link).await?;
        put_out_visitors(link, self.to).await?;
        let emergencies = end_emergencies(link, EmergencyEnd::Time, self.to).await?;
        date_reviews(link, self.to.plus(REVIEW_WITHIN)).await?;
        let programs = end_programs(link, self.to, self.from).await?;
        lift_guards(link, self.to).await?;
        end_support_codes(link, self.to.minus(CODE_LASTS), self.to).await?;
        date_support_joins(link, self.to).await?;
        date_support_ends(link, self.to).await?;
        end_trainings(link, self.to.minus(INSTANT), self.to).await?;
        date_trainings(link, self.to).await?;
        date_withdrawals(link, self.to).await?;
        date_acknowledgements(link, self.to).await?;
        date_code_sets(link, self.to).await?;
        date_used_codes(link, self.to).await?;
        date_drills(link, self.to).await?;
        forget_wishes_to_leave(link).await?;
        forget_watches(link, self.to).await?;
        end_watches(link, self.to).await?;
        forget_claims(link, self.to).await?;
        date_dues(link, self.to.plus(SIGNED_FOR)).await?;
        date_decisions(link, self.to).await?;
        date_replaced_decisions(link, self.to).await?;
        date_assessments(link, self.to).await?;
        date_replaced_assessments(link, self.to).await?;
        date_marks(link, self.to).await?;
        date_findings(link, self.to).await?;
        date_rules(link, self.to).await?;
        let Step(step) = Step::at(self.to);
        lower_steps(link, step.saturating_add(1)).await?;
        set(link, self.to).await?;
        Ok(TakenBack {
            left,
            emergencies,
            programs,
            computers,
        })
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

    execute void_enrolments()
        = "DELETE FROM support_enrolment";

    all end_enrolments(to: Timestamp, recorded: Timestamp) -> (OrganisationId, SupportDeviceId)
        = "UPDATE support_device SET ends_at = $1
           WHERE revoked_at IS NULL AND ends_at > $1 AND (ends_at <= $2 OR counted_from > $1)
           RETURNING organisation, id";

    execute void_support_requests()
        = "DELETE FROM support_request";

    execute void_declined_requests()
        = "DELETE FROM support_request_declined";

    execute distrust_devices()
        = "DELETE FROM trusted_device";

    all visitors() -> (OrganisationId, MeetingId, ParticipantId)
        = "SELECT m.organisation, p.meeting, p.id
           FROM emergency_visit v
           JOIN emergency_use u ON u.id = v.emergency_use
           JOIN participant p ON p.id = v.participant
           JOIN meeting m ON m.id = p.meeting
           WHERE u.ended_at IS NULL AND p.admission IN ('waiting', 'host_absent', 'admitted')
           ORDER BY p.id";

    execute put_out_visitors(at: Timestamp)
        = "UPDATE participant
           SET admission = 'left', left_at = $1, connected = FALSE, connection_changed_at = $1
           WHERE admission IN ('waiting', 'host_absent', 'admitted')
             AND id IN (
               SELECT v.participant FROM emergency_visit v
               JOIN emergency_use u ON u.id = v.emergency_use WHERE u.ended_at IS NULL)";

    all end_emergencies(by: EmergencyEnd, at: Timestamp) -> (OrganisationId, EmergencyUseId)
        = "UPDATE emergency_use SET ended_at = $2, ended_by = $1 WHERE ended_at IS NULL
           RETURNING organisation, id";

    execute date_reviews(latest: Timestamp)
        = "UPDATE emergency_use SET review_due_at = $1
           WHERE review_due_at > $1 AND reviewed_at IS NULL";

    all end_programs(to: Timestamp, recorded: Timestamp) -> (OrganisationId, ProgramId)
        = "UPDATE program SET revoked_at = $1
           WHERE revoked_at IS NULL
             AND expires_at > $1 AND (expires_at <= $2 OR created_at > $1)
           RETURNING organisation, id";

    execute lift_guards(to: Timestamp)
        = "UPDATE meeting SET guarded_until = NULL, revision = revision + 1
           WHERE guarded_until > $1";

    execute forget_wishes_to_leave()
        = "UPDATE organisation SET profile_leave_by = NULL, profile_leave_at = NULL
           WHERE profile_leave_at IS NOT NULL";

    execute forget_watches(to: Timestamp)
        = "DELETE FROM evidence_watch WHERE began_at > $1";

    execute end_watches(to: Timestamp)
        = "UPDATE evidence_watch SET good_until = $1 WHERE good_until > $1";

    execute forget_claims(to: Timestamp)
        = "DELETE FROM evidence_change WHERE at > $1";

    // What is due later than anybody may say was said by the clock that was ahead.
    execute date_dues(latest: Timestamp)
        = "UPDATE evidence_decision SET due = $1 WHERE due > $1";

    execute date_decisions(to: Timestamp)
        = "UPDATE evidence_decision SET decided_at = $1 WHERE decided_at > $1";

    execute date_replaced_decisions(to: Timestamp)
        = "UPDATE evidence_decision SET replaced_at = $1 WHERE replaced_at > $1";

    execute date_assessments(to: Timestamp)
        = "UPDATE risk_assessment SET assessed_at = $1 WHERE assessed_at > $1";

    execute date_replaced_assessments(to: Timestamp)
        = "UPDATE risk_assessment SET replaced_at = $1 WHERE replaced_at > $1";

    execute end_support_codes(opened_at: Timestamp, to: Timestamp)
        = "UPDATE support_session SET opened_at = $1, code_until = $2 WHERE code_until > $2";

    execute date_support_joins(to: Timestamp)
        = "UPDATE support_session SET joined_at = $1 WHERE joined_at > $1";

    execute date_support_ends(to: Timestamp)
        = "UPDATE support_session SET ended_at = $1 WHERE ended_at > $1";

    execute end_trainings(completed_at: Timestamp, to: Timestamp)
        = "UPDATE training SET completed_at = $1, good_until = $2 WHERE completed_at > $2";

    execute date_trainings(to: Timestamp)
        = "UPDATE training SET entered_at = $1 WHERE entered_at > $1";

    execute date_withdrawals(to: Timestamp)
        = "UPDATE training SET withdrawn_at = $1 WHERE withdrawn_at > $1";

    execute date_acknowledgements(to: Timestamp)
        = "UPDATE training SET acknowledged_at = $1 WHERE acknowledged_at > $1";

    execute date_code_sets(to: Timestamp)
        = "UPDATE emergency_code_set SET made_at = $1 WHERE made_at > $1";

    execute date_used_codes(to: Timestamp)
        = "UPDATE emergency_code SET used_at = $1 WHERE used_at > $1";

    execute date_drills(to: Timestamp)
        = "UPDATE emergency_drill SET at = $1 WHERE at > $1";

    execute date_marks(to: Timestamp)
        = "UPDATE anomaly_mark SET at = $1 WHERE at > $1";

    execute date_findings(to: Timestamp)
        = "UPDATE anomaly SET found_at = $1 WHERE found_at > $1";

    execute date_rules(to: Timestamp)
        = "UPDATE anomaly_rules SET since = $1 WHERE since > $1";

    execute lower_steps(latest: u64)
        = "UPDATE account_totp SET last_step = $1 WHERE last_step > $1";
}
