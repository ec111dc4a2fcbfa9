//! The codecs that are forwarded.

/// What a media section carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Audio,
    Video,
}

/// A codec as its RTP payload type says; [`Codec::Red`] is Opus with redundancy (RFC 2198).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    Opus,
    Red,
    Vp8,
    H264,
    Vp9,
    Av1,
}

impl Codec {
    pub const ALL: [Self; 6] = [
        Self::Opus,
        Self::Red,
        Self::Vp8,
        Self::H264,
        Self::Vp9,
        Self::Av1,
    ];

    /// As LiveKit's messages write it, for example `video/VP8`.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Opus => "audio/opus",
            Self::Red => "audio/red",
            Self::Vp8 => "video/VP8",
            Self::H264 => "video/H264",
            Self::Vp9 => "video/VP9",
            Self::Av1 => "video/AV1",
        }
    }

    /// Accepts `video/VP8`, and the bare name `vp8`, in any case.
    pub fn from_mime(mime: &str) -> Option<Self> {
        let name = mime.rsplit('/').next().unwrap_or(mime);
        Self::from_name(name)
    }

    /// The encoding name of `a=rtpmap`, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|codec| codec.name().eq_ignore_ascii_case(name))
    }

    /// Without the `audio/` or `video/` of [`Codec::mime`].
    pub fn name(self) -> &'static str {
        self.mime().split_at("video/".len()).1
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Opus | Self::Red => Kind::Audio,
            Self::Vp8 | Self::H264 | Self::Vp9 | Self::Av1 => Kind::Video,
        }
    }

    /// Ticks of an RTP timestamp per second.
    pub fn clock_rate(self) -> u32 {
        match self.kind() {
            Kind::Audio => 48_000,
            Kind::Video => 90_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_codec_is_found_by_its_mime_type_and_by_its_name_in_any_case() {
        for codec in Codec::ALL {
            assert_eq!(Codec::from_mime(codec.mime()), Some(codec));
            assert_eq!(Codec::from_name(&codec.name().to_lowercase()), Some(codec));
        }
        assert_eq!(Codec::from_mime("video/vp8"), Some(Codec::Vp8));
        assert_eq!(Codec::from_mime("AV1"), Some(Codec::Av1));
        assert_eq!(Codec::from_mime("video/rtx"), None);
        assert_eq!(Codec::from_mime(""), None);
    }
}
