//! Offers that real clients made, for tests.

pub(crate) const CHROMIUM_PUBLISHES: &str =
    include_str!("../../tests/vectors/sdp/chromium-156-publishes.sdp");
pub(crate) const FIREFOX_PUBLISHES: &str =
    include_str!("../../tests/vectors/sdp/firefox-esr-publishes.sdp");
/// In the form of the native SDKs, with feedback lines for a payload type that is not offered.
pub(crate) const NATIVE_PUBLISHES: &str =
    include_str!("../../tests/vectors/sdp/native-publishes.sdp");
