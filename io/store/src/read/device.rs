//! What accounts are used with: browsers, passkeys, authenticator programs.

use conclave_protocol::personal::DisplayName;
use conclave_protocol::{OrganisationId, Timestamp};

use crate::engine::{row, statements};

/// What a thing is, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// A browser in which somebody is signed in.
    Session,
    /// One in which somebody has signed in before: others' wrong passwords lock them out of their account there no more.
    KnownBrowser,
    Passkey,
    Authenticator,
}

row! {
    pub struct Device {
        pub kind: DeviceKind,
        pub holder: DisplayName,
        /// Which browser, or what its holder calls it; absent where nothing is known of it.
        pub called: Option<String>,
        pub since: Timestamp,
        /// Absent where that is not kept, or never.
        pub last_used_at: Option<Timestamp>,
    }
}

statements! {
    all devices(organisation: OrganisationId, now: Timestamp, most: u32) -> Device
        = "SELECT 'session' AS kind, a.display_name AS holder, s.browser AS called,
                  s.created_at AS since, s.last_active_at AS last_used_at
           FROM web_session s JOIN account a ON a.id = s.account
           WHERE a.organisation = $1 AND s.expires_at > $2
           UNION ALL
           SELECT 'known_browser', a.display_name, NULL, t.created_at, NULL
           FROM trusted_device t JOIN account a ON a.id = t.account
           WHERE a.organisation = $1 AND t.expires_at > $2
           UNION ALL
           SELECT 'passkey', a.display_name, k.label, k.created_at, k.last_used_at
           FROM passkey k JOIN account a ON a.id = k.account WHERE a.organisation = $1
           UNION ALL
           SELECT 'authenticator', a.display_name, NULL, t.set_up_at, NULL
           FROM account_totp t JOIN account a ON a.id = t.account WHERE a.organisation = $1
           ORDER BY holder, kind, since LIMIT $3";
}
