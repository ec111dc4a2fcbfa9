//! The video of what moves: published once, muted while tiles show all, and sent frame by frame.
//!
//! # Security
//!
//! A track reaches everybody in the room, and who holds the group's keys opens it. So a frame goes out only while everybody
//! in the group is somebody whom the session knows, and what was filmed before somebody came is thrown away.

use std::time::{Duration, Instant};

use conclave_client::proto::TrackSource;
use conclave_client::{Cid, CommandError, Endpoint, Event, LiveFrame, LiveOptions, VideoLayer};

use super::rate::Rate;
use super::room::Room;
use crate::ipc::{Airing, Footage};

#[derive(Default)]
pub(super) struct Filming {
    /// Once it was published.
    cid: Option<Cid>,
    /// Of what is filmed; `None`: the desk sends none, or none that may go out.
    size: Option<(u16, u16)>,
    /// What has come of a frame.
    frame: Vec<u8>,
    rate: Rate,
    /// When the desk was told last that a key frame is wanted.
    key_at: Option<Instant>,
    /// Somebody turned it off.
    is_off: bool,
}

impl Filming {
    /// What the desk is to be told.
    pub(super) async fn take(&mut self, room: &Room, footage: Footage) -> Option<Airing> {
        match footage {
            Footage::Begins { width, height } => self.begin(room, (width, height)).await,
            Footage::Piece {
                is_key,
                is_last,
                bytes,
            } => self.piece(room, is_key, is_last, &bytes).await,
            Footage::Ends => {
                self.stop(room).await;
                None
            }
        }
    }

    /// Where it was published before, its frames flow once the server has heard that they come again.
    async fn begin(&mut self, room: &Room, size: (u16, u16)) -> Option<Airing> {
        // A computer in a meeting publishes nothing.
        if room.companion.is_some() || self.is_off {
            return Some(Airing::Never);
        }
        self.size = Some(size);
        self.frame.clear();
        let (before, options) = (self.cid.take(), options(size));
        let opened = room
            .packets
            .with(move |endpoint, now| open(endpoint, now, before, &options));
        self.cid = opened.await.and_then(Result::ok);
        self.cid.is_none().then(|| self.drop_all())
    }

    async fn piece(
        &mut self,
        room: &Room,
        is_key: bool,
        is_last: bool,
        bytes: &[u8],
    ) -> Option<Airing> {
        let (cid, (width, height)) = self.cid.clone().zip(self.size)?;
        if self.frame.len() + bytes.len() > LARGEST_FRAME {
            return Some(self.drop_all());
        }
        self.frame.extend_from_slice(bytes);
        if !is_last {
            return None;
        }
        let frame = LiveFrame {
            data: std::mem::take(&mut self.frame),
            is_key,
            width,
            height,
        };
        if room.line.is_lost() || !room.knows_everybody() {
            return Some(self.drop_all());
        }
        let sent = room
            .packets
            .with(move |endpoint, now| endpoint.send_frame(now, &cid, frame));
        let is_sent = matches!(sent.await, Some(Ok(())));
        // Of a track that is not open, one key frame after the other would go nowhere: tiles go another way.
        (!is_sent).then(|| self.drop_all())
    }

    /// What the desk films until it begins again goes nowhere.
    pub(super) fn drop_all(&mut self) -> Airing {
        self.size = None;
        self.frame.clear();
        Airing::Over
    }

    /// Of another connection nothing is published.
    pub(super) fn reconnected(&mut self) -> Airing {
        self.cid = None;
        self.rate = Rate::default();
        self.drop_all()
    }

    async fn stop(&mut self, room: &Room) {
        self.drop_all();
        if let Some(cid) = self.cid.clone() {
            let muted = room
                .packets
                .with(move |endpoint, now| endpoint.mute(now, &cid, true));
            // Of what is not there any more nothing is sent either.
            let _gone = muted.await;
        }
    }

    /// What the desk is to be told of it.
    pub(super) fn heard(&mut self, now: Instant, event: &Event) -> Option<Airing> {
        let ours = self.cid.as_ref()?;
        match event {
            Event::Flows { cid } if cid == ours => self.size.map(|_| Airing::Opens),
            Event::KeyFrameRequested { cid } if cid == ours => self.wants_key(now),
            Event::Reported {
                cid,
                loss,
                round_trip,
            } if cid == ours => self.report(*loss, *round_trip),
            // It is begun again by itself, and flows then.
            Event::SignalLost | Event::Restarting => self.ends(),
            Event::Unpublished { .. } => {
                self.cid = None;
                self.ends()
            }
            // It stays off.
            Event::Muted { muted: true, .. } => {
                self.drop_all();
                let was_off = std::mem::replace(&mut self.is_off, true);
                (!was_off).then_some(Airing::Never)
            }
            _ => None,
        }
    }

    /// Whoever asks again and again is not heard each time.
    fn wants_key(&mut self, now: Instant) -> Option<Airing> {
        self.size?;
        let is_rare = |at: Instant| now.saturating_duration_since(at) >= BETWEEN_KEYS;
        self.key_at.is_none_or(is_rare).then(|| {
            self.key_at = Some(now);
            Airing::KeyFrame
        })
    }

    /// Of what the desk films: where it films nothing it has heard so.
    fn ends(&mut self) -> Option<Airing> {
        self.size.is_some().then(|| self.drop_all())
    }

    fn report(&mut self, loss: Option<f32>, round_trip: Option<Duration>) -> Option<Airing> {
        self.size?;
        self.rate.report(loss, round_trip).map(Airing::Rate)
    }
}

/// Also where nobody heard that the one before had ended: it flows anew.
fn open(
    endpoint: &mut Endpoint,
    now: Instant,
    before: Option<Cid>,
    options: &LiveOptions,
) -> Result<Cid, CommandError> {
    let Some(cid) = before else {
        return endpoint.publish_live(now, options);
    };
    if endpoint.published(&cid).is_none() {
        // The server has refused it, or has said nothing for as long as a video.
        let _gone = endpoint.unpublish(now, &cid);
        return endpoint.publish_live(now, options);
    }
    endpoint.mute(now, &cid, true)?;
    endpoint.mute(now, &cid, false)?;
    Ok(cid)
}

fn options((width, height): (u16, u16)) -> LiveOptions {
    LiveOptions {
        name: "screen".to_owned(),
        source: TrackSource::ScreenShare,
        layer: VideoLayer::new(width, height, Rate::MOST * 1_000),
    }
}

/// In bytes: a key frame of the largest screen that is filmed stays below a quarter of it.
const LARGEST_FRAME: usize = 4 << 20;
/// As long as a key frame takes to reach whoever asked for it.
const BETWEEN_KEYS: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use super::*;

    fn filming() -> Filming {
        Filming {
            cid: Some(cid(1)),
            size: Some((640, 480)),
            ..Filming::default()
        }
    }

    fn cid(number: u8) -> Cid {
        Cid(format!("track-{number}"))
    }

    #[test]
    fn what_is_said_of_it_is_passed_on_and_of_others_nothing() {
        let mut filming = filming();
        let now = Instant::now();
        let mut heard = |event| filming.heard(now, &event);

        assert_eq!(heard(Event::Flows { cid: cid(1) }), Some(Airing::Opens));
        assert_eq!(heard(Event::Flows { cid: cid(2) }), None);
        let wanted = Event::KeyFrameRequested { cid: cid(1) };
        assert_eq!(heard(wanted), Some(Airing::KeyFrame));
        let wanted = Event::KeyFrameRequested { cid: cid(2) };
        assert_eq!(heard(wanted), None);
        let lossy = Event::Reported {
            cid: cid(1),
            loss: Some(0.5),
            round_trip: None,
        };
        assert!(matches!(heard(lossy), Some(Airing::Rate(_))));
        assert_eq!(heard(Event::TokenRefreshed), None);
    }

    #[test]
    fn whoever_asks_for_key_frames_without_end_is_heard_now_and_then() {
        let (mut filming, start) = (filming(), Instant::now());
        let wanted = Event::KeyFrameRequested { cid: cid(1) };
        let asked = (0..1_000).map(|ms| start + Duration::from_millis(ms));

        let told: Vec<_> = asked.filter_map(|at| filming.heard(at, &wanted)).collect();

        assert_eq!(told, [Airing::KeyFrame; 4]);
        filming.drop_all();
        let later = start + Duration::from_secs(9);
        assert_eq!(filming.heard(later, &wanted), None);
    }

    #[test]
    fn the_end_of_what_is_not_filmed_is_no_news() {
        let (mut filming, now) = (filming(), Instant::now());

        let over = Some(Airing::Over);
        assert_eq!(filming.heard(now, &Event::SignalLost), over);
        assert_eq!(filming.heard(now, &Event::SignalLost), None);
        let track_sid = "TR_1".to_owned();
        let unpublished = Event::Unpublished { track_sid };
        assert_eq!(filming.heard(now, &unpublished), None);
        assert!(filming.cid.is_none());
    }

    #[test]
    fn after_somebody_came_nothing_flows_until_it_begins_again() {
        let mut filming = filming();

        assert_eq!(filming.drop_all(), Airing::Over);

        let flows = Event::Flows { cid: cid(1) };
        assert_eq!(filming.heard(Instant::now(), &flows), None);
        assert_eq!(filming.reconnected(), Airing::Over);
        assert!(filming.cid.is_none());
    }

    #[test]
    fn what_the_server_turns_off_stays_off_and_what_it_takes_off_is_published_anew() {
        let now = Instant::now();
        let track_sid = "TR_1".to_owned();
        let muted = Event::Muted {
            track_sid: track_sid.clone(),
            muted: true,
        };
        let mut off = filming();
        assert_eq!(off.heard(now, &muted), Some(Airing::Never));
        assert_eq!(off.heard(now, &muted), None);

        let mut filming = filming();
        let unpublished = Event::Unpublished { track_sid };
        assert_eq!(filming.heard(now, &unpublished), Some(Airing::Over));

        assert!(filming.cid.is_none() && filming.heard(now, &muted).is_none());
    }
}
