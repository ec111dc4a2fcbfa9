//! Log lines: one per event, as text or JSON, on standard error.
//!
//! No line holds a name, an address, a token or a meeting's code; a test runs the API's stories
//! and looks for them.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::config::{LogFormat, Logging};

/// What is logged. Libraries that write what they carry stay quiet, whatever the operator asks for.
pub fn filter(text: &str) -> Result<EnvFilter, ParseError> {
    let filter: EnvFilter = text.parse()?;
    Ok(CARRIERS
        .iter()
        .filter_map(|library| format!("{library}=warn").parse().ok())
        .fold(filter, EnvFilter::add_directive))
}

/// They trace frames, addresses, headers or statements.
const CARRIERS: &[&str] = &[
    "h2",
    "hyper",
    "hyper_util",
    "rustls",
    "sqlx",
    "tokio_tungstenite",
    "tungstenite",
];

/// Takes effect for the whole program, once.
pub(crate) fn start(logging: &Logging) -> Result<(), ParseError> {
    let filter = filter(&logging.filter)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match logging.format {
        LogFormat::Text => lines.with_ansi(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    // A panic's words may hold what a person typed: its place is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "the program made a mistake");
    }));
    Ok(())
}
