//! How root finds this very program: by the number of a process that runs it.
//!
//! # Security
//!
//! The person can kill that process while the computer still asks PAM, and have another one of their own take its number. So
//! root's shell opens the program first, and runs what it opened only where the process of that number began when this one
//! did: then it was there all the time, and nobody else had its number.

use std::io;

/// For root's shell: `$0` is the number, and `$1` when the process began. A name may hold what would follow it, and lines: the
/// last part of the last line is the kernel's.
pub(super) const RUN: &str = r#"{
while read -r line; do stat=$line; done <"/proc/$0/stat" || exit 126
began=$1
set -- ${stat##*) }
[ "${20}" = "$began" ] || exit 126
exec /proc/self/fd/3 raised
} 3<"/proc/$0/exe"
exit 126"#;
/// Of the fields that follow the name in `/proc/PID/stat`.
const BEGAN: usize = 19;

/// What the shell is given.
pub(super) fn own_number() -> io::Result<[String; 2]> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let began = began(&stat).ok_or(io::ErrorKind::InvalidData)?;
    Ok([std::process::id().to_string(), began.to_owned()])
}

/// In ticks since the computer started.
fn began(stat: &str) -> Option<&str> {
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split_ascii_whitespace().nth(BEGAN)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::process::CommandExt as _;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// Runs, and with `raised` for an argument fails.
    struct Runs(Child);

    impl Runs {
        fn begin() -> Self {
            Self::called(Path::new(SLEEP))
        }

        /// By its own name for itself, and by this one for the kernel.
        fn called(program: &Path) -> Self {
            let mut sleeps = Command::new(program);
            Self(sleeps.arg0("sleep").arg("600").spawn().unwrap())
        }

        fn number(&self) -> String {
            self.0.id().to_string()
        }

        fn began(&self) -> String {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()));
            began(&stat.unwrap()).unwrap().to_owned()
        }
    }

    impl Drop for Runs {
        fn drop(&mut self) {
            let _ended = self.0.kill();
            let _reaped = self.0.wait();
        }
    }

    const SLEEP: &str = "/bin/sleep";

    fn is_run(number: &str, began: &str) -> bool {
        is_run_in(Path::new("/"), number, began)
    }

    fn is_run_in(folder: &Path, number: &str, began: &str) -> bool {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", RUN, number, began]);
        shell.current_dir(folder).stderr(Stdio::null());
        shell.status().unwrap().code() != Some(126)
    }

    // Shows: REQ-AC-31, ABUSE-55.
    #[test]
    fn root_runs_the_program_of_the_process_that_was_meant_alone() {
        let runs = Runs::begin();
        let (number, right) = (runs.number(), runs.began());

        assert!(is_run(&number, &right));
        // Another process that has the number by now.
        assert!(!is_run(&number, &format!("{right}1")));
        assert!(!is_run(&number, ""));
        drop(runs);
        assert!(!is_run(&number, &right));
    }

    // Shows: REQ-AC-31, ABUSE-55.
    #[test]
    fn a_name_that_is_more_than_a_line_stands_for_no_other_process() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("a) *\n");
        symlink(SLEEP, &program).unwrap();
        let runs = Runs::called(&program);
        // What `*` is in there: as many names as there are fields, and the last is the one that is looked for.
        let files = folder.path().join("files");
        fs::create_dir(&files).unwrap();
        for field in 0..=BEGAN {
            fs::write(files.join(format!("{field:02}")), b"").unwrap();
        }

        assert!(!is_run_in(&files, &runs.number(), &format!("{BEGAN:02}")));
        assert!(is_run_in(&files, &runs.number(), &runs.began()));
    }

    #[test]
    fn a_name_says_nothing_of_when_a_process_began() {
        let fields: Vec<String> = (3..53).map(|field| field.to_string()).collect();
        let stat = format!("7 (a) S 1 2 3) {}", fields.join(" "));

        assert_eq!(began(&stat), Some("22"));
        assert_eq!(began("7 (a"), None);
        assert_eq!(own_number().unwrap()[0], std::process::id().to_string());
    }
}
