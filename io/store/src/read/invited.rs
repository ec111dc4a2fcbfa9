//! The list of a meeting for the invited.

use conclave_protocol::personal::EmailAddress;
use conclave_protocol::{AccountId, MeetingId};

use crate::engine::statements;

statements! {
    all of_meeting(meeting: MeetingId) -> (EmailAddress,)
        = "SELECT email FROM meeting_invited WHERE meeting = $1 ORDER BY email_normalised";

    optional includes(meeting: MeetingId, account: AccountId) -> (bool,)
        = "SELECT TRUE FROM meeting_invited i JOIN meeting m ON m.id = i.meeting
             JOIN account a ON a.organisation = m.organisation
              AND a.email_normalised = i.email_normalised
           WHERE i.meeting = $1 AND a.id = $2";
}
