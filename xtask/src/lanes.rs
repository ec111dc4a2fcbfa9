//! Steps of the test beside each other: each a process of its own, its output shown whole when it ends.
//!
//! On two cores this pays where one step waits (for browsers, for a linker) while another computes.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::scratch::Scratch;
use crate::shell;

/// Steps one after the other.
pub(crate) enum Lane {
    Plain(&'static [&'static str]),
    /// Steps that nobody's clock judges: they take what the others leave.
    Patient(&'static [&'static str]),
}

impl Lane {
    pub(crate) fn steps(&self) -> &'static [&'static str] {
        match self {
            Self::Plain(steps) | Self::Patient(steps) => steps,
        }
    }
}

/// Linux shares out its cores among sessions first (sched(7), "The autogroup feature"), and a browser has one of its own: a
/// process that is nice to its own session alone takes half of what that browser gets.
///
/// No terminal ends such a session. It has one end of a pipe, and this program the other: however it ends, all of the step's
/// process group is told to, and killed a little later. What made itself a group of its own is left to itself.
const PATIENTLY: &str = r#"
{ echo 15 >/proc/self/autogroup; } 2>/dev/null
exec 3<&0 </dev/null
{ trap '' TERM; cat; kill -TERM 0; sleep 5; kill -KILL 0; } <&3 >/dev/null 2>&1 &
exec nice -n 19 "$@" 3<&-"#;

/// How long a step took.
pub(crate) type Timed = (&'static str, Duration);

/// This program where no build replaces it, beside the outputs of the steps; and where these write, if that is in memory.
pub(crate) struct Lanes {
    program: PathBuf,
    scratch: Option<Scratch>,
    /// After a failure no lane begins another step.
    failed: AtomicBool,
}

impl Lanes {
    pub(crate) fn new() -> Result<Self> {
        let folder = folder();
        std::fs::create_dir_all(&folder)?;
        let program = folder.join(format!("xtask-{}", std::process::id()));
        std::fs::copy(std::env::current_exe()?, &program)
            .context("could not keep a copy of this program")?;
        let scratch = Scratch::in_memory()?;
        Ok(Self {
            program,
            scratch,
            failed: AtomicBool::new(false),
        })
    }

    /// Runs all lanes to their ends.
    pub(crate) fn run(&self, lanes: &'static [Lane]) -> Result<Vec<Timed>> {
        let times = thread::scope(|scope| {
            let running: Vec<_> = lanes
                .iter()
                .map(|lane| scope.spawn(|| self.one_by_one(lane)))
                .collect();
            running.into_iter().map(joined).collect::<Vec<_>>()
        });
        let times: Result<Vec<_>> = times.into_iter().collect();
        Ok(times?.concat())
    }

    fn one_by_one(&self, lane: &Lane) -> Result<Vec<Timed>> {
        let mut times = Vec::new();
        for step in lane.steps() {
            if self.failed.load(Ordering::Relaxed) {
                break;
            }
            let time = self.step(step, lane).inspect_err(|_| {
                self.failed.store(true, Ordering::Relaxed);
            })?;
            times.push((*step, time));
        }
        Ok(times)
    }

    fn step(&self, step: &str, lane: &Lane) -> Result<Duration> {
        let start = Instant::now();
        let output = log(step);
        let file = File::create(&output).context("could not keep a step's output")?;
        let mut command = self.command(lane);
        command.args(["test", step]).stderr(file.try_clone()?);
        if let Some(scratch) = &self.scratch {
            command.env("TMPDIR", scratch.folder());
        }
        let status = run(command.stdout(file));
        show(&output)?;
        let time = start.elapsed();
        println!("=== {step}: {} s", time.as_secs());
        if !status.context("could not start a step")?.success() {
            bail!("step `{step}`");
        }
        Ok(time)
    }

    fn command(&self, lane: &Lane) -> Command {
        match lane {
            Lane::Plain(_) => Command::new(&self.program),
            Lane::Patient(_) => patient(&self.program),
        }
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        let _left = std::fs::remove_file(&self.program);
    }
}

fn patient(program: &Path) -> Command {
    let mut command = Command::new("setsid");
    command.args(["--wait", "sh", "-c", PATIENTLY, "sh"]);
    command.arg(program).stdin(Stdio::piped());
    command
}

/// To its end. What a patient one ends by stays open until then.
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let mut child = command.spawn()?;
    let _lifeline = child.stdin.take();
    child.wait()
}

/// What a step printed when it ran last.
pub(crate) fn log(step: &str) -> PathBuf {
    folder().join(step).with_extension("log")
}

fn folder() -> PathBuf {
    shell::target().join("steps")
}

fn joined(lane: ScopedJoinHandle<'_, Result<Vec<Timed>>>) -> Result<Vec<Timed>> {
    lane.join().unwrap_or_else(|_| bail!("a lane panicked"))
}

fn show(output: &Path) -> Result<()> {
    let mut from = File::open(output)?;
    io::copy(&mut from, &mut io::stdout().lock())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read};

    use super::*;

    /// Its child says `late` unless it is ended too.
    const STEP: &str = "(echo begun; sleep 20; echo late) & wait";

    #[test]
    fn a_patient_step_ends_with_what_it_started_when_this_program_is_gone() {
        let mut command = patient(Path::new("sh"));
        command.args(["-c", STEP]).stdout(Stdio::piped());
        let mut step = command.spawn().unwrap();
        let mut output = BufReader::new(step.stdout.take().unwrap());
        let mut said = String::new();
        output.read_line(&mut said).unwrap();

        drop(step.stdin.take());

        assert!(!step.wait().unwrap().success());
        output.read_to_string(&mut said).unwrap();
        assert_eq!(said, "begun\n");
    }

    #[test]
    fn a_patient_step_is_run_to_its_end() {
        let mut command = patient(Path::new("sh"));

        let status = run(command.args(["-c", "sleep 0.2; exit 7"]));

        assert_eq!(status.unwrap().code(), Some(7));
    }
}
