//! Native clients in encrypted meetings of a real server.

use std::path::Path;
use std::time::Instant;

use conclave_client::e2ee::frame::codec::Codec;
use conclave_client::e2ee::frame::{Context, Source, Track, TrackKind};
use conclave_client::e2ee::group::Group;
use conclave_client::e2ee::identity::ParticipantId;
use conclave_client::proto::request_response::Reason;
use conclave_client::protocol::meeting::Admission;
use conclave_client::{
    AudioOptions, DataMessage, Encryption, Event, Guest, Invitation, Kind, TrackReport, VideoLayer,
    VideoOptions,
};
use conclave_testkit::{Person, Practice, Server};
use zeroize::Zeroizing;

const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave-in-a-box");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_see_and_hear_each_other_and_every_frame_opens() {
    let story = Story::begin().await;
    let [mut host, mut bo] = story.two().await;
    for person in [&mut host, &mut bo] {
        story.publish(person).await;
    }
    for person in [&mut host, &mut bo] {
        let flowing = |reports: &[TrackReport]| flows(reports, 2);
        person.until("seen and heard", flowing).await.unwrap();
    }

    // A third one comes into the flow: everybody changes their keys.
    let mut cy = story.come("Cy").await;
    story.publish(&mut cy).await;
    for person in [&mut host, &mut bo, &mut cy] {
        let flowing = |reports: &[TrackReport]| flows(reports, 4);
        let reports = person.until("three see each other", flowing).await;
        for report in reports.unwrap() {
            let failures = (report.unopened, report.corrupt, report.foreign);
            assert_eq!(failures, (0, 0, 0), "{report:?}");
        }
    }

    let codes = [&host, &bo, &cy].map(|person| {
        let code = |group: &Group| group.security_code();
        person.encryption.in_group(code).unwrap()
    });
    assert!(codes.iter().all(|code| *code == codes[0]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_opened_by_members_under_their_topic() {
    let story = Story::begin().await;
    let [mut host, mut bo] = story.two().await;
    for person in [&mut host, &mut bo] {
        person.connect(story.epoch).await.unwrap();
        let media = person.media().unwrap();
        while !matches!(
            media.next_event().await.unwrap(),
            Event::DataOpen { reliable: true }
        ) {}
    }

    let words = DataMessage {
        reliable: true,
        topic: Some("conclave.chat".to_owned()),
        payload: b"take two a day".to_vec(),
        ..DataMessage::default()
    };
    let media = host.media().unwrap();
    let sent = media.with(move |endpoint, now| endpoint.send_data(now, &words));
    sent.await.unwrap().unwrap();

    let media = bo.media().unwrap();
    let heard = loop {
        if let Event::Data(received) = media.next_event().await.unwrap() {
            break received;
        }
    };
    assert_eq!(heard.payload(), Some(b"take two a day".as_slice()));
    let unopened = media.with(|endpoint, _| endpoint.unopened_messages()).await;
    assert_eq!(unopened, Some(0));
}

/// The server lets them in and forwards everything to them; the invitation's secret they don't have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_secret_opens_nothing_though_the_server_lets_them_in() {
    let story = Story::begin().await;
    let [mut host, mut bo] = story.two().await;
    story.publish(&mut host).await;
    story.publish(&mut bo).await;

    let guest = Guest::new(format!("http://{}", story.server.address()));
    let mut place = guest.knock(story.invitation.code, "Eve").await.unwrap();
    let practice = &story.practice;
    let admitted = practice.admit(host.place(), place.participant).await;
    admitted.unwrap();
    place.admission = Admission::Admitted;
    let guessed = Invitation {
        secret: Zeroizing::new([1; 32]),
        ..story.invitation.clone()
    };
    let mut eve = Person::at(story.server.address(), place, &guessed, "Eve")
        .await
        .unwrap();
    eve.connect(story.epoch).await.unwrap();
    eve.speak().await.unwrap();

    let reached = |reports: &[TrackReport]| {
        let arriving = reports.iter().filter(|report| report.unopened > 25);
        arriving.count() == 4
    };
    let reports = eve.until("all of it reaches her", reached).await.unwrap();
    assert!(
        reports.iter().all(|report| report.frames == 0),
        "{reports:?}"
    );
    let before = bo.reports().await.unwrap();
    let goes_on = |reports: &[TrackReport]| {
        let frames = |reports: &[TrackReport]| -> u64 { reports.iter().map(|r| r.frames).sum() };
        frames(reports) > frames(&before) + 100
    };
    bo.until("the others go on", goes_on).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_late_opens_nothing_from_before() {
    let story = Story::begin().await;
    let [host, bo] = story.two().await;
    let mut line = Line::new(&host);
    let before = line.seal();

    let cy = story.come("Cy").await;
    let epoch = cy.sends().await.unwrap();
    host.sends_in(epoch).await.unwrap();
    let after = line.seal();

    assert!(!line.opens(&cy.encryption, &before));
    assert!(line.opens(&cy.encryption, &after));
    assert!(line.opens(&bo.encryption, &before));
}

/// Their device forgets nothing, and the server still brings them every frame.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_left_opens_nothing_of_the_next_epoch() {
    let story = Story::begin().await;
    let [host, bo] = story.two().await;
    let cy = story.come("Cy").await;
    let epoch = cy.sends().await.unwrap();
    host.sends_in(epoch).await.unwrap();
    let mut line = Line::new(&host);
    let before = line.seal();

    let cys = cy.leave_with_the_keys().await.unwrap();
    host.sends_in(epoch + 1).await.unwrap();
    let after = line.seal();

    assert!(line.opens(&cys, &before));
    assert!(!line.opens(&cys, &after));
    bo.sends_in(epoch + 1).await.unwrap();
    assert!(line.opens(&bo.encryption, &after));
}

// Shows: REQ-AC-07.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_a_host_puts_out_opens_nothing_of_the_next_epoch() {
    let story = Story::begin().await;
    let [host, bo] = story.two().await;
    let cy = story.come("Cy").await;
    let epoch = cy.sends().await.unwrap();
    host.sends_in(epoch).await.unwrap();
    let mut line = Line::new(&host);

    let key = cy.signature_key().unwrap();
    let expelled = host
        .channel
        .with(move |membership, now| membership.expel(now, &key));
    expelled.await.unwrap();
    host.sends_in(epoch + 1).await.unwrap();
    let after = line.seal();

    assert!(!line.opens(&cy.encryption, &after));
    bo.sends_in(epoch + 1).await.unwrap();
    assert!(line.opens(&bo.encryption, &after));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reload_comes_back_with_the_same_device() {
    let story = Story::begin().await;
    let [mut host, bo] = story.two().await;
    story.publish(&mut host).await;
    let epoch = bo.sends().await.unwrap();
    let key = bo.signature_key().unwrap();

    let mut bo = bo.reload().await.unwrap();
    bo.sends_in(epoch + 1).await.unwrap();
    story.publish(&mut bo).await;

    for person in [&mut host, &mut bo] {
        let flowing = |reports: &[TrackReport]| flows(reports, 2);
        let reports = person.until("seen and heard again", flowing).await;
        let failures: u64 = reports.unwrap().iter().map(|report| report.unopened).sum();
        assert_eq!(failures, 0);
    }
    let keys = host.encryption.in_group(|group| {
        let keys = group.roster().into_iter();
        keys.map(|occupant| occupant.signature_key)
            .collect::<Vec<_>>()
    });
    let keys = keys.unwrap();
    assert!(keys.len() == 2 && keys.contains(&key));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_fails_and_comes_back_finds_the_group_as_it_was() {
    let mut story = Story::begin().await;
    let [host, bo] = story.two().await;
    let epoch = bo.sends().await.unwrap();
    let code = |group: &Group| (group.id(), group.security_code());
    let before = host.encryption.in_group(code).unwrap();

    story.server.restart().await.unwrap();
    // Whoever comes now can only come in if the others are told.
    let mut cy = story.come("Cy").await;
    cy.sends_in(epoch + 1).await.unwrap();
    story.publish(&mut cy).await;

    for mut person in [host, bo] {
        person.sends_in(epoch + 1).await.unwrap();
        person.connect(story.epoch).await.unwrap();
        let flowing = |reports: &[TrackReport]| flows(reports, 2);
        let reports = person
            .until("the newcomer is seen and heard", flowing)
            .await;
        let failures: u64 = reports.unwrap().iter().map(|report| report.unopened).sum();
        assert_eq!(failures, 0);
        let after = person.encryption.in_group(code).unwrap();
        assert!(after.0 == before.0 && after.1 != before.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_track_that_is_not_sealed_is_refused() {
    let story = Story::begin().await;
    let [mut host, _bo] = story.two().await;
    let clear = host.connect_with(story.epoch, |options| options.encryption = None);
    clear.await.unwrap();
    let media = host.media().unwrap();
    let published =
        media.with(|endpoint, now| endpoint.publish_audio(now, &AudioOptions::default()));
    published.await.unwrap().unwrap();

    let answer = loop {
        match media.next_event().await.unwrap() {
            Event::RequestAnswered(answer) => break answer,
            Event::Published { .. } => panic!("it was taken"),
            _ => {}
        }
    };
    assert_eq!(answer.reason(), Reason::NotAllowed);
}

/// As many as come when a ward begins its day in one room. A hundred are measured by
/// `benches/encrypted_meeting.rs`: each tells all others of itself.
const CROWD: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_arrives_at_once_hears_the_host() {
    let story = Story::begin().await;
    let mut host = Person::host(story.server.address(), &story.practice, &story.invitation)
        .await
        .unwrap();
    host.sends().await.unwrap();
    host.connect(story.epoch).await.unwrap();
    host.speak().await.unwrap();

    let start = Instant::now();
    let mut arriving = tokio::task::JoinSet::new();
    for number in 0..CROWD {
        let (server, invitation) = (story.server.address(), story.invitation.clone());
        arriving.spawn(async move {
            Person::come(server, &invitation, &format!("Guest {number}")).await
        });
    }
    let mut crowd: Vec<_> = arriving
        .join_all()
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let arrived = start.elapsed();
    for person in &crowd {
        person.sends().await.unwrap();
    }
    for person in &mut crowd {
        person.connect(story.epoch).await.unwrap();
    }
    for person in &mut crowd {
        let heard = |reports: &[TrackReport]| reports.iter().any(|report| report.frames >= 25);
        let reports = person.until("heard", heard).await.unwrap();
        assert!(
            reports.iter().all(|report| report.unopened == 0),
            "{reports:?}"
        );
    }
    println!(
        "{CROWD} arrived in {arrived:?}, and hear after {:?}",
        start.elapsed()
    );
}

/// A server, its owner, and a meeting of theirs.
struct Story {
    server: Server,
    practice: Practice,
    invitation: Invitation,
    epoch: Instant,
}

/// All of a crowd comes from one machine here.
const HASTE: &str = "[limits]\nchanges_per_second = 10000\n\
                     [passwords]\nmemory_kib = 19456\npasses = 2\n";

impl Story {
    async fn begin() -> Self {
        let errors = std::process::Stdio::inherit();
        let server = Server::start_with(Path::new(PROGRAM), HASTE, errors).unwrap();
        let practice = Practice::open(server.address(), server.owner_token())
            .await
            .unwrap();
        let invitation = practice.invite().await.unwrap();
        Self {
            server,
            practice,
            invitation,
            epoch: Instant::now(),
        }
    }

    /// The host and a guest, who both can send.
    async fn two(&self) -> [Person; 2] {
        let host = Person::host(self.server.address(), &self.practice, &self.invitation).await;
        let host = host.unwrap();
        host.sends().await.unwrap();
        let bo = self.come("Bo").await;
        let epoch = bo.sends().await.unwrap();
        host.sends_in(epoch).await.unwrap();
        [host, bo]
    }

    async fn come(&self, name: &str) -> Person {
        let come = Person::come(self.server.address(), &self.invitation, name).await;
        come.unwrap()
    }

    async fn publish(&self, person: &mut Person) {
        person.sends().await.unwrap();
        person.connect(self.epoch).await.unwrap();
        person.show(&thin_camera()).await.unwrap();
        person.speak().await.unwrap();
    }
}

/// Each of so many tracks has shown or sounded for half a second.
fn flows(reports: &[TrackReport], tracks: usize) -> bool {
    let least = |report: &TrackReport| if report.video { 8 } else { 25 };
    let flowing = reports
        .iter()
        .filter(|report| report.frames >= least(report));
    flowing.count() >= tracks
}

/// What an unoptimised server on a busy machine forwards in time.
fn thin_camera() -> VideoOptions {
    VideoOptions {
        frames_per_second: 15,
        ..VideoOptions::camera([VideoLayer::new(640, 360, 60_000)])
    }
}

/// Frames of one track that somebody on the way keeps.
struct Line {
    from: ParticipantId,
    encryption: Encryption,
    track: Context,
    name: String,
}

const MICROPHONE: Kind = Kind {
    source: TrackKind::Microphone,
    codec: Codec::Opus,
};

impl Line {
    fn new(person: &Person) -> Self {
        let encryption = person.encryption.clone();
        let (track, name) = encryption.add_track(MICROPHONE).unwrap();
        Self {
            from: ParticipantId(person.place().participant.0.into_bytes()),
            encryption,
            track,
            name,
        }
    }

    fn seal(&mut self) -> Vec<u8> {
        let sealed = self.encryption.seal(Instant::now(), self.track, b"spoken");
        sealed.unwrap()
    }

    fn opens(&self, encryption: &Encryption, frame: &[u8]) -> bool {
        let track = Track::new(MICROPHONE.source, MICROPHONE.codec, &self.name).unwrap();
        let mut source = Source::new(self.from, track);
        let opened = encryption.open(Instant::now(), &mut source, frame);
        opened.is_ok_and(|frame| frame == b"spoken")
    }
}
