//! The sign of a session, and everything that the person can do while it is shown.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, Instant};

use conclave_protocol::personal::Words;
use conclave_protocol::remote::{Capability, EndReason, MonitorId, TransferId};
use conclave_remote::Phase;

use super::press::{Field, Press};
use super::question::{Choice, parts};
use super::words;
use crate::ipc::{Place, Sign, Subject};

/// Without `Debug`: it holds what people write.
pub(super) struct Board {
    pub(super) sign: Sign,
    since: Instant,
    warning: Option<(EndReason, Instant)>,
    at_the_bottom: BTreeMap<MonitorId, bool>,
    /// What the person said no to, or nothing.
    refused: Vec<Capability>,
    pub(super) chat: Vec<Line>,
    pub(super) draft: String,
    /// Where each is.
    pub(super) files: Vec<String>,
    /// Permitted, and not there yet.
    pub(super) coming: Vec<(TransferId, String)>,
    pub(super) news: Option<News>,
    pub(super) is_open: bool,
}

pub(super) struct Line {
    pub(super) is_own: bool,
    pub(super) words: Words,
}

/// What has come since the details were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    Message,
    File,
}

/// How the sign looks, by what the technician can do at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Asks,
    SeesNothing,
    Sees,
    Controls,
    Rests,
}

/// More than anybody reads again; older ones go.
const MOST_LINES: usize = 200;
const MOST_FILES: usize = 64;
const MOST_COMING: usize = 16;

impl Board {
    pub(super) fn new(now: Instant, sign: Sign) -> Self {
        Self {
            sign,
            since: now,
            warning: None,
            at_the_bottom: BTreeMap::new(),
            refused: Vec::new(),
            chat: Vec::new(),
            draft: String::new(),
            files: Vec::new(),
            coming: Vec::new(),
            news: None,
            is_open: true,
        }
    }

    pub(super) fn indicate(&mut self, sign: Sign) {
        self.refused
            .retain(|capability| !sign.permitted.contains(*capability));
        self.sign = sign;
    }

    pub(super) fn mood(&self) -> Mood {
        match (self.sign.phase, self.sign.pause) {
            (Phase::Requested, _) => Mood::Asks,
            (Phase::Consented | Phase::Ended(_), _) => Mood::SeesNothing,
            (Phase::Viewing, _) => Mood::Sees,
            (Phase::Controlled, None) => Mood::Controls,
            (Phase::Controlled, Some(_)) => Mood::Rests,
        }
    }

    /// Those with a frame: what is on them is seen, or could be.
    pub(super) fn framed(&self) -> &[Place] {
        match self.mood() {
            Mood::Asks | Mood::SeesNothing => &[],
            Mood::Sees | Mood::Controls | Mood::Rests => &self.sign.monitors,
        }
    }

    pub(super) fn elapsed(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }

    pub(super) fn warn(&mut self, now: Instant, reason: EndReason, seconds: u32) {
        self.warning = Some((reason, now + Duration::from_secs(seconds.into())));
    }

    /// Until it has passed: then either it is over, or it was averted.
    pub(super) fn warning(&self, now: Instant) -> Option<(EndReason, Duration)> {
        let (reason, at) = self.warning?;
        let left = at.saturating_duration_since(now);
        (!left.is_zero()).then_some((reason, left))
    }

    /// When one of both reads differently.
    pub(super) fn reads_anew_at(&self, now: Instant) -> Instant {
        let elapsed = self.since + words::so_far_until(self.elapsed(now));
        match self.warning(now) {
            Some((_, left)) => elapsed.min(words::reads_anew_at(now, now + left)),
            None => elapsed,
        }
    }

    pub(super) fn is_at_the_bottom(&self, monitor: MonitorId) -> bool {
        self.at_the_bottom.get(&monitor).copied().unwrap_or(false)
    }

    pub(super) fn move_bar(&mut self, monitor: MonitorId) {
        let moved = !self.is_at_the_bottom(monitor);
        self.at_the_bottom.insert(monitor, moved);
    }

    pub(super) fn refuse(&mut self, capability: Capability) {
        if !self.refused.contains(&capability) {
            self.refused.push(capability);
        }
    }

    pub(super) fn forgive(&mut self, capability: Capability) {
        self.refused.retain(|refused| *refused != capability);
    }

    pub(super) fn refused(&self) -> &[Capability] {
        &self.refused
    }

    /// The parts of the screen that can be shown instead; none without a choice.
    pub(super) fn parts(&self) -> Vec<Choice> {
        match self.sign.permitted.contains(Capability::View) {
            true => parts(&self.sign.monitors),
            false => Vec::new(),
        }
    }

    pub(super) fn can_chat(&self) -> bool {
        self.sign.permitted.contains(Capability::Chat)
    }

    pub(super) fn hear(&mut self, words: Words) {
        self.add_line(Line {
            is_own: false,
            words,
        });
        self.tell(News::Message);
    }

    pub(super) fn type_in(&mut self, text: &str) {
        self.draft = Field::Message.taken(text);
    }

    /// What is to be sent, if it can be.
    pub(super) fn write(&mut self) -> Option<Words> {
        let words = Words::parse(&self.draft).ok();
        let words = words.filter(|_| self.can_chat())?;
        self.draft.clear();
        self.add_line(Line {
            is_own: true,
            words: words.clone(),
        });
        Some(words)
    }

    fn add_line(&mut self, line: Line) {
        self.chat.push(line);
        let over = self.chat.len().saturating_sub(MOST_LINES);
        self.chat.drain(..over);
    }

    /// The person said yes to a file.
    pub(super) fn expect(&mut self, subject: &Subject) {
        if let Subject::FileIn { transfer, name, .. } = subject {
            self.coming.push((*transfer, name.clone()));
            let over = self.coming.len().saturating_sub(MOST_COMING);
            self.coming.drain(..over);
        }
    }

    pub(super) fn forget_file(&mut self, transfer: TransferId) {
        self.coming.retain(|(coming, _)| *coming != transfer);
    }

    /// Its name in the inbox begins with its number.
    pub(super) fn arrive(&mut self, path: &OsStr) {
        let name = Path::new(path).file_name().unwrap_or(path);
        let name = name.to_string_lossy();
        self.coming
            .retain(|(transfer, _)| !name.starts_with(&format!("{}-", transfer.0)));
        let path = path.to_string_lossy().into_owned();
        self.files.push(path);
        let over = self.files.len().saturating_sub(MOST_FILES);
        self.files.drain(..over);
        self.tell(News::File);
    }

    fn tell(&mut self, news: News) {
        if !self.is_open {
            self.news = Some(news);
        }
    }

    pub(super) fn open(&mut self) {
        self.is_open = true;
        self.news = None;
    }

    /// Of the details.
    pub(super) fn stops(&self) -> Vec<Press> {
        let permitted = self.sign.permitted.iter().map(Press::Withdraw);
        let refused = self.refused.iter().copied().map(Press::LetAsk);
        let parts = self.parts();
        let parts = (0..parts.len()).map(Press::Show);
        let coming = self.coming.iter();
        let coming = coming.map(|(transfer, _)| Press::CancelFile(*transfer));
        let chat = [Press::Field(Field::Message), Press::Send];
        let chat = chat.into_iter().filter(|_| self.can_chat());
        permitted
            .chain(refused)
            .chain(parts)
            .chain(coming)
            .chain(chat)
            .chain([Press::PutAway, Press::Stop])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::scene::sign;
    use conclave_protocol::remote::PauseReason;

    #[test]
    fn a_frame_is_there_while_something_is_seen() {
        let view = [Capability::View];
        let mut board = Board::new(Instant::now(), sign(Phase::Consented, &view));
        assert!(board.framed().is_empty());

        board.indicate(sign(Phase::Viewing, &view));

        assert_eq!(board.framed().len(), 1);
    }

    #[test]
    fn control_that_rests_looks_different() {
        let mut sign = sign(Phase::Controlled, &[Capability::View, Capability::Control]);
        let mut board = Board::new(Instant::now(), sign.clone());
        assert_eq!(board.mood(), Mood::Controls);

        sign.pause = Some(PauseReason::LocalInput);
        board.indicate(sign);

        assert_eq!(board.mood(), Mood::Rests);
    }

    #[test]
    fn what_was_refused_can_be_asked_again_until_it_is_permitted() {
        let mut board = Board::new(Instant::now(), sign(Phase::Consented, &[]));
        board.refuse(Capability::View);
        assert!(board.stops().contains(&Press::LetAsk(Capability::View)));

        board.indicate(sign(Phase::Viewing, &[Capability::View]));

        assert!(board.refused().is_empty());
    }

    #[test]
    fn messages_are_written_while_they_are_permitted() {
        let mut board = Board::new(Instant::now(), sign(Phase::Consented, &[]));
        board.type_in("hello");
        assert!(board.write().is_none());

        board.indicate(sign(Phase::Consented, &[Capability::Chat]));

        assert!(board.write().is_some() && board.draft.is_empty());
        assert!(board.write().is_none());
    }

    #[test]
    fn the_oldest_messages_go() {
        let mut board = Board::new(Instant::now(), sign(Phase::Consented, &[Capability::Chat]));
        for _ in 0..=MOST_LINES {
            board.hear(Words::parse("hello").unwrap());
        }

        assert_eq!(board.chat.len(), MOST_LINES);
    }

    #[test]
    fn what_comes_while_the_details_are_away_is_told() {
        let mut board = Board::new(Instant::now(), sign(Phase::Consented, &[]));
        board.hear(Words::parse("hello").unwrap());
        assert_eq!(board.news, None);

        board.is_open = false;
        board.arrive(OsStr::new("/inbox/report-1.pdf"));
        assert_eq!(board.news, Some(News::File));

        board.open();
        assert_eq!(board.news, None);
    }

    #[test]
    fn a_warning_ends_with_its_time() {
        let now = Instant::now();
        let mut board = Board::new(now, sign(Phase::Viewing, &[]));
        board.warn(now, EndReason::Idle, 60);

        let left = board.warning(now + Duration::from_secs(59));
        assert_eq!(left, Some((EndReason::Idle, Duration::from_secs(1))));
        assert_eq!(board.warning(now + Duration::from_secs(60)), None);
    }

    #[test]
    fn a_bar_goes_to_the_other_edge_of_its_monitor_and_back() {
        let mut board = Board::new(Instant::now(), sign(Phase::Viewing, &[]));
        board.move_bar(MonitorId(0));
        assert!(board.is_at_the_bottom(MonitorId(0)) && !board.is_at_the_bottom(MonitorId(1)));

        board.move_bar(MonitorId(0));
        assert!(!board.is_at_the_bottom(MonitorId(0)));
    }
}
