//! A folder in which somebody makes an organisation's agent, with the program itself.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

pub(crate) struct Office(TempDir);

/// How a command ended, and what it said to whom.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) complaint: String,
}

/// The program as it was built, which belongs to nobody.
pub(crate) const BUILT: &str = env!("CARGO_BIN_EXE_conclave-agent");
pub(crate) const SERVER: &str = "https://hospital.example";
const NAME: &str = "hospital.example";

impl Office {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = DirBuilder::new()
            .mode(0o700)
            .create(folder.path().join("kept"));
        own.unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A program of this folder's, or [`BUILT`].
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Ended {
        let mut command = Command::new(self.path(program));
        let output = command.args(arguments).current_dir(self.0.path()).output();
        let (output, text) = (output.unwrap(), |bytes| String::from_utf8(bytes).unwrap());
        Ended {
            code: output.status.code(),
            said: text(output.stdout),
            complaint: text(output.stderr),
        }
    }

    pub(crate) fn does(&self, program: &str, arguments: &[&str]) -> String {
        let ended = self.run(program, arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.complaint);
        ended.said
    }

    /// With one line, that says this.
    pub(crate) fn refuses(&self, program: &str, arguments: &[&str], why: &str) {
        let Ended {
            code, complaint, ..
        } = self.run(program, arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
        assert!(complaint.contains(why), "{arguments:?}: {complaint}");
    }

    /// Its public part.
    pub(crate) fn key(&self, file: &str) -> String {
        let public = self.does(BUILT, &["key", "--name", NAME, "--out", file]);
        public.trim().to_owned()
    }

    /// A policy of this version, of the same name.
    pub(crate) fn policy(&self, key: &str, version: &str) -> String {
        let file = format!("{key}-{version}");
        self.does(BUILT, &signing(key, SERVER, version, &file));
        file
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

pub(crate) fn signing<'a>(
    key: &'a str,
    server: &'a str,
    version: &'a str,
    out: &'a str,
) -> Vec<&'a str> {
    let fixed = ["policy", "sign", "--until", "2999-01-01", "--permit"];
    let given = ["view,chat", "--key", key, "--server", server];
    let rest = ["--version", version, "--out", out];
    [&fixed[..], &given[..], &rest[..]].concat()
}
