//! The lines of our descriptions that the engine has no say for.

use std::collections::BTreeMap;

use super::line::{Description, MediaLine, attribute, find, payload_attribute};
use super::offer::attribute_of_ssrc;
use super::{Codec, Direction, Mid, Offer};

/// What each section of an offer is answered with. A section that is in neither table is
/// answered as the engine does when the client sends on it, and `inactive` when it only receives.
#[derive(Clone, Debug, Default)]
pub struct AnswerPlan {
    /// The client sends here.
    pub receive: BTreeMap<Mid, Receive>,
    /// The client receives this track here.
    pub send: BTreeMap<Mid, Source>,
}

/// How a client is to encode what it sends on a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receive {
    /// Goes first, because browsers send the first codec of the answer. `None`: as offered.
    pub codec: Option<Codec>,
    /// RED goes before Opus where it was offered, else it is left out.
    pub red: bool,
    /// Opus stops while there is silence.
    pub dtx: bool,
    pub stereo: bool,
}

/// Who a section's media comes from, as `a=msid:<stream> <track>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// For LiveKit `PA_…|camera` or `PA_…|TR_…`.
    pub stream_id: String,
    /// For LiveKit `TR_…`.
    pub track_id: String,
    /// Opus with two channels: the client is told to decode both.
    pub stereo: bool,
}

/// Rewrites an answer that the engine made to `offer`.
pub fn rewrite_answer(answer: &str, offer: &Offer, plan: &AnswerPlan) -> String {
    rewrite(answer, |mid, section| {
        let theirs = offer.section(mid).map(|s| s.direction);
        let (they_send, they_receive) =
            theirs.map_or((false, false), |d| (d.sends(), d.receives()));
        let source = plan.send.get(&mid).filter(|_| they_receive);
        section.direct(source, they_send);
        if they_send && let Some(receive) = plan.receive.get(&mid) {
            section.ask_for(receive);
        }
    })
}

/// Rewrites an offer that the engine made: the sections of `sources` carry these tracks, the
/// others nothing.
pub fn rewrite_offer(offer: &str, sources: &BTreeMap<Mid, Source>) -> String {
    rewrite(offer, |mid, section| {
        section.direct(sources.get(&mid), false);
    })
}

/// The text with each media section changed; the data section and a text that can't be read
/// stay as they are.
fn rewrite(text: &str, mut change: impl FnMut(Mid, &mut SectionText)) -> String {
    let Ok(description) = Description::split(text) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(text.len());
    let mut write = |line: &str| {
        out.push_str(line);
        out.push_str("\r\n");
    };
    description.session.iter().for_each(|line| write(line));
    for lines in &description.sections {
        let is_data = lines
            .first()
            .is_some_and(|m| m.starts_with("m=application"));
        match find(lines, "mid").and_then(Mid::new) {
            Some(mid) if !is_data => {
                let mut section = SectionText::new(lines);
                change(mid, &mut section);
                section.lines.iter().for_each(|line| write(line));
            }
            _ => lines.iter().for_each(|line| write(line)),
        }
    }
    out
}

/// One media section that is being rewritten.
struct SectionText {
    lines: Vec<String>,
}

impl SectionText {
    fn new(lines: &[&str]) -> Self {
        Self {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    /// Sends `source`, or nothing; receives if it may and the engine does.
    fn direct(&mut self, source: Option<&Source>, may_receive: bool) {
        let engine = Direction::of(&self.borrowed());
        let source = source.filter(|_| engine.sends());
        let direction = Direction::from_parts(source.is_some(), may_receive && engine.receives());
        let msid = source.map(|s| format!("a=msid:{} {}", s.stream_id, s.track_id));

        self.lines.retain(|line| {
            let of_source = attribute(line, "msid").is_some()
                || attribute_of_ssrc(&line.as_str())
                    .is_some_and(|(_, rest)| rest.starts_with("msid:"));
            let of_ssrc =
                attribute(line, "ssrc").is_some() || attribute(line, "ssrc-group").is_some();
            !of_source && (source.is_some() || !of_ssrc)
        });
        for line in &mut self.lines {
            if Direction::of_line(line).is_some() {
                direction.line().clone_into(line);
                if let Some(msid) = &msid {
                    line.push_str("\r\n");
                    line.push_str(msid);
                }
            }
        }
        if source.is_some_and(|s| s.stereo) {
            self.extend_format(Codec::Opus, "stereo=1;sprop-stereo=1");
        }
    }

    /// Orders the codecs, and says how Opus is to be encoded.
    fn ask_for(&mut self, receive: &Receive) {
        let red = self.payload_types(Codec::Red);
        if !receive.red {
            red.iter().for_each(|pt| self.remove(pt));
        }
        if let Some(codec) = receive.codec {
            let mut first = self.payload_types(codec);
            if receive.red && codec == Codec::Opus {
                first.splice(0..0, red);
            }
            self.put_first(&first);
        }
        if receive.dtx {
            self.extend_format(Codec::Opus, "usedtx=1");
        }
        if receive.stereo {
            self.extend_format(Codec::Opus, "stereo=1;maxaveragebitrate=510000");
        }
    }

    /// The payload types of this codec, in the order of the `m=` line.
    fn payload_types(&self, codec: Codec) -> Vec<String> {
        let lines = self.borrowed();
        let is_codec = |format: &&str| {
            lines
                .iter()
                .filter_map(|line| payload_attribute(line, "rtpmap"))
                .filter(|(payload_type, _)| payload_type == format)
                .filter_map(|(_, encoding)| encoding.split('/').next())
                .any(|name| Codec::from_name(name) == Some(codec))
        };
        self.head()
            .map(|head| {
                head.formats
                    .into_iter()
                    .filter(is_codec)
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default()
    }

    fn head(&self) -> Option<MediaLine<'_>> {
        self.lines.first().and_then(|line| MediaLine::parse(line))
    }

    fn set_formats(&mut self, formats: impl FnOnce(Vec<&str>) -> Vec<&str>) {
        let line = self.head().map(|head| {
            let formats = formats(head.formats).join(" ");
            format!("m={} {} {} {formats}", head.media, head.port, head.protocol)
        });
        if let (Some(line), Some(first)) = (line, self.lines.first_mut()) {
            *first = line;
        }
    }

    fn put_first(&mut self, payload_types: &[String]) {
        self.set_formats(|mut formats| {
            // Stable: what is not named keeps its order.
            formats.sort_by_key(|format| {
                let place = payload_types.iter().position(|pt| pt == format);
                place.unwrap_or(payload_types.len())
            });
            formats
        });
    }

    fn remove(&mut self, payload_type: &str) {
        self.set_formats(|mut formats| {
            formats.retain(|format| *format != payload_type);
            formats
        });
        self.lines.retain(|line| {
            ["rtpmap", "fmtp", "rtcp-fb"]
                .into_iter()
                .filter_map(|name| payload_attribute(line, name))
                .all(|(pt, _)| pt != payload_type)
        });
    }

    /// Appends to the codec's `a=fmtp`, or adds one after its `a=rtpmap`.
    fn extend_format(&mut self, codec: Codec, parameters: &str) {
        for payload_type in self.payload_types(codec) {
            let is = |line: &String, name: &str| {
                payload_attribute(line, name).is_some_and(|(pt, _)| pt == payload_type)
            };
            if let Some(format) = self.lines.iter_mut().find(|line| is(line, "fmtp")) {
                format.push(';');
                format.push_str(parameters);
            } else if let Some(map) = self.lines.iter().position(|line| is(line, "rtpmap")) {
                let format = format!("a=fmtp:{payload_type} {parameters}");
                self.lines.insert(map + 1, format);
            }
        }
    }

    fn borrowed(&self) -> Vec<&str> {
        self.lines.iter().map(String::as_str).collect()
    }
}

#[cfg(test)]
mod tests;
