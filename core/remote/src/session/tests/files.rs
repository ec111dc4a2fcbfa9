use std::time::Duration;

use conclave_protocol::remote::{
    Answer, Capability, EndReason, FileName, FileOffer, FileOutcome, FromAgent, FromTechnician,
    TransferId,
};

use crate::fact::Fact;
use crate::indicator::Phase;
use crate::io::{Done, FileWork, Input, Local, Output, Reply};
use crate::limits::{FileRules, Limits};
use crate::question::{AFTER_NO, BETWEEN_QUESTIONS, MOST_TAKEN_BACK, Subject};
use crate::scene::{Scene, chunk, has, limits, offer, told};

const FIRST: TransferId = TransferId(1);
const BYTES: &[u8] = b"abcdef";

// Shows: REQ-RS-03.
#[test]
fn a_file_is_left_with_the_local_persons_word_whole_and_looked_at() {
    let mut scene = Scene::viewing();

    let outputs = offered(&mut scene, offer(1, BYTES));
    let create = FileWork::Create {
        transfer: FIRST,
        name: "1-report.pdf".to_owned(),
        size: 6,
    };
    assert!(has(&outputs, &Output::File(create)) && told(&outputs, &fetch(0)));
    let outputs = sends(&mut scene, 0, b"abc");
    assert!(has(&outputs, &write(0, b"abc")) && told(&outputs, &fetch(3)));
    let outputs = sends(&mut scene, 3, b"def");
    assert!(has(&outputs, &write(3, b"def")));
    assert!(has(&outputs, &Output::File(FileWork::Scan(FIRST))));
    assert!(!has(&outputs, &Output::File(FileWork::Keep(FIRST))));

    let outputs = scanned(&mut scene, true);

    assert!(has(&outputs, &Output::File(FileWork::Keep(FIRST))));
    assert!(told(&outputs, &ended(FileOutcome::Complete)));
    let kept = Fact::FileKept {
        transfer: FIRST,
        size: 6,
        sha256: offer(1, BYTES).sha256,
    };
    assert!(has(&outputs, &Output::Fact(kept)));
}

// Shows: ABUSE-46.
#[test]
fn no_byte_of_a_file_is_taken_without_a_yes_to_it() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::OfferFile(offer(1, BYTES)));
    assert!(sends(&mut scene, 0, BYTES).is_empty());

    let outputs = scene.replies(Reply::No);

    assert!(told(&outputs, &ended(FileOutcome::Denied)));
    assert!(sends(&mut scene, 0, BYTES).is_empty());
    scene.pass(AFTER_NO);
    offered(&mut scene, offer(2, BYTES));
    assert!(
        sends(&mut scene, 0, BYTES).is_empty(),
        "it was for another one"
    );
}

// Shows: ABUSE-54.
#[test]
fn a_file_that_policy_does_not_permit_is_not_even_asked_about() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    let large = FileOffer {
        size: 1 << 40,
        ..offer(1, BYTES)
    };
    let program = FileOffer {
        name: FileName::parse("setup.exe").unwrap(),
        ..offer(2, BYTES)
    };

    for offer in [large, program] {
        let refused = FromAgent::FileEnded {
            transfer: offer.transfer,
            outcome: FileOutcome::NotPermitted,
        };
        let outputs = scene.says(FromTechnician::OfferFile(offer));
        assert!(told(&outputs, &refused) && scene.question.is_none());
    }
}

// Shows: ABUSE-54.
#[test]
fn a_file_that_is_not_what_was_promised_is_discarded() {
    for (bytes, outcome) in [
        (&b"abcdeF"[..], FileOutcome::Damaged),
        (&b"abcdefg"[..], FileOutcome::Damaged),
    ] {
        let mut scene = Scene::viewing();
        offered(&mut scene, offer(1, BYTES));

        let outputs = sends(&mut scene, 0, bytes);

        assert!(has(&outputs, &Output::File(FileWork::Discard(FIRST))));
        assert!(told(&outputs, &ended(outcome)));
    }
}

// Shows: ABUSE-54.
#[test]
fn a_file_that_harms_is_discarded() {
    let mut scene = Scene::viewing();
    offered(&mut scene, offer(1, BYTES));
    sends(&mut scene, 0, BYTES);

    let outputs = scanned(&mut scene, false);

    assert!(has(&outputs, &Output::File(FileWork::Discard(FIRST))));
    assert!(told(&outputs, &ended(FileOutcome::Harmful)));
    assert!(scanned(&mut scene, true).is_empty());
}

#[test]
fn an_empty_file_is_whole_at_once() {
    let mut scene = Scene::viewing();

    let outputs = offered(&mut scene, offer(1, b""));

    assert!(has(&outputs, &Output::File(FileWork::Scan(FIRST))));
}

#[test]
fn a_file_goes_on_where_it_stopped() {
    let mut scene = Scene::viewing();
    offered(&mut scene, offer(1, BYTES));
    sends(&mut scene, 0, b"abc");
    scene.happens(Input::ConnectionLost);
    assert!(sends(&mut scene, 3, b"def").is_empty());

    let outputs = scene.happens(Input::ConnectionRestored);

    assert!(told(&outputs, &fetch(3)));
    assert!(
        told(&sends(&mut scene, 0, b"abc"), &fetch(3)),
        "it is there already"
    );
    let outputs = sends(&mut scene, 3, b"def");
    assert!(has(&outputs, &Output::File(FileWork::Scan(FIRST))));
}

#[test]
fn a_file_stops_when_either_side_wants_it_to() {
    type Act = fn(&mut Scene) -> Vec<Output>;
    let acts: [(Act, FileOutcome); 5] = [
        (
            |it| it.says(FromTechnician::CancelFile(FIRST)),
            FileOutcome::Cancelled,
        ),
        (|it| it.does(Local::CancelFile(FIRST)), FileOutcome::Denied),
        (
            |it| it.does(Local::Withdraw(Capability::FileIn)),
            FileOutcome::Denied,
        ),
        (
            |it| it.happens(Input::Done(Done::Failed(FIRST))),
            FileOutcome::Failed,
        ),
        // It may take as long as the permission lasts.
        (
            |it| {
                it.pass(Duration::from_secs(14 * 60));
                it.says(FromTechnician::StillHere);
                it.pass(Duration::from_secs(14 * 60));
                it.says(FromTechnician::StillHere);
                it.pass(Duration::from_secs(2 * 60))
            },
            FileOutcome::Denied,
        ),
    ];
    for (act, outcome) in acts {
        let mut scene = Scene::viewing();
        offered(&mut scene, offer(1, BYTES));
        sends(&mut scene, 0, b"abc");

        let outputs = act(&mut scene);

        assert!(
            has(&outputs, &Output::File(FileWork::Discard(FIRST))),
            "{outcome:?}"
        );
        assert!(told(&outputs, &ended(outcome)), "{outcome:?}");
        assert!(sends(&mut scene, 3, b"def").is_empty());
    }
}

#[test]
fn a_number_that_was_used_ends_the_session() {
    let mut scene = Scene::viewing();
    offered(&mut scene, offer(1, BYTES));

    scene.says(FromTechnician::OfferFile(offer(1, BYTES)));

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Unexpected));
}

#[test]
fn a_session_takes_only_so_many_files() {
    let mut scene = Scene::within(Limits {
        files: FileRules {
            most: 2,
            ..limits().files
        },
        ..limits()
    });
    scene.permits(Capability::View);
    for number in 1..=2 {
        offered(&mut scene, offer(number, BYTES));
        let transfer = TransferId(number);
        scene.says(FromTechnician::CancelFile(transfer));
    }
    scene.pass(BETWEEN_QUESTIONS);

    scene.says(FromTechnician::OfferFile(offer(3, BYTES)));

    assert!(scene.question.is_none());
}

#[test]
fn the_local_person_picks_the_file_that_goes() {
    let mut scene = going();

    let fetched = |offset| FromTechnician::Fetch {
        transfer: FIRST,
        offset,
    };
    let read = |offset| {
        Output::File(FileWork::Read {
            transfer: FIRST,
            offset,
        })
    };
    assert!(has(&scene.says(fetched(0)), &read(0)));
    assert!(scene.says(fetched(3)).is_empty(), "one piece at a time");
    let outputs = reads(&mut scene, 0, b"abc");
    let piece = FromAgent::Chunk {
        transfer: FIRST,
        offset: 0,
        bytes: chunk(b"abc"),
    };
    assert!(told(&outputs, &piece));
    assert!(has(&scene.says(fetched(3)), &read(3)));
    reads(&mut scene, 3, b"def");

    let outputs = scene.says(fetched(6));

    assert!(told(&outputs, &ended(FileOutcome::Complete)));
    let sent = |it: &Output| matches!(it, Output::Fact(Fact::FileSent { size: 6, .. }));
    assert!(outputs.iter().any(sent));
    assert!(scene.says(fetched(0)).is_empty());
}

#[test]
fn nothing_of_a_file_goes_after_the_word_is_taken_back() {
    let mut scene = going();
    scene.says(FromTechnician::Fetch {
        transfer: FIRST,
        offset: 0,
    });

    let outputs = scene.does(Local::Withdraw(Capability::FileOut));

    assert!(has(&outputs, &Output::File(FileWork::Close(FIRST))));
    assert!(reads(&mut scene, 0, b"abc").is_empty());
}

#[test]
fn a_question_about_a_file_that_was_taken_back_is_closed() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::OfferFile(offer(1, BYTES)));
    let subject = &scene.question.as_ref().unwrap().subject;
    assert!(*subject == Subject::FileIn(offer(1, BYTES)));

    let outputs = scene.says(FromTechnician::CancelFile(FIRST));

    assert!(has(&outputs, &Output::CloseQuestion));
}

/// A file that the local person has picked.
#[test]
fn a_file_that_was_taken_back_is_not_asked_about_again_at_once() {
    let mut scene = Scene::viewing();
    for number in 0..MOST_TAKEN_BACK {
        scene.pass(AFTER_NO);
        let outputs = scene.says(FromTechnician::OfferFile(offer(number * 2, b"abc")));
        assert!(outputs.iter().any(|it| matches!(it, Output::Ask(_))));
        scene.says(FromTechnician::CancelFile(TransferId(number * 2)));
        scene.pass(BETWEEN_QUESTIONS);

        scene.says(FromTechnician::OfferFile(offer(number * 2 + 1, b"abc")));
        assert!(scene.question.is_none());
    }
    scene.pass(AFTER_NO);

    let outputs = scene.says(FromTechnician::OfferFile(offer(1_000, b"abc")));

    let enough = FromAgent::Answer {
        to: Capability::FileIn,
        answer: Answer::AskedEnough,
    };
    assert!(told(&outputs, &enough));
}

fn going() -> Scene {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::AskFile(FIRST));
    let outputs = scene.agrees();
    assert!(has(&outputs, &Output::File(FileWork::Pick(FIRST))));
    let FileOffer {
        transfer,
        name,
        size,
        sha256,
    } = offer(1, BYTES);
    let outputs = scene.happens(Input::Done(Done::Picked {
        transfer,
        name,
        size,
        sha256,
    }));
    assert!(told(&outputs, &FromAgent::OfferFile(offer(1, BYTES))));
    scene
}

fn offered(scene: &mut Scene, offer: FileOffer) -> Vec<Output> {
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::OfferFile(offer));
    scene.agrees()
}

fn sends(scene: &mut Scene, offset: u64, bytes: &[u8]) -> Vec<Output> {
    scene.says(FromTechnician::Chunk {
        transfer: FIRST,
        offset,
        bytes: chunk(bytes),
    })
}

fn reads(scene: &mut Scene, offset: u64, bytes: &[u8]) -> Vec<Output> {
    scene.happens(Input::Done(Done::Read {
        transfer: FIRST,
        offset,
        bytes: chunk(bytes),
    }))
}

fn scanned(scene: &mut Scene, harmless: bool) -> Vec<Output> {
    scene.happens(Input::Done(Done::Scanned {
        transfer: FIRST,
        harmless,
    }))
}

fn write(offset: u64, bytes: &[u8]) -> Output {
    Output::File(FileWork::Write {
        transfer: FIRST,
        offset,
        bytes: chunk(bytes),
    })
}

fn fetch(offset: u64) -> FromAgent {
    FromAgent::Fetch {
        transfer: FIRST,
        offset,
    }
}

fn ended(outcome: FileOutcome) -> FromAgent {
    FromAgent::FileEnded {
        transfer: FIRST,
        outcome,
    }
}
