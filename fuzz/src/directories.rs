//! What an organisation's directory sends (SCIM).

use std::collections::BTreeSet;

use conclave_protocol::personal::DisplayName;
use conclave_protocol::scim::filter::Filter;
use conclave_protocol::scim::group::GroupChange;
use conclave_protocol::scim::user::UserChange;
use serde_json::Value;

/// Names that are read can be shown, and whoever names a role at the top of a body is refused.
pub(crate) fn user(bytes: &[u8]) {
    let read = [UserChange::of_resource(bytes), UserChange::of_patch(bytes)];
    for change in read.into_iter().flatten() {
        assert!(!names_roles(bytes), "a role was read over");
        if let Some(name) = &change.display_name {
            assert!(DisplayName::parse(name.as_str()).is_ok());
        }
    }
}

/// The same change twice leaves the same people in.
pub(crate) fn group(bytes: &[u8]) {
    let read = [
        GroupChange::of_resource(bytes),
        GroupChange::of_patch(bytes),
    ];
    for change in read.into_iter().flatten() {
        assert!(!names_roles(bytes), "a role was read over");
        let once = change.members_after(&BTreeSet::new());
        assert!(once.len() <= bytes.len());
        assert_eq!(change.members_after(&once), once);
    }
}

/// A filter is no longer than what it came in.
pub(crate) fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(Filter::UserName(value) | Filter::ExternalId(value) | Filter::DisplayName(value)) =
        Filter::parse(&text)
    {
        assert!(value.len() <= text.len());
    }
}

fn names_roles(bytes: &[u8]) -> bool {
    let body: Option<Value> = serde_json::from_slice(bytes).ok();
    let names = body.as_ref().and_then(Value::as_object).into_iter();
    let mut names = names.flat_map(|body| body.keys());
    names.any(|name| name.trim().eq_ignore_ascii_case("roles"))
}
