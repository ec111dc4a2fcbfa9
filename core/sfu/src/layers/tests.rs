use std::time::Duration;

use super::*;
use crate::test_time::start;

#[test]
fn three_layers_have_a_quality_each() {
    let layers = TrackLayers::new(Scalability::Simulcast, &sizes(&[180, 360, 720]));

    assert_eq!(layers.spatial_for_quality(VideoQuality::Low), 0);
    assert_eq!(layers.spatial_for_quality(VideoQuality::Medium), 1);
    assert_eq!(layers.spatial_for_quality(VideoQuality::High), 2);
    assert_eq!(layers.quality_of_spatial(2), VideoQuality::High);
}

#[test]
fn of_two_layers_medium_and_high_are_the_upper() {
    let layers = TrackLayers::new(Scalability::Simulcast, &sizes(&[180, 720]));

    assert_eq!(layers.spatial_for_quality(VideoQuality::Low), 0);
    assert_eq!(layers.spatial_for_quality(VideoQuality::Medium), 1);
    assert_eq!(layers.spatial_for_quality(VideoQuality::High), 1);
    assert_eq!(layers.quality_of_spatial(1), VideoQuality::Medium);
}

#[test]
fn a_single_layer_serves_every_quality() {
    let layers = TrackLayers::new(Scalability::Simulcast, &sizes(&[720]));

    assert_eq!(layers.spatial_for_quality(VideoQuality::High), 0);
    assert_eq!(layers.quality_of_spatial(5), VideoQuality::Low);
}

#[test]
fn layers_that_were_not_declared_count_once_they_came() {
    let mut layers = TrackLayers::new(Scalability::Svc, &[]);
    assert_eq!(layers.spatial_for_quality(VideoQuality::High), 0);

    layers.on_packet(start(), at(2, 0), 100);

    assert_eq!(layers.spatial_for_quality(VideoQuality::High), 2);
    assert_eq!(layers.spatial_for_height(100), 2);
}

#[test]
fn the_smallest_layer_that_covers_the_tile_is_chosen() {
    let layers = TrackLayers::new(Scalability::Svc, &sizes(&[180, 360, 720]));

    let chosen = [1, 180, 200, 201, 360, 400, 401, 720, 2160].map(|h| layers.spatial_for_height(h));

    assert_eq!(chosen, [0, 0, 0, 1, 1, 1, 2, 2, 2]);
}

#[test]
fn layers_beyond_the_third_are_ignored() {
    let mut layers = TrackLayers::new(Scalability::Svc, &sizes(&[1, 2, 3, 4]));
    let now = start();

    layers.on_packet(now, at(7, 7), 100);

    assert_eq!(layers.dimensions(3), None);
    let arriving: Vec<Layer> = layers
        .bitrates(now)
        .arriving()
        .map(|(layer, _)| layer)
        .collect();
    assert_eq!(arriving, [Layer::HIGHEST]);
}

#[test]
fn a_layer_arrives_until_a_second_and_a_half_of_silence() {
    let mut layers = TrackLayers::new(Scalability::Simulcast, &sizes(&[180]));
    let start = start();
    layers.on_packet(start, at(0, 0), 100);

    let after = |ms| start + Duration::from_millis(ms);

    assert!(layers.bitrates(after(1_400)).of(at(0, 0)) > 0);
    assert_eq!(layers.bitrates(after(1_500)).of(at(0, 0)), 0);
}

#[test]
fn simulcast_streams_cost_what_they_send() {
    let mut layers = TrackLayers::new(Scalability::Simulcast, &sizes(&[180, 360]));
    let end = send(
        &mut layers,
        &[(at(0, 0), 1_000), (at(0, 1), 500), (at(1, 0), 4_000)],
    );

    let bitrates = layers.bitrates(end);

    assert_near(bitrates.of(at(0, 0)), 80_000);
    assert_near(bitrates.of(at(0, 1)), 120_000);
    assert_near(bitrates.of(at(1, 0)), 320_000);
    assert_eq!(bitrates.of(at(1, 1)), 0);
}

#[test]
fn an_upper_svc_layer_costs_its_lower_ones_too() {
    let mut layers = TrackLayers::new(Scalability::Svc, &sizes(&[180, 360]));
    let packets = [
        (at(0, 0), 1_000),
        (at(0, 1), 500),
        (at(1, 0), 4_000),
        (at(1, 1), 2_000),
    ];
    let end = send(&mut layers, &packets);

    let bitrates = layers.bitrates(end);

    assert_near(bitrates.of(at(1, 0)), 400_000);
    assert_near(bitrates.of(at(1, 1)), 600_000);
}

#[test]
fn a_wished_frame_rate_caps_the_temporal_layer() {
    let mut layers = TrackLayers::new(Scalability::Simulcast, &sizes(&[180]));
    let end = send(
        &mut layers,
        &[(at(0, 0), 100), (at(0, 1), 100), (at(0, 2), 100)],
    );

    let caps = [0, 5, 7, 8, 15, 16, 60].map(|fps| layers.temporal_for_fps(end, fps));

    assert_eq!(caps, [3, 0, 0, 1, 1, 2, 2]);
}

/// Sends each packet every 100 ms for two seconds.
fn send(layers: &mut TrackLayers, packets: &[(Layer, usize)]) -> Instant {
    let start = start();
    let mut now = start;
    for tick in 0..20 {
        now = start + Duration::from_millis(100 * tick);
        for (layer, bytes) in packets {
            layers.on_packet(now, *layer, *bytes);
        }
    }
    now
}

fn assert_near(actual: u64, expected: u64) {
    let tolerance = expected / 8;
    assert!(
        actual.abs_diff(expected) <= tolerance,
        "{actual} for {expected}"
    );
}

fn at(spatial: u8, temporal: u8) -> Layer {
    Layer { spatial, temporal }
}

fn sizes(heights: &[u32]) -> Vec<Dimensions> {
    let size = |height: &u32| Dimensions {
        width: height * 16 / 9,
        height: *height,
    };
    heights.iter().map(size).collect()
}
