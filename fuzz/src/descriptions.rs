//! Session descriptions, read and rewritten.

use std::collections::BTreeMap;

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
}
