use super::*;
use crate::sdp::SectionKind;

/// As the engine answers a browser that listens on 0 and 1 and publishes on 2 and 3.
const ANSWER: &str = "v=0\r\n\
    a=group:BUNDLE 0 1 2 3 4\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n\
    a=mid:0\r\n\
    a=sendonly\r\n\
    a=msid:random1 random2\r\n\
    a=rtpmap:111 opus/48000/2\r\n\
    a=fmtp:111 minptime=10;useinbandfec=1\r\n\
    a=rtpmap:63 red/48000/2\r\n\
    a=fmtp:63 111/111\r\n\
    a=ssrc:1 cname:c\r\n\
    a=ssrc:1 msid:random1 random2\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n\
    a=mid:1\r\n\
    a=sendonly\r\n\
    a=msid:random3 random4\r\n\
    a=rtpmap:96 VP8/90000\r\n\
    a=ssrc:2 cname:c\r\n\
    a=ssrc:2 msid:random3 random4\r\n\
    a=ssrc:3 cname:c\r\n\
    a=ssrc-group:FID 2 3\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n\
    a=mid:2\r\n\
    a=recvonly\r\n\
    a=msid:random5 random6\r\n\
    a=rtpmap:111 opus/48000/2\r\n\
    a=rtcp-fb:111 transport-cc\r\n\
    a=fmtp:111 minptime=10;useinbandfec=1\r\n\
    a=rtpmap:63 red/48000/2\r\n\
    a=fmtp:63 111/111\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 98 99\r\n\
    a=mid:3\r\n\
    a=recvonly\r\n\
    a=msid:random7 random8\r\n\
    a=rtpmap:96 VP8/90000\r\n\
    a=rtpmap:97 rtx/90000\r\n\
    a=fmtp:97 apt=96\r\n\
    a=rtpmap:102 H264/90000\r\n\
    a=rtpmap:103 rtx/90000\r\n\
    a=rtpmap:98 VP9/90000\r\n\
    a=rtpmap:99 rtx/90000\r\n\
    a=rid:q recv\r\n\
    a=simulcast:recv q\r\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n\
    a=mid:4\r\n";

#[test]
fn an_assigned_section_names_its_track_and_nothing_random() {
    let plan = AnswerPlan {
        send: BTreeMap::from([(mid("0"), source("PA_a|camera", "TR_b"))]),
        ..AnswerPlan::default()
    };

    let answer = rewrite_answer(ANSWER, &offer(), &plan);

    let section = section(&answer, "0");
    assert!(section.contains("a=sendonly\r\na=msid:PA_a|camera TR_b\r\n"));
    assert!(section.contains("a=ssrc:1 cname:c\r\n"));
    assert!(!answer.contains("random"), "{answer}");
}

#[test]
fn an_unassigned_section_is_inactive_without_sources() {
    let answer = rewrite_answer(ANSWER, &offer(), &AnswerPlan::default());

    let section = section(&answer, "1");
    assert!(section.contains("a=inactive\r\n"));
    assert!(!section.contains("msid"), "{section}");
    assert!(!section.contains("ssrc"), "{section}");
}

#[test]
fn the_wanted_codec_comes_first_and_the_others_keep_their_order() {
    let plan = AnswerPlan {
        receive: BTreeMap::from([(mid("3"), wants(Codec::Vp9))]),
        ..AnswerPlan::default()
    };

    let answer = rewrite_answer(ANSWER, &offer(), &plan);

    assert!(
        section(&answer, "3").starts_with("m=video 9 UDP/TLS/RTP/SAVPF 98 96 97 102 103 99\r\n")
    );
    assert!(section(&answer, "3").contains("a=recvonly\r\n"));
    assert!(section(&answer, "3").contains("a=simulcast:recv q\r\n"));
}

#[test]
fn redundancy_comes_first_where_it_is_wanted() {
    let plan = AnswerPlan {
        receive: BTreeMap::from([(
            mid("2"),
            Receive {
                red: true,
                ..wants(Codec::Opus)
            },
        )]),
        ..AnswerPlan::default()
    };

    let answer = rewrite_answer(ANSWER, &offer(), &plan);

    assert!(section(&answer, "2").starts_with("m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n"));
}

#[test]
fn redundancy_is_absent_where_it_is_not_wanted() {
    let plan = AnswerPlan {
        receive: BTreeMap::from([(mid("2"), wants(Codec::Opus))]),
        ..AnswerPlan::default()
    };

    let answer = rewrite_answer(ANSWER, &offer(), &plan);

    let section = section(&answer, "2");
    assert!(section.starts_with("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
    assert!(
        !section.contains("red") && !section.contains(":63 "),
        "{section}"
    );
    assert!(section.contains("a=rtcp-fb:111 transport-cc\r\n"));
}

#[test]
fn opus_is_told_of_silence_and_of_stereo() {
    let receive = Receive {
        dtx: true,
        stereo: true,
        ..wants(Codec::Opus)
    };
    let plan = AnswerPlan {
        receive: BTreeMap::from([(mid("2"), receive)]),
        ..AnswerPlan::default()
    };

    let answer = rewrite_answer(ANSWER, &offer(), &plan);

    let format =
        "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;stereo=1;maxaveragebitrate=510000\r\n";
    assert!(section(&answer, "2").contains(format));
    assert!(!section(&answer, "0").contains("usedtx"));
}

#[test]
fn a_codec_without_format_parameters_gets_a_line_of_them() {
    let mut section = SectionText::new(&["m=audio 9 X 111", "a=rtpmap:111 opus/48000/2", "a=x"]);

    section.extend_format(Codec::Opus, "usedtx=1");

    assert_eq!(section.lines[2], "a=fmtp:111 usedtx=1");
    assert_eq!(section.lines[3], "a=x");
}

#[test]
fn nothing_is_sent_where_the_client_does_not_listen() {
    let plan = AnswerPlan {
        send: BTreeMap::from([(mid("3"), source("PA_a|camera", "TR_b"))]),
        ..AnswerPlan::default()
    };

    let answer = rewrite_answer(ANSWER, &offer(), &plan);

    assert!(section(&answer, "3").contains("a=recvonly\r\n"));
    assert!(!answer.contains("TR_b"));
}

#[test]
fn an_offer_of_ours_names_the_track_that_a_section_carries_at_last() {
    let sources = BTreeMap::from([(mid("1"), source("PA_a|screen", "TR_new"))]);

    let offer = rewrite_offer(ANSWER, &sources);

    assert!(section(&offer, "1").contains("a=sendonly\r\na=msid:PA_a|screen TR_new\r\n"));
    assert!(section(&offer, "1").contains("a=ssrc-group:FID 2 3\r\n"));
    assert!(section(&offer, "0").contains("a=inactive\r\n"));
    assert!(offer.contains("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:4\r\n"));
}

#[test]
fn the_rewritten_answer_is_a_description_with_the_same_sections() {
    let answer = rewrite_answer(ANSWER, &offer(), &AnswerPlan::default());

    let sections = Offer::parse(&answer).unwrap().sections;
    assert_eq!(sections.len(), 5);
    assert_eq!(sections[4].kind, SectionKind::Data);
}

/// Two sections that listen, two that send.
fn offer() -> Offer {
    let text = "m=audio 9 X 111\na=mid:0\na=recvonly\n\
        m=video 9 X 96\na=mid:1\na=recvonly\n\
        m=audio 9 X 111\na=mid:2\na=sendonly\n\
        m=video 9 X 96\na=mid:3\na=sendonly\n\
        m=application 9 X webrtc-datachannel\na=mid:4\n";
    Offer::parse(text).unwrap()
}

fn wants(codec: Codec) -> Receive {
    Receive {
        codec: Some(codec),
        red: false,
        dtx: false,
        stereo: false,
    }
}

fn source(stream_id: &str, track_id: &str) -> Source {
    Source {
        stream_id: stream_id.to_owned(),
        track_id: track_id.to_owned(),
        stereo: false,
    }
}

fn mid(name: &str) -> Mid {
    Mid::new(name).unwrap()
}

fn section<'a>(text: &'a str, name: &str) -> &'a str {
    let end = format!("a=mid:{name}\r\n");
    let start = text[..text.find(&end).unwrap()].rfind("m=").unwrap();
    let rest = &text[start..];
    let length = rest[2..].find("\r\nm=").map_or(rest.len(), |at| at + 4);
    &rest[..length]
}
