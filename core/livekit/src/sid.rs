//! Identifiers on LiveKit's wire: a prefix that clients route by, and twelve random characters.

use livekit_protocol as proto;
use rand::Rng;

/// Without characters that look alike (0 O, 1 l I).
const ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const RANDOM_CHARACTERS: usize = 12;

pub fn room(rng: &mut impl Rng) -> String {
    with_prefix("RM_", rng)
}

pub fn participant(rng: &mut impl Rng) -> String {
    with_prefix("PA_", rng)
}

/// `TR_` and what the track is: `VC` camera, `AM` microphone, `VS` and `AS` a shared screen.
pub fn track(kind: proto::TrackType, source: proto::TrackSource, rng: &mut impl Rng) -> String {
    let kind = match kind {
        proto::TrackType::Audio => "A",
        proto::TrackType::Video => "V",
        proto::TrackType::Data => "D",
    };
    let source = match source {
        proto::TrackSource::Camera => "C",
        proto::TrackSource::Microphone => "M",
        proto::TrackSource::ScreenShare | proto::TrackSource::ScreenShareAudio => "S",
        proto::TrackSource::Unknown => "",
    };
    with_prefix(&format!("TR_{kind}{source}"), rng)
}

fn with_prefix(prefix: &str, rng: &mut impl Rng) -> String {
    let mut sid = String::with_capacity(prefix.len() + RANDOM_CHARACTERS);
    sid.push_str(prefix);
    sid.extend((0..RANDOM_CHARACTERS).map(|_| {
        let index = rng.random_range(0..ALPHABET.len());
        char::from(ALPHABET[index])
    }));
    sid
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn identifiers_carry_their_prefix_and_differ() {
        let mut rng = StdRng::seed_from_u64(1);

        let first = participant(&mut rng);
        let second = participant(&mut rng);

        assert!(first.starts_with("PA_") && first.len() == 15);
        assert_ne!(first, second);
        assert!(room(&mut rng).starts_with("RM_"));
        let camera = track(
            proto::TrackType::Video,
            proto::TrackSource::Camera,
            &mut rng,
        );
        assert!(camera.starts_with("TR_VC"));
    }

    #[test]
    fn the_same_seed_gives_the_same_identifier() {
        let sid = |seed| room(&mut StdRng::seed_from_u64(seed));

        assert_eq!(sid(7), sid(7));
    }
}
