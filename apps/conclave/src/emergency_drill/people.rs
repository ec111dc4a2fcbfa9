//! Who could take emergency access in earnest, and who could review it.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::rules::Floor;
use conclave_protocol::account::AccountState;
use conclave_protocol::{AccountId, OrganisationId};
use conclave_store::read::account::Account;
use conclave_store::{Beside, ReadError};

/// The organisation's active people.
pub(super) struct People {
    active: Vec<Account>,
    holders: Vec<AccountId>,
}

impl People {
    pub(super) async fn read(
        store: &mut Beside,
        organisation: OrganisationId,
        floor: &Floor,
    ) -> Result<Self, ReadError> {
        let mut people = Self {
            active: Vec::new(),
            holders: Vec::new(),
        };
        let mut after = None;
        loop {
            let (page, next) = store.accounts(organisation, after).await?;
            let is_active = |account: &Account| account.state == AccountState::Active;
            for account in page.into_iter().filter(is_active) {
                let layers = store.layers(organisation, account.id).await?;
                if layers.permitted(floor).emergency_access {
                    people.holders.push(account.id);
                }
                people.active.push(account);
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(people),
            }
        }
    }

    pub(super) fn somebody_may_take_it(&self) -> bool {
        !self.holders.is_empty()
    }

    /// Whoever takes it: somebody else is there to look at it.
    pub(super) fn each_has_a_reviewer(&self) -> bool {
        let action = AccountAction::ReviewEmergencies;
        let reviewers = self.active.iter();
        let reviewers = reviewers.filter(|account| account_may(account.role, action).is_allowed());
        let reviewers: Vec<_> = reviewers.map(|account| account.id).collect();
        let has_another = |holder: &AccountId| reviewers.iter().any(|other| other != holder);
        self.holders.iter().all(has_another)
    }

    /// Who makes the drill's meeting: somebody who makes meetings.
    pub(super) fn host(&self) -> Option<AccountId> {
        let action = AccountAction::CreateMeeting;
        let hosts = |account: &&Account| account_may(account.role, action).is_allowed();
        let host = self.active.iter().filter(hosts).min_by_key(|a| a.role);
        host.map(|account| account.id)
    }
}
