//! Screens, drawn in the same way on every run: for tests and benchmarks.

#![allow(
    clippy::allow_attributes,
    dead_code,
    reason = "tests and benchmarks use parts of it each"
)]

/// Four bytes a pixel: blue, green, red, nothing.
#[derive(Clone)]
pub(crate) struct Screen {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) bytes: Vec<u8>,
}

impl Screen {
    pub(crate) fn new(width: u16, height: u16) -> Self {
        let bytes = vec![0; usize::from(width) * usize::from(height) * 4];
        Self {
            width,
            height,
            bytes,
        }
    }

    pub(crate) fn stride(&self) -> usize {
        usize::from(self.width) * 4
    }

    pub(crate) fn pixel(&mut self, x: usize, y: usize) -> &mut [u8] {
        let at = y * self.stride() + x * 4;
        &mut self.bytes[at..at + 4]
    }

    pub(crate) fn fill(&mut self, x: usize, y: usize, width: usize, height: usize, colour: u32) {
        for y in y..(y + height).min(self.height.into()) {
            for x in x..(x + width).min(self.width.into()) {
                self.pixel(x, y).copy_from_slice(&colour.to_le_bytes());
            }
        }
    }

    /// Up, by so many pixels; what was below stays.
    pub(crate) fn scroll(&mut self, x: usize, y: usize, width: usize, height: usize, by: usize) {
        let stride = self.stride();
        for y in y..y + height - by {
            let from = (y + by) * stride + x * 4;
            self.bytes
                .copy_within(from..from + width * 4, y * stride + x * 4);
        }
    }

    /// Letters of strokes with soft edges, `advance` pixels apart, to a quarter.
    pub(crate) fn write(&mut self, x: f32, y: usize, advance: f32, ink: u32, text: &str) {
        for (at, letter) in text
            .chars()
            .enumerate()
            .filter(|(_, letter)| *letter != ' ')
        {
            let left = ((x + at as f32 * advance) * 4.0).round() / 4.0;
            let first = left as usize;
            if first + CELL >= self.width.into() || y + LINE > self.height.into() {
                return;
            }
            for dy in 0..LINE {
                for dx in 0..CELL {
                    let place = ((first + dx) as f32 - left, dy as f32);
                    let covered = covered(letter, place);
                    let pixel = self.pixel(first + dx, y + dy);
                    for (channel, ink) in pixel.iter_mut().zip(ink.to_le_bytes()) {
                        let paper = f32::from(*channel);
                        *channel = (paper + (f32::from(ink) - paper) * covered) as u8;
                    }
                }
            }
        }
    }
}

/// Of 1920x1080: a title, a list, a page of code and a page of prose, 8,000 letters in all, at the quarters of pixels.
pub(crate) fn text() -> Screen {
    let mut screen = Screen::new(1_920, 1_080);
    screen.fill(0, 0, 1_920, 1_080, 0xff_ffff);
    screen.fill(0, 0, 1_920, 36, 0xcc_d6e6);
    screen.fill(0, 36, 220, 1_044, 0xf3_f3f3);
    screen.fill(219, 36, 1, 1_044, 0xc0_c0c0);
    screen.write(
        12.0,
        9,
        8.4,
        0x11_2233,
        "File Edit View Patient Orders Results Help",
    );
    for line in 0..30 {
        screen.write(12.0, 50 + line * 34, 7.3, 0x33_3333, &words(900 + line, 22));
    }
    for line in 0..LINES {
        write_code(&mut screen, line, line);
        let length = 60 + (hash(line as u32, 4) % 38) as usize;
        screen.write(
            1_150.0,
            TOP + line * LINE,
            7.3,
            0x22_2222,
            &words(500 + line, length),
        );
    }
    screen
}

/// The page of code goes on by so many lines, from the line that comes first.
pub(crate) fn scroll_code(screen: &mut Screen, first: usize, by: usize) {
    screen.scroll(CODE_X, TOP, CODE_WIDTH, LINES * LINE, by * LINE);
    screen.fill(
        CODE_X,
        TOP + (LINES - by) * LINE,
        CODE_WIDTH,
        by * LINE,
        0xff_ffff,
    );
    for line in LINES - by..LINES {
        write_code(screen, line, first + line);
    }
}

/// The next letter, below the page of code, over one of before at the row's end. Returns where: x, y, width, height.
pub(crate) fn type_letter(screen: &mut Screen, at: usize) -> [u16; 4] {
    let (column, row) = (at % 64, at / 64);
    let letter = char::from(b'a' + (hash(row as u32, column as u32) % 26) as u8);
    let (x, y) = (CODE_X + 8 + column * CELL, TOP + LINES * LINE);
    screen.fill(x, y, CELL, LINE, 0xff_ffff);
    screen.write(x as f32, y, CELL as f32, 0x22_2222, &letter.to_string());
    [x as u16, y as u16, CELL as u16, LINE as u16]
}

/// Where the page of code is: x, y, width, height.
pub(crate) const CODE: [usize; 4] = [CODE_X, TOP, CODE_WIDTH, LINES * LINE];

/// 1400x900 of shapes under noise, as twelve bits mapped to grey, on a black screen of 1920x1080.
pub(crate) fn scan(seed: u32) -> Screen {
    let mut screen = Screen::new(1_920, 1_080);
    let mut noise = Noise(seed.wrapping_mul(0x9e37_79b9) | 1);
    for y in 0..900 {
        for x in 0..1_400 {
            let (across, down) = (x as f32 / 180.0, y as f32 / 140.0);
            let tissue = 2_000.0 + 1_400.0 * across.sin() * down.cos();
            let twelve_bits = (tissue + noise.normal() * 86.0).clamp(0.0, 4_095.0);
            let grey = (twelve_bits / 16.0) as u8;
            screen
                .pixel(260 + x, 90 + y)
                .copy_from_slice(&[grey, grey, grey, 0]);
        }
    }
    screen
}

fn write_code(screen: &mut Screen, row: usize, line: usize) {
    let indent = (hash(line as u32, 1) % 5) as usize;
    let length = 10 + (hash(line as u32, 2) % 70) as usize;
    let ink = [0x22_2222, 0x22_2222, 0xa6_26a4, 0x2f_7d32][(hash(line as u32, 3) % 4) as usize];
    let x = (CODE_X + 8 + indent * 36) as f32;
    screen.write(x, TOP + row * LINE, 9.0, ink, &words(line, length));
}

/// Of a small vocabulary, common ones more often.
fn words(line: usize, length: usize) -> String {
    let mut text = String::new();
    for at in 0.. {
        let pick = hash(line as u32, 100 + at);
        let word = (pick % 300) * (pick >> 16 & 0xff) / 256;
        for letter in 0..2 + hash(word, 7) % 7 {
            text.push(char::from(b'a' + (hash(word, 20 + letter) % 26) as u8));
        }
        text.push(' ');
        if text.len() >= length {
            break;
        }
    }
    text.truncate(length);
    text
}

/// How much of a pixel a letter's strokes cover.
fn covered(letter: char, (x, y): (f32, f32)) -> f32 {
    let strokes = (0..3_u32).map(|stroke| {
        let end = |which: u32| {
            let pick = hash(letter as u32, stroke * 2 + which);
            (
                1.5 + (pick % 4) as f32 * 1.3,
                4.5 + (pick >> 8 & 3) as f32 * 3.0,
            )
        };
        distance((x, y), end(0), end(1))
    });
    let nearest = strokes.fold(f32::MAX, f32::min);
    (1.2 - nearest).clamp(0.0, 1.0)
}

fn distance((x, y): (f32, f32), (ax, ay): (f32, f32), (bx, by): (f32, f32)) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = (dx * dx + dy * dy).max(0.01);
    let along = (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

fn hash(one: u32, other: u32) -> u32 {
    let mixed =
        (one.wrapping_mul(0x9e37_79b1) ^ other.wrapping_mul(0x85eb_ca77)).wrapping_mul(0xc2b2_ae3d);
    (mixed ^ mixed >> 15).wrapping_mul(0x27d4_eb2f) >> 3
}

struct Noise(u32);

impl Noise {
    /// About normal, of deviation one.
    fn normal(&mut self) -> f32 {
        let sum: f32 = (0..12).map(|_| self.next()).sum();
        sum - 6.0
    }

    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / (1 << 24) as f32
    }
}

const CELL: usize = 9;
const LINE: usize = 17;
const LINES: usize = 59;
const TOP: usize = 44;
const CODE_X: usize = 228;
const CODE_WIDTH: usize = 900;
