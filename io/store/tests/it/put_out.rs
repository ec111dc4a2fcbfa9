//! Whoever comes twice with one account is turned away and put out as one.

use conclave_protocol::account::AccountRole;
use conclave_protocol::meeting::{Admission, MeetingState, ParticipantRole};
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::{
    Also, Deny, Expel, Gone, InviteToMeeting, Join, MakeCoHost, Revision,
};
use conclave_store::{Durability, Store};

use crate::accounts::somebody;
use crate::contract;
use crate::home::{Home, Owner, in_seconds};

contract!(
    whoever_is_put_out_is_out_with_every_place_of_their_account,
    whoever_is_turned_away_waits_nowhere_else_and_stays_where_they_were_let_in,
    no_host_is_put_out_by_another_place_of_theirs,
    whoever_puts_their_own_other_place_out_stays,
    a_computer_is_put_out_without_its_owner,
    every_place_is_gone_to_readers_while_nothing_can_be_written,
);

// Shows: REQ-AC-07, ABUSE-19.
async fn whoever_is_put_out_is_out_with_every_place_of_their_account(home: Home) {
    let store = home.open().await;
    let scene = Scene::set(&home, &store).await;
    let (named, second) = (scene.comes(&store).await, scene.comes(&store).await);
    let waiting = scene.knocks(&store).await;
    let mut guests = Vec::new();
    for _ in 0..2 {
        guests.push(scene.join(&store, None, Admission::Admitted).await);
    }
    let (other, _) = home.live_meeting(&store, &scene.owner).await;
    let elsewhere = Join {
        meeting: other,
        ..scene.arrival(Some(&scene.bo), Admission::Admitted)
    };
    let stays = elsewhere.participant;
    store.write(elsewhere, home.some_entry()).await.unwrap();
    let before = scene.revision(&store).await;

    let done = scene.expel(&store, named, None).await;

    let also = Also {
        put_out: vec![second],
        turned_away: vec![waiting],
    };
    let revision = Revision(before + 1);
    assert_eq!(done, Gone { revision, also });
    assert_eq!(scene.revision(&store).await, before + 1);
    for (participant, admission) in [
        (named, Admission::Expelled),
        (second, Admission::Expelled),
        (waiting, Admission::Denied),
        (guests[0], Admission::Admitted),
        (stays, Admission::Admitted),
    ] {
        assert_eq!(standing(&store, participant).await, admission);
    }
    let done = scene.expel(&store, guests[0], None).await;
    assert_eq!(done.also, Also::default());
    assert_eq!(standing(&store, guests[1]).await, Admission::Admitted);
}

async fn whoever_is_turned_away_waits_nowhere_else_and_stays_where_they_were_let_in(home: Home) {
    let store = home.open().await;
    let scene = Scene::set(&home, &store).await;
    let inside = scene.comes(&store).await;
    let (named, second) = (scene.knocks(&store).await, scene.knocks(&store).await);
    let guest = scene.join(&store, None, Admission::Waiting).await;
    let also = store.foresee_deny(named).await.unwrap();
    let deny = Deny {
        meeting: scene.meeting,
        participant: named,
        also: also.clone(),
        at: in_seconds(5),
    };

    let done = store.write(deny, home.some_entry()).await.unwrap();

    assert_eq!(done.also, also);
    assert_eq!(also.turned_away, [second]);
    for (participant, admission) in [
        (named, Admission::Denied),
        (second, Admission::Denied),
        (inside, Admission::Admitted),
        (guest, Admission::Waiting),
    ] {
        assert_eq!(standing(&store, participant).await, admission);
    }
}

// Shows: ABUSE-27.
async fn no_host_is_put_out_by_another_place_of_theirs(home: Home) {
    let store = home.open().await;
    let scene = Scene::set(&home, &store).await;
    // As whoever comes in by emergency access.
    let owner = Some(&scene.owner);
    let named = scene.join(&store, owner, Admission::Admitted).await;

    let done = scene.expel(&store, named, None).await;

    assert_eq!(done.also, Also::default());
    assert_eq!(standing(&store, named).await, Admission::Expelled);
    assert_eq!(standing(&store, scene.host).await, Admission::Admitted);
}

async fn whoever_puts_their_own_other_place_out_stays(home: Home) {
    let store = home.open().await;
    let scene = Scene::set(&home, &store).await;
    let (asks, second) = (scene.comes(&store).await, scene.comes(&store).await);
    let third = scene.comes(&store).await;
    scene.invite(&store).await;
    let lead = MakeCoHost {
        meeting: scene.meeting,
        participant: asks,
        at: in_seconds(4),
    };
    store.write(lead, home.some_entry()).await.unwrap();

    let done = scene.expel(&store, second, Some(asks)).await;

    assert_eq!(done.also.put_out, [third]);
    assert_eq!(standing(&store, asks).await, Admission::Admitted);
    assert!(scene.is_invited(&store).await);
    let back = scene.comes(&store).await;
    let done = scene.expel(&store, back, Some(scene.host)).await;
    assert_eq!(done.also.put_out, [asks]);
    assert!(!scene.is_invited(&store).await);
}

async fn a_computer_is_put_out_without_its_owner(home: Home) {
    let store = home.open().await;
    let scene = Scene::set(&home, &store).await;
    let owner = scene.comes(&store).await;
    let computer = Join {
        role: ParticipantRole::Companion,
        ..scene.arrival(Some(&scene.bo), Admission::Admitted)
    };
    let named = computer.participant;
    store.write(computer, home.some_entry()).await.unwrap();
    scene.invite(&store).await;

    let done = scene.expel(&store, named, None).await;

    assert_eq!(done.also, Also::default());
    assert_eq!(standing(&store, owner).await, Admission::Admitted);
    assert!(scene.is_invited(&store).await);
}

// Shows: ABUSE-62.
async fn every_place_is_gone_to_readers_while_nothing_can_be_written(home: Home) {
    let store = home.open_impatient().await;
    let scene = Scene::set(&home, &store).await;
    let (named, second) = (scene.comes(&store).await, scene.comes(&store).await);
    let waiting = scene.knocks(&store).await;
    let places = [
        (named, Admission::Expelled),
        (second, Admission::Expelled),
        (waiting, Admission::Denied),
    ];
    let blockade = home.block_writes().await;
    let act = scene.expulsion(&store, named, None).await;

    let kept = store.write_or_spool(None, act, home.some_entry()).await;

    let Ok(Durability::Spooled(answer)) = kept else {
        unreachable!("the database can't be written");
    };
    assert_eq!(answer.done.also.put_out, [second]);
    assert_eq!(answer.done.also.turned_away, [waiting]);
    for (participant, admission) in places {
        assert_eq!(standing(&store, participant).await, admission);
    }
    let again = store.foresee_expel(named, None).await.unwrap();
    assert_eq!(again, Also::default());
    store.close().await;
    drop(blockade);
    let store = home.open().await;
    for (participant, admission) in places {
        assert_eq!(standing(&store, participant).await, admission);
    }
}

/// A meeting with its host, and somebody of the organisation who may come to it from several browsers.
struct Scene<'h> {
    home: &'h Home,
    owner: Owner,
    bo: Owner,
    meeting: MeetingId,
    host: ParticipantId,
}

impl<'h> Scene<'h> {
    async fn set(home: &'h Home, store: &Store) -> Self {
        let owner = home.owner(store).await;
        let bo = somebody(home, store, &owner, AccountRole::Member).await;
        let (meeting, host) = home.live_meeting(store, &owner).await;
        Self {
            home,
            owner,
            bo,
            meeting,
            host,
        }
    }

    async fn invite(&self, store: &Store) {
        let found = store.account(self.bo.account).await.unwrap();
        let act = InviteToMeeting {
            meeting: self.meeting,
            email: found.unwrap().email,
        };
        store.write(act, self.home.some_entry()).await.unwrap();
    }

    async fn is_invited(&self, store: &Store) -> bool {
        let found = store.is_invited(self.meeting, self.bo.account).await;
        found.unwrap()
    }

    async fn comes(&self, store: &Store) -> ParticipantId {
        self.join(store, Some(&self.bo), Admission::Admitted).await
    }

    async fn knocks(&self, store: &Store) -> ParticipantId {
        self.join(store, Some(&self.bo), Admission::Waiting).await
    }

    async fn join(
        &self,
        store: &Store,
        account: Option<&Owner>,
        admission: Admission,
    ) -> ParticipantId {
        let found = store.meeting(self.meeting).await.unwrap().unwrap();
        let join = Join {
            link_admitted: found.link_admits,
            ..self.arrival(account, admission)
        };
        let participant = join.participant;
        store.write(join, self.home.some_entry()).await.unwrap();
        participant
    }

    fn arrival(&self, account: Option<&Owner>, admission: Admission) -> Join {
        Join {
            account: account.map(|owner| owner.account),
            role: match account {
                Some(_) => ParticipantRole::Participant,
                None => ParticipantRole::Guest,
            },
            decided_on: MeetingState::Live,
            places: 100,
            ..self.home.join(self.meeting, admission)
        }
    }

    /// With what is foreseen.
    async fn expulsion(
        &self,
        store: &Store,
        participant: ParticipantId,
        by: Option<ParticipantId>,
    ) -> Expel {
        Expel {
            meeting: self.meeting,
            participant,
            by,
            also: store.foresee_expel(participant, by).await.unwrap(),
            at: in_seconds(5),
        }
    }

    /// As it was foreseen.
    async fn expel(
        &self,
        store: &Store,
        participant: ParticipantId,
        by: Option<ParticipantId>,
    ) -> Gone {
        let act = self.expulsion(store, participant, by).await;
        let foreseen = act.also.clone();
        let done = store.write(act, self.home.some_entry()).await.unwrap();
        assert_eq!(done.also, foreseen);
        done
    }

    async fn revision(&self, store: &Store) -> u64 {
        store.meeting(self.meeting).await.unwrap().unwrap().revision
    }
}

async fn standing(store: &Store, participant: ParticipantId) -> Admission {
    let found = store.participant(participant).await.unwrap().unwrap();
    found.admission
}
