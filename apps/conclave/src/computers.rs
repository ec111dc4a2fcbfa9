//! Lines of enrolled computers: which are on line at this moment, and what is asked of them.
//!
//! A line is held in memory, by the server that the computer connected to. Nothing of what is sealed for a computer is kept.

mod ends;
mod line;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conclave_protocol::unattended::{DeviceAnswer, NotCome, ToDevice};
use conclave_protocol::{SupportDeviceId, SupportSessionId};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

pub(crate) use ends::{end_from_outside, watch};
pub(crate) use line::{LONGEST_MESSAGE, Turned, talk};

/// All lines. Clones share them.
#[derive(Clone)]
pub(crate) struct Computers {
    stopping: CancellationToken,
    lines: Arc<Mutex<Lines>>,
    /// Somebody was refused by an end that the watch has not come to: it sleeps for up to a minute, and time may leap meanwhile.
    ending: Arc<Notify>,
}

#[derive(Default)]
struct Lines {
    /// Each line has one of its own: an earlier one of the same computer ends nothing of a later one.
    numbers: u64,
    /// How often one was cut off.
    cuts: u64,
    of: BTreeMap<SupportDeviceId, Line>,
    /// What began last, with where, and why it does not come, if its computer has said so.
    begun: BTreeMap<SupportSessionId, (SupportDeviceId, Option<NotCome>)>,
    /// Whose enrolment is over, and who heard so.
    over: BTreeSet<SupportDeviceId>,
}

struct Line {
    number: u64,
    run: String,
    outbox: mpsc::Sender<ToDevice>,
    /// What was asked and is not answered.
    asked: BTreeMap<SupportSessionId, Asked>,
}

struct Asked {
    attempt: u8,
    answer: oneshot::Sender<DeviceAnswer>,
}

/// Why a computer says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// It is not on line, or does not answer in time.
    Offline,
    /// It is asked as much as it may be at one time.
    Busy,
}

/// A computer's own end of its line.
pub(crate) struct Attached {
    device: SupportDeviceId,
    number: u64,
    inbox: mpsc::Receiver<ToDevice>,
}

/// Messages that wait for a computer.
const OUTBOX: usize = 32;
/// Asked of one computer at one time: as many as its service takes. One more than that it would answer as a failure of its
/// own.
const MOST_ASKED: usize = 2;
/// A machine that asks a directory for its administrators takes some seconds, and one that was told a wrong password a few more.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// Sessions of which it is kept why nobody comes. The oldest go: a code is good for ten minutes.
const MOST_BEGUN: usize = 1_000;

impl Computers {
    pub(crate) fn new(stopping: CancellationToken) -> Self {
        Self {
            stopping,
            lines: Arc::default(),
            ending: Arc::default(),
        }
    }

    pub(crate) fn is_online(&self, device: SupportDeviceId) -> bool {
        self.lines().of.contains_key(&device)
    }

    /// Of the service that is on the line.
    pub(crate) fn run(&self, device: SupportDeviceId) -> Option<String> {
        let lines = self.lines();
        lines.of.get(&device).map(|line| line.run.clone())
    }

    /// Asks a computer to let somebody in.
    pub(crate) async fn ask(
        &self,
        device: SupportDeviceId,
        session: SupportSessionId,
        attempt: u8,
        message: ToDevice,
    ) -> Result<DeviceAnswer, Unanswered> {
        let answer = self.send(device, session, attempt, message)?;
        let answered = timeout(ANSWER_WITHIN, answer).await;
        self.forget(device, session, attempt);
        let answered = answered.ok().and_then(Result::ok);
        answered.ok_or(Unanswered::Offline)
    }

    /// Whether it is asked as much as it may be at this moment.
    pub(crate) fn is_busy(&self, device: SupportDeviceId, session: SupportSessionId) -> bool {
        let lines = self.lines();
        let line = lines.of.get(&device);
        line.is_some_and(|line| line.is_busy(session) || line.outbox.capacity() == 0)
    }

    /// Lets a computer begin what it said yes to. Whether the word is on its way.
    pub(crate) fn begin(&self, device: SupportDeviceId, session: SupportSessionId) -> bool {
        let mut lines = self.lines();
        lines.begun.insert(session, (device, None));
        // Their numbers rise with time.
        while lines.begun.len() > MOST_BEGUN {
            lines.begun.pop_first();
        }
        drop(lines);
        let hears = true;
        self.tell(device, ToDevice::Begin { session, hears })
    }

    /// Why a computer does not come into a session that began there, if it has said so.
    pub(crate) fn why_not(&self, session: SupportSessionId) -> Option<NotCome> {
        let lines = self.lines();
        lines.begun.get(&session).and_then(|(_, why)| *why)
    }

    /// Of another computer's session nothing is heard.
    fn not_come(&self, attached: &Attached, session: SupportSessionId, why: NotCome) {
        if let Some((device, told)) = self.lines().begun.get_mut(&session)
            && *device == attached.device
        {
            *told = Some(why);
        }
    }

    /// Whether it is on its way.
    pub(crate) fn tell(&self, device: SupportDeviceId, message: ToDevice) -> bool {
        let lines = self.lines();
        let line = lines.of.get(&device);
        line.is_some_and(|line| line.outbox.try_send(message).is_ok())
    }

    /// Nothing more comes of the computer's line.
    pub(crate) fn cut_off(&self, device: SupportDeviceId) {
        let mut lines = self.lines();
        lines.cuts += 1;
        lines.of.remove(&device);
    }

    /// The next look whose enrolment is over comes at once: somebody was refused since one is.
    pub(crate) fn look_for_ends(&self) {
        self.ending.notify_one();
    }

    /// A computer was told that its enrolment is over. Whether for the first time since it was on line.
    pub(crate) fn note_end(&self, device: SupportDeviceId) -> bool {
        self.lines().over.insert(device)
    }

    /// For [`Self::attach`]; taken before it is looked up whether a computer was taken out.
    fn cuts(&self) -> u64 {
        self.lines().cuts
    }

    /// In place of an earlier line of the same computer. `None`: since there were so many cuts another was made, and what was
    /// looked up may not be true any more.
    fn attach(&self, device: SupportDeviceId, run: String, cuts: u64) -> Option<Attached> {
        let (outbox, inbox) = mpsc::channel(OUTBOX);
        let mut lines = self.lines();
        if lines.cuts != cuts {
            return None;
        }
        lines.numbers += 1;
        let number = lines.numbers;
        let line = Line {
            number,
            run,
            outbox,
            asked: BTreeMap::new(),
        };
        lines.of.insert(device, line);
        lines.over.remove(&device);
        Some(Attached {
            device,
            number,
            inbox,
        })
    }

    fn detach(&self, attached: &Attached) {
        let mut lines = self.lines();
        if Self::is_of(&lines, attached) {
            lines.of.remove(&attached.device);
        }
    }

    /// Whether nobody took its place.
    fn is_current(&self, attached: &Attached) -> bool {
        Self::is_of(&self.lines(), attached)
    }

    fn is_of(lines: &Lines, attached: &Attached) -> bool {
        let line = lines.of.get(&attached.device);
        line.is_some_and(|line| line.number == attached.number)
    }

    fn send(
        &self,
        device: SupportDeviceId,
        session: SupportSessionId,
        attempt: u8,
        message: ToDevice,
    ) -> Result<oneshot::Receiver<DeviceAnswer>, Unanswered> {
        let mut lines = self.lines();
        let line = lines.of.get_mut(&device).ok_or(Unanswered::Offline)?;
        if line.is_busy(session) {
            return Err(Unanswered::Busy);
        }
        line.outbox.try_send(message).map_err(unsent)?;
        let (answer, answered) = oneshot::channel();
        line.asked.insert(session, Asked { attempt, answer });
        Ok(answered)
    }

    /// What nobody asked is not heard.
    fn answered(
        &self,
        attached: &Attached,
        session: SupportSessionId,
        attempt: u8,
        answer: DeviceAnswer,
    ) {
        let mut lines = self.lines();
        let line = lines.of.get_mut(&attached.device);
        let Some(line) = line.filter(|line| line.number == attached.number) else {
            return;
        };
        let is_asked = |asked: &Asked| asked.attempt == attempt;
        if line.asked.get(&session).is_some_and(is_asked)
            && let Some(asked) = line.asked.remove(&session)
        {
            // Whoever asked may have gone.
            let _heard = asked.answer.send(answer);
        }
    }

    fn forget(&self, device: SupportDeviceId, session: SupportSessionId, attempt: u8) {
        let mut lines = self.lines();
        if let Some(line) = lines.of.get_mut(&device)
            && line
                .asked
                .get(&session)
                .is_some_and(|asked| asked.attempt == attempt)
        {
            line.asked.remove(&session);
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn is_busy(&self, session: SupportSessionId) -> bool {
        self.asked.len() >= MOST_ASKED || self.asked.contains_key(&session)
    }
}

fn unsent(error: TrySendError<ToDevice>) -> Unanswered {
    match error {
        TrySendError::Full(_) => Unanswered::Busy,
        TrySendError::Closed(_) => Unanswered::Offline,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const DEVICE: SupportDeviceId = SupportDeviceId(Uuid::from_u128(1));
    const SESSION: SupportSessionId = SupportSessionId(Uuid::from_u128(2));

    fn begin() -> ToDevice {
        ToDevice::Begin {
            session: SESSION,
            hears: true,
        }
    }

    fn attach(computers: &Computers, run: &str) -> Attached {
        let attached = computers.attach(DEVICE, run.to_owned(), computers.cuts());
        attached.unwrap()
    }

    #[tokio::test]
    async fn a_computer_that_is_not_on_line_is_not_asked() {
        let computers = Computers::new(CancellationToken::new());

        let asked = computers.ask(DEVICE, SESSION, 1, begin()).await;
        assert_eq!(asked, Err(Unanswered::Offline));
        assert!(!computers.tell(DEVICE, begin()) && !computers.is_online(DEVICE));
    }

    #[tokio::test]
    async fn an_answer_is_of_the_try_that_was_asked_about_and_of_the_line_that_was_asked() {
        let computers = Computers::new(CancellationToken::new());
        let earlier = attach(&computers, "a");
        let attached = attach(&computers, "b");
        let asked = computers.ask(DEVICE, SESSION, 2, begin());
        let answers = async {
            computers.answered(&attached, SESSION, 1, DeviceAnswer::Wrong);
            computers.answered(&earlier, SESSION, 2, DeviceAnswer::Wrong);
            computers.answered(&attached, SESSION, 2, DeviceAnswer::Verified);
        };

        let (answer, ()) = tokio::join!(asked, answers);

        assert_eq!(answer, Ok(DeviceAnswer::Verified));
    }

    #[tokio::test]
    async fn a_computer_that_is_asked_as_much_as_it_may_be_is_busy_and_not_gone() {
        let computers = Computers::new(CancellationToken::new());
        let _attached = attach(&computers, "a");
        let session = |number| SupportSessionId(Uuid::from_u128(number));
        let waiting: Vec<_> = (0..MOST_ASKED as u128)
            .map(|number| computers.send(DEVICE, session(number), 1, begin()))
            .collect();
        assert!(waiting.iter().all(Result::is_ok));

        let asked = computers.ask(DEVICE, session(100), 1, begin()).await;

        assert_eq!(asked, Err(Unanswered::Busy));
        assert!(computers.is_online(DEVICE) && computers.is_busy(DEVICE, session(100)));
        computers.forget(DEVICE, session(0), 1);
        assert!(!computers.is_busy(DEVICE, session(100)));
    }

    #[test]
    fn why_a_computer_does_not_come_is_heard_of_its_own_sessions_alone() {
        let computers = Computers::new(CancellationToken::new());
        let attached = attach(&computers, "a");
        let other = SupportDeviceId(Uuid::from_u128(9));
        let theirs = SupportSessionId(Uuid::from_u128(3));
        assert!(computers.begin(DEVICE, SESSION));
        assert!(!computers.begin(other, theirs));

        for session in [SESSION, theirs] {
            computers.not_come(&attached, session, NotCome::Ended);
        }

        assert_eq!(computers.why_not(SESSION), Some(NotCome::Ended));
        assert_eq!(computers.why_not(theirs), None);
        for number in 10..10 + MOST_BEGUN as u128 {
            computers.begin(DEVICE, SupportSessionId(Uuid::from_u128(number)));
        }
        assert_eq!(computers.why_not(SESSION), None, "it is forgotten");
    }

    // Shows: REQ-AC-25.
    #[test]
    fn a_computer_that_is_taken_out_while_it_proves_who_it_is_gets_no_line() {
        let computers = Computers::new(CancellationToken::new());
        // It is looked up, and is not taken out yet.
        let cuts = computers.cuts();
        computers.cut_off(DEVICE);

        assert!(computers.attach(DEVICE, "a".to_owned(), cuts).is_none());

        assert!(!computers.is_online(DEVICE));
        attach(&computers, "b");
        assert!(computers.is_online(DEVICE), "it proves it again");
    }

    // Shows: REQ-AC-29.
    #[test]
    fn a_computer_whose_enrolment_is_over_is_told_of_on_record_once_until_it_was_on_line() {
        let computers = Computers::new(CancellationToken::new());

        assert!(computers.note_end(DEVICE));
        assert!(!computers.note_end(DEVICE));
        attach(&computers, "a");
        assert!(computers.note_end(DEVICE));
    }

    #[test]
    fn a_line_that_was_replaced_ends_nothing_of_the_later_one() {
        let computers = Computers::new(CancellationToken::new());
        let earlier = attach(&computers, "a");
        let later = attach(&computers, "b");

        assert!(!computers.is_current(&earlier) && computers.is_current(&later));
        computers.detach(&earlier);
        assert_eq!(computers.run(DEVICE).as_deref(), Some("b"));
        computers.detach(&later);
        assert!(!computers.is_online(DEVICE));
    }
}
