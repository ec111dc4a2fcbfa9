//! What a commit costs in groups of 10, 100 and 300 members: to whoever joins, to whoever removes, and to everybody else.
//!
//! `cargo bench -p conclave-testkit --bench groups [-- MEMBERS …]` prints the median and the 95th percentile.

use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use conclave_client::e2ee::Seed;
use conclave_client::e2ee::context::Admission;
use conclave_client::e2ee::device::DeviceKeys;
use conclave_client::e2ee::group::{Group, Joining, Oneself, Opening, Papers};
use conclave_client::e2ee::identity::{AccountId, Identity, ParticipantId};
use conclave_client::e2ee::meeting::{
    DataMode, ExternalSender, Meeting, MeetingId, OrganisationId,
};
use conclave_client::e2ee::secret::MeetingSecret;
use conclave_client::e2ee::signer::Signer;
use conclave_client::e2ee::suite::Suite;
use conclave_testkit::Figures;

const SIZES: [usize; 3] = [10, 100, 300];
/// Of each figure.
const SAMPLES: usize = 20;

fn main() -> anyhow::Result<()> {
    let asked: Vec<usize> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if asked.is_empty() { &SIZES } else { &asked[..] };
    for size in sizes {
        let mut crowd = Crowd::open()?;
        // The last to come are measured: no group has more than 300.
        let samples = SAMPLES.min(size.saturating_sub(2));
        crowd.fill(size - samples)?;
        say(&format!("{size} members"));
        crowd.measure(samples)?;
    }
    Ok(())
}

/// The group as its host and one more member have it.
struct Crowd {
    terms: Meeting,
    secret: MeetingSecret,
    host: Person,
    group: Group,
    witness: Group,
    info: Vec<u8>,
    /// Who has joined, last come last.
    inside: Vec<Person>,
    numbers: u64,
}

struct Person {
    identity: Identity,
    signer: Signer,
}

impl Crowd {
    fn open() -> anyhow::Result<Self> {
        let keys = DeviceKeys::with_account(seed(0));
        let terms = Meeting {
            meeting: MeetingId([1; 16]),
            organisation: OrganisationId([2; 16]),
            data_mode: DataMode::Conduit,
            suite: Suite::Hybrid,
            external_sender: ExternalSender {
                signature_key: DeviceKeys::generate(seed(1)).signer().public().to_vec(),
                identity: b"conclave".to_vec(),
            },
            host_accounts: keys.account_key().into_iter().collect(),
            admission: Admission::Open,
        };
        let secret = MeetingSecret::new(&[7; 32])?;
        let host = Person::new(2, &keys, Some(AccountId([3; 16])))?;
        let opening = Opening::of(&terms, &host.identity);
        let mut group = Group::create(&terms, &secret, host.oneself(), opening, seed(3), now()?)?;
        let second = Person::new(4, &DeviceKeys::generate(seed(4)), None)?;
        let info = group.group_info(&host.signer)?;
        let papers = Papers::default();
        let joining = Joining::start(
            &terms,
            &secret,
            second.oneself(),
            papers,
            &info,
            seed(5),
            now()?,
        )?;
        group.take_commit(&joining.outgoing.commit, now()?)?;
        Ok(Self {
            info: joining.outgoing.group_info.clone(),
            witness: joining.accepted(),
            terms,
            secret,
            host,
            group,
            inside: vec![second],
            numbers: 100,
        })
    }

    fn fill(&mut self, size: usize) -> anyhow::Result<()> {
        while self.inside.len() + 1 < size {
            self.join()?;
        }
        Ok(())
    }

    /// The time of the joiner, and that of a member.
    fn join(&mut self) -> anyhow::Result<(Duration, Duration)> {
        self.numbers += 2;
        let keys = DeviceKeys::generate(seed(self.numbers));
        let person = Person::new(self.numbers, &keys, None)?;
        let (start, at) = (Instant::now(), now()?);
        let joining = Joining::start(
            &self.terms,
            &self.secret,
            person.oneself(),
            Papers::default(),
            &self.info,
            seed(self.numbers + 1),
            at,
        )?;
        let joined = start.elapsed();
        self.group.take_commit(&joining.outgoing.commit, at)?;
        let start = Instant::now();
        self.witness.take_commit(&joining.outgoing.commit, at)?;
        let followed = start.elapsed();
        self.info.clone_from(&joining.outgoing.group_info);
        self.inside.push(person);
        Ok((joined, followed))
    }

    /// Puts out whoever came last: the time of the committer, and of a member.
    fn remove(&mut self) -> anyhow::Result<(Duration, Duration)> {
        let gone = self.inside.pop().context("there is somebody to remove")?;
        let start = Instant::now();
        let outgoing = self.group.expel(&self.host.signer, gone.signer.public())?;
        let committed = start.elapsed();
        self.group.accepted()?;
        let (start, at) = (Instant::now(), now()?);
        self.witness.take_commit(&outgoing.commit, at)?;
        self.info.clone_from(&outgoing.group_info);
        Ok((committed, start.elapsed()))
    }

    fn measure(&mut self, samples: usize) -> anyhow::Result<()> {
        let [mut joins, mut followed] = [Figures::default(), Figures::default()];
        for _ in 0..samples {
            let (joined, follows) = self.join()?;
            joins.add(joined);
            followed.add(follows);
        }
        say(&format!(
            "  group info:           {} kB",
            self.info.len() / 1000
        ));
        say(&format!("  to join:              {joins}"));
        say(&format!("  to follow a join:     {followed}"));
        // Last: whoever comes after somebody was put out needs a voucher.
        let [mut removals, mut followed] = [Figures::default(), Figures::default()];
        for _ in 0..samples {
            let (committed, follows) = self.remove()?;
            removals.add(committed);
            followed.add(follows);
        }
        say(&format!("  to put somebody out:  {removals}"));
        say(&format!("  to follow that:       {followed}"));
        Ok(())
    }
}

impl Person {
    fn new(number: u64, keys: &DeviceKeys, account: Option<AccountId>) -> anyhow::Result<Self> {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        let name = format!("Person {number}");
        Ok(Self {
            identity: keys.identity(ParticipantId(id), name, account)?,
            signer: keys.signer(),
        })
    }

    fn oneself(&self) -> Oneself<'_> {
        Oneself {
            identity: &self.identity,
            signer: &self.signer,
        }
    }
}

fn seed(number: u64) -> Seed {
    let mut bytes = [9; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Seed(bytes.into())
}

fn now() -> anyhow::Result<Duration> {
    Ok(SystemTime::UNIX_EPOCH.elapsed()?)
}

#[expect(clippy::print_stdout, reason = "a benchmark's result")]
fn say(line: &str) {
    println!("{line}");
}
