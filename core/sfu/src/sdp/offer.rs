//! What a client's offer says about each media section.

use std::collections::BTreeSet;

use super::line::{Description, MediaLine, attribute, find, payload_attribute};
use super::{Codec, Kind, MAX_RIDS, Mid, Rid, SdpError};

/// An offer, as far as the room needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// In the order of the text.
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub mid: Mid,
    pub kind: SectionKind,
    /// The client's side of it.
    pub direction: Direction,
    /// Port 0 outside of the bundle: stopped for ever.
    pub rejected: bool,
    /// The first word of `a=msid`, unless it is `-`.
    pub stream_id: Option<String>,
    /// The second word of `a=msid`: LiveKit's cid.
    pub track_id: Option<String>,
    /// The layers that the client sends, in the order of `a=simulcast`; empty without simulcast.
    pub rids: Vec<Rid>,
    /// Those that are forwarded, in the order of the `m=` line, each once.
    pub codecs: Vec<Codec>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    Audio,
    Video,
    /// `m=application`: data channels.
    Data,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Direction {
    pub fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    pub fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}

impl Offer {
    /// # Errors
    ///
    /// When a bound is exceeded or the text has no section with a usable name.
    pub fn parse(text: &str) -> Result<Self, SdpError> {
        let description = Description::split(text)?;
        let bundled: BTreeSet<&str> = description.bundle().collect();
        let sections = description
            .sections
            .iter()
            .map(|lines| Section::parse(lines, &bundled))
            .collect::<Result<Vec<_>, _>>()?;
        if sections.is_empty() {
            return Err(SdpError::NoSection);
        }
        let names: BTreeSet<Mid> = sections.iter().map(|s| s.mid).collect();
        if names.len() < sections.len() {
            return Err(SdpError::DuplicateMid);
        }
        Ok(Self { sections })
    }

    pub fn section(&self, mid: Mid) -> Option<&Section> {
        self.sections.iter().find(|s| s.mid == mid)
    }
}

impl Section {
    fn parse(lines: &[&str], bundled: &BTreeSet<&str>) -> Result<Self, SdpError> {
        let head = lines.first().and_then(|line| MediaLine::parse(line));
        let head = head.ok_or(SdpError::Malformed)?;
        let name = find(lines, "mid").ok_or(SdpError::NoMid)?;
        let kind = SectionKind::of(head.media).ok_or(SdpError::Malformed)?;
        let (stream_id, track_id) = source(lines);
        Ok(Self {
            mid: Mid::new(name).ok_or(SdpError::NoMid)?,
            kind,
            direction: Direction::of(lines),
            // Port 0 within the bundle is `a=bundle-only` (RFC 9143).
            rejected: head.port == "0" && !bundled.contains(name),
            stream_id,
            track_id,
            rids: sent_layers(lines),
            codecs: codecs(kind, &head.formats, lines),
        })
    }
}

impl From<Kind> for SectionKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Audio => Self::Audio,
            Kind::Video => Self::Video,
        }
    }
}

impl SectionKind {
    fn of(media: &str) -> Option<Self> {
        match media {
            "audio" => Some(Self::Audio),
            "video" => Some(Self::Video),
            "application" => Some(Self::Data),
            _ => None,
        }
    }
}

impl Direction {
    /// Both, when nothing is said (RFC 8866, section 6.7).
    pub(super) fn of(lines: &[&str]) -> Self {
        lines
            .iter()
            .find_map(|line| Self::of_line(line))
            .unwrap_or(Self::SendRecv)
    }

    pub(super) fn of_line(line: &str) -> Option<Self> {
        match line {
            "a=sendrecv" => Some(Self::SendRecv),
            "a=sendonly" => Some(Self::SendOnly),
            "a=recvonly" => Some(Self::RecvOnly),
            "a=inactive" => Some(Self::Inactive),
            _ => None,
        }
    }

    pub(super) fn from_parts(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    pub(super) fn line(self) -> &'static str {
        match self {
            Self::SendRecv => "a=sendrecv",
            Self::SendOnly => "a=sendonly",
            Self::RecvOnly => "a=recvonly",
            Self::Inactive => "a=inactive",
        }
    }
}

/// `a=msid:<stream> <track>`, or what clients before it wrote: `a=ssrc:<n> msid:<stream> <track>`.
fn source(lines: &[&str]) -> (Option<String>, Option<String>) {
    let of_ssrc = |line: &&str| {
        let (_, value) = attribute_of_ssrc(line)?;
        value.strip_prefix("msid:").map(str::to_owned)
    };
    let msid = find(lines, "msid")
        .map(str::to_owned)
        .or_else(|| lines.iter().find_map(of_ssrc));
    let msid = msid.unwrap_or_default();
    let mut words = msid.split_whitespace();
    let mut word = || {
        let word = words.next().filter(|w| w.len() <= MAX_ID_BYTES)?;
        (word != "-").then(|| word.to_owned())
    };
    (word(), word())
}

/// The number and the rest of `a=ssrc:<number> <rest>`.
pub(super) fn attribute_of_ssrc<'a>(line: &&'a str) -> Option<(&'a str, &'a str)> {
    attribute(line, "ssrc")?.split_once(' ')
}

/// The layers in the order of `a=simulcast`, because the order of the `a=rid` lines means
/// nothing (RFC 8853, section 5.1); a single layer may have an `a=rid` alone.
fn sent_layers(lines: &[&str]) -> Vec<Rid> {
    let of_simulcast = find(lines, "simulcast").map(|value| {
        let mut words = value.split_whitespace();
        let layers = words.by_ref().skip_while(|w| *w != "send").nth(1);
        layers
            .unwrap_or_default()
            .split(';')
            // The first of the alternatives; `~` marks a layer that starts paused.
            .filter_map(|layer| layer.split(',').next())
            .filter_map(|rid| Rid::new(rid.trim_start_matches('~')))
            .collect::<Vec<_>>()
    });
    let mut rids = of_simulcast.unwrap_or_else(|| {
        lines
            .iter()
            .filter_map(|line| attribute(line, "rid")?.split_once(' '))
            .filter(|(_, direction)| direction.starts_with("send"))
            .filter_map(|(rid, _)| Rid::new(rid))
            .collect()
    });
    rids.truncate(MAX_RIDS);
    rids
}

fn codecs(kind: SectionKind, formats: &[&str], lines: &[&str]) -> Vec<Codec> {
    let mut codecs = Vec::new();
    for format in formats {
        let name = lines
            .iter()
            .filter_map(|line| payload_attribute(line, "rtpmap"))
            .find(|(payload_type, _)| payload_type == format)
            .and_then(|(_, encoding)| encoding.split('/').next());
        if let Some(codec) = name.and_then(Codec::from_name)
            // `red` is also the name of a redundancy format for video.
            && SectionKind::from(codec.kind()) == kind
            && !codecs.contains(&codec)
        {
            codecs.push(codec);
        }
    }
    codecs
}

/// A track's id is a UUID in browsers, and at most this in what else speaks.
const MAX_ID_BYTES: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::recorded;

    #[test]
    fn a_browser_that_publishes_three_layers_is_understood() {
        let offer = Offer::parse(recorded::CHROMIUM_PUBLISHES).unwrap();

        let [listen, _watch, mic, camera, data] = offer.sections.as_slice() else {
            panic!("five sections");
        };
        assert_eq!(listen.direction, Direction::RecvOnly);
        assert_eq!(listen.track_id, None);
        assert_eq!(data.kind, SectionKind::Data);
        assert_eq!(mic.kind, SectionKind::Audio);
        assert_eq!(mic.codecs, [Codec::Opus, Codec::Red]);
        assert_eq!(camera.direction, Direction::SendOnly);
        assert_eq!(camera.stream_id, None);
        assert_eq!(
            camera.track_id.as_deref(),
            Some("12321b77-968c-47ac-a397-7a4545138764")
        );
        assert_eq!(names(&camera.rids), ["q", "h", "f"]);
        assert_eq!(
            camera.codecs,
            [Codec::Vp8, Codec::H264, Codec::Av1, Codec::Vp9]
        );
    }

    #[test]
    fn firefox_is_understood_though_it_bundles_by_port_0() {
        let offer = Offer::parse(recorded::FIREFOX_PUBLISHES).unwrap();

        let camera = offer.section(Mid::new("3").unwrap()).unwrap();
        assert!(!camera.rejected);
        assert_eq!(
            camera.track_id.as_deref(),
            Some("{bd773237-c30b-4bb0-ae23-a1a1ac8e053c}")
        );
        assert_eq!(camera.codecs, [Codec::Vp8, Codec::Vp9, Codec::Av1]);
        assert_eq!(names(&camera.rids), ["q", "h", "f"]);
    }

    #[test]
    fn the_order_of_layers_is_that_of_the_simulcast_line() {
        let text =
            "m=video 9 X 96\na=mid:0\na=rid:a send\na=rid:b send\na=simulcast:recv x send ~b,c;a\n";

        let offer = Offer::parse(text).unwrap();

        assert_eq!(names(&offer.sections[0].rids), ["b", "a"]);
    }

    #[test]
    fn a_native_client_is_understood_with_its_orphan_feedback_lines() {
        let offer = Offer::parse(recorded::NATIVE_PUBLISHES).unwrap();

        let camera = offer.section(Mid::new("0").unwrap()).unwrap();
        assert_eq!(camera.track_id.as_deref(), Some("TR_ofTheNativeClient"));
        assert_eq!(camera.codecs, [Codec::Vp8, Codec::H264]);
        assert!(camera.rids.is_empty());
    }

    #[test]
    fn a_stopped_section_is_rejected_and_a_bundled_one_is_not() {
        let text = "v=0\na=group:BUNDLE 1\nm=audio 0 X 111\na=mid:0\nm=audio 0 X 111\na=bundle-only\na=mid:1\n";

        let offer = Offer::parse(text).unwrap();

        assert!(offer.sections[0].rejected);
        assert!(!offer.sections[1].rejected);
    }

    #[test]
    fn a_text_that_is_no_offer_is_refused() {
        let refusals = [
            ("", SdpError::NoSection),
            ("v=0\ns=-\n", SdpError::NoSection),
            ("m=audio", SdpError::Malformed),
            ("m=text 9 X 0\na=mid:0", SdpError::Malformed),
            ("m=audio 9 X 0", SdpError::NoMid),
            ("m=audio 9 X 0\na=mid:a-b", SdpError::NoMid),
            (
                "m=audio 9 X 0\na=mid:0\nm=audio 9 X 0\na=mid:0",
                SdpError::DuplicateMid,
            ),
        ];
        for (text, refusal) in refusals {
            assert_eq!(Offer::parse(text), Err(refusal), "{text:?}");
        }
    }

    #[test]
    fn layers_and_names_are_bounded() {
        let track = "t".repeat(MAX_ID_BYTES + 1);
        let text =
            format!("m=video 9 X 96\na=mid:0\na=msid:s {track}\na=simulcast:send a;b;c;d;e;f\n");

        let offer = Offer::parse(&text).unwrap();

        assert_eq!(offer.sections[0].track_id, None);
        assert_eq!(offer.sections[0].rids.len(), MAX_RIDS);
    }

    fn names(rids: &[Rid]) -> Vec<&str> {
        rids.iter().map(Rid::as_str).collect()
    }
}
