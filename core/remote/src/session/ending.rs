//! How a session ends, and what it survives: a short loss of the connection, and nothing else.

use std::time::{Duration, Instant};

use conclave_protocol::remote::{Capability, EndReason, FromAgent};

use super::Session;
use crate::fact::Fact;
use crate::io::{FileWork, Output};
use crate::lifetime::Outlook;
use crate::limits::Limits;
use crate::permissions::Permissions;
use crate::state::State;

/// The way to the technician, which has two ends.
#[derive(Default)]
pub(super) struct Connection {
    is_ours_lost: bool,
    is_theirs_lost: bool,
    /// From the first loss on, until neither is.
    given_up_at: Option<Instant>,
}

/// Of the way to the technician.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// The agent's connection.
    Ours,
    /// The technician is in the room.
    Theirs,
}

/// As long as a participant of a meeting is kept who is gone, and no longer than a person waits before a screen.
pub(super) const GRACE: Duration = Duration::from_secs(60);
/// For one more look at what policy permits, which the owner takes each half minute.
pub(super) const KEY_WITHIN: Duration = Duration::from_secs(45);

impl Connection {
    pub(super) fn is_up(&self) -> bool {
        self.given_up_at.is_none()
    }

    pub(super) fn given_up_at(&self) -> Option<Instant> {
        self.given_up_at
    }

    /// Whether it is the first that is lost.
    fn lose(&mut self, now: Instant, end: End) -> bool {
        let is_first = self.is_up();
        *self.lost(end) = true;
        self.given_up_at.get_or_insert(now + GRACE);
        is_first
    }

    /// Whether it was the last that was missing.
    fn restore(&mut self, end: End) -> bool {
        let was_up = self.is_up();
        *self.lost(end) = false;
        if !self.is_ours_lost && !self.is_theirs_lost {
            self.given_up_at = None;
        }
        self.is_up() && !was_up
    }

    fn lost(&mut self, end: End) -> &mut bool {
        match end {
            End::Ours => &mut self.is_ours_lost,
            End::Theirs => &mut self.is_theirs_lost,
        }
    }
}

impl Session {
    /// Everything stops, whatever was thought to be going on; the record of what happened before stays.
    pub(super) fn end(&mut self, reason: EndReason) {
        if self.is_over() {
            return;
        }
        self.outputs
            .retain(|output| matches!(output, Output::Fact(_)));
        self.record_turn();
        self.push(Output::ReleaseAll);
        self.push(Output::StopCapture);
        self.push(Output::CloseQuestion);
        self.push(Output::File(FileWork::DiscardAll));
        self.end_rights(reason);
        if self.clipboard.holds_theirs() {
            self.push(Output::ClearClipboard);
        }
        self.push(Output::HideIndicator);
        for to in self.people.agreed() {
            let message = FromAgent::Ended(reason);
            self.push(Output::Say { to, message });
        }
        self.fact(Fact::Ended(reason));
        // The end is the last that a recording tells.
        self.push(Output::StopRecording);
        self.push(Output::Ended(reason));
        self.state = State::Ended(reason);
        self.permissions = Permissions::default();
        self.transfers.clear();
    }

    /// What the time has brought.
    pub(super) fn elapse(&mut self, now: Instant) {
        if let State::Requested { until } = self.state
            && now >= until
        {
            self.end(EndReason::NotAnswered);
        }
        if self.connection.given_up_at().is_some_and(|at| now >= at) {
            self.end(EndReason::ConnectionLost);
        }
        if self.keyless_until.is_some_and(|at| now >= at) {
            self.end(EndReason::NotKept);
        }
        self.age(now);
        if let Some(subject) = self.questions.time_out(now) {
            self.unanswered(now, &subject);
        }
        self.expire(now);
        self.settle_state(now);
        self.settle_pause(now);
    }

    /// Both sides are told of the end that is near.
    pub(super) fn age(&mut self, now: Instant) {
        match self.lifetime.look(now, &self.limits) {
            Outlook::Over(reason) => self.end(reason),
            Outlook::EndsSoon {
                reason,
                at,
                untold: true,
            } => {
                let seconds = seconds_between(now, at);
                self.push(Output::WarnOfEnd { reason, at });
                self.say(FromAgent::EndsSoon { reason, seconds });
            }
            Outlook::EndsSoon { .. } | Outlook::GoesOn { .. } => {}
        }
    }

    /// To a technician who may not have heard it.
    fn say_end_again(&mut self, now: Instant) {
        if let Outlook::EndsSoon { reason, at, .. } = self.lifetime.look(now, &self.limits) {
            let seconds = seconds_between(now, at);
            self.say(FromAgent::EndsSoon { reason, seconds });
        }
    }

    /// What policy permits becomes less.
    pub(super) fn shrink(&mut self, now: Instant, limits: Limits) {
        let both = self.limits.and(limits);
        if both == self.limits {
            return;
        }
        self.limits = both;
        self.fact(Fact::LimitsShrunk);
        self.permissions.shorten(now + both.longest_consent);
        for capability in Capability::ALL {
            if !both.permitted.contains(*capability) {
                self.withdraw(*capability);
            }
        }
        if !self.is_recorded && both.must_record {
            self.withdraw(Capability::Recording);
        }
        if both.permitted.is_empty() {
            self.end(EndReason::NotPermitted);
        }
    }

    /// Control ends with it, and everything rests, for a while.
    pub(super) fn lost(&mut self, now: Instant, end: End) {
        if self.connection.lose(now, end) {
            self.fact(Fact::ConnectionLost);
            self.transfers.interrupt();
        }
    }

    /// The technician hears what ended and what still holds, for they may have lost more than the connection.
    pub(super) fn restored(&mut self, now: Instant, end: End) {
        if !self.connection.restore(end) {
            return;
        }
        self.fact(Fact::ConnectionRestored);
        for message in std::mem::take(&mut self.missed) {
            self.say(message);
        }
        self.say_end_again(now);
        for capability in self.permissions.in_force().iter() {
            self.say_granted(now, capability);
        }
        self.resume_files();
    }
}

/// Rounded down: nobody is promised more than there is.
pub(super) fn seconds_between(now: Instant, until: Instant) -> u32 {
    let seconds = until.saturating_duration_since(now).as_secs();
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
