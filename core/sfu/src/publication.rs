//! What a client announces to publish: `AddTrack` becomes a `TrackInfo`.

use livekit_protocol as proto;
use proto::video_layer::Mode;
use proto::{AudioTrackFeature, TrackSource, TrackType};

use crate::sdp::{Codec, Kind, Section};

/// In bytes, of a name, a cid or a stream.
pub(crate) const LONGEST_TEXT: usize = 256;
/// Layers and codecs of one request; clients have three of each at most.
pub(crate) const MOST_ENTRIES: usize = 8;

/// Why a request to publish is refused before anything else is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Invalid {
    #[error("a text of the track is too long")]
    TooLong,
    #[error("the track has too many layers or codecs")]
    TooMany,
    #[error("the track has no cid")]
    NoCid,
    #[error("the track is neither audio nor video")]
    NoKind,
}

pub(crate) fn check(request: &proto::AddTrackRequest) -> Result<Kind, Invalid> {
    let texts = [&request.cid, &request.name, &request.stream];
    let codecs = &request.simulcast_codecs;
    let codec_texts = codecs.iter().flat_map(|codec| [&codec.cid, &codec.codec]);
    if texts
        .into_iter()
        .chain(codec_texts)
        .any(|text| text.len() > LONGEST_TEXT)
    {
        return Err(Invalid::TooLong);
    }
    let too_many = [
        request.layers.len(),
        codecs.len(),
        request.audio_features.len(),
    ]
    .into_iter()
    .chain([request.packet_trailer_features.len()])
    .chain(codecs.iter().map(|codec| codec.layers.len()))
    .any(|count| count > MOST_ENTRIES);
    if too_many {
        return Err(Invalid::TooMany);
    }
    if request.cid.is_empty() && codecs.iter().all(|codec| codec.cid.is_empty()) {
        return Err(Invalid::NoCid);
    }
    match request.r#type() {
        TrackType::Audio => Ok(Kind::Audio),
        TrackType::Video => Ok(Kind::Video),
        TrackType::Data => Err(Invalid::NoKind),
    }
}

/// The announced track; `check` has let the request pass.
pub(crate) fn track_info(request: &proto::AddTrackRequest, sid: String) -> proto::TrackInfo {
    let layers = sorted(&request.layers);
    let codecs = codec_infos(request, &layers);
    let mime_type = codecs
        .first()
        .map(|codec| codec.mime_type.clone())
        .unwrap_or_default();
    let is_svc = codecs
        .first()
        .is_some_and(|codec| codec.video_layer_mode() == Mode::MultipleSpatialLayersPerStream);
    let audio_features = audio_features(request);
    #[expect(deprecated, reason = "older clients read these fields")]
    proto::TrackInfo {
        sid,
        r#type: request.r#type,
        name: request.name.clone(),
        muted: request.muted,
        width: request.width,
        height: request.height,
        simulcast: !is_svc && layers.len() > 1,
        disable_dtx: audio_features.contains(&(AudioTrackFeature::TfNoDtx as i32)),
        source: request.source,
        layers,
        mime_type,
        codecs,
        stereo: audio_features.contains(&(AudioTrackFeature::TfStereo as i32)),
        disable_red: request.disable_red,
        encryption: request.encryption,
        stream: stream(request),
        audio_features,
        backup_codec_policy: request.backup_codec_policy,
        packet_trailer_features: request.packet_trailer_features.clone(),
        ..Default::default()
    }
}

/// Takes over the cids of a backup codec into a track that is published already.
pub(crate) fn merge_backup(info: &mut proto::TrackInfo, request: &proto::AddTrackRequest) {
    #[expect(deprecated, reason = "older clients give the common layers here")]
    let common = info.layers.clone();
    for codec in &request.simulcast_codecs {
        let mime = mime_type(&codec.codec);
        let known = info.codecs.iter_mut().find(|known| known.mime_type == mime);
        if let Some(known) = known {
            known.cid.clone_from(&codec.cid);
        } else if info.codecs.len() < MOST_ENTRIES {
            info.codecs.push(codec_info(codec, &common));
        }
    }
}

/// Fills in what the media section says: which codec, under which name.
pub(crate) fn bind(info: &mut proto::TrackInfo, index: usize, section: &Section, codec: Codec) {
    let Some(entry) = info.codecs.get_mut(index) else {
        return;
    };
    entry.mid = section.mid.to_string();
    entry.mime_type = codec.mime().to_owned();
    if let Some(cid) = &section.track_id
        && *cid != entry.cid
    {
        entry.sdp_cid.clone_from(cid);
    }
    if index == 0 {
        info.mid = section.mid.to_string();
        info.mime_type = codec.mime().to_owned();
    }
}

fn codec_infos(
    request: &proto::AddTrackRequest,
    layers: &[proto::VideoLayer],
) -> Vec<proto::SimulcastCodecInfo> {
    if request.simulcast_codecs.is_empty() {
        // The codec is known when the media section comes.
        return vec![proto::SimulcastCodecInfo {
            cid: request.cid.clone(),
            layers: layers.to_vec(),
            ..Default::default()
        }];
    }
    request
        .simulcast_codecs
        .iter()
        .map(|codec| codec_info(codec, layers))
        .collect()
}

fn codec_info(
    codec: &proto::SimulcastCodec,
    common: &[proto::VideoLayer],
) -> proto::SimulcastCodecInfo {
    let own = sorted(&codec.layers);
    let mode = match (
        codec.video_layer_mode(),
        codec.codec.to_ascii_lowercase().as_str(),
    ) {
        (Mode::Unused, "vp9" | "av1") => Mode::MultipleSpatialLayersPerStream,
        (Mode::Unused, _) => Mode::OneSpatialLayerPerStream,
        (mode, _) => mode,
    };
    proto::SimulcastCodecInfo {
        mime_type: mime_type(&codec.codec),
        cid: codec.cid.clone(),
        layers: if own.is_empty() { common.to_vec() } else { own },
        video_layer_mode: mode as i32,
        ..Default::default()
    }
}

/// As the table of codecs spells it; a codec that is not forwarded keeps its own spelling.
fn mime_type(name: &str) -> String {
    Codec::from_mime(name).map_or_else(|| format!("video/{name}"), |codec| codec.mime().to_owned())
}

fn sorted(layers: &[proto::VideoLayer]) -> Vec<proto::VideoLayer> {
    let mut layers = layers.to_vec();
    layers.sort_by_key(|layer| layer.quality);
    layers
}

fn audio_features(request: &proto::AddTrackRequest) -> Vec<i32> {
    #[expect(deprecated, reason = "older clients say it here")]
    let derived = [
        (request.stereo, AudioTrackFeature::TfStereo),
        (request.disable_dtx, AudioTrackFeature::TfNoDtx),
    ];
    let mut features = request.audio_features.clone();
    for (is_set, feature) in derived {
        if is_set && !features.contains(&(feature as i32)) {
            features.push(feature as i32);
        }
    }
    features
}

/// Audio and video of one source share a stream, so that players keep them in step.
fn stream(request: &proto::AddTrackRequest) -> String {
    if !request.stream.is_empty() {
        return request.stream.clone();
    }
    match request.source() {
        TrackSource::Camera | TrackSource::Microphone => "camera".to_owned(),
        TrackSource::ScreenShare | TrackSource::ScreenShareAudio => "screen".to_owned(),
        TrackSource::Unknown => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_is_announced_with_its_codecs_and_layers_in_order() {
        let info = track_info(&camera(&["vp9", "vp8"]), "TR_VC1".to_owned());

        assert_eq!(
            (info.sid.as_str(), info.stream.as_str()),
            ("TR_VC1", "camera")
        );
        assert_eq!(info.mime_type, "video/VP9");
        let modes: Vec<Mode> = info.codecs.iter().map(|c| c.video_layer_mode()).collect();
        assert_eq!(
            modes,
            [
                Mode::MultipleSpatialLayersPerStream,
                Mode::OneSpatialLayerPerStream
            ]
        );
        let qualities: Vec<i32> = info.codecs[1].layers.iter().map(|l| l.quality).collect();
        assert_eq!(qualities, [0, 1, 2]);
        assert_eq!(info.packet_trailer_features, [1]);
    }

    #[test]
    fn a_microphone_has_one_codec_that_is_not_known_yet() {
        let request = proto::AddTrackRequest {
            cid: "c".to_owned(),
            r#type: TrackType::Audio as i32,
            source: TrackSource::Microphone as i32,
            audio_features: vec![AudioTrackFeature::TfStereo as i32],
            ..Default::default()
        };

        let info = track_info(&request, "TR_AM1".to_owned());

        assert_eq!(info.codecs.len(), 1);
        assert_eq!(
            (info.codecs[0].cid.as_str(), info.mime_type.as_str()),
            ("c", "")
        );
        #[expect(deprecated, reason = "older clients read it")]
        let stereo = info.stereo;
        assert!(stereo);
    }

    #[test]
    fn a_backup_codec_adds_its_cid_or_itself() {
        let mut info = track_info(&camera(&["vp9", "vp8"]), "TR_VC1".to_owned());
        let mut request = camera(&["vp8", "h264"]);
        for codec in &mut request.simulcast_codecs {
            codec.cid = format!("{}-backup", codec.codec);
        }

        merge_backup(&mut info, &request);

        let cids: Vec<&str> = info.codecs.iter().map(|codec| codec.cid.as_str()).collect();
        assert_eq!(cids, ["vp9-cid", "vp8-backup", "h264-backup"]);
    }

    #[test]
    fn what_is_too_much_or_too_little_is_refused() {
        let mut request = camera(&["vp8"]);
        assert_eq!(check(&request), Ok(Kind::Video));

        request.name = "x".repeat(LONGEST_TEXT + 1);
        assert_eq!(check(&request), Err(Invalid::TooLong));

        let mut request = camera(&["vp8"]);
        request.layers = vec![proto::VideoLayer::default(); MOST_ENTRIES + 1];
        assert_eq!(check(&request), Err(Invalid::TooMany));

        let nameless = proto::AddTrackRequest::default();
        assert_eq!(check(&nameless), Err(Invalid::NoCid));

        let mut request = camera(&["vp8"]);
        request.r#type = TrackType::Data as i32;
        assert_eq!(check(&request), Err(Invalid::NoKind));
    }

    fn camera(codecs: &[&str]) -> proto::AddTrackRequest {
        let layer = |quality| proto::VideoLayer {
            quality,
            ..Default::default()
        };
        proto::AddTrackRequest {
            cid: "c".to_owned(),
            r#type: TrackType::Video as i32,
            source: TrackSource::Camera as i32,
            layers: vec![layer(2), layer(0), layer(1)],
            simulcast_codecs: codecs
                .iter()
                .map(|codec| proto::SimulcastCodec {
                    codec: (*codec).to_owned(),
                    cid: format!("{codec}-cid"),
                    ..Default::default()
                })
                .collect(),
            packet_trailer_features: vec![1],
            ..Default::default()
        }
    }
}
