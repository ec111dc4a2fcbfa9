//! A description as lines, one list per media section.

use super::{MAX_SDP_BYTES, MAX_SECTIONS, SdpError};

/// The lines of a description, without their ends.
pub(super) struct Description<'a> {
    pub(super) session: Vec<&'a str>,
    /// Each begins with its `m=` line.
    pub(super) sections: Vec<Vec<&'a str>>,
}

impl<'a> Description<'a> {
    pub(super) fn split(text: &'a str) -> Result<Self, SdpError> {
        if text.len() > MAX_SDP_BYTES {
            return Err(SdpError::TooLong);
        }
        let mut description = Self {
            session: Vec::new(),
            sections: Vec::new(),
        };
        for line in text.lines().filter(|line| !line.is_empty()) {
            if line.starts_with("m=") {
                description.sections.push(Vec::new());
            }
            match description.sections.last_mut() {
                Some(section) => section.push(line),
                None => description.session.push(line),
            }
        }
        if description.sections.len() > MAX_SECTIONS {
            return Err(SdpError::TooManySections);
        }
        Ok(description)
    }

    /// The names in `a=group:BUNDLE`.
    pub(super) fn bundle(&self) -> impl Iterator<Item = &'a str> {
        self.session
            .iter()
            .filter_map(|line| attribute(line, "group")?.strip_prefix("BUNDLE"))
            .flat_map(str::split_whitespace)
    }
}

/// The value of `a=<name>:<value>`, or an empty one of `a=<name>`.
pub(super) fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix("a=")?.strip_prefix(name)?;
    match rest.strip_prefix(':') {
        Some(value) => Some(value.trim()),
        None => rest.is_empty().then_some(rest),
    }
}

/// The value of the first line that has this attribute.
pub(super) fn find<'a>(lines: &[&'a str], name: &str) -> Option<&'a str> {
    lines.iter().find_map(|line| attribute(line, name))
}

/// `m=<media> <port> <protocol> <formats>`.
pub(super) struct MediaLine<'a> {
    pub(super) media: &'a str,
    pub(super) port: &'a str,
    pub(super) protocol: &'a str,
    pub(super) formats: Vec<&'a str>,
}

impl<'a> MediaLine<'a> {
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.strip_prefix("m=")?.split_whitespace();
        Some(Self {
            media: words.next()?,
            port: words.next()?,
            protocol: words.next()?,
            formats: words.take(MAX_FORMATS).collect(),
        })
    }
}

/// The payload type and the rest of `a=rtpmap`, `a=fmtp` and `a=rtcp-fb`.
pub(super) fn payload_attribute<'a>(line: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (payload_type, rest) = attribute(line, name)?.split_once(' ')?;
    Some((payload_type, rest.trim()))
}

/// There are 128 payload types.
const MAX_FORMATS: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_the_section_that_they_follow() {
        let text =
            "v=0\r\na=group:BUNDLE 0 1\r\nm=audio 9 X 111\r\na=mid:0\r\nm=video 9 X 96\na=mid:1";

        let description = Description::split(text).unwrap();

        assert_eq!(description.session, ["v=0", "a=group:BUNDLE 0 1"]);
        assert_eq!(description.sections.len(), 2);
        assert_eq!(description.sections[1], ["m=video 9 X 96", "a=mid:1"]);
        assert_eq!(description.bundle().collect::<Vec<_>>(), ["0", "1"]);
    }

    #[test]
    fn an_attribute_is_not_confused_with_a_longer_one() {
        assert_eq!(attribute("a=mid:0", "mid"), Some("0"));
        assert_eq!(attribute("a=sendonly", "sendonly"), Some(""));
        assert_eq!(attribute("a=msid-semantic: WMS", "msid"), None);
        assert_eq!(attribute("a=ssrc-group:FID 1 2", "ssrc"), None);
    }

    #[test]
    fn too_much_is_refused() {
        let long = "a".repeat(MAX_SDP_BYTES + 1);
        let many = "m=audio 9 X 0\n".repeat(MAX_SECTIONS + 1);

        assert_eq!(Description::split(&long).err(), Some(SdpError::TooLong));
        assert_eq!(
            Description::split(&many).err(),
            Some(SdpError::TooManySections)
        );
    }
}
