//! `conclave-agent service`: the service of an enrolled computer.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tracing::Level;

use super::enrol::is_root;
use super::{FAILED, complain, complain_with};
use crate::check::in_one_line;
use crate::hardening::harden;
use crate::service::{DIRECTORY, Service};

#[derive(Args)]
pub(super) struct Serve {
    /// Where the enrolment is kept.
    #[arg(long, value_name = "DIR", default_value = DIRECTORY)]
    directory: PathBuf,
    /// Whose desktop is shown, where the system does not say which one is on the screen (logind).
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// And at which display it is.
    #[arg(long, value_name = "DISPLAY", requires = "user")]
    display: Option<String>,
}

impl Serve {
    pub(super) fn run(self) -> ExitCode {
        if !is_root() {
            return complain("only root serves a computer");
        }
        if let Err(error) = harden() {
            return complain_with(&format!("this kernel does not protect it: {error}"), FAILED);
        }
        tracing_subscriber::fmt()
            .with_writer(std::io::stderr)
            .with_max_level(Level::INFO)
            .with_target(false)
            .init();
        let service = Service {
            directory: self.directory,
            user: self.user,
            display: self.display,
        };
        let served = service.run();
        served.unwrap_or_else(|fault| complain_with(&in_one_line(&fault), FAILED))
    }
}
