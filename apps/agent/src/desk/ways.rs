//! Which way each message takes: what comes another way is none.

use conclave_protocol::remote::{FromAgent, FromTechnician, Malformed};

use crate::ipc::Way;

pub(super) fn decode(way: Way, bytes: &[u8]) -> Result<FromTechnician, Malformed> {
    let message = FromTechnician::decode(bytes)?;
    match (way, &message) {
        (Way::Input, FromTechnician::Input { .. }) | (Way::File, FromTechnician::Chunk { .. }) => {
            Ok(message)
        }
        (_, FromTechnician::Input { .. } | FromTechnician::Chunk { .. }) => Err(Malformed),
        (Way::Remote, _) => Ok(message),
        (Way::Input | Way::File | Way::Tiles, _) => Err(Malformed),
    }
}

pub(super) fn way_of(message: &FromAgent) -> Way {
    match message {
        FromAgent::Chunk { .. } => Way::File,
        _ => Way::Remote,
    }
}

#[cfg(test)]
mod tests {
    use conclave_protocol::remote::{Chunk, InputEvent, Key, TransferId, Turn};

    use super::*;

    #[test]
    fn a_message_is_taken_by_its_own_way_alone() {
        let input = FromTechnician::Input {
            turn: Turn(1),
            number: 0,
            event: InputEvent::Key {
                key: Key::new(4).unwrap(),
                down: true,
            },
        };
        let chunk = FromTechnician::Chunk {
            transfer: TransferId(1),
            offset: 0,
            bytes: Chunk::new(vec![1]).unwrap(),
        };
        for (message, its_way) in [
            (input, Way::Input),
            (chunk, Way::File),
            (FromTechnician::Leave, Way::Remote),
        ] {
            for way in [Way::Remote, Way::Input, Way::File, Way::Tiles] {
                let decoded = decode(way, &message.encode());
                assert_eq!(decoded.is_ok(), way == its_way, "{way:?}");
            }
        }
        assert!(decode(Way::Remote, &[]).is_err());
    }
}
