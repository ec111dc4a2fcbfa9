//! Accounts that lose their rights: in one act with their sessions, seats and meetings, also while nothing can be written.

use conclave_policy::people::Change;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::meeting::{Admission, EndCause, MeetingState};
use conclave_protocol::personal::{DisplayName, EmailAddress, Label};
use conclave_protocol::program::ProgramScope;
use conclave_protocol::{AccountId, InvitationId, MeetingId, ProgramId};
use conclave_store::action::{
    AcceptInvitation, AskForAccount, AskForEmail, AskForReset, ChangeAccount, ChangePassword,
    Chosen, ConfirmAccountRequest, DisconnectIdentity, EndMeeting, ForgetRequest, Identity, Invite,
    Join, LetBackIn, MOST_PENDING, MakeCoHost, MakeProgram, Proof, Renewal, ResetPassword,
    RightPassword, Shown, ShutOut, SignIn, UNDECIDED_FOR,
};
use conclave_store::read::account::Account;
use conclave_store::read::program::Scopes;
use conclave_store::{Durability, PasswordHash, Refused, Store, TokenHash, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};
use crate::meetings::planned;

contract!(
    whoever_is_shut_out_is_out_of_everything_in_one_act,
    nobody_comes_by_an_invitation_of_somebody_who_lost_their_rights,
    who_may_change_whom_is_decided_as_both_stand_in_the_end,
    the_last_owner_keeps_their_rights,
    shutting_out_works_and_is_seen_while_nothing_can_be_written,
    a_removal_after_a_suspension_waits_for_the_database_too,
    requests_for_accounts_are_bounded_and_forgotten,
    an_identity_opens_one_account_whose_last_way_to_sign_in_stays,
    nothing_follows_the_meeting_of_a_host_who_hosts_no_more,
    an_address_that_was_asked_for_is_forgotten_with_what_somebody_signed_in_by,
);

async fn nothing_follows_the_meeting_of_a_host_who_hosts_no_more(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    for (removes, follows) in [(true, false), (false, true)] {
        let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
        let mut visit = home.create_meeting(&bo);
        visit.planned = Some(planned(300));
        let (meeting, code) = (visit.id, visit.code);
        store.write(visit, home.some_entry()).await.unwrap();
        let host = home.join_as_host(meeting, &bo);
        store.write(host, home.some_entry()).await.unwrap();
        let guest = Join {
            decided_on: MeetingState::Live,
            ..home.join(meeting, Admission::Admitted)
        };
        let lead = MakeCoHost {
            meeting,
            participant: guest.participant,
            at: in_seconds(8),
        };
        store.write(guest, home.some_entry()).await.unwrap();
        store.write(lead, home.some_entry()).await.unwrap();
        let act = shut_out(&store, &owner, bo.account, removes).await;
        let done = store.write(act, home.some_entry()).await.unwrap();
        assert!(done.ended.is_empty(), "a co-host is there");

        let end = EndMeeting {
            meeting,
            cause: EndCause::Host,
            at: in_seconds(20),
        };
        store.write(end, home.some_entry()).await.unwrap();

        let next = store.meeting_by_code(code).await.unwrap();
        assert_eq!(next.is_some(), follows);
    }
}

async fn an_address_that_was_asked_for_is_forgotten_with_what_somebody_signed_in_by(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let account = bo.account;
    for act in 0..4 {
        let ask = AskForEmail {
            account,
            token: home.token(),
            email: EmailAddress::parse("bo@elsewhere.example").ok().unwrap(),
            at: NOW,
            expires_at: in_seconds(60),
        };
        let token = ask.token;
        store.write(ask, home.some_entry()).await.unwrap();
        let is_asked = async || {
            store
                .email_change(account, token, NOW)
                .await
                .unwrap()
                .is_some()
        };
        assert!(is_asked().await);
        let entry = home.some_entry();
        let done = match act {
            0 => {
                let ask = ask_for_reset(&home, &store, &bo).await;
                let token = ask.token;
                store.write(ask, home.some_entry()).await.unwrap();
                let password = PasswordHash("$argon2id$".to_owned());
                let at = NOW;
                let reset = ResetPassword {
                    token,
                    password,
                    at,
                };
                store.write(reset, entry).await
            }
            1 => {
                let sign_in = sign_in(&home, account);
                let old = sign_in.session.id;
                store.write(sign_in, home.some_entry()).await.unwrap();
                let change = ChangePassword {
                    account,
                    password: PasswordHash("$argon2id$".to_owned()),
                    renewal: Renewal {
                        old,
                        new: home.new_session(account),
                    },
                };
                store.write(change, entry).await
            }
            2 => {
                let (by, change, at) = (owner.account, Change::ResetFactors, NOW);
                let change = ChangeAccount {
                    account,
                    by,
                    change,
                    at,
                };
                store.write(change, entry).await.map(drop)
            }
            _ => {
                let link = None;
                store.write(LetBackIn { account, link }, entry).await
            }
        };
        done.unwrap();
        assert!(!is_asked().await, "{act}");
    }
    // A link that goes to an address which the account has no more is none.
    let late = AskForReset {
        email: EmailAddress::parse("bo@elsewhere.example").ok().unwrap(),
        ..ask_for_reset(&home, &store, &bo).await
    };
    let late = store.write(late, home.some_entry()).await;
    assert!(matches!(late, Err(WriteError::Refused(Refused::Conflict))));
}

/// Somebody with an account, as the owner invited them.
pub(crate) async fn somebody(
    home: &Home,
    store: &Store,
    owner: &Owner,
    role: AccountRole,
) -> Owner {
    let invite = invite(home, owner, role);
    let token = invite.token;
    store.write(invite, home.some_entry()).await.unwrap();
    let accept = accept(home, token);
    let somebody = Owner {
        organisation: owner.organisation,
        account: accept.account,
        session: accept.session.id,
    };
    store.write(accept, home.some_entry()).await.unwrap();
    somebody
}

/// An address of nobody else's.
fn invite(home: &Home, by: &Owner, role: AccountRole) -> Invite {
    let email = format!("{}@clinic.example", home.id());
    Invite {
        id: InvitationId(home.id()),
        token: home.token(),
        organisation: by.organisation,
        email: EmailAddress::parse(&email).ok().unwrap(),
        role,
        invited_by: by.account,
        at: NOW,
        expires_at: in_seconds(60),
    }
}

fn accept(home: &Home, token: TokenHash) -> AcceptInvitation {
    let account = AccountId(home.id());
    AcceptInvitation {
        token,
        account,
        display_name: DisplayName::parse("Bo").ok().unwrap(),
        chosen: Chosen::Password(PasswordHash("$argon2id$".to_owned())),
        session: home.new_session(account),
        at: NOW,
    }
}

fn sign_in(home: &Home, account: AccountId) -> SignIn {
    SignIn {
        session: home.new_session(account),
        shown: Some(Shown::Password(RightPassword {
            checked: PasswordHash("$argon2id$".to_owned()),
            rehashed: None,
        })),
        proof: Proof::Shown,
        replaces: None,
        trusted: None,
    }
}

fn identity(subject: &str) -> Identity {
    Identity {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        session: Some(format!("session of {subject}")),
    }
}

const ISSUER: &str = "https://login.clinic.example";

async fn an_identity_opens_one_account_whose_last_way_to_sign_in_stays(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let refused = |written: Result<(), WriteError>| match written {
        Err(WriteError::Refused(refused)) => Some(refused),
        _ => None,
    };
    let mut accepted = Vec::new();
    for _ in 0..2 {
        let invite = invite(&home, &owner, AccountRole::Member);
        let mut accept = accept(&home, invite.token);
        accept.chosen = Chosen::Identity(identity("bo"));
        accepted.push((accept.account, accept.session.id));
        store.write(invite, home.some_entry()).await.unwrap();
        let made = store.write(accept, home.some_entry()).await;
        let taken = (accepted.len() == 2).then_some(Refused::IdentityTaken);
        assert_eq!(refused(made), taken);
    }
    let (bo, session) = accepted[0];
    let found = store.account_of_identity(ISSUER, "bo").await.unwrap();
    assert!(found == Some(bo));
    assert!(store.account(bo).await.unwrap().unwrap().password.is_none());
    let opened = store.federated_sessions(ISSUER, Some("bo"), None).await;
    assert!(opened.unwrap().iter().map(|one| one.id).eq([session]));

    let renewal = |account, old| Renewal {
        old,
        new: home.new_session(account),
    };
    let last = DisconnectIdentity {
        account: bo,
        renewal: renewal(bo, session),
    };
    let last = store.write(last, home.some_entry()).await;
    assert_eq!(refused(last), Some(Refused::LastWay));

    let step = renewal(bo, session);
    let went_on = step.new.id;
    let change = ChangePassword {
        account: bo,
        password: PasswordHash("$argon2id$".to_owned()),
        renewal: step,
    };
    store.write(change, home.some_entry()).await.unwrap();
    let session = Some("session of bo");
    let opened = store.federated_sessions(ISSUER, None, session).await;
    assert!(opened.unwrap().iter().map(|one| one.id).eq([went_on]));
    let disconnect = DisconnectIdentity {
        account: bo,
        renewal: renewal(bo, went_on),
    };
    store.write(disconnect, home.some_entry()).await.unwrap();
    let late = SignIn {
        shown: Some(Shown::Identity(identity("bo"))),
        ..sign_in(&home, bo)
    };
    let late = store.write(late, home.some_entry()).await;
    assert_eq!(refused(late), Some(Refused::Conflict));
}

async fn ask_for_reset(home: &Home, store: &Store, of: &Owner) -> AskForReset {
    let account = store.account(of.account).await.unwrap().unwrap();
    AskForReset {
        account: of.account,
        email: account.email,
        token: home.token(),
        at: NOW,
        expires_at: in_seconds(60),
    }
}

pub(crate) async fn shut_out(
    store: &Store,
    by: &Owner,
    account: AccountId,
    removes: bool,
) -> ShutOut {
    let at = in_seconds(9);
    let foreseen = store.foresee_shut_out(account, removes, at).await.unwrap();
    ShutOut {
        account,
        by: by.account.into(),
        removes,
        at,
        touched: foreseen.touched,
        programs: foreseen.programs,
        support: foreseen.support,
    }
}

async fn see_that_they_are_out(store: &Store, bo: &Owner, meeting: MeetingId, revision: u64) {
    let account = store.account(bo.account).await.unwrap().unwrap();
    assert_eq!(account.state, AccountState::Suspended);
    assert!(store.session(bo.session).await.unwrap().is_none());
    let meeting = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(meeting.state, MeetingState::Ended);
    assert_eq!(meeting.revision, revision);
    assert!(!meeting.link_admits);
    let seats = store.participants(meeting.id).await.unwrap();
    assert!(
        seats
            .iter()
            .all(|seat| seat.admission == Admission::Expelled)
    );
}

async fn whoever_is_shut_out_is_out_of_everything_in_one_act(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let (meeting, host) = home.live_meeting(&store, &bo).await;
    let (other, _) = home.live_meeting(&store, &owner).await;
    let reset = ask_for_reset(&home, &store, &bo).await;
    let token = reset.token;
    store.write(reset, home.some_entry()).await.unwrap();
    let act = shut_out(&store, &owner, bo.account, false).await;

    let done = store.write(act, home.some_entry()).await.unwrap();

    assert_eq!(done.put_out, [(meeting, host)]);
    assert_eq!(done.ended, [meeting]);
    see_that_they_are_out(&store, &bo, meeting, 4).await;
    let create = home.create_meeting(&bo);
    let join = Join {
        account: Some(bo.account),
        decided_on: MeetingState::Live,
        ..home.join(other, Admission::Admitted)
    };
    let sign_in = sign_in(&home, bo.account);
    let ask = ask_for_reset(&home, &store, &bo).await;
    for refused in [
        store.write(create, home.some_entry()).await.err(),
        store.write(join, home.some_entry()).await.err(),
        store.write(sign_in, home.some_entry()).await.err(),
        store.write(ask, home.some_entry()).await.err(),
    ] {
        assert!(matches!(
            refused,
            Some(WriteError::Refused(Refused::AccountState))
        ));
    }
    let change = ChangeAccount {
        account: bo.account,
        by: owner.account,
        change: Change::Restore,
        at: in_seconds(10),
    };
    store.write(change, home.some_entry()).await.unwrap();
    assert!(store.session(bo.session).await.unwrap().is_none());
    let reset = ResetPassword {
        token,
        password: PasswordHash("$argon2id$other".to_owned()),
        at: in_seconds(10),
    };
    let spent = store.write(reset, home.some_entry()).await;
    assert!(matches!(
        spent,
        Err(WriteError::Refused(Refused::LinkSpent))
    ));
    let act = shut_out(&store, &owner, bo.account, true).await;
    store.write(act, home.some_entry()).await.unwrap();
    let account = store.account(bo.account).await.unwrap().unwrap();
    assert_eq!(account.display_name.as_str(), "Removed");
    let seat = store.participant(host).await.unwrap().unwrap();
    assert_eq!(seat.display_name.as_str(), "Removed");
    let (people, next) = store.accounts(owner.organisation, None).await.unwrap();
    assert!(people.len() == 1 && next.is_none());
}

async fn nobody_comes_by_an_invitation_of_somebody_who_lost_their_rights(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Owner).await;
    let cy = somebody(&home, &store, &owner, AccountRole::Admin).await;
    let mut tokens = Vec::new();
    for (by, role) in [
        (&bo, AccountRole::Owner),
        (&bo, AccountRole::Auditor),
        (&cy, AccountRole::Member),
    ] {
        let invite = invite(&home, by, role);
        tokens.push(invite.token);
        store.write(invite, home.some_entry()).await.unwrap();
    }
    let demote = ChangeAccount {
        account: bo.account,
        by: owner.account,
        change: Change::Role(AccountRole::Admin),
        at: NOW,
    };
    store.write(demote, home.some_entry()).await.unwrap();
    let suspend = shut_out(&store, &owner, cy.account, false).await;
    store.write(suspend, home.some_entry()).await.unwrap();

    let mut accepted = Vec::new();
    for token in tokens {
        let written = store.write(accept(&home, token), home.some_entry()).await;
        accepted.push(match written {
            Ok(()) => true,
            Err(WriteError::Refused(Refused::LinkSpent)) => false,
            Err(_) => unreachable!("the link is all that can be wrong"),
        });
    }

    // Of an owner who is an administrator, those that administrators make still hold.
    assert_eq!(accepted, [false, true, false]);
}

async fn who_may_change_whom_is_decided_as_both_stand_in_the_end(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let admin = somebody(&home, &store, &owner, AccountRole::Admin).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let cy = somebody(&home, &store, &owner, AccountRole::Member).await;
    let role = |by: &Owner, account: &Owner, role| ChangeAccount {
        account: account.account,
        by: by.account,
        change: Change::Role(role),
        at: NOW,
    };
    let promote = role(&owner, &bo, AccountRole::Owner);
    store.write(promote, home.some_entry()).await.unwrap();

    let suspend = shut_out(&store, &admin, bo.account, false).await;
    let above = store.write(suspend, home.some_entry()).await;
    let demote = role(&owner, &admin, AccountRole::Member);
    store.write(demote, home.some_entry()).await.unwrap();
    let change = role(&admin, &cy, AccountRole::Auditor);
    let demoted = store.write(change, home.some_entry()).await;

    for refused in [above.err(), demoted.err()] {
        assert!(matches!(
            refused,
            Some(WriteError::Refused(Refused::NotAllowed))
        ));
    }
}

async fn the_last_owner_keeps_their_rights(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Owner).await;
    let demote = |account| ChangeAccount {
        account,
        by: owner.account,
        change: Change::Role(AccountRole::Member),
        at: NOW,
    };
    store
        .write(demote(bo.account), home.some_entry())
        .await
        .unwrap();

    let demoted = store.write(demote(owner.account), home.some_entry()).await;
    let act = shut_out(&store, &owner, owner.account, true).await;
    let removed = store.write(act, home.some_entry()).await;

    for refused in [demoted.err(), removed.err()] {
        assert!(matches!(
            refused,
            Some(WriteError::Refused(Refused::LastOwner))
        ));
    }
    assert!(store.session(owner.session).await.unwrap().is_some());
}

async fn a_removal_after_a_suspension_waits_for_the_database_too(home: Home) {
    let store = home.open_impatient().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Member).await;
    let (live, host) = home.live_meeting(&store, &bo).await;
    let (of_owner, _) = home.live_meeting(&store, &owner).await;
    let later = home.meeting(&store, &bo).await;
    let waits = Join {
        account: Some(bo.account),
        decided_on: MeetingState::Live,
        ..home.join(of_owner, Admission::Waiting)
    };
    let outside = waits.participant;
    store.write(waits, home.some_entry()).await.unwrap();
    let blockade = home.block_writes().await;

    let mut done = Vec::new();
    for removes in [false, true] {
        let act = shut_out(&store, &owner, bo.account, removes).await;
        let written = store.write_or_spool(None, act, home.some_entry()).await;
        let Ok(Durability::Spooled(answer)) = written else {
            unreachable!("the database can't be written");
        };
        done.push(answer.done);
    }

    assert_eq!(done[0].put_out, [(live, host)]);
    assert_eq!(done[0].turned_away, [(of_owner, outside)]);
    assert_eq!(done[0].ended, [live]);
    // Nobody is put out twice.
    assert!(done[1].put_out.is_empty() && done[1].turned_away.is_empty());
    let foreseen = async |store: &Store| {
        let mut found = Vec::new();
        for meeting in [live, of_owner, later] {
            let meeting = store.meeting(meeting).await.unwrap().unwrap();
            found.push((meeting.state, meeting.revision, meeting.link_admits));
        }
        let seat = store.participant(outside).await.unwrap().unwrap();
        (found, seat.admission)
    };
    let (mut before, admission) = foreseen(&store).await;
    assert_eq!(admission, Admission::Denied);
    assert_eq!(before[2].0, MeetingState::Ended);
    drop(blockade);
    store.close().await;
    drop(store);
    let store = home.open().await;
    let (after, admission) = foreseen(&store).await;
    assert_eq!(admission, Admission::Denied);
    // Of a meeting that was never begun nobody knows a revision.
    before[2].1 = after[2].1;
    assert_eq!(before, after);
}

async fn requests_for_accounts_are_bounded_and_forgotten(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let mut confirming = Vec::new();
    for _ in 0..MOST_PENDING {
        let confirm = request(&home, &store, &owner).await;
        let (store, entry) = (store.clone(), home.some_entry());
        confirming.push(tokio::spawn(
            async move { store.write(confirm, entry).await },
        ));
    }
    for confirmed in confirming {
        confirmed.await.unwrap().unwrap();
    }
    let one_more = request(&home, &store, &owner).await;
    let token = one_more.token;

    let refused = store.write(one_more, home.some_entry()).await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::TooManyPending))
    ));
    assert!(store.account_request(token, NOW).await.unwrap().is_some());
    let (people, next) = store.accounts(owner.organisation, None).await.unwrap();
    assert_eq!((people.len() as u32, next), (MOST_PENDING + 1, None));
    let after = Some(people[99].id);
    let (rest, _) = store.accounts(owner.organisation, after).await.unwrap();
    let ids = |people: &[Account]| people.iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(&rest), ids(&people[100..]));
    let month = in_seconds(1).plus(UNDECIDED_FOR);
    assert!(store.pending_since_before(NOW, 9).await.unwrap().is_empty());
    let pending = store.pending_since_before(month, 9).await.unwrap();
    assert_eq!(pending.len(), 9);
    let account = pending[0].id;
    let forget = |before| ForgetRequest { account, before };
    let early = store.write(forget(NOW), home.some_entry()).await;
    assert!(early.is_err());
    store.write(forget(month), home.some_entry()).await.unwrap();
    let forgotten = store.account(account).await.unwrap().unwrap();
    assert_eq!(forgotten.state, AccountState::Removed);
    assert_eq!(forgotten.display_name.as_str(), "Removed");
}

/// Somebody who asked for an account, and has the link.
async fn request(home: &Home, store: &Store, owner: &Owner) -> ConfirmAccountRequest {
    let ask = AskForAccount {
        token: home.token(),
        organisation: owner.organisation,
        email: invite(home, owner, AccountRole::Member).email,
        at: NOW,
        expires_at: in_seconds(60),
    };
    let confirm = ConfirmAccountRequest {
        token: ask.token,
        account: AccountId(home.id()),
        display_name: DisplayName::parse("Bo").ok().unwrap(),
        password: PasswordHash("$argon2id$".to_owned()),
        at: NOW,
    };
    store.write(ask, home.some_entry()).await.unwrap();
    confirm
}

async fn shutting_out_works_and_is_seen_while_nothing_can_be_written(home: Home) {
    let store = home.open_impatient().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Owner).await;
    let (meeting, host) = home.live_meeting(&store, &bo).await;
    let program = MakeProgram {
        id: ProgramId(home.id()),
        organisation: bo.organisation,
        made_by: bo.account,
        name: Label::parse("Directory").ok().unwrap(),
        key: home.token(),
        scopes: Scopes(vec![ProgramScope::Scim]),
        at: NOW,
        expires_at: in_seconds(1_000),
    };
    let runs = program.id;
    store.write(program, home.some_entry()).await.unwrap();
    let back = shut_out(&store, &bo, owner.account, true).await;
    let blockade = home.block_writes().await;
    let act = shut_out(&store, &owner, bo.account, false).await;

    let written = store
        .write_or_spool(None, act.clone(), home.some_entry())
        .await;

    let Ok(Durability::Spooled(answer)) = written else {
        unreachable!("the database can't be written");
    };
    assert_eq!(answer.done.put_out, [(meeting, host)]);
    // Each is on record as it ends, not when the database hears of it.
    assert_eq!(answer.done.programs, [runs]);
    see_that_they_are_out(&store, &bo, meeting, 4).await;
    let again = store.write_or_spool(None, act, home.some_entry()).await;
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::AccountState))
    ));
    // Of two owners who shut each other out one stays.
    let back = store.write_or_spool(None, back, home.some_entry()).await;
    assert!(matches!(
        back,
        Err(WriteError::Refused(Refused::NotAllowed))
    ));
    drop(blockade);
    store.close().await;
    drop(store);
    let store = home.open().await;
    see_that_they_are_out(&store, &bo, meeting, 4).await;
}
