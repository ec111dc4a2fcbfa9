//! Whose desktop is on the computer's screen at this moment, or which log-in screen, and how its display is reached.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::person::Person;
use super::said::said_by;

/// A display, and who it belongs to: the agent runs as them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desktop {
    pub person: Person,
    /// As `DISPLAY` has it.
    pub display: String,
    pub authority: Option<PathBuf>,
}

const LOGINCTL: &str = "/usr/bin/loginctl";
/// For one answer of logind's, and for all of them to begin: the server waits for the desktop no longer than 20 seconds.
const PATIENCE: Duration = Duration::from_secs(2);
/// Looked at in one go.
const MOST_SESSIONS: usize = 64;
const MOST_PROCESSES: usize = 65_536;
/// In bytes: a process can say that all of its memory is its environment.
const LARGEST_ENVIRONMENT: u64 = 1 << 20;

impl Desktop {
    /// The one that is on the screen. `None`: there is none, or none of X11.
    pub fn on_screen() -> Option<Self> {
        let sessions = logind(&["list-sessions", "--no-legend", "--no-pager"])?;
        let until = Instant::now() + PATIENCE;
        let ids = sessions
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        let ids = ids.take(MOST_SESSIONS);
        ids.take_while(|_| Instant::now() < until).find_map(|id| {
            let properties = logind(&["show-session", "--no-pager", "--", id])?;
            let session = Session::read(&properties)?;
            Self::of(&session.user, session.display)
        })
    }

    /// Of this account, at this display where it is known.
    pub fn of(user: &str, display: Option<String>) -> Option<Self> {
        let person = Person::find(user).ok()??;
        let environment = environment_of(person.uid, display.as_deref());
        let (shown, authority) = environment.unwrap_or_default();
        let display = display.or(shown)?;
        let own = person.home.join(".Xauthority");
        let authority = authority.or_else(|| own.exists().then_some(own));
        Some(Self {
            person,
            display,
            authority,
        })
    }
}

fn logind(arguments: &[&str]) -> Option<String> {
    said_by(LOGINCTL, arguments, PATIENCE).ok()?
}

/// What logind says of a session that is on the screen with a desktop of X11.
struct Session {
    user: String,
    display: Option<String>,
}

impl Session {
    /// `None`: it is none of these.
    fn read(properties: &str) -> Option<Self> {
        let value = |name: &str| {
            let mut lines = properties.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        };
        let is_shown = value("Active") == Some("yes") && value("Type") == Some("x11");
        let is_local = value("Remote") != Some("yes");
        // Before somebody has logged in it is the log-in screen's.
        let is_desktop = matches!(value("Class"), Some("user" | "greeter"));
        let display = value("Display").filter(|display| !display.is_empty());
        (is_shown && is_local && is_desktop).then(|| {
            Some(Self {
                user: value("User")?.to_owned(),
                display: display.map(str::to_owned),
            })
        })?
    }
}

/// `DISPLAY` and `XAUTHORITY` of a process of theirs. What they say of their own desktop is used as themselves alone.
fn environment_of(uid: u32, wanted: Option<&str>) -> Option<(Option<String>, Option<PathBuf>)> {
    let processes = fs::read_dir("/proc").ok()?.flatten();
    processes.take(MOST_PROCESSES).find_map(|process| {
        let is_theirs = process.metadata().is_ok_and(|it| it.uid() == uid);
        let name = process.file_name();
        let is_process = name.to_string_lossy().bytes().all(|b| b.is_ascii_digit());
        let path = process.path().join("environ");
        (is_theirs && is_process).then(|| read_environment(&path, wanted))?
    })
}

fn read_environment(
    path: &Path,
    wanted: Option<&str>,
) -> Option<(Option<String>, Option<PathBuf>)> {
    let mut bytes = Vec::new();
    let file = File::open(path).ok()?;
    let read = file.take(LARGEST_ENVIRONMENT).read_to_end(&mut bytes);
    read.ok()?;
    let (display, authority) = of_environment(&bytes);
    let display = display?;
    let is_wanted = wanted.is_none_or(|wanted| wanted == display);
    (is_wanted && authority.is_some()).then_some((Some(display), authority))
}

fn of_environment(bytes: &[u8]) -> (Option<String>, Option<PathBuf>) {
    let value = |name: &[u8]| {
        let mut pairs = bytes.split(|byte| *byte == 0);
        let value = pairs.find_map(|pair| pair.strip_prefix(name));
        let text = value.and_then(|value| std::str::from_utf8(value).ok());
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    (value(b"DISPLAY="), value(b"XAUTHORITY=").map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str =
        "Id=2\nUser=1000\nName=amy\nRemote=no\nType=x11\nClass=user\nActive=yes\nDisplay=:0\n";

    #[test]
    fn the_desktop_on_the_screen_is_found_and_no_other() {
        let shown = Session::read(SHOWN).unwrap();
        assert_eq!(
            (shown.user.as_str(), shown.display.as_deref()),
            ("1000", Some(":0"))
        );
        let greeter = SHOWN
            .replace("Class=user", "Class=greeter")
            .replace("=:0", "=");
        assert!(Session::read(&greeter).unwrap().display.is_none());
        for (from, to) in [
            ("Active=yes", "Active=no"),
            ("Type=x11", "Type=wayland"),
            ("Type=x11", "Type=tty"),
            ("Remote=no", "Remote=yes"),
            ("Class=user", "Class=manager"),
        ] {
            assert!(Session::read(&SHOWN.replace(from, to)).is_none(), "{to}");
        }
    }

    #[test]
    fn how_a_display_is_reached_is_read_from_the_environment_of_who_uses_it() {
        let environment = b"HOME=/home/amy\0DISPLAY=:0\0XAUTHORITY=/run/user/1000/xauth\0";

        let (display, authority) = of_environment(environment);

        assert_eq!(display.as_deref(), Some(":0"));
        assert_eq!(
            authority.as_deref(),
            Some(Path::new("/run/user/1000/xauth"))
        );
        assert_eq!(of_environment(b"MY_DISPLAY=:0\0DISPLAY=\0"), (None, None));
    }

    #[test]
    fn of_an_environment_no_more_is_read_than_one_may_have() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("environ");
        let pairs = b"\0DISPLAY=:0\0XAUTHORITY=/home/amy/.Xauthority\0".to_vec();
        let far = vec![b'x'; 1 << 20];

        fs::write(&path, &pairs).unwrap();
        assert!(read_environment(&path, Some(":0")).is_some());
        fs::write(&path, [far, pairs].concat()).unwrap();
        assert!(read_environment(&path, Some(":0")).is_none());
    }
}
