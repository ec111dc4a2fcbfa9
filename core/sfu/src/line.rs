//! Between a computer that somebody brought into a meeting and the one participant who may use it: nobody else says
//! anything to it, and it says nothing to anybody else.

use std::time::{Duration, Instant};

use crate::data::Recipients;

/// Whom a computer's data are for and from. What an older turn said changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// By identity. Nobody: nothing passes.
    pub to: Option<String>,
    pub turn: u64,
}

impl Line {
    pub(crate) fn leads_to(&self, identity: &str) -> bool {
        self.to.as_deref() == Some(identity)
    }

    /// What it was, where it was another one.
    pub(crate) fn set(&mut self, line: Self) -> Option<Self> {
        let is_another = line.turn >= self.turn && *self != line;
        is_another.then(|| std::mem::replace(self, line))
    }
}

/// Whoever used a computer until a moment ago: what they sent before they could know is late, and not suspicious.
pub(crate) struct Former {
    identity: String,
    until: Instant,
}

/// Longer than a packet is on its way, and the word that the turn is over.
pub(crate) const ON_ITS_WAY: Duration = Duration::from_secs(5);

impl Former {
    /// `None`: nobody used it.
    pub(crate) fn of(line: Line, now: Instant) -> Option<Self> {
        let until = now + ON_ITS_WAY;
        let identity = line.to?;
        Some(Self { identity, until })
    }

    pub(crate) fn is_late(&self, identity: &str, now: Instant) -> bool {
        self.identity == identity && now < self.until
    }
}

/// One end of a packet's way.
#[derive(Clone, Copy)]
pub(crate) struct End<'a> {
    pub(crate) identity: &'a str,
    /// Of a computer.
    pub(crate) line: Option<&'a Line>,
    /// By its permission: a computer that may say nothing hears nothing.
    pub(crate) may_send: bool,
}

/// Whether a packet that is for these may pass from one to the other.
pub(crate) fn passes(from: Option<End<'_>>, to: End<'_>, recipients: &Recipients) -> bool {
    let is_named = matches!(recipients, Recipients::Named { .. });
    let from_line = from.and_then(|from| from.line);
    match (from_line, to.line) {
        (None, None) => true,
        (Some(line), None) => is_named && line.leads_to(to.identity),
        (None, Some(line)) => {
            let is_theirs = from.is_some_and(|from| line.leads_to(from.identity));
            is_named && is_theirs && to.may_send
        }
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(to: Option<&str>, turn: u64) -> Line {
        Line {
            to: to.map(str::to_owned),
            turn,
        }
    }

    fn person(identity: &str) -> End<'_> {
        End {
            identity,
            line: None,
            may_send: true,
        }
    }

    fn named(identity: &str) -> Recipients {
        Recipients::of(&[identity.to_owned()], &[])
    }

    // Shows: REQ-AC-14.
    #[test]
    fn a_computer_hears_and_tells_one_participant_alone() {
        let (to_ann, to_nobody) = (line(Some("ann"), 1), line(None, 2));
        let computer = |line| End {
            line: Some(line),
            ..person("pc")
        };
        for (line, ann, bob) in [(&to_ann, true, false), (&to_nobody, false, false)] {
            let pc = computer(line);
            assert_eq!(passes(Some(person("ann")), pc, &named("pc")), ann);
            assert_eq!(passes(Some(person("bob")), pc, &named("pc")), bob);
            assert_eq!(passes(Some(pc), person("ann"), &named("ann")), ann);
            assert_eq!(passes(Some(pc), person("bob"), &named("bob")), bob);
            assert!(!passes(None, pc, &named("pc")) && !passes(Some(pc), pc, &named("pc")));
        }
        let pc = computer(&to_ann);
        let everybody = Recipients::Everybody;
        assert!(!passes(Some(person("ann")), pc, &everybody));
        assert!(!passes(Some(pc), person("ann"), &everybody));
        let silent = End {
            may_send: false,
            ..pc
        };
        assert!(!passes(Some(person("ann")), silent, &named("pc")));
        assert!(passes(Some(person("ann")), person("bob"), &everybody));
    }

    #[test]
    fn an_older_turn_changes_nothing() {
        let mut line = line(Some("ann"), 2);
        let older = Line {
            to: Some("bob".to_owned()),
            turn: 1,
        };

        assert!(line.set(older).is_none() && line.leads_to("ann"));
        let next = Line { to: None, turn: 3 };
        assert!(line.set(next.clone()).is_some() && !line.leads_to("ann"));
        assert!(line.set(next).is_none());
    }
}
