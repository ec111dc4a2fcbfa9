//! The process with the computer's line to the server: nobody's, with the network and nothing else.
//!
//! It proves by the service's signature that it is the computer's, and passes on what it can't read. A line that is gone is
//! opened again, later each time.

use std::mem;
use std::os::fd::OwnedFd;
use std::process::ExitCode;
use std::time::Duration;

use conclave_client::protocol::mls::Opaque;
use conclave_client::protocol::unattended::{DeviceBye, FromDevice, ToDevice};
use conclave_client::{ComputerLine, Said, Trust};
use conclave_protocol::SupportDeviceId;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::errand::Errand;
use crate::ipc::{Broken, LineToService, ServiceToLine, Socket};
use crate::net::{Confinement, Courier};
use crate::origin::Origin;

/// What the service tells it, by its environment. Nothing secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineErrand {
    pub(super) server: Errand,
    pub(super) device: SupportDeviceId,
    /// 32 hexadecimal digits.
    pub(super) run: String,
}

/// Of the variable that holds it.
pub(super) const LINE: &str = "CONCLAVE_AGENT_LINE";

/// Before the first try again, and the longest.
const SOON: Duration = Duration::from_secs(1);
const LATE: Duration = Duration::from_secs(60);
/// A line that held for so long was good.
const HELD: Duration = Duration::from_secs(60);

/// Why a line ended.
enum End {
    /// It is opened again.
    Gone,
    /// It is not.
    Revoked,
}

/// What the log was told: an enrolment that is over is tried again each minute, and once is enough.
#[derive(Default)]
struct Told {
    is_over: bool,
}

impl Told {
    /// The enrolment is over. Whether that is news.
    fn over(&mut self) -> bool {
        !mem::replace(&mut self.is_over, true)
    }

    fn online(&mut self) {
        self.is_over = false;
    }
}

/// The process.
pub fn run(service: OwnedFd) -> ExitCode {
    let errand = std::env::var(LINE).ok();
    let errand = errand.and_then(|text| serde_json::from_str::<LineErrand>(&text).ok());
    let Some(errand) = errand else {
        return ExitCode::FAILURE;
    };
    let (Some(server), Ok(trust)) = (errand.server.server.clone(), errand.server.trust()) else {
        tracing::error!("nobody can be trusted");
        return ExitCode::FAILURE;
    };
    Confinement::begin();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let Ok(runtime) = runtime.enable_all().build() else {
        return ExitCode::FAILURE;
    };
    match runtime.block_on(hold(service.into(), &server, &trust, &errand)) {
        Ok(()) | Err(Broken::Closed) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the service is not what it should be");
            ExitCode::FAILURE
        }
    }
}

/// Until the computer is taken out, or the service is gone.
async fn hold(
    service: Socket,
    server: &Origin,
    trust: &Trust,
    errand: &LineErrand,
) -> Result<(), Broken> {
    let service = Courier::new(service)?;
    let mut wait = SOON;
    let mut told = Told::default();
    loop {
        let began = Instant::now();
        match ComputerLine::open(&server.of_sockets(), trust).await {
            Ok(line) => {
                if let End::Revoked = serve(&service, line, errand, &mut told).await? {
                    return service.send(&LineToService::Revoked).await;
                }
            }
            Err(error) => tracing::warn!(%error, "the server could not be reached"),
        }
        wait = match began.elapsed() >= HELD {
            true => SOON,
            false => (wait * 2).min(LATE),
        };
        sleep(some_of(wait)).await;
    }
}

/// Between half of it and all: computers that lost one server do not come back at one time.
fn some_of(wait: Duration) -> Duration {
    let mut byte = [0];
    let share = getrandom::fill(&mut byte).map_or(u8::MAX, |()| byte[0]);
    wait / 2 + wait.mul_f64(f64::from(share) / 512.0)
}

async fn serve(
    service: &Courier,
    mut line: ComputerLine,
    errand: &LineErrand,
    told: &mut Told,
) -> Result<End, Broken> {
    loop {
        tokio::select! {
            heard = line.hear() => match heard {
                None => return Ok(End::Gone),
                Some(Said::Nothing) => {}
                Some(Said::Message(message)) => {
                    if let Some(end) = pass_on(service, &message, told).await? {
                        return Ok(end);
                    }
                }
            },
            said = service.receive::<ServiceToLine>() => {
                let Some(message) = to_server(said?, errand) else {
                    continue;
                };
                if !line.say(&message).await {
                    return Ok(End::Gone);
                }
            }
        }
    }
}

async fn pass_on(
    service: &Courier,
    message: &ToDevice,
    told: &mut Told,
) -> Result<Option<End>, Broken> {
    let message = match message {
        ToDevice::Challenge { nonce } => LineToService::Challenged {
            nonce: nonce.as_bytes().to_vec(),
        },
        ToDevice::Welcome => {
            told.online();
            LineToService::Online
        }
        ToDevice::Asked {
            session,
            technician,
            attempt,
            sealed,
        } => LineToService::Asked {
            session: *session,
            technician: *technician,
            attempt: *attempt,
            sealed: sealed.as_bytes().to_vec(),
        },
        ToDevice::Begin { session, hears } => LineToService::Begin {
            session: *session,
            hears: *hears,
        },
        ToDevice::End { session } => LineToService::End(*session),
        ToDevice::Bye {
            reason: DeviceBye::Revoked,
        } => return Ok(Some(End::Revoked)),
        ToDevice::Bye {
            reason: DeviceBye::Expired,
        } => {
            if told.over() {
                tracing::warn!(
                    "the enrolment of this computer is over: nobody helps here until an administrator of the organisation gives it another end"
                );
            } else {
                tracing::debug!("the enrolment of this computer is still over");
            }
            return Ok(Some(End::Gone));
        }
        ToDevice::Bye { reason } => {
            tracing::warn!(?reason, "the server ends the line");
            return Ok(Some(End::Gone));
        }
    };
    match service.send(&message).await {
        Err(Broken::TooLarge) => tracing::warn!("what the server sent is too large to pass on"),
        sent => sent?,
    }
    Ok(None)
}

fn to_server(said: ServiceToLine, errand: &LineErrand) -> Option<FromDevice> {
    Some(match said {
        ServiceToLine::Signed { signature } => FromDevice::Proof {
            device: errand.device,
            signature: Opaque::new(signature).ok()?,
            run: errand.run.clone(),
        },
        ServiceToLine::Answered {
            session,
            attempt,
            answer,
        } => FromDevice::Answered {
            session,
            attempt,
            answer,
        },
        ServiceToLine::NotCome { session, why } => FromDevice::NotCome { session, why },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AC-29.
    #[test]
    fn the_log_is_told_once_that_an_enrolment_is_over_until_it_was_renewed() {
        let mut told = Told::default();

        assert!(told.over());
        assert!(!told.over());
        told.online();
        assert!(told.over());
    }

    #[test]
    fn computers_come_back_at_different_times_and_within_the_wait() {
        for _ in 0..100 {
            let wait = some_of(LATE);
            assert!((LATE / 2..=LATE).contains(&wait));
        }
    }
}
