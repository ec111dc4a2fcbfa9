//! ICE candidates as browsers trickle them: JSON around a line of SDP.

use serde::Deserialize;

/// In bytes; a candidate's line has some 150.
const LONGEST: usize = 4_096;

#[derive(Deserialize)]
struct CandidateInit {
    #[serde(default)]
    candidate: String,
}

/// The line `candidate:…`. `None`: an end of candidates, or no candidate at all.
pub fn read(candidate_init: &str) -> Option<String> {
    if candidate_init.len() > LONGEST {
        return None;
    }
    let init: CandidateInit = serde_json::from_str(candidate_init).ok()?;
    (!init.candidate.is_empty()).then_some(init.candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_taken_out_of_the_json() {
        let line = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host";
        let json = format!(r#"{{"candidate":"{line}","sdpMid":"0","sdpMLineIndex":0}}"#);

        assert_eq!(read(&json).as_deref(), Some(line));
    }

    #[test]
    fn what_is_no_candidate_is_none() {
        let long = format!(r#"{{"candidate":"{}"}}"#, "x".repeat(LONGEST));
        for json in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"candidate":""}"#,
            r#"{"candidate":7}"#,
            &long,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
