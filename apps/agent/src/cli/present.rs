//! `conclave-agent present`: this computer in the meeting of whoever presents it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::link::given;
use super::{FAILED, OTHER_SERVER, complain, complain_with, own, wayland};
use crate::brought::Brought;
use crate::check::in_one_line;
use crate::errand::Errand;
use crate::hardening::harden;
use crate::launcher::launch;
use crate::origin::Origin;
use crate::pinned::Pinned;

const INSTEAD: &str = "share the screen on the meeting's page";

#[derive(Args)]
pub(super) struct Present {
    /// The link that the meeting's page gave. `-`: it is read from standard input, which is better: on the command line
    /// every user of this computer can read the meeting's secret for as long as the agent runs.
    #[arg(value_name = "LINK")]
    link: String,
    /// A file with certificates of authorities that are trusted beside the system's.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
}

/// Why nothing is begun.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    NoLink,
    OtherServer(Origin),
}

impl Present {
    pub(super) fn run(self) -> ExitCode {
        if let Err(why) = wayland::refuse(INSTEAD) {
            return complain(&why);
        }
        let (pinned, caps) = match own() {
            Ok(own) => own,
            Err(why) => return complain(&why),
        };
        let errand = match errand(given(self.link), self.trust, pinned) {
            Ok(errand) => Errand { caps, ..errand },
            Err(Refused::NoLink) => return complain("this is not a link into a meeting"),
            Err(Refused::OtherServer(own)) => {
                let why = format!("this agent belongs to {} alone", own.as_str());
                return complain_with(&why, OTHER_SERVER);
            }
        };
        if let Err(error) = errand.trust() {
            return complain(&in_one_line(&error));
        }
        if let Err(error) = harden() {
            return complain_with(&format!("this kernel does not protect it: {error}"), FAILED);
        }
        launch(&errand, None).unwrap_or_else(|fault| complain_with(&in_one_line(&fault), FAILED))
    }
}

fn errand(link: String, trust: Option<PathBuf>, pinned: Option<Pinned>) -> Result<Errand, Refused> {
    let brought = Brought::parse(&link).ok_or(Refused::NoLink)?;
    let (server, key) = match pinned {
        Some(Pinned { server, key, .. }) => (Some(server), key),
        None => (None, None),
    };
    if let Some(own) = &server
        && brought.check(Some(own)).is_err()
    {
        return Err(Refused::OtherServer(own.clone()));
    }
    Ok(Errand {
        server,
        key,
        trust,
        presents: Some(link),
        ..Errand::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";

    fn link(server: &str) -> String {
        format!("{server}/present#123-456-789.{CODE}.{CODE}.{CODE}")
    }

    fn pinned(server: &str) -> Option<Pinned> {
        Some(Pinned::to(Origin::parse(server).unwrap()))
    }

    // Shows: ABUSE-50.
    #[test]
    fn a_pinned_agent_comes_into_meetings_of_its_own_server_alone() {
        let own = "https://hospital.example";
        let errand = |server: &str, pinned| {
            errand(link(server), None, pinned).map(|errand| errand.presents.is_some())
        };

        assert_eq!(errand(own, pinned(own)), Ok(true));
        assert_eq!(errand("https://evil.example", None), Ok(true));
        let refused = Refused::OtherServer(Origin::parse(own).unwrap());
        assert_eq!(errand("https://evil.example", pinned(own)), Err(refused));
    }

    #[test]
    fn what_is_no_link_begins_nothing() {
        for text in ["", "x", "https://meet.example/present"] {
            let refused = errand(text.to_owned(), None, None).err();
            assert_eq!(refused, Some(Refused::NoLink), "{text}");
        }
    }
}
