//! `conclave-agent enrol`: makes a computer's keys, and says their public part to the organisation's server.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use conclave_client::e2ee::Seed;
use conclave_client::e2ee::computer::{ComputerKeys, ComputerPublic};
use conclave_client::protocol::mls::Opaque;
use conclave_client::protocol::personal::Label;
use conclave_client::protocol::unattended::DeviceEnrolled;
use conclave_client::{Guest, NotDone};
use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

use super::link::given;
use super::{FAILED, OTHER_SERVER, complain, complain_with};
use crate::check::in_one_line;
use crate::errand::Errand;
use crate::hardening::harden;
use crate::origin::Origin;
use crate::pinned::Pinned;
use crate::service::{DIRECTORY, Enrolment, SERVICE, hexadecimal, keep_rules};

#[derive(Args)]
pub(super) struct Enrol {
    /// The link that an owner or admin made for this computer. It is good once, for ten minutes. `-`: it is read from standard
    /// input, which is better: on the command line every user of this computer can read it, and be quicker.
    link: String,
    /// What the computer is called in the organisation's list. The name that it has, unless said otherwise.
    #[arg(long)]
    name: Option<String>,
    /// A file with certificates of authorities that are trusted beside the system's. Everybody can read it.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Where the keys are kept.
    #[arg(long, value_name = "DIR", default_value = DIRECTORY)]
    directory: PathBuf,
}

/// What an enrolment link says.
struct Link {
    server: Origin,
    token: String,
}

const HOST_NAME: &str = "/proc/sys/kernel/hostname";
const RULES: &str = "/etc/pam.d";

impl Enrol {
    pub(super) fn run(self) -> ExitCode {
        if !is_root() {
            return complain("only root enrols a computer");
        }
        let pinned = match Pinned::own() {
            Ok(pinned) => pinned,
            Err(fault) => return complain(&in_one_line(&fault)),
        };
        let Some(link) = Link::read(&given(self.link.clone())) else {
            return complain("this is no enrolment link");
        };
        if let Some(pinned) = &pinned
            && pinned.server != link.server
        {
            let why = format!("this agent belongs to {} alone", pinned.server.as_str());
            return complain_with(&why, OTHER_SERVER);
        }
        if let Err(error) = harden() {
            return complain_with(&format!("this kernel does not protect it: {error}"), FAILED);
        }
        match self.enrol(link, pinned) {
            Ok(said) => match std::io::stdout().write_all(said.as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => complain("what is enrolled can't be said"),
            },
            Err(why) => complain_with(&why, FAILED),
        }
    }

    fn enrol(self, link: Link, pinned: Option<Pinned>) -> Result<String, String> {
        let name = self.name.clone().or_else(host_name);
        let name = name.and_then(|name| Label::parse(&name).ok());
        let name = name.ok_or("--name names the computer, in 1 to 64 characters")?;
        Enrolment::make_room(&self.directory).map_err(|fault| in_one_line(&fault))?;
        let errand = Errand {
            server: Some(link.server.clone()),
            key: pinned.and_then(|pinned| pinned.key),
            trust: self.trust.clone(),
            ..Errand::default()
        };
        let keys = ComputerKeys::generate(Seed(random()?));
        let enrolled = ask(&errand, &link, &name, &keys.public())?;
        let enrolment = Enrolment {
            server: link.server,
            key: errand.key,
            trust: errand.trust,
            device: enrolled.id,
            name: name.as_str().to_owned(),
        };
        let kept = enrolment.keep(&self.directory, &keys);
        kept.map_err(|fault| in_one_line(&fault))?;
        let rules = Path::new(RULES).join(SERVICE);
        let ruled = keep_rules(&rules);
        ruled.map_err(|fault| format!("{} can't be written: {fault}", rules.display()))?;
        Ok(said(&enrolled, &name, &keys.public()))
    }
}

impl Link {
    /// `https://server/enrol#token`.
    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let server = Origin::of(&url).ok()?;
        let token = url.fragment().filter(|token| !token.is_empty())?;
        let is_link = url.path() == "/enrol" && url.query().is_none();
        is_link.then(|| Self {
            server,
            token: token.to_owned(),
        })
    }
}

fn ask(
    errand: &Errand,
    link: &Link,
    name: &Label,
    public: &ComputerPublic,
) -> Result<DeviceEnrolled, String> {
    let trust = errand.trust().map_err(|error| in_one_line(&error))?;
    let key = |bytes: &[u8]| Opaque::new(bytes.to_vec()).map_err(|_| "a key is too long");
    let body = json!({
        "token": link.token,
        "name": name,
        "signing_key": key(&public.signing)?,
        "sealing_key": key(&public.sealing)?,
    });
    let guest = Guest::new(link.server.as_str()).trusting(trust);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| in_one_line(&error))?;
    let asked = guest.post("/support/devices/enrol", None, Some(body));
    runtime.block_on(asked).map_err(|error| match error {
        NotDone::Refused(_, code) if code == "enrolment_invalid" => {
            "the link is wrong, used, or was good for ten minutes".to_owned()
        }
        error => in_one_line(&error),
    })
}

/// For whoever did it, and for who compares.
fn said(enrolled: &DeviceEnrolled, name: &Label, public: &ComputerPublic) -> String {
    let digits = hexadecimal(&public.fingerprint());
    let groups = digits.as_bytes().chunks(4);
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    format!(
        "enrolled     {} at {}\nfingerprint  {}\nThe page of unattended computers shows the same fingerprint.\n",
        name.as_str(),
        enrolled.organisation.as_str(),
        groups.join(" ")
    )
}

fn host_name() -> Option<String> {
    let name = std::fs::read_to_string(HOST_NAME).ok()?;
    Some(name.trim().to_owned())
}

pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn random() -> Result<Zeroizing<[u8; 32]>, String> {
    let mut bytes = Zeroizing::new([0; 32]);
    let filled = getrandom::fill(bytes.as_mut_slice());
    filled.map_err(|_| "the system gives no randomness".to_owned())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enrolment_link_names_its_server_and_a_secret_and_nothing_else() {
        let link = Link::read("https://meet.example/enrol#c2VjcmV0").unwrap();
        assert_eq!(link.server.as_str(), "https://meet.example");
        assert_eq!(link.token, "c2VjcmV0");
        for text in [
            "",
            "c2VjcmV0",
            "https://meet.example/enrol",
            "https://meet.example/enrol#",
            "https://meet.example/j/123#c2VjcmV0",
            "http://meet.example/enrol#c2VjcmV0",
            "https://meet.example/enrol?server=evil.example#c2VjcmV0",
        ] {
            assert!(Link::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_compared_is_read_in_groups() {
        let keys = ComputerKeys::generate(Seed(Zeroizing::new([1; 32])));
        let enrolled = DeviceEnrolled {
            id: conclave_protocol::SupportDeviceId(uuid::Uuid::from_u128(1)),
            organisation: conclave_protocol::personal::Title::parse("Riverside").unwrap(),
        };
        let text = said(&enrolled, &Label::parse("ward-3").unwrap(), &keys.public());

        let line = text.lines().find(|line| line.starts_with("fingerprint"));
        let groups = line.unwrap().split_whitespace().skip(1);
        assert!(groups.clone().all(|group| group.len() == 4));
        assert_eq!(groups.count(), 16);
    }
}
