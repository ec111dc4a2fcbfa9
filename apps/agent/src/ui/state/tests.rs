use conclave_protocol::feedback::{QuestionKind, QuestionText};
use conclave_protocol::personal::{DisplayName, Title, Words};
use conclave_protocol::remote::{Capability, TransferId};
use conclave_remote::Phase;

use super::*;
use crate::ipc::{Failure, Subject};
use crate::ui::scene::{monitor, question, sign};

#[test]
fn the_first_word_is_that_a_window_is_there_and_it_is_said_once() {
    let now = Instant::now();
    let mut ui = Ui::new();
    assert_eq!(ui.pages(), [Page::Start]);
    ui.tick(now + Duration::from_secs(2));
    assert!(ui.poll().is_none());

    ui.is_up();
    ui.is_up();

    assert!(matches!(ui.poll(), Some(Said::ToDesk(UiToDesk::Ready))));
    assert!(ui.poll().is_none());
}

#[test]
fn windows_that_read_the_same_wait_for_nothing() {
    let now = Instant::now();
    assert_eq!(Ui::new().wakes_at(now), None);

    let mut ui = in_session(now);

    let minute = now + Duration::from_secs(60);
    assert_eq!(ui.wakes_at(now), Some(minute));
    assert_eq!(ui.wakes_at(minute), Some(minute + Duration::from_secs(60)));
    ui.hear_desk(now, DeskToUi::Ended(EndReason::Stopped));
    assert_eq!(ui.wakes_at(now), None);
}

#[test]
fn what_is_counted_down_is_looked_at_each_second_while_it_is_shown() {
    let (now, mut ui) = asked(Capability::View);
    let after = |seconds| now + Duration::from_secs(seconds);

    for seconds in 0..30 {
        assert_eq!(ui.wakes_at(after(seconds)), Some(after(seconds + 1)));
        ui.tick(after(seconds));
    }
    ui.tick(after(30));
    assert_eq!(ui.wakes_at(after(30)), Some(after(60)));

    let (reason, seconds) = (EndReason::Idle, 5);
    ui.hear_desk(after(30), DeskToUi::WarnOfEnd { reason, seconds });
    assert_eq!(ui.wakes_at(after(34)), Some(after(35)));
    assert_eq!(ui.wakes_at(after(35)), Some(after(60)));
}

#[test]
fn a_question_has_no_as_its_default_whatever_was_before() {
    let (now, mut ui) = asked(Capability::View);

    assert_eq!(ui.focused(Page::Question), Some(Press::No));
    ui.key(now, Page::Question, Key::Next);
    assert_eq!(ui.focused(Page::Question), Some(Press::Yes));
    ui.hear_desk(now, ask(Capability::Control));

    assert_eq!(ui.focused(Page::Question), Some(Press::No));
}

#[test]
fn escape_is_a_no_at_once() {
    let (now, mut ui) = asked(Capability::View);

    ui.key(now, Page::Question, Key::Escape);

    assert_eq!(answers(&mut ui), [false]);
    assert!(!ui.pages().contains(&Page::Question));
}

#[test]
fn the_window_s_own_button_is_a_no() {
    let (now, mut ui) = asked(Capability::View);

    ui.close(now, Page::Question);

    assert_eq!(answers(&mut ui), [false]);
}

#[test]
fn what_is_typed_as_a_question_comes_up_answers_nothing() {
    let (now, mut ui) = asked(Capability::View);
    for key in [Key::Enter, Key::Space, Key::Next, Key::Enter] {
        ui.key(now, Page::Question, key);
    }
    assert!(answers(&mut ui).is_empty());

    let live = now + Duration::from_secs(2);
    ui.key(live, Page::Question, Key::Enter);

    assert_eq!(answers(&mut ui), [true]);
}

#[test]
fn a_question_is_answered_once() {
    let (now, mut ui) = asked(Capability::View);
    let live = now + Duration::from_secs(2);

    ui.press(live, Page::Question, Press::Yes);
    ui.press(live, Page::Question, Press::Yes);

    assert_eq!(answers(&mut ui), [true]);
}

#[test]
fn a_question_closes_with_its_time_and_can_be_asked_again() {
    let (now, mut ui) = asked(Capability::Control);

    ui.tick(now + Duration::from_secs(30));

    assert!(answers(&mut ui).is_empty());
    assert_eq!(ui.pages(), [bar(), Page::Panel]);
    ui.press(now, Page::Panel, Press::LetAsk(Capability::Control));
    let let_ask = |said: &Said| matches!(said, Said::ToDesk(UiToDesk::LetAsk(Capability::Control)));
    assert!(said(&mut ui).iter().any(let_ask));
}

#[test]
fn there_are_no_details_before_anything_is_permitted() {
    let now = Instant::now();
    let mut ui = Ui::new();

    ui.hear_desk(now, DeskToUi::Indicate(sign(Phase::Requested, &[])));

    assert_eq!(ui.pages(), [bar()]);
}

#[test]
fn a_list_is_scrolled_to_what_has_the_keyboard() {
    let (now, mut ui) = asked(Capability::View);
    let mut question = question(Subject::Capability(Capability::View));
    question.offered.monitors = vec![monitor(0, 0), monitor(1, 800)];
    ui.hear_desk(now, DeskToUi::Ask(question));
    assert_eq!(ui.scroll(Page::Question), None);

    for place in [0, 1, 2] {
        ui.press(now, Page::Question, Press::Choose(place));
        let expected = [0.0, 0.5, 1.0].get(place).copied();
        assert_eq!(ui.scroll(Page::Question), expected);
    }
}

#[test]
fn stop_goes_to_the_desk_from_the_bar_and_the_details() {
    let now = Instant::now();
    for page in [bar(), Page::Panel] {
        let mut ui = in_session(now);

        ui.press(now, page, Press::Stop);

        let stop = |said: &Said| matches!(said, Said::ToDesk(UiToDesk::Stop));
        assert!(said(&mut ui).iter().any(stop));
    }
}

#[test]
fn a_sign_can_not_be_closed() {
    let now = Instant::now();
    let mut ui = in_session(now);

    ui.close(now, bar());
    ui.close(now, Page::Panel);

    assert_eq!(ui.pages(), [bar(), Page::Panel]);
    assert!(matches!(
        said(&mut ui).last(),
        Some(Said::PutAway(Page::Panel))
    ));
}

#[test]
fn a_word_to_the_technician_goes_to_the_desk() {
    let now = Instant::now();
    let mut ui = in_session(now);

    ui.type_in(Page::Panel, Field::Message, "hello");
    ui.key(now, Page::Panel, Key::Space);
    ui.key(now, Page::Panel, Key::Enter);

    let hello = Words::parse("hello").unwrap();
    let chats = |said: &Said| matches!(said, Said::ToDesk(UiToDesk::Chat(it)) if *it == hello);
    assert!(said(&mut ui).iter().any(chats));
}

#[test]
fn a_code_goes_to_the_network_and_nowhere_else() {
    let now = Instant::now();
    let mut ui = Ui::new();
    ui.is_up();
    ui.poll();
    ui.hear_net(NetToUi::AskForCode {
        why: Some(Failure::WrongCode),
    });

    ui.type_in(Page::Start, Field::Code, "123456789");
    ui.type_in(Page::Start, Field::Name, "Sam");
    ui.key(now, Page::Start, Key::Enter);

    let said = said(&mut ui);
    assert!(matches!(&said[..], [Said::ToNet(UiToNet::Try { .. })]));
}

#[test]
fn a_file_is_picked_in_a_folder_or_none_is() {
    let now = Instant::now();
    let file = Entry {
        is_file: true,
        path: PathBuf::from("/home/report.pdf"),
    };
    for press in [Press::Entry(0), Press::NoFile] {
        let mut ui = in_session(now);
        ui.hear_desk(now, DeskToUi::PickFile(TransferId(3)));
        assert!(matches!(said(&mut ui).last(), Some(Said::List(_))));
        ui.list(PathBuf::from("/home"), vec![file.clone()]);

        ui.press(now, Page::Picker, press);

        let picked = said(&mut ui).pop().unwrap();
        let is_picked = matches!(picked, Said::ToDesk(UiToDesk::Picked { path, .. })
            if path == "/home/report.pdf");
        assert_eq!(is_picked, press == Press::Entry(0));
        assert!(!ui.pages().contains(&Page::Picker));
    }
}

#[test]
fn after_the_end_there_is_one_window() {
    let (now, mut ui) = asked(Capability::View);

    ui.hear_desk(now, DeskToUi::Ended(EndReason::Stopped));

    assert_eq!(ui.pages(), [Page::Farewell]);
}

// Shows: REQ-RS-07.
#[test]
fn what_the_organisation_asks_is_asked_once_it_is_over() {
    let now = Instant::now();
    let mut ui = asked_afterwards(now, EndReason::TechnicianLeft);
    let field = |place| Press::Field(Field::Answer(place));
    assert_eq!(ui.focused(Page::Farewell), Some(field(0)));

    ui.key(now, Page::Farewell, Key::Enter);
    ui.type_in(Page::Farewell, Field::Answer(1), "The printer");

    assert_eq!(ui.focused(Page::Farewell), Some(field(1)));
    ui.press(now, Page::Farewell, Press::SendFeedback);
    assert!(said(&mut ui).iter().any(is_one_answer));
}

// Shows: REQ-RS-07.
#[test]
fn what_is_said_before_a_restart_that_does_not_come_is_not_lost() {
    let now = Instant::now();
    let mut ui = asked_afterwards(now, EndReason::Restarting);
    ui.type_in(Page::Farewell, Field::Answer(1), "The printer");

    ui.hear_desk(now, DeskToUi::Ended(EndReason::RestartRefused));

    let reason = ui.farewell().map(|farewell| farewell.reason);
    assert_eq!(reason, Some(EndReason::RestartRefused));
    ui.press(now, Page::Farewell, Press::SendFeedback);
    assert!(said(&mut ui).iter().any(is_one_answer));
}

#[test]
fn what_is_said_of_the_help_is_given_time_to_arrive() {
    let now = Instant::now();
    let mut ui = in_session(now);
    ui.hear_desk(now, DeskToUi::Ended(EndReason::TechnicianLeft));
    ui.press(now, Page::Farewell, Press::Rate(5));

    ui.press(now, Page::Farewell, Press::SendFeedback);

    let feedback = |said: &Said| {
        matches!(
            said,
            Said::ToNet(UiToNet::Feedback {
                rating: Some(5),
                ..
            })
        )
    };
    assert!(said(&mut ui).iter().any(feedback));
    assert!(ui.pages().is_empty());
    assert_eq!(ui.wakes_at(now), Some(now + TO_CLOSE));
    ui.tick(now + TO_CLOSE);
    assert!(said(&mut ui).iter().any(|said| matches!(said, Said::Quit)));
}

#[test]
fn who_cancels_in_the_room_ends_the_session() {
    let now = Instant::now();
    let mut ui = Ui::new();
    ui.hear_net(NetToUi::InSession);

    ui.key(now, Page::Start, Key::Escape);

    let said = said(&mut ui);
    assert!(
        said.iter()
            .any(|said| matches!(said, Said::ToDesk(UiToDesk::Stop)))
    );
    assert!(
        said.iter()
            .any(|said| matches!(said, Said::ToNet(UiToNet::Cancel)))
    );
}

#[test]
fn of_a_computer_in_a_meeting_one_session_ends_and_the_next_can_begin() {
    let now = Instant::now();
    let mut ui = Ui::new();
    ui.hear_net(NetToUi::Bring {
        owner: DisplayName::parse("Amy").unwrap(),
        organisation: Title::parse("Riverside").unwrap(),
        server: "https://meet.example".to_owned(),
    });
    ui.hear_net(NetToUi::Shared);
    for _ in 0..2 {
        ui.hear_desk(now, DeskToUi::Indicate(sign(Phase::Requested, &[])));
        assert!(!ui.pages().contains(&Page::Start));

        ui.hear_desk(now, DeskToUi::Ended(EndReason::Stopped));

        assert_eq!(ui.pages(), [Page::Start]);
    }
    // The last word is the network's, whichever comes first.
    ui.hear_desk(now, DeskToUi::Indicate(sign(Phase::Requested, &[])));
    ui.hear_net(NetToUi::Left);
    ui.hear_desk(now, DeskToUi::Ended(EndReason::Stopped));
    assert!(matches!(ui.start().unwrap().step, Step::Left));
}

#[test]
fn what_comes_up_between_two_sessions_leaves_the_keyboard_to_whoever_types() {
    let now = Instant::now();
    let mut ui = Ui::new();
    assert!(ui.takes_keyboard(Page::Start));
    ui.hear_net(NetToUi::Bring {
        owner: DisplayName::parse("Amy").unwrap(),
        organisation: Title::parse("Riverside").unwrap(),
        server: "https://meet.example".to_owned(),
    });
    ui.hear_desk(now, DeskToUi::Indicate(sign(Phase::Requested, &[])));

    ui.hear_desk(now, DeskToUi::Ended(EndReason::Stopped));

    assert_eq!(ui.pages(), [Page::Start]);
    assert!(!ui.takes_keyboard(Page::Start));
    assert!(ui.takes_keyboard(Page::Question));
}

fn bar() -> Page {
    Page::Bar(MonitorId(0))
}

fn in_session(now: Instant) -> Ui {
    let mut ui = Ui::new();
    let sign = sign(Phase::Consented, &[Capability::Chat]);
    ui.hear_desk(now, DeskToUi::Indicate(sign));
    said(&mut ui);
    ui
}

/// Over, with two questions of the organisation's own.
fn asked_afterwards(now: Instant, reason: EndReason) -> Ui {
    let mut ui = in_session(now);
    let questions = ["How quick was it?", "What was it about?"].map(|text| FeedbackQuestion {
        kind: QuestionKind::Text,
        text: QuestionText::parse(text).unwrap(),
    });
    ui.hear_net(NetToUi::Questions(questions.to_vec()));
    ui.hear_desk(now, DeskToUi::Ended(reason));
    ui
}

fn is_one_answer(said: &Said) -> bool {
    matches!(said, Said::ToNet(UiToNet::Feedback { answers, .. })
        if answers.as_slice().len() == 1)
}

fn ask(capability: Capability) -> DeskToUi {
    DeskToUi::Ask(question(Subject::Capability(capability)))
}

fn asked(capability: Capability) -> (Instant, Ui) {
    let now = Instant::now();
    let mut ui = in_session(now);
    ui.hear_desk(now, ask(capability));
    (now, ui)
}

fn said(ui: &mut Ui) -> Vec<Said> {
    std::iter::from_fn(|| ui.poll()).collect()
}

fn answers(ui: &mut Ui) -> Vec<bool> {
    let answers = said(ui).into_iter().filter_map(|said| match said {
        Said::ToDesk(UiToDesk::Answer { yes, .. }) => Some(yes),
        _ => None,
    });
    answers.collect()
}
