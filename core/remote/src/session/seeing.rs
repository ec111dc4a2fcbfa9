//! What the technician sees, and what is on the screen.

use conclave_protocol::remote::{Capability, FromAgent, MonitorId};

use super::Session;
use crate::io::{Capture, Display, Output, Surface};
use crate::state::{State, Viewing};

impl Session {
    pub(super) fn begin_view(&mut self) {
        self.state = State::Viewing(Viewing {
            monitor: self.screen.first_shown(),
        });
        self.capture();
    }

    /// Whoever watches knows of no permission: they hear that what they saw is over.
    pub(super) fn end_view(&mut self) {
        self.state = State::Consented;
        self.push(Output::StopCapture);
        let watching = self.people.watching().iter();
        for to in watching.map(|it| it.participant).collect::<Vec<_>>() {
            let message = FromAgent::Watches;
            self.push(Output::Say { to, message });
        }
    }

    /// The technician wants to see another monitor, of those that are shown.
    pub(super) fn watch(&mut self, monitor: MonitorId) {
        if self.screen.monitor(monitor).is_none() {
            return;
        }
        if let Some(viewing) = self.state.viewing()
            && viewing.monitor != Some(monitor)
        {
            viewing.monitor = Some(monitor);
            self.capture();
        }
    }

    /// The local person shows something else.
    pub(super) fn show(&mut self, surface: Surface) {
        self.screen.show(surface);
        if !self.screen.is_whole_monitors() {
            self.withdraw(Capability::Control);
        }
        self.flush_turn();
        self.capture_anew();
    }

    /// What waits was meant for another screen than this one.
    pub(super) fn displayed(&mut self, display: Display) {
        match display {
            Display::Monitors(monitors) => {
                self.screen.set_monitors(monitors);
                self.flush_turn();
                self.capture_anew();
            }
            Display::OwnWindows(areas) => {
                self.screen.set_own_windows(areas);
                self.flush_turn();
            }
            Display::OwnFocus(has) => {
                self.screen.set_own_focus(has);
                self.flush_turn();
            }
            Display::Prompt(is_open) => self.screen.set_prompt(is_open),
            Display::PasswordFocus(has) => self.screen.set_password_focus(has),
        }
    }

    /// Nothing that waits is done, and nothing stays down.
    pub(super) fn flush_turn(&mut self) {
        let was_down = self.state.turn_mut().is_some_and(|turn| turn.flush());
        if was_down {
            self.push(Output::ReleaseAll);
        }
    }

    /// The monitor that was seen may not be there, or not be shown.
    fn capture_anew(&mut self) {
        let first = self.screen.first_shown();
        let screen = &self.screen;
        let Some(viewing) = self.state.viewing() else {
            return;
        };
        let same = viewing.monitor.filter(|id| screen.monitor(*id).is_some());
        viewing.monitor = same.or(first);
        self.capture();
    }

    fn capture(&mut self) {
        let monitor = self.state.viewing().and_then(|viewing| viewing.monitor);
        let surface = self.screen.surface();
        self.push(Output::StartCapture(Capture { surface, monitor }));
        let shown = self.screen.shown();
        self.say(FromAgent::Monitors(shown));
        if let Some(monitor) = monitor {
            self.say(FromAgent::Watching(monitor));
        }
    }
}
