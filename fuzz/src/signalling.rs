//! What clients say before and on the signalling WebSocket.

use conclave_livekit::join::Join;
use conclave_livekit::proto::SignalRequest;
use conclave_livekit::signal::{decode_binary, decode_text};
use prost::Message;

/// The parameter's text; also the same bytes as v0's query values.
pub(crate) fn join_request(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = Join::from_join_request(&text);
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let _ = Join::from_query(pairs);
}

/// What is understood is understood again after it was written out.
pub(crate) fn binary_frame(bytes: &[u8]) {
    if let Ok(message) = decode_binary(bytes) {
        let request = SignalRequest {
            message: Some(message),
        };
        let again = decode_binary(&request.encode_to_vec());
        // Compared as bytes, since a NaN is no equal of itself.
        let again = again.map(|message| SignalRequest {
            message: Some(message),
        });
        assert_eq!(
            again.map(|again| again.encode_to_vec()),
            Ok(request.encode_to_vec())
        );
    }
}

/// Both forms carry the same messages.
pub(crate) fn text_frame(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(message) = decode_text(&text) {
        let request = SignalRequest {
            message: Some(message),
        };
        assert!(decode_binary(&request.encode_to_vec()).is_ok());
    }
}
