//! The one-time link, the first account, signing in and out.

use conclave_protocol::personal::EmailAddress;
use conclave_store::action::{
    AskForReset, ForgetExpired, PrintSetupLink, Proof, ResetPassword, RightPassword, Shown, SignIn,
    SignOut, TouchSession,
};
use conclave_store::{Durability, PasswordHash, Refused, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds, recorded};

contract!(
    the_link_makes_one_owner_and_signs_them_in,
    a_link_that_is_unknown_used_or_old_makes_nobody,
    a_later_link_voids_the_earlier,
    nobody_prints_a_link_when_there_is_an_owner,
    an_account_is_found_by_its_address_in_any_case,
    signing_in_starts_a_session_and_signing_out_ends_it,
    a_password_that_was_changed_while_it_was_checked_starts_nothing,
    a_session_remembers_its_last_activity,
    what_has_expired_is_forgotten,
    a_session_ends_by_itself_with_an_entry_alone,
);

async fn the_link_makes_one_owner_and_signs_them_in(home: Home) {
    let store = home.open().await;
    assert!(!store.owner_exists().await.unwrap());

    let owner = home.owner(&store).await;

    assert!(store.owner_exists().await.unwrap());
    let organisation = store.first_organisation().await.unwrap().unwrap();
    assert!(organisation.id == owner.organisation);
    assert_eq!(organisation.name.as_str(), "Riverside Clinic");
    let session = store.session(owner.session).await.unwrap().unwrap();
    assert!(session.account == owner.account);
}

async fn a_link_that_is_unknown_used_or_old_makes_nobody(home: Home) {
    let store = home.open().await;
    let token = home.print_setup_link(&store).await;

    let unknown = home.create_owner(home.token());
    let mut late = home.create_owner(token);
    late.at = in_seconds(1_800);

    for action in [unknown, late] {
        let refused = store.write(action, home.some_entry()).await;
        assert!(matches!(
            refused,
            Err(WriteError::Refused(Refused::SetupLinkSpent))
        ));
    }
    assert!(!store.owner_exists().await.unwrap());
    assert!(store.first_organisation().await.unwrap().is_none());
    assert_eq!(recorded(&store).await.len(), 1);
}

async fn a_later_link_voids_the_earlier(home: Home) {
    let store = home.open().await;
    let first = home.print_setup_link(&store).await;
    let second = home.print_setup_link(&store).await;

    assert!(store.setup_link(first).await.unwrap().is_none());
    assert!(store.setup_link(second).await.unwrap().is_some());
}

async fn nobody_prints_a_link_when_there_is_an_owner(home: Home) {
    let store = home.open().await;
    home.owner(&store).await;
    let action = PrintSetupLink {
        token: home.token(),
        at: NOW,
        expires_at: in_seconds(1),
    };

    let refused = store.write(action, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::OwnerExists))
    ));
}

async fn an_account_is_found_by_its_address_in_any_case(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let email = |text| EmailAddress::parse(text).ok().unwrap();

    let found = store
        .account_by_email(owner.organisation, &email("aMY@clinic.EXAMPLE"))
        .await
        .unwrap()
        .unwrap();
    let other = store
        .account_by_email(owner.organisation, &email("bo@clinic.example"))
        .await
        .unwrap();

    assert!(found.id == owner.account);
    assert_eq!(found.email.as_str(), "Amy@Clinic.example");
    assert!(other.is_none());
}

async fn signing_in_starts_a_session_and_signing_out_ends_it(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let session = home.new_session(owner.account);
    let id = session.id;
    let sign_in = SignIn {
        session,
        shown: Some(Shown::Password(RightPassword {
            checked: PasswordHash("$argon2id$".to_owned()),
            rehashed: Some(PasswordHash("$argon2id$stronger".to_owned())),
        })),
        proof: Proof::Shown,
        replaces: None,
        trusted: None,
    };

    store.write(sign_in, home.some_entry()).await.unwrap();
    assert!(store.session(id).await.unwrap().is_some());
    let account = store.account(owner.account).await.unwrap().unwrap();
    assert!(account.password == Some(PasswordHash("$argon2id$stronger".to_owned())));

    let out = SignOut { session: id };
    let done = store
        .write_or_spool(None, out.clone(), home.some_entry())
        .await
        .unwrap();
    assert!(matches!(done, Durability::Stored(_)));
    assert!(store.session(id).await.unwrap().is_none());
    assert!(store.session(owner.session).await.unwrap().is_some());

    let again = store.write_or_spool(None, out, home.some_entry()).await;
    assert!(matches!(again, Err(WriteError::Refused(Refused::NotFound))));
}

async fn a_password_that_was_changed_while_it_was_checked_starts_nothing(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let kept = PasswordHash("$argon2id$of the reset".to_owned());
    let token = home.token();
    let ask = AskForReset {
        account: owner.account,
        email: EmailAddress::parse("amy@clinic.example").ok().unwrap(),
        token,
        at: NOW,
        expires_at: in_seconds(60),
    };
    store.write(ask, home.some_entry()).await.unwrap();
    let reset = ResetPassword {
        token,
        password: kept.clone(),
        at: NOW,
    };
    store.write(reset, home.some_entry()).await.unwrap();
    let session = home.new_session(owner.account);
    let id = session.id;
    let late = SignIn {
        session,
        shown: Some(Shown::Password(RightPassword {
            checked: PasswordHash("$argon2id$".to_owned()),
            rehashed: Some(PasswordHash("$argon2id$stronger".to_owned())),
        })),
        proof: Proof::Shown,
        replaces: None,
        trusted: None,
    };

    let refused = store.write(late, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::PasswordChanged))
    ));
    assert!(store.session(id).await.unwrap().is_none());
    let account = store.account(owner.account).await.unwrap().unwrap();
    assert!(account.password == Some(kept));
}

async fn a_session_remembers_its_last_activity(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let touch = |at| TouchSession {
        session: owner.session,
        at,
    };

    for at in [in_seconds(60), in_seconds(30)] {
        store
            .write_unaudited(UpkeepReason::Presence, touch(at))
            .await
            .unwrap();
    }

    let session = store.session(owner.session).await.unwrap().unwrap();
    assert_eq!(session.last_active_at, in_seconds(60));
    assert_eq!(recorded(&store).await.len(), 2);
}

async fn what_has_expired_is_forgotten(home: Home) {
    let store = home.open().await;
    let forget = |now| ForgetExpired {
        now,
        knocked_before: NOW,
    };

    let token = home.print_setup_link(&store).await;

    for (now, kept) in [(in_seconds(1_799), true), (in_seconds(1_800), false)] {
        store
            .write_unaudited(UpkeepReason::Expiry, forget(now))
            .await
            .unwrap();
        assert_eq!(store.setup_link(token).await.unwrap().is_some(), kept);
    }
}

async fn a_session_ends_by_itself_with_an_entry_alone(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let expired = async |now| {
        let expired = store.expired_sessions(now, 10).await.unwrap();
        expired
            .iter()
            .map(|expired| (expired.id, expired.account, expired.organisation))
            .collect::<Vec<_>>()
    };

    assert!(expired(in_seconds(43_199)).await.is_empty());
    let own = (owner.session, owner.account, owner.organisation);
    assert!(expired(in_seconds(43_200)).await == [own]);
    let forget = ForgetExpired {
        now: in_seconds(43_200),
        knocked_before: NOW,
    };
    let done = store.write_unaudited(UpkeepReason::Expiry, forget).await;
    done.unwrap();
    assert!(store.session(owner.session).await.unwrap().is_some());
}
