//! Reports of tests: read with the operator's key, and signed where tests run.

use std::path::Path;

use conclave_audit::{KeyName, Signer, Verifier};
use conclave_policy::evidence::{
    REPORT_OF_DEBUG, REPORT_OF_RELEASE, REPORT_TITLE, TestReport, Tests,
};

use super::program::of_this_program;
use crate::config;

/// What lies there at this moment.
pub(super) fn read(config: &config::Evidence) -> Tests {
    let (Some(path), Some(key)) = (&config.tests, &config.tests_key) else {
        return Tests::Absent;
    };
    signed(path, key).map_or(Tests::Invalid, Tests::Signed)
}

fn signed(path: &Path, key: &str) -> Option<TestReport> {
    let verifier = Verifier::parse(key).ok()?;
    let note = std::fs::read_to_string(path).ok()?;
    let text = verifier.open(&note).ok()?;
    TestReport::parse(text)
}

/// Signs that these lines are what tests of this very program came to, and tells the key that such a report is held
/// against. `None` for lines that are no report's.
pub(crate) async fn sign(
    lines: &str,
    name: &str,
    seed: &[u8; 32],
    seconds: u64,
) -> Option<(String, String)> {
    let program = of_this_program().await;
    let text = format!("{REPORT_TITLE}\n{program}\n{BUILT}\n{seconds}\n{lines}");
    TestReport::parse(&text)?;
    let signer = Signer::new(KeyName::parse(name)?, seed);
    let note = signer.sign(&text).ok()?;
    Some((note, signer.verifier().to_string()))
}

/// How this program was built. Its hash tells one build from another all the same; this is for who reads.
pub(super) const BUILT: &str = if cfg!(debug_assertions) {
    REPORT_OF_DEBUG
} else {
    REPORT_OF_RELEASE
};
