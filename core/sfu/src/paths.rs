//! Which of a participant's connections are up.

use crate::connection::Side;

/// The state of one or two connections.
pub(crate) struct Paths {
    /// The one without which there is no meeting: that on which the participant receives.
    primary: Side,
    publisher: Path,
    subscriber: Path,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Path {
    #[default]
    New,
    Up,
    Down,
}

/// All of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overall {
    Connecting,
    Up,
    Down,
}

impl Paths {
    pub(crate) fn new(primary: Side) -> Self {
        Self {
            primary,
            publisher: Path::New,
            subscriber: Path::New,
        }
    }

    pub(crate) fn up(&mut self, side: Side) {
        *self.path(side) = Path::Up;
    }

    /// A connection that never was up is only late.
    pub(crate) fn down(&mut self, side: Side) {
        let path = self.path(side);
        if *path == Path::Up {
            *path = Path::Down;
        }
    }

    /// ICE found a way again.
    pub(crate) fn back(&mut self, side: Side) {
        let path = self.path(side);
        if *path == Path::Down {
            *path = Path::Up;
        }
    }

    pub(crate) fn is_up(&self, side: Side) -> bool {
        match side {
            Side::Publisher => self.publisher == Path::Up,
            Side::Subscriber => self.subscriber == Path::Up,
        }
    }

    pub(crate) fn overall(&self) -> Overall {
        let primary = match self.primary {
            Side::Publisher => self.publisher,
            Side::Subscriber => self.subscriber,
        };
        let any_down = [self.publisher, self.subscriber].contains(&Path::Down);
        match primary {
            Path::New => Overall::Connecting,
            _ if any_down => Overall::Down,
            _ => Overall::Up,
        }
    }

    fn path(&mut self, side: Side) -> &mut Path {
        match side {
            Side::Publisher => &mut self.publisher,
            Side::Subscriber => &mut self.subscriber,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primary_connection_decides_when_a_participant_is_up() {
        let mut paths = Paths::new(Side::Subscriber);
        paths.up(Side::Publisher);
        assert_eq!(paths.overall(), Overall::Connecting);

        paths.up(Side::Subscriber);

        assert_eq!(paths.overall(), Overall::Up);
    }

    #[test]
    fn either_connection_can_take_it_down() {
        for side in [Side::Publisher, Side::Subscriber] {
            let mut paths = Paths::new(Side::Subscriber);
            paths.up(Side::Publisher);
            paths.up(Side::Subscriber);

            paths.down(side);
            assert_eq!(paths.overall(), Overall::Down);
            paths.back(side);
            assert_eq!(paths.overall(), Overall::Up);
        }
    }

    #[test]
    fn a_connection_that_was_never_used_is_not_missed() {
        let mut paths = Paths::new(Side::Subscriber);
        paths.up(Side::Subscriber);

        paths.down(Side::Publisher);

        assert_eq!(paths.overall(), Overall::Up);
    }
}
