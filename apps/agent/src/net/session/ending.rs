//! The end of a session: what is left of it is heard, told and brought, each within its time.

use std::time::{Duration, Instant};

use conclave_client::protocol::remote::{EndReason, FromAgent};
use conclave_remote::Fact;
use tokio::time::{sleep, sleep_until, timeout};

use super::{Done, REST, Session};
use crate::ipc::Way;
use crate::net::room::Sent;

/// For the last pieces of a recording to be taken.
pub(in crate::net) const LAST_PIECES: Duration = Duration::from_secs(60);
/// For the last facts to be taken, and as long each for what comes before them: what the desk's process still says, that it
/// is gone, and the arrival of both.
pub(in crate::net) const LAST_WORDS: Duration = Duration::from_secs(5);
pub(in crate::net) const LAST_MATTERS: u32 = 4;

impl Session<'_> {
    /// Tells and brings what is left.
    pub(super) async fn end(&mut self) {
        if timeout(LAST_WORDS, self.room.arrived()).await.is_err() {
            tracing::warn!("the technician may not hear how the session ended");
        }
        if timeout(LAST_WORDS, self.tell_the_rest()).await.is_err() {
            tracing::warn!("the server was not told all of the session");
        }
        if timeout(LAST_PIECES, self.bring_the_rest()).await.is_err() {
            tracing::warn!("the server was not brought all of the recording");
        }
        self.take_seals();
    }

    /// What the process with the desktop says that hears nothing more, or said before it was gone. Whether that it is over
    /// is among it.
    pub(super) async fn hear_the_rest(&mut self) -> bool {
        let mut has_failed = false;
        let heard = async {
            loop {
                match self.desk.receive().await {
                    Ok(said) => match self.said(said).await {
                        Ok(true) => self.send_held().await,
                        Ok(false) => return true,
                        Err(_) => {}
                    },
                    // An end that was closed with something unheard is told before what was said there.
                    Err(_) if !has_failed => has_failed = true,
                    Err(_) => return false,
                }
            }
        };
        timeout(LAST_WORDS, heard).await.unwrap_or(false)
    }

    async fn send_held(&mut self) {
        while self.held.is_some() {
            sleep(REST).await;
            self.try_again().await;
        }
    }

    /// The process with the desktop is gone and did not say so: it was killed, or hung as the stop keys were pressed. Nobody
    /// else says that the session is over.
    pub(super) async fn speak_for_the_desk(&mut self) {
        let reason = EndReason::AgentStopped;
        self.record.push(Fact::Ended(reason));
        let bytes = FromAgent::Ended(reason).encode();
        let room = &mut self.room;
        let said = async {
            for to in room.crowd.there() {
                while room.say(to, Way::Remote, &bytes).await == Sent::NotYet {
                    sleep(REST).await;
                }
            }
        };
        if timeout(LAST_WORDS, said).await.is_err() {
            tracing::warn!("the technician may not hear that the session ended");
        }
    }

    /// Those that are over; one that goes on when the desk is gone is not whole, and the server sees to that.
    async fn bring_the_rest(&mut self) {
        loop {
            self.take_seals();
            self.recordings.forget_done();
            self.recordings.forget_unfinished();
            if self.recordings.is_empty() {
                return;
            }
            self.ask_for_recordings();
            let wake = self.recordings.wake();
            let wake = wake.unwrap_or_else(|| Instant::now() + LAST_WORDS);
            tokio::select! {
                Some(Ok(done)) = self.jobs.join_next() => {
                    if let Done::Recorded(key, came) = done {
                        self.came(key, came);
                    }
                }
                () = sleep_until(wake.into()) => {}
            }
        }
    }

    async fn tell_the_rest(&mut self) {
        while !self.record.is_done() {
            self.report();
            let wake = self.record.wake();
            let wake = wake.unwrap_or_else(|| Instant::now() + LAST_WORDS);
            tokio::select! {
                Some(Ok(done)) = self.jobs.join_next() => {
                    match done {
                        Done::Told(told) => self.record.told(Instant::now(), told),
                        Done::Recorded(key, came) => self.came(key, came),
                        Done::Limits(_) | Done::Connected(_) => {}
                    }
                }
                () = sleep_until(wake.into()) => {}
            }
        }
    }
}
