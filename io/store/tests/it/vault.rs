//! An account's vault: one version after the other; its list of devices: only ever longer.

use conclave_protocol::AccountId;
use conclave_protocol::vault::{DeviceEntry, DeviceRequestBytes, SealedVault};
use conclave_store::action::{
    AskForDevice, ChangeVault, EndDeviceRequest, ForgetExpired, Proof, SignIn, SignOut,
};
use conclave_store::{Refused, Store, TokenHash, UpkeepReason, WriteError};
use uuid::Uuid;

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    a_vault_goes_on_from_its_last_version,
    of_two_changes_of_one_version_one_is_kept,
    a_list_of_devices_can_only_grow,
    a_session_asks_once_at_a_time,
    what_nobody_answered_is_forgotten,
    a_request_is_gone_with_its_session,
);

async fn a_vault_goes_on_from_its_last_version(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    assert!(store.vault(owner.account).await.unwrap().is_none());

    change(&home, &store, owner.account, 0, Some(0), &[1, 2])
        .await
        .unwrap();
    change(&home, &store, owner.account, 1, None, &[])
        .await
        .unwrap();
    change(&home, &store, owner.account, 2, Some(2), &[3])
        .await
        .unwrap();
    store.close().await;

    let store = home.open().await;
    let vault = store.vault(owner.account).await.unwrap().unwrap();
    assert_eq!((vault.version, vault.sealed.as_bytes()), (3, &[2][..]));
    let devices: Vec<_> = vault.devices.iter().map(DeviceEntry::as_bytes).collect();
    assert_eq!(devices, [[1], [2], [3]]);
    assert_eq!(store.devices(owner.account).await.unwrap().len(), 3);
}

async fn of_two_changes_of_one_version_one_is_kept(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;

    let (first, second) = tokio::join!(
        change(&home, &store, owner.account, 0, Some(0), &[1]),
        change(&home, &store, owner.account, 0, Some(0), &[2]),
    );

    assert_eq!((first, second), (Ok(()), Err(Refused::Conflict)));
    for (version, length) in [(0, 1), (2, 1), (1, 0), (1, 2)] {
        let other = change(&home, &store, owner.account, version, Some(length), &[3]).await;
        assert_eq!(other, Err(Refused::Conflict));
    }
    assert_eq!(store.devices(owner.account).await.unwrap().len(), 1);
}

async fn a_list_of_devices_can_only_grow(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    change(&home, &store, owner.account, 0, Some(0), &[1])
        .await
        .unwrap();

    assert!(home.tamper("DELETE FROM account_device").await.is_err());
    assert!(
        home.tamper("UPDATE account_device SET idx = 5")
            .await
            .is_err()
    );
    assert_eq!(store.devices(owner.account).await.unwrap().len(), 1);
}

async fn a_session_asks_once_at_a_time(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;

    let mut asked = Vec::new();
    for _ in 0..2 {
        asked.push(
            ask(&home, &store, owner.account, owner.session)
                .await
                .unwrap(),
        );
    }
    let waiting = store.device_requests(owner.account, NOW).await.unwrap();
    assert_eq!(
        waiting.iter().map(|waits| waits.id).collect::<Vec<_>>(),
        asked[1..]
    );

    for _ in 0..2 {
        let session = sign_in(&home, &store, owner.account).await;
        ask(&home, &store, owner.account, session).await.unwrap();
    }
    let session = sign_in(&home, &store, owner.account).await;
    let fourth = ask(&home, &store, owner.account, session).await;
    assert_eq!(fourth, Err(Refused::TooManyAsk));

    let stranger = AccountId(home.id());
    assert_eq!(
        end(&home, &store, stranger, asked[1]).await,
        Err(Refused::NotFound)
    );
    assert_eq!(end(&home, &store, owner.account, asked[1]).await, Ok(()));
    assert_eq!(
        end(&home, &store, owner.account, asked[1]).await,
        Err(Refused::NotFound)
    );
    assert!(ask(&home, &store, owner.account, session).await.is_ok());
}

async fn what_nobody_answered_is_forgotten(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let asked = ask(&home, &store, owner.account, owner.session)
        .await
        .unwrap();

    let late = in_seconds(900);
    assert!(
        store
            .device_requests(owner.account, late)
            .await
            .unwrap()
            .is_empty()
    );
    let forget = ForgetExpired {
        now: late,
        knocked_before: NOW,
    };
    store
        .write_unaudited(UpkeepReason::Expiry, forget)
        .await
        .unwrap();

    assert_eq!(
        end(&home, &store, owner.account, asked).await,
        Err(Refused::NotFound)
    );
}

async fn a_request_is_gone_with_its_session(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    ask(&home, &store, owner.account, owner.session)
        .await
        .unwrap();

    let session = owner.session;
    store
        .write(SignOut { session }, home.some_entry())
        .await
        .unwrap();

    assert!(
        store
            .device_requests(owner.account, NOW)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn change(
    home: &Home,
    store: &Store,
    account: AccountId,
    previous_version: u64,
    previous_devices: Option<u16>,
    entries: &[u8],
) -> Result<(), Refused> {
    let action = ChangeVault {
        account,
        previous_version,
        previous_devices,
        sealed: SealedVault::new(vec![u8::try_from(previous_version).unwrap()]).unwrap(),
        entries: entries
            .iter()
            .map(|byte| DeviceEntry::new(vec![*byte]).unwrap())
            .collect(),
        at: NOW,
    };
    refusal(store.write(action, home.some_entry()).await)
}

async fn ask(
    home: &Home,
    store: &Store,
    account: AccountId,
    session: TokenHash,
) -> Result<Uuid, Refused> {
    let id = home.id();
    let action = AskForDevice {
        id,
        account,
        session,
        request: DeviceRequestBytes::new(vec![9]).unwrap(),
        at: NOW,
        expires_at: in_seconds(900),
    };
    refusal(store.write(action, home.some_entry()).await).map(|()| id)
}

async fn end(home: &Home, store: &Store, account: AccountId, id: Uuid) -> Result<(), Refused> {
    let action = EndDeviceRequest { id, account };
    refusal(store.write(action, home.some_entry()).await)
}

async fn sign_in(home: &Home, store: &Store, account: AccountId) -> TokenHash {
    let session = home.new_session(account);
    let id = session.id;
    let action = SignIn {
        session,
        shown: None,
        proof: Proof::Shown,
        replaces: None,
        trusted: None,
    };
    store.write(action, home.some_entry()).await.unwrap();
    id
}

fn refusal<T>(written: Result<T, WriteError>) -> Result<T, Refused> {
    written.map_err(|error| match error {
        WriteError::Refused(refused) => refused,
        _ => unreachable!("the store works"),
    })
}
