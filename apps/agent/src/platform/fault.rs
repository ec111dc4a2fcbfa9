//! Why a desktop did not do what it was asked.

use std::error::Error;

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It can't do this at all.
    #[error("this desktop lacks {0}")]
    Lacks(&'static str),
    /// Only one program can have it.
    #[error("another program holds {0}")]
    Held(&'static str),
    /// What is meant is not there, or not any more.
    #[error("there is no such window")]
    NoSuchWindow,
    /// More than is ever held in memory.
    #[error("the picture is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("no desktop can be reached")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    #[error("the desktop refused a request")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// The session that it belongs to has ended, or its connection.
    #[error("the connection to the desktop has ended")]
    Gone(#[source] Box<dyn Error + Send + Sync>),
    #[error("the system gives nothing to be woken by")]
    NoBell(#[source] Box<dyn Error + Send + Sync>),
}
