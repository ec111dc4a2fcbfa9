//! One member's part in a meeting's encryption: what to answer to the server, which keys to hold, when to be silent.
//!
//! The owner feeds in what happens and drains [`Session::poll_output`] after each input; nothing here reads a clock
//! or sends anything. `now` is the time since 1970 by the device, and never goes back: one reading of the wall
//! clock plus what a monotonic clock has counted since.
//!
//! The server orders commits; it decides nothing. What it says is checked by the group, and what is refused is
//! shown. Without a key of a confirmed epoch nothing is sent.

mod asking;
mod epochs;
mod events;
mod input;
mod member;
mod output;
mod petition;
mod presence;
#[cfg(test)]
mod tests;
mod witnesses;

use std::collections::VecDeque;
use std::time::Duration;

use crate::admission::{Joiner, Voucher};
use crate::context::Rules;
use crate::group::{Failed, Group, Joining, Oneself, Opening, Precedent};
use crate::identity::{Identity, ParticipantId};
use crate::meeting::{GroupEpoch, GroupId, Meeting};
use crate::provider::{Entropy, Seed};
use crate::secret::MeetingSecret;
use crate::signer::Signer;
use epochs::Epochs;
pub use input::{FromServer, Input, Refused};
use member::Member;
pub use output::{Alarm, Difference, Output, Sending, Silence, ToServer};
pub(crate) use output::{KeyChange, Opened};
use petition::{Admitted, Waiting};
use presence::Presence;
use witnesses::Witnesses;

/// Who takes part in what.
pub struct Config {
    pub meeting: Meeting,
    pub secret: MeetingSecret,
    pub identity: Identity,
    pub signer: Signer,
    /// How the group opens if this member is the first.
    pub opening: Opening,
}

/// A member's encryption, from entering to leaving.
pub struct Session {
    config: Config,
    entropy: Entropy,
    state: State,
    epochs: Epochs,
    /// Whose epochs and witnesses they are: another group counts from the start.
    epochs_of: Option<GroupId>,
    witnesses: Witnesses,
    presence: Presence,
    precedent: Precedent,
    voucher: Option<Voucher>,
    waiting: Option<Waiting>,
    admitted: Admitted,
    wishes: VecDeque<Wish>,
    /// When to ask for a turn again: the first request may have been lost.
    turn_again: Option<Duration>,
    sending: Sending,
    silent: Vec<ParticipantId>,
    outputs: VecDeque<Output>,
    key_changes: VecDeque<KeyChange>,
}

enum State {
    Outside,
    /// Has asked for a slot; asks again at `again`, if at all.
    Asking {
        again: Option<Duration>,
        tries: u32,
    },
    /// The commit is with the server.
    Joining {
        joining: Box<Joining>,
        until: Duration,
    },
    Member(Box<Member>),
    Over,
}

/// What a host wants to commit when it has a slot.
enum Wish {
    Expel(Vec<u8>),
    Close,
    Rules(Rules),
}

impl Session {
    #[must_use]
    pub fn new(config: Config, seed: Seed) -> Self {
        Self {
            config,
            entropy: Entropy::new(seed),
            state: State::Outside,
            epochs: Epochs::default(),
            epochs_of: None,
            witnesses: Witnesses::default(),
            presence: Presence::default(),
            precedent: Precedent::default(),
            voucher: None,
            waiting: None,
            admitted: Admitted::default(),
            wishes: VecDeque::new(),
            turn_again: None,
            sending: Sending::Stopped(Silence::NoKey),
            silent: Vec::new(),
            outputs: VecDeque::new(),
            key_changes: VecDeque::new(),
        }
    }

    pub fn handle_input(&mut self, now: Duration, input: Input<'_>) {
        self.epochs.handle_timeout(now);
        match input {
            Input::Enter => self.enter(now),
            Input::Leave => self.end(),
            Input::Server(message) => self.handle_server(now, message),
            Input::Present(people) => self.presence.server_has(people),
            Input::Heartbeat(bytes) => self.hear(now, bytes),
            Input::Letter { from, bytes } => self.read_letter(now, from, bytes),
            Input::Admitted(participant) => self.admit_participant(participant),
            Input::Voucher(voucher) => self.take_voucher(now, voucher),
            Input::Expel(key) => {
                self.forget_admission(key);
                self.want(now, Wish::Expel(key.to_vec()));
            }
            Input::TurnAway(participant) => {
                let wish = self.admitted.forget(participant);
                self.want(now, wish.map_or(Wish::Close, Wish::Expel));
            }
            Input::ChangeRules(rules) => self.want(now, Wish::Rules(rules)),
            Input::Timeout => self.handle_timeout(now),
        }
        self.settle(now);
    }

    pub fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or_else(|| Output::Wait(self.wake_at()))
    }

    /// The next change of keys, in the order in which they are to be made; all before the next frame.
    pub(crate) fn poll_key_change(&mut self) -> Option<KeyChange> {
        self.key_changes.pop_front()
    }

    /// The group that this member is in.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        match &self.state {
            State::Member(member) => Some(&member.group),
            _ => None,
        }
    }

    /// A host's voucher for somebody in the lobby, in the present group and generation.
    pub fn admit(&self, now: Duration, joiner: Joiner<'_>) -> Result<Voucher, Failed> {
        let group = self.group().ok_or(Failed)?;
        group.admit(&self.config.signer, joiner, now)
    }

    /// Whether senders may send, and with which epoch.
    #[must_use]
    pub fn sending(&self) -> Sending {
        self.sending
    }

    fn handle_timeout(&mut self, now: Duration) {
        self.petition(now);
        match &self.state {
            State::Asking {
                again: Some(at),
                tries,
            } if *at <= now => {
                let tries = *tries;
                self.ask(now, tries);
            }
            State::Joining { until, .. } if *until <= now => self.ask(now, 0),
            State::Member(member) if member.rejoin_at.is_some_and(|at| at <= now) => {
                self.fall_behind(now);
            }
            State::Member(_) if self.turn_again.is_some_and(|at| at <= now) => {
                self.ask_for_turn(now);
            }
            _ => {}
        }
    }

    /// Does what follows from the state, whatever the input was.
    fn settle(&mut self, now: Duration) {
        self.close_epochs();
        let sending = self.may_send(now);
        if sending != self.sending {
            self.sending = sending;
            self.outputs.push_back(Output::Sending(sending));
        }
        self.name_silent(now);
        if let State::Member(member) = &mut self.state {
            member.forget_closed(&self.epochs);
            let beat = member.beat(now, &self.config.signer);
            self.outputs.extend(beat.map(Output::Broadcast));
            let difference = self.presence.settle(now, &member.people);
            self.outputs.extend(difference.map(Output::Difference));
        }
    }

    /// Tells of closed epochs before anything is told of other ones.
    fn close_epochs(&mut self) {
        while let Some(epoch) = self.epochs.poll_closed() {
            let at = self.epochs_of.map(|group| GroupEpoch { group, epoch });
            self.key_changes.extend(at.map(KeyChange::Close));
        }
    }

    fn name_silent(&mut self, now: Duration) {
        let silent = match self.sending {
            Sending::Stopped(Silence::Unconfirmed) => self.witnesses.silent(now),
            Sending::With(_) | Sending::Stopped(_) => Vec::new(),
        };
        if silent != self.silent {
            self.silent.clone_from(&silent);
            self.outputs.push_back(Output::Silent(silent));
        }
    }

    fn may_send(&self, now: Duration) -> Sending {
        match (&self.state, self.epochs.sending()) {
            (State::Over, _) => Sending::Stopped(Silence::Over),
            (State::Member(_), Some(_)) if !self.witnesses.confirm(now) => {
                Sending::Stopped(Silence::Unconfirmed)
            }
            (State::Member(member), Some(epoch)) => Sending::With(GroupEpoch {
                group: member.group.id(),
                epoch,
            }),
            _ => Sending::Stopped(Silence::NoKey),
        }
    }

    /// When [`Input::Timeout`] is due at the latest.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        let own = match &self.state {
            State::Asking { again, .. } => {
                let petition = self.waiting.as_ref().map(|waiting| waiting.ask_again);
                again.iter().copied().chain(petition).min()
            }
            State::Joining { until, .. } => Some(*until),
            State::Member(member) => {
                let confirmed = match self.sending {
                    Sending::With(_) => self.witnesses.confirmed_until(),
                    Sending::Stopped(_) => None,
                };
                let presence = self.presence.wake_at();
                [
                    member.next_beat,
                    member.rejoin_at,
                    confirmed,
                    presence,
                    self.turn_again,
                ]
                .into_iter()
                .flatten()
                .min()
            }
            State::Outside | State::Over => None,
        };
        own.into_iter().chain(self.epochs.wake_at()).min()
    }

    fn send(&mut self, message: ToServer) {
        self.outputs.push_back(Output::Send(message));
    }

    fn alarm(&mut self, alarm: Alarm) {
        self.outputs.push_back(Output::Alarm(alarm));
    }
}

fn oneself(config: &Config) -> Oneself<'_> {
    Oneself {
        identity: &config.identity,
        signer: &config.signer,
    }
}
