//! Whether the room can be heard: it takes both connections, that of the meeting and that of its packets.

#[derive(Default)]
pub(super) struct Line {
    meeting_is_lost: bool,
    packets_are_lost: bool,
    told: bool,
}

/// What the session is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Lost,
    Restored,
}

impl Line {
    pub(super) fn is_lost(&self) -> bool {
        self.meeting_is_lost || self.packets_are_lost
    }

    pub(super) fn meeting(&mut self, is_lost: bool) -> Option<Turn> {
        self.meeting_is_lost = is_lost;
        self.turn()
    }

    pub(super) fn packets(&mut self, are_lost: bool) -> Option<Turn> {
        self.packets_are_lost = are_lost;
        self.turn()
    }

    fn turn(&mut self) -> Option<Turn> {
        let is_lost = self.is_lost();
        let turn = if is_lost { Turn::Lost } else { Turn::Restored };
        (std::mem::replace(&mut self.told, is_lost) != is_lost).then_some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_lost_with_the_first_and_restored_with_the_last() {
        let mut line = Line::default();

        assert_eq!(line.packets(false), None);
        assert_eq!(line.packets(true), Some(Turn::Lost));
        assert_eq!(line.meeting(true), None);
        assert_eq!(line.packets(false), None);
        assert!(line.is_lost());
        assert_eq!(line.meeting(false), Some(Turn::Restored));
        assert_eq!(line.meeting(false), None);
    }
}
