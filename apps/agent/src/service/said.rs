//! What another program of the computer says, which is waited for no longer than it may take.

use std::io::{self, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// In bytes: more is said by none of them.
const LARGEST: u64 = 1 << 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// In the language of programs. `None`: it says that it failed. That one can't be asked, or does not answer in time and is
/// ended, is in the log.
pub(crate) fn said_by(
    program: &str,
    arguments: &[&str],
    patience: Duration,
) -> io::Result<Option<String>> {
    let said = said_within(program, arguments, patience);
    if let Err(error) = &said {
        tracing::error!(program, %error, "a program of this computer gives no answer");
    }
    said
}

fn said_within(
    program: &str,
    arguments: &[&str],
    patience: Duration,
) -> io::Result<Option<String>> {
    let until = Instant::now() + patience;
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("LC_ALL", "C");
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let mut running = Running(command.stdout(Stdio::piped()).spawn()?);
    let output = running.0.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    // What it started may hold its output for longer than it runs: only this thread waits for that.
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(all_of(output)));
    let text = told.recv_timeout(patience).map_err(|_| late())?;
    let status = running.ended(until)?;
    Ok(text.filter(|_| status.success()))
}

/// `None`: it is no text, or too long.
fn all_of(output: ChildStdout) -> Option<String> {
    let mut bytes = Vec::new();
    let read = output.take(LARGEST).read_to_end(&mut bytes).ok()?;
    let is_all = (read as u64) < LARGEST;
    is_all.then(|| String::from_utf8(bytes).ok())?
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "it does not answer in time")
}

struct Running(Child);

impl Running {
    fn ended(&mut self, until: Instant) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            if Instant::now() >= until {
                return Err(late());
            }
            thread::sleep(BETWEEN_LOOKS);
        }
    }
}

/// One that hangs is not waited for.
impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_program_that_does_not_answer_is_ended_in_time() {
        let began = Instant::now();

        let late = said_by("/bin/sleep", &["600"], Duration::from_millis(20));

        let late = late.map_err(|error| error.kind());
        assert_eq!(late, Err(io::ErrorKind::TimedOut));
        assert!(began.elapsed() < LONG);
    }

    // Shows: ABUSE-55.
    #[test]
    fn a_program_hears_nothing_of_what_this_one_was_started_with() {
        assert!(std::env::vars_os().count() > 1);

        let heard = said_by("/usr/bin/env", &[], LONG).unwrap();

        assert_eq!(heard.as_deref(), Some("LC_ALL=C\n"));
    }

    #[test]
    fn what_a_program_says_counts_where_it_says_that_it_went_well() {
        let said = |script| said_by("/bin/sh", &["-c", script], LONG).unwrap();

        assert_eq!(said("echo amy").as_deref(), Some("amy\n"));
        assert_eq!(said("echo amy; exit 2"), None);
        assert_eq!(said("exec yes"), None, "it is too long");
        let missing = said_by("/no/such/program", &[], LONG);
        assert!(missing.is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
    }
}
