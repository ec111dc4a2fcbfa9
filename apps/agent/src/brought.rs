//! The link by which a computer comes into the meeting of whoever presents it.

use conclave_client::Invitation;
use conclave_client::protocol::meeting::MeetingCode;
use url::Url;
use zeroize::Zeroizing;

use crate::ipc::Failure;
use crate::origin::Origin;

/// `https://origin/present#<code of the meeting>.<secret>.<host key>.<code of the computer>`; where the meeting's own link
/// names no host, nothing stands between the two dots. Has no printable form: it holds two secrets.
pub struct Brought {
    pub server: Origin,
    /// Into the meeting's encryption.
    pub invitation: Invitation,
    /// To the server, once.
    pub code: Zeroizing<String>,
}

impl Brought {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let server = Origin::of(&url).ok()?;
        let fragment = url.fragment().filter(|_| url.path() == PRESENT)?;
        let (meeting, code) = fragment.rsplit_once('.')?;
        let (number, secrets) = meeting.split_once('.')?;
        let number = MeetingCode::parse(number)?;
        // A link cut short has a key where the code belongs, and one place too few.
        let (secret, host_key) = secrets.split_once('.')?;
        let secrets = if host_key.is_empty() { secret } else { secrets };
        let invitation = Invitation::of(number, secrets).ok()?;
        (!code.is_empty()).then(|| Self {
            server,
            invitation,
            code: Zeroizing::new(code.to_owned()),
        })
    }

    /// Of no other server than the one that is given or pinned.
    pub fn check(&self, known: Option<&Origin>) -> Result<(), Failure> {
        let fits = known.is_none_or(|known| *known == self.server);
        fits.then_some(()).ok_or(Failure::Untrusted)
    }
}

/// Of no page: it is for the agent alone.
const PRESENT: &str = "/present";

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://meet.example";
    const CODE: &str = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";

    fn link(host_key: Option<[u8; 32]>) -> String {
        let invitation = Invitation {
            code: MeetingCode::from_number(123_456_789).unwrap(),
            secret: Zeroizing::new([7; 32]),
            host_key,
        };
        let join = invitation.link(HERE);
        let (_, secrets) = join.split_once('#').unwrap();
        let secrets = match host_key {
            Some(_) => secrets.to_owned(),
            None => format!("{secrets}."),
        };
        format!("{HERE}/present#123-456-789.{secrets}.{CODE}")
    }

    #[test]
    fn a_link_names_the_meeting_its_key_and_the_computer_s_code() {
        for host_key in [Some([9; 32]), None] {
            let brought = Brought::parse(&link(host_key)).unwrap();

            assert_eq!(brought.server, Origin::parse(HERE).unwrap());
            assert_eq!(*brought.invitation.secret, [7; 32]);
            assert_eq!(brought.invitation.host_key, host_key);
            assert_eq!(brought.code.as_str(), CODE);
        }
    }

    // Shows: ABUSE-50.
    #[test]
    fn another_server_than_the_known_one_is_refused() {
        let brought = Brought::parse(&link(Some([9; 32]))).unwrap();

        let own = Origin::parse(HERE).unwrap();
        let other = Origin::parse("https://hospital.example").unwrap();
        assert_eq!(brought.check(None), Ok(()));
        assert_eq!(brought.check(Some(&own)), Ok(()));
        assert_eq!(brought.check(Some(&other)), Err(Failure::Untrusted));
    }

    #[test]
    fn what_is_another_link_or_half_of_one_is_none() {
        let whole = link(Some([9; 32]));
        let (without_code, _) = whole.rsplit_once('.').unwrap();
        for text in [
            without_code.to_owned(),
            format!("{without_code}."),
            whole.replace("/present", "/help"),
            whole.replace("https", "http"),
            String::new(),
        ] {
            assert!(Brought::parse(&text).is_none(), "{text}");
        }
    }
}
