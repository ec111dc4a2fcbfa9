//! Somebody with a native client in an encrypted meeting of a real server.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail, ensure};
use conclave_client::e2ee::Seed;
use conclave_client::e2ee::device::DeviceKeys;
use conclave_client::e2ee::identity::AccountId;
use conclave_client::e2ee::session::Sending;
use conclave_client::{
    AudioOptions, Channel, Connection, Encryption, Guest, Invitation, Means, Member, Membership,
    News, Options, Place, Seeds, TrackReport, Trust, VideoOptions, Zero,
};
use zeroize::Zeroizing;

use crate::practice::{HOST, Practice, random};

/// A place, a channel, a seat in the group; and, once connected, media.
pub struct Person {
    guest: Guest,
    server: SocketAddr,
    who: Who,
    pub channel: Channel,
    pub encryption: Encryption,
    media: Option<Connection>,
}

/// What outlives a reload.
#[derive(Clone)]
struct Who {
    place: Place,
    name: String,
    account: Option<AccountId>,
    keys: Zeroizing<Vec<u8>>,
    invitation: Invitation,
}

/// What a busy machine needs for anything that a person waits for.
const PATIENCE: Duration = Duration::from_secs(180);
const SHORTLY: Duration = Duration::from_millis(20);

impl Person {
    /// The owner of the practice, as host.
    ///
    /// # Errors
    ///
    /// When the server does not let them in.
    pub async fn host(
        server: SocketAddr,
        practice: &Practice,
        invitation: &Invitation,
    ) -> anyhow::Result<Self> {
        let who = Who {
            place: practice.join(invitation).await?,
            name: HOST.to_owned(),
            account: Some(AccountId(practice.account.0.into_bytes())),
            keys: practice.keys.clone(),
            invitation: invitation.clone(),
        };
        Self::open(server, who).await
    }

    /// A guest with the link, and a device of their own.
    ///
    /// # Errors
    ///
    /// When the server does not let them in.
    pub async fn come(
        server: SocketAddr,
        invitation: &Invitation,
        name: &str,
    ) -> anyhow::Result<Self> {
        let place = Guest::new(origin(server)).join(invitation, name).await?;
        Self::at(server, place, invitation, name).await
    }

    /// A guest who has a place already, and believes that this is its invitation.
    ///
    /// # Errors
    ///
    /// When the server does not let them in.
    pub async fn at(
        server: SocketAddr,
        place: Place,
        invitation: &Invitation,
        name: &str,
    ) -> anyhow::Result<Self> {
        let who = Who {
            place,
            name: name.to_owned(),
            account: None,
            keys: DeviceKeys::generate(Seed(random()?)).to_bytes(),
            invitation: invitation.clone(),
        };
        Self::open(server, who).await
    }

    /// The same device, participant and invitation; nothing else is left.
    ///
    /// # Errors
    ///
    /// When the server does not let them in.
    pub async fn reload(self) -> anyhow::Result<Self> {
        let Self {
            server,
            who,
            channel,
            media,
            ..
        } = self;
        // As a page that is gone: nobody says goodbye, and no key is left.
        drop((channel, media));
        Self::open(server, who).await
    }

    async fn open(server: SocketAddr, who: Who) -> anyhow::Result<Self> {
        let member = Member {
            place: who.place.clone(),
            display_name: who.name.clone(),
            account: who.account,
            keys: DeviceKeys::from_bytes(&who.keys)?,
            means: Means::Link(who.invitation.clone()),
        };
        let seeds = Seeds {
            seat: Seed(random()?),
            names: *random()?,
        };
        let zero = Zero {
            instant: Instant::now(),
            since_1970: SystemTime::UNIX_EPOCH.elapsed()?,
        };
        let membership = Membership::new(member, seeds, zero);
        let mut channel = Channel::open(&format!("ws://{server}"), Trust::nobody(), membership);
        let encryption = admitted(&mut channel).await?;
        Ok(Self {
            guest: Guest::new(origin(server)),
            server,
            who,
            channel,
            encryption,
            media: None,
        })
    }

    pub fn place(&self) -> &Place {
        &self.who.place
    }

    /// The key of their device's leaf.
    ///
    /// # Errors
    ///
    /// Never: the keys were made here.
    pub fn signature_key(&self) -> anyhow::Result<Vec<u8>> {
        let keys = DeviceKeys::from_bytes(&self.who.keys)?;
        Ok(keys.signer().public().to_vec())
    }

    /// Waits until their frames can be sealed. The epoch.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub async fn sends(&self) -> anyhow::Result<u64> {
        self.sends_in(0).await
    }

    /// Waits until their frames are sealed in this epoch or a later one.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub async fn sends_in(&self, least: u64) -> anyhow::Result<u64> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.encryption.sending() {
                Sending::With(at) if at.epoch >= least => return Ok(at.epoch),
                sending => ensure!(
                    Instant::now() < deadline,
                    "{sending:?} where epoch {least} was awaited"
                ),
            }
            tokio::time::sleep(SHORTLY).await;
        }
    }

    /// Opens the media connection, with everything sealed.
    ///
    /// # Errors
    ///
    /// When the server gives no ticket, or the connection can't begin.
    pub async fn connect(&mut self, epoch: Instant) -> anyhow::Result<()> {
        self.connect_with(epoch, |_| {}).await
    }

    /// As [`Self::connect`], with other options.
    ///
    /// # Errors
    ///
    /// When the server gives no ticket, or the connection can't begin.
    pub async fn connect_with(
        &mut self,
        epoch: Instant,
        change: impl FnOnce(&mut Options),
    ) -> anyhow::Result<()> {
        let ticket = self.guest.ticket(&self.who.place).await?;
        let mut options = Options::new(format!("ws://{}", self.server), ticket, epoch);
        options.encryption = Some(self.encryption.clone());
        change(&mut options);
        self.media = Some(Connection::open(options).await?);
        Ok(())
    }

    /// # Errors
    ///
    /// When there is no media connection.
    pub fn media(&mut self) -> anyhow::Result<&mut Connection> {
        self.media.as_mut().context("no media connection")
    }

    /// # Errors
    ///
    /// When there is no media connection, or it can't publish.
    pub async fn speak(&mut self) -> anyhow::Result<()> {
        let audio = AudioOptions::default();
        let published = self.media()?;
        let published = published.with(move |endpoint, now| endpoint.publish_audio(now, &audio));
        published.await.context("the connection has ended")??;
        Ok(())
    }

    /// # Errors
    ///
    /// When there is no media connection, or it can't publish.
    pub async fn show(&mut self, camera: &VideoOptions) -> anyhow::Result<()> {
        let camera = camera.clone();
        let published = self.media()?;
        let published = published.with(move |endpoint, now| endpoint.publish_video(now, &camera));
        published.await.context("the connection has ended")??;
        Ok(())
    }

    /// What has arrived, per track.
    ///
    /// # Errors
    ///
    /// When there is no media connection.
    pub async fn reports(&mut self) -> anyhow::Result<Vec<TrackReport>> {
        let reports = self.media()?;
        let reports = reports.with(|endpoint, now| endpoint.track_reports(now));
        reports.await.context("the connection has ended")
    }

    /// Waits until `done` with what has arrived.
    ///
    /// # Errors
    ///
    /// When that takes too long.
    pub async fn until(
        &mut self,
        what: &str,
        done: impl Fn(&[TrackReport]) -> bool,
    ) -> anyhow::Result<Vec<TrackReport>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let reports = self.reports().await?;
            if done(&reports) {
                return Ok(reports);
            }
            ensure!(Instant::now() < deadline, "not {what}: {reports:?}");
            tokio::time::sleep(SHORTLY).await;
        }
    }

    /// Gives up the place for good, on a device that keeps all the keys that it has.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn leave_with_the_keys(self) -> anyhow::Result<Encryption> {
        self.channel.vanish();
        self.guest.leave(&self.who.place).await?;
        Ok(self.encryption)
    }
}

/// Of what goes over HTTP.
pub(crate) fn origin(server: SocketAddr) -> String {
    format!("http://{server}")
}

async fn admitted(channel: &mut Channel) -> anyhow::Result<Encryption> {
    let news = async {
        while let Some(news) = channel.next_news().await {
            match news {
                News::Admitted(encryption) => return Ok(encryption),
                News::Ended(bye) => bail!("turned away: {bye:?}"),
                _ => {}
            }
        }
        bail!("the channel has ended")
    };
    tokio::time::timeout(PATIENCE, news).await?
}
