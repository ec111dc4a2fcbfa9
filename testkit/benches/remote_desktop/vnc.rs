//! A viewer of TigerVNC's: RFB 3.8, with Tight where nothing is lost, and copies of what moved.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use conclave_remote::tiles::Rect;

use crate::tight::{Source, Tight};
use crate::viewer::Viewer;

pub(crate) struct Vnc {
    wire: Wire,
    tight: Tight,
    picture: Vec<u32>,
}

/// Counts what is read.
struct Wire {
    stream: BufReader<TcpStream>,
    bytes: u64,
}

const WIDTH: usize = 1_920;
const HEIGHT: usize = 1_080;
const PATIENCE: Duration = Duration::from_secs(60);
const RAW: i32 = 0;
const COPY: i32 = 1;
const TIGHT: i32 = 7;
/// The letter a.
const LETTER: u32 = 0x61;
/// 32 bits a pixel, 24 of them used, little-endian, true colours of 255 each, at 16, 8 and 0.
const FORMAT: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];

impl Vnc {
    /// A server takes connections of viewers a little after those of programs.
    pub(crate) fn connect(server: SocketAddr) -> anyhow::Result<Self> {
        let start = Instant::now();
        let stream = loop {
            match TcpStream::connect(server) {
                Ok(stream) => break stream,
                Err(error) => ensure!(start.elapsed() < PATIENCE, "{error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let stream = BufReader::new(stream);
        let mut viewer = Self {
            wire: Wire { stream, bytes: 0 },
            tight: Tight::new(),
            picture: vec![0; WIDTH * HEIGHT],
        };
        viewer.shake()?;
        Ok(viewer)
    }

    /// From asking to the whole picture; and of how many bytes it is.
    pub(crate) fn sees(&mut self) -> anyhow::Result<(Duration, u64)> {
        let start = Instant::now();
        let before = self.wire.bytes;
        self.ask(false)?;
        while !self.message()? {}
        Ok((start.elapsed(), self.wire.bytes - before))
    }

    fn shake(&mut self) -> anyhow::Result<()> {
        ensure!(self.wire.bytes(12)? == b"RFB 003.008\n", "another protocol");
        self.say(b"RFB 003.008\n")?;
        let kinds = self.wire.byte()?;
        let (no_password, shared) = (1, 1);
        ensure!(self.wire.bytes(kinds.into())?.contains(&no_password));
        self.say(&[no_password])?;
        ensure!(self.wire.bytes(4)? == [0_u8; 4], "it is refused");
        self.say(&[shared])?;
        ensure!(self.wire.u16()? == WIDTH && self.wire.u16()? == HEIGHT);
        self.wire.bytes(16)?;
        let name = self.wire.u32()?;
        self.wire.bytes(name as usize)?;
        self.say(&[&[0_u8; 4][..], &FORMAT].concat())?;
        let head = [2_u8, 0, 0, 3];
        let encodings = [TIGHT, COPY, RAW].map(i32::to_be_bytes).concat();
        self.say(&[&head[..], &encodings].concat())?;
        // It is drawn into the picture: away from what is compared.
        let [[a, b], [c, d]] = [WIDTH - 1, HEIGHT - 1].map(|side| (side as u16).to_be_bytes());
        self.say(&[5, 0, a, b, c, d])
    }

    /// For the whole, or for what changes from here on.
    fn ask(&mut self, is_incremental: bool) -> anyhow::Result<()> {
        let [a, b] = (WIDTH as u16).to_be_bytes();
        let [c, d] = (HEIGHT as u16).to_be_bytes();
        self.say(&[3, is_incremental.into(), 0, 0, 0, 0, a, b, c, d])
    }

    fn say(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.wire.stream.get_mut().write_all(bytes)?)
    }

    /// Takes one. Whether it was of the picture.
    fn message(&mut self) -> anyhow::Result<bool> {
        match self.wire.byte()? {
            0 => {
                self.update()?;
                self.ask(true)?;
                Ok(true)
            }
            // A bell.
            2 => Ok(false),
            // A clipboard.
            3 => {
                self.wire.bytes(3)?;
                let length = self.wire.u32()?;
                self.wire.bytes(length as usize)?;
                Ok(false)
            }
            other => bail!("message {other} of the server"),
        }
    }

    fn update(&mut self) -> anyhow::Result<()> {
        self.wire.byte()?;
        for _ in 0..self.wire.u16()? {
            let [x, y] = [self.wire.u16()?, self.wire.u16()?];
            let [width, height] = [self.wire.u16()?, self.wire.u16()?];
            let pixels: Vec<u32> = match self.wire.u32()?.cast_signed() {
                RAW => {
                    let bytes = self.wire.bytes(width * height * 4)?;
                    bytes.chunks_exact(4).map(little).collect()
                }
                COPY => {
                    let [x, y] = [self.wire.u16()?, self.wire.u16()?];
                    self.part(x, y, width, height)
                }
                TIGHT => self.tight.read(&mut self.wire, width, height)?,
                other => bail!("encoding {other}"),
            };
            self.put(x, y, width, &pixels);
        }
        Ok(())
    }

    fn part(&self, x: usize, y: usize, width: usize, height: usize) -> Vec<u32> {
        let rows = self.picture.chunks_exact(WIDTH).skip(y).take(height);
        let rows = rows.map(|row| row.get(x..x + width).unwrap_or_default());
        rows.flatten().copied().collect()
    }

    fn put(&mut self, x: usize, y: usize, width: usize, pixels: &[u32]) {
        let rows = self.picture.chunks_exact_mut(WIDTH).skip(y);
        for (row, pixels) in rows.zip(pixels.chunks_exact(width.max(1))) {
            if let Some(row) = row.get_mut(x..x + width) {
                row.copy_from_slice(pixels);
            }
        }
    }
}

impl Wire {
    fn u16(&mut self) -> anyhow::Result<usize> {
        let bytes = self.bytes(2)?;
        Ok(bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    }

    fn u32(&mut self) -> anyhow::Result<u32> {
        let bytes = self.bytes(4)?;
        Ok(bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
    }

    /// Whether there is something to read before this time is over.
    fn has_some_within(&mut self, time: Duration) -> anyhow::Result<bool> {
        let time = time.max(Duration::from_millis(1));
        self.stream.get_ref().set_read_timeout(Some(time))?;
        let some = match self.stream.fill_buf() {
            Ok([]) => bail!("the server is gone"),
            Ok(_) => true,
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => false,
                _ => return Err(error.into()),
            },
        };
        self.stream.get_ref().set_read_timeout(Some(PATIENCE))?;
        Ok(some)
    }
}

impl Source for Wire {
    fn bytes(&mut self, count: usize) -> anyhow::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes)?;
        self.bytes += count as u64;
        Ok(bytes)
    }
}

impl Viewer for Vnc {
    fn take(&mut self, time: Duration) -> anyhow::Result<()> {
        if self.wire.has_some_within(time)? {
            self.message()?;
        }
        Ok(())
    }

    fn pixel(&self, x: u16, y: u16) -> u32 {
        let at = usize::from(y) * WIDTH + usize::from(x);
        self.picture.get(at).copied().unwrap_or_default()
    }

    fn pixels(&self, area: Rect) -> Vec<u32> {
        let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(usize::from);
        self.part(x, y, width, height)
    }

    /// An update is taken as a whole.
    fn is_exact(&self) -> bool {
        true
    }

    fn press(&mut self) -> anyhow::Result<()> {
        let [a, b, c, d] = LETTER.to_be_bytes();
        self.say(&[4, 1, 0, 0, a, b, c, d])?;
        self.say(&[4, 0, 0, 0, a, b, c, d])
    }

    fn bytes(&self) -> u64 {
        self.wire.bytes
    }
}

fn little(bytes: &[u8]) -> u32 {
    match bytes {
        [blue, green, red, _] => u32::from_be_bytes([0, *red, *green, *blue]),
        _ => 0,
    }
}
