//! Who may enter which room: a meeting's participant by a ticket, a developer's by a token.
//!
//! # Security
//! Everything is decided before the upgrade, and again with the ticket spent when the WebSocket
//! is open: a ticket that only `validate` saw, or whose upgrade failed, is still good. The two
//! kinds of rooms have separate name spaces ([`crate::room_names`]).

use axum::http::{HeaderMap, header};
use conclave_audit::{Code, Event};
use conclave_livekit::join::{Join, Topology};
use conclave_sfu::{Access, RoomName};
use conclave_store::TokenHash;

use super::developer::{NotVerified, Token};
use super::refusal::Refusal;
use super::unknown::Why;
use super::{LiveKit, unknown};
use crate::http::occasion::Occasion;
use crate::http::own_browser;
use crate::secret::NoRandomness;
use crate::tickets::{self, NotRedeemed, Purpose, Redeemed, TicketRefusal};

/// What a client said on its way in: its URL's query and its headers.
pub(super) struct Request {
    token: String,
    pub(super) join: Join,
    occasion: Occasion,
    browser: Option<TokenHash>,
}

/// A request whose credential holds. Nothing is spent yet.
pub(super) struct Checked {
    pub(super) request: Request,
    pub(super) room: RoomName,
}

/// Whom the credential lets in.
pub(super) struct Entry {
    pub(super) room: RoomName,
    pub(super) access: Access,
    pub(super) credential: Credential,
}

/// By what somebody entered, which says how it is renewed.
#[derive(Clone)]
pub(super) enum Credential {
    /// With the browser in which it is good.
    Ticket(Option<TokenHash>),
    Developer(Box<Token>),
}

impl Request {
    pub(super) fn read(
        topology: Topology,
        query: &[(String, String)],
        headers: &HeaderMap,
        occasion: Occasion,
    ) -> Result<Self, Refusal> {
        let token = bearer(headers)
            .or_else(|| parameter(query, "access_token"))
            .filter(|token| !token.is_empty())
            .ok_or(Refusal::NoToken)?
            .to_owned();
        let join = match (parameter(query, "join_request"), topology) {
            (Some(request), _) => Join::from_join_request(request)?,
            (None, Topology::Dual) => Join::from_query(query.iter().map(|(k, v)| (k, v)))?,
            (None, Topology::Single) => return Err(Refusal::NoJoinRequest),
        };
        Ok(Self {
            token,
            join,
            occasion,
            browser: own_browser::showing(headers),
        })
    }

    /// Checks without spending anything.
    pub(super) async fn check(self, livekit: &LiveKit) -> Result<Checked, Refusal> {
        if livekit.stopping.is_cancelled() || !livekit.app.media.alive() {
            return Err(Refusal::Unavailable);
        }
        let Entry { room, .. } = self.enter(livekit, Purpose::Validate).await?;
        let request = self;
        Ok(Checked { request, room })
    }

    /// The room did not take what is on record as done: a ticket that was spent for it is good again.
    pub(super) async fn came_to_nothing(&self, livekit: &LiveKit) {
        let tickets = &livekit.app.tickets;
        let corrected = tickets
            .came_to_nothing(&self.token, self.purpose(), &self.occasion)
            .await;
        let Err(refusal) = corrected else {
            return;
        };
        match refusal {
            TicketRefusal::Foreign => self.failed_as_developer(livekit).await,
            TicketRefusal::Unavailable => {
                tracing::warn!("a join that came to nothing is on record as done");
            }
            TicketRefusal::Invalid | TicketRefusal::Expired | TicketRefusal::NotAdmitted => {}
        }
    }

    async fn failed_as_developer(&self, livekit: &LiveKit) {
        let resumed = self.join.resume.is_some();
        if let Ok(token) = Token::verify(livekit, &self.token).await
            && let Ok(entry) = token.entry(&self.occasion, Event::DeveloperJoin { resumed })
        {
            let entry = entry.failed(Code::new(tickets::NOT_TAKEN));
            livekit.app.record(entry).await;
        }
    }

    /// Spends a join ticket.
    pub(super) async fn admit(&self, livekit: &LiveKit) -> Result<Entry, Refusal> {
        self.enter(livekit, self.purpose()).await
    }

    fn purpose(&self) -> Purpose {
        match self.join.resume {
            Some(_) => Purpose::Resume,
            None => Purpose::Join,
        }
    }

    async fn enter(&self, livekit: &LiveKit, purpose: Purpose) -> Result<Entry, Refusal> {
        let tickets = &livekit.app.tickets;
        let redeemed = tickets.redeem(&self.token, purpose, &self.occasion, self.browser);
        match redeemed.await {
            Ok(Redeemed {
                room,
                access,
                browser,
            }) => Ok(Entry {
                room,
                access,
                credential: Credential::Ticket(browser),
            }),
            Err(NotRedeemed {
                refusal: TicketRefusal::Foreign,
                ..
            }) => self.enter_as_developer(livekit, purpose).await,
            Err(NotRedeemed { refusal, entry }) => {
                match (entry, Why::of_ticket(refusal)) {
                    (Some(entry), _) => livekit.app.record_at_pace(&self.occasion, *entry).await,
                    (None, Some(why)) => self.record_unknown(livekit, why).await,
                    (None, None) => {}
                }
                Err(refusal.into())
            }
        }
    }

    async fn record_unknown(&self, livekit: &LiveKit, why: Why) {
        let to = Code::new("signalling");
        unknown::record(&livekit.app, &self.occasion, to, why).await;
    }

    async fn enter_as_developer(
        &self,
        livekit: &LiveKit,
        purpose: Purpose,
    ) -> Result<Entry, Refusal> {
        let token = match Token::verify(livekit, &self.token).await {
            Ok(token) => token,
            Err(NotVerified::Token(error)) => {
                self.record_unknown(livekit, error.into()).await;
                return Err(Refusal::InvalidToken);
            }
            Err(NotVerified::Unavailable(_)) => return Err(Refusal::Unavailable),
        };
        let resumed = self.join.resume.is_some();
        let entry = token.entry(&self.occasion, Event::DeveloperJoin { resumed });
        let entry = entry.map_err(|NoRandomness| Refusal::Unavailable)?;
        let (room, access) = match token.access() {
            Ok(access) => access,
            Err(refusal) => {
                let entry = entry.refused(Code::new("token"));
                livekit.app.record_at_pace(&self.occasion, entry).await;
                return Err(refusal);
            }
        };
        match purpose {
            Purpose::Validate => {}
            Purpose::Join => {
                let recorded = livekit.app.store.record(entry).await;
                recorded.map_err(|_| Refusal::Unavailable)?;
            }
            Purpose::Resume => livekit.app.tickets.record_going_on(entry).await,
        }
        Ok(Entry {
            room,
            access,
            credential: Credential::Developer(Box::new(token)),
        })
    }
}

/// Native SDKs' form of the credential; the other is the query's, for browsers.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn parameter<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let (_, value) = query.iter().find(|(key, _)| key == name)?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_header_beats_the_query() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::AUTHORIZATION,
            HeaderValue::from_static("Bearer one"),
        );

        let request = Request::read(Topology::Dual, &query("two"), &headers, occasion());

        assert!(request.is_ok_and(|request| request.token == "one"));
    }

    #[test]
    fn a_header_of_another_scheme_is_no_token() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic one"));

        let request = Request::read(Topology::Dual, &query(""), &headers, occasion());

        assert_eq!(request.err(), Some(Refusal::NoToken));
    }

    #[test]
    fn the_single_connection_needs_a_join_request() {
        let request = Request::read(
            Topology::Single,
            &query("one"),
            &HeaderMap::new(),
            occasion(),
        );

        assert_eq!(request.err(), Some(Refusal::NoJoinRequest));
    }

    fn occasion() -> Occasion {
        Occasion::of_test()
    }

    fn query(token: &str) -> Vec<(String, String)> {
        vec![
            ("access_token".to_owned(), token.to_owned()),
            ("protocol".to_owned(), "17".to_owned()),
        ]
    }
}
