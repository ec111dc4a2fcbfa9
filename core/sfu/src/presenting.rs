//! Who may show a screen. In meetings one person at a time, and perhaps not everybody; developers' rooms have no such rule.

use conclave_protocol::meeting::Sharing;
use livekit_protocol as proto;

/// As a meeting has it at one revision. A rule of an older revision than the one that holds changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub revision: u64,
    pub presenters: Presenters,
}

/// Who may show a screen while nobody else does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presenters {
    Everybody,
    Leaders,
    /// By identity. While they are not in the room it is as if nobody were named.
    One {
        identity: String,
        leaders_otherwise: bool,
    },
}

/// What a participant of a meeting brings with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns {
    pub rule: Rule,
    /// Hosts do.
    pub leads: bool,
    /// Of what they may send: at which revision of their organisation's policy.
    pub permitted_at: u64,
}

/// Whether somebody leads, at the latest revision that said so.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lead {
    leads: bool,
    revision: u64,
}

impl Lead {
    pub(crate) fn of(turns: Option<&Turns>) -> Self {
        turns.map_or_else(Self::default, |turns| Self {
            leads: turns.leads,
            revision: turns.rule.revision,
        })
    }

    pub(crate) fn leads(self) -> bool {
        self.leads
    }

    pub(crate) fn set(&mut self, leads: bool, revision: u64) {
        if revision >= self.revision {
            *self = Self { leads, revision };
        }
    }
}

impl Presenters {
    /// Whom the screen was handed to, or else whom a meeting lets share.
    pub fn of(sharing: Sharing, handed_to: Option<String>) -> Self {
        match (handed_to, sharing) {
            (Some(identity), _) => Self::One {
                identity,
                leaders_otherwise: sharing == Sharing::Hosts,
            },
            (None, Sharing::Everybody) => Self::Everybody,
            (None, Sharing::Hosts) => Self::Leaders,
        }
    }

    pub(crate) fn include(
        &self,
        identity: &str,
        leads: bool,
        is_there: impl Fn(&str) -> bool,
    ) -> bool {
        match self {
            Self::Everybody => true,
            Self::Leaders => leads,
            Self::One { identity: one, .. } if is_there(one) => one == identity,
            Self::One {
                leaders_otherwise, ..
            } => leads || !leaders_otherwise,
        }
    }
}

/// A picture that says nothing of where it comes from counts as a screen.
pub(crate) fn is_screen(kind: proto::TrackType, source: proto::TrackSource) -> bool {
    match source {
        proto::TrackSource::ScreenShare | proto::TrackSource::ScreenShareAudio => true,
        proto::TrackSource::Unknown => kind == proto::TrackType::Video,
        proto::TrackSource::Camera | proto::TrackSource::Microphone => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presenter_who_is_gone_leaves_the_screen_to_whom_it_would_be_without_them() {
        let here = |identity: &str| identity == "ann" || identity == "bob";
        let one = |identity: &str| Presenters::One {
            identity: identity.to_owned(),
            leaders_otherwise: identity != "dan",
        };
        for (presenters, guest, leader) in [
            (Presenters::Everybody, true, true),
            (Presenters::Leaders, false, true),
            (one("ann"), true, false),
            (one("bob"), false, true),
            (one("cyd"), false, true),
            (one("dan"), true, true),
        ] {
            assert_eq!(presenters.include("ann", false, here), guest);
            assert_eq!(presenters.include("bob", true, here), leader);
        }
    }
}
