//! What a person types or opens to be helped: a link, or a code.

use conclave_client::Invitation;
use conclave_client::e2ee::passcode::Passcode;
use conclave_client::protocol::meeting::MeetingCode;
use url::Url;

use crate::ipc::Failure;
use crate::origin::Origin;

/// Has no printable form: it may hold a secret.
pub enum Wanted {
    /// `https://origin/j/<code>#<secret>.<host key>`, or `https://origin/help#<code>.<secret>.<host key>`.
    Link {
        server: Origin,
        invitation: Invitation,
    },
    /// `conclave:<code>#<secret>.<host key>`: of the server that is known.
    OfOurServer(Invitation),
    /// The digits alone, or `conclave:<code>`; with its server as `https://origin/help#<code>`.
    Code {
        server: Option<Origin>,
        code: MeetingCode,
    },
}

/// What opens a session, and tells the technician from anybody whom the server could send. Has no printable form.
pub enum Key {
    /// It names the technician's key.
    Link(Invitation),
    /// Digits that the technician's page knows, and the server doesn't.
    Passcode {
        code: MeetingCode,
        passcode: Passcode,
    },
}

impl Key {
    #[must_use]
    pub fn code(&self) -> MeetingCode {
        match self {
            Self::Link(invitation) => invitation.code,
            Self::Passcode { code, .. } => *code,
        }
    }
}

impl Wanted {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let code = || MeetingCode::parse(text).map(code_alone);
        match text.split_once(':') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("conclave") => opened(rest),
            Some(_) => linked(text),
            None => code(),
        }
    }

    /// The server to ask. `known`: the only one, where one is given or pinned.
    pub fn server(&self, known: Option<&Origin>) -> Result<Origin, Failure> {
        match self {
            Self::Link { server, .. }
            | Self::Code {
                server: Some(server),
                ..
            } => known
                .is_none_or(|known| known == server)
                .then(|| server.clone())
                .ok_or(Failure::Untrusted),
            Self::OfOurServer(_) | Self::Code { server: None, .. } => {
                known.cloned().ok_or(Failure::NoServer)
            }
        }
    }

    /// Without the technician's key in a link, or a passcode beside a code, the server could send anybody.
    pub fn key(self, passcode: Option<&str>) -> Result<Key, Failure> {
        match self {
            Self::Link { invitation, .. } | Self::OfOurServer(invitation) => invitation
                .host_key
                .is_some()
                .then_some(Key::Link(invitation))
                .ok_or(Failure::NeedsLink),
            Self::Code { code, .. } => {
                let typed = passcode.ok_or(Failure::NeedsPasscode)?;
                let passcode = Passcode::read(typed).map_err(|_| Failure::WrongPasscode)?;
                Ok(Key::Passcode { code, passcode })
            }
        }
    }
}

/// Of a page anywhere: nothing in it but the code and the secret counts.
fn opened(rest: &str) -> Option<Wanted> {
    let (address, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (code, _parameters) = address.split_once('?').unwrap_or((address, ""));
    let code = code.trim_matches('/');
    if fragment.is_empty() {
        return MeetingCode::parse(code).map(code_alone);
    }
    invitation(code, fragment).map(Wanted::OfOurServer)
}

fn linked(text: &str) -> Option<Wanted> {
    let url = Url::parse(text).ok()?;
    let server = Origin::of(&url).ok()?;
    let (code, secret) = match url.path() {
        HELP => match url.fragment()?.split_once('.') {
            Some(both) => both,
            None => return code_at(server, url.fragment()?),
        },
        path => (path.strip_prefix("/j/")?, url.fragment()?),
    };
    let invitation = invitation(code, secret)?;
    Some(Wanted::Link { server, invitation })
}

fn code_alone(code: MeetingCode) -> Wanted {
    Wanted::Code { server: None, code }
}

fn code_at(server: Origin, code: &str) -> Option<Wanted> {
    let (code, server) = (MeetingCode::parse(code)?, Some(server));
    Some(Wanted::Code { server, code })
}

/// A code and nothing else is before the secret: no other address.
fn invitation(code: &str, fragment: &str) -> Option<Invitation> {
    let code = MeetingCode::parse(code)?;
    Invitation::parse(&format!("/{code}#{fragment}")).ok()
}

/// Of the page that tells people what will happen.
const HELP: &str = "/help";

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    const HERE: &str = "https://meet.example";

    fn link(host_key: Option<[u8; 32]>) -> String {
        let invitation = Invitation {
            code: MeetingCode::from_number(123_456_789).unwrap(),
            secret: Zeroizing::new([7; 32]),
            host_key,
        };
        invitation.link(HERE)
    }

    fn origin(text: &str) -> Origin {
        Origin::parse(text).unwrap()
    }

    #[test]
    fn a_link_names_its_server_and_vouches_for_the_technician() {
        let wanted = Wanted::parse(&link(Some([9; 32]))).unwrap();

        assert_eq!(wanted.server(None), Ok(origin(HERE)));
        assert_eq!(wanted.server(Some(&origin(HERE))), Ok(origin(HERE)));
        assert_eq!(by_link(wanted).host_key, Some([9; 32]));
    }

    #[test]
    fn the_link_of_the_page_for_who_is_helped_says_the_same() {
        let join = link(Some([9; 32]));
        let fragment = join.split_once('#').unwrap().1;
        let help = format!("{HERE}/help#123-456-789.{fragment}");

        let wanted = Wanted::parse(&help).unwrap();

        assert_eq!(wanted.server(None), Ok(origin(HERE)));
        assert_eq!(by_link(wanted).link(HERE), join);
        for text in [
            format!("{HERE}/help#"),
            format!("{HERE}/help#{fragment}"),
            format!("{HERE}/j/x/123-456-789#{fragment}"),
        ] {
            assert!(Wanted::parse(&text).is_none(), "{text}");
        }
    }

    // Shows: ABUSE-50.
    #[test]
    fn a_link_of_another_server_than_the_known_one_is_refused() {
        let wanted = Wanted::parse(&link(Some([9; 32]))).unwrap();

        let known = origin("https://hospital.example");
        assert_eq!(wanted.server(Some(&known)), Err(Failure::Untrusted));
    }

    #[test]
    fn a_link_without_a_technicians_key_is_not_enough() {
        let wanted = Wanted::parse(&link(None)).unwrap();

        assert_eq!(wanted.key(None).err(), Some(Failure::NeedsLink));
    }

    #[test]
    fn a_code_needs_a_known_server_and_the_passcode() {
        for text in ["123-456-789", " 123 456 789 ", "conclave:123456789"] {
            let wanted = Wanted::parse(text).unwrap();
            assert_eq!(wanted.server(None), Err(Failure::NoServer));
            assert_eq!(wanted.server(Some(&origin(HERE))), Ok(origin(HERE)));
            assert_eq!(wanted.key(None).err(), Some(Failure::NeedsPasscode));
        }
        for (typed, expected) in [
            ("123 456", None),
            ("12345", Some(Failure::WrongPasscode)),
            ("green", Some(Failure::WrongPasscode)),
        ] {
            let wanted = Wanted::parse("123-456-789").unwrap();
            assert_eq!(wanted.key(Some(typed)).err(), expected, "{typed}");
        }
    }

    #[test]
    fn a_code_at_the_page_for_who_is_helped_names_its_server() {
        let wanted = || Wanted::parse(&format!("{HERE}/help#123-456-789")).unwrap();

        assert_eq!(wanted().server(None), Ok(origin(HERE)));
        let known = origin("https://hospital.example");
        assert_eq!(wanted().server(Some(&known)), Err(Failure::Untrusted));
        assert_eq!(wanted().key(None).err(), Some(Failure::NeedsPasscode));
        assert!(matches!(
            wanted().key(Some("123456")),
            Ok(Key::Passcode { .. })
        ));
    }

    #[test]
    fn a_link_needs_no_passcode() {
        let wanted = Wanted::parse(&link(Some([9; 32]))).unwrap();

        assert!(matches!(wanted.key(Some("123456")), Ok(Key::Link(_))));
    }

    fn by_link(wanted: Wanted) -> Invitation {
        match wanted.key(None) {
            Ok(Key::Link(invitation)) => invitation,
            Ok(Key::Passcode { .. }) | Err(_) => panic!("no link"),
        }
    }

    // Shows: ABUSE-50.
    #[test]
    fn an_opened_address_chooses_no_server() {
        let fragment = link(Some([9; 32])).split_once('#').unwrap().1.to_owned();
        for address in [
            "conclave:123-456-789",
            "CONCLAVE://123456789/",
            "conclave:123456789?server=https://evil.example&key=00",
        ] {
            let wanted = Wanted::parse(&format!("{address}#{fragment}")).unwrap();
            assert_eq!(wanted.server(None), Err(Failure::NoServer), "{address}");
            assert_eq!(wanted.server(Some(&origin(HERE))), Ok(origin(HERE)));
            assert!(wanted.key(None).is_ok());
        }
        for address in [
            "conclave:evil.example/j/123456789",
            "conclave:",
            "conclave:1",
        ] {
            assert!(Wanted::parse(&format!("{address}#{fragment}")).is_none());
        }
    }

    #[test]
    fn what_is_neither_is_nothing() {
        for text in [
            "",
            "12345678",
            "https://meet.example/j/123456789",
            "https://meet.example/x/123456789#AAAA",
            "http://meet.example/j/123456789#AAAA",
            "file:///j/123456789#AAAA",
        ] {
            assert!(Wanted::parse(text).is_none(), "{text}");
        }
    }
}
