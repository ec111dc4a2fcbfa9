//! Log lines: one per event, as text or JSON, on standard error.
//!
//! No line holds a name, an address, a token or a meeting's code; a test runs the API's stories
//! and looks for them, and another one sets up media.

use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt, ParseError, filter_fn};
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{LogFormat, Logging};

/// What is logged. Libraries that write what they carry stay quiet, whatever the operator asks for,
/// however exactly.
pub fn filter<S>(text: &str) -> Result<impl Filter<S> + use<S>, ParseError>
where
    S: Subscriber + for<'span> LookupSpan<'span> + 'static,
{
    let asked: EnvFilter = text.parse()?;
    Ok(filter_fn(is_fit_to_print).and(asked))
}

fn is_fit_to_print(event: &Metadata<'_>) -> bool {
    let library = event.target().split("::").next().unwrap_or_default();
    *event.level() <= LevelFilter::WARN || !CARRIERS.contains(&library)
}

/// They trace frames, addresses, keys, headers or statements. What the media libraries warn of has
/// addresses redacted, by a feature of theirs.
const CARRIERS: &[&str] = &[
    "dimpl",
    "h2",
    "hyper",
    "hyper_util",
    "is",
    "rustls",
    "sctp_proto",
    "sqlx",
    "sqlx_core",
    "sqlx_postgres",
    "sqlx_sqlite",
    "str0m",
    "str0m_proto",
    "tokio_tungstenite",
    "tungstenite",
    "webauthn_rs",
    "webauthn_rs_core",
];

/// Takes effect for the whole program, once.
pub(crate) fn start(logging: &Logging) -> Result<(), ParseError> {
    let filter = filter(&logging.filter)?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match logging.format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .init();
    // A panic's words may hold what a person typed: its place is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "the program made a mistake");
    }));
    Ok(())
}
