//! Files that count by whoever signed them, and not by who sent them: an organisation's policy, a release of this program.
//!
//! Each is a signed note (C2SP signed-note, Ed25519). Its text is JSON that says what it is, so that one is never taken for
//! the other, though a key signed both.
//!
//! # Security
//!
//! No server holds such a key: whoever has one keeps it in a file, away from servers. A note is read once it is known whose
//! it is, and before that it is bytes; why it is nobody's is told to nobody.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use conclave_client::audit::{Hex, KeyName, Signer, Unsignable, Verifier};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What signatures are held against. Its text has a name, an id and the key (what C2SP calls a vkey).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(Verifier);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no public key: `conclave-agent key` prints one")]
pub struct NoKey;

/// Has no printable form.
pub struct SecretKey(Signer);

/// Why a note is not what it should be.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    #[error("this is nothing that {0} signed")]
    NotSigned(KeyName),
    #[error("what {0} signed is something else, or for another release of this program")]
    NotUnderstood(KeyName),
}

/// Why a file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum NoFile {
    #[error("{0} can't be read")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("{0} is larger than such a file is")]
    TooLarge(PathBuf),
    #[error("{0} is no signing key")]
    NoKey(PathBuf),
    #[error("{0} can't be written")]
    Unwritable(PathBuf, #[source] io::Error),
    #[error("the name of a key has no spaces and no `+`")]
    NoName,
    #[error("the system gives no randomness")]
    Randomness,
}

/// As a secret key is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    is: KeptAs,
    name: String,
    seed: Hex<32>,
}

#[derive(Serialize, Deserialize)]
enum KeptAs {
    #[serde(rename = "conclave signing key 1")]
    SigningKey,
}

/// Of a note and of a key, in bytes.
const LARGEST: u64 = 4 << 10;
/// Whoever has it signs.
const SECRET: u32 = 0o600;
/// What is signed is for everybody.
const PUBLIC: u32 = 0o644;

impl PublicKey {
    pub fn name(&self) -> &KeyName {
        self.0.name()
    }

    /// What a note of this key's says.
    pub fn open<T: DeserializeOwned>(&self, note: &str) -> Result<T, Unsigned> {
        let text = self.0.open(note);
        let text = text.map_err(|_| Unsigned::NotSigned(self.name().clone()))?;
        serde_json::from_str(text).map_err(|_| Unsigned::NotUnderstood(self.name().clone()))
    }
}

impl SecretKey {
    /// Keeps one in a file that nobody else reads, where no file is yet.
    pub fn make(name: &str, at: &Path) -> Result<PublicKey, NoFile> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| NoFile::Randomness)?;
        let kept = Kept {
            is: KeptAs::SigningKey,
            name: KeyName::parse(name)
                .ok_or(NoFile::NoName)?
                .as_str()
                .to_owned(),
            seed: Hex(*seed),
        };
        let bytes = serde_json::to_vec_pretty(&kept).map(Zeroizing::new);
        let bytes = bytes.map_err(|error| NoFile::Unwritable(at.into(), error.into()))?;
        write(at, SECRET, &bytes)?;
        Ok(Self::read(at)?.public())
    }

    pub fn read(at: &Path) -> Result<Self, NoFile> {
        let text = Zeroizing::new(read(at)?);
        let kept: Option<Kept> = serde_json::from_str(&text).ok();
        let signer = kept.and_then(|kept| {
            let name = KeyName::parse(&kept.name)?;
            Some(Self(Signer::new(name, &kept.seed.0)))
        });
        signer.ok_or_else(|| NoFile::NoKey(at.into()))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifier().clone())
    }

    /// The whole note.
    pub fn sign(&self, content: &impl Serialize) -> Result<String, Unsignable> {
        let text = serde_json::to_string_pretty(content).map_err(|_| Unsignable)?;
        self.0.sign(&format!("{text}\n"))
    }
}

impl FromStr for PublicKey {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        Verifier::parse(text.trim()).map(Self).map_err(|_| NoKey)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NoKey;

    fn try_from(text: String) -> Result<Self, NoKey> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A note, or a key. What is no text is neither, which is seen where it is opened.
pub fn read(path: &Path) -> Result<String, NoFile> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    let length = read.map_err(|error| NoFile::Unreadable(path.into(), error))?;
    match length as u64 > LARGEST {
        true => Err(NoFile::TooLarge(path.into())),
        false => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Where no file is yet.
pub fn write_note(path: &Path, note: &str) -> Result<(), NoFile> {
    write(path, PUBLIC, note.as_bytes())
}

fn write(path: &Path, mode: u32, bytes: &[u8]) -> Result<(), NoFile> {
    let mut file = OpenOptions::new();
    let file = file.write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| NoFile::Unwritable(path.into(), error))
}

/// A key of this name, for tests.
#[cfg(test)]
pub(crate) fn key(name: &str, seed: u8) -> SecretKey {
    SecretKey(Signer::new(KeyName::parse(name).unwrap(), &[seed; 32]))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Content {
        number: u32,
    }

    // Shows: ABUSE-52, ABUSE-53.
    #[test]
    fn what_was_changed_cut_off_or_signed_by_another_is_one_refusal() {
        let (own, other) = (key("clinic.example", 1), key("clinic.example", 2));
        let renamed = key("evil.example", 1);
        let note = own.sign(&Content { number: 7 }).unwrap();
        let opened = own.public().open::<Content>(&note);
        assert_eq!(opened, Ok(Content { number: 7 }));

        let refused: Result<Content, _> = Err(Unsigned::NotSigned(own.public().name().clone()));
        let text = note.split("\n\n").next().unwrap();
        for forged in [
            String::new(),
            text.to_owned(),
            format!("{text}\n"),
            note.replace('7', "8"),
            note[..note.len() - 2].to_owned(),
            other.sign(&Content { number: 7 }).unwrap(),
            renamed.sign(&Content { number: 7 }).unwrap(),
        ] {
            let opened = own.public().open::<Content>(&forged);
            assert_eq!(opened, refused, "{forged}");
        }
    }

    // Shows: ABUSE-52, ABUSE-53.
    #[test]
    fn what_is_signed_and_says_more_than_is_understood_is_refused() {
        let own = key("clinic.example", 1);
        let more = own.sign(&serde_json::json!({ "number": 7, "more": 1 }));

        let opened = own.public().open::<Content>(&more.unwrap());

        let name = own.public().name().clone();
        assert_eq!(opened, Err(Unsigned::NotUnderstood(name)));
    }

    #[test]
    fn a_key_is_made_once_and_nobody_else_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("policy.key");

        let public = SecretKey::make("clinic.example", &at).unwrap();

        let mode = fs::metadata(&at).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, SECRET);
        assert!(SecretKey::read(&at).unwrap().public() == public);
        let parsed: PublicKey = public.to_string().parse().unwrap();
        assert!(parsed == public);
        let again = SecretKey::make("clinic.example", &at);
        assert!(matches!(again, Err(NoFile::Unwritable(..))));
        let unnamed = SecretKey::make("a b", &folder.path().join("x"));
        assert!(matches!(unnamed, Err(NoFile::NoName)));
    }

    // Shows: ABUSE-52, ABUSE-53.
    #[test]
    fn a_file_that_is_too_large_is_not_read_and_one_that_is_no_key_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("file");
        fs::write(&at, vec![b' '; usize::try_from(LARGEST).unwrap()]).unwrap();
        assert!(read(&at).is_ok());
        assert!(matches!(SecretKey::read(&at), Err(NoFile::NoKey(_))));

        fs::write(&at, vec![b' '; usize::try_from(LARGEST + 1).unwrap()]).unwrap();

        assert!(matches!(read(&at), Err(NoFile::TooLarge(_))));
    }
}
