//! Which media sections carry which of the room's tracks to us.

use std::collections::BTreeMap;

use livekit_protocol::SessionDescription;
use str0m::media::{MediaKind, Mid};

/// The sections that we receive on, in the single topology.
#[derive(Default)]
pub(crate) struct Pool {
    agreed: Vec<(Mid, MediaKind)>,
    audios: u32,
    videos: u32,
}

/// What a client offers before it knows what there is to receive.
const AT_FIRST: u32 = 3;
/// Of either kind; a server that asks for more gets no more.
pub(crate) const MOST_SECTIONS: u32 = 200;

impl Pool {
    pub(crate) fn new() -> Self {
        Self {
            agreed: Vec::new(),
            audios: AT_FIRST,
            videos: AT_FIRST,
        }
    }

    /// The server wants more.
    pub(crate) fn require(&mut self, audios: u32, videos: u32) {
        self.audios = self.audios.saturating_add(audios).min(MOST_SECTIONS);
        self.videos = self.videos.saturating_add(videos).min(MOST_SECTIONS);
    }

    pub(crate) fn agreed(&self) -> impl Iterator<Item = Mid> + '_ {
        self.agreed.iter().map(|(mid, _)| *mid)
    }

    /// The kinds of the sections to add.
    pub(crate) fn missing(&self) -> Vec<MediaKind> {
        let missing = |kind, wanted: u32| {
            let have = self.agreed.iter().filter(|(_, of)| *of == kind).count();
            std::iter::repeat_n(kind, (wanted as usize).saturating_sub(have))
        };
        let audios = missing(MediaKind::Audio, self.audios);
        audios
            .chain(missing(MediaKind::Video, self.videos))
            .collect()
    }

    /// The server answered an offer that added these.
    pub(crate) fn add(&mut self, sections: impl IntoIterator<Item = (Mid, MediaKind)>) {
        self.agreed.extend(sections);
    }
}

/// The tracks of the server's description by section: as it lists them, else by their msids.
pub(crate) fn bindings(description: &SessionDescription) -> BTreeMap<String, String> {
    if description.mid_to_track_id.is_empty() {
        by_msid(&description.sdp)
    } else {
        let listed = description.mid_to_track_id.iter();
        listed
            .map(|(mid, track)| (mid.clone(), track.clone()))
            .collect()
    }
}

fn by_msid(sdp: &str) -> BTreeMap<String, String> {
    let sections = sdp.split("\nm=").skip(1);
    sections.filter_map(binding).collect()
}

fn binding(section: &str) -> Option<(String, String)> {
    let lines = || section.lines().map(str::trim_end);
    lines().find(|line| matches!(*line, "a=sendonly" | "a=sendrecv"))?;
    let mid = lines().find_map(|line| line.strip_prefix("a=mid:"))?;
    let msid = lines().find_map(|line| line.strip_prefix("a=msid:"))?;
    let track = msid
        .split(' ')
        .nth(1)
        .filter(|track| track.starts_with("TR"))?;
    Some((mid.to_owned(), track.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sections_that_send_a_track_are_bound() {
        let sdp = "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendonly\r\na=msid:PA_x|camera TR_a\r\n\
                   m=video 9 x 96\r\na=mid:1\r\na=inactive\r\na=msid:PA_x|camera TR_b\r\n\
                   m=video 9 x 96\r\na=mid:2\r\na=sendonly\r\na=msid:- other\r\n";

        let bound = bindings(&description(sdp, &[]));

        assert_eq!(bound, BTreeMap::from([("0".to_owned(), "TR_a".to_owned())]));
    }

    #[test]
    fn the_servers_list_goes_before_the_text() {
        let sdp = "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=sendonly\r\na=msid:PA_x|camera TR_a\r\n";

        let bound = bindings(&description(sdp, &[("5", "TR_z")]));

        assert_eq!(bound, BTreeMap::from([("5".to_owned(), "TR_z".to_owned())]));
    }

    #[test]
    fn the_pool_grows_as_the_server_asks_and_no_further_than_its_bound() {
        let mut pool = Pool::new();
        pool.add(
            pool.missing()
                .into_iter()
                .enumerate()
                .map(|(i, kind)| (mid(i), kind)),
        );
        assert!(pool.missing().is_empty());

        pool.require(0, 2);
        assert_eq!(pool.missing(), [MediaKind::Video; 2]);

        pool.require(u32::MAX, u32::MAX);
        let all = pool.missing().len() + pool.agreed().count();
        assert_eq!(all, 2 * MOST_SECTIONS as usize);
    }

    fn mid(index: usize) -> Mid {
        Mid::from(index.to_string().as_str())
    }

    fn description(sdp: &str, listed: &[(&str, &str)]) -> SessionDescription {
        SessionDescription {
            sdp: sdp.to_owned(),
            mid_to_track_id: listed
                .iter()
                .map(|(mid, track)| ((*mid).to_owned(), (*track).to_owned()))
                .collect(),
            ..Default::default()
        }
    }
}
