//! Accounts of the computer, whoever keeps them: its own file, or a directory that it asks.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::said::said_by;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    pub home: PathBuf,
}

const GETENT: &str = "/usr/bin/getent";
const ID: &str = "/usr/bin/id";
/// Whose members may do what root may.
const ADMINISTRATORS: [&str; 3] = ["sudo", "admin", "wheel"];
const LONGEST_NAME: usize = 240;
/// A directory is asked over the network. Shorter than a try to be let in may take.
const PATIENCE: Duration = Duration::from_secs(5);

impl Person {
    /// By name or number. `None`: there is none, or none can be asked for by that. Fails where the computer does not
    /// say.
    pub fn find(wanted: &str) -> io::Result<Option<Self>> {
        if !is_name(wanted) {
            return Ok(None);
        }
        let line = said_by(GETENT, &["passwd", "--", wanted], PATIENCE)?;
        Ok(line.and_then(|line| Self::read(line.lines().next()?)))
    }

    /// Whether it is root, or of a group of administrators. Fails where the computer does not say.
    pub fn is_administrator(&self) -> io::Result<bool> {
        if self.uid == 0 {
            return Ok(true);
        }
        let groups = said_by(ID, &["-nG", "--", &self.name], PATIENCE)?;
        Ok(groups.is_some_and(|groups| has_administrators(&groups)))
    }

    /// A line of passwd(5).
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let (name, _password) = (fields.next()?, fields.next()?);
        let (uid, gid) = (fields.next()?, fields.next()?);
        let (_comment, home) = (fields.next()?, fields.next()?);
        Some(Self {
            name: name.to_owned(),
            uid: uid.parse().ok()?,
            gid: gid.parse().ok()?,
            home: Path::new(home).to_path_buf(),
        })
    }
}

/// It is no option, and nothing that is hidden.
fn is_name(text: &str) -> bool {
    let is_plain = text
        .chars()
        .all(|c| !c.is_control() && !c.is_whitespace() && c != ':');
    is_plain && !text.is_empty() && text.len() <= LONGEST_NAME && !text.starts_with('-')
}

fn has_administrators(groups: &str) -> bool {
    let mut groups = groups.split_whitespace();
    groups.any(|group| ADMINISTRATORS.contains(&group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_file_is_an_account() {
        let found = Person::read("amy:x:1000:1001:Amy Weatherwax,,,:/home/amy:/bin/bash").unwrap();

        assert_eq!((found.uid, found.gid), (1000, 1001));
        assert_eq!(found.home, Path::new("/home/amy"));
        for line in ["", "amy", "amy:x:one:1001:Amy:/home/amy:/bin/bash"] {
            assert!(Person::read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn what_could_be_an_option_or_a_line_is_no_name() {
        for text in [
            "",
            "-h",
            "--service",
            "amy\nroot",
            "amy:x:0",
            "a b",
            &"a".repeat(241),
        ] {
            assert!(!is_name(text), "{text:?}");
        }
        for text in [
            "amy",
            "amy.hadley@clinic.example",
            "CLINIC\\amy",
            "müller",
            "0",
        ] {
            assert!(is_name(text), "{text}");
        }
    }

    // Shows: REQ-AC-25.
    #[test]
    fn an_administrator_is_root_or_of_their_group() {
        assert!(has_administrators("amy adm sudo"));
        assert!(!has_administrators("amy adm sudoers video"));
        let root = Person::find("root").unwrap().unwrap();
        assert!(root.uid == 0 && root.is_administrator().unwrap());
        let nobody = Person::find("nobody").unwrap().unwrap();
        assert!(!nobody.is_administrator().unwrap());
        assert!(Person::find("no.such.person.here").unwrap().is_none());
    }
}
