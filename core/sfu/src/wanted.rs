//! Which layer of a video a subscriber wants, by its settings.

use std::time::Instant;

use livekit_protocol as proto;

use crate::layers::{Layer, TrackLayers, VideoQuality};

/// One subscriber's wish about one video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// `None`: nothing, until further notice.
    pub(crate) layer: Option<Layer>,
    pub(crate) priority: u8,
}

/// Without a word about it, a client that adapts starts low and asks for more.
pub(crate) fn wanted(
    now: Instant,
    setting: Option<&proto::UpdateTrackSettings>,
    layers: &mut TrackLayers,
    adaptive: bool,
    source: proto::TrackSource,
) -> Wanted {
    let usual = usual_priority(source);
    let Some(setting) = setting else {
        let quality = if adaptive {
            VideoQuality::Low
        } else {
            VideoQuality::High
        };
        return Wanted {
            layer: Some(Layer {
                spatial: layers.spatial_for_quality(quality),
                temporal: Layer::HIGHEST.temporal,
            }),
            priority: usual,
        };
    };
    let temporal = layers.temporal_for_fps(now, setting.fps);
    let spatial = if setting.disabled {
        None
    } else if setting.width > 0 && setting.height > 0 {
        Some(layers.spatial_for_height(setting.height))
    } else {
        quality(setting.quality()).map(|quality| layers.spatial_for_quality(quality))
    };
    Wanted {
        layer: spatial.map(|spatial| Layer { spatial, temporal }),
        priority: match setting.priority {
            0 => usual,
            priority => u8::try_from(priority).unwrap_or(u8::MAX),
        },
    }
}

fn quality(quality: proto::VideoQuality) -> Option<VideoQuality> {
    match quality {
        proto::VideoQuality::Low => Some(VideoQuality::Low),
        proto::VideoQuality::Medium => Some(VideoQuality::Medium),
        proto::VideoQuality::High => Some(VideoQuality::High),
        proto::VideoQuality::Off => None,
    }
}

/// Who shares a screen is looked at.
fn usual_priority(source: proto::TrackSource) -> u8 {
    match source {
        proto::TrackSource::ScreenShare => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Dimensions, Scalability};

    #[test]
    fn without_a_setting_adaptive_clients_start_low_and_others_high() {
        assert_eq!(spatial(None, true), Some(0));
        assert_eq!(spatial(None, false), Some(2));
    }

    #[test]
    fn a_size_goes_before_a_quality() {
        let setting = proto::UpdateTrackSettings {
            width: 640,
            height: 360,
            quality: proto::VideoQuality::High as i32,
            ..Default::default()
        };

        assert_eq!(spatial(Some(&setting), true), Some(1));
    }

    #[test]
    fn a_quality_is_taken_without_a_size() {
        let setting = proto::UpdateTrackSettings {
            quality: proto::VideoQuality::High as i32,
            ..Default::default()
        };

        assert_eq!(spatial(Some(&setting), true), Some(2));
    }

    #[test]
    fn a_disabled_track_is_not_wanted_and_neither_is_one_that_is_off() {
        let disabled = proto::UpdateTrackSettings {
            disabled: true,
            ..Default::default()
        };
        let off = proto::UpdateTrackSettings {
            quality: proto::VideoQuality::Off as i32,
            ..Default::default()
        };

        assert_eq!(spatial(Some(&disabled), false), None);
        assert_eq!(spatial(Some(&off), false), None);
    }

    #[test]
    fn a_shared_screen_is_more_important_unless_the_client_says_otherwise() {
        let screen = proto::TrackSource::ScreenShare;
        let camera = proto::TrackSource::Camera;
        let setting = proto::UpdateTrackSettings {
            priority: 7,
            ..Default::default()
        };

        let priority = |setting, source| {
            let now = crate::test_time::start();
            wanted(now, setting, &mut layers(), false, source).priority
        };
        assert!(priority(None, screen) > priority(None, camera));
        assert_eq!(priority(Some(&setting), camera), 7);
    }

    fn spatial(setting: Option<&proto::UpdateTrackSettings>, adaptive: bool) -> Option<u8> {
        let now = crate::test_time::start();
        let camera = proto::TrackSource::Camera;
        wanted(now, setting, &mut layers(), adaptive, camera)
            .layer
            .map(|layer| layer.spatial)
    }

    fn layers() -> TrackLayers {
        let sizes = [(320, 180), (640, 360), (1280, 720)];
        let declared = sizes.map(|(width, height)| Dimensions { width, height });
        TrackLayers::new(Scalability::Simulcast, &declared)
    }
}
