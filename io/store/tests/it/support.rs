//! Remote support in the store: a session with its meeting, taken by one, told of, over with its meeting.

use std::time::Duration;

use conclave_policy::support::{CODE_LASTS, LAST_FACTS, MOST_FACTS};
use conclave_protocol::account::AccountRole;
use conclave_protocol::feedback::{
    FeedbackQuestion, FeedbackQuestions, FeedbackRating, FeedbackRatings, QuestionKind,
    QuestionText, Rating,
};
use conclave_protocol::meeting::{Admission, EndCause};
use conclave_protocol::{MeetingId, ParticipantId, SupportSessionId, Timestamp};
use conclave_store::action::{
    Admit, AdmitAll, CancelMeeting, ChangePasscode, EndMeeting, JoinSupport, KeepFeedback, Leave,
    MOST_OPEN, OpenSupport, ReportSupport, SetSupportQuestions, TakeBackTime,
};
use conclave_store::{Durability, Refused, Store, WriteError};

use crate::accounts::{shut_out, somebody};
use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(
    a_session_opens_with_its_meeting_which_is_listed_nowhere,
    a_code_that_is_taken_and_a_technician_with_many_sessions_open_none,
    one_customer_takes_a_session_and_no_other_after_them,
    of_two_who_come_at_one_time_one_is_helped,
    whom_a_technician_lets_in_is_helped_and_nobody_beside_them,
    facts_are_counted_up_to_their_bound,
    feedback_is_kept_once_and_of_who_was_helped,
    an_organisation_asks_what_it_likes_until_it_asks_what_all_do,
    a_session_ends_with_its_meeting_also_while_nothing_is_written,
    what_its_technician_lost_ends_with_them_and_is_told,
    what_nobody_began_is_found_when_its_code_is_over,
    a_time_that_is_taken_back_takes_its_codes_along,
    what_no_session_says_is_refused_by_the_database,
);

async fn a_session_opens_with_its_meeting_which_is_listed_nowhere(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;
    let (second, _) = open(&home, &store, &owner).await;
    let ordinary = home.meeting(&store, &owner).await;

    let found = store.support_session(id).await.unwrap().unwrap();

    assert_eq!((found.meeting, found.technician), (meeting, owner.account));
    assert_eq!(found.technician_name.as_str(), "Amy");
    assert_eq!(found.code_until, found.opened_at.plus(CODE_LASTS));
    assert!(found.customer.is_none() && found.ended_at.is_none());
    let of_meeting = store.support_of(meeting).await.unwrap().unwrap();
    assert_eq!(of_meeting.id, id);
    assert!(store.support_of(ordinary).await.unwrap().is_none());
    let made = store.meeting(meeting).await.unwrap().unwrap();
    assert!(made.is_support && made.code == found.code);
    assert!(!store.meeting(ordinary).await.unwrap().unwrap().is_support);
    // Its technician says the first, to one person.
    let change = ChangePasscode { meeting };
    let kept = store.write(change, home.some_entry()).await;
    assert!(matches!(kept, Err(WriteError::Refused(Refused::Conflict))));
    let listed = store.meetings_of(owner.account).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|meeting| meeting.id).collect();
    assert_eq!(listed, [ordinary]);
    let own = store.support_sessions(owner.account, NOW).await.unwrap();
    let own: Vec<_> = own.iter().map(|session| session.id).collect();
    assert_eq!(own, [second, id]);
    let late = found.opened_at.plus(Duration::from_secs(60));
    let since = store.support_sessions(owner.account, late).await.unwrap();
    assert!(since.is_empty());
    // Nobody makes something else of its meeting.
    let cancel = CancelMeeting {
        meeting,
        seen: 0,
        at: NOW,
    };
    let cancelled = store.write(cancel, home.some_entry()).await;
    assert_eq!(refused(cancelled), Some(Refused::Conflict));
}

async fn a_code_that_is_taken_and_a_technician_with_many_sessions_open_none(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let first = opening(&home, &owner);
    let code = first.meeting.code;
    store.write(first, home.some_entry()).await.unwrap();

    let mut same = opening(&home, &owner);
    same.meeting.code = code;
    let taken = store.write(same, home.some_entry()).await;

    assert_eq!(refused(taken), Some(Refused::CodeTaken));
    for _ in 1..MOST_OPEN {
        open(&home, &store, &owner).await;
    }
    let more = store.write(opening(&home, &owner), home.some_entry()).await;
    assert_eq!(refused(more), Some(Refused::TooManySupport));

    // Once their codes are over they stand in nobody's way.
    let mut later = opening(&home, &owner);
    later.meeting.at = later.code_until;
    later.code_until = later.meeting.at.plus(CODE_LASTS);
    let opened = store.write(later, home.some_entry()).await;
    assert_eq!(refused(opened), None);
}

async fn one_customer_takes_a_session_and_no_other_after_them(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;
    let (_, elsewhere) = open(&home, &store, &owner).await;

    let customer = take(&home, &store, id, meeting).await.unwrap();

    let found = store.support_session(id).await.unwrap().unwrap();
    assert_eq!(found.customer, Some(customer));
    assert_eq!(found.joined_at, Some(NOW));
    let second = take(&home, &store, id, meeting).await;
    assert_eq!(second.err(), Some(Refused::Conflict));
    // Nor after the first has gone, and never into another meeting.
    let leave = Leave {
        meeting,
        participant: customer,
        at: in_seconds(60),
    };
    store.write(leave, home.some_entry()).await.unwrap();
    let again = take(&home, &store, id, meeting).await;
    assert_eq!(again.err(), Some(Refused::Conflict));
    let (other, _) = open(&home, &store, &owner).await;
    let wrong = take(&home, &store, other, elsewhere).await;
    assert_eq!(wrong.err(), Some(Refused::Conflict));
    assert!(store.participants(elsewhere).await.unwrap().is_empty());
}

async fn of_two_who_come_at_one_time_one_is_helped(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;

    let (first, second) = tokio::join!(
        take(&home, &store, id, meeting),
        take(&home, &store, id, meeting)
    );

    let came = [first.is_ok(), second.is_ok()];
    assert_eq!(came.iter().filter(|came| **came).count(), 1);
    assert_eq!(store.participants(meeting).await.unwrap().len(), 1);
}

async fn whom_a_technician_lets_in_is_helped_and_nobody_beside_them(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let knock = home.join(meeting, Admission::Waiting);
        waiting.push(knock.participant);
        store.write(knock, home.some_entry()).await.unwrap();
    }
    let [first, second] = waiting[..] else {
        unreachable!("two wait");
    };
    let session = store.support_session(id).await.unwrap().unwrap();
    assert!(session.customer.is_none());

    let admit = |participant| Admit {
        meeting,
        participant,
        at: NOW,
    };
    store.write(admit(first), home.some_entry()).await.unwrap();

    let session = store.support_session(id).await.unwrap().unwrap();
    assert_eq!(session.customer, Some(first));
    let other = store.write(admit(second), home.some_entry()).await;
    assert_eq!(refused(other), Some(Refused::MeetingFull));
    let all = AdmitAll {
        meeting,
        participants: vec![second],
        at: NOW,
    };
    let all = store.write(all, home.some_entry()).await;
    assert_eq!(refused(all), Some(Refused::MeetingFull));
    let waits = store.participant(second).await.unwrap().unwrap();
    assert_eq!(waits.admission, Admission::Waiting);
}

async fn facts_are_counted_up_to_their_bound(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, _) = open(&home, &store, &owner).await;
    let report = async |facts, of_end| {
        let act = ReportSupport {
            session: id,
            facts,
            of_end,
        };
        refused(store.write(act, home.some_entry()).await)
    };

    assert_eq!(report(MOST_FACTS - 1, false).await, None);
    assert_eq!(report(64, false).await, None);

    assert_eq!(report(1, false).await, Some(Refused::TooManyFacts));
    let session = store.support_session(id).await.unwrap().unwrap();
    assert_eq!(session.facts, MOST_FACTS + 63);
    // That it is over is heard all the same.
    assert_eq!(report(64, true).await, None);
    assert_eq!(report(LAST_FACTS, true).await, None);
    assert_eq!(report(1, true).await, Some(Refused::TooManyFacts));
}

async fn feedback_is_kept_once_and_of_who_was_helped(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;
    let say = async |solved, rating| {
        let act = KeepFeedback {
            session: id,
            solved,
            rating,
            answers: rated(),
            at: in_seconds(30),
        };
        refused(store.write(act, home.some_entry()).await)
    };
    assert_eq!(say(Some(true), Some(5)).await, Some(Refused::Conflict));
    take(&home, &store, id, meeting).await.unwrap();

    assert_eq!(say(None, Some(4)).await, None);

    assert_eq!(say(Some(false), None).await, Some(Refused::Conflict));
    let kept = store.support_session(id).await.unwrap().unwrap();
    assert_eq!((kept.solved, kept.rating), (None, Some(4)));
    assert_eq!(kept.answers, Some(rated()));
    assert_eq!(kept.feedback_at, Some(in_seconds(30)));
}

async fn an_organisation_asks_what_it_likes_until_it_asks_what_all_do(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let member = somebody(&home, &store, &owner, AccountRole::Member).await;
    let set = async |questions, by| {
        let act = SetSupportQuestions {
            organisation: owner.organisation,
            questions,
            by,
        };
        refused(store.write(act, home.some_entry()).await)
    };
    let asked = async || store.support_questions(owner.organisation).await.unwrap();
    assert_eq!(asked().await, None);

    let questions = |text: &str| {
        let text = QuestionText::parse(text).unwrap();
        let kind = QuestionKind::Rating;
        FeedbackQuestions::new(vec![FeedbackQuestion { kind, text }])
    };
    let asked_in = async |id| store.questions_in_support(id).await.unwrap();
    for text in ["How quick was it?", "How kind was it?"] {
        let (before, _) = open(&home, &store, &owner).await;
        let was_asked = asked().await;
        assert_eq!(set(questions(text), owner.account).await, None);
        assert_eq!(asked().await, questions(text));
        let (after, _) = open(&home, &store, &owner).await;
        assert_eq!(asked_in(before).await, was_asked);
        assert_eq!(asked_in(after).await, questions(text));
    }

    let refusal = set(None, member.account).await;
    assert_eq!(refusal, Some(Refused::NotAllowed));
    assert_eq!(set(None, owner.account).await, None);
    assert_eq!(asked().await, None);
}

fn rated() -> FeedbackRatings {
    let rating = FeedbackRating {
        question: QuestionText::parse("How quick was it?").unwrap(),
        rating: Rating::new(4).unwrap(),
    };
    FeedbackRatings::new(vec![rating]).unwrap()
}

async fn a_session_ends_with_its_meeting_also_while_nothing_is_written(home: Home) {
    let store = home.open_impatient().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;
    let (spooled, elsewhere) = open(&home, &store, &owner).await;
    let ended = async |id| store.support_session(id).await.unwrap().unwrap().ended_at;

    store.write(end(meeting), home.some_entry()).await.unwrap();
    assert_eq!(ended(id).await, Some(in_seconds(90)));

    let blockade = home.block_writes().await;
    let kept = store.write_or_spool(None, end(elsewhere), home.some_entry());
    assert!(matches!(kept.await, Ok(Durability::Spooled(_))));
    assert_eq!(ended(spooled).await, Some(in_seconds(90)));
    drop(blockade);
}

async fn what_its_technician_lost_ends_with_them_and_is_told(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let bo = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let (id, meeting) = open(&home, &store, &bo).await;
    let (other, scheduled) = open(&home, &store, &bo).await;
    let host = home.join_as_host(meeting, &bo);
    store.write(host, home.some_entry()).await.unwrap();
    take(&home, &store, other, scheduled).await.unwrap();

    let act = shut_out(&store, &owner, bo.account, true).await;
    let done = store.write(act, home.some_entry()).await.unwrap();

    let mut told: Vec<_> = done
        .support
        .iter()
        .map(|over| (over.session, over.was_connected))
        .collect();
    told.sort();
    assert_eq!(told, [(id, false), (other, true)]);
    for id in [id, other] {
        let session = store.support_session(id).await.unwrap().unwrap();
        assert!(session.ended_at.is_some());
    }
}

async fn what_nobody_began_is_found_when_its_code_is_over(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, _) = open(&home, &store, &owner).await;
    let (_, begun) = open(&home, &store, &owner).await;
    let (_, over) = open(&home, &store, &owner).await;
    let host = home.join_as_host(begun, &owner);
    store.write(host, home.some_entry()).await.unwrap();
    store.write(end(over), home.some_entry()).await.unwrap();
    let until = store.support_session(id).await.unwrap().unwrap().code_until;
    let found = async |now: Timestamp| {
        let found = store.support_begun_by_none(now, 10).await.unwrap();
        found.iter().map(|session| session.id).collect::<Vec<_>>()
    };

    assert!(
        found(until.minus(Duration::from_micros(1)))
            .await
            .is_empty()
    );
    assert_eq!(found(until).await, [id]);
}

async fn a_time_that_is_taken_back_takes_its_codes_along(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, _) = open(&home, &store, &owner).await;
    let opened = store.support_session(id).await.unwrap().unwrap().opened_at;
    let to = opened.minus(Duration::from_secs(3_600));

    let act = TakeBackTime { from: opened, to };
    store.write(act, home.some_entry()).await.unwrap();

    let session = store.support_session(id).await.unwrap().unwrap();
    assert_eq!(session.code_until, to);
    assert_eq!(session.standing().code_until(), to);
}

async fn what_no_session_says_is_refused_by_the_database(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (id, meeting) = open(&home, &store, &owner).await;
    for wrong in [
        "UPDATE support_session SET joined_at = 1",
        "UPDATE support_session SET facts = -1",
        "UPDATE support_session SET feedback_at = 1",
        "UPDATE support_session SET rating = 5",
    ] {
        assert!(home.tamper(wrong).await.is_err(), "{wrong}");
    }
    take(&home, &store, id, meeting).await.unwrap();

    let beyond = "UPDATE support_session SET feedback_at = 1, rating = 6";
    assert!(home.tamper(beyond).await.is_err());
}

pub(crate) fn opening(home: &Home, owner: &Owner) -> OpenSupport {
    let meeting = home.create_meeting(owner);
    OpenSupport {
        id: SupportSessionId(home.id()),
        code_until: meeting.at.plus(CODE_LASTS),
        meeting,
    }
}

pub(crate) async fn open(
    home: &Home,
    store: &Store,
    owner: &Owner,
) -> (SupportSessionId, MeetingId) {
    let act = opening(home, owner);
    let meeting = act.meeting.id;
    let id = store.write(act, home.some_entry()).await.unwrap();
    (id, meeting)
}

pub(crate) async fn take(
    home: &Home,
    store: &Store,
    session: SupportSessionId,
    meeting: MeetingId,
) -> Result<ParticipantId, Refused> {
    let join = home.join(meeting, Admission::HostAbsent);
    let act = JoinSupport { session, join };
    match store.write(act, home.some_entry()).await {
        Ok(joined) => Ok(joined.participant),
        Err(WriteError::Refused(refused)) => Err(refused),
        Err(error) => unreachable!("{error}"),
    }
}

pub(crate) fn end(meeting: MeetingId) -> EndMeeting {
    EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(90),
    }
}

fn refused<Done>(written: Result<Done, WriteError>) -> Option<Refused> {
    match written {
        Ok(_) => None,
        Err(WriteError::Refused(refused)) => Some(refused),
        Err(error) => unreachable!("{error}"),
    }
}
