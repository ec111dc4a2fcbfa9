//! What is mailed: plain text, with a link and without anybody's name. The subject says nothing about its reader.

use conclave_protocol::personal::{EmailAddress, Title};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};

/// A letter to somebody.
pub(crate) struct Letter {
    to: Mailbox,
    subject: &'static str,
    body: String,
}

impl Letter {
    /// `None` for an address that no mail can be sent to. So with the other letters.
    pub(crate) fn invitation(to: &EmailAddress, organisation: &Title, link: &str) -> Option<Self> {
        let organisation = organisation.as_str();
        let body = format!(
            "{organisation} invites you to Conclave, for private meetings.\n\n\
             Open this link to choose your name and your password:\n\n{link}\n\n\
             It works once, for seven days. Pass it on to nobody: whoever opens it gets your account.\n\
             If you did not expect this, you need not do anything.\n"
        );
        Self::new(to, "Your invitation", body)
    }

    pub(crate) fn account_request(to: &EmailAddress, link: &str) -> Option<Self> {
        let body = format!(
            "Somebody, probably you, asked for an account at Conclave with this address.\n\n\
             Open this link to go on:\n\n{link}\n\n\
             It works once, for 30 minutes. If it wasn't you, you need not do anything.\n"
        );
        Self::new(to, "Confirm your address", body)
    }

    /// To somebody who has an account, and asked for one.
    pub(crate) fn has_an_account(to: &EmailAddress, sign_in: &str) -> Option<Self> {
        let body = format!(
            "Somebody, probably you, asked for an account at Conclave with this address, which has one already.\n\n\
             Sign in here, where you also find help with a forgotten password:\n\n{sign_in}\n\n\
             If it wasn't you, you need not do anything.\n"
        );
        Self::new(to, "Confirm your address", body)
    }

    pub(crate) fn password_reset(to: &EmailAddress, link: &str) -> Option<Self> {
        let body = format!(
            "Somebody, probably you, forgot the password of your account at Conclave.\n\n\
             Open this link to choose another one:\n\n{link}\n\n\
             It works once, for 30 minutes. If it wasn't you, you need not do anything: your password stays as it is.\n"
        );
        Self::new(to, "Choose another password", body)
    }

    pub(crate) fn another_address(to: &EmailAddress, link: &str) -> Option<Self> {
        let body = format!(
            "Somebody, probably you, wants this to be the address of their account at Conclave.\n\n\
             Open this link where you are signed in to go on:\n\n{link}\n\n\
             It works once, for 30 minutes. If it wasn't you, you need not do anything.\n"
        );
        Self::new(to, "Confirm your address", body)
    }

    /// To an address that is somebody's already, when another account was to have it.
    pub(crate) fn address_taken(to: &EmailAddress) -> Option<Self> {
        let body = "Somebody wants this to be the address of their account at Conclave. It is the address of an \
             account already, so nothing was changed. You need not do anything.\n";
        Self::new(to, "Confirm your address", body.to_owned())
    }

    /// To the address that an account had.
    pub(crate) fn address_changed(to: &EmailAddress) -> Option<Self> {
        let body = "Your account at Conclave has another address from now on; this one opens it no longer.\n\n\
             If it wasn't you who changed it, tell an administrator of your organisation at once: somebody else can \
             sign in as you.\n";
        Self::new(to, "Your address was changed", body.to_owned())
    }

    /// To the address of an account that an identity of the provider opens from then on.
    pub(crate) fn identity_connected(to: &EmailAddress) -> Option<Self> {
        let body = "Your account at Conclave is connected with your organisation's login from now on: whoever signs in \
             there as you did is signed in here.\n\n\
             If it wasn't you who connected it, tell an administrator of your organisation at once: somebody else can \
             sign in as you.\n";
        Self::new(to, "Your account was connected", body.to_owned())
    }

    /// To those who manage the organisation. Who took it, and why, is on the page.
    pub(crate) fn emergency(to: &EmailAddress, link: &str) -> Option<Self> {
        let body = format!(
            "Somebody of your organisation has taken emergency access at Conclave. For an hour at the most they can see \
             which meetings go on and come into them, and everybody in a meeting sees it.\n\n\
             Who it is, and how to review it within 72 hours:\n\n{link}\n"
        );
        Self::new(to, "Emergency access was taken", body)
    }

    /// To those who manage the organisation. Who used it is on the page.
    pub(crate) fn emergency_code(to: &EmailAddress, link: &str) -> Option<Self> {
        let body = format!(
            "Somebody of your organisation has signed in to Conclave with a code of the sealed envelope. For 70 minutes at the \
             most they can take emergency access, and nothing else; if they take it, there is another letter.\n\n\
             Who it is, and which codes are left:\n\n{link}\n\n\
             If nobody opened the envelope, an owner makes other codes at once: these are void then.\n"
        );
        Self::new(to, "A sealed code was used", body)
    }

    fn new(to: &EmailAddress, subject: &'static str, body: String) -> Option<Self> {
        let address = to.as_str().parse().ok()?;
        Some(Self {
            to: Mailbox::new(None, address),
            subject,
            body,
        })
    }

    pub(super) fn message(self, from: Mailbox) -> Option<Message> {
        Message::builder()
            .from(from)
            .to(self.to)
            .subject(self.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(self.body)
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: ABUSE-64.
    #[test]
    fn a_letter_carries_its_link_and_names_nobody_in_its_subject() {
        let to = EmailAddress::parse("amy@clinic.example").ok().unwrap();
        let link = "https://meet.example/reset#secret";
        let letter = Letter::password_reset(&to, link).unwrap();
        let from = "Conclave <conclave@clinic.example>".parse().unwrap();

        let text = String::from_utf8(letter.message(from).unwrap().formatted()).unwrap();

        assert!(text.contains(link));
        assert!(text.contains("To: amy@clinic.example"));
        assert!(text.contains("Subject: Choose another password\r\n"));
    }

    // Shows: ABUSE-64.
    #[test]
    fn no_subject_says_who_it_is_about_or_where() {
        let to = EmailAddress::parse("canary@clinic.example").ok().unwrap();
        let organisation = Title::parse("Canary Clinic").ok().unwrap();
        let link = "https://canary.example/#canary";
        let letters = [
            Letter::invitation(&to, &organisation, link),
            Letter::account_request(&to, link),
            Letter::has_an_account(&to, link),
            Letter::password_reset(&to, link),
            Letter::another_address(&to, link),
            Letter::address_taken(&to),
            Letter::address_changed(&to),
            Letter::identity_connected(&to),
            Letter::emergency(&to, link),
            Letter::emergency_code(&to, link),
        ];
        for letter in letters {
            let from = "Conclave <conclave@clinic.example>".parse().unwrap();
            let message = letter.unwrap().message(from).unwrap();
            let subject = message.headers().get_raw("Subject").unwrap();
            assert!(!subject.to_lowercase().contains("canary"), "{subject}");
        }
    }

    #[test]
    fn an_address_that_would_end_its_header_is_refused() {
        for wrong in [
            "amy@clinic.example>x",
            "amy,bo@clinic.example",
            "<amy@clinic.example",
        ] {
            let to = EmailAddress::parse(wrong).ok();
            let letter = to.and_then(|to| Letter::password_reset(&to, "https://meet.example"));
            assert!(letter.is_none(), "{wrong}");
        }
    }
}
