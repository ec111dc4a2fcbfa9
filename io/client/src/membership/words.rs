//! What a member says on the meeting channel, as `conclave_protocol::channel::Upstream` reads it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conclave_e2ee::identity::ParticipantId;
use conclave_e2ee::meeting::GroupId;
use conclave_e2ee::session::ToServer;
use serde_json::{Value, json};
use uuid::Uuid;

/// One message. Holds the credential, if it is a hello: it prints nothing.
pub struct Words(Value);

impl Words {
    /// The JSON of a text frame.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// `after`: the last event that was applied.
    pub(super) fn hello(credential: &str, after: Option<u64>) -> Self {
        Self(json!({"type": "hello", "credential": credential, "after": after}))
    }

    pub(super) fn ack(seq: u64) -> Self {
        Self(json!({"type": "ack", "seq": seq}))
    }

    pub(super) fn processed(group: GroupId, epoch: u64) -> Self {
        Self(json!({"type": "mls_processed", "group": id(group), "epoch": epoch}))
    }

    pub(super) fn heartbeat(bytes: &[u8]) -> Self {
        Self(json!({"type": "mls_heartbeat", "bytes": STANDARD.encode(bytes)}))
    }

    pub(super) fn letter(to: ParticipantId, bytes: &[u8]) -> Self {
        let to = Uuid::from_bytes(to.0);
        Self(json!({"type": "mls_letter", "to": to.to_string(), "bytes": STANDARD.encode(bytes)}))
    }

    pub(super) fn to_delivery(message: &ToServer) -> Self {
        match message {
            ToServer::Join => Self(json!({"type": "mls_join"})),
            ToServer::Pass => Self(json!({"type": "mls_pass"})),
            ToServer::Create { group, group_info } => Self(json!({
                "type": "mls_create",
                "group": id(*group),
                "group_info": STANDARD.encode(group_info),
            })),
            ToServer::Commit {
                group,
                epoch,
                leaf,
                commit,
                group_info,
            } => Self(json!({
                "type": "mls_commit",
                "group": id(*group),
                "epoch": epoch,
                "leaf": leaf,
                "commit": STANDARD.encode(commit),
                "group_info": STANDARD.encode(group_info),
            })),
            ToServer::Processed { group, epoch } => Self::processed(*group, *epoch),
            ToServer::Invalid { group, epoch } => {
                Self(json!({"type": "mls_invalid", "group": id(*group), "epoch": epoch}))
            }
            ToServer::Turn { group, epoch } => {
                Self(json!({"type": "mls_turn", "group": id(*group), "epoch": epoch}))
            }
        }
    }
}

fn id(group: GroupId) -> String {
    STANDARD.encode(group.0)
}

#[cfg(test)]
mod tests {
    use conclave_protocol::channel::Upstream;

    use super::*;

    #[test]
    fn the_server_reads_all_of_it() {
        let group = GroupId([7; 16]);
        let epoch = 3;
        let messages = [
            ToServer::Join,
            ToServer::Create {
                group,
                group_info: vec![1],
            },
            ToServer::Commit {
                group,
                epoch,
                leaf: None,
                commit: vec![1],
                group_info: vec![2],
            },
            ToServer::Processed { group, epoch },
            ToServer::Invalid { group, epoch },
            ToServer::Turn { group, epoch },
            ToServer::Pass,
        ];
        let words = messages.iter().map(Words::to_delivery);
        let others = [
            Words::hello("secret", None),
            Words::hello("secret", Some(3)),
            Words::ack(3),
            Words::heartbeat(b"here"),
            Words::letter(ParticipantId([7; 16]), b"let me in"),
        ];
        for words in words.chain(others) {
            let text = words.text();
            assert!(serde_json::from_str::<Upstream>(&text).is_ok(), "{text}");
        }
    }
}
