//! Who plays the part.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, bail};
use conclave_client::e2ee::session::Sending;
use conclave_client::{
    AudioOptions, Connection, DataMessage, Encryption, Endpoint, Event, Guest, Invitation, Options,
    TrackReport, VideoLayer, VideoOptions, proto,
};
use conclave_testkit::{Person, developer_token};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::part::{Camera, Cue, Part, Role};
use crate::recording;

pub(crate) struct Player {
    place: Place,
    /// The last ones.
    heard: VecDeque<Value>,
}

enum Place {
    Meeting(Box<Person>),
    Room(Connection),
}

const MOST_HEARD: usize = 64;
/// Ten seconds of a camera.
const KEPT_FRAMES: usize = 300;
/// For the bit rate that is announced; the recording has its own.
const BITRATE: u32 = 400_000;

impl Player {
    /// In the meeting or room, publishing.
    pub(crate) async fn begin(part: &Part) -> anyhow::Result<Self> {
        let place = match &part.role {
            Role::Member(link) => {
                let invitation = Invitation::parse(link)?;
                let mut person = Person::come(part.server, &invitation, &part.name).await?;
                person.sends().await?;
                person.connect_with(Instant::now(), keep).await?;
                Place::Meeting(Box::new(person))
            }
            Role::Stranger(link) => {
                let mut person = stranger(part, link).await?;
                person.connect_with(Instant::now(), keep).await?;
                Place::Meeting(Box::new(person))
            }
            Role::Tap(link) => {
                let mut person = stranger(part, link).await?;
                let as_it_is = |options: &mut Options| {
                    options.encryption = None;
                    keep(options);
                };
                person.connect_with(Instant::now(), as_it_is).await?;
                Place::Meeting(Box::new(person))
            }
            Role::Developer(room) => Place::Room(connect(part.server, room, &part.name).await?),
        };
        let mut player = Self {
            place,
            heard: VecDeque::new(),
        };
        player.publish(part).await?;
        Ok(player)
    }

    async fn publish(&mut self, part: &Part) -> anyhow::Result<()> {
        if let Some(camera) = &part.camera {
            let camera = video(camera)?;
            let published = self.media()?;
            let published =
                published.with(move |endpoint, now| endpoint.publish_video(now, &camera));
            published.await.context("the connection has ended")??;
        }
        if let Some(microphone) = &part.microphone {
            let microphone = AudioOptions {
                recording: Some(recording::read(microphone)?),
                ..AudioOptions::default()
            };
            let published = self.media()?;
            let published =
                published.with(move |endpoint, now| endpoint.publish_audio(now, &microphone));
            published.await.context("the connection has ended")??;
        }
        Ok(())
    }

    pub(crate) async fn hear(&mut self) -> anyhow::Result<()> {
        let event = self.media()?.next_event().await;
        match event.context("the connection has ended")? {
            Event::Data(received) => {
                let payload = received.payload().unwrap_or_default();
                let message = json!({
                    "from": received.sender_identity,
                    "length": payload.len(),
                    "text": String::from_utf8_lossy(payload),
                });
                self.heard.truncate(MOST_HEARD - 1);
                self.heard.push_front(message);
            }
            Event::Ended(end) => bail!("{end:?}"),
            _ => {}
        }
        Ok(())
    }

    pub(crate) async fn follow(&mut self, cue: Cue) -> anyhow::Result<()> {
        let media = self.media()?;
        match cue {
            Cue::Say { topic, text } => {
                let message = DataMessage {
                    reliable: true,
                    topic: Some(topic),
                    payload: text.into_bytes(),
                    ..DataMessage::default()
                };
                let sent = media.with(move |endpoint, now| endpoint.send_data(now, &message));
                sent.await.context("the connection has ended")??;
            }
            Cue::Quality { track, quality } => {
                let settings = proto::UpdateTrackSettings {
                    track_sids: vec![track],
                    quality,
                    ..Default::default()
                };
                media
                    .with(|endpoint, now| endpoint.set_track_settings(now, settings))
                    .await;
            }
            Cue::Write { track, recording } => {
                let frames = media.with(move |endpoint, _| endpoint.take_frames(&track));
                let frames = frames.await.context("the connection has ended")?;
                recording::write(&recording, &frames)?;
            }
        }
        Ok(())
    }

    pub(crate) async fn report(&mut self) -> anyhow::Result<Value> {
        let report = self.media()?.with(|endpoint, now| {
            let tracks = tracks(endpoint, now);
            json!({"tracks": tracks, "unopened_messages": endpoint.unopened_messages()})
        });
        let mut report = report.await.context("the connection has ended")?;
        report["heard"] = self.heard.iter().cloned().collect();
        if let Place::Meeting(person) = &self.place {
            report["participant"] = json!(person.place().participant);
            report["encryption"] = encryption(&person.encryption);
        }
        Ok(report)
    }

    pub(crate) async fn leave(self) -> anyhow::Result<()> {
        if let Place::Meeting(person) = self.place {
            person.leave_with_the_keys().await?;
        }
        Ok(())
    }

    fn media(&mut self) -> anyhow::Result<&mut Connection> {
        match &mut self.place {
            Place::Meeting(person) => person.media(),
            Place::Room(connection) => Ok(connection),
        }
    }
}

fn keep(options: &mut Options) {
    options.keep_frames = KEPT_FRAMES;
}

/// Knocks, and waits until a host opens.
async fn stranger(part: &Part, link: &str) -> anyhow::Result<Person> {
    let invitation = Invitation::parse(link)?;
    let guest = Guest::new(format!("http://{}", part.server));
    let place = guest.knock(invitation.code, &part.name).await?;
    let guessed = Invitation {
        secret: Zeroizing::new([1; 32]),
        ..invitation
    };
    Person::at(part.server, place, &guessed, &part.name).await
}

async fn connect(server: SocketAddr, room: &str, name: &str) -> anyhow::Result<Connection> {
    let token = developer_token(room, name);
    let mut options = Options::new(format!("ws://{server}"), token, Instant::now());
    keep(&mut options);
    Ok(Connection::open(options).await?)
}

fn video(camera: &Camera) -> anyhow::Result<VideoOptions> {
    Ok(VideoOptions {
        frames_per_second: camera.frames_per_second,
        recording: Some(recording::read(&camera.recording)?),
        ..VideoOptions::camera([VideoLayer::new(camera.width, camera.height, BITRATE)])
    })
}

fn encryption(encryption: &Encryption) -> Value {
    let drops = encryption.drops();
    let epoch = match encryption.sending() {
        Sending::With(at) => Some(at.epoch),
        Sending::Stopped(_) => None,
    };
    json!({
        "epoch": epoch,
        "code": encryption.in_group(|group| group.security_code().to_string()),
        "drops": {
            "malformed": drops.malformed,
            "misattributed": drops.misattributed,
            "keyless": drops.keyless,
            "replayed": drops.replayed,
            "forged": drops.forged,
        },
    })
}

/// What arrived of each track, beside what the server says that it is.
fn tracks(endpoint: &Endpoint, now: Instant) -> Vec<Value> {
    let announced: BTreeMap<&str, (&str, &proto::TrackInfo)> = endpoint
        .participants()
        .flat_map(|person| {
            let tracks = person.tracks.iter();
            tracks.map(|track| (track.sid.as_str(), (person.identity.as_str(), track)))
        })
        .collect();
    let reports = endpoint.track_reports(now);
    let reports = reports.iter().map(|report| {
        let (from, track) = announced.get(report.track_sid.as_str()).copied().unzip();
        track_report(report, from, track)
    });
    reports.collect()
}

fn track_report(
    report: &TrackReport,
    from: Option<&str>,
    track: Option<&proto::TrackInfo>,
) -> Value {
    json!({
        "track": report.track_sid,
        "from": from,
        "source": track.map(|track| track.source().as_str_name()),
        "mime": track.map(|track| &track.mime_type),
        "frames": report.frames,
        "key_frames": report.key_frames,
        "unopened": report.unopened,
        "undecodable": report.undecodable,
        "corrupt": report.corrupt,
        "packets": report.packets,
        "width": report.width,
        "height": report.height,
    })
}
