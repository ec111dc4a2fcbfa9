//! The command line: what the operator can ask the program to do.

use std::ffi::OsString;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{Config, Server, config, http, logging};

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
    /// Prints the configuration's defaults, with explanations.
    Config,
    /// Prints the OpenAPI description of the HTTP API.
    Openapi,
}

#[derive(Args)]
struct Serve {
    /// Where the database and the keys are kept [default: conclave-data].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where people and programs connect [default: 127.0.0.1:7880].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The port of sound and pictures, UDP and TCP [default: 7882].
    #[arg(long, value_name = "PORT")]
    media_port: Option<u16>,
    /// The configuration file; `conclave config` prints one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// For developers: loopback only, with the API key `devkey` and the secret `secret`.
    #[arg(long)]
    dev: bool,
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
        Command::Openapi => say(&http::openapi()),
        Command::Serve(serve) => serve.run(),
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
        tokio::runtime::Runtime::new()
            .context("the system gives no threads")?
            .block_on(serve(config))
    }

    /// The file's, with the environment's paths and the command line's words on top.
    fn configuration(self) -> Result<Config, config::ConfigError> {
        let file = self.config.or_else(|| path("CONCLAVE_CONFIG"));
        let mut config = match file {
            Some(path) => Config::read(&path)?,
            None => Config::default(),
        };
        let data_dir = self.data_dir.or_else(|| path("CONCLAVE_DATA_DIR"));
        config.data_dir = data_dir.unwrap_or(config.data_dir);
        config.listen = self.listen.unwrap_or(config.listen);
        config.media.port = self.media_port.unwrap_or(config.media.port);
        config.dev = self.dev;
        Ok(config)
    }
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

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes())?;
    out.write_all(if text.ends_with('\n') { b"" } else { b"\n" })?;
    Ok(())
}

/// The exit code for bad arguments or a bad configuration.
const BAD_USE: u8 = 2;
