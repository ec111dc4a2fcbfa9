//! What TigerVNC sends where nothing may be lost: rectangles in the encoding Tight of RFB 3.8, which are one colour, a
//! palette or plain, through four streams of zlib.

use anyhow::{bail, ensure};
use flate2::{Decompress, FlushDecompress};

/// Where the bytes come from.
pub(crate) trait Source {
    fn bytes(&mut self, count: usize) -> anyhow::Result<Vec<u8>>;

    fn byte(&mut self) -> anyhow::Result<u8> {
        Ok(self.bytes(1)?.first().copied().unwrap_or_default())
    }
}

pub(crate) struct Tight {
    streams: [Decompress; 4],
}

/// What is shorter is sent as it is.
const LEAST_PACKED: usize = 12;
const FILL: u8 = 8;
const JPEG: u8 = 9;

impl Tight {
    pub(crate) fn new() -> Self {
        Self {
            streams: std::array::from_fn(|_| Decompress::new(true)),
        }
    }

    /// The pixels of a rectangle, row by row.
    pub(crate) fn read(
        &mut self,
        source: &mut dyn Source,
        width: usize,
        height: usize,
    ) -> anyhow::Result<Vec<u32>> {
        let control = source.byte()?;
        for (number, stream) in self.streams.iter_mut().enumerate() {
            if control & (1 << number) != 0 {
                stream.reset(true);
            }
        }
        let pixels = width * height;
        match control >> 4 {
            FILL => Ok(vec![colour(&source.bytes(3)?); pixels]),
            JPEG.. => bail!("something was lost on the way"),
            kind => self.basic(source, kind, width, height),
        }
    }

    fn basic(
        &mut self,
        source: &mut dyn Source,
        kind: u8,
        width: usize,
        height: usize,
    ) -> anyhow::Result<Vec<u32>> {
        let filter = if kind & 4 == 0 { 0 } else { source.byte()? };
        let stream = usize::from(kind & 3);
        match filter {
            0 => {
                let bytes = self.unpack(source, stream, width * height * 3)?;
                Ok(bytes.chunks_exact(3).map(colour).collect())
            }
            1 => {
                let count = usize::from(source.byte()?) + 1;
                let palette = source.bytes(count * 3)?;
                let palette: Vec<u32> = palette.chunks_exact(3).map(colour).collect();
                let at = |index: usize| palette.get(index).copied().unwrap_or_default();
                if count > 2 {
                    let indices = self.unpack(source, stream, width * height)?;
                    return Ok(indices.into_iter().map(|index| at(index.into())).collect());
                }
                let row = width.div_ceil(8);
                let bits = self.unpack(source, stream, row * height)?;
                let rows = bits.chunks_exact(row.max(1));
                let bit = |row: &[u8], x: usize| {
                    let byte = row.get(x / 8).copied().unwrap_or_default();
                    usize::from(byte >> (7 - x % 8) & 1)
                };
                let pixels = rows.flat_map(|row| (0..width).map(move |x| bit(row, x)));
                Ok(pixels.map(at).collect())
            }
            _ => bail!("a filter that TigerVNC does not use"),
        }
    }

    fn unpack(
        &mut self,
        source: &mut dyn Source,
        stream: usize,
        length: usize,
    ) -> anyhow::Result<Vec<u8>> {
        if length < LEAST_PACKED {
            return source.bytes(length);
        }
        let packed = compact(source)?;
        let packed = source.bytes(packed)?;
        match self.streams.get_mut(stream) {
            Some(stream) => inflate(stream, &packed, length),
            None => bail!("there are four streams"),
        }
    }
}

/// A length in one to three bytes of seven bits, the lowest first.
fn compact(source: &mut dyn Source) -> anyhow::Result<usize> {
    let mut length = 0;
    for shift in [0, 7, 14] {
        let byte = usize::from(source.byte()?);
        let (bits, is_last) = match shift {
            14 => (byte, true),
            _ => (byte & 0x7f, byte & 0x80 == 0),
        };
        length |= bits << shift;
        if is_last {
            break;
        }
    }
    Ok(length)
}

/// All of what is packed is taken, also what makes no byte: the stream goes on behind it.
fn inflate(stream: &mut Decompress, packed: &[u8], length: usize) -> anyhow::Result<Vec<u8>> {
    const SPARE: usize = 64;
    let mut bytes = vec![0; length + SPARE];
    let (mut read, mut written) = (0, 0);
    while read < packed.len() {
        let (taken, made) = (stream.total_in(), stream.total_out());
        let from = packed.get(read..).unwrap_or_default();
        let to = bytes.get_mut(written..).unwrap_or_default();
        stream.decompress(from, to, FlushDecompress::Sync)?;
        let taken = usize::try_from(stream.total_in() - taken)?;
        let made = usize::try_from(stream.total_out() - made)?;
        ensure!(taken + made > 0, "a stream that does not go on");
        (read, written) = (read + taken, written + made);
    }
    ensure!(written == length, "{written} bytes instead of {length}");
    bytes.truncate(length);
    Ok(bytes)
}

/// Red, green, blue.
fn colour(bytes: &[u8]) -> u32 {
    match bytes {
        [red, green, blue] => u32::from_be_bytes([0, *red, *green, *blue]),
        _ => 0,
    }
}
