//! The page that is made from the program says what it does. `UPDATE_DOCS=1` writes it anew.

use std::fmt::Write;
use std::path::PathBuf;

use conclave::http::problem::ALL;

#[test]
fn the_page_of_errors_lists_every_code() {
    let mut page = ERRORS.to_owned();
    for kind in ALL {
        let status = kind.status.as_u16();
        writeln!(page, "| `{}` | {status} | {} |", kind.code, kind.detail).unwrap();
    }

    is_fresh("errors.md", &page);
}

#[test]
fn codes_are_listed_once() {
    let mut codes: Vec<_> = ALL.iter().map(|kind| kind.code).collect();
    codes.sort_unstable();
    codes.dedup();

    assert_eq!(codes.len(), ALL.len());
}

fn is_fresh(name: &str, page: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/{name} is not what the program says; run with UPDATE_DOCS=1"
    );
}

const ERRORS: &str = "\
# Errors

Every refusal of the HTTP API is a problem document (RFC 9457, `application/problem+json`). Programs
branch on `code`, which is stable; `detail` is for people, and may be worded better one day. Where
waiting helps, `retry_after` and the header `Retry-After` say for how many seconds.

An answer never tells more than its caller may know: a meeting of somebody else, one that is over and
one that never was are all `meeting_not_found`, and a wrong password and an unknown e-mail address are
both `sign_in_failed`.

The routes of LiveKit's protocol (`/rtc`, `/twirp`) answer in that protocol's own way instead; see
[signalling](signalling.md).

| code | status | what it means |
|---|---|---|
";
