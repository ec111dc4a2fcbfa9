//! What the product says of itself, and whether that holds: sentences as data, judged by what was seen.
//!
//! A sentence ([`Claim`]) names what it rests on: settings, things that the server tries on itself, tests of the very
//! program that runs, signatures of people. It is told only while all of that was seen to hold lately ([`judge`]). What
//! nobody has built yet is a claim too, so that what is missing is listed beside what is there.

mod claim;
mod condition;
mod data_class;
mod judge;
mod limits;
mod operators;
mod phrases;
mod probe;
mod register;
mod review;
mod risk;
mod safeguard;
mod sign_off;
mod test_report;
mod trace;

pub use claim::Claim;
pub use condition::{Condition, Facts, Overdue, Untrained};
pub use data_class::{DATA_CLASSES, DataClass};
pub use judge::{Seen, Verdict, good_until, judge, of_row};
pub use limits::LIMITS;
pub use operators::{Operators, Provider};
pub use phrases::banned_phrase;
pub use probe::{Observation, Probe, idle_sessions_end, locks_out};
pub use register::{claim, claims, claims_of};
pub use review::{loosest, review};
pub use risk::{RISKS, Risk, may_look_again, risk};
pub use safeguard::{SAFEGUARDS, Safeguard, is_decidable, may_be_decided, safeguard};
pub use sign_off::{SIGNED_FOR, SignOff, due_of_before, may_be_due, usual_due};
pub use test_report::{
    DEBUG as REPORT_OF_DEBUG, RELEASE as REPORT_OF_RELEASE, TITLE as REPORT_TITLE, TestReport,
    Tests,
};
pub use trace::{SIGNED_BY, Trace, Traces};

/// Said wherever the matrix is.
pub const CERTIFICATION: &str = "No government body and no law certifies software for HIPAA. What is listed here are \
     measures that help an organisation with its own duties, each with what shows it; whether they suffice is the \
     organisation's to judge.";
