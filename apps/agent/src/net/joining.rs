//! From what a person types to a session, as a value: fed what they say and what the server answers, it says what to
//! do.
//!
//! Nobody is joined before the person has seen who helps them and agreed; and once the place is taken, every other way
//! out of here gives it up.

use std::collections::VecDeque;

use conclave_client::protocol::meeting::MeetingCode;
use conclave_client::protocol::personal::DisplayName;
use conclave_client::protocol::support::SupportOffer;

use crate::ipc::{Failure, NetToUi, UiToNet};
use crate::origin::Origin;
use crate::wanted::{Key, Wanted};

pub(super) struct Joining {
    /// The only server, where one is given or pinned.
    known: Option<Origin>,
    state: State,
    /// After a restart: there is no other session to be asked for.
    is_return: bool,
    /// With a passcode.
    tries: u32,
    outputs: VecDeque<Output>,
}

enum State {
    /// The person types.
    Asking,
    /// The server is asked whose code it is.
    Looking(Wish),
    /// The person reads who helps them.
    Offered(Promise),
    /// The server is asked for a place.
    Joining {
        by_passcode: bool,
    },
    /// In the room, where the technician is awaited.
    Meeting,
    InSession,
    /// The person reads what went wrong.
    Failed,
    Over,
}

/// Where somebody wants to be helped.
struct Wish {
    server: Origin,
    key: Key,
    name: DisplayName,
}

/// What the person agreed to.
pub(super) struct Promise {
    pub(super) server: Origin,
    pub(super) key: Key,
    pub(super) name: DisplayName,
    pub(super) offer: SupportOffer,
}

pub(super) enum Input {
    Said(UiToNet),
    /// What came of [`Output::LookUp`].
    Found(Result<SupportOffer, Failure>),
    /// What came of [`Output::Join`].
    Joined(Result<(), Failure>),
    /// Whether the technician is in the room that [`Output::Join`] led to.
    Met(Result<(), Failure>),
}

pub(super) enum Output {
    Say(NetToUi),
    LookUp {
        server: Origin,
        code: MeetingCode,
    },
    Join(Promise),
    /// Enter the room, and wait for the technician.
    Meet,
    /// Whatever is under way is not wanted any more; a place that was taken is given up.
    Abandon,
    /// The technician is there: nothing follows.
    Begin,
    /// Nothing follows.
    Over,
    /// Drained: call again after the next input.
    Wait,
}

impl Joining {
    /// `wanted`: what was given with the command.
    pub(super) fn new(known: Option<Origin>, wanted: Option<&str>) -> Self {
        let mut joining = Self {
            known,
            state: State::Asking,
            is_return: false,
            tries: 0,
            outputs: VecDeque::new(),
        };
        match wanted {
            Some(text) => joining.try_this(text, None, ""),
            None => joining.ask(None),
        }
        joining
    }

    /// Into a session that the person was in before: they read again who helps them, and agree or not.
    pub(super) fn returning(promise: Promise) -> Self {
        let mut joining = Self {
            known: Some(promise.server.clone()),
            state: State::Asking,
            is_return: true,
            tries: 0,
            outputs: VecDeque::new(),
        };
        let Promise {
            server,
            key,
            name,
            offer,
        } = promise;
        joining.offer(Wish { server, key, name }, offer);
        joining
    }

    pub(super) fn handle_input(&mut self, input: Input) {
        match input {
            Input::Said(said) => self.said(said),
            Input::Found(found) => self.found(found),
            Input::Joined(joined) => self.joined(joined),
            Input::Met(met) => self.met(met),
        }
    }

    pub(super) fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or(Output::Wait)
    }

    fn said(&mut self, said: UiToNet) {
        match said {
            UiToNet::Try {
                text,
                passcode,
                name,
            } => self.tried(&text, passcode.as_deref(), &name),
            UiToNet::Confirm => self.confirmed(),
            UiToNet::Cancel => self.cancelled(),
            UiToNet::Feedback { .. } => {}
        }
    }

    fn tried(&mut self, text: &str, passcode: Option<&str>, name: &str) {
        if matches!(self.state, State::Asking) {
            self.try_this(text, passcode, name);
        }
    }

    fn try_this(&mut self, text: &str, passcode: Option<&str>, name: &str) {
        match wish(text, passcode, name, self.known.as_ref()) {
            Ok(wish) => self.look(wish),
            Err(why) => self.ask(Some(why)),
        }
    }

    fn look(&mut self, wish: Wish) {
        self.outputs.push_back(Output::LookUp {
            server: wish.server.clone(),
            code: wish.key.code(),
        });
        self.state = State::Looking(wish);
    }

    fn ask(&mut self, why: Option<Failure>) {
        self.state = State::Asking;
        self.say(NetToUi::AskForCode { why });
    }

    fn found(&mut self, found: Result<SupportOffer, Failure>) {
        match (std::mem::replace(&mut self.state, State::Asking), found) {
            (State::Looking(wish), Ok(offer)) => self.offer(wish, offer),
            (State::Looking(_), Err(why)) => self.ask(Some(why)),
            (state, _) => self.state = state,
        }
    }

    fn offer(&mut self, wish: Wish, offer: SupportOffer) {
        self.say(NetToUi::Offer {
            technician: offer.technician.clone(),
            organisation: offer.organisation.clone(),
            server: wish.server.as_str().to_owned(),
        });
        let Wish { server, key, name } = wish;
        self.state = State::Offered(Promise {
            server,
            key,
            name,
            offer,
        });
    }

    fn confirmed(&mut self) {
        match std::mem::replace(&mut self.state, State::Asking) {
            State::Offered(promise) => {
                let by_passcode = matches!(promise.key, Key::Passcode { .. });
                self.tries += u32::from(by_passcode);
                self.state = State::Joining { by_passcode };
                self.say(NetToUi::Connecting);
                self.outputs.push_back(Output::Join(promise));
            }
            state => self.state = state,
        }
    }

    fn joined(&mut self, joined: Result<(), Failure>) {
        let State::Joining { by_passcode } = self.state else {
            return;
        };
        match joined {
            Ok(()) => {
                self.state = State::Meeting;
                if by_passcode {
                    self.say(NetToUi::Knocking);
                }
                self.outputs.push_back(Output::Meet);
            }
            Err(why) => self.ask(Some(why)),
        }
    }

    fn met(&mut self, met: Result<(), Failure>) {
        if !matches!(self.state, State::Meeting) {
            return;
        }
        match met {
            Ok(()) => {
                self.state = State::InSession;
                self.say(NetToUi::InSession);
                self.outputs.push_back(Output::Begin);
            }
            // Before the technician let anybody in, the code is good for another try.
            Err(Failure::WrongPasscode) if self.tries < MOST_TRIES => {
                self.outputs.push_back(Output::Abandon);
                self.ask(Some(Failure::WrongPasscode));
            }
            // The code was good for one: it can't be tried again.
            Err(why) => {
                self.state = State::Failed;
                self.outputs.push_back(Output::Abandon);
                self.say(NetToUi::Failed(why));
            }
        }
    }

    fn cancelled(&mut self) {
        match std::mem::replace(&mut self.state, State::Over) {
            state @ (State::InSession | State::Over) => self.state = state,
            State::Offered(_) if self.is_return => {
                self.outputs.push_back(Output::Abandon);
                self.outputs.push_back(Output::Over);
            }
            State::Offered(_) | State::Looking(_) => {
                self.outputs.push_back(Output::Abandon);
                self.ask(None);
            }
            State::Joining { .. } | State::Meeting => {
                self.outputs.push_back(Output::Abandon);
                self.outputs.push_back(Output::Over);
            }
            State::Asking | State::Failed => self.outputs.push_back(Output::Over),
        }
    }

    fn say(&mut self, message: NetToUi) {
        self.outputs.push_back(Output::Say(message));
    }
}

fn wish(
    text: &str,
    passcode: Option<&str>,
    name: &str,
    known: Option<&Origin>,
) -> Result<Wish, Failure> {
    let wanted = Wanted::parse(text).ok_or(Failure::NotUnderstood)?;
    Ok(Wish {
        server: wanted.server(known)?,
        key: wanted.key(passcode)?,
        name: DisplayName::parse(name)
            .or_else(|_| DisplayName::parse(NAMELESS))
            .map_err(|_| Failure::Failed)?,
    })
}

/// Each is a guess for a server that puts itself between; a browser's tab takes as many.
const MOST_TRIES: u32 = 5;
/// For who gives no name that others would take.
const NAMELESS: &str = "Guest";

#[cfg(test)]
mod tests;
