//! What acts against an account will touch, as things stand before them.

use std::collections::BTreeMap;

use conclave_policy::join_ticket::GRACE;
use conclave_protocol::{AccountId, MeetingId, ParticipantId, Timestamp};

use super::Store;
use crate::action::{
    Also, EndedSupport, Foreseen, MOST_TOUCHED, Revision, Touched, program as program_action,
    put_out, shut_out,
};
use crate::error::ReadError;

impl Store {
    /// What suspending or removing an account at `now` does to its programs, and to meetings, as things stand, [`MOST_TOUCHED`] of them at the
    /// most: those first that somebody is put out of, or that end.
    pub async fn foresee_shut_out(
        &self,
        account: AccountId,
        removes: bool,
        now: Timestamp,
    ) -> Result<Foreseen, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut touched: BTreeMap<MeetingId, Touched> = BTreeMap::new();
        let mut programs;
        {
            let mut reader = self.reader().await?;
            let link = &mut reader.link();
            for (meeting,) in shut_out::known(link, account, false).await? {
                at(&mut touched, meeting).shuts = true;
            }
            for seat in shut_out::taken_seats(link, account, false).await? {
                let touched = at(&mut touched, seat.meeting);
                match (overlay.is_gone(seat.participant), seat.is_in) {
                    (true, _) => {}
                    (false, true) => touched.participants.push(seat.participant),
                    (false, false) => touched.waiting.push(seat.participant),
                }
            }
            let running = program_action::running_of(link, account, now).await?;
            programs = running
                .into_iter()
                .map(|(program,)| program)
                .collect::<Vec<_>>();
            let there = now.minus(GRACE);
            let mut ends = shut_out::without_a_host(link, account, false, there).await?;
            if removes {
                ends.extend(shut_out::begun_by_none(link, account).await?);
            }
            for (meeting,) in ends {
                at(&mut touched, meeting).ends = true;
            }
        }
        touched.retain(|meeting, _| !overlay.has_meeting_ended(*meeting));
        let mut touched: Vec<Touched> = touched.into_values().collect();
        touched.sort_by_key(Touched::only_shuts);
        touched.truncate(MOST_TOUCHED);
        let mut support = Vec::new();
        for touched in &mut touched {
            let stands = self.meeting(touched.meeting).await?;
            let revision = stands.map_or(0, |meeting| meeting.revision);
            let raises = u64::from(touched.shuts) + u64::from(touched.ends);
            touched.raised = Revision(revision.saturating_add(raises));
            if touched.ends {
                let session = self.support_of(touched.meeting).await?;
                support.extend(session.map(|session| EndedSupport {
                    session: session.id,
                    was_connected: session.joined_at.is_some(),
                }));
            }
        }
        programs.retain(|program| !overlay.is_revoked(*program));
        Ok(Foreseen {
            touched,
            programs,
            support,
        })
    }

    /// Which other places somebody's account loses as they are put out, as things stand.
    pub async fn foresee_expel(
        &self,
        participant: ParticipantId,
        by: Option<ParticipantId>,
    ) -> Result<Also, ReadError> {
        Ok(Also::of_expel(self.places_beside(participant).await?, by))
    }

    /// Which other places somebody's account loses as they are turned away, as things stand.
    pub async fn foresee_deny(&self, participant: ParticipantId) -> Result<Also, ReadError> {
        Ok(Also::of_deny(self.places_beside(participant).await?))
    }

    async fn places_beside(
        &self,
        participant: ParticipantId,
    ) -> Result<Vec<put_out::Place>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut places = put_out::places_beside(&mut reader.link(), participant).await?;
        places.retain(|(place, _)| !overlay.is_gone(*place));
        Ok(places)
    }
}

fn at(touched: &mut BTreeMap<MeetingId, Touched>, meeting: MeetingId) -> &mut Touched {
    touched.entry(meeting).or_insert_with(|| Touched {
        meeting,
        shuts: false,
        participants: Vec::new(),
        waiting: Vec::new(),
        ends: false,
        raised: Revision::default(),
    })
}
