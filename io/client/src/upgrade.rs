//! How to open the signalling WebSocket.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use livekit_protocol as proto;
use prost::Message;

use crate::{Options, Topology};

/// The request that opens the WebSocket. Holds a token: it prints nothing.
#[derive(Clone)]
pub struct Upgrade {
    pub topology: Topology,
    /// For the header `Authorization: Bearer …`.
    pub token: String,
    /// Of the URL, already in characters that need no escape.
    pub query: Vec<(String, String)>,
    base: String,
}

/// A session that goes on.
pub(crate) struct Continuation {
    pub(crate) participant_sid: String,
    pub(crate) reason: proto::ReconnectReason,
}

/// What we claim to speak.
const PROTOCOL: i32 = 16;

impl Upgrade {
    pub(crate) fn new(
        options: &Options,
        token: &str,
        offer: Option<proto::SessionDescription>,
        continuation: Option<&Continuation>,
    ) -> Self {
        let query = match options.topology {
            Topology::Dual => dual(options, continuation),
            Topology::Single => single(options, offer, continuation),
        };
        Self {
            topology: options.topology,
            token: token.to_owned(),
            query,
            base: options.url.clone(),
        }
    }

    /// Without the token.
    pub fn url(&self) -> String {
        let path = match self.topology {
            Topology::Dual => "rtc",
            Topology::Single => "rtc/v1",
        };
        let pairs: Vec<_> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let base = self.base.trim_end_matches('/');
        format!("{base}/{path}?{}", pairs.join("&"))
    }
}

fn dual(options: &Options, continuation: Option<&Continuation>) -> Vec<(String, String)> {
    let flag = |set: bool| if set { "1" } else { "0" }.to_owned();
    let mut query = vec![
        ("sdk", "rust".to_owned()),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("protocol", PROTOCOL.to_string()),
        ("auto_subscribe", flag(options.auto_subscribe)),
        ("adaptive_stream", flag(options.adaptive_stream)),
    ];
    if let Some(continuation) = continuation {
        query.push(("reconnect", flag(true)));
        query.push(("sid", continuation.participant_sid.clone()));
        query.push(("reconnect_reason", (continuation.reason as i32).to_string()));
    }
    query
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn single(
    options: &Options,
    offer: Option<proto::SessionDescription>,
    continuation: Option<&Continuation>,
) -> Vec<(String, String)> {
    let request = proto::JoinRequest {
        client_info: Some(proto::ClientInfo {
            sdk: proto::client_info::Sdk::Rust as i32,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            protocol: PROTOCOL,
            ..Default::default()
        }),
        connection_settings: Some(proto::ConnectionSettings {
            auto_subscribe: options.auto_subscribe,
            adaptive_stream: options.adaptive_stream,
            ..Default::default()
        }),
        publisher_offer: offer,
        reconnect: continuation.is_some(),
        reconnect_reason: continuation.map_or(0, |c| c.reason as i32),
        participant_sid: continuation
            .map(|c| c.participant_sid.clone())
            .unwrap_or_default(),
        ..Default::default()
    };
    let wrapped = proto::WrappedJoinRequest {
        compression: proto::wrapped_join_request::Compression::None as i32,
        join_request: request.encode_to_vec(),
    };
    let encoded = URL_SAFE_NO_PAD.encode(wrapped.encode_to_vec());
    vec![("join_request".to_owned(), encoded)]
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use conclave_livekit::join::Join;

    use super::*;

    #[test]
    fn the_server_reads_both_forms_of_a_resume() {
        let continuation = Continuation {
            participant_sid: "PA_x".to_owned(),
            reason: proto::ReconnectReason::RrSignalDisconnected,
        };
        for topology in [Topology::Dual, Topology::Single] {
            let mut options = Options::new("ws://h:1/base/", "secret", Instant::now());
            options.topology = topology;
            options.auto_subscribe = false;
            options.adaptive_stream = true;

            let upgrade = Upgrade::new(&options, &options.token, None, Some(&continuation));

            let join = match topology {
                Topology::Dual => Join::from_query(upgrade.query.clone()),
                Topology::Single => Join::from_join_request(&upgrade.query[0].1),
            }
            .unwrap();
            let resume = join.resume.unwrap();
            assert_eq!(join.topology, topology);
            assert_eq!(resume.participant_sid, "PA_x");
            assert!(!join.auto_subscribe && join.adaptive_stream);
            assert!(upgrade.url().starts_with("ws://h:1/base/rtc"));
            assert!(!upgrade.url().contains("secret"));
        }
    }
}
