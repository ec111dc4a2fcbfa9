//! What clients say on the meeting channel.

use conclave_protocol::channel::Upstream;

/// Words are understood alike however they are spaced, and no word is longer than what it came in.
pub(crate) fn upstream(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(message) = serde_json::from_str::<Upstream>(&text) else {
        return;
    };
    if let Upstream::Hello { credential, .. } = &message {
        assert!(credential.reveal().len() <= text.len());
    }
    let spaced: serde_json::Value = serde_json::from_str(&text).expect("what is a message is JSON");
    let again = serde_json::from_value::<Upstream>(spaced);
    let kind = std::mem::discriminant(&message);
    assert!(again.is_ok_and(|again| std::mem::discriminant(&again) == kind));
}
