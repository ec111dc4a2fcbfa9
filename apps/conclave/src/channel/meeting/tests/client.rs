//! How a client applies what it is told.

use conclave_protocol::channel::{MeetingFacts, Welcome};

use super::*;

impl Client {
    pub(super) fn apply(&mut self, message: Downstream) {
        match message {
            Downstream::Welcome(welcome) => self.take(*welcome),
            Downstream::Resumed { after } => {
                assert_eq!(after, self.seq);
                self.messages.push("resumed".to_owned());
            }
            Downstream::Event { seq, event, .. } => {
                assert_eq!(seq, self.seq + 1, "a gap or a repetition");
                self.seq = seq;
                self.apply_event(event);
            }
            Downstream::Pong => {}
            Downstream::MlsSlot(_) => self.messages.push("slot".to_owned()),
            Downstream::MlsRefused(refusal) => {
                self.messages.push(format!("refused {:?}", refusal.reason));
            }
            Downstream::MlsHeartbeat { .. } => self.messages.push("heartbeat".to_owned()),
            Downstream::MlsLetter { .. } => self.messages.push("letter".to_owned()),
            Downstream::Bye { reason } => self.messages.push(format!("bye {reason:?}")),
        }
    }

    fn take(&mut self, welcome: Welcome) {
        assert!(welcome.seq > self.seq || self.seq == 0 || welcome.seq == self.seq);
        self.seq = welcome.seq;
        self.standing = Some(welcome.admission);
        self.knows_meeting = welcome.meeting.is_some();
        self.course(welcome.meeting);
        self.knows_group = welcome.mls.is_some();
        self.place = welcome.place;
        self.passcode = welcome.passcode;
        let roster = welcome.roster.into_iter();
        self.roster = roster.map(|entry| (entry.participant, entry)).collect();
        let lobby = welcome.lobby.into_iter();
        self.lobby = lobby.map(|entry| (entry.participant, entry)).collect();
        self.messages.push("welcome".to_owned());
    }

    fn course(&mut self, facts: Option<MeetingFacts>) {
        self.ending = facts.as_ref().and_then(|facts| facts.ending);
        self.successor = facts.as_ref().and_then(|facts| facts.successor);
        let idles = facts.and_then(|facts| facts.idle_share);
        self.idles = idles.map(|idle_share| idle_share.presenter);
    }

    fn apply_event(&mut self, event: Event) {
        let admitted = self.standing == Some(Admission::Admitted);
        let name = match event {
            Event::Roster { entry } => {
                assert!(admitted, "a roster for somebody outside");
                self.roster.insert(entry.participant, entry);
                "roster"
            }
            Event::RosterLeft { participant } => {
                self.roster.remove(&participant);
                "roster left"
            }
            Event::Lobby { entry } => {
                assert!(admitted, "a lobby for somebody outside");
                self.lobby.insert(entry.participant, entry);
                "lobby"
            }
            Event::LobbyLeft { participant } => {
                self.lobby.remove(&participant);
                "lobby left"
            }
            Event::Place { place } => {
                assert!(!admitted, "a place in line for somebody inside");
                self.place = Some(place);
                "place"
            }
            Event::Passcode { wanted } => {
                assert!(!admitted, "asked for the passcode inside");
                self.passcode = wanted;
                "passcode"
            }
            Event::UnmuteAsked => {
                assert!(admitted, "a question to somebody outside");
                "asked to unmute"
            }
            Event::MeetingChanged { meeting } => {
                assert!(self.knows_meeting, "news of a meeting for somebody outside");
                self.course(Some(meeting));
                "meeting"
            }
            Event::Admission { admission } => {
                self.standing = Some(admission);
                "admission"
            }
            Event::MeetingEnded { cause } => {
                self.messages.push(format!("ended {cause:?}"));
                return;
            }
            Event::MlsCommit { .. } => "commit",
            Event::MlsRemoval { .. } => "removal",
            Event::MlsAllProcessed { .. } => "all processed",
            Event::MlsEnded { .. } => "group ended",
        };
        self.messages.push(name.to_owned());
    }
}
