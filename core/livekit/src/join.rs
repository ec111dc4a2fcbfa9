//! How somebody joins, whichever form of the URL said it.

use std::collections::BTreeMap;
use std::io::Read;

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use flate2::read::GzDecoder;
use livekit_protocol as proto;
use prost::Message;

/// The two topologies on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// `/rtc`: the client offers a publisher connection, the server a subscriber connection.
    Dual,
    /// `/rtc/v1`: one connection, the client offers always.
    Single,
}

/// A join or a resume, normalised from v0's query or v1's `join_request`. Holds a person's words and
/// their machine's addresses, so it is never printed.
#[derive(Clone)]
pub struct Join {
    pub topology: Topology,
    pub client: proto::ClientInfo,
    pub auto_subscribe: bool,
    pub adaptive_stream: bool,
    /// `None`: the server's default (allowed).
    pub subscriber_allow_pause: Option<bool>,
    pub disable_ice_lite: bool,
    /// Overrides the token's where the permission allows; empty: none.
    pub metadata: String,
    pub attributes: BTreeMap<String, String>,
    pub add_track_requests: Vec<proto::AddTrackRequest>,
    pub publisher_offer: Option<proto::SessionDescription>,
    pub resume: Option<Resume>,
}

/// The client means to continue a session.
#[derive(Clone)]
pub struct Resume {
    /// Empty when an old client does not say.
    pub participant_sid: String,
    pub reason: i32,
    pub sync_state: Option<Box<proto::SyncState>>,
}

/// Why a join cannot be understood. The server answers 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    #[error("join_request is not base64url")]
    Encoding,
    #[error("join_request does not hold a JoinRequest")]
    Malformed,
    #[error("join_request is too large")]
    TooLarge,
    #[error("attributes is not base64url of a JSON map of strings")]
    Attributes,
    #[error("the client's protocol version is too old")]
    Protocol,
}

/// In bytes, of a join request before and after inflation: an offer has some 10 kB.
pub const LARGEST_JOIN_REQUEST: usize = 1024 * 1024;
/// The first that packs the publisher's identifier and the stream's name into an msid.
pub const OLDEST_PROTOCOL: i32 = 9;

impl Join {
    /// From v0's query, already split and percent-decoded. Later values of a name win.
    pub fn from_query<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Self, JoinError>
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let mut join = Self::new(Topology::Dual);
        let mut reconnect = false;
        let mut resume = Resume {
            participant_sid: String::new(),
            reason: 0,
            sync_state: None,
        };
        for (name, value) in pairs {
            let value = value.as_ref();
            let client = &mut join.client;
            match name.as_ref() {
                "auto_subscribe" => join.auto_subscribe = is_true(value),
                "adaptive_stream" => join.adaptive_stream = is_true(value),
                "disable_ice_lite" => join.disable_ice_lite = is_true(value),
                "subscriber_allow_pause" => join.subscriber_allow_pause = Some(is_true(value)),
                "reconnect" => reconnect = is_true(value),
                "reconnect_reason" => resume.reason = number(value),
                "sid" => resume.participant_sid = value.to_owned(),
                "attributes" => join.attributes = attributes(value)?,
                "sdk" => client.sdk = sdk(value) as i32,
                "version" => client.version = value.to_owned(),
                "protocol" => client.protocol = number(value),
                "client_protocol" => client.client_protocol = number(value),
                "device_model" => client.device_model = value.to_owned(),
                "os" => client.os = value.to_owned(),
                "os_version" => client.os_version = value.to_owned(),
                "browser" => client.browser = value.to_owned(),
                "browser_version" => client.browser_version = value.to_owned(),
                "network" => client.network = value.to_owned(),
                "capabilities" => client.capabilities = capabilities(value),
                _ => {}
            }
        }
        join.resume = reconnect.then_some(resume);
        join.checked()
    }

    /// From v1's `join_request`: base64url, padded or not, of a `WrappedJoinRequest`.
    pub fn from_join_request(encoded: &str) -> Result<Self, JoinError> {
        if encoded.len() > LARGEST_JOIN_REQUEST {
            return Err(JoinError::TooLarge);
        }
        let wrapped = BASE64.decode(encoded).map_err(|_| JoinError::Encoding)?;
        let wrapped = proto::WrappedJoinRequest::decode(wrapped.as_slice())
            .map_err(|_| JoinError::Malformed)?;
        let request = match wrapped.compression() {
            proto::wrapped_join_request::Compression::None => wrapped.join_request,
            proto::wrapped_join_request::Compression::Gzip => inflate(&wrapped.join_request)?,
        };
        let request =
            proto::JoinRequest::decode(request.as_slice()).map_err(|_| JoinError::Malformed)?;
        Self::from_message(request).checked()
    }

    fn from_message(request: proto::JoinRequest) -> Self {
        let settings = request
            .connection_settings
            .unwrap_or(proto::ConnectionSettings {
                auto_subscribe: true,
                ..Default::default()
            });
        Self {
            topology: Topology::Single,
            client: request.client_info.unwrap_or_default(),
            auto_subscribe: settings.auto_subscribe,
            adaptive_stream: settings.adaptive_stream,
            subscriber_allow_pause: settings.subscriber_allow_pause,
            disable_ice_lite: settings.disable_ice_lite,
            metadata: request.metadata,
            attributes: request.participant_attributes.into_iter().collect(),
            add_track_requests: request.add_track_requests,
            publisher_offer: request.publisher_offer,
            resume: request.reconnect.then(|| Resume {
                participant_sid: request.participant_sid,
                reason: request.reconnect_reason,
                sync_state: request.sync_state.map(Box::new),
            }),
        }
    }

    fn new(topology: Topology) -> Self {
        Self {
            topology,
            client: proto::ClientInfo::default(),
            auto_subscribe: true,
            adaptive_stream: false,
            subscriber_allow_pause: None,
            disable_ice_lite: false,
            metadata: String::new(),
            attributes: BTreeMap::new(),
            add_track_requests: Vec::new(),
            publisher_offer: None,
            resume: None,
        }
    }

    fn checked(self) -> Result<Self, JoinError> {
        if self.client.protocol < OLDEST_PROTOCOL {
            return Err(JoinError::Protocol);
        }
        Ok(self)
    }
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Stops at the cap, so that a small bomb cannot fill the memory.
fn inflate(compressed: &[u8]) -> Result<Vec<u8>, JoinError> {
    let mut inflated = Vec::new();
    let cap = LARGEST_JOIN_REQUEST as u64 + 1;
    GzDecoder::new(compressed)
        .take(cap)
        .read_to_end(&mut inflated)
        .map_err(|_| JoinError::Malformed)?;
    if inflated.len() > LARGEST_JOIN_REQUEST {
        return Err(JoinError::TooLarge);
    }
    Ok(inflated)
}

fn attributes(encoded: &str) -> Result<BTreeMap<String, String>, JoinError> {
    let json = BASE64.decode(encoded).map_err(|_| JoinError::Attributes)?;
    serde_json::from_slice(&json).map_err(|_| JoinError::Attributes)
}

fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}

fn number(value: &str) -> i32 {
    value.parse().unwrap_or(0)
}

fn capabilities(list: &str) -> Vec<i32> {
    list.split(',')
        .filter_map(|word| {
            let word = word.trim();
            let known = proto::client_info::Capability::from_str_name(word);
            known.map_or_else(|| word.parse().ok(), |known| Some(known as i32))
        })
        .collect()
}

fn sdk(word: &str) -> proto::client_info::Sdk {
    use proto::client_info::Sdk;
    match word {
        "js" => Sdk::Js,
        "ios" | "swift" => Sdk::Swift,
        "android" => Sdk::Android,
        "flutter" => Sdk::Flutter,
        "go" => Sdk::Go,
        "unity" => Sdk::Unity,
        "reactnative" => Sdk::ReactNative,
        "rust" => Sdk::Rust,
        "python" => Sdk::Python,
        "cpp" => Sdk::Cpp,
        "unityweb" => Sdk::UnityWeb,
        "node" => Sdk::Node,
        "unreal" => Sdk::Unreal,
        "esp32" => Sdk::Esp32,
        "dotnet" => Sdk::Dotnet,
        _ => Sdk::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proto::wrapped_join_request::Compression as Wrapping;

    use super::*;

    #[test]
    fn a_query_is_a_join() {
        let attributes = URL_SAFE.encode(r#"{"role":"nurse"}"#);
        let join = Join::from_query([
            ("protocol", "17"),
            ("sdk", "js"),
            ("adaptive_stream", "true"),
            ("auto_subscribe", "0"),
            ("attributes", attributes.as_str()),
            ("unknown", "ignored"),
        ])
        .unwrap();

        assert_eq!(join.topology, Topology::Dual);
        assert_eq!(join.client.sdk(), proto::client_info::Sdk::Js);
        assert!(join.adaptive_stream && !join.auto_subscribe && join.resume.is_none());
        assert_eq!(
            join.attributes.get("role").map(String::as_str),
            Some("nurse")
        );
    }

    #[test]
    fn a_query_with_reconnect_is_a_resume() {
        let join = Join::from_query([
            ("protocol", "17"),
            ("reconnect", "1"),
            ("sid", "PA_x"),
            ("reconnect_reason", "1"),
        ])
        .unwrap();

        let resume = join.resume.unwrap();
        assert_eq!(
            (resume.participant_sid.as_str(), resume.reason),
            ("PA_x", 1)
        );
    }

    #[test]
    fn an_old_protocol_is_refused() {
        let join = Join::from_query([("protocol", "8")]);

        assert_eq!(join.err(), Some(JoinError::Protocol));
    }

    #[test]
    fn attributes_must_be_a_map_of_strings() {
        let list = URL_SAFE.encode("[1]");
        for attributes in ["%%", list.as_str()] {
            let join = Join::from_query([("protocol", "17"), ("attributes", attributes)]);

            assert_eq!(join.err(), Some(JoinError::Attributes));
        }
    }

    #[test]
    fn a_join_request_is_read_padded_or_not_and_zipped_or_not() {
        let request = request().encode_to_vec();
        let zipped = gzip(&request);
        for (compression, bytes) in [(Wrapping::None, request), (Wrapping::Gzip, zipped)] {
            let wrapped = wrap(compression, bytes);
            for encoded in [URL_SAFE.encode(&wrapped), URL_SAFE_NO_PAD.encode(&wrapped)] {
                let join = Join::from_join_request(&encoded).unwrap();

                assert_eq!(join.topology, Topology::Single);
                assert_eq!(join.publisher_offer.unwrap().id, 1);
                assert!(join.adaptive_stream && join.auto_subscribe);
            }
        }
    }

    #[test]
    fn a_zip_bomb_stops_at_the_cap() {
        let bomb = gzip(&vec![0; LARGEST_JOIN_REQUEST + 1]);
        assert!(bomb.len() < 10_000);

        let join = Join::from_join_request(&URL_SAFE.encode(wrap(Wrapping::Gzip, bomb)));

        assert_eq!(join.err(), Some(JoinError::TooLarge));
    }

    #[test]
    fn strangers_bytes_are_an_error() {
        let broken_zip = wrap(Wrapping::Gzip, vec![1, 2, 3]);
        let cases = [
            ("not base64!".to_owned(), JoinError::Encoding),
            (URL_SAFE.encode([0xff, 0xff]), JoinError::Malformed),
            (URL_SAFE.encode(broken_zip), JoinError::Malformed),
            ("A".repeat(LARGEST_JOIN_REQUEST + 1), JoinError::TooLarge),
        ];
        for (encoded, error) in cases {
            assert_eq!(Join::from_join_request(&encoded).err(), Some(error));
        }
    }

    fn request() -> proto::JoinRequest {
        proto::JoinRequest {
            client_info: Some(proto::ClientInfo {
                protocol: 17,
                ..Default::default()
            }),
            connection_settings: Some(proto::ConnectionSettings {
                auto_subscribe: true,
                adaptive_stream: true,
                ..Default::default()
            }),
            publisher_offer: Some(proto::SessionDescription {
                r#type: "offer".to_owned(),
                id: 1,
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    fn wrap(compression: Wrapping, join_request: Vec<u8>) -> Vec<u8> {
        proto::WrappedJoinRequest {
            compression: compression as i32,
            join_request,
        }
        .encode_to_vec()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }
}
