//! Who was trained in what, and whose training is over.

use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

/// The longest lists.
pub const MOST_LISTED: u32 = 500;
/// Of one organisation: two a year of each of 2,000 people, for ten years.
pub const MOST_KEPT: u32 = 40_000;

row! {
    pub struct Training {
        pub id: Uuid,
        pub account: AccountId,
        pub display_name: DisplayName,
        pub topic: Title,
        pub completed_at: Timestamp,
        pub good_until: Timestamp,
        pub entered_at: Timestamp,
        pub entered_by_name: DisplayName,
        pub withdrawn_at: Option<Timestamp>,
        /// By whom it is about.
        pub acknowledged_at: Option<Timestamp>,
    }
}

row! {
    /// Somebody active, one of whose topics is over, or who has none.
    pub struct Overdue {
        pub account: AccountId,
        pub display_name: DisplayName,
        /// Of the topic that was over first.
        pub good_until: Option<Timestamp>,
    }
}

row! {
    /// How many they are, and since when the first has been; whoever has none, since there is the account.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct OverdueCount {
        pub people: u32,
        pub since: Option<Timestamp>,
    }
}

statements! {
    all trainings(organisation: OrganisationId, most: u32) -> Training
        = "SELECT t.id AS id, t.account AS account, a.display_name AS display_name, t.topic AS topic,
                  t.completed_at AS completed_at, t.good_until AS good_until,
                  t.entered_at AS entered_at, e.display_name AS entered_by_name,
                  t.withdrawn_at AS withdrawn_at, t.acknowledged_at AS acknowledged_at
           FROM training t
             JOIN account a ON a.id = t.account
             JOIN account e ON e.id = t.entered_by
           WHERE t.organisation = $1
           ORDER BY t.entered_at DESC, t.id DESC LIMIT $2";

    all trainings_of(account: AccountId, most: u32) -> Training
        = "SELECT t.id AS id, t.account AS account, a.display_name AS display_name, t.topic AS topic,
                  t.completed_at AS completed_at, t.good_until AS good_until,
                  t.entered_at AS entered_at, e.display_name AS entered_by_name,
                  t.withdrawn_at AS withdrawn_at, t.acknowledged_at AS acknowledged_at
           FROM training t
             JOIN account a ON a.id = t.account
             JOIN account e ON e.id = t.entered_by
           WHERE t.account = $1 AND t.withdrawn_at IS NULL
           ORDER BY t.entered_at DESC, t.id DESC LIMIT $2";

    all overdue(organisation: OrganisationId, now: Timestamp, most: u32) -> Overdue
        = "SELECT a.id AS account, a.display_name AS display_name, MIN(t.until) AS good_until
           FROM account a
             LEFT JOIN (SELECT account, topic, MAX(good_until) AS until FROM training
                        WHERE organisation = $1 AND withdrawn_at IS NULL
                        GROUP BY account, topic) t ON t.account = a.id
           WHERE a.organisation = $1 AND a.state = 'active' AND (t.until IS NULL OR t.until <= $2)
           GROUP BY a.id, a.display_name
           ORDER BY a.display_name, a.id LIMIT $3";

    optional count_overdue(organisation: OrganisationId, now: Timestamp) -> OverdueCount
        = "SELECT COUNT(DISTINCT a.id) AS people, MIN(COALESCE(t.until, a.created_at)) AS since
           FROM account a
             LEFT JOIN (SELECT account, topic, MAX(good_until) AS until FROM training
                        WHERE organisation = $1 AND withdrawn_at IS NULL
                        GROUP BY account, topic) t ON t.account = a.id
           WHERE a.organisation = $1 AND a.state = 'active' AND (t.until IS NULL OR t.until <= $2)";

    optional standing(id: Uuid, organisation: OrganisationId) -> (Option<Timestamp>,)
        = "SELECT withdrawn_at FROM training WHERE id = $1 AND organisation = $2";

    optional own(id: Uuid, account: AccountId) -> (Option<Timestamp>,)
        = "SELECT acknowledged_at FROM training
           WHERE id = $1 AND account = $2 AND withdrawn_at IS NULL";
}
