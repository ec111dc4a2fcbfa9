//! `conclave-agent help`: a session with a technician, from the code to its end.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::link::given;
use super::{FAILED, OTHER_SERVER, complain, complain_with, own, wayland};
use crate::check::in_one_line;
use crate::errand::Errand;
use crate::hardening::harden;
use crate::ipc::Failure;
use crate::launcher::{launch, start_raiser};
use crate::origin::Origin;
use crate::pinned::Pinned;
use crate::wanted::Wanted;

const INSTEAD: &str = "open the technician's link in a browser, which can show them the screen";

#[derive(Args)]
pub(super) struct Help {
    /// The link or the code that the technician gave. `-`: it is read from standard input, which is better for a link: on the
    /// command line every user of this computer can read its secret for as long as the agent runs. Without it, it is asked
    /// for in a window.
    #[arg(value_name = "LINK-OR-CODE")]
    wanted: Option<String>,
    /// The organisation's server, where the link does not name it.
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// A file with certificates of authorities that are trusted beside the system's.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
}

/// Why nothing is begun.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    why: String,
    code: u8,
}

impl Help {
    pub(super) fn run(self) -> ExitCode {
        if let Err(why) = wayland::refuse(INSTEAD) {
            return complain(&why);
        }
        let (pinned, caps) = match own() {
            Ok(own) => own,
            Err(why) => return complain(&why),
        };
        let wanted = self.wanted.map(given);
        let errand = match (Self { wanted, ..self }).errand(pinned) {
            Ok(errand) => Errand { caps, ..errand },
            Err(refused) => return complain_with(&refused.why, refused.code),
        };
        if let Err(error) = errand.trust() {
            return complain(&in_one_line(&error));
        }
        // Comes first: what a hardened process runs gets no more rights. Without it there are none to be had.
        let raiser = start_raiser().ok();
        if let Err(error) = harden() {
            return complain_with(&format!("this kernel does not protect it: {error}"), FAILED);
        }
        launch(&errand, raiser).unwrap_or_else(|fault| complain_with(&in_one_line(&fault), FAILED))
    }

    fn errand(self, pinned: Option<Pinned>) -> Result<Errand, Refused> {
        let given = self.server.as_deref().map(Origin::parse).transpose();
        let given = given.map_err(|error| Refused::new(error.to_string()))?;
        let (own, key) = match pinned {
            Some(Pinned { server, key, .. }) => (Some(server), key),
            None => (None, None),
        };
        if let (Some(own), Some(given)) = (&own, &given)
            && own != given
        {
            return Err(Refused::of_other_server(own));
        }
        let known = own.or(given);
        if let Some(text) = &self.wanted {
            look_at(text, known.as_ref())?;
        }
        Ok(Errand {
            server: known,
            key,
            trust: self.trust,
            wanted: self.wanted,
            ..Errand::default()
        })
    }
}

/// What is wrong with it that can be known at once.
fn look_at(text: &str, known: Option<&Origin>) -> Result<(), Refused> {
    let wanted = Wanted::parse(text);
    let wanted = wanted.ok_or_else(|| Refused::new("this is neither a link nor a code".into()))?;
    match (wanted.server(known), known) {
        (Err(Failure::Untrusted), Some(known)) => Err(Refused::of_other_server(known)),
        (Err(_), _) => Err(Refused::new(
            "--server names the server of this code".into(),
        )),
        (Ok(_), _) => Ok(()),
    }
}

impl Refused {
    fn new(why: String) -> Self {
        let code = super::LACKING;
        Self { why, code }
    }

    fn of_other_server(own: &Origin) -> Self {
        Self {
            why: format!("this agent helps with {} alone", own.as_str()),
            code: OTHER_SERVER,
        }
    }
}

#[cfg(test)]
mod tests {
    use conclave_client::Invitation;
    use conclave_client::protocol::meeting::MeetingCode;
    use zeroize::Zeroizing;

    use super::*;

    const OWN: &str = "https://hospital.example";
    const OTHER: &str = "https://evil.example";

    fn link(server: &str) -> String {
        let invitation = Invitation {
            code: MeetingCode::from_number(123_456_789).unwrap(),
            secret: Zeroizing::new([7; 32]),
            host_key: Some([9; 32]),
        };
        invitation.link(server)
    }

    fn errand(pinned: bool, wanted: Option<String>, server: Option<&str>) -> Result<Errand, u8> {
        let help = Help {
            wanted,
            server: server.map(str::to_owned),
            trust: None,
        };
        let pinned = pinned.then(|| Pinned::to(Origin::parse(OWN).unwrap()));
        help.errand(pinned).map_err(|refused| refused.code)
    }

    // Shows: ABUSE-50.
    #[test]
    fn a_pinned_agent_helps_with_no_other_server() {
        let server = |errand: Result<Errand, u8>| errand.map(|errand| errand.server);
        let own = Origin::parse(OWN).unwrap();

        for (wanted, given) in [
            (None, None),
            (None, Some(OWN)),
            (Some(link(OWN)), None),
            (Some("123-456-789".to_owned()), None),
        ] {
            assert_eq!(server(errand(true, wanted, given)), Ok(Some(own.clone())));
        }
        for (wanted, given) in [
            (None, Some(OTHER)),
            (Some(link(OTHER)), None),
            (Some(link(OTHER)), Some(OTHER)),
        ] {
            assert_eq!(server(errand(true, wanted, given)), Err(OTHER_SERVER));
        }
    }

    #[test]
    fn an_agent_of_nobody_takes_the_server_of_the_link_or_of_the_command() {
        assert!(errand(false, Some(link(OTHER)), None).is_ok());
        assert!(errand(false, Some("123-456-789".to_owned()), Some(OWN)).is_ok());
        assert!(errand(false, None, None).is_ok());
        let differing = errand(false, Some(link(OTHER)), Some(OWN));
        assert_eq!(differing.err(), Some(OTHER_SERVER));
        for (wanted, given) in [
            (Some("123-456-789"), None),
            (Some("what?"), Some(OWN)),
            (None, Some("http://hospital.example")),
        ] {
            let refused = errand(false, wanted.map(str::to_owned), given);
            assert_eq!(refused.err(), Some(super::super::LACKING));
        }
    }
}
