//! Into a meeting, as the computer of somebody who is there.

use std::time::Duration;

use conclave_client::protocol::companion::CompanionOffer;
use conclave_client::protocol::meeting::Joined;
use conclave_client::protocol::remote::EndReason;
use conclave_client::protocol::support::SupportFact;
use conclave_client::{Connection, Encryption, Means, Place};
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use super::{Door, FAREWELL, Part, Seat, admitted, device, open};
use crate::brought::Brought;
use crate::ipc::Failure;
use crate::net::crowd::Crowd;
use crate::net::presenting::Hall;
use crate::net::record::Report;

/// For a connection for packets: whoever is to use the computer waits.
const PATIENCE: Duration = Duration::from_secs(20);

impl Door {
    /// As whose computer, and into which organisation's meeting.
    pub(in crate::net) async fn look_up_companion(
        &self,
        brought: &Brought,
    ) -> Result<CompanionOffer, Failure> {
        let body = json!({"code": brought.code.as_str()});
        let found = self.guest.post("/companions/look-up", None, Some(body));
        found.await.map_err(|error| Failure::of(&error))
    }

    /// Spends the code.
    pub(in crate::net) async fn bring(&self, brought: &Brought) -> Result<Seat, Failure> {
        let body = json!({"code": brought.code.as_str()});
        let joined = self.guest.post("/companions", None, Some(body)).await;
        let joined: Joined = joined.map_err(|error| Failure::of(&error))?;
        Ok(Seat {
            door: self.clone(),
            place: Place {
                meeting: joined.meeting,
                participant: joined.participant,
                credential: joined.credential,
                admission: joined.admission,
            },
            device: device()?,
            part: Part::Companion { turn: 0 },
        })
    }
}

impl Seat {
    /// Onto the meeting's channel, and by it into the group.
    pub(in crate::net) async fn enter_meeting(
        &self,
        brought: &Brought,
        offer: &CompanionOffer,
    ) -> Result<Hall, Failure> {
        let means = Means::Link(brought.invitation.clone());
        let membership = self.membership(offer.display_name.as_str(), means)?;
        let mut channel = self.open_channel(membership);
        let encryption = admitted(&mut channel).await?;
        Ok(Hall {
            seat: self.clone(),
            channel,
            encryption,
            crowd: Crowd::new(self.place.participant, offer.organisation.clone()),
            companion: None,
            turn: 0,
        })
    }

    /// `None`: there is none in time on which anything can be said.
    pub(in crate::net) async fn connect_and_open(
        &self,
        encryption: &Encryption,
    ) -> Option<Connection> {
        let connecting = async {
            let mut packets = self.connect(encryption).await?;
            open(&mut packets).await.ok()?;
            Some(packets)
        };
        timeout(PATIENCE, connecting).await.ok().flatten()
    }

    /// A turn that never began is over all the same.
    pub(in crate::net) async fn tell_over(&self, reason: EndReason) {
        let report = Report {
            key: Uuid::from_u128(1),
            facts: vec![SupportFact::Ended { reason }],
        };
        if timeout(FAREWELL, self.report(report)).await.is_err() {
            tracing::info!("the server was not told that a turn is over");
        }
    }
}
