//! A technician, and the process with the network of an agent, in a support session of a real server.

use std::path::Path;
use std::time::{Duration, Instant};

use conclave_agent::errand::Errand;
use conclave_agent::ipc::{
    Airing, DeskToNet, Failure, Footage, NetToDesk, NetToUi, Socket, UiToNet, Way,
};
use conclave_agent::net::serve;
use conclave_agent::origin::Origin;
use conclave_client::e2ee::Seed;
use conclave_client::e2ee::giver::SecretGiver;
use conclave_client::e2ee::group::{Group, Proof};
use conclave_client::e2ee::identity::ParticipantId as Member;
use conclave_client::e2ee::meeting::MeetingId;
use conclave_client::e2ee::passcode::Passcode;
use conclave_client::e2ee::recording::{Binding, Opener, RecordingKeys};
use conclave_client::protocol::ParticipantId;
use conclave_client::protocol::feedback::FeedbackAnswers;
use conclave_client::protocol::personal::Words;
use conclave_client::protocol::recording::{Header, Manifest, SealedFeedback};
use conclave_client::protocol::remote::{Answer, Capability, EndReason, FromAgent, FromTechnician};
use conclave_client::protocol::support::SupportState;
use conclave_client::{DataMessage, Event, Invitation, News, TrackReport, Trust};
use conclave_remote::recording::{Moment, Timed, read};
use conclave_remote::{Fact, Topic};
use conclave_testkit::{Memory, Person, Practice, Server};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave-in-a-box");
const PATIENCE: Duration = Duration::from_secs(180);
const SOON: Duration = Duration::from_secs(2);
const SHORTLY: Duration = Duration::from_millis(20);
/// What was sent before has arrived by then.
const SETTLED: Duration = Duration::from_millis(500);

// Shows: REQ-RS-01.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_technician_asks_and_the_agent_answers_and_the_server_reads_neither() {
    let mut story = Story::begin().await;
    let agent = Agent::with(&story.link());

    let helped = async {
        agent.confirms().await;
        let technician = agent.is_in_session().await;
        assert_eq!(technician, story.amy.place().participant);
        story.amy_asks_and_is_answered(&agent).await;
        story.nobody_else_reads(&agent).await;
        agent.ends().await;
    };
    let (served, ()) = tokio::join!(agent.serves(), helped);

    served.unwrap();
    let help = story.practice.help().await.unwrap();
    let state = help.first().map(|session| session.state);
    let has_helped = match state {
        Some(SupportState::Connected { .. }) => true,
        Some(SupportState::Ended { was_connected, .. }) => was_connected,
        Some(SupportState::Waiting | SupportState::Expired) | None => false,
    };
    assert!(has_helped, "{state:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_desktops_process_is_gone_the_technician_hears_that_it_is_over() {
    let mut story = Story::begin().await;
    let agent = Agent::with(&story.link());

    let helped = async {
        agent.confirms().await;
        agent.is_in_session().await;
        story.amy_asks_and_is_answered(&agent).await;
        agent.loses_its_desk();
        let ended = FromAgent::Ended(EndReason::AgentStopped);
        assert!(story.amy_hears().await == ended);
        agent.is_judged().await;
    };
    let (served, ()) = tokio::join!(agent.serves(), helped);

    served.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moves_at_the_computer_reaches_its_technician_as_a_sealed_video() {
    let mut story = Story::begin().await;
    let agent = Agent::with(&story.link());

    let helped = async {
        agent.confirms().await;
        agent.is_in_session().await;
        story.amy_asks_and_is_answered(&agent).await;
        // Twice, for between two videos the track is muted.
        for _ in 0..2 {
            agent.opens_a_video().await;
            let before = story.amy_has_seen().await;
            let arrive = |reports: &[TrackReport]| {
                let is_sealed = reports.iter().all(|it| it.unopened == 0);
                is_sealed && seen(reports) >= before + 5
            };
            tokio::select! {
                arrived = story.amy.until("the video arrives and opens", arrive) => {
                    arrived.unwrap();
                }
                () = agent.films() => {}
            }
            agent.says_of_video(Footage::Ends);
        }
        agent.ends().await;
    };
    let (served, ()) = tokio::join!(agent.serves(), helped);

    served.unwrap();
}

// Shows: ABUSE-49.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_has_helped_somebody_helps_nobody_else() {
    let story = Story::begin().await;
    let (first, second) = (Agent::with(&story.link()), Agent::with(&story.link()));

    let helped = async {
        first.confirms().await;
        first.is_in_session().await;
        let too_late = async {
            let why = Some(Failure::WrongCode);
            let asked: NetToUi = heard(&second.ui).await;
            assert!(matches!(asked, NetToUi::AskForCode { why: it } if it == why));
            second.ui.send(&UiToNet::Cancel).unwrap();
        };
        let (served, ()) = tokio::join!(second.serves(), too_late);
        served.unwrap();
        first.ends().await;
    };
    let (served, ()) = tokio::join!(first.serves(), helped);

    served.unwrap();
}

// Shows: REQ-RS-01, REQ-AC-26.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_and_a_passcode_lead_to_the_technician_as_a_link_does() {
    let mut story = Story::begin().await;
    story.amy_gives_to_who_knows(PASSCODE).await;
    let agent = Agent::of(&story.origin());

    let helped = async {
        let asked: NetToUi = heard(&agent.ui).await;
        assert!(matches!(asked, NetToUi::AskForCode { why: None }));
        agent.tries(&story, "654 321");
        agent.knocks().await;
        let wrong: NetToUi = heard(&agent.ui).await;
        let why = Some(Failure::WrongPasscode);
        assert!(matches!(wrong, NetToUi::AskForCode { why: it } if it == why));

        agent.tries(&story, PASSCODE);
        agent.knocks().await;
        story.amy_lets_in().await;
        let technician = agent.is_in_session().await;
        assert_eq!(technician, story.amy.place().participant);
        story.amy_asks_and_is_answered(&agent).await;
        agent.ends().await;
    };
    let (served, ()) = tokio::join!(agent.serves(), helped);

    served.unwrap();
}

// Shows: REQ-AC-31.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_computer_that_restarted_is_in_its_place_again_and_its_person_is_asked_anew() {
    let mut story = Story::begin().await;
    let first = Agent::with(&story.link());
    let helped = async {
        first.confirms().await;
        first.is_in_session().await;
        let way_back = first.way_back().await;
        first.leaves().await;
        way_back
    };
    // It goes down with its computer.
    let way_back = tokio::select! {
        _ = first.serves() => panic!("it ends before its computer"),
        way_back = helped => way_back,
    };

    let again = Agent::on(way_back);
    let helped = async {
        again.confirms().await;
        let technician = again.is_in_session().await;
        assert_eq!(technician, story.amy.place().participant);
        story.amy_asks_and_is_answered(&again).await;
        again.ends().await;
    };
    let (served, ()) = tokio::join!(again.serves(), helped);

    served.unwrap();
}

// Shows: REQ-AC-31.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_technician_who_waits_for_a_restart_hears_at_once_that_it_is_refused() {
    let mut story = Story::begin().await;
    let agent = Agent::with(&story.link());

    let helped = async {
        agent.confirms().await;
        let amy = agent.is_in_session().await;
        story.amy_asks_and_is_answered(&agent).await;
        agent.leaves().await;
        let refused = FromAgent::Ended(EndReason::RestartRefused);
        agent.says(amy, &refused);
        assert!(story.amy_hears().await == refused);
        agent.ends().await;
    };
    let (served, ()) = tokio::join!(agent.serves(), helped);

    served.unwrap();
}

// Shows: REQ-AU-04, REQ-RS-07, REQ-MODE-04.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_says_of_a_recorded_session_opens_with_its_recording() {
    let keys = RecordingKeys::generate(Seed([5; 32].into()));
    let story = Story::begin_kept(Some(keys.public())).await;
    let agent = Agent::with(&story.link());

    let helped = async {
        agent.confirms().await;
        agent.is_in_session().await;
        agent.records();
        agent.ends().await;
    };
    let (served, ()) = tokio::join!(agent.serves(), helped);

    served.unwrap();
    let play = story.practice.play_recording().await.unwrap();
    assert_eq!(play["state"], "whole", "{play}");
    let said = opened_feedback(&keys, &play);
    let (solved, rating) = (Some(true), Some(5));
    assert!(said == [Moment::Judged { solved, rating }]);
}

fn opened_feedback(keys: &RecordingKeys, play: &Value) -> Vec<Moment> {
    let id = |member: &str| given::<Uuid>(play, member).into_bytes();
    let binding = Binding {
        organisation: id("organisation"),
        session: id("session"),
        recording: id("recording"),
    };
    let header: Header = given(play, "header");
    let manifest: Manifest = given(play, "manifest");
    let feedback: SealedFeedback = given(play, "feedback");
    let manifest = Some(manifest.as_bytes());
    let opener = Opener::begin(keys, binding, header.as_bytes(), manifest).unwrap();
    let opened = opener.afterword(feedback.as_bytes()).unwrap();
    let said = read(&opened).unwrap();
    said.into_iter().map(|timed| timed.moment).collect()
}

/// Frames of video in all.
fn seen(reports: &[TrackReport]) -> u64 {
    let videos = reports.iter().filter(|it| it.video);
    videos.map(|it| it.frames).sum()
}

fn given<T: DeserializeOwned>(play: &Value, member: &str) -> T {
    serde_json::from_value(play[member].clone()).unwrap()
}

const PASSCODE: &str = "123456";

struct Story {
    server: Server,
    practice: Practice,
    invitation: Invitation,
    amy: Person,
}

impl Story {
    /// Amy, the technician, waits in her session.
    async fn begin() -> Self {
        Self::begin_kept(None).await
    }

    /// `key`: what every session is sealed to, where every one is kept.
    async fn begin_kept(key: Option<&[u8]>) -> Self {
        let server = Server::start(Path::new(PROGRAM)).unwrap();
        let address = server.address();
        let practice = Practice::open(address, server.owner_token()).await.unwrap();
        if let Some(key) = key {
            practice.keep_sessions(key).await.unwrap();
        }
        let invitation = practice.offer_help().await.unwrap();
        let mut amy = Person::host(address, &practice, &invitation).await.unwrap();
        amy.sends().await.unwrap();
        amy.connect(Instant::now()).await.unwrap();
        let open = |event: &Event| matches!(event, Event::DataOpen { reliable: true });
        while !open(&amy.media().unwrap().next_event().await.unwrap()) {}
        Self {
            server,
            practice,
            invitation,
            amy,
        }
    }

    fn origin(&self) -> String {
        format!("http://{}", self.server.address())
    }

    fn link(&self) -> String {
        self.invitation.link(&self.origin())
    }

    async fn amy_gives_to_who_knows(&self, passcode: &str) {
        let place = self.amy.place();
        let link = self.link();
        let (_, fragment) = link.split_once('#').unwrap();
        let giver = SecretGiver::new(
            MeetingId(place.meeting.0.into_bytes()),
            Member(place.participant.0.into_bytes()),
            fragment,
            Passcode::read(passcode).ok(),
            Seed([7; 32].into()),
            0,
        );
        let gives = self.amy.channel.with(move |amy, _| amy.give(giver));
        gives.await.unwrap();
    }

    /// Whoever has shown that they know the passcode.
    async fn amy_lets_in(&mut self) {
        let knows = loop {
            let news = self.amy.channel.next_news().await.unwrap();
            if let News::Knows(Member(who)) = news {
                break ParticipantId(Uuid::from_bytes(who));
            }
        };
        let place = self.amy.place();
        self.practice.believe(place, knows).await.unwrap();
    }

    /// So many frames, once none is on its way any more.
    async fn amy_has_seen(&mut self) -> u64 {
        let mut before = seen(&self.amy.reports().await.unwrap());
        loop {
            tokio::time::sleep(SETTLED).await;
            let now = seen(&self.amy.reports().await.unwrap());
            if now == before {
                return now;
            }
            before = now;
        }
    }

    async fn amy_asks_and_is_answered(&mut self, agent: &Agent) {
        let (asked, answer) = (FromTechnician::Ask(Capability::View), Answer::Denied);
        // What is said to somebody whom the media do not reach yet is lost.
        let (from, bytes) = loop {
            self.amy_says(&asked).await;
            if let Ok(heard) = timeout(SOON, agent.hears()).await {
                break heard;
            }
        };
        assert!(FromTechnician::decode(&bytes).is_ok_and(|heard| heard == asked));

        let to = Capability::View;
        let answered = FromAgent::Answer { to, answer };
        agent.says(from, &answered);
        assert!(self.amy_hears().await == answered);
    }

    /// Words that are nowhere else are not on the server either.
    async fn nobody_else_reads(&mut self, agent: &Agent) {
        let canary = format!("canary of a session {:08x}", std::process::id());
        let words = Words::parse(&canary).unwrap();
        self.amy_says(&FromTechnician::Chat(words.clone())).await;
        let (amy, _) = agent.hears().await;
        agent.says(amy, &FromAgent::Chat(words));
        self.amy_hears().await;

        let memory = Memory::of(self.server.process()).unwrap();
        assert_eq!(memory.count(canary.as_bytes()), 0);
    }

    async fn amy_says(&mut self, message: &FromTechnician) {
        let agent = self.amy.encryption.in_group(Group::roster).unwrap();
        let agent = agent.iter().find(|one| one.proof == Proof::Guest).unwrap();
        let message = DataMessage {
            reliable: true,
            topic: Some("conclave.remote".to_owned()),
            to: vec![Uuid::from_bytes(agent.identity.participant.0).to_string()],
            payload: message.encode(),
            ..DataMessage::default()
        };
        let media = self.amy.media().unwrap();
        let sent = media.with(move |endpoint, now| endpoint.send_data(now, &message));
        sent.await.unwrap().unwrap();
    }

    async fn amy_hears(&mut self) -> FromAgent {
        let media = self.amy.media().unwrap();
        loop {
            if let Event::Data(received) = media.next_event().await.unwrap() {
                return FromAgent::decode(received.payload().unwrap()).unwrap();
            }
        }
    }
}

/// The process with the network, between a desk and windows that do as the test says.
struct Agent {
    errand: Errand,
    desk: Socket,
    ui: Socket,
    to_desk: Socket,
    to_ui: Socket,
}

impl Agent {
    fn with(link: &str) -> Self {
        Self::on(Errand {
            wanted: Some(link.to_owned()),
            ..Errand::default()
        })
    }

    /// That knows its server.
    fn of(server: &str) -> Self {
        Self::on(Errand {
            server: Origin::parse(server).ok(),
            ..Errand::default()
        })
    }

    fn on(errand: Errand) -> Self {
        let ((desk, to_desk), (ui, to_ui)) = (Socket::pair().unwrap(), Socket::pair().unwrap());
        Self {
            errand,
            desk,
            ui,
            to_desk,
            to_ui,
        }
    }

    async fn serves(&self) -> Result<(), conclave_agent::ipc::Broken> {
        let (desk, ui) = (self.to_desk.again()?, self.to_ui.again()?);
        serve(desk, ui, &self.errand, &Trust::nobody()).await
    }

    fn tries(&self, story: &Story, passcode: &str) {
        let tried = UiToNet::Try {
            text: story.invitation.code.to_string(),
            passcode: Some(passcode.to_owned()),
            name: "Bo".to_owned(),
        };
        self.ui.send(&tried).unwrap();
    }

    async fn knocks(&self) {
        self.confirms().await;
        assert!(matches!(heard(&self.ui).await, NetToUi::Knocking));
    }

    async fn confirms(&self) {
        let offer: NetToUi = heard(&self.ui).await;
        let is_amys = matches!(&offer, NetToUi::Offer { technician, organisation, .. }
            if technician.as_str() == "Amy Weatherwax" && organisation.as_str() == "Riverside");
        assert!(is_amys);
        self.ui.send(&UiToNet::Confirm).unwrap();
        assert!(matches!(heard(&self.ui).await, NetToUi::Connecting));
    }

    /// Who helps.
    async fn is_in_session(&self) -> ParticipantId {
        match heard(&self.ui).await {
            NetToUi::InSession => {}
            NetToUi::Failed(why) => panic!("{why:?}"),
            _ => panic!("another message"),
        }
        let NetToDesk::Begin { technician, limits } = heard(&self.desk).await else {
            panic!("something before the beginning");
        };
        assert!(limits.permitted.contains(Capability::View));
        assert_eq!(technician.organisation.as_str(), "Riverside");
        technician.participant
    }

    /// What is kept for a restart.
    async fn way_back(&self) -> Errand {
        loop {
            if let NetToDesk::WayBack(errand) = heard(&self.desk).await {
                return *errand;
            }
        }
    }

    async fn hears(&self) -> (ParticipantId, Vec<u8>) {
        loop {
            if let NetToDesk::Heard { from, way, bytes } = heard(&self.desk).await {
                assert_eq!(way, Way::Remote);
                return (from, bytes.to_vec());
            }
        }
    }

    fn says(&self, to: ParticipantId, message: &FromAgent) {
        let (way, bytes) = (Way::Remote, message.encode());
        self.desk.send(&DeskToNet::Say { to, way, bytes }).unwrap();
    }

    /// It was killed.
    fn loses_its_desk(&self) {
        self.to_desk.close_ear().unwrap();
    }

    async fn opens_a_video(&self) {
        let (width, height) = (640, 480);
        self.says_of_video(Footage::Begins { width, height });
        let opens = |message| matches!(message, NetToDesk::Video(Airing::Opens));
        while !opens(heard(&self.desk).await) {}
    }

    /// For ever.
    async fn films(&self) {
        loop {
            self.says_of_video(Footage::Piece {
                is_key: true,
                is_last: true,
                bytes: vec![7; 4_000],
            });
            tokio::time::sleep(SHORTLY).await;
        }
    }

    fn says_of_video(&self, footage: Footage) {
        self.desk.send(&DeskToNet::Video(footage)).unwrap();
    }

    /// As the desk does between the person's yes and the session's end.
    fn records(&self) {
        let moment = Moment::Anew;
        let recorded = DeskToNet::Recorded(Timed { at: 0, moment }.encode());
        for message in [
            DeskToNet::RecordingBegins,
            recorded,
            DeskToNet::RecordingEnds,
        ] {
            self.desk.send(&message).unwrap();
        }
    }

    /// For a restart, as soon as nothing of the session is left to tell.
    async fn leaves(&self) {
        let restarts = DeskToNet::Ended(EndReason::Restarting);
        self.desk.send(&restarts).unwrap();
        while !matches!(heard(&self.desk).await, NetToDesk::Told) {}
    }

    async fn ends(&self) {
        let fact = Fact::Refused(Topic::Capability(Capability::View));
        self.desk.send(&DeskToNet::Fact(fact)).unwrap();
        self.desk
            .send(&DeskToNet::Ended(EndReason::Stopped))
            .unwrap();
        self.is_judged().await;
    }

    async fn is_judged(&self) {
        assert!(matches!(heard(&self.ui).await, NetToUi::Over));
        let (solved, rating) = (Some(true), Some(5));
        let said = UiToNet::Feedback {
            solved,
            rating,
            answers: FeedbackAnswers::default(),
        };
        self.ui.send(&said).unwrap();
    }
}

async fn heard<M: DeserializeOwned>(socket: &Socket) -> M {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(message) = socket.try_receive().unwrap() {
            return message;
        }
        assert!(Instant::now() < deadline, "nothing is heard");
        tokio::time::sleep(SHORTLY).await;
    }
}
