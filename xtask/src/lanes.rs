//! Steps of the test beside each other: each a process of its own, its output shown whole when it ends.
//!
//! On two cores this pays where one step waits (for browsers, for a linker) while another computes.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
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
const PATIENTLY: &str = r#"{ echo 15 >/proc/self/autogroup; } 2>/dev/null; exec nice -n 19 "$@""#;

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
        let status = command.stdout(file).status();
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
            Lane::Patient(_) => {
                let mut command = Command::new("setsid");
                command.args(["--wait", "sh", "-c", PATIENTLY, "sh"]);
                command.arg(&self.program);
                command
            }
        }
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        let _left = std::fs::remove_file(&self.program);
    }
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
    std::io::copy(&mut from, &mut std::io::stdout().lock())?;
    Ok(())
}
