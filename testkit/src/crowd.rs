//! Clients of a real server, over loopback.

use std::time::{Duration, Instant};

use anyhow::Context;
use conclave_client::{AudioOptions, Connection, Options, Topology, TrackReport, VideoOptions};

use crate::server::Server;

/// People in one room who all publish a camera and a microphone, and receive everybody else's.
pub struct Crowd {
    people: Vec<Connection>,
}

impl Crowd {
    /// Joins and publishes. Every other person speaks v0.
    ///
    /// # Errors
    ///
    /// When somebody can't join or publish.
    pub async fn gather(
        server: &Server,
        room: &str,
        size: usize,
        camera: &VideoOptions,
    ) -> anyhow::Result<Self> {
        let epoch = Instant::now();
        let mut people = Vec::with_capacity(size);
        for number in 0..size {
            let token = server.token(room, &format!("person {number}"));
            let mut options = Options::new(server.url(), token, epoch);
            options.topology = if number.is_multiple_of(2) {
                Topology::Single
            } else {
                Topology::Dual
            };
            let person = Connection::open(options).await?;
            let camera = camera.clone();
            let published = person.with(move |endpoint, now| {
                endpoint.publish_video(now, &camera)?;
                endpoint.publish_audio(now, &AudioOptions::default())
            });
            published.await.context("somebody could not join")??;
            people.push(person);
        }
        Ok(Self { people })
    }

    /// Waits until everybody hears everybody else and sees somebody. Who is seen depends on the
    /// server's estimate of the path, which a busy machine's loopback does not make high.
    ///
    /// # Errors
    ///
    /// When that takes longer than `most`.
    pub async fn settle(&mut self, most: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + most;
        while let Some(problem) = self.problem().await? {
            anyhow::ensure!(Instant::now() < deadline, "{problem} after {most:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    async fn problem(&mut self) -> anyhow::Result<Option<String>> {
        let others = self.people.len() - 1;
        for person in &self.people {
            let reports = person.with(|endpoint, now| endpoint.track_reports(now));
            let reports = reports.await.context("somebody's connection has ended")?;
            let flowing = reports.iter().filter(|report| report.frames > 0);
            let (video, audio): (Vec<_>, Vec<_>) = flowing.partition(|report| report.video);
            if audio.len() < others || video.is_empty() {
                let (heard, seen) = (audio.len(), video.len());
                return Ok(Some(format!(
                    "of {others}, {heard} are heard and {seen} seen"
                )));
            }
        }
        Ok(None)
    }

    /// What has arrived at everybody, per track.
    ///
    /// # Errors
    ///
    /// When somebody's connection has ended.
    pub async fn reports(&mut self) -> anyhow::Result<Vec<TrackReport>> {
        let mut reports = Vec::new();
        for person in &self.people {
            let of_one = person.with(|endpoint, now| endpoint.track_reports(now));
            reports.extend(of_one.await.context("somebody's connection has ended")?);
        }
        Ok(reports)
    }

    /// Everybody leaves; returns when they have.
    pub async fn leave(mut self) {
        for person in &self.people {
            person.with(|endpoint, now| endpoint.leave(now)).await;
        }
        for person in &mut self.people {
            while person.next_event().await.is_some() {}
        }
    }
}
