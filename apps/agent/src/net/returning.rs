//! The way back into a session after a restart of the computer: what is kept for it, and what is made of that.

use conclave_client::Place;
use conclave_client::protocol::Timestamp;
use conclave_client::protocol::meeting::Admission;
use conclave_client::protocol::support::SupportOffer;
use zeroize::Zeroizing;

use super::entrance::{Door, Part, Seat};
use super::joining::Promise;
use crate::errand::{Errand, Return};
use crate::ipc::Failure;
use crate::wanted::{Key, Wanted};

/// A place that was kept, with what the person agreed to before the restart.
pub(super) struct Returned {
    place: Place,
    device: Zeroizing<Vec<u8>>,
    number: u32,
}

/// What brings the computer back here. `server`: with whom it is trusted, and nothing of what is wanted there.
pub(super) fn way_back(server: &Errand, promise: &Promise, seat: &Seat) -> Box<Errand> {
    let (wanted, passcode) = match &promise.key {
        Key::Link(invitation) => (invitation.link(promise.server.as_str()), None),
        Key::Passcode { code, passcode } => (code.to_string(), Some(passcode.digits().to_owned())),
    };
    let returns = Return {
        passcode,
        name: promise.name.clone(),
        technician: promise.offer.technician.clone(),
        organisation: promise.offer.organisation.clone(),
        meeting: seat.place.meeting,
        participant: seat.place.participant,
        credential: seat.place.credential.clone(),
        device: seat.device.to_vec(),
        number: seat.part.returns().saturating_add(1),
    };
    // It is read from another folder then.
    let trust = server.trust.as_deref();
    Box::new(Errand {
        server: Some(promise.server.clone()),
        trust: trust.and_then(|file| std::path::absolute(file).ok()),
        wanted: Some(wanted),
        returns: Some(returns),
        ..server.clone()
    })
}

impl Returned {
    /// `None`: it is no errand to come back, or says too little.
    pub(super) fn of(errand: &Errand) -> Option<(Self, Promise)> {
        let returns = errand.returns.as_ref()?;
        let promise = promise(errand, returns).ok()?;
        let place = Place {
            meeting: returns.meeting,
            participant: returns.participant,
            credential: returns.credential.clone(),
            admission: Admission::Admitted,
        };
        let returned = Self {
            place,
            device: Zeroizing::new(returns.device.clone()),
            number: returns.number,
        };
        Some((returned, promise))
    }

    pub(super) fn seat(self, door: Door) -> Seat {
        Seat {
            door,
            place: self.place,
            device: self.device,
            part: Part::Helped {
                returns: self.number,
            },
        }
    }
}

fn promise(errand: &Errand, returns: &Return) -> Result<Promise, Failure> {
    let wanted = errand.wanted.as_deref().and_then(Wanted::parse);
    let wanted = wanted.ok_or(Failure::NotUnderstood)?;
    Ok(Promise {
        server: wanted.server(errand.server.as_ref())?,
        key: wanted.key(returns.passcode.as_deref())?,
        name: returns.name.clone(),
        offer: SupportOffer {
            organisation: returns.organisation.clone(),
            technician: returns.technician.clone(),
            // It was used before the restart, and is not asked for again.
            code_until: Timestamp::from_micros(0),
        },
    })
}

#[cfg(test)]
mod tests {
    use conclave_client::Trust;
    use conclave_client::e2ee::passcode::Passcode;
    use conclave_client::protocol::meeting::MeetingCode;
    use conclave_client::protocol::personal::{DisplayName, Title};
    use conclave_client::protocol::{MeetingId, ParticipantId};
    use uuid::Uuid;

    use super::*;
    use crate::origin::Origin;

    // Shows: REQ-AC-31.
    #[test]
    fn what_is_kept_leads_back_to_the_same_place_and_the_same_technician() {
        let server = Origin::parse("https://hospital.example").unwrap();
        let promise = Promise {
            server: server.clone(),
            key: Key::Passcode {
                code: MeetingCode::from_number(123_456_789).unwrap(),
                passcode: Passcode::read("12345678").unwrap(),
            },
            name: DisplayName::parse("Bo").unwrap(),
            offer: SupportOffer {
                organisation: Title::parse("Klinikum Nord").unwrap(),
                technician: DisplayName::parse("Thea Nowak").unwrap(),
                code_until: Timestamp::from_micros(7),
            },
        };
        let seat = Seat {
            door: Door::new(server, Trust::system()),
            place: Place {
                meeting: MeetingId(Uuid::from_u128(1)),
                participant: ParticipantId(Uuid::from_u128(2)),
                credential: "credential".to_owned(),
                admission: Admission::Admitted,
            },
            device: Zeroizing::new(vec![7; 33]),
            part: Part::Helped { returns: 0 },
        };

        let trusted = Errand {
            trust: Some("authority.pem".into()),
            ..Errand::default()
        };
        let errand = way_back(&trusted, &promise, &seat);
        let (returned, again) = Returned::of(&errand).unwrap();

        assert!(errand.trust.is_some_and(|file| file.is_absolute()));
        assert_eq!(again.server, promise.server);
        assert!(again.key.code() == promise.key.code());
        assert!(again.offer.technician == promise.offer.technician);
        let back = returned.seat(seat.door.clone());
        assert!(back.place.participant == seat.place.participant);
        assert!(back.device == seat.device);
        assert_eq!(back.part, Part::Helped { returns: 1 });
        assert!(Returned::of(&Errand::default()).is_none());
    }
}
