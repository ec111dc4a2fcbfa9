//! The command line: what the operator can ask the program to do.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::audit_command::AuditCommand;
use crate::installation_key::InstallationKey;
use crate::{
    Config, Server, config, emergency_drill, evidence, http, let_back_in, logging, time_back,
};

/// Private meetings, self-hosted.
#[derive(Parser)]
#[command(name = "conclave", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until SIGTERM or Ctrl-C.
    Serve(Serve),
    /// Voids an account's second factors, for whoever has lost them. The server may run meanwhile.
    LetBackIn(LetBackIn),
    /// Verifies the audit log, and hands it out.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Goes on from the machine's clock where a clock that was far ahead has left later moments on record. Everybody is signed
    /// out, and links and codes that were sent are void. The server must not run.
    TakeBackTime(Files),
    /// Signs what tests of this very program came to, for whoever runs them: reads a line for each from standard input, as
    /// `REQ-AC-09 passed path: name`, and prints the report. The key that it is held against goes to standard error.
    SignTests(SignTests),
    /// Proves, without anybody's data, that emergency access works: once a month. The server may run meanwhile.
    EmergencyDrill(Files),
    /// Prints the configuration's defaults, with explanations.
    Config,
    /// Prints the OpenAPI description of the HTTP API.
    Openapi,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    files: Files,
    /// Where people and programs connect [default: 127.0.0.1:7880].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The port of sound and pictures, UDP and TCP [default: 7882].
    #[arg(long, value_name = "PORT")]
    media_port: Option<u16>,
    /// For developers: loopback only, with the API key `devkey` and the secret `secret`.
    #[arg(long)]
    dev: bool,
}

#[derive(Args)]
struct LetBackIn {
    /// Of the account.
    email: String,
    /// Also prints a link that chooses another password: for the last owner, and for who has passkeys alone.
    #[arg(long)]
    password_link: bool,
    #[command(flatten)]
    files: Files,
}

#[derive(Args)]
struct SignTests {
    /// Holds 32 secret random bytes; made when there is none.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Whose key it is, such as the name of the machine that runs the tests.
    #[arg(long, value_name = "NAME")]
    name: String,
}

/// Where the installation is.
#[derive(Args)]
pub(crate) struct Files {
    /// Where the database and the keys are kept [default: conclave-data].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The configuration file; `conclave config` prints one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Does what the arguments say. 0: done, or stopped cleanly. 2: the arguments or the configuration are bad.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return complain(&not_understood(&error)),
        Err(help) => {
            let _shown = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let done = match arguments.command {
        Command::Config => say(config::DEFAULTS),
        Command::Openapi => say(http::openapi()),
        Command::Serve(serve) => serve.run(),
        Command::LetBackIn(let_back_in) => let_back_in.run(),
        Command::Audit(audit) => audit.run(),
        Command::TakeBackTime(files) => take_back_time(files),
        Command::SignTests(sign_tests) => sign_tests.run(),
        Command::EmergencyDrill(files) => drill(files),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("{error:#}")),
    }
}

/// One line for the operator.
fn complain(what: &str) -> ExitCode {
    let _shown = writeln!(std::io::stderr(), "conclave: {what}");
    BAD_USE.into()
}

fn not_understood(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("error: "));
    let what = first.unwrap_or("a command is missing");
    format!("{what}; `conclave --help` tells more")
}

impl Serve {
    fn run(self) -> anyhow::Result<()> {
        let config = self.configuration()?;
        logging::start(&config.logging).context("logging.filter is not valid")?;
        runtime()?.block_on(serve(config))
    }

    fn configuration(self) -> Result<Config, config::ConfigError> {
        let mut config = self.files.configuration()?;
        config.listen = self.listen.unwrap_or(config.listen);
        config.media.port = self.media_port.unwrap_or(config.media.port);
        config.dev = self.dev;
        Ok(config)
    }
}

impl LetBackIn {
    fn run(self) -> anyhow::Result<()> {
        let config = self.files.configuration()?;
        let act = let_back_in::run(&config, &self.email, self.password_link);
        let link = runtime()?.block_on(act)?;
        say(
            "Second factors and backup codes of the account are void, and it is signed in nowhere.",
        )?;
        match link {
            Some(link) => say(&format!(
                "Choose another password within 30 minutes: {link}"
            )),
            None => Ok(()),
        }
    }
}

impl SignTests {
    fn run(self) -> anyhow::Result<()> {
        let mut lines = String::new();
        std::io::stdin().read_to_string(&mut lines)?;
        let name = self.key.file_name().context("the key is no file")?;
        let folder = self.key.parent().unwrap_or(Path::new("."));
        let key = InstallationKey::open(folder, &name.to_string_lossy())?;
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let signed =
            evidence::sign_report(&lines, &self.name, key.as_bytes(), since_1970.as_secs());
        let signed = runtime()?.block_on(signed);
        let (report, verifier) =
            signed.context("the lines are no report, or the name is no key's")?;
        writeln!(std::io::stderr(), "{verifier}")?;
        say(&report)
    }
}

fn take_back_time(files: Files) -> anyhow::Result<()> {
    let config = files.configuration()?;
    let taken = runtime()?.block_on(time_back::run(&config))?;
    say(&format!(
        "{} seconds were taken back: the server goes on from the machine's clock. Everybody is signed out.",
        taken.as_secs()
    ))
}

fn drill(files: Files) -> anyhow::Result<()> {
    let config = files.configuration()?;
    let report = runtime()?.block_on(emergency_drill::run(&config))?;
    say(&report.to_string())?;
    match report.failed_at {
        None => Ok(()),
        Some(step) => Err(anyhow::anyhow!("the drill failed at: {}", step.says())),
    }
}

impl Files {
    /// The file's, with the environment's paths and the command line's words on top.
    pub(crate) fn configuration(self) -> Result<Config, config::ConfigError> {
        let file = self.config.or_else(|| path("CONCLAVE_CONFIG"));
        let mut config = match file {
            Some(path) => Config::read(&path)?,
            None => Config::default(),
        };
        let data_dir = self.data_dir.or_else(|| path("CONCLAVE_DATA_DIR"));
        config.data_dir = data_dir.unwrap_or(config.data_dir);
        Ok(config)
    }
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Runtime::new().context("the system gives no threads")
}

/// A path that the environment sets.
fn path(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    // Before anything is said: whoever reads the link may ask to stop at once.
    let mut asked = Stop::listen()?;
    let running = Server::start(config).await?;
    if let Some(link) = running.owner_link() {
        say(&format!(
            "Make the owner's account within 30 minutes: {link}"
        ))?;
    }
    tracing::info!("serving");
    asked.come().await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

/// SIGTERM and Ctrl-C, heard from the moment that this exists.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes())?;
    out.write_all(if text.ends_with('\n') { b"" } else { b"\n" })?;
    Ok(())
}

/// The exit code for bad arguments or a bad configuration.
const BAD_USE: u8 = 2;
