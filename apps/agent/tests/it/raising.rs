//! An administrator's rights by the programs that a computer has for that: `su` and its PAM, and `sudo` where it is there. The
//! accounts are of the test's own, in files that lie over those of `/etc` for the agent alone.

use std::ffi::OsStr;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use conclave_agent::ipc::{Credentials, DeskToRaiser, RaiserToDesk, Socket};
use conclave_agent::launcher::LAUNCHER;
use conclave_protocol::remote::Raising;
use tempfile::TempDir;

use crate::PATIENCE;
use crate::memory::{holds_password, password};

const RIGHT: &str = "eleven grey geese";
const ADMINISTRATOR: &str = "conclave-amy";
const NURSE: &str = "conclave-bo";
/// Whose desktop it is.
const WARD: u32 = 64_651;
const AMY: u32 = 64_652;
const BO: u32 = 64_653;
const SUDO: &str = "/usr/bin/sudo";
/// In a space of mounts of its own, and then as nobody in particular.
const AMONG: &str = "set -e; for file in passwd shadow group; do mount --bind \"$0/$file\" \"/etc/$file\"; done; \
    exec setpriv --reuid 64651 --regid 64651 --clear-groups \"$@\"";

const SKIPPED: &str = "skipped: only root gives a program accounts of its own";

struct Raiser {
    process: Child,
    socket: Socket,
    folder: TempDir,
}

impl Raiser {
    /// `None`: it takes root, and a kernel that lets it.
    fn start() -> Option<Self> {
        if !can_unshare() {
            return None;
        }
        let folder = accounts();
        let agent = program(folder.path());
        fs::copy(env!("CARGO_BIN_EXE_conclave-agent"), &agent).unwrap();
        let (socket, theirs) = Socket::pair().unwrap();
        let process = Command::new("unshare")
            .args(["--mount", "sh", "-c", AMONG])
            .args([folder.path(), agent.as_path(), Path::new("raiser")])
            .env(LAUNCHER, std::process::id().to_string())
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self {
            process,
            socket,
            folder,
        })
    }

    fn asks(&self, name: &str, password: &str) -> Raising {
        let credentials = Credentials {
            name: name.to_owned().into(),
            password: password.to_owned().into(),
        };
        self.socket.send(&DeskToRaiser::Raise(credentials)).unwrap();
        match self.socket.receive_within(PATIENCE).unwrap() {
            Some(RaiserToDesk::Raised(outcome)) => outcome,
            Some(RaiserToDesk::WayBack { .. } | RaiserToDesk::NoRestart) | None => {
                panic!("it does not answer")
            }
        }
    }

    /// Of the agent's parts, those with root's rights.
    fn parts(&self) -> usize {
        let program = program(self.folder.path());
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let is_part = |process: &Path| {
            let line = fs::read(process.join("cmdline")).unwrap_or_default();
            let is_raised = line.split(|byte| *byte == 0).any(|word| word == b"raised");
            is_raised && fs::read_link(process.join("exe")).is_ok_and(|it| it == program)
        };
        processes.filter(|it| is_part(&it.path())).count()
    }

    fn comes_to(&self, parts: usize) {
        let until = Instant::now() + PATIENCE;
        while self.parts() != parts {
            assert!(Instant::now() < until, "{} parts", self.parts());
            std::thread::yield_now();
        }
    }
}

impl Drop for Raiser {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

// Shows: REQ-AC-31.
#[test]
fn an_administrators_password_alone_raises_and_what_it_raised_goes_when_it_is_given_back() {
    let Some(raiser) = Raiser::start() else {
        println!("{SKIPPED}");
        return;
    };
    let has_sudo = Path::new(SUDO).exists();
    let refused = if has_sudo {
        Raising::Wrong
    } else {
        Raising::Impossible
    };
    for (name, password, why) in [
        ("root", "eleven grey ducks", Raising::Wrong),
        (NURSE, RIGHT, refused),
        (NURSE, "eleven grey ducks", refused),
    ] {
        assert_eq!(raiser.asks(name, password), why, "{name}");
        assert_eq!(raiser.parts(), 0);
    }

    assert_eq!(raiser.asks("root", RIGHT), Raising::Raised);
    raiser.comes_to(1);
    raiser.socket.send(&DeskToRaiser::Lower).unwrap();
    raiser.comes_to(0);

    if has_sudo {
        assert_eq!(raiser.asks(ADMINISTRATOR, RIGHT), Raising::Raised);
        raiser.comes_to(1);
    }
}

// Shows: REQ-AC-31.
#[test]
fn nothing_with_roots_rights_outlives_the_agent() {
    let Some(mut raiser) = Raiser::start() else {
        println!("{SKIPPED}");
        return;
    };
    assert_eq!(raiser.asks("root", RIGHT), Raising::Raised);
    raiser.comes_to(1);

    raiser.process.kill().unwrap();

    raiser.comes_to(0);
}

// Shows: REQ-AC-31.
#[test]
fn what_was_typed_is_in_no_memory_of_who_asked_with_it() {
    let Some(raiser) = Raiser::start() else {
        println!("{SKIPPED}");
        return;
    };

    assert_eq!(raiser.asks("root", &password()), Raising::Wrong);

    assert_ne!(holds_password(raiser.process.id()), Some(true));
}

fn can_unshare() -> bool {
    let mut tried = Command::new("unshare");
    let tried = tried.args(["--mount", "mount", "--bind", "/etc/passwd", "/etc/passwd"]);
    let is_root = rustix::process::geteuid().is_root();
    is_root && tried.status().is_ok_and(|status| status.success())
}

fn program(folder: &Path) -> PathBuf {
    folder.join("conclave-agent")
}

/// All of them with the same password.
fn accounts() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let hash = hash_of(RIGHT);
    let people = [("conclave-ward", WARD), (ADMINISTRATOR, AMY), (NURSE, BO)];
    let each = |line: &dyn Fn(&str, u32) -> String| -> String {
        people
            .iter()
            .map(|(name, number)| line(name, *number))
            .collect()
    };
    let passwd = each(&|name, number| format!("{name}:x:{number}:{number}::/:/bin/sh\n"));
    let shadow = each(&|name, _| format!("{name}:{hash}:20000:0:99999:7:::\n"));
    let group = each(&|name, number| format!("{name}:x:{number}:\n"));
    let root = format!("root:{hash}:20000:0:99999:7:::\n");
    let sudo = format!("sudo:x:27:{ADMINISTRATOR}\n");
    lay(folder.path(), "passwd", "", &passwd);
    lay(folder.path(), "shadow", &root, &shadow);
    lay(folder.path(), "group", &sudo, &group);
    folder
}

/// As it is in `/etc`, but for the line that `first` has in its place, and with some more.
fn lay(folder: &Path, name: &str, first: &str, more: &str) {
    let kept = fs::read_to_string(Path::new("/etc").join(name)).unwrap();
    let replaced = first.split_inclusive(':').next().unwrap_or("\n");
    let kept = kept.lines().filter(|line| !line.starts_with(replaced));
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    fs::write(folder.join(name), format!("{first}{kept}{more}")).unwrap();
}

fn hash_of(password: &str) -> String {
    let mut openssl = Command::new("openssl");
    let hashed = openssl.args([OsStr::new("passwd"), OsStr::new("-6"), OsStr::new(password)]);
    let hashed = hashed.output().unwrap();
    assert!(hashed.status.success());
    String::from_utf8(hashed.stdout).unwrap().trim().to_owned()
}
