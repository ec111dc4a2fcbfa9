//! Frames of the signalling WebSocket: one message per frame.
//!
//! A binary frame is protobuf; a text frame is the protobuf-JSON of the same message.

use livekit_protocol as proto;
use prost::Message;
use proto::{signal_request, signal_response};

/// In bytes. A description with dozens of media sections has some 60 kB.
pub const LARGEST_FRAME: usize = 1024 * 1024;

/// Why a frame says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("the frame is too large")]
    TooLarge,
    #[error("the frame is not a signalling message")]
    Malformed,
    /// A message of a later version of the protocol, or an empty one.
    #[error("the message is of an unknown kind")]
    Unknown,
}

pub fn decode_binary(frame: &[u8]) -> Result<signal_request::Message, FrameError> {
    check_size(frame.len())?;
    proto::SignalRequest::decode(frame)
        .map_err(|_| FrameError::Malformed)?
        .message
        .ok_or(FrameError::Unknown)
}

pub fn decode_text(frame: &str) -> Result<signal_request::Message, FrameError> {
    check_size(frame.len())?;
    serde_json::from_str::<proto::SignalRequest>(frame)
        .map_err(|_| FrameError::Malformed)?
        .message
        .ok_or(FrameError::Unknown)
}

pub fn encode_binary(message: signal_response::Message) -> Vec<u8> {
    proto::SignalResponse {
        message: Some(message),
    }
    .encode_to_vec()
}

/// For a client that speaks JSON itself.
pub fn encode_text(message: signal_response::Message) -> Result<String, FrameError> {
    serde_json::to_string(&proto::SignalResponse {
        message: Some(message),
    })
    .map_err(|_| FrameError::Malformed)
}

fn check_size(length: usize) -> Result<(), FrameError> {
    if length > LARGEST_FRAME {
        return Err(FrameError::TooLarge);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_request_are_the_same_message() {
        let request = proto::SignalRequest {
            message: Some(mute()),
        };

        let binary = decode_binary(&request.encode_to_vec());
        let text = decode_text(&serde_json::to_string(&request).unwrap());

        assert_eq!(binary, Ok(mute()));
        assert_eq!(text, Ok(mute()));
    }

    #[test]
    fn json_of_either_case_is_read() {
        let snake = r#"{"add_track":{"cid":"c","disable_red":true}}"#;
        let camel = r#"{"addTrack":{"cid":"c","disableRed":true}}"#;

        assert_eq!(decode_text(snake), decode_text(camel));
        assert!(decode_text(snake).is_ok());
    }

    #[test]
    fn strangers_bytes_are_an_error() {
        assert_eq!(
            decode_binary(&[0xff, 0xff, 0xff]),
            Err(FrameError::Malformed)
        );
        assert_eq!(decode_binary(&[]), Err(FrameError::Unknown));
        assert_eq!(decode_text("{"), Err(FrameError::Malformed));
        assert_eq!(decode_text("{}"), Err(FrameError::Unknown));
    }

    #[test]
    fn an_oversized_frame_is_not_looked_at() {
        let frame = vec![0; LARGEST_FRAME + 1];

        assert_eq!(decode_binary(&frame), Err(FrameError::TooLarge));
        assert_eq!(
            decode_text(&"x".repeat(LARGEST_FRAME + 1)),
            Err(FrameError::TooLarge)
        );
    }

    #[test]
    fn a_response_is_read_back() {
        let message = signal_response::Message::PongResp(proto::Pong {
            last_ping_timestamp: 7,
            timestamp: 9,
        });

        let bytes = encode_binary(message.clone());

        let back = proto::SignalResponse::decode(bytes.as_slice()).unwrap();
        assert_eq!(back.message, Some(message.clone()));
        assert!(encode_text(message).unwrap().contains("pongResp"));
    }

    fn mute() -> signal_request::Message {
        signal_request::Message::Mute(proto::MuteTrackRequest {
            sid: "TR_x".to_owned(),
            muted: true,
        })
    }
}
