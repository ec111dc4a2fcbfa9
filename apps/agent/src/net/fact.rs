//! What the server is let know of a session: less than the session itself remembers.

use conclave_client::protocol::remote::Digest;
use conclave_client::protocol::support::SupportFact;
use conclave_remote::{Fact, Topic};

/// `None`: the server knows it, or need not.
pub(super) fn reported(fact: Fact) -> Option<SupportFact> {
    Some(match fact {
        Fact::Permitted(Topic::Capability(capability)) => SupportFact::Permitted { capability },
        Fact::Refused(Topic::Capability(capability)) => SupportFact::Refused { capability },
        Fact::Unanswered(Topic::Capability(capability)) => SupportFact::Unanswered { capability },
        Fact::Withdrawn(capability) => SupportFact::Withdrawn { capability },
        Fact::ControlBegan(_) => SupportFact::ControlBegan {},
        Fact::ControlEnded {
            injected, dropped, ..
        } => SupportFact::ControlEnded { injected, dropped },
        Fact::InputWithoutControl => SupportFact::InputWithoutControl {},
        Fact::FileKept { size, sha256, .. } => SupportFact::FileKept {
            size,
            sha256: hexadecimal(sha256),
        },
        Fact::FileSent { size, sha256, .. } => SupportFact::FileSent {
            size,
            sha256: hexadecimal(sha256),
        },
        Fact::FileFailed { .. } => SupportFact::FileFailed {},
        Fact::DiagnosticsSent => SupportFact::DiagnosticsSent {},
        Fact::HandedOver { .. } => SupportFact::HandedOver {},
        Fact::WatcherAdmitted(_) => SupportFact::WatcherAdmitted {},
        Fact::Raised => SupportFact::Raised {},
        Fact::NotRaised(why) => SupportFact::NotRaised { why },
        Fact::Lowered => SupportFact::Lowered {},
        Fact::Refused(Topic::Restart) | Fact::Unanswered(Topic::Restart) | Fact::RestartFailed => {
            SupportFact::RestartRefused {}
        }
        Fact::Restarting => SupportFact::Restarting {},
        Fact::CameBack => SupportFact::CameBack {},
        Fact::Ended(reason) => SupportFact::Ended { reason },
        Fact::Requested { .. }
        | Fact::Asked(_)
        | Fact::Permitted(Topic::Watcher | Topic::HandOver | Topic::Restart)
        | Fact::Refused(Topic::Watcher | Topic::HandOver)
        | Fact::Unanswered(Topic::Watcher | Topic::HandOver)
        // Told together, with the turn that they were in.
        | Fact::LocalOverride
        | Fact::LimitsShrunk
        | Fact::InputMissing(_)
        | Fact::ConnectionLost
        | Fact::ConnectionRestored => return None,
    })
}

fn hexadecimal(digest: Digest) -> String {
    digest.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
