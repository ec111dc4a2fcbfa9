//! A technician, and the process with the network of an agent, in a support session of a real server.

use std::path::Path;
use std::time::{Duration, Instant};

use conclave_agent::errand::Errand;
use conclave_agent::ipc::{DeskToNet, Failure, NetToDesk, NetToUi, Socket, UiToNet, Way};
use conclave_agent::net::serve;
use conclave_client::e2ee::group::{Group, Proof};
use conclave_client::protocol::ParticipantId;
use conclave_client::protocol::personal::Words;
use conclave_client::protocol::remote::{Answer, Capability, EndReason, FromAgent, FromTechnician};
use conclave_client::protocol::support::SupportState;
use conclave_client::{DataMessage, Event, Invitation, Trust};
use conclave_remote::{Fact, Topic};
use conclave_testkit::{Memory, Person, Practice, Server};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_conclave-in-a-box");
const PATIENCE: Duration = Duration::from_secs(180);
const SOON: Duration = Duration::from_secs(2);
const SHORTLY: Duration = Duration::from_millis(20);

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

struct Story {
    server: Server,
    practice: Practice,
    invitation: Invitation,
    amy: Person,
}

impl Story {
    /// Amy, the technician, waits in her session.
    async fn begin() -> Self {
        let server = Server::start(Path::new(PROGRAM)).unwrap();
        let address = server.address();
        let practice = Practice::open(address, server.owner_token()).await.unwrap();
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

    fn link(&self) -> String {
        let origin = format!("http://{}", self.server.address());
        self.invitation.link(&origin)
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
        let ((desk, to_desk), (ui, to_ui)) = (Socket::pair().unwrap(), Socket::pair().unwrap());
        let wanted = Some(link.to_owned());
        Self {
            errand: Errand {
                wanted,
                ..Errand::default()
            },
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

    async fn hears(&self) -> (ParticipantId, Vec<u8>) {
        loop {
            if let NetToDesk::Heard { from, way, bytes } = heard(&self.desk).await {
                assert_eq!(way, Way::Remote);
                return (from, bytes);
            }
        }
    }

    fn says(&self, to: ParticipantId, message: &FromAgent) {
        let (way, bytes) = (Way::Remote, message.encode());
        self.desk.send(&DeskToNet::Say { to, way, bytes }).unwrap();
    }

    async fn ends(&self) {
        let fact = Fact::Refused(Topic::Capability(Capability::View));
        self.desk.send(&DeskToNet::Fact(fact)).unwrap();
        self.desk
            .send(&DeskToNet::Ended(EndReason::Stopped))
            .unwrap();
        assert!(matches!(heard(&self.ui).await, NetToUi::Over));
        let (solved, rating) = (Some(true), Some(5));
        self.ui.send(&UiToNet::Feedback { solved, rating }).unwrap();
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
