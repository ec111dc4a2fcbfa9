//! Log lines: one per event, as text or JSON, on standard error.
//!
//! No line holds a name, an address, a token or a meeting's code; a test runs the API's stories
//! and looks for them.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

use crate::config::{LogFormat, Logging};

/// Takes effect for the whole program, once.
pub(crate) fn start(logging: &Logging) -> Result<(), ParseError> {
    let filter: EnvFilter = logging.filter.parse()?;
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
