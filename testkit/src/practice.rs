//! A server with an owner, who makes meetings and hosts them.

use std::net::SocketAddr;

use anyhow::Context;
use conclave_client::e2ee::Seed;
use conclave_client::e2ee::device::DeviceKeys;
use conclave_client::protocol::meeting::{CommandDone, Meeting};
use conclave_client::protocol::recording::PublicKey;
use conclave_client::protocol::support::{SupportSession, SupportSessions};
use conclave_client::protocol::{AccountId, ParticipantId};
use conclave_client::{Guest, Invitation, Place, verifier};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::owner::{Owner, set_policy};
use crate::person::origin;

/// Whoever opened the one-time link.
pub struct Practice {
    server: SocketAddr,
    /// The owner's session.
    cookie: String,
    guest: Guest,
    pub(crate) account: AccountId,
    /// Of the owner's device.
    pub(crate) keys: Zeroizing<Vec<u8>>,
}

impl Practice {
    /// # Errors
    ///
    /// When the server has an owner, or does not answer.
    pub async fn open(server: SocketAddr, owner_token: &str) -> anyhow::Result<Self> {
        let owner = Owner::make(server, owner_token, HOST).await?;
        Ok(Self {
            server,
            guest: Guest::new(origin(server)).signed_in(owner.cookie.clone()),
            cookie: owner.cookie,
            account: owner.account,
            keys: DeviceKeys::with_account(Seed(random()?)).to_bytes(),
        })
    }

    /// A meeting for now, which only the owner's account can open.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn invite(&self) -> anyhow::Result<Invitation> {
        let secret = random()?;
        let body = json!({"title": "Morning visit", "invitation_verifier": verifier(&secret)});
        let made: Meeting = self.guest.post("/meetings", None, Some(body)).await?;
        let keys = DeviceKeys::from_bytes(&self.keys)?;
        Ok(Invitation {
            code: made.code,
            secret,
            host_key: keys.account_key(),
        })
    }

    /// A support session, of which the owner is the technician.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn offer_help(&self) -> anyhow::Result<Invitation> {
        let secret = random()?;
        let body = json!({"invitation_verifier": verifier(&secret)});
        let path = "/support/sessions";
        let open: SupportSession = self.guest.post(path, None, Some(body)).await?;
        let keys = DeviceKeys::from_bytes(&self.keys)?;
        Ok(Invitation {
            code: open.code,
            secret,
            host_key: keys.account_key(),
        })
    }

    /// The owner's support sessions.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn help(&self) -> anyhow::Result<Vec<SupportSession>> {
        let given: SupportSessions = self.guest.get("/support/sessions", None).await?;
        Ok(given.sessions)
    }

    /// Every support session is kept from then on, sealed to this key.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn keep_sessions(&self, public: &[u8]) -> anyhow::Result<()> {
        let settings = json!({"data_mode": {"value": "archive"}});
        set_policy(self.server, &self.cookie, settings).await?;
        let public = PublicKey::new(public.to_vec()).context("no key")?;
        let body = json!({"public": public, "custodians": [HOST]});
        let path = "/support/recordings/keys";
        let _made: Value = self.guest.post(path, None, Some(body)).await?;
        Ok(())
    }

    /// What the server gives of the latest recording to who says why.
    ///
    /// # Errors
    ///
    /// When there is none, or the server refuses.
    pub async fn play_recording(&self) -> anyhow::Result<Value> {
        let list: Value = self.guest.get("/support/recordings", None).await?;
        let latest = list["recordings"][0]["id"].as_str().context("none")?;
        let path = format!("/support/recordings/{latest}/plays");
        let why = json!({"reason": "A complaint."});
        Ok(self.guest.post(&path, None, Some(why)).await?)
    }

    /// The host's own place: opens the meeting.
    pub(crate) async fn join(&self, invitation: &Invitation) -> anyhow::Result<Place> {
        Ok(self.guest.join(invitation, HOST).await?)
    }

    /// Lets somebody in who knocked.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn admit(&self, host: &Place, participant: ParticipantId) -> anyhow::Result<()> {
        self.lead(host, &format!("lobby/{participant}/admit")).await
    }

    /// Says that somebody who knocked has shown that they know the passcode, and lets them in.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn believe(&self, host: &Place, participant: ParticipantId) -> anyhow::Result<()> {
        self.lead(host, &format!("lobby/{participant}/vouch"))
            .await?;
        self.admit(host, participant).await
    }

    /// Whether anybody in the organisation's meetings shows pictures of a camera.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn permit_cameras(&self, is_permitted: bool) -> anyhow::Result<()> {
        let settings = match is_permitted {
            true => json!({}),
            false => json!({"camera": {"value": false, "locked": true}}),
        };
        set_policy(self.server, &self.cookie, settings).await
    }

    /// Any command of a host that needs no body, as `mute-all`.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub async fn lead(&self, host: &Place, command: &str) -> anyhow::Result<()> {
        let path = format!("/meetings/{}/{command}", host.meeting);
        let credential = Some(host.credential.as_str());
        let _done: CommandDone = self.guest.post(&path, credential, None).await?;
        Ok(())
    }
}

/// 32 bytes that nobody knows.
pub(crate) fn random() -> anyhow::Result<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).context("no randomness")?;
    Ok(bytes)
}

pub(crate) const HOST: &str = "Amy Weatherwax";
