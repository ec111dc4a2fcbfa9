//! This computer in the meeting of whoever presents it: brought by a link, lent to one participant after the other, until
//! it is taken out, or its owner or the meeting is gone.
//!
//! # Security
//! Whom it is lent to is the server's word. Who that is comes from the meeting's group, and the person at the computer is
//! asked about them by that name before anything is seen or done. While it is lent to nobody it has no connection for
//! packets.

use std::future::Future;
use std::time::Duration;

use conclave_client::e2ee::group::Group;
use conclave_client::protocol::companion::{CompanionOf, CompanionOffer};
use conclave_client::protocol::remote::EndReason;
use conclave_client::{Channel, Encryption, News, Trust};
use conclave_remote::Person;
use tokio::time::timeout;

use super::courier::Courier;
use super::crowd::{Crowd, SomebodyElse};
use super::entrance::{Door, Part, Seat};
use super::line::Line;
use super::room::Room;
use super::session::Session;
use super::terms::limits;
use crate::brought::Brought;
use crate::ipc::{Broken, DeskToNet, Failure, NetToDesk, NetToUi, UiToNet};

/// For the meeting's channel to let it in.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between the other processes and the meeting.
pub(super) struct Presenting<'a> {
    desk: &'a Courier,
    ui: &'a Courier,
}

/// In the meeting, and lent to nobody.
pub(super) struct Hall {
    pub(super) seat: Seat,
    pub(super) channel: Channel,
    pub(super) encryption: Encryption,
    pub(super) crowd: Crowd,
    /// By the server's word.
    pub(super) companion: Option<CompanionOf>,
    /// The last that was begun, or could not be.
    pub(super) turn: u32,
}

/// What comes next, of a computer that nobody uses.
enum Next {
    Lent(Person, CompanionOf),
    Over(End),
}

/// Why it is in the meeting no more.
enum End {
    /// The person at it said so.
    TakenOut,
    Left,
    Failed(Failure),
}

impl<'a> Presenting<'a> {
    pub(super) fn new(desk: &'a Courier, ui: &'a Courier) -> Self {
        Self { desk, ui }
    }

    /// Until the person at the computer has read how it ended.
    pub(super) async fn run(&self, link: &str, trust: &Trust) -> Result<(), Broken> {
        match self.present(link, trust).await? {
            End::TakenOut => Ok(()),
            End::Left => self.last(&NetToUi::Left).await,
            End::Failed(why) => self.last(&NetToUi::Failed(why)).await,
        }
    }

    async fn last(&self, message: &NetToUi) -> Result<(), Broken> {
        self.ui.send(message).await?;
        self.cancelled().await
    }

    async fn present(&self, link: &str, trust: &Trust) -> Result<End, Broken> {
        let Some(brought) = Brought::parse(link) else {
            return Ok(End::Failed(Failure::NotUnderstood));
        };
        let door = Door::new(brought.server.clone(), trust.clone());
        let offer = match self
            .unless_cancelled(door.look_up_companion(&brought))
            .await?
        {
            None => return Ok(End::TakenOut),
            Some(Err(why)) => return Ok(End::Failed(why)),
            Some(Ok(offer)) => offer,
        };
        if !self.agrees(&brought, &offer).await? {
            return Ok(End::TakenOut);
        }
        // Whoever gives up meanwhile leaves a place behind that has no connection.
        let seat = match self.unless_cancelled(door.bring(&brought)).await? {
            None => return Ok(End::TakenOut),
            Some(Err(why)) => return Ok(End::Failed(why)),
            Some(Ok(seat)) => seat,
        };
        let stayed = self.stay(&seat, &brought, &offer).await;
        seat.leave().await;
        stayed
    }

    /// Whether the person at the computer wants it in this meeting.
    async fn agrees(&self, brought: &Brought, offer: &CompanionOffer) -> Result<bool, Broken> {
        let bring = NetToUi::Bring {
            owner: offer.owner_name.clone(),
            organisation: offer.organisation.clone(),
            server: brought.server.as_str().to_owned(),
        };
        self.ui.send(&bring).await?;
        loop {
            match self.ui.receive().await? {
                UiToNet::Confirm => break,
                UiToNet::Cancel => return Ok(false),
                UiToNet::Try { .. } | UiToNet::Feedback { .. } => {}
            }
        }
        self.ui.send(&NetToUi::Connecting).await?;
        Ok(true)
    }

    async fn stay(
        &self,
        seat: &Seat,
        brought: &Brought,
        offer: &CompanionOffer,
    ) -> Result<End, Broken> {
        let entering = timeout(PATIENCE, seat.enter_meeting(brought, offer));
        let mut hall = match self.unless_cancelled(entering).await? {
            None => return Ok(End::TakenOut),
            Some(Err(_late)) => return Ok(End::Failed(Failure::Failed)),
            Some(Ok(Err(why))) => return Ok(End::Failed(why)),
            Some(Ok(Ok(hall))) => hall,
        };
        self.desk.send(&NetToDesk::Presents).await?;
        loop {
            self.ui.send(&NetToUi::Shared).await?;
            match self.next(&mut hall).await? {
                Next::Over(end) => return Ok(end),
                Next::Lent(person, companion) => {
                    hall.turn = companion.turn;
                    hall = match self.lend(hall, person, companion).await? {
                        Ok(hall) => hall,
                        Err(end) => return Ok(end),
                    };
                }
            }
        }
    }

    /// Until somebody is let use it who is there, or nobody will be any more.
    async fn next(&self, hall: &mut Hall) -> Result<Next, Broken> {
        loop {
            if let Some((person, companion)) = hall.lent().await {
                return Ok(Next::Lent(person, companion));
            }
            tokio::select! {
                said = self.ui.receive() => if let UiToNet::Cancel = said? {
                    return Ok(Next::Over(End::TakenOut));
                },
                // The stop keys, where nobody uses it: it is taken out.
                said = self.desk.receive() => if let DeskToNet::Ended(_) = said? {
                    return Ok(Next::Over(End::TakenOut));
                },
                news = hall.channel.next_news() => if let Some(end) = hall.heard(news) {
                    return Ok(Next::Over(end));
                },
            }
        }
    }

    /// One turn, from the question whether they may see the screen to its end.
    async fn lend(
        &self,
        hall: Hall,
        technician: Person,
        companion: CompanionOf,
    ) -> Result<Result<Hall, End>, Broken> {
        let hall = hall.for_turn(companion.turn);
        let terms = hall.seat.terms().await;
        let packets = hall.seat.connect_and_open(&hall.encryption).await;
        let (Ok(terms), Some(packets)) = (terms, packets) else {
            hall.seat.tell_over(EndReason::ConnectionLost).await;
            return Ok(Ok(hall));
        };
        let limits = limits(&terms);
        let room = Room {
            packets,
            companion: hall.companion,
            sealed_to: limits.sealed_to,
            questions: None,
            is_alarmed: false,
            keeps_place: false,
            seat: hall.seat,
            channel: hall.channel,
            encryption: hall.encryption,
            crowd: hall.crowd,
            line: Line::default(),
        };
        self.desk
            .send(&NetToDesk::Begin { technician, limits })
            .await?;
        let (room, _) = Session::new(self.desk, room).run().await;
        Ok(match (room.is_alarmed, room.companion) {
            (true, _) => Err(End::Failed(Failure::Untrusted)),
            // Its owner is gone, which is told once.
            (false, None) => Err(End::Left),
            (false, Some(_)) => Ok(Hall::after(room, hall.turn)),
        })
    }

    /// `None`: the person gave it up first.
    async fn unless_cancelled<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<Option<T>, Broken> {
        tokio::select! {
            done = work => Ok(Some(done)),
            given_up = self.cancelled() => given_up.map(|()| None),
        }
    }

    async fn cancelled(&self) -> Result<(), Broken> {
        loop {
            if let UiToNet::Cancel = self.ui.receive().await? {
                return Ok(());
            }
        }
    }
}

impl Hall {
    /// Whom it is lent to, in a turn that was not begun yet, once the group has them.
    async fn lent(&mut self) -> Option<(Person, CompanionOf)> {
        let companion = self.companion.filter(|it| it.turn != self.turn)?;
        let who = companion.controller?;
        let roster = self.encryption.in_group(Group::roster)?;
        match self.crowd.lend_to(&roster, who) {
            Ok(person) => person.map(|person| (person, companion)),
            Err(SomebodyElse) => {
                self.turn = companion.turn;
                let seat = self.seat.for_turn(companion.turn);
                seat.tell_over(EndReason::Unexpected).await;
                None
            }
        }
    }

    /// Why it is over, if it is.
    fn heard(&mut self, news: Option<News>) -> Option<End> {
        if let Some(News::Companion(companion)) = &news {
            self.companion = *companion;
        }
        ended(news.as_ref())
    }

    fn for_turn(self, turn: u32) -> Self {
        Self {
            seat: self.seat.for_turn(turn),
            ..self
        }
    }

    /// The connection for packets goes with its turn.
    fn after(room: Room, turn: u32) -> Self {
        Self {
            seat: room.seat,
            channel: room.channel,
            encryption: room.encryption,
            crowd: room.crowd,
            companion: room.companion,
            turn,
        }
    }
}

impl Seat {
    /// The same place, in a turn of its computer's.
    fn for_turn(&self, turn: u32) -> Self {
        Self {
            part: Part::Companion { turn },
            ..self.clone()
        }
    }
}

/// What ends a computer's stay: its owner or the meeting is gone, or somebody does what no honest one does.
fn ended(news: Option<&News>) -> Option<End> {
    match news {
        Some(News::Companion(None) | News::Ended(_)) | None => Some(End::Left),
        Some(News::Alarm(_)) => Some(End::Failed(Failure::Untrusted)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use conclave_client::protocol::ParticipantId;
    use uuid::Uuid;

    use super::*;

    // Shows: REQ-AC-16.
    #[test]
    fn a_computer_whose_owner_or_meeting_is_gone_is_out() {
        for gone in [Some(News::Companion(None)), Some(News::Ended(None)), None] {
            assert!(matches!(ended(gone.as_ref()), Some(End::Left)));
        }
        let lent = CompanionOf {
            owner: ParticipantId(Uuid::from_u128(1)),
            controller: None,
            turn: 1,
        };
        for goes_on in [News::Companion(Some(lent)), News::Lost, News::Changed] {
            assert!(ended(Some(&goes_on)).is_none());
        }
    }
}
