//! The loop around the windows: what comes in is given to [`Ui`], and what that says is done. Nothing is decided here.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;
use std::time::Instant;

use iced::futures::Stream;
use iced::keyboard::{self, key::Named};
use iced::widget::operation::{self, RelativeOffset};
use iced::{Element, Event, Subscription, Task, event, window};

use super::alarm::Alarm;
use super::hearing::signs_of_life;
use super::keeper::Keeper;
use super::picker;
use super::press::{Key, Press};
use super::stage::Stage;
use super::state::{Page, Said, Ui};
use super::view::{Act, field_id, list_id, view};
use super::words::title;
use crate::ipc::{DeskToUi, NetToUi, Socket};
use crate::platform::Fault;

/// Without `Debug`: it holds what people write.
pub(super) enum Message {
    Desk(DeskToUi),
    Net(NetToUi),
    /// What the alarm was set for.
    Tick,
    /// The sign can't be kept above the others.
    Unkept(Fault),
    Act(window::Id, Act),
    Key(window::Id, Key),
    Opened(window::Id),
    /// By the display's own number.
    Known(window::Id, u64),
    CloseRequested(window::Id),
    /// One of the other processes.
    Gone,
}

pub(super) struct EventLoop {
    ui: Ui,
    stage: Stage,
    alarm: Alarm,
    desk: Socket,
    net: Socket,
    /// Signs of it are given.
    is_alive: bool,
    /// The field that has the keyboard.
    field: Option<Press>,
    /// How far lists are scrolled for the keyboard.
    scrolled: BTreeMap<Page, f32>,
}

impl EventLoop {
    pub(super) fn open(desk: Socket, net: Socket) -> Result<Self, Fault> {
        Ok(Self {
            ui: Ui::new(),
            stage: Stage::open()?,
            alarm: Alarm::default(),
            desk,
            net,
            is_alive: false,
            field: None,
            scrolled: BTreeMap::new(),
        })
    }

    pub(super) fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }

    pub(super) fn keeper(&self) -> Keeper {
        self.stage.keeper()
    }

    /// Ends with the session, or with one of the other processes.
    pub(super) fn run(self, heard: impl Stream<Item = Message> + Send + 'static) -> iced::Result {
        let first = Cell::new(Some((self, heard)));
        let boot = move || {
            let (mut this, heard) = first.take().expect("a program boots once");
            let opened = this.settle();
            (this, Task::batch([Task::stream(heard), opened]))
        };
        iced::daemon(boot, Self::update, Self::view)
            .title(Self::title)
            .subscription(Self::subscription)
            .theme(iced::Theme::Light)
            .run()
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        let now = Instant::now();
        match message {
            Message::Desk(message) => self.ui.hear_desk(now, message),
            Message::Net(message) => self.ui.hear_net(message),
            Message::Tick => self.ui.tick(now),
            Message::Act(window, act) => self.act(now, window, act),
            Message::Key(window, key) => {
                self.on_page(window, |ui, page| ui.key(now, page, key));
            }
            Message::CloseRequested(window) => self.on_page(window, |ui, page| ui.close(now, page)),
            Message::Opened(window) => {
                let number = window::raw_id::<Message>(window);
                return number.map(move |number| Message::Known(window, number));
            }
            Message::Known(window, number) => return self.show(window, number),
            Message::Unkept(fault) => return give_up(&fault),
            Message::Gone => return iced::exit(),
        }
        self.settle()
    }

    fn show(&mut self, window: window::Id, number: u64) -> Task<Message> {
        match self.stage.show(&self.ui, window, number) {
            Ok(shown) => {
                self.ui.is_up();
                Task::batch([shown, self.settle(), self.live()])
            }
            Err(fault) => give_up(&fault),
        }
    }

    /// After the word that a window is there.
    fn live(&mut self) -> Task<Message> {
        if std::mem::replace(&mut self.is_alive, true) {
            return Task::none();
        }
        match self.desk.again() {
            Ok(desk) => signs_of_life(desk),
            Err(broken) => give_up(&broken),
        }
    }

    fn act(&mut self, now: Instant, window: window::Id, act: Act) {
        self.on_page(window, |ui, page| match act {
            Act::Press(press) => ui.press(now, page, press),
            Act::Type(field, text) => ui.type_in(page, field, &text),
        });
    }

    fn on_page(&mut self, window: window::Id, act: impl FnOnce(&mut Ui, Page)) {
        if let Some(page) = self.stage.page(window) {
            act(&mut self.ui, page);
        }
    }

    /// Does what was said, and makes the windows and the frames as they are to be.
    fn settle(&mut self) -> Task<Message> {
        let mut tasks = Vec::new();
        while let Some(said) = self.ui.poll() {
            tasks.push(self.carry_out(said));
        }
        tasks.push(self.stage.set(&self.ui).map(Message::Opened));
        tasks.extend(self.move_keyboard());
        tasks.extend(self.scroll());
        self.alarm.set(self.ui.wakes_at(Instant::now()));
        match self.stage.arrange(&self.ui) {
            Ok(()) => Task::batch(tasks),
            Err(fault) => give_up(&fault),
        }
    }

    fn carry_out(&mut self, said: Said) -> Task<Message> {
        let passed = match said {
            Said::ToDesk(message) => self.desk.try_send(&message),
            Said::ToNet(message) => self.net.try_send(&message),
            Said::List(folder) => {
                let entries = picker::entries(&folder);
                self.ui.list(folder, entries);
                Ok(true)
            }
            Said::Raise(page) => return self.stage.raise(page),
            Said::PutAway(page) => return self.stage.put_away(page),
            Said::Quit => return iced::exit(),
        };
        match passed {
            Ok(true) => Task::none(),
            Ok(false) => give_up(&"another process does not listen"),
            Err(broken) => give_up(&broken),
        }
    }

    /// Texts are typed where the keyboard is.
    fn move_keyboard(&mut self) -> Option<Task<Message>> {
        let pages = self.ui.pages();
        let mut focused = pages.iter().filter_map(|page| self.ui.focused(*page));
        let field = focused.find(|at| matches!(at, Press::Field(_)));
        if field == self.field {
            return None;
        }
        self.field = field;
        let id = match field {
            Some(Press::Field(field)) => field_id(field),
            _ => "nothing".into(),
        };
        Some(operation::focus(id))
    }

    /// What has the keyboard is seen.
    fn scroll(&mut self) -> Vec<Task<Message>> {
        let mut tasks = Vec::new();
        for page in self.ui.pages() {
            let Some(place) = self.ui.scroll(page) else {
                continue;
            };
            if self.scrolled.insert(page, place) != Some(place) {
                let place = RelativeOffset { x: 0.0, y: place };
                tasks.push(operation::snap_to(list_id(page), place));
            }
        }
        tasks
    }

    fn view(&self, id: window::Id) -> Element<'_, Message> {
        match self.stage.page(id) {
            Some(page) => {
                let page = view(&self.ui, page, Instant::now());
                page.map(move |act| Message::Act(id, act))
            }
            None => iced::widget::space().into(),
        }
    }

    fn title(&self, id: window::Id) -> String {
        let title = match self.stage.page(id) {
            Some(Page::Start) | None => title::START,
            Some(Page::Question) => title::QUESTION,
            Some(Page::Bar(_)) => title::SIGN,
            Some(Page::Panel) => title::PANEL,
            Some(Page::Picker) => title::PICKER,
            Some(Page::Farewell) => title::ENDED,
        };
        title.to_owned()
    }

    fn subscription(&self) -> Subscription<Message> {
        let closed = window::close_requests().map(Message::CloseRequested);
        Subscription::batch([event::listen_with(key), closed])
    }
}

/// Windows that can't be shown as they are to be are no windows to consent in.
fn give_up(reason: &dyn Display) -> Task<Message> {
    let _shown = writeln!(
        std::io::stderr(),
        "conclave-agent: the windows are closed: {reason}"
    );
    iced::exit()
}

/// A key that is held down says nothing more: it may have been pressed for another window.
fn key(event: Event, _: event::Status, window: window::Id) -> Option<Message> {
    let Event::Keyboard(keyboard::Event::KeyPressed {
        key: keyboard::Key::Named(key),
        modifiers,
        repeat,
        ..
    }) = event
    else {
        return None;
    };
    let key = match key {
        Named::Tab if modifiers.shift() => Key::Previous,
        Named::Tab => Key::Next,
        Named::Enter if !repeat => Key::Enter,
        Named::Space if !repeat => Key::Space,
        Named::Escape if !repeat => Key::Escape,
        _ => return None,
    };
    Some(Message::Key(window, key))
}
