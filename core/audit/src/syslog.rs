//! A message of the syslog protocol (RFC 5424) in the frame in which TLS carries it (RFC 5425).

use crate::{Entry, EntryTime, Outcome, cef};

/// What stands around each message of one sender.
#[derive(Clone, PartialEq, Eq)]
pub struct Sender {
    /// `HOSTNAME`: the name of this machine to the outside.
    pub host: String,
    /// Of this program.
    pub version: String,
}

impl Sender {
    /// `body` is the entry in the form that the collector wants. `sequence` counts this connection's messages from one.
    pub fn frame(&self, entry: &Entry, sequence: u64, body: &str) -> Vec<u8> {
        self.framed(
            severity(entry),
            entry.time,
            entry.event.name(),
            sequence,
            body,
        )
    }

    /// A checkpoint of a log, with which a rewritten log disagrees.
    pub fn checkpoint(&self, time: EntryTime, sequence: u64, note: &str) -> Vec<u8> {
        let body = serde_json::json!({ "checkpoint": note }).to_string();
        self.framed(NOTICE, time, "audit.checkpoint", sequence, &body)
    }

    fn framed(
        &self,
        severity: u8,
        time: EntryTime,
        name: &str,
        sequence: u64,
        body: &str,
    ) -> Vec<u8> {
        let priority = LOG_AUDIT * 8 + severity;
        let time = serde_json::to_string(&time).unwrap_or_default();
        let time = match time.trim_matches('"') {
            "" => NIL,
            time => time,
        };
        let host = printable(&self.host, LONGEST_HOST);
        let id = printable(name, LONGEST_ID);
        let version = quoted(&self.version);
        // RFC 5424, 7.3.1: it starts anew after the largest value.
        let sequence = sequence % u64::from(i32::MAX.unsigned_abs()) + 1;
        let message = format!(
            "<{priority}>1 {time} {host} conclave - {id} \
             [origin software=\"conclave\" swVersion=\"{version}\"][meta sequenceId=\"{sequence}\"] {}",
            one_line(body)
        );
        // RFC 5425, 4.3: the length in octets, and a space.
        let mut frame = format!("{} ", message.len()).into_bytes();
        frame.extend(message.into_bytes());
        frame
    }
}

/// RFC 5424, 6.2.1: alert, warning, notice.
fn severity(entry: &Entry) -> u8 {
    match entry.outcome {
        _ if cef::severity(entry) >= 9 => ALERT,
        Outcome::Failed | Outcome::Refused => WARNING,
        Outcome::Done => NOTICE,
    }
}

/// RFC 5424, 6: printable US-ASCII without a space.
fn printable(text: &str, longest: usize) -> String {
    let text: String = text
        .chars()
        .filter(char::is_ascii_graphic)
        .take(longest)
        .collect();
    if text.is_empty() { NIL.into() } else { text }
}

/// RFC 5424, 6.3.3.
fn quoted(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .flat_map(|letter| {
            let escape = matches!(letter, '"' | '\\' | ']').then_some('\\');
            escape.into_iter().chain([letter])
        })
        .collect()
}

/// Both forms of an entry have none; what is in the frame ends no line for who splits by lines all the same.
fn one_line(body: &str) -> String {
    body.replace(['\r', '\n'], " ")
}

const NIL: &str = "-";
/// RFC 5424, 6.2.1: facility 13.
const LOG_AUDIT: u8 = 13;
const ALERT: u8 = 1;
const WARNING: u8 = 4;
const NOTICE: u8 = 5;
/// RFC 5424, 6.
const LONGEST_HOST: usize = 255;
const LONGEST_ID: usize = 32;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{Actor, Code, Event, Stamp};

    fn sender() -> Sender {
        Sender {
            host: "meet.clinic.example".into(),
            version: "0.1.0".into(),
        }
    }

    fn entry() -> Entry {
        let stamp = Stamp {
            id: Uuid::from_u128(1),
            time: EntryTime::from_unix_micros(1_795_336_200_000_000),
            salt: [7; 16],
        };
        let account = Uuid::from_u128(3);
        let event = Event::AuthFail {
            account: Some(account),
        };
        Entry::new(stamp, Actor::Anonymous, event).failed(Code::new("wrong_password"))
    }

    fn text(frame: Vec<u8>) -> String {
        String::from_utf8(frame).unwrap()
    }

    #[test]
    fn a_frame_says_its_length_and_a_message_its_time_place_and_kind() {
        let frame = text(sender().frame(&entry(), 0, "{}"));

        let message = "<108>1 2026-11-22T08:30:00.000Z meet.clinic.example conclave - auth.fail \
             [origin software=\"conclave\" swVersion=\"0.1.0\"][meta sequenceId=\"1\"] {}";
        assert_eq!(frame, format!("{} {message}", message.len()));
    }

    // Shows: ABUSE-63.
    #[test]
    fn nothing_in_a_message_makes_two_of_it() {
        let sender = Sender {
            host: "meet 1\r\n<1>1".into(),
            version: "\"] [x@1 y=\"\n".into(),
        };

        let frame = text(sender.frame(&entry(), u64::MAX, "a\r\n27 <1>1 forged"));

        assert!(!frame.contains(['\r', '\n']), "{frame}");
        assert!(frame.contains(" meet1<1>1 conclave "), "{frame}");
        assert!(
            frame.contains("swVersion=\"\\\"\\] [x@1 y=\\\"\""),
            "{frame}"
        );
        let (length, message) = frame.split_once(' ').unwrap();
        assert_eq!(length.parse(), Ok(message.len()));
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_and_none_is_a_hyphen() {
        assert_eq!(printable(&"x".repeat(40), LONGEST_ID).len(), 32);
        assert_eq!(printable("ü", LONGEST_HOST), "-");
    }
}
