//! How root finds this very program: by the number of a process that runs it.
//!
//! # Security
//!
//! The person can kill that process while the computer still asks PAM, and have another one of their own take its number. So
//! root's shell opens the program first, and runs what it opened only where the process of that number began when this one
//! did: then it was there all the time, and nobody else had its number.

use std::io;

/// For root's shell: `$0` is the number, and `$1` when the process began. Of a name that holds what would follow it, the last
/// part is the kernel's.
pub(super) const RUN: &str = r#"{
read -r stat <"/proc/$0/stat" || exit 126
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
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// Runs, and with `raised` for an argument fails.
    struct Runs(Child);

    impl Runs {
        fn begin() -> Self {
            let mut sleeps = Command::new("/bin/sleep");
            Self(sleeps.arg("600").spawn().unwrap())
        }

        fn number(&self) -> String {
            self.0.id().to_string()
        }

        fn began(&self) -> String {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()));
            began(&stat.unwrap()).unwrap().to_owned()
        }
    }

    impl Drop for Runs {
        fn drop(&mut self) {
            let _ended = self.0.kill();
            let _reaped = self.0.wait();
        }
    }

    fn is_run(number: &str, began: &str) -> bool {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", RUN, number, began]);
        shell.stderr(Stdio::null());
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

    #[test]
    fn a_name_says_nothing_of_when_a_process_began() {
        let fields: Vec<String> = (3..53).map(|field| field.to_string()).collect();
        let stat = format!("7 (a) S 1 2 3) {}", fields.join(" "));

        assert_eq!(began(&stat), Some("22"));
        assert_eq!(began("7 (a"), None);
        assert_eq!(own_number().unwrap()[0], std::process::id().to_string());
    }
}
