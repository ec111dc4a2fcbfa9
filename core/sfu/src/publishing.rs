//! A participant's announced tracks, and the media sections that they come on.
//!
//! The announcement and the section may come in either order. A section names its track by the
//! cid of the announcement; some clients change that name, so an announcement of the same kind
//! that nobody else claims is taken for a section whose name is unknown.

use std::collections::BTreeSet;

use livekit_protocol as proto;

use crate::sdp::{Kind, Mid, Offer, Section, SectionKind};
use crate::track::TrackKey;

#[derive(Default)]
pub(crate) struct Publishing {
    /// Announced, without a section.
    pending: Vec<Pending>,
    bound: Vec<Bound>,
    /// Sections of the last offer that nobody announced yet.
    unclaimed: Vec<Section>,
    /// Tracks that another muted, and their owner has said nothing of since.
    silenced: BTreeSet<String>,
}

pub(crate) struct Pending {
    pub(crate) kind: Kind,
    pub(crate) info: proto::TrackInfo,
}

/// A section that carries one codec of a published track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) mid: Mid,
    pub(crate) track: TrackKey,
    /// In `TrackInfo.codecs`.
    pub(crate) codec: usize,
    cid: Option<String>,
}

/// What a section turns out to be.
pub(crate) enum Claim {
    /// The first section of an announced track.
    Track(Box<Pending>, Section),
    /// Another codec of a published one.
    Codec(TrackKey, usize, Section),
}

/// What a new offer changes.
#[derive(Default)]
pub(crate) struct OfferChanges {
    /// Sections that stopped carrying what they carried.
    pub(crate) ended: Vec<Bound>,
    pub(crate) claims: Vec<Claim>,
}

/// Announced and without media; clients send them one after another.
pub(crate) const MOST_PENDING: usize = 20;
/// More than somebody publishes; what is forgotten is muted all the same.
const MOST_SILENCED: usize = 64;

impl Publishing {
    pub(crate) fn is_pending(&self, cid: &str) -> bool {
        let claimed = |pending: &Pending| has_cid(&pending.info, cid);
        !cid.is_empty() && self.pending.iter().any(claimed)
    }

    /// Another has muted this one.
    pub(crate) fn silence(&mut self, sid: &str) {
        if self.silenced.len() < MOST_SILENCED {
            self.silenced.insert(sid.to_owned());
        }
    }

    /// Its owner has said whether it is to be heard, or it is gone.
    pub(crate) fn speak_of(&mut self, sid: &str) {
        self.silenced.remove(sid);
    }

    /// What another has muted, which its owner may not have heard.
    pub(crate) fn silenced(&self) -> impl Iterator<Item = &str> {
        self.silenced.iter().map(String::as_str)
    }

    pub(crate) fn is_silenced(&self, sid: &str) -> bool {
        self.silenced.contains(sid)
    }

    pub(crate) fn pending(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn announced(&self) -> impl Iterator<Item = &proto::TrackInfo> {
        self.pending.iter().map(|pending| &pending.info)
    }

    /// Announced but not published yet, for a mute that comes before the media.
    pub(crate) fn pending_mut(&mut self, sid: &str) -> Option<&mut proto::TrackInfo> {
        let pending = self.pending.iter_mut();
        pending
            .map(|pending| &mut pending.info)
            .find(|info| info.sid == sid)
    }

    /// Announced tracks whose source is not allowed any more.
    pub(crate) fn withdraw(
        &mut self,
        is_allowed: impl Fn(&proto::TrackInfo) -> bool,
    ) -> Vec<String> {
        let (kept, gone) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|pending| is_allowed(&pending.info));
        self.pending = kept;
        gone.into_iter().map(|pending| pending.info.sid).collect()
    }

    /// A track was announced; its section may be here already.
    pub(crate) fn announce(&mut self, kind: Kind, info: proto::TrackInfo) -> Option<Claim> {
        let fits = |section: &Section| {
            let named = section.track_id.as_deref();
            has_kind(section, kind) && named.is_none_or(|cid| has_cid(&info, cid))
        };
        let pending = Pending {
            kind,
            info: info.clone(),
        };
        let Some(index) = self.unclaimed.iter().position(fits) else {
            self.pending.push(pending);
            return None;
        };
        let section = self.unclaimed.remove(index);
        Some(Claim::Track(Box::new(pending), section))
    }

    /// More codecs of a published track were announced.
    pub(crate) fn announce_codecs(
        &mut self,
        track: TrackKey,
        kind: Kind,
        info: &proto::TrackInfo,
    ) -> Vec<Claim> {
        let mut claims = Vec::new();
        self.unclaimed.retain(|section| {
            let codec = section
                .track_id
                .as_deref()
                .and_then(|cid| codec_index(info, cid));
            match codec {
                Some(codec) if has_kind(section, kind) => {
                    claims.push(Claim::Codec(track, codec, section.clone()));
                    false
                }
                _ => true,
            }
        });
        claims
    }

    /// `published` are the tracks that have a section, by key.
    pub(crate) fn offered<'a>(
        &mut self,
        offer: &Offer,
        published: impl Fn(TrackKey) -> Option<&'a proto::TrackInfo>,
    ) -> OfferChanges {
        let mut changes = OfferChanges {
            ended: self.end(offer),
            claims: Vec::new(),
        };
        self.unclaimed.clear();
        let mut nameless = Vec::new();
        for section in offer.sections.iter().filter(|section| sends(section)) {
            if self.bound.iter().any(|bound| bound.mid == section.mid) {
                continue;
            }
            match self.claim_by_name(section, &published) {
                Some(claim) => changes.claims.push(claim),
                None => nameless.push(section.clone()),
            }
        }
        for section in nameless {
            match self.claim_by_kind(&section) {
                Some(claim) => changes.claims.push(claim),
                None => self.unclaimed.push(section),
            }
        }
        changes
    }

    /// The claim is settled: the section carries this track.
    pub(crate) fn bind(&mut self, track: TrackKey, codec: usize, section: &Section) {
        self.bound.push(Bound {
            mid: section.mid,
            track,
            codec,
            cid: section.track_id.clone(),
        });
    }

    /// All sections of a track are free of it.
    pub(crate) fn unbind(&mut self, track: TrackKey) {
        self.bound.retain(|bound| bound.track != track);
    }

    pub(crate) fn bound(&self) -> &[Bound] {
        &self.bound
    }

    /// A linear search: a participant has a handful of sections.
    pub(crate) fn bound_to(&self, mid: Mid) -> Option<&Bound> {
        self.bound.iter().find(|bound| bound.mid == mid)
    }

    fn end(&mut self, offer: &Offer) -> Vec<Bound> {
        let lives = |bound: &Bound| {
            offer.section(bound.mid).is_some_and(|section| {
                let renamed = section.track_id.is_some() && section.track_id != bound.cid;
                sends(section) && !renamed
            })
        };
        let (kept, ended) = std::mem::take(&mut self.bound).into_iter().partition(lives);
        self.bound = kept;
        ended
    }

    fn claim_by_name<'a>(
        &mut self,
        section: &Section,
        published: impl Fn(TrackKey) -> Option<&'a proto::TrackInfo>,
    ) -> Option<Claim> {
        let cid = section.track_id.as_deref()?;
        let pending =
            |pending: &Pending| has_kind(section, pending.kind) && has_cid(&pending.info, cid);
        if let Some(index) = self.pending.iter().position(pending) {
            let pending = Box::new(self.pending.remove(index));
            return Some(Claim::Track(pending, section.clone()));
        }
        self.bound.iter().find_map(|bound| {
            let codec = codec_index(published(bound.track)?, cid)?;
            let taken = self
                .bound
                .iter()
                .any(|b| b.track == bound.track && b.codec == codec);
            (!taken).then(|| Claim::Codec(bound.track, codec, section.clone()))
        })
    }

    fn claim_by_kind(&mut self, section: &Section) -> Option<Claim> {
        let index = self
            .pending
            .iter()
            .position(|pending| has_kind(section, pending.kind))?;
        let pending = Box::new(self.pending.remove(index));
        Some(Claim::Track(pending, section.clone()))
    }
}

/// Which of the track's codecs this cid announced.
pub(crate) fn codec_index(info: &proto::TrackInfo, cid: &str) -> Option<usize> {
    info.codecs.iter().position(|codec| codec.cid == cid)
}

fn has_cid(info: &proto::TrackInfo, cid: &str) -> bool {
    codec_index(info, cid).is_some()
}

fn has_kind(section: &Section, kind: Kind) -> bool {
    match kind {
        Kind::Audio => section.kind == SectionKind::Audio,
        Kind::Video => section.kind == SectionKind::Video,
    }
}

fn sends(section: &Section) -> bool {
    section.kind != SectionKind::Data && section.direction.sends() && !section.rejected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdp::Direction;

    #[test]
    fn an_announced_track_is_bound_to_the_section_that_names_it() {
        let mut publishing = Publishing::default();
        assert!(
            publishing
                .announce(Kind::Video, info("TR_1", &["x"]))
                .is_none()
        );
        assert!(
            publishing
                .announce(Kind::Video, info("TR_2", &["y"]))
                .is_none()
        );

        let changes = publishing.offered(&offer(&[("0", "y"), ("1", "x")]), |_| None);

        assert_eq!(claimed(&changes.claims), [("TR_2", "0"), ("TR_1", "1")]);
        assert_eq!(publishing.pending(), 0);
    }

    #[test]
    fn a_section_may_come_before_its_announcement() {
        let mut publishing = Publishing::default();
        publishing.offered(&offer(&[("0", "x")]), |_| None);
        assert!(
            publishing
                .announce(Kind::Video, info("TR_1", &["other"]))
                .is_none()
        );

        let claim = publishing.announce(Kind::Video, info("TR_2", &["x"]));

        assert_eq!(claimed(&[claim.unwrap()]), [("TR_2", "0")]);
    }

    #[test]
    fn a_renamed_track_goes_to_the_announcement_that_is_left() {
        let mut publishing = Publishing::default();
        publishing.announce(Kind::Video, info("TR_1", &["x"]));
        publishing.announce(Kind::Video, info("TR_2", &["y"]));

        let changes = publishing.offered(&offer(&[("0", "renamed"), ("1", "x")]), |_| None);

        assert_eq!(claimed(&changes.claims), [("TR_1", "1"), ("TR_2", "0")]);
    }

    #[test]
    fn a_section_of_the_other_kind_is_never_taken() {
        let mut publishing = Publishing::default();
        publishing.announce(Kind::Audio, info("TR_1", &["x"]));

        let changes = publishing.offered(&offer(&[("0", "x")]), |_| None);

        assert!(changes.claims.is_empty());
        assert_eq!(publishing.pending(), 1);
    }

    #[test]
    fn a_section_that_stops_or_is_renamed_ends_its_track() {
        for later in [offer(&[]), offer(&[("0", "z")]), inactive("0")] {
            let mut publishing = bound_to_x();

            let changes = publishing.offered(&later, |_| None);

            assert_eq!(changes.ended.len(), 1);
            assert!(publishing.bound().is_empty());
        }
    }

    #[test]
    fn a_repeated_offer_changes_nothing() {
        let mut publishing = bound_to_x();

        let changes = publishing.offered(&offer(&[("0", "x")]), |_| None);

        assert!(changes.ended.is_empty() && changes.claims.is_empty());
    }

    #[test]
    fn a_backup_codec_is_bound_to_its_track() {
        let mut publishing = bound_to_x();
        let both = info("TR_1", &["x", "backup"]);

        let sections = offer(&[("0", "x"), ("1", "backup")]);
        let changes = publishing.offered(&sections, |_| Some(&both));

        assert!(matches!(
            changes.claims.as_slice(),
            [Claim::Codec(track, 1, _)] if *track == TrackKey::numbered(1)
        ));
    }

    #[test]
    fn a_cid_is_pending_until_its_section_comes() {
        let mut publishing = Publishing::default();
        publishing.announce(Kind::Video, info("TR_1", &["x"]));
        assert!(publishing.is_pending("x") && !publishing.is_pending("y"));

        publishing.offered(&offer(&[("0", "x")]), |_| None);

        assert!(!publishing.is_pending("x"));
    }

    fn bound_to_x() -> Publishing {
        let mut publishing = Publishing::default();
        publishing.announce(Kind::Video, info("TR_1", &["x"]));
        let changes = publishing.offered(&offer(&[("0", "x")]), |_| None);
        for claim in changes.claims {
            if let Claim::Track(_, section) = claim {
                publishing.bind(TrackKey::numbered(1), 0, &section);
            }
        }
        publishing
    }

    fn claimed(claims: &[Claim]) -> Vec<(&str, &str)> {
        claims
            .iter()
            .filter_map(|claim| match claim {
                Claim::Track(pending, section) => {
                    Some((pending.info.sid.as_str(), section.mid.as_str()))
                }
                Claim::Codec(..) => None,
            })
            .collect()
    }

    fn info(sid: &str, cids: &[&str]) -> proto::TrackInfo {
        let codec = |cid: &&str| proto::SimulcastCodecInfo {
            cid: (*cid).to_owned(),
            ..Default::default()
        };
        proto::TrackInfo {
            sid: sid.to_owned(),
            codecs: cids.iter().map(codec).collect(),
            ..Default::default()
        }
    }

    fn offer(sections: &[(&str, &str)]) -> Offer {
        let sections = sections.iter().map(|(mid, cid)| Section {
            mid: Mid::new(mid).unwrap(),
            kind: SectionKind::Video,
            direction: Direction::SendOnly,
            rejected: false,
            stream_id: None,
            track_id: Some((*cid).to_owned()),
            rids: Vec::new(),
            codecs: Vec::new(),
        });
        Offer {
            sections: sections.collect(),
        }
    }

    fn inactive(mid: &str) -> Offer {
        let mut offer = offer(&[(mid, "x")]);
        for section in &mut offer.sections {
            section.direction = Direction::Inactive;
        }
        offer
    }
}
