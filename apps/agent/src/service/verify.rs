//! Whether a name and a password are those of an administrator of this computer: the computer's own rules (PAM) say.
//!
//! # Security
//!
//! In a process of its own, as root: what PAM's modules make of a password goes with it, and one that hangs is killed. It gets
//! the two by a socket, and says one of three things by how it ends. Which of the two was wrong nobody learns, also not by
//! how long it took.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use nonstick::items::Items;
use nonstick::{
    AuthnFlags, ConversationAdapter, PamShared, Result as Answered, Transaction, TransactionBuilder,
};
use zeroize::Zeroizing;

use super::person::Person;
use crate::ipc::{Credentials, Socket};

/// `/etc/pam.d/conclave-agent`.
pub const SERVICE: &str = "conclave-agent";

/// It is an administrator.
pub(super) const RIGHT: u8 = 0;
/// Or not. One that this process ends with by itself where it fails is neither.
pub(super) const WRONG: u8 = 10;
/// A no comes no sooner: PAM holds up a wrong password, by three seconds at the most where nobody set another time, and
/// neither the right one of somebody who is no administrator nor a name that it is not asked about.
const NO_SOONER: Duration = Duration::from_secs(4);

/// What was typed, given to whatever PAM asks. What it is answered with is PAM's, and gone with this process.
struct Typed {
    name: Zeroizing<String>,
    password: Zeroizing<String>,
}

impl ConversationAdapter for Typed {
    fn prompt(&self, _request: impl AsRef<OsStr>) -> Answered<OsString> {
        Ok(OsString::from(self.name.as_str()))
    }

    fn masked_prompt(&self, _request: impl AsRef<OsStr>) -> Answered<OsString> {
        Ok(OsString::from(self.password.as_str()))
    }

    fn error_msg(&self, _message: impl AsRef<OsStr>) {}

    fn info_msg(&self, _message: impl AsRef<OsStr>) {}
}

/// The process.
pub fn run(service: OwnedFd) -> ExitCode {
    let Ok(credentials) = Socket::from(service).receive::<Credentials>() else {
        return ExitCode::FAILURE;
    };
    let began = Instant::now();
    let is_right = is_administrator(SERVICE, &credentials.name, &credentials.password);
    drop(credentials);
    match is_right {
        Ok(true) => RIGHT.into(),
        Ok(false) => {
            thread::sleep(rest(began.elapsed()));
            WRONG.into()
        }
        Err(_) => ExitCode::FAILURE,
    }
}

/// How long a no still waits that took so long to find.
fn rest(took: Duration) -> Duration {
    NO_SOONER.saturating_sub(took)
}

/// Asks PAM by the rules of `service`, and then whether the account is an administrator's. Fails where the computer does
/// not say who its accounts are: then nobody was right or wrong.
pub fn is_administrator(service: &str, name: &str, password: &str) -> io::Result<bool> {
    // What is no name is none to PAM either, and an empty password is none.
    let person = Person::find(name)?.filter(|_| !password.is_empty() && !password.contains('\0'));
    match person {
        Some(person) if is_right(service, &person.name, password) == Some(true) => {
            person.is_administrator()
        }
        Some(_) | None => Ok(false),
    }
}

/// `None`: PAM could not say.
fn is_right(service: &str, name: &str, password: &str) -> Option<bool> {
    let typed = Typed {
        name: Zeroizing::new(name.to_owned()),
        password: Zeroizing::new(password.to_owned()),
    };
    let transaction = TransactionBuilder::new_with_service(service).username(name);
    let mut transaction = transaction.build(typed.into_conversation()).ok()?;
    let nothing = AuthnFlags::empty();
    let authenticated = transaction.authenticate(nothing);
    let is_right = authenticated.and_then(|()| transaction.account_management(nothing));
    // A module may make somebody else of whoever was named: then nobody was asked for.
    let became = transaction.items().user().ok()??;
    Some(is_right.is_ok() && became == name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use super::*;

    /// Rules of PAM of the test's own, and a program that they ask. Gone with it.
    struct Rules {
        service: String,
        file: PathBuf,
        directory: tempfile::TempDir,
    }

    impl Rules {
        /// The password is right where it is `right`. `None`, with a line saying so: only root writes rules.
        fn of(right: &str) -> Option<Self> {
            if rustix::process::geteuid().as_raw() != 0 || !Path::new("/etc/pam.d").is_dir() {
                println!("skipped: only root adds rules to PAM");
                return None;
            }
            let directory = tempfile::tempdir().unwrap();
            let asks = directory.path().join("asks");
            let script = format!("#!/bin/sh\ntyped=$(tr -d '\\000')\n[ \"$typed\" = '{right}' ]\n");
            fs::write(&asks, script).unwrap();
            fs::set_permissions(&asks, fs::Permissions::from_mode(0o700)).unwrap();
            let service = format!("conclave-test-{}", uuid::Uuid::from_u128(random()));
            let file = Path::new("/etc/pam.d").join(&service);
            let asks = asks.display();
            let rules = format!(
                "auth required pam_exec.so quiet expose_authtok {asks}\naccount required pam_permit.so\n"
            );
            fs::write(&file, rules).unwrap();
            Some(Self {
                service,
                file,
                directory,
            })
        }

        fn admits(&self, name: &str, password: &str) -> bool {
            is_administrator(&self.service, name, password).unwrap()
        }
    }

    impl Drop for Rules {
        fn drop(&mut self) {
            let _gone = fs::remove_file(&self.file);
            let _kept_until_here = self.directory.path();
        }
    }

    fn random() -> u128 {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        u128::from_ne_bytes(bytes)
    }

    // Shows: REQ-AC-25.
    #[test]
    fn a_computer_knows_its_administrator_by_the_rules_of_its_own_pam() {
        let Some(rules) = Rules::of("correct horse") else {
            return;
        };

        assert!(rules.admits("root", "correct horse"));
        for (name, password) in [
            ("root", "wrong horse"),
            ("root", ""),
            // The right password of somebody who is no administrator.
            ("nobody", "correct horse"),
            ("no.such.person.here", "correct horse"),
            ("-h", "correct horse"),
            ("root\nroot", "correct horse"),
        ] {
            assert!(!rules.admits(name, password), "{name:?} {password:?}");
        }
    }

    // Shows: REQ-AC-25.
    #[test]
    fn a_no_takes_as_long_whatever_was_wrong() {
        let at_once = Duration::from_millis(3);
        // PAM varies its own two seconds by half of them.
        let held_up = Duration::from_secs(3);

        assert_eq!(at_once + rest(at_once), held_up + rest(held_up));
        assert_eq!(rest(Duration::from_secs(9)), Duration::ZERO);
    }

    #[test]
    fn rules_that_are_not_there_admit_nobody() {
        // Without rules of the name PAM has those for everything else, which know no such password.
        let admitted = is_administrator("conclave-test-no-such-rules", "root", "correct horse");

        assert!(!admitted.unwrap());
    }
}
