//! Which layers of a published video arrive, what they cost, and which one somebody means.

mod arrivals;

use std::time::Instant;

use arrivals::Arrivals;

/// A quality of one video: which picture size, which frame rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Layer {
    /// Index of the simulcast stream, lowest first, or the spatial id of a scalable stream.
    pub spatial: u8,
    pub temporal: u8,
}

impl Layer {
    pub const HIGHEST: Self = Self {
        spatial: SPATIAL_LAYERS as u8 - 1,
        temporal: TEMPORAL_LAYERS as u8 - 1,
    };
}

/// As many picture sizes as clients publish.
pub const SPATIAL_LAYERS: usize = 3;
/// As many frame rates as VP8 can number.
pub const TEMPORAL_LAYERS: usize = 4;

/// The three words that clients have for a quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VideoQuality {
    Low,
    Medium,
    High,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimensions {
    pub width: u32,
    pub height: u32,
}

/// How a codec offers several picture sizes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalability {
    /// Each size is a stream of its own (or there is one only).
    Simulcast,
    /// One stream whose upper layers build on the lower ones.
    Svc,
}

/// Bits per second that sending up to a layer costs, zero where the layer does not arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerBitrates(pub [[u64; TEMPORAL_LAYERS]; SPATIAL_LAYERS]);

impl LayerBitrates {
    pub fn of(&self, layer: Layer) -> u64 {
        let temporals = self.0.get(usize::from(layer.spatial));
        let bitrate = temporals.and_then(|temporals| temporals.get(usize::from(layer.temporal)));
        bitrate.copied().unwrap_or(0)
    }

    /// The layers that arrive with what they cost, lowest first.
    pub fn arriving(&self) -> impl Iterator<Item = (Layer, u64)> {
        (0_u8..).zip(self.0).flat_map(|(spatial, temporals)| {
            let layers = (0_u8..).zip(temporals);
            let arriving = layers.filter(|(_, bitrate)| *bitrate > 0);
            arriving.map(move |(temporal, bitrate)| (Layer { spatial, temporal }, bitrate))
        })
    }
}

/// The layers of one published video in one codec.
#[derive(Clone, Debug)]
pub struct TrackLayers {
    scalability: Scalability,
    declared: Vec<Dimensions>,
    /// The highest spatial layer that ever came; a client may declare none.
    seen: u8,
    arrivals: [[Arrivals; TEMPORAL_LAYERS]; SPATIAL_LAYERS],
}

impl TrackLayers {
    /// `declared` are the picture sizes of AddTrack in the order of the streams, lowest first;
    /// those beyond [`SPATIAL_LAYERS`] are ignored.
    pub fn new(scalability: Scalability, declared: &[Dimensions]) -> Self {
        Self {
            scalability,
            declared: declared.iter().copied().take(SPATIAL_LAYERS).collect(),
            seen: 0,
            arrivals: Default::default(),
        }
    }

    /// One packet of this layer came. Layers beyond the highest count as the highest.
    pub fn on_packet(&mut self, now: Instant, layer: Layer, bytes: usize) {
        let highest = layer.spatial.min(Layer::HIGHEST.spatial);
        self.seen = self.seen.max(highest);
        let spatial = usize::from(highest);
        let temporal = usize::from(layer.temporal.min(Layer::HIGHEST.temporal));
        let arrivals = self.arrivals.get_mut(spatial);
        if let Some(arrivals) = arrivals.and_then(|row| row.get_mut(temporal)) {
            arrivals.add(now, bytes);
        }
    }

    /// What sending up to each layer costs, of layers that arrived in the last 1.5 seconds.
    pub fn bitrates(&mut self, now: Instant) -> LayerBitrates {
        let mut bitrates = LayerBitrates::default();
        let mut lower = [0; TEMPORAL_LAYERS];
        for (row, arrivals) in bitrates.0.iter_mut().zip(&mut self.arrivals) {
            let mut sum = 0;
            for ((cell, arrivals), lower) in row.iter_mut().zip(arrivals).zip(&mut lower) {
                let own = arrivals.bitrate(now);
                sum += own;
                if own > 0 {
                    *cell = sum + *lower;
                }
                if self.scalability == Scalability::Svc {
                    *lower += sum;
                }
            }
        }
        bitrates
    }

    /// The layer that a client means by LOW, MEDIUM or HIGH: with two layers MEDIUM and HIGH
    /// are the same, with one all are.
    pub fn spatial_for_quality(&self, quality: VideoQuality) -> u8 {
        (quality as u8).min(self.highest())
    }

    /// The least quality by which a client can name the layer.
    pub fn quality_of_spatial(&self, spatial: u8) -> VideoQuality {
        match spatial.min(self.highest()) {
            0 => VideoQuality::Low,
            1 => VideoQuality::Medium,
            _ => VideoQuality::High,
        }
    }

    /// The smallest layer that covers the height, else the largest.
    ///
    /// Only heights are compared, since a tile's width depends on how the page crops it.
    pub fn spatial_for_height(&self, height: u32) -> u8 {
        let covers = |declared: &Dimensions| {
            u64::from(declared.height) * 100 >= u64::from(height) * HEIGHT_TOLERANCE_PERCENT
        };
        let first = self.declared.iter().position(covers);
        first.map_or(self.highest(), |index| index as u8)
    }

    /// The temporal layer whose frame rate comes nearest to `fps` from above.
    ///
    /// Each temporal layer doubles the rate; the highest that arrives is taken for
    /// [`FULL_FRAME_RATE`]. No wish (0) is no cap.
    pub fn temporal_for_fps(&mut self, now: Instant, fps: u32) -> u8 {
        let bitrates = self.bitrates(now);
        let highest = bitrates.arriving().map(|(layer, _)| layer.temporal).max();
        let Some(highest) = highest.filter(|_| fps > 0) else {
            return Layer::HIGHEST.temporal;
        };
        let enough = |temporal: &u8| FULL_FRAME_RATE >> (highest - temporal) >= fps;
        (0..highest).find(enough).unwrap_or(highest)
    }

    pub fn dimensions(&self, spatial: u8) -> Option<Dimensions> {
        self.declared.get(usize::from(spatial)).copied()
    }

    fn highest(&self) -> u8 {
        let declared = self.declared.len().saturating_sub(1) as u8;
        declared.max(self.seen)
    }
}

/// A picture this much smaller than its tile looks the same.
const HEIGHT_TOLERANCE_PERCENT: u64 = 90;
/// Frames per second of a camera, as clients publish it.
pub const FULL_FRAME_RATE: u32 = 30;

#[cfg(test)]
mod tests;
