//! A server with an owner, who makes meetings and hosts them.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use conclave_client::e2ee::Seed;
use conclave_client::e2ee::device::DeviceKeys;
use conclave_client::protocol::account::Me;
use conclave_client::protocol::meeting::{CommandDone, Meeting};
use conclave_client::protocol::{AccountId, ParticipantId};
use conclave_client::{Guest, Invitation, Place, verifier};
use reqwest::header;
use serde_json::json;
use zeroize::Zeroizing;

use crate::person::origin;

/// Whoever opened the one-time link.
pub struct Practice {
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
        let request = reqwest::Client::new()
            .post(format!("{}/api/v1/setup", origin(server)))
            .json(&json!({
                "token": owner_token,
                "organisation": "Riverside",
                "email": "amy.weatherwax@riverside.example",
                "display_name": HOST,
                "password": "seven quiet lanterns over the harbour",
            }));
        let answer = request.send().await?;
        ensure!(
            answer.status().is_success(),
            "no owner: {}",
            answer.status()
        );
        let cookie = answer.headers().get(header::SET_COOKIE);
        let cookie = cookie.context("no session")?.to_str()?;
        let (cookie, _) = cookie.split_once(';').context("no session")?;
        let guest = Guest::new(origin(server)).signed_in(cookie);
        let me: Me = answer.json().await?;
        Ok(Self {
            guest,
            account: me.account,
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
        let path = format!("/meetings/{}/lobby/{participant}/admit", host.meeting);
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
