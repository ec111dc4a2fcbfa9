//! Session descriptions, read, rewritten and taken by a connection.

use std::collections::BTreeMap;
use std::time::Instant;

use conclave_sfu::Config;
use conclave_sfu::peer::{Peer, PeerOutput, Role};
use conclave_sfu::sdp::{
    AnswerPlan, Codec, MAX_SECTIONS, Offer, Receive, Source, rewrite_answer, rewrite_offer,
};

/// A rewritten description has the sections that it had.
pub(crate) fn description(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(offer) = Offer::parse(&text) else {
        return;
    };
    assert!(offer.sections.len() <= MAX_SECTIONS);

    let source = Source {
        stream_id: "PA_a|camera".to_owned(),
        track_id: "TR_a".to_owned(),
        stereo: true,
    };
    let receive = Receive {
        codec: Some(Codec::Vp8),
        red: false,
        dtx: true,
        stereo: true,
    };
    let mids = || offer.sections.iter().map(|section| section.mid);
    let plan = AnswerPlan {
        receive: mids().map(|mid| (mid, receive)).collect(),
        send: mids().map(|mid| (mid, source.clone())).collect(),
    };
    let sources: BTreeMap<_, _> = mids().map(|mid| (mid, source.clone())).collect();
    for rewritten in [
        rewrite_answer(&text, &offer, &plan),
        rewrite_offer(&text, &sources),
    ] {
        let again = Offer::parse(&rewritten).map(|offer| offer.sections.len());
        assert_eq!(again, Ok(offer.sections.len()));
    }
    for role in [Role::Single, Role::Publisher] {
        is_taken_or_refused(role, &text, &plan);
    }
}

/// Whatever the engine makes of it, no panic gets out, and the connection comes to rest or says
/// that it ended.
fn is_taken_or_refused(role: Role, offer: &str, plan: &AnswerPlan) {
    let now = Instant::now();
    let mut peer = Peer::new(now, &Config::default(), role);
    let answer = peer.accept_offer(now, offer, plan);
    let mut has_ended = false;
    let mut outputs = 0;
    loop {
        match peer.poll_output() {
            PeerOutput::Wait(_) => break,
            PeerOutput::Closed | PeerOutput::Panicked => has_ended = true,
            _ => {}
        }
        outputs += 1;
        assert!(outputs < 1_000, "it comes to rest");
    }
    if let Ok(answer) = answer {
        assert!(!has_ended && Offer::parse(&answer).is_ok());
    }
}
