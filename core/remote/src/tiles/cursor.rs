//! The pointer, which is not part of the picture.

use conclave_protocol::remote::MonitorId;

use super::bits::{BitReader, BitWriter};
use super::block::Block;
use super::content::{Content, Kind};
use super::frame::COLOUR;
use super::wire::{LARGEST_MESSAGE, Malformed, Reader, Writer};

/// As the viewer knows it.
#[derive(Default)]
pub struct Cursor {
    shape: Option<CursorShape>,
    place: Option<CursorPlace>,
}

/// What it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorShape {
    width: u8,
    height: u8,
    hot: (u8, u8),
    pixels: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorPlace {
    pub monitor: MonitorId,
    pub x: u16,
    pub y: u16,
}

/// To the viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CursorMessage {
    Shape(CursorShape),
    At(CursorPlace),
    Hidden,
}

impl Cursor {
    pub fn shape(&self) -> Option<&CursorShape> {
        self.shape.as_ref()
    }

    /// Of its hot spot; `None` while it is hidden.
    pub fn place(&self) -> Option<CursorPlace> {
        self.place
    }

    pub(super) fn receive(&mut self, message: CursorMessage) {
        match message {
            CursorMessage::Shape(shape) => self.shape = Some(shape),
            CursorMessage::At(place) => self.place = Some(place),
            CursorMessage::Hidden => self.place = None,
        }
    }
}

impl CursorShape {
    /// To both sides; larger ones are cut or made smaller by who captures them.
    pub const LONGEST_SIDE: u8 = 64;

    /// Pixels as `0xAARRGGBB`, the colours multiplied by the opacity. `None` if they don't fill such a shape, or if the
    /// hot spot is outside.
    pub fn new(width: u8, height: u8, hot: (u8, u8), pixels: Vec<u32>) -> Option<Self> {
        let shape = Self {
            width,
            height,
            hot,
            pixels,
        };
        let area = usize::from(width) * usize::from(height);
        (shape.is_bounded() && shape.pixels.len() == area).then_some(shape)
    }

    pub fn width(&self) -> u8 {
        self.width
    }

    pub fn height(&self) -> u8 {
        self.height
    }

    /// The pixel that points.
    pub fn hot(&self) -> (u8, u8) {
        self.hot
    }

    pub fn pixels(&self) -> &[u32] {
        &self.pixels
    }

    fn is_bounded(&self) -> bool {
        let sides = [self.width, self.height];
        let has_extent = sides
            .iter()
            .all(|side| (1..=Self::LONGEST_SIDE).contains(side));
        has_extent && self.hot.0 < self.width && self.hot.1 < self.height
    }

    fn read(mut reader: Reader<'_>) -> Result<Self, Malformed> {
        let mut shape = Self {
            width: reader.u8()?,
            height: reader.u8()?,
            hot: (reader.u8()?, reader.u8()?),
            pixels: Vec::new(),
        };
        if !shape.is_bounded() {
            return Err(Malformed);
        }
        let mut bits = BitReader::new(reader.rest());
        let mut content = Content::new(MEMORY_BITS);
        let mut layers = shape.layers();
        for layer in &mut layers {
            content.code(&mut bits, layer, Kind::Raw);
        }
        let [colours, opacities] = layers;
        let layers = colours.pixels.iter().zip(opacities.pixels);
        shape.pixels = layers
            .map(|(colour, opacity)| opacity << 24 | colour)
            .collect();
        bits.is_done().then_some(shape).ok_or(Malformed)
    }

    fn write(&self, writer: &mut Writer) {
        let fields = [self.width, self.height, self.hot.0, self.hot.1];
        fields.iter().for_each(|field| writer.u8(*field));
        let packed = self.packed(Kind::of);
        match packed.len() < LARGEST_MESSAGE / 2 {
            true => writer.bytes(&packed),
            false => writer.bytes(&self.packed(|_| Kind::Raw)),
        }
    }

    fn packed(&self, kind: impl Fn(&Block) -> Kind) -> Vec<u8> {
        let mut bits = BitWriter::new();
        let mut content = Content::new(MEMORY_BITS);
        for mut layer in self.layers() {
            let kind = kind(&layer);
            content.code(&mut bits, &mut layer, kind);
        }
        bits.finish()
    }

    /// The colours, and the opacities as greys.
    fn layers(&self) -> [Block; 2] {
        let mut colours = Block::new(self.width.into(), self.height.into());
        let mut opacities = colours.clone();
        let layers = colours.pixels.iter_mut().zip(&mut opacities.pixels);
        for ((colour, opacity), pixel) in layers.zip(&self.pixels) {
            *colour = pixel & COLOUR;
            *opacity = pixel >> 24;
        }
        [colours, opacities]
    }
}

impl CursorMessage {
    pub(super) fn read(kind: u8, mut reader: Reader<'_>) -> Result<Self, Malformed> {
        let message = match kind {
            SHAPE => return CursorShape::read(reader).map(Self::Shape),
            AT => Self::At(CursorPlace {
                monitor: MonitorId(reader.u8()?),
                x: reader.u16()?,
                y: reader.u16()?,
            }),
            HIDDEN => Self::Hidden,
            _ => return Err(Malformed),
        };
        reader.close()?;
        Ok(message)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::open(self.kind());
        match self {
            Self::Shape(shape) => shape.write(&mut writer),
            Self::At(place) => {
                writer.u8(place.monitor.0);
                writer.u16(place.x);
                writer.u16(place.y);
            }
            Self::Hidden => {}
        }
        writer.close()
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Shape(_) => SHAPE,
            Self::At(_) => AT,
            Self::Hidden => HIDDEN,
        }
    }
}

const SHAPE: u8 = 1;
const AT: u8 = 2;
const HIDDEN: u8 = 3;
const MEMORY_BITS: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read_as_they_were_written() {
        let arrow = |at: u32| if at % 24 < at / 24 { 0xff00_0000 } else { 0 };
        let noise = |at: u32| at.wrapping_mul(2_654_435_761);
        let shapes = [
            CursorShape::new(24, 24, (0, 0), (0..24 * 24).map(arrow).collect()),
            CursorShape::new(64, 64, (63, 63), (0..64 * 64).map(noise).collect()),
            CursorShape::new(1, 1, (0, 0), vec![0x8000_ff00]),
        ];
        for shape in shapes {
            let message = CursorMessage::Shape(shape.unwrap());
            let bytes = message.encode();

            assert!(bytes.len() <= LARGEST_MESSAGE);
            assert_eq!(read(&bytes), Ok(message));
            assert!(read(&bytes[..bytes.len() - 1]).is_err());
        }
    }

    #[test]
    fn an_arrow_takes_little() {
        let arrow = |at: u32| if at % 24 < at / 24 { 0xff00_0000 } else { 0 };
        let shape = CursorShape::new(24, 24, (0, 0), (0..24 * 24).map(arrow).collect());

        let bytes = CursorMessage::Shape(shape.unwrap()).encode();
        assert!(bytes.len() < 200, "{}", bytes.len());
    }

    #[test]
    fn places_are_read_as_they_were_written() {
        let place = CursorPlace {
            monitor: MonitorId(1),
            x: 2,
            y: 3_000,
        };
        for message in [CursorMessage::At(place), CursorMessage::Hidden] {
            let bytes = message.encode();

            assert_eq!(read(&bytes), Ok(message));
            assert!(read(&[bytes.as_slice(), &[0]].concat()).is_err());
        }
    }

    #[test]
    fn a_shape_has_an_extent_within_bounds_and_points_inside() {
        let shape = |width: u8, height: u8, hot| {
            let area = usize::from(width) * usize::from(height);
            CursorShape::new(width, height, hot, vec![0; area])
        };

        assert!(shape(64, 64, (0, 0)).is_some());
        assert!(shape(65, 1, (0, 0)).is_none() && shape(0, 1, (0, 0)).is_none());
        assert!(shape(2, 2, (2, 0)).is_none());
        assert!(CursorShape::new(2, 2, (0, 0), vec![0; 3]).is_none());
        assert!(read(&[1, SHAPE, 65, 1, 0, 0, 0, 0, 0, 0]).is_err());
    }

    fn read(bytes: &[u8]) -> Result<CursorMessage, Malformed> {
        let (kind, reader) = Reader::open(bytes)?;
        CursorMessage::read(kind, reader)
    }
}
