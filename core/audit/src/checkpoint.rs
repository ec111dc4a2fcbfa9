//! What a log signs of itself: its name, its size and its root (C2SP tlog-checkpoint).

use std::fmt;

use crate::note::unverified_text;
use crate::{Hash, KeyName, MAX_SIZE, Signer, Unsignable, Verifier};

/// `Display` writes the note's text. Our logs write no extension lines, so a text with some is none of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log it is of; also the name of the key that signs it.
    pub origin: KeyName,
    /// Leaves so far.
    pub size: u64,
    pub root: Hash,
}

/// The note is no checkpoint of this log. Why is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the note is no checkpoint of this log")]
pub struct NotACheckpoint;

impl Checkpoint {
    /// Accepts only what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let read = Self {
            origin: KeyName::parse(lines.next()?)?,
            size: lines
                .next()?
                .parse()
                .ok()
                .filter(|size| *size <= MAX_SIZE)?,
            root: Hash::from_base64(lines.next()?)?,
        };
        (read.to_string() == text).then_some(read)
    }

    /// The note that is handed out.
    pub fn sign(&self, signer: &Signer) -> Result<String, Unsignable> {
        signer.sign(&self.to_string())
    }

    /// Reads a note that the log's key signed, for the log of that name.
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, NotACheckpoint> {
        let text = verifier.open(note).map_err(|_| NotACheckpoint)?;
        let read = Self::parse(text).ok_or(NotACheckpoint)?;
        (read.origin == *verifier.name())
            .then_some(read)
            .ok_or(NotACheckpoint)
    }

    /// What a note says without asking who signed it: to name a file by, to find the key for; not to believe.
    pub fn unverified(note: &str) -> Option<Self> {
        unverified_text(note).and_then(Self::parse)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}\n{}\n{}",
            self.origin,
            self.size,
            self.root.to_base64()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: KeyName::parse("clinic.example/audit/system").unwrap(),
            size: 20_852_163,
            root: Hash::of_empty_tree(),
        }
    }

    #[test]
    fn a_checkpoint_is_read_back_from_the_note_that_its_log_signed() {
        let log = Signer::new(checkpoint().origin, &[1; 32]);
        let note = checkpoint().sign(&log).unwrap();

        assert_eq!(Checkpoint::open(&note, log.verifier()), Ok(checkpoint()));
        assert_eq!(Checkpoint::unverified(&note), Some(checkpoint()));
    }

    #[test]
    fn one_logs_key_speaks_for_no_other_log() {
        let other = Signer::new(
            KeyName::parse("clinic.example/audit/other").unwrap(),
            &[1; 32],
        );
        let note = checkpoint().sign(&other).unwrap();

        assert_eq!(
            Checkpoint::open(&note, other.verifier()),
            Err(NotACheckpoint)
        );
    }

    #[test]
    fn a_text_has_one_form() {
        let text = checkpoint().to_string();
        assert_eq!(Checkpoint::parse(&text), Some(checkpoint()));

        for wrong in [
            text.replace("20852163", "020852163"),
            text.replace("20852163", "+20852163"),
            text.replace("20852163", "9007199254740992"),
            format!("{text}extension\n"),
            text.trim_end().to_owned(),
            text.replace('\n', "\n\n"),
        ] {
            assert_eq!(Checkpoint::parse(&wrong), None, "{wrong}");
        }
    }
}
