//! What brings the computer back into a session after a restart: a ticket, a copy of the program, and a unit that runs it once.
//!
//! # Security
//!
//! The ticket opens one place in one session, for a quarter of an hour, and only root reads it. Whatever comes of it, all three are
//! gone as soon as the unit has begun.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::errand::Errand;

/// Has no printable form: it holds what opens a session.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ticket {
    pub(super) errand: Errand,
    /// Whose desktop it was.
    pub(super) uid: u32,
    /// In seconds since 1970.
    laid_at: u64,
}

/// Long enough for a computer that checks its disks, and for its person to log in; short enough for the technician to wait.
pub(super) const GOOD_FOR: Duration = Duration::from_secs(15 * 60);
/// In bytes: a link and a credential have some hundreds.
const LARGEST_TICKET: u64 = 64 << 10;
/// This very file, whatever lies at its path by then.
const OWN: &str = "/proc/self/exe";
const DIRECTORY: &str = "var/lib/conclave-agent-return";
const TICKET: &str = "ticket";
const PROGRAM: &str = "conclave-agent";
/// Where systemd runs, and nowhere else.
const SYSTEMD: &str = "run/systemd/system";
const UNIT: &str = "etc/systemd/system/conclave-agent-return.service";
const WANTED_BY: &str = "etc/systemd/system/multi-user.target.wants";
const UNIT_NAME: &str = "conclave-agent-return.service";
const UNIT_TEXT: &str = "\
[Unit]
Description=Conclave: come back to a support session, once
After=network-online.target systemd-logind.service
Wants=network-online.target

[Service]
ExecStart=/var/lib/conclave-agent-return/conclave-agent return
Restart=no
TimeoutStopSec=30
";

impl Ticket {
    pub(super) fn new(errand: Errand, uid: u32) -> Self {
        let laid_at = seconds_since_1970();
        Self {
            errand,
            uid,
            laid_at,
        }
    }

    /// How long it is still good. A clock that went back makes none good for longer.
    pub(super) fn left(&self) -> Option<Duration> {
        let age = seconds_since_1970().checked_sub(self.laid_at)?;
        let left = GOOD_FOR.checked_sub(Duration::from_secs(age))?;
        (!left.is_zero()).then_some(left)
    }
}

/// In place of an earlier one. Nothing of it stays where it can't be laid whole.
pub(super) fn lay(below: &Path, ticket: &Ticket) -> io::Result<()> {
    if !below.join(SYSTEMD).is_dir() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    remove(below);
    let laid = lay_all(below, ticket);
    if laid.is_err() {
        remove(below);
    }
    laid
}

fn lay_all(below: &Path, ticket: &Ticket) -> io::Result<()> {
    let directory = below.join(DIRECTORY);
    DirBuilder::new().mode(0o700).create(&directory)?;
    let program = directory.join(PROGRAM);
    fs::copy(OWN, &program)?;
    // The person's own agent is started from it too; nobody else comes into the folder.
    fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    File::open(&program)?.sync_all()?;
    let ticket = serde_json::to_vec(ticket)?;
    write(&directory.join(TICKET), 0o600, &ticket)?;
    write(&below.join(UNIT), 0o644, UNIT_TEXT.as_bytes())?;
    let wanted_by = below.join(WANTED_BY);
    fs::create_dir_all(&wanted_by)?;
    symlink(Path::new("/").join(UNIT), wanted_by.join(UNIT_NAME))
}

/// On the disk, before the computer goes.
fn write(path: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The ticket, once: all that was laid is gone with it. `None`: there was none.
pub(super) fn take(below: &Path) -> io::Result<Option<Ticket>> {
    let read = read(&below.join(DIRECTORY).join(TICKET));
    remove(below);
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        read => Ok(Some(serde_json::from_slice(&read?)?)),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    file.take(LARGEST_TICKET).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is not there need not be removed.
pub(super) fn remove(below: &Path) {
    let _gone = fs::remove_file(below.join(WANTED_BY).join(UNIT_NAME));
    let _gone = fs::remove_file(below.join(UNIT));
    let _gone = fs::remove_dir_all(below.join(DIRECTORY));
}

fn seconds_since_1970() -> u64 {
    let since = SystemTime::UNIX_EPOCH.elapsed();
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
impl Ticket {
    pub(super) fn age(&mut self, by: Duration) {
        self.laid_at -= by.as_secs();
    }
}

#[cfg(test)]
pub(super) mod tests {
    use conclave_protocol::personal::{DisplayName, Title};
    use conclave_protocol::{MeetingId, ParticipantId};
    use tempfile::TempDir;
    use uuid::Uuid;

    use super::*;
    use crate::errand::Return;
    use crate::origin::Origin;

    /// What a computer with systemd has, below a folder of the test's own.
    pub(in crate::raise) fn computer() -> TempDir {
        let computer = tempfile::tempdir().unwrap();
        for directory in [SYSTEMD, "var/lib", "etc/systemd/system"] {
            fs::create_dir_all(computer.path().join(directory)).unwrap();
        }
        computer
    }

    pub(in crate::raise) fn errand() -> Errand {
        Errand {
            server: Origin::parse("https://hospital.example").ok(),
            wanted: Some("123-456-789".to_owned()),
            returns: Some(Return {
                passcode: Some("12345678".to_owned()),
                name: DisplayName::parse("Bo").unwrap(),
                technician: DisplayName::parse("Thea Nowak").unwrap(),
                organisation: Title::parse("Klinikum Nord").unwrap(),
                meeting: MeetingId(Uuid::from_u128(1)),
                participant: ParticipantId(Uuid::from_u128(2)),
                credential: "credential".to_owned(),
                device: vec![7; 33],
                number: 1,
            }),
            ..Errand::default()
        }
    }

    pub(in crate::raise) fn is_clean(below: &Path) -> bool {
        let laid = [DIRECTORY, UNIT].map(|path| below.join(path));
        let wanted = below.join(WANTED_BY).join(UNIT_NAME);
        laid.iter().all(|path| !path.exists()) && wanted.symlink_metadata().is_err()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    // Shows: REQ-AC-31.
    #[test]
    fn what_opens_the_session_is_roots_alone_and_gone_when_it_is_taken() {
        let computer = computer();
        let below = computer.path();
        lay(below, &Ticket::new(errand(), 1_000)).unwrap();
        let directory = below.join(DIRECTORY);
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(TICKET)), 0o600);
        assert_eq!(mode(&directory.join(PROGRAM)), 0o755);
        let unit = below.join(WANTED_BY).join(UNIT_NAME).read_link().unwrap();
        assert_eq!(unit, Path::new("/").join(UNIT));
        assert!(UNIT_TEXT.contains(&format!("ExecStart=/{DIRECTORY}/{PROGRAM} return")));

        let ticket = take(below).unwrap().unwrap();

        assert!(ticket.left().is_some_and(|left| left <= GOOD_FOR));
        assert_eq!(ticket.uid, 1_000);
        assert_eq!(ticket.errand.returns.map(|it| it.number), Some(1));
        assert!(is_clean(below));
        assert!(take(below).unwrap().is_none());
    }

    // Shows: REQ-AC-31.
    #[test]
    fn a_ticket_is_good_for_a_quarter_of_an_hour_whatever_the_clock_does() {
        let mut ticket = Ticket::new(errand(), 1_000);
        ticket.age(GOOD_FOR);
        assert!(ticket.left().is_none());

        ticket.laid_at += 2 * GOOD_FOR.as_secs();
        assert!(ticket.left().is_none());
    }

    #[test]
    fn what_is_no_ticket_is_removed_too() {
        let computer = computer();
        lay(computer.path(), &Ticket::new(errand(), 1_000)).unwrap();
        fs::write(computer.path().join(DIRECTORY).join(TICKET), b"{}").unwrap();

        assert!(take(computer.path()).is_err());
        assert!(is_clean(computer.path()));
    }

    // Shows: REQ-AC-31.
    #[test]
    fn without_systemd_or_with_a_part_that_fails_nothing_is_laid() {
        let computer = computer();
        fs::remove_dir_all(computer.path().join(SYSTEMD)).unwrap();
        assert!(lay(computer.path(), &Ticket::new(errand(), 1_000)).is_err());
        assert!(is_clean(computer.path()));

        fs::create_dir_all(computer.path().join(SYSTEMD)).unwrap();
        fs::remove_dir_all(computer.path().join("etc")).unwrap();
        assert!(lay(computer.path(), &Ticket::new(errand(), 1_000)).is_err());
        assert!(is_clean(computer.path()));
    }
}
