//! What the server tries on itself, and what came of it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use conclave_audit::Entry;
use conclave_policy::evidence::{Observation, Probe, idle_sessions_end, locks_out};
use conclave_policy::sign_in_throttle::Lockout;
use conclave_protocol::Timestamp;
use conclave_protocol::policy::Permitted;
use conclave_store::ReadError;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::{certificate, handshake, test_vectors};
use crate::app::App;
use crate::audit_scrub::AuditFigures;

/// How far the record was read, and what its logs came to when they were derived again.
pub(super) struct Reading {
    position: i64,
    is_broken: bool,
    figures: AuditFigures,
    /// How often they had been derived at the last look.
    derived: u64,
    last: Option<Observation>,
}

impl Reading {
    pub(super) fn of(figures: AuditFigures) -> Self {
        Self {
            position: 0,
            is_broken: false,
            figures,
            derived: 0,
            last: None,
        }
    }

    /// Whether the logs are as they were signed: seen when they were derived again since the last look.
    fn derived(&mut self, now: Timestamp) -> Option<Observation> {
        let (derived, is_sound) = self.figures.seen();
        if derived != self.derived || !is_sound {
            self.derived = derived;
            self.last = Some(Observation {
                at: now,
                passed: is_sound,
            });
        }
        self.last
    }
}

/// One trial; `None` where there is nothing to try.
pub(super) async fn attempt(
    app: &App,
    probe: Probe,
    reading: &mut Reading,
    loosest: Option<&Permitted>,
    now: Timestamp,
) -> Result<Option<Observation>, ReadError> {
    let seen = |passed| Some(Observation { at: now, passed });
    Ok(match probe {
        Probe::TlsHandshake => match own_certificate(app).await {
            None => None,
            Some(own) => seen(handshake::is_sound(app.evidence.0.main, own).await),
        },
        Probe::Certificate => {
            let own = own_certificate(app).await;
            own.and_then(|own| seen(is_valid_for_a_while(&own, now)))
        }
        Probe::LockOut => {
            let set = &app.config.lockout;
            let lockout = Lockout::new(set.threshold, set.longest);
            seen(lockout.is_some_and(|lockout| locks_out(lockout, set.threshold, now)))
        }
        Probe::IdleExpiry => loosest.and_then(|loosest| {
            let idle = Duration::from_secs(u64::from(loosest.idle_minutes) * 60);
            seen(idle_sessions_end(idle, now))
        }),
        Probe::MediaProfile => media_profile(app, now).await?,
        Probe::Record => {
            let is_caught_up = read_on(app, reading).await?;
            // What is whole so far says nothing of the newest.
            match is_caught_up || reading.is_broken {
                true => seen(!reading.is_broken),
                false => None,
            }
        }
        Probe::Log => reading.derived(now),
        Probe::Recordings => seen(!app.store.is_a_recording_damaged().await?),
        Probe::Files => seen(are_private(&app.config.data_dir)),
        Probe::TestVectors => seen(test_vectors::hold()),
    })
}

/// That of the configured file, the server's own first.
async fn own_certificate(app: &App) -> Option<CertificateDer<'static>> {
    let path = app.config.tls.as_ref()?.certificate.clone();
    let read = tokio::task::spawn_blocking(move || CertificateDer::from_pem_file(path));
    read.await.ok()?.ok()
}

fn is_valid_for_a_while(own: &CertificateDer<'_>, now: Timestamp) -> bool {
    let validity = certificate::validity(own);
    validity.is_some_and(|(from, until)| from <= now && now.plus(A_WHILE) < until)
}

async fn media_profile(app: &App, now: Timestamp) -> Result<Option<Observation>, ReadError> {
    let since = now.minus(Probe::MediaProfile.good_for());
    let seen = app.store.media_profiles(since, PROMISED).await?;
    Ok(seen.and_then(|seen| {
        let passed = seen.others == 0;
        seen.last.map(|at| Observation { at, passed })
    }))
}

/// Some pages of what was not read yet, and whether the newest was read with them. What was found broken stays so until the
/// server starts again.
async fn read_on(app: &App, reading: &mut Reading) -> Result<bool, ReadError> {
    for _ in 0..PAGES_IN_A_ROUND {
        let page = app.store.recorded_after(reading.position, IN_A_PAGE);
        let page = page.await?;
        let is_last = page.len() < IN_A_PAGE as usize;
        for recorded in page {
            reading.position = recorded.position;
            reading.is_broken |= Entry::from_canonical(&recorded.bytes).is_err();
        }
        if is_last {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether no other user of this machine reads what lies there: the directory keeps them out, or each file does.
fn are_private(directory: &Path) -> bool {
    let is_private = |path: &Path| {
        std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & OTHERS == 0)
    };
    if is_private(directory) {
        return true;
    }
    let files = std::fs::read_dir(directory);
    files.is_ok_and(|mut files| files.all(|file| file.is_ok_and(|file| is_private(&file.path()))))
}

/// As IANA names it (RFC 7714), as records of quality have it.
const PROMISED: &str = "SRTP_AEAD_AES_256_GCM";
/// Before a certificate's end: enough for whoever renews it by hand.
const A_WHILE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// Entries; a larger page holds the readers for longer.
const IN_A_PAGE: u32 = 2_000;
/// After a start, more than these take further rounds.
const PAGES_IN_A_ROUND: u32 = 10;
/// Rights of the group and of everybody.
const OTHERS: u32 = 0o077;

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn a_key_that_others_read_is_found_out() {
        let directory = tempfile::tempdir().unwrap();
        let key = directory.path().join("some.key");
        std::fs::write(&key, b"key").unwrap();
        let set = |path: &Path, mode| {
            std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        };
        for (of_directory, of_file, expected) in [
            (0o700, 0o644, true),
            (0o755, 0o600, true),
            (0o755, 0o640, false),
            (0o755, 0o604, false),
        ] {
            set(directory.path(), of_directory);
            set(&key, of_file);
            assert_eq!(are_private(directory.path()), expected);
        }
        assert!(!are_private(&directory.path().join("nothing")));
    }
}
