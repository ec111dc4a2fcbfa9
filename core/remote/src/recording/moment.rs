//! One thing that a recording tells.

use conclave_protocol::feedback::FeedbackAnswers;
use conclave_protocol::personal::Words;
use conclave_protocol::remote::{
    Button, Capability, DiagnosticReport, Digest, EndReason, FromAgent, MonitorId, Point,
};

use super::answers;

/// Without `Debug`: it shows what people see and write.
#[derive(Clone, PartialEq, Eq)]
pub enum Moment {
    /// What follows of the picture is drawn from nothing.
    Anew,
    /// A message as a viewer gets it, of the picture or the pointer.
    Seen(Vec<u8>),
    /// Nothing is shown any more.
    Dark,
    WrittenByTechnician(Words),
    WrittenByPerson(Words),
    Permitted(Capability),
    Withdrawn(Capability),
    ControlBegan,
    ControlEnded {
        injected: u64,
        dropped: u64,
    },
    /// By the technician.
    Clicked {
        button: Button,
        at: Option<Point>,
    },
    /// By the technician, counted over a second at the most.
    Typed {
        /// By their place.
        keys: u16,
        characters: u16,
    },
    /// From here on what the technician types is not counted: a field for a password has the keyboard.
    Redacted,
    /// The local person's own hand came first.
    LocalOverride,
    /// To the computer.
    FileIn {
        size: u64,
        sha256: Digest,
    },
    /// From the computer.
    FileOut {
        size: u64,
        sha256: Digest,
    },
    /// Facts about the computer were sent. They stand before it.
    Diagnosed,
    Ended(EndReason),
    /// Facts about the computer, as the technician gets them.
    Facts(DiagnosticReport),
    /// What the person who was helped thinks of it; what is absent was not answered.
    Judged {
        solved: Option<bool>,
        /// 1 to 5.
        rating: Option<u8>,
    },
    /// The same, to what the organisation asks of its own. As long whatever was said, and whether anything was.
    Answered(FeedbackAnswers),
}

/// What is left of a record.
struct Reader<'a>(&'a [u8]);

impl Moment {
    /// A byte that names it, and its fields.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.push(self.code());
        match self {
            Self::Anew
            | Self::Dark
            | Self::ControlBegan
            | Self::Redacted
            | Self::LocalOverride
            | Self::Diagnosed => {}
            Self::Seen(message) => out.extend_from_slice(message),
            Self::WrittenByTechnician(words) | Self::WrittenByPerson(words) => {
                out.extend_from_slice(words.as_str().as_bytes());
            }
            Self::Permitted(capability) | Self::Withdrawn(capability) => {
                out.push(place(Capability::ALL, capability));
            }
            Self::ControlEnded { injected, dropped } => {
                out.extend_from_slice(&injected.to_be_bytes());
                out.extend_from_slice(&dropped.to_be_bytes());
            }
            Self::Clicked { button, at } => {
                out.push(place(Button::ALL, button));
                at.iter().for_each(|at| write_point(*at, out));
            }
            Self::Typed { keys, characters } => {
                out.extend_from_slice(&keys.to_be_bytes());
                out.extend_from_slice(&characters.to_be_bytes());
            }
            Self::FileIn { size, sha256 } | Self::FileOut { size, sha256 } => {
                out.extend_from_slice(&size.to_be_bytes());
                out.extend_from_slice(&sha256.0);
            }
            Self::Ended(reason) => out.push(place(EndReason::ALL, reason)),
            // In the form that it has on the way to the technician.
            Self::Facts(report) => out.extend(FromAgent::Diagnostics(report.clone()).encode()),
            Self::Judged { solved, rating } => {
                out.push(place(SOLVED, solved));
                out.push(rating.unwrap_or_default());
            }
            Self::Answered(said) => answers::write(said, out),
        }
    }

    /// `None`: it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (code, fields) = bytes.split_first()?;
        let mut reader = Reader(fields);
        let moment = reader.moment(*code)?;
        reader.0.is_empty().then_some(moment)
    }

    fn code(&self) -> u8 {
        match self {
            Self::Anew => 0,
            Self::Seen(_) => 1,
            Self::Dark => 2,
            Self::WrittenByTechnician(_) => 3,
            Self::WrittenByPerson(_) => 4,
            Self::Permitted(_) => 5,
            Self::Withdrawn(_) => 6,
            Self::ControlBegan => 7,
            Self::ControlEnded { .. } => 8,
            Self::Clicked { .. } => 9,
            Self::Typed { .. } => 10,
            Self::Redacted => 11,
            Self::LocalOverride => 12,
            Self::FileIn { .. } => 13,
            Self::FileOut { .. } => 14,
            Self::Diagnosed => 15,
            Self::Ended(_) => 16,
            Self::Facts(_) => 17,
            Self::Judged { .. } => 18,
            Self::Answered(_) => 19,
        }
    }
}

impl Reader<'_> {
    fn moment(&mut self, code: u8) -> Option<Moment> {
        Some(match code {
            0 => Moment::Anew,
            1 => Moment::Seen(self.rest().to_vec()),
            2 => Moment::Dark,
            3 => Moment::WrittenByTechnician(self.words()?),
            4 => Moment::WrittenByPerson(self.words()?),
            5 => Moment::Permitted(self.of(Capability::ALL)?),
            6 => Moment::Withdrawn(self.of(Capability::ALL)?),
            7 => Moment::ControlBegan,
            8 => Moment::ControlEnded {
                injected: self.u64()?,
                dropped: self.u64()?,
            },
            9 => Moment::Clicked {
                button: self.of(Button::ALL)?,
                at: self.point()?,
            },
            10 => Moment::Typed {
                keys: self.u16()?,
                characters: self.u16()?,
            },
            11 => Moment::Redacted,
            12 => Moment::LocalOverride,
            13 => Moment::FileIn {
                size: self.u64()?,
                sha256: Digest(self.array()?),
            },
            14 => Moment::FileOut {
                size: self.u64()?,
                sha256: Digest(self.array()?),
            },
            15 => Moment::Diagnosed,
            16 => Moment::Ended(self.of(EndReason::ALL)?),
            17 => Moment::Facts(self.report()?),
            18 => Moment::Judged {
                solved: self.of(SOLVED)?,
                rating: self.rating()?,
            },
            19 => Moment::Answered(answers::read(self.rest())?),
            _ => return None,
        })
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn rest(&mut self) -> &[u8] {
        std::mem::take(&mut self.0)
    }

    fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    fn words(&mut self) -> Option<Words> {
        let text = std::str::from_utf8(self.rest()).ok()?;
        Words::parse(text).ok()
    }

    fn report(&mut self) -> Option<DiagnosticReport> {
        match FromAgent::decode(self.rest()) {
            Ok(FromAgent::Diagnostics(report)) => Some(report),
            _ => None,
        }
    }

    /// Nothing for 0.
    fn rating(&mut self) -> Option<Option<u8>> {
        let [rating] = self.array()?;
        (rating <= BEST).then_some((rating > 0).then_some(rating))
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let [place] = self.array()?;
        all.get(usize::from(place)).copied()
    }

    /// Nothing where nothing is left.
    fn point(&mut self) -> Option<Option<Point>> {
        if self.0.is_empty() {
            return Some(None);
        }
        let [monitor] = self.array()?;
        Some(Some(Point {
            monitor: MonitorId(monitor),
            x: self.u16()?,
            y: self.u16()?,
        }))
    }
}

/// Whether it was solved, as far as somebody said so.
const SOLVED: &[Option<bool>] = &[None, Some(true), Some(false)];
/// Of a rating.
const BEST: u8 = 5;

fn write_point(at: Point, out: &mut Vec<u8>) {
    out.push(at.monitor.0);
    out.extend_from_slice(&at.x.to_be_bytes());
    out.extend_from_slice(&at.y.to_be_bytes());
}

/// Each list is far shorter than 256, and names every one.
fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    let at = all.iter().position(|other| other == one);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}
