//! Everything that the windows show and what a key or a press in them does, as a value: nothing here draws or sends.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use conclave_protocol::feedback::FeedbackQuestion;
use conclave_protocol::remote::{EndReason, MonitorId};

use super::board::{Board, Mood};
use super::farewell::Farewell;
use super::picker::{Entry, Picked, Picker};
use super::press::{Field, Key, Press, step};
use super::question::Asked;
use super::start::{Start, Step};
use crate::ipc::{DeskToUi, NetToUi, UiToDesk, UiToNet};

pub(super) struct Ui {
    start: Option<Start>,
    question: Option<Asked>,
    board: Option<Board>,
    picker: Option<Picker>,
    farewell: Option<Farewell>,
    /// What the organisation asks of its own, once the session is over.
    questions: Option<Vec<FeedbackQuestion>>,
    /// The person presents this computer in a meeting: sessions follow each other.
    presents: bool,
    focus: BTreeMap<Page, Press>,
    said: VecDeque<Said>,
    is_up: bool,
    /// What was said last is on its way.
    closes_at: Option<Instant>,
}

/// One window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Page {
    Start,
    Question,
    /// The part of the sign on each monitor.
    Bar(MonitorId),
    /// The part of the sign with permissions, messages and files.
    Panel,
    Picker,
    Farewell,
}

/// What is to be done outside.
pub(super) enum Said {
    ToDesk(UiToDesk),
    ToNet(UiToNet),
    /// Look into this folder.
    List(PathBuf),
    /// Bring the details to the front.
    Raise(Page),
    /// Take them out of the way.
    PutAway(Page),
    /// The program is done.
    Quit,
}

/// For the network to pass on what was said last, and to end by itself.
const TO_CLOSE: Duration = Duration::from_secs(5);

impl Ui {
    pub(super) fn new() -> Self {
        Self {
            start: Some(Start::new()),
            question: None,
            board: None,
            picker: None,
            farewell: None,
            questions: None,
            presents: false,
            focus: BTreeMap::new(),
            said: VecDeque::new(),
            is_up: false,
            closes_at: None,
        }
    }

    pub(super) fn poll(&mut self) -> Option<Said> {
        self.said.pop_front()
    }

    /// A window is there: whatever comes from here on comes up after it, and so over it.
    pub(super) fn is_up(&mut self) {
        if !std::mem::replace(&mut self.is_up, true) {
            self.said.push_back(Said::ToDesk(UiToDesk::Ready));
        }
    }

    pub(super) fn start(&self) -> Option<&Start> {
        self.start.as_ref()
    }

    pub(super) fn question(&self) -> Option<&Asked> {
        self.question.as_ref()
    }

    pub(super) fn board(&self) -> Option<&Board> {
        self.board.as_ref()
    }

    pub(super) fn picker(&self) -> Option<&Picker> {
        self.picker.as_ref()
    }

    pub(super) fn farewell(&self) -> Option<&Farewell> {
        self.farewell.as_ref()
    }

    /// The windows that are shown.
    pub(super) fn pages(&self) -> Vec<Page> {
        if self.closes_at.is_some() {
            return Vec::new();
        }
        let monitors = self.board.iter().flat_map(|board| &board.sign.monitors);
        let bars = monitors.map(|place| Page::Bar(place.monitor));
        let others = [
            (self.start.is_some(), Page::Start),
            (self.question.is_some(), Page::Question),
            (self.has_details(), Page::Panel),
            (self.picker.is_some(), Page::Picker),
            (self.farewell.is_some(), Page::Farewell),
        ];
        let others = others.into_iter().filter(|(is_shown, _)| *is_shown);
        bars.chain(others.map(|(_, page)| page)).collect()
    }

    /// As long as nothing is permitted, there are none.
    fn has_details(&self) -> bool {
        let board = self.board.as_ref();
        board.is_some_and(|board| board.mood() != Mood::Asks)
    }

    /// How far down a list is what has the keyboard, from 0 to 1.
    pub(super) fn scroll(&self, page: Page) -> Option<f32> {
        let focused = self.focused(page)?;
        let stops = self.stops(page);
        let mut listed = stops.iter().filter(|stop| stop.is_listed());
        let place = listed.position(|stop| *stop == focused)?;
        let last = place + listed.count();
        let share = u16::try_from(place)
            .ok()
            .zip(u16::try_from(last.max(1)).ok());
        share.map(|(place, last)| f32::from(place) / f32::from(last))
    }

    /// Whether a window has the keyboard when it comes up. Who is not helped any more goes on with what they did: their next
    /// Enter is not for what came up over it.
    pub(super) fn takes_keyboard(&self, page: Page) -> bool {
        match page {
            Page::Bar(_) => false,
            Page::Start => !self.presents,
            _ => true,
        }
    }

    /// Where the keyboard is in a window.
    pub(super) fn focused(&self, page: Page) -> Option<Press> {
        let stops = self.stops(page);
        let kept = self.focus.get(&page).copied();
        let kept = kept.filter(|press| stops.contains(press));
        kept.or_else(|| self.default_focus(page, &stops))
    }

    /// No, where a question is asked.
    fn default_focus(&self, page: Page, stops: &[Press]) -> Option<Press> {
        match page {
            Page::Question => Some(Press::No),
            Page::Panel => Some(Press::PutAway),
            _ => stops.first().copied(),
        }
    }

    fn stops(&self, page: Page) -> Vec<Press> {
        let stops = match page {
            Page::Start => self.start.as_ref().map(Start::stops),
            Page::Question => self.question.as_ref().map(Asked::stops),
            Page::Panel => self.board.as_ref().map(Board::stops),
            Page::Picker => self.picker.as_ref().map(Picker::stops),
            Page::Farewell => self.farewell.as_ref().map(Farewell::stops),
            Page::Bar(monitor) => {
                let all = vec![Press::Details, Press::MoveBar(monitor), Press::Stop];
                self.board.as_ref().map(|_| all)
            }
        };
        stops.unwrap_or_default()
    }

    pub(super) fn hear_desk(&mut self, now: Instant, message: DeskToUi) {
        match message {
            DeskToUi::Ask(question) => {
                self.focus.remove(&Page::Question);
                self.question = Some(Asked::new(now, question));
            }
            DeskToUi::CloseQuestion => self.close_question(),
            DeskToUi::Indicate(sign) => match &mut self.board {
                Some(board) => board.indicate(sign),
                None => {
                    self.start = None;
                    self.board = Some(Board::new(now, sign));
                }
            },
            DeskToUi::HideIndicator => self.board = None,
            DeskToUi::PickFile(transfer) => self.pick_file(Picker::new(transfer, home())),
            DeskToUi::Ended(reason) => self.end(reason),
            DeskToUi::WarnOfEnd { reason, seconds } => {
                self.on_board(|board| board.warn(now, reason, seconds));
            }
            DeskToUi::Chat(words) => self.on_board(|board| board.hear(words)),
            DeskToUi::FileArrived { path } => self.on_board(|board| board.arrive(&path)),
        }
    }

    pub(super) fn hear_net(&mut self, message: NetToUi) {
        if let NetToUi::Questions(questions) = message {
            self.questions = Some(questions);
            return;
        }
        self.presents |= matches!(message, NetToUi::Bring { .. });
        let is_last = matches!(message, NetToUi::Left | NetToUi::Failed(_));
        if self.presents && is_last {
            // The desk's word of the session that ended with it may come later.
            self.start.get_or_insert_with(Start::new);
        }
        if let Some(start) = &mut self.start {
            start.heard(message);
        }
    }

    /// When something is due, or the windows read differently, though nothing happens: not before it they need to be drawn.
    pub(super) fn wakes_at(&self, now: Instant) -> Option<Instant> {
        if self.closes_at.is_some() {
            return self.closes_at;
        }
        let question = self.question.as_ref();
        let question = question.map(|asked| asked.reads_anew_at(now));
        let board = self.board.as_ref().map(|board| board.reads_anew_at(now));
        question.into_iter().chain(board).min()
    }

    pub(super) fn tick(&mut self, now: Instant) {
        if self
            .question
            .as_ref()
            .is_some_and(|asked| asked.is_over(now))
        {
            self.close_question();
        }
        if self.closes_at.is_some_and(|at| now >= at) {
            self.closes_at = None;
            self.said.push_back(Said::Quit);
        }
    }

    pub(super) fn type_in(&mut self, page: Page, field: Field, text: &str) {
        self.focus.insert(page, Press::Field(field));
        match field {
            Field::Message => self.on_board(|board| board.type_in(text)),
            Field::Answer(_) => {
                if let Some(farewell) = &mut self.farewell {
                    farewell.type_in(field, text);
                }
            }
            Field::Code | Field::Name | Field::Passcode => {
                if let Some(start) = &mut self.start {
                    start.type_in(field, text);
                }
            }
        }
    }

    pub(super) fn key(&mut self, now: Instant, page: Page, key: Key) {
        let at = self.focused(page);
        match (key, at) {
            (Key::Next | Key::Previous, at) => {
                let next = step(&self.stops(page), at, key);
                self.focus.extend(next.map(|next| (page, next)));
            }
            (Key::Escape, _) => self.close(now, page),
            (Key::Enter, Some(Press::Field(Field::Message))) => {
                self.press(now, page, Press::Send);
            }
            // Something else may be left to be answered.
            (Key::Enter, Some(Press::Field(Field::Answer(_)))) => self.key(now, page, Key::Next),
            (Key::Enter, Some(Press::Field(_))) => self.press(now, page, Press::Continue),
            (Key::Space, Some(Press::Field(_))) | (_, None) => {}
            (Key::Enter | Key::Space, Some(press)) if self.counts(now, page) => {
                self.press(now, page, press);
            }
            (Key::Enter | Key::Space, Some(_)) => {}
        }
    }

    /// What is typed as a question comes up was meant for another window.
    fn counts(&self, now: Instant, page: Page) -> bool {
        let asked = self.question.as_ref();
        page != Page::Question || asked.is_some_and(|asked| asked.is_live(now))
    }

    /// The window's own way out, which is never a yes.
    pub(super) fn close(&mut self, now: Instant, page: Page) {
        match page {
            Page::Start => self.press(now, page, Press::Cancel),
            Page::Question => self.press(now, page, Press::No),
            Page::Panel => self.press(now, page, Press::PutAway),
            Page::Picker => self.press(now, page, Press::NoFile),
            Page::Farewell => self.press(now, page, Press::Close),
            Page::Bar(_) => {}
        }
    }

    pub(super) fn press(&mut self, now: Instant, page: Page, press: Press) {
        self.focus.insert(page, press);
        match press {
            Press::Field(_) => {}
            Press::Continue => {
                let said = self.start.as_mut().and_then(Start::go_on);
                self.said.extend(said.map(Said::ToNet));
            }
            Press::Cancel => self.cancel(now),
            Press::No => self.answer(now, false),
            Press::Yes => self.answer(now, true),
            Press::Choose(_) | Press::Minutes(_) => self.refine(press),
            Press::Entry(_) | Press::FolderAbove | Press::PageBefore | Press::PageAfter => {
                self.browse(press);
            }
            Press::NoFile => self.pick_none(),
            Press::Solved(_) | Press::Rate(_) | Press::RateOne(..) => self.judge(press),
            Press::SendFeedback => self.send_feedback(now),
            Press::Close => self.said.push_back(Said::Quit),
            _ => self.press_on_board(press),
        }
    }

    fn press_on_board(&mut self, press: Press) {
        let Some(board) = &mut self.board else {
            return;
        };
        let said = match press {
            Press::Stop => Some(UiToDesk::Stop),
            Press::Withdraw(capability) => Some(UiToDesk::Withdraw(capability)),
            Press::LetAsk(capability) => {
                board.forgive(capability);
                Some(UiToDesk::LetAsk(capability))
            }
            Press::Show(place) => {
                let parts = board.parts();
                parts.get(place).map(|part| UiToDesk::Show(part.surface))
            }
            Press::CancelFile(transfer) => {
                board.forget_file(transfer);
                Some(UiToDesk::CancelFile(transfer))
            }
            Press::Send => board.write().map(UiToDesk::Chat),
            _ => None,
        };
        match press {
            Press::MoveBar(monitor) => board.move_bar(monitor),
            Press::Details => {
                board.open();
                self.said.push_back(Said::Raise(Page::Panel));
            }
            Press::PutAway => {
                board.is_open = false;
                self.said.push_back(Said::PutAway(Page::Panel));
            }
            _ => {}
        }
        self.said.extend(said.map(Said::ToDesk));
    }

    /// Before there is a session to speak of. In the room, the desk ends it too.
    fn cancel(&mut self, now: Instant) {
        let is_in_the_room = self
            .start
            .as_ref()
            .is_some_and(|start| matches!(start.step, Step::Waiting));
        if is_in_the_room {
            self.tell_desk(UiToDesk::Stop);
        }
        self.said.push_back(Said::ToNet(UiToNet::Cancel));
        self.closes_at = Some(now + TO_CLOSE);
    }

    fn refine(&mut self, press: Press) {
        let Some(asked) = &mut self.question else {
            return;
        };
        match press {
            Press::Choose(choice) => asked.choose(choice),
            Press::Minutes(minutes) => asked.minutes = minutes,
            _ => {}
        }
    }

    fn answer(&mut self, now: Instant, yes: bool) {
        let asked = self.question.as_ref();
        let Some(answer) = asked.and_then(|asked| asked.answer(now, yes)) else {
            return;
        };
        self.tell_desk(answer);
        let asked = self.question.take();
        match (yes, asked) {
            (true, Some(asked)) => self.on_board(|board| board.expect(&asked.question.subject)),
            (false, asked) => self.refuse(asked),
            (true, None) => {}
        }
    }

    /// Nobody answered.
    fn close_question(&mut self) {
        let asked = self.question.take();
        self.refuse(asked);
    }

    fn refuse(&mut self, asked: Option<Asked>) {
        let capability = asked.and_then(|asked| asked.capability());
        if let (Some(capability), Some(board)) = (capability, &mut self.board) {
            board.refuse(capability);
        }
    }

    fn pick_file(&mut self, picker: Picker) {
        self.said.push_back(Said::List(picker.folder.clone()));
        self.picker = Some(picker);
    }

    pub(super) fn list(&mut self, folder: PathBuf, entries: Vec<Entry>) {
        self.focus.remove(&Page::Picker);
        if let Some(picker) = &mut self.picker {
            picker.list(folder, entries);
        }
    }

    fn browse(&mut self, press: Press) {
        let Some(picker) = &mut self.picker else {
            return;
        };
        let picked = match press {
            Press::Entry(place) => picker.pick(place),
            Press::FolderAbove => picker.above().map(Picked::Folder),
            Press::PageBefore | Press::PageAfter => {
                picker.turn(press == Press::PageAfter);
                None
            }
            _ => None,
        };
        match picked {
            Some(Picked::Folder(folder)) => self.said.push_back(Said::List(folder)),
            Some(Picked::File(path)) => self.pick(path),
            None => {}
        }
    }

    fn pick(&mut self, path: PathBuf) {
        let transfer = self.picker.take().map(|picker| picker.transfer);
        let picked = transfer.map(|transfer| UiToDesk::Picked {
            transfer,
            path: path.into_os_string(),
        });
        self.said.extend(picked.map(Said::ToDesk));
    }

    fn pick_none(&mut self) {
        let transfer = self.picker.take().map(|picker| picker.transfer);
        let none = transfer.map(UiToDesk::PickedNone);
        self.said.extend(none.map(Said::ToDesk));
    }

    fn end(&mut self, reason: EndReason) {
        self.question = None;
        self.board = None;
        self.picker = None;
        if self.presents {
            self.start.get_or_insert_with(Start::shared);
            return;
        }
        self.start = None;
        match &mut self.farewell {
            // A restart that does not come: what the person has said until then stays.
            Some(farewell) => farewell.reason = reason,
            None => self.farewell = Some(Farewell::new(reason, self.questions.take())),
        }
    }

    fn judge(&mut self, press: Press) {
        let Some(farewell) = &mut self.farewell else {
            return;
        };
        match press {
            Press::Solved(solved) => farewell.solve(solved),
            Press::Rate(rating) => farewell.rate(rating),
            Press::RateOne(place, rating) => farewell.rate_one(place, rating),
            _ => {}
        }
    }

    fn send_feedback(&mut self, now: Instant) {
        let feedback = self.farewell.as_ref().and_then(Farewell::feedback);
        if let Some(feedback) = feedback {
            self.said.push_back(Said::ToNet(feedback));
            self.closes_at = Some(now + TO_CLOSE);
        }
    }

    fn tell_desk(&mut self, message: UiToDesk) {
        self.said.push_back(Said::ToDesk(message));
    }

    fn on_board(&mut self, act: impl FnOnce(&mut Board)) {
        self.board.as_mut().map(act).unwrap_or_default();
    }
}

/// Where a person's files are.
fn home() -> PathBuf {
    std::env::home_dir().unwrap_or_else(|| PathBuf::from("/"))
}

#[cfg(test)]
mod tests;
