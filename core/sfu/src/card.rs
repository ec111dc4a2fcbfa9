//! What others are told of a participant.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use livekit_protocol as proto;
use proto::participant_info::{Kind, State};

use crate::command::Access;
use crate::fact::EndReason;
use crate::line::{End, Line};
use crate::presenting::Lead;

/// Everything of a `ParticipantInfo` but its tracks.
pub(crate) struct Card {
    pub(crate) sid: String,
    pub(crate) identity: String,
    pub(crate) name: String,
    pub(crate) metadata: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) permission: proto::ParticipantPermission,
    /// The revision of the policy that it is from; 0 where none is.
    permitted_at: u64,
    must_encrypt: bool,
    /// In a meeting.
    pub(crate) lead: Lead,
    /// Of a computer in a meeting.
    pub(crate) line: Option<Line>,
    pub(crate) state: State,
    kind: Kind,
    joined_at: SystemTime,
    client_protocol: i32,
    capabilities: Vec<i32>,
    /// Of what is told; clients drop what has a lower one.
    version: u32,
}

/// In bytes; LiveKit's defaults.
pub(crate) const LONGEST_METADATA: usize = 512 << 10;
/// In bytes, of all keys and values.
pub(crate) const MOST_ATTRIBUTES: usize = 64 << 10;
/// In bytes.
pub(crate) const LONGEST_NAME: usize = 256;

/// A change of what a participant says of itself. Empty texts leave things as they are; an
/// attribute with an empty value goes.
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) metadata: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// A text is longer than is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is too long")]
pub(crate) struct TooLong(pub(crate) &'static str);

impl Card {
    pub(crate) fn new(
        sid: String,
        access: Access,
        client: &proto::ClientInfo,
        joined_at: SystemTime,
    ) -> Self {
        Self {
            sid,
            identity: access.identity,
            name: access.name,
            metadata: access.metadata,
            attributes: access.attributes,
            permission: access.permission,
            permitted_at: access.turns.as_ref().map_or(0, |turns| turns.permitted_at),
            must_encrypt: access.must_encrypt,
            lead: Lead::of(access.turns.as_ref()),
            line: access.line,
            state: State::Joined,
            kind: access.kind,
            joined_at,
            client_protocol: client.client_protocol,
            capabilities: client.capabilities.clone(),
            version: 0,
        }
    }

    /// Of the way of a data packet.
    pub(crate) fn end(&self) -> End<'_> {
        End {
            identity: &self.identity,
            line: self.line.as_ref(),
            may_send: self.permission.can_publish_data,
        }
    }

    /// Changes all or nothing.
    pub(crate) fn apply(&mut self, change: Change) -> Result<(), TooLong> {
        check_text("the name", &change.name, LONGEST_NAME)?;
        check_text("the metadata", &change.metadata, LONGEST_METADATA)?;
        let attributes = merged(&self.attributes, change.attributes)?;
        self.attributes = attributes;
        if !change.name.is_empty() {
            self.name = change.name;
        }
        if !change.metadata.is_empty() {
            self.metadata = change.metadata;
        }
        Ok(())
    }

    /// The next thing to tell, with a version of its own.
    pub(crate) fn next(&mut self, tracks: Vec<proto::TrackInfo>) -> proto::ParticipantInfo {
        self.version += 1;
        self.current(tracks)
    }

    pub(crate) fn current(&self, tracks: Vec<proto::TrackInfo>) -> proto::ParticipantInfo {
        let joined = self
            .joined_at
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        proto::ParticipantInfo {
            sid: self.sid.clone(),
            identity: self.identity.clone(),
            state: self.state as i32,
            is_publisher: !tracks.is_empty(),
            tracks,
            metadata: self.metadata.clone(),
            joined_at: joined.as_secs() as i64,
            joined_at_ms: joined.as_millis() as i64,
            name: self.name.clone(),
            version: self.version,
            permission: Some(self.permission.clone()),
            kind: self.kind as i32,
            attributes: self.attributes.clone().into_iter().collect(),
            client_protocol: self.client_protocol,
            capabilities: self.capabilities.clone(),
            ..Default::default()
        }
    }

    /// What is told to those who may not know of it any more.
    pub(crate) fn disappear(&mut self) -> proto::ParticipantInfo {
        proto::ParticipantInfo {
            state: State::Disconnected as i32,
            ..self.next(Vec::new())
        }
    }

    /// The last thing to tell.
    pub(crate) fn farewell(&mut self, reason: EndReason) -> proto::ParticipantInfo {
        self.state = State::Disconnected;
        proto::ParticipantInfo {
            disconnect_reason: disconnect_reason(reason) as i32,
            ..self.next(Vec::new())
        }
    }

    /// Whether what is declared so may be published.
    pub(crate) fn takes(&self, encryption: proto::encryption::Type) -> bool {
        !self.must_encrypt || encryption != proto::encryption::Type::None
    }

    /// Whether a permission of this revision is news. From here on an older one is none.
    pub(crate) fn takes_permission_of(&mut self, revision: u64) -> bool {
        let is_news = revision >= self.permitted_at;
        self.permitted_at = self.permitted_at.max(revision);
        is_news
    }

    /// Where not every source is permitted, a picture is none that calls itself a sound.
    pub(crate) fn may_publish(&self, kind: proto::TrackType, source: proto::TrackSource) -> bool {
        let sources = &self.permission.can_publish_sources;
        let is_named = sources.contains(&(source as i32)) && !is_mislabelled(kind, source);
        self.permission.can_publish && (sources.is_empty() || is_named)
    }
}

fn is_mislabelled(kind: proto::TrackType, source: proto::TrackSource) -> bool {
    let is_sound = matches!(
        source,
        proto::TrackSource::Microphone | proto::TrackSource::ScreenShareAudio
    );
    kind == proto::TrackType::Video && is_sound
}

fn check_text(what: &'static str, text: &str, longest: usize) -> Result<(), TooLong> {
    if text.len() > longest {
        return Err(TooLong(what));
    }
    Ok(())
}

fn merged(
    before: &BTreeMap<String, String>,
    change: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, TooLong> {
    let mut attributes = before.clone();
    attributes.extend(change);
    attributes.retain(|_, value| !value.is_empty());
    let bytes: usize = attributes.iter().map(|(k, v)| k.len() + v.len()).sum();
    if bytes > MOST_ATTRIBUTES {
        return Err(TooLong("the attributes"));
    }
    Ok(attributes)
}

pub(crate) fn disconnect_reason(reason: EndReason) -> proto::DisconnectReason {
    use proto::DisconnectReason as Reason;
    match reason {
        EndReason::ClientLeft => Reason::ClientInitiated,
        EndReason::DuplicateIdentity => Reason::DuplicateIdentity,
        EndReason::ServerShutdown => Reason::ServerShutdown,
        EndReason::ParticipantRemoved => Reason::ParticipantRemoved,
        EndReason::RoomDeleted => Reason::RoomDeleted,
        EndReason::RoomClosed => Reason::RoomClosed,
        EndReason::StateMismatch => Reason::StateMismatch,
        EndReason::SignalLost => Reason::SignalClose,
        EndReason::MediaLost => Reason::ConnectionTimeout,
        EndReason::NeverConnected => Reason::JoinFailure,
        EndReason::Failed => Reason::MediaFailure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rise_with_what_is_told() {
        let mut card = card();

        let versions = [card.next(vec![]), card.next(vec![])].map(|info| info.version);
        let last = card.farewell(EndReason::ClientLeft);

        assert!(versions[0] < versions[1] && versions[1] < last.version);
        assert_eq!(last.state(), State::Disconnected);
        assert_eq!(
            last.disconnect_reason(),
            proto::DisconnectReason::ClientInitiated
        );
    }

    #[test]
    fn empty_texts_change_nothing_and_empty_attributes_go() {
        let mut card = card();
        card.apply(change("Ann", "m", &[("a", "1"), ("b", "2")]))
            .unwrap();

        card.apply(change("", "", &[("a", "")])).unwrap();

        assert_eq!((card.name.as_str(), card.metadata.as_str()), ("Ann", "m"));
        assert_eq!(
            card.attributes,
            BTreeMap::from([("b".to_owned(), "2".to_owned())])
        );
    }

    #[test]
    fn what_is_too_long_changes_nothing() {
        let mut card = card();
        let long = |bytes: usize| "x".repeat(bytes + 1);

        let name = card.apply(change(&long(LONGEST_NAME), "", &[]));
        let metadata = card.apply(change("Ann", &long(LONGEST_METADATA), &[]));
        let attributes = card.apply(change("Ann", "", &[("a", &long(MOST_ATTRIBUTES))]));

        assert_eq!(name, Err(TooLong("the name")));
        assert_eq!(metadata, Err(TooLong("the metadata")));
        assert_eq!(attributes, Err(TooLong("the attributes")));
        assert_eq!(card.name, "");
    }

    #[test]
    fn sources_restrict_publishing_when_any_is_named() {
        use proto::TrackSource::{Camera, Microphone};
        use proto::TrackType::{Audio, Video};
        let mut card = card();
        assert!(!card.may_publish(Video, Camera));
        card.permission.can_publish = true;
        assert!(card.may_publish(Video, Camera));

        card.permission.can_publish_sources = vec![Microphone as i32];

        assert!(card.may_publish(Audio, Microphone) && !card.may_publish(Video, Camera));
        // A picture is not let through as a sound.
        assert!(!card.may_publish(Video, Microphone));
    }

    #[test]
    fn what_an_older_policy_said_is_no_news() {
        let mut card = card();
        for (revision, is_news) in [(3, true), (2, false), (3, true), (4, true), (3, false)] {
            assert_eq!(card.takes_permission_of(revision), is_news);
        }
    }

    fn change(name: &str, metadata: &str, attributes: &[(&str, &str)]) -> Change {
        Change {
            name: name.to_owned(),
            metadata: metadata.to_owned(),
            attributes: attributes
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        }
    }

    fn card() -> Card {
        let access = Access {
            identity: "ann".to_owned(),
            name: String::new(),
            metadata: String::new(),
            attributes: BTreeMap::new(),
            kind: Kind::Standard,
            permission: proto::ParticipantPermission::default(),
            may_create_room: true,
            must_encrypt: false,
            turns: None,
            line: None,
            room_configuration: None,
        };
        Card::new(
            "PA_a".to_owned(),
            access,
            &proto::ClientInfo::default(),
            UNIX_EPOCH,
        )
    }
}
