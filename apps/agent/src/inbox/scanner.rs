//! The program of the organisation's that looks at files before they are the person's, such as `clamdscan --fdpass`.

use std::ffi::OsString;
use std::fs::File;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use conclave_protocol::remote::TransferId;
use conclave_remote::Done;

/// It is given the file as its input, which has no other name than [`INPUT`], and ends with 0 for what is harmless and with
/// 1 for what is not.
#[derive(Clone)]
pub struct Scanner(OsString);

impl Scanner {
    pub fn new(program: OsString) -> Self {
        Self(program)
    }

    /// As whoever installed the agent says.
    pub fn of_environment() -> Option<Self> {
        let program = std::env::var_os(VARIABLE)?;
        (!program.is_empty()).then_some(Self(program))
    }

    /// Whatever else it says, or not in time, is no word on the file.
    pub fn scan(&self, transfer: TransferId, file: File) -> Done {
        let harmless = match self.run(file).and_then(|status| status.code()) {
            Some(0) => true,
            Some(1) => false,
            Some(_) | None => return Done::Failed(transfer),
        };
        Done::Scanned { transfer, harmless }
    }

    fn run(&self, file: File) -> Option<ExitStatus> {
        let mut scanner = Command::new(&self.0)
            .arg(INPUT)
            .stdin(Stdio::from(file))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let until = Instant::now() + LONGEST_SCAN;
        while Instant::now() < until {
            match scanner.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) => thread::sleep(BETWEEN_LOOKS),
                Err(_) => break,
            }
        }
        end(scanner);
        None
    }
}

fn end(mut scanner: Child) {
    let _ended = scanner.kill();
    let _reaped = scanner.wait();
}

/// The path that it is given: what it opens by it, it opens for itself.
const INPUT: &str = "/proc/self/fd/0";

const VARIABLE: &str = "CONCLAVE_AGENT_SCANNER";

const LONGEST_SCAN: Duration = Duration::from_secs(120);

const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
