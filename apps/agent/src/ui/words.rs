//! Every text that the person at the computer reads: plain words and short sentences.

use std::time::{Duration, Instant};

use conclave_protocol::remote::{Capabilities, Capability, DiagnosticItem, EndReason};
use conclave_remote::Person;

use super::board::Mood;
use super::tag::{tag, tags, width};
use crate::ipc::{Failure, Sign};
use crate::service::hexadecimal;

pub(super) mod title {
    pub(crate) const START: &str = "Conclave";
    pub(crate) const QUESTION: &str = "Conclave asks";
    pub(crate) const SIGN: &str = "Conclave session";
    pub(crate) const PANEL: &str = "Conclave session details";
    pub(crate) const PICKER: &str = "Conclave file";
    pub(crate) const ENDED: &str = "Conclave ended";
}

pub(super) mod start {
    pub(crate) const HEADING: &str = "Get help with this computer";
    pub(crate) const CAUTION: &str = "Did somebody call you and ask you to do this? \
        Only go on with somebody whom you called, or know.";
    pub(crate) const CODE: &str = "The code or the link that you were given";
    pub(crate) const NAME: &str = "Your name, as the technician will see it";
    pub(crate) const PASSCODE: &str = "Passcode, if you were given one";
    pub(crate) const CONTINUE: &str = "Continue";
    pub(crate) const CANCEL: &str = "Cancel";
    pub(crate) const TRYING: &str = "Looking for this code…";
    pub(crate) const CONNECTING: &str = "Connecting…";
    pub(crate) const KNOCKING: &str = "Tell the technician that you are there: they let you in.";
    pub(crate) const WAITING: &str = "Connected. The technician will ask you what they need. \
        Nothing is seen or done before you say yes.";
    pub(crate) const OFFER: &str = "Is this who helps you?";
    pub(crate) const TECHNICIAN: &str = "Technician";
    pub(crate) const ORGANISATION: &str = "Organisation";
    pub(crate) const SERVER: &str = "Server";
    pub(crate) const ONE_BY_ONE: &str = "You will be asked about each thing by itself: to see your \
        screen, to use keyboard and mouse, to exchange files or text. You can say no to each, and \
        stop at any time.";
}

pub(super) mod presenting {
    pub(crate) const HEADING: &str = "Show this computer in your meeting";
    pub(crate) const CAUTION: &str = "Did somebody else send you the link for this? \
        Only go on if you are in the meeting yourself, and asked for it there.";
    pub(crate) const OWNER: &str = "Your name";
    pub(crate) const IS_IT_YOU: &str = "Are you in this meeting, under this name?";
    pub(crate) const ONE_BY_ONE: &str = "In the meeting you choose who may use this computer. Here you \
        are asked each time before they see or do anything. You can say no, and stop at any time.";
    pub(crate) const SHARED: &str = "This computer is in your meeting, and nobody uses it. Choose in the \
        meeting who may. You will be asked here first.";
    pub(crate) const LEFT: &str = "This computer is not in the meeting any more.";
    pub(crate) const TAKE_OUT: &str = "Take it out of the meeting";
}

pub(super) mod question {
    pub(crate) const YES: &str = "Yes";
    pub(crate) const NO: &str = "No";
    pub(crate) const WHAT_IS_SHOWN: &str = "What may they see?";
    pub(crate) const WHOLE_SCREEN: &str = "The whole screen";
    pub(crate) const HOW_LONG: &str = "For how long?";
    pub(crate) const ALL_OF_THE_REPORT: &str = "This is the whole report. Nothing else is sent.";
    pub(crate) const NO_IS_SAFE: &str = "If you don't know this person, say No. Nothing is lost.";
    pub(crate) const SEALED_TO: &str =
        "Only the organisation can open the recording. Its key, to compare:";
}

pub(super) mod sign {
    pub(crate) const STOP: &str = "Stop";
    pub(crate) const STOP_KEYS: &str = "Stop: Ctrl+Alt+Shift+F12";
    pub(crate) const DETAILS: &str = "Details";
    pub(crate) const TO_THE_BOTTOM: &str = "Move down";
    pub(crate) const TO_THE_TOP: &str = "Move up";
    pub(crate) const PERMITTED: &str = "What you permit. Press one to take it back.";
    pub(crate) const NOTHING_PERMITTED: &str = "Nothing is permitted.";
    pub(crate) const LET_ASK: &str = "What you said no to. Press one to let them ask again.";
    pub(crate) const SHOW: &str = "Show them something else";
    pub(crate) const FILES: &str = "Files from the technician";
    pub(crate) const CHAT: &str = "Messages";
    pub(crate) const NO_MESSAGES: &str = "No messages so far.";
    pub(crate) const NO_CHAT: &str = "You have not permitted messages.";
    pub(crate) const WRITE: &str = "Write a message";
    pub(crate) const SEND: &str = "Send";
    pub(crate) const YOU: &str = "You";
    pub(crate) const HIDE: &str = "Put away";
    pub(crate) const NEW_MESSAGE: &str = "New message: press Details";
    pub(crate) const NEW_FILE: &str = "A file arrived: press Details";
}

pub(super) mod picker {
    pub(crate) const HEADING: &str = "Choose the one file to send";
    pub(crate) const UP: &str = "Folder above";
    pub(crate) const NONE: &str = "Send none";
    pub(crate) const EMPTY: &str = "There is nothing here that can be sent.";
    pub(crate) const BEFORE: &str = "Earlier";
    pub(crate) const AFTER: &str = "More";
}

pub(super) mod ended {
    pub(crate) const NOTHING_STAYS: &str = "Of this session nothing stays on the computer but the files \
        that you let in.";
    pub(crate) const SOLVED: &str = "Is your problem solved?";
    pub(crate) const YES: &str = "Yes, it is";
    pub(crate) const NO: &str = "No, it isn't";
    pub(crate) const RATING: &str = "How was the help? 1 is bad, 5 is very good.";
    pub(crate) const SCALE: &str = "1 is bad, 5 is very good.";
    pub(crate) const SEND: &str = "Send and close";
    pub(crate) const CLOSE: &str = "Close";
}

/// What is asked, behind who asks it.
pub(super) fn wish(capability: Capability) -> &'static str {
    match capability {
        Capability::View => "wants to see your screen.",
        Capability::Control => "wants to use your keyboard and mouse.",
        Capability::ClipboardIn => "wants to put text onto your clipboard.",
        Capability::ClipboardOut => "wants to read the text that you copy.",
        Capability::FileIn => "wants to send you a file.",
        Capability::FileOut => "wants to get a file from you.",
        Capability::Diagnostics => "wants facts about your computer.",
        Capability::Chat => "wants to exchange messages with you.",
        Capability::Recording => "wants to record what they see.",
        Capability::Administrator => "wants an administrator's rights on your computer.",
    }
}

/// What a yes permits, and what it doesn't.
pub(super) fn meaning(capability: Capability) -> &'static str {
    match capability {
        Capability::View => {
            "They see what is on your screen, and can't press or type anything. Close what they \
             should not see."
        }
        Capability::Control => {
            "They can press and type as you can. Move your own mouse, and theirs rests."
        }
        Capability::ClipboardIn => "You can paste what they sent. They don't see your clipboard.",
        Capability::ClipboardOut => {
            "They get each text that you copy from here on. Don't copy passwords."
        }
        Capability::FileIn => {
            "The file is put into a folder of its own. Nothing opens it by itself."
        }
        Capability::FileOut => "You choose the one file after you say yes. They see no other.",
        Capability::Diagnostics => "No names, passwords or documents are among them.",
        Capability::Chat => "You can write to each other. Don't write passwords.",
        Capability::Recording => "They keep a film of your screen after this session.",
        Capability::Administrator => {
            "They need an administrator's name and password for it. With them they can restart this \
             computer, and you are asked again before that."
        }
    }
}

pub(super) const WATCHER_WISH: &str = "wants to watch.";
pub(super) const WATCHER_MEANING: &str =
    "They would see what the technician sees. If you say No, the session ends.";
pub(super) const RESTART_WISH: &str = "wants to restart this computer.";
pub(super) const RESTART_MEANING: &str =
    "Save your work: all programs close. Log in within 15 minutes, and you are asked to go on.";
pub(super) const HAND_OVER_WISH: &str = "wants to go on in the technician's place.";
pub(super) const HAND_OVER_MEANING: &str =
    "What you permitted ends. The one who goes on asks you for everything again.";

/// A permission, as the sign lists it.
pub(super) fn permission(capability: Capability) -> &'static str {
    match capability {
        Capability::View => "See the screen",
        Capability::Control => "Use keyboard and mouse",
        Capability::ClipboardIn => "Put text on the clipboard",
        Capability::ClipboardOut => "Read the clipboard",
        Capability::FileIn => "Send you a file",
        Capability::FileOut => "Get a file",
        Capability::Diagnostics => "Facts about the computer",
        Capability::Chat => "Messages",
        Capability::Recording => "Record",
        Capability::Administrator => "Administrator's rights",
    }
}

pub(super) fn item(item: DiagnosticItem) -> &'static str {
    match item {
        DiagnosticItem::OperatingSystem => "System",
        DiagnosticItem::Kernel => "Kernel",
        DiagnosticItem::Uptime => "Running for",
        DiagnosticItem::Processor => "Processor",
        DiagnosticItem::Memory => "Memory",
        DiagnosticItem::Disks => "Disks",
        DiagnosticItem::NetworkAdapters => "Network",
        DiagnosticItem::Displays => "Screens",
        DiagnosticItem::AgentVersion => "This program",
    }
}

/// Why it is over.
pub(super) fn ending(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Stopped => "You stopped the session.",
        EndReason::TechnicianLeft => "The technician ended the session.",
        EndReason::Refused => "You said no, so the session is over.",
        EndReason::NotAnswered => "Nobody answered, so the session is over.",
        EndReason::Idle => "The technician did nothing for a long time.",
        EndReason::TooLong => "The session lasted as long as it may.",
        EndReason::ConnectionLost => "The connection was lost.",
        EndReason::NotPermitted => "The organisation's rules don't permit it any more.",
        EndReason::Unwelcome => "Somebody came in whom you didn't agree to.",
        EndReason::Unexpected => {
            "The technician's page did something unexpected. To be safe, it was stopped."
        }
        EndReason::Flood => "The technician's page sent too much. To be safe, it was stopped.",
        EndReason::SignLost => "The sign of the session was gone. To be safe, it was stopped.",
        EndReason::AgentStopped => "The program on this computer stopped.",
        EndReason::Restarting => "The computer restarts.",
        EndReason::RestartRefused => "The computer did not restart. The session is over.",
        EndReason::NotKept => "The session had to be recorded, and the server doesn't keep it.",
    }
}

/// That it will be over, unless something happens.
pub(super) fn warning(reason: EndReason, left: Duration) -> String {
    let why = match reason {
        EndReason::Idle => "The technician does nothing",
        EndReason::ConnectionLost => "The connection is lost",
        EndReason::TooLong => "The time is nearly over",
        EndReason::NotAnswered => "Nothing is permitted yet",
        _ => "This can't go on",
    };
    format!("{why}: ends in {}", seconds(left))
}

pub(super) fn yes_in(left: Duration) -> String {
    format!("{} (in {} s)", question::YES, whole_seconds(left))
}

pub(super) fn no_answer_is_no(left: Duration) -> String {
    format!("No answer is a No. This closes in {}.", seconds(left))
}

pub(super) fn minutes(minutes: u16) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        more => format!("{more} minutes"),
    }
}

pub(super) fn monitor(number: usize, width: u32, height: u32) -> String {
    format!("Only screen {number} ({width} × {height})")
}

pub(super) fn window(title: &str) -> String {
    format!("Only the window “{title}”")
}

/// A person, of whom they are.
pub(super) fn of(person: &Person) -> String {
    format!("{}, {}", person.name.as_str(), person.organisation.as_str())
}

/// Who helps, and whether somebody here let them.
pub(super) fn helper(sign: &Sign) -> String {
    format!("{}{}", let_in(sign), of(&sign.technician))
}

/// In one line of so many pixels.
pub(super) fn helper_within(sign: &Sign, room: u32) -> String {
    let let_in = let_in(sign);
    let room = room.saturating_sub(width(let_in));
    format!("{let_in}{}", tag(&sign.technician, room))
}

fn let_in(sign: &Sign) -> &'static str {
    match (sign.is_unattended, sign.is_raised) {
        (true, _) => "Unattended: ",
        (false, true) => "Administrator: ",
        (false, false) => "",
    }
}

pub(super) fn watching(people: &[Person]) -> String {
    let names: Vec<String> = people.iter().map(of).collect();
    format!("{WATCHING}{}", names.join("; "))
}

/// In one line of so many pixels.
pub(super) fn watching_within(people: &[Person], room: u32) -> String {
    let room = room.saturating_sub(width(WATCHING));
    format!("{WATCHING}{}", tags(people, room))
}

const WATCHING: &str = "Also watching: ";

pub(super) fn permitted(capabilities: Capabilities) -> String {
    let names: Vec<&str> = capabilities.iter().map(permission).collect();
    match names.as_slice() {
        [] => sign::NOTHING_PERMITTED.to_owned(),
        names => format!("Permitted: {}", names.join(", ")),
    }
}

/// What the technician does at this moment.
pub(super) fn phase(mood: Mood) -> &'static str {
    match mood {
        Mood::Asks => "Asks for your permission",
        Mood::SeesNothing => "Sees nothing at the moment",
        Mood::Sees => "Sees your screen",
        Mood::Controls => "Uses your computer",
        Mood::Rests => "Waits for you",
    }
}

/// Why there is no session, and what to do.
pub(super) fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::NotUnderstood => {
            "This is neither a code nor a link. A code has nine digits. A link begins with https."
        }
        Failure::NoServer => {
            "The code alone does not say where to go. Ask the technician for the link, or for a line \
             to paste."
        }
        Failure::WrongCode => {
            "This code does not work. It may be mistyped, used or too old. Ask for a fresh one."
        }
        Failure::NeedsLink => "This link is not whole. Ask the technician to send it again.",
        Failure::NeedsPasscode => "A passcode is needed, too. Ask the technician for it.",
        Failure::WrongPasscode => "The passcode is not right. Ask the technician to read it again.",
        Failure::PasscodeSpent => {
            "No passcode is taken for this code any more. Ask the technician for a fresh code."
        }
        Failure::TooOften => "This was tried too often. Wait some minutes, then try again.",
        Failure::Unreachable => {
            "The server can't be reached. Is this computer connected to the internet? Try again."
        }
        Failure::Untrusted => {
            "This is not the server or the person that was promised. Don't go on. Call the \
             technician."
        }
        Failure::Unfit => {
            "This program does not fit the server. Ask the technician for another one."
        }
        Failure::NobodyThere => "The technician is gone. Ask them for a fresh code.",
        Failure::Failed => "Something went wrong. Try again, or call the technician.",
    }
}

pub(super) fn coming(name: &str) -> String {
    format!("{name}: on its way. Press to stop it.")
}

/// In groups, which people compare one after the other.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    let digits = hexadecimal(bytes);
    let groups = digits.as_bytes().chunks(4);
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// Of a folder.
pub(super) fn entry(name: &str, is_file: bool) -> String {
    match is_file {
        true => name.to_owned(),
        false => format!("Folder: {name}"),
    }
}

pub(super) fn file(name: &str, bytes: u64) -> String {
    format!("{name} ({})", size(bytes))
}

pub(super) fn page_of(page: usize, pages: usize) -> String {
    format!("Page {page} of {pages}")
}

/// For how long a session goes on, whatever it does now. Without seconds: each would be drawn on every monitor, seen as a
/// change, and sent.
pub(super) fn so_far(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => "just begun".to_owned(),
        (0, minutes) => format!("{minutes} min in all"),
        (hours, minutes) => format!("{hours} h {minutes} min in all"),
    }
}

/// Until which time [`so_far`] says the same.
pub(super) fn so_far_until(time: Duration) -> Duration {
    Duration::from_secs((time.as_secs() / 60 + 1) * 60)
}

/// When the seconds that are left until then are told differently.
pub(super) fn reads_anew_at(now: Instant, until: Instant) -> Instant {
    let seconds = whole_seconds(until.saturating_duration_since(now));
    let then = Duration::from_secs(seconds.saturating_sub(1));
    until.checked_sub(then).unwrap_or(until)
}

fn seconds(left: Duration) -> String {
    match whole_seconds(left) {
        1 => "1 second".to_owned(),
        more => format!("{more} seconds"),
    }
}

/// What has begun counts: nobody reads 0 while there is time.
fn whole_seconds(left: Duration) -> u64 {
    left.as_millis()
        .div_ceil(1_000)
        .try_into()
        .unwrap_or(u64::MAX)
}

fn size(bytes: u64) -> String {
    let bytes = u128::from(bytes);
    let units = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    let fits = units.into_iter().find(|(unit, _)| bytes >= *unit);
    match fits {
        Some((unit, name)) => {
            let tenths = bytes * 10 / unit;
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use conclave_remote::Phase;

    use super::*;

    #[test]
    fn a_fingerprint_is_said_as_the_page_of_recordings_says_it() {
        let said = fingerprint(&[0x0a; 32]);

        assert!(said.starts_with("0a0a 0a0a ") && said.len() == 64 + 15);
    }

    #[test]
    fn a_size_is_said_as_people_say_it() {
        assert_eq!(size(12), "12 bytes");
        assert_eq!(size(1_536), "1.5 KB");
        assert_eq!(size(3 << 30), "3.0 GB");
    }

    #[test]
    fn a_second_that_has_begun_counts() {
        assert_eq!(yes_in(Duration::from_millis(1_001)), "Yes (in 2 s)");
        assert_eq!(seconds(Duration::from_millis(900)), "1 second");
    }

    #[test]
    fn a_countdown_is_said_anew_each_second_and_not_before() {
        let (until, tick) = (
            Instant::now() + Duration::from_secs(60),
            Duration::from_millis(1),
        );
        for left in (1..30_000).step_by(333).map(Duration::from_millis) {
            let now = until - left;
            let said = |at| seconds(until.saturating_duration_since(at));

            let anew = reads_anew_at(now, until);

            assert!(anew > now);
            assert_eq!(said(anew - tick), said(now));
            assert_ne!(said(anew), said(now));
        }
    }

    // Shows: REQ-AC-30.
    #[test]
    fn the_sign_says_that_nobody_here_let_the_technician_in() {
        let mut sign = crate::ui::scene::sign(Phase::Viewing, &[Capability::View]);
        assert_eq!(helper(&sign), of(&sign.technician));

        sign.is_unattended = true;

        assert!(helper(&sign).starts_with("Unattended"));
        assert!(helper(&sign).contains(sign.technician.name.as_str()));
        assert_eq!(helper_within(&sign, 538), helper(&sign));
        assert!(helper_within(&sign, 200).starts_with("Unattended"));
    }

    #[test]
    fn for_how_long_is_said_anew_once_a_minute() {
        let said = |seconds| so_far(Duration::from_secs(seconds));

        assert_eq!(said(59), said(0));
        assert_eq!(said(119), "1 min in all");
        assert_eq!(said(3_661), "1 h 1 min in all");
        for seconds in [0, 59, 60, 3_599, 3_661] {
            let anew = so_far_until(Duration::from_secs(seconds)).as_secs();
            assert_eq!(said(anew - 1), said(seconds));
            assert_ne!(said(anew), said(seconds));
        }
    }
}
