//! Saved views: what somebody must be able to read to keep or open one, and who changes and removes whose.

use conclave_protocol::AccountId;
use conclave_protocol::account::AccountRole;
use conclave_protocol::saved_view::SavedFilter;

use crate::capability::{AccountAction, account_may};
use crate::decision::{Decision, Reason};

/// Views that one account keeps at the most.
pub const MOST_OF_ACCOUNT: u32 = 50;
/// Views that an organisation's accounts keep at the most, all together.
pub const MOST_OF_ORGANISATION: u32 = 200;

/// One that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub by: AccountId,
    pub is_shared: bool,
}

/// What reading by it takes.
pub const fn needs(filter: &SavedFilter) -> AccountAction {
    match filter {
        SavedFilter::Sessions { .. } | SavedFilter::Report { .. } => AccountAction::SeeReports,
        SavedFilter::Audit { .. } => AccountAction::ReadAudit,
    }
}

/// Whether it is there for this account: its own, or one that is shared.
pub fn is_seen(kept: Kept, by: AccountId) -> bool {
    kept.is_shared || kept.by == by
}

/// Its name and whether it is shared are its maker's.
pub fn may_change(kept: Kept, by: AccountId) -> Decision {
    Decision::when(kept.by == by, Reason::Role)
}

/// A shared one is also taken away by those who change the organisation's policy.
pub fn may_remove(kept: Kept, by: AccountId, role: AccountRole) -> Decision {
    let tidies = kept.is_shared && account_may(role, AccountAction::ChangePolicy).is_allowed();
    Decision::when(kept.by == by || tidies, Reason::Role)
}

#[cfg(test)]
mod tests {
    use conclave_protocol::report::ReportKind;
    use conclave_protocol::saved_view::ViewSpan;
    use uuid::Uuid;

    use super::*;

    const AMY: AccountId = AccountId(Uuid::from_u128(1));
    const BO: AccountId = AccountId(Uuid::from_u128(2));

    // Shows: REQ-AU-08.
    #[test]
    fn a_view_is_opened_by_who_may_read_what_it_shows() {
        let span = ViewSpan::default();
        let report = SavedFilter::Report {
            report: ReportKind::Usage,
            span,
        };
        let audit = SavedFilter::Audit {
            span,
            event: None,
            actor: None,
            object: None,
            outcome: None,
        };
        let may = |role, filter| account_may(role, needs(filter)).is_allowed();

        assert!(may(AccountRole::AccountManager, &report));
        assert!(!may(AccountRole::AccountManager, &audit));
        assert!(may(AccountRole::Auditor, &audit));
        assert!(!may(AccountRole::Member, &report));
    }

    #[test]
    fn a_view_is_its_makers_and_a_shared_one_is_also_removed_by_who_changes_policy() {
        let own = Kept {
            by: AMY,
            is_shared: false,
        };
        let shared = Kept {
            is_shared: true,
            ..own
        };

        assert!(is_seen(own, AMY) && !is_seen(own, BO) && is_seen(shared, BO));
        assert_eq!(may_change(shared, AMY), Decision::Allow);
        assert_eq!(may_change(shared, BO), Decision::Deny(Reason::Role));
        let remove = |kept, by, role| may_remove(kept, by, role).is_allowed();
        assert!(remove(own, AMY, AccountRole::Auditor));
        assert!(remove(shared, BO, AccountRole::Admin));
        assert!(!remove(shared, BO, AccountRole::Auditor));
        assert!(!remove(own, BO, AccountRole::Owner));
    }
}
