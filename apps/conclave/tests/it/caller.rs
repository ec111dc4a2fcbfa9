//! Somebody at a browser or a program: what they hold, and what they send.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::browser::Browser;
use crate::server_in_a_box::Server;

pub(crate) const PASSWORD: &str = "seven quiet lanterns over the harbour";
pub(crate) const EMAIL: &str = "amy.weatherwax@riverside.example";

/// A cookie, a credential, both or neither.
#[derive(Clone, Default)]
pub(crate) struct Caller {
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) cookie: Option<String>,
    /// Of a sign-in whose second factor is awaited.
    pub(crate) awaited: Option<String>,
    /// Of a browser that went to the identity provider.
    pub(crate) trip: Option<String>,
    /// By which the browser is known again.
    pub(crate) device: Option<String>,
    pub(crate) credential: Option<String>,
    /// Of the credential.
    pub(crate) participant: String,
}

/// A meeting as its host holds it: with the secret of its invitation.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) proof: String,
}

/// An answer, read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Value,
}

impl Caller {
    /// The identifier of who is signed in.
    pub(crate) async fn account(&self) -> Uuid {
        let session = self.get("/session").await;
        session.text("account").parse().unwrap()
    }

    /// What the account's first browser puts there next.
    pub(crate) async fn next_vault(&self) -> Value {
        let served = self.get("/account/vault").await.body;
        Browser::at(self.account().await, &served).next()
    }

    pub(crate) fn nobody(server: &Server) -> Self {
        Self {
            url: server.url(),
            ..Self::default()
        }
    }

    /// Whoever opened the one-time link.
    pub(crate) async fn owner(server: &Server) -> Self {
        let mut owner = Self::nobody(server);
        let answer = owner
            .send(Method::POST, "/setup", Some(set_up(server)))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        owner.keep_cookies(&answer);
        owner.set_up_program(server).await;
        owner
    }

    /// An authenticator program, which the server remembers for its owner.
    pub(crate) async fn set_up_program(&mut self, server: &Server) -> Answer {
        let begun = self.post("/account/totp").await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        server.keep_program(begun.text("secret"));
        let body = json!({"code": server.code().await});
        let answer = self.send(Method::PUT, "/account/totp", Some(body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        self.keep_cookies(&answer);
        answer
    }

    pub(crate) async fn sign_in(server: &Server) -> Self {
        let mut caller = Self::with_password(server).await;
        let body = json!({"totp": server.code().await});
        let answer = caller
            .send(Method::POST, "/session/second-factor", Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        caller.keep_cookies(&answer);
        caller
    }

    /// Somebody who has shown the owner's password alone.
    pub(crate) async fn with_password(server: &Server) -> Self {
        let mut caller = Self::nobody(server);
        let body = json!({"email": EMAIL, "password": PASSWORD});
        let answer = caller.send(Method::POST, "/session", Some(body)).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
        caller.keep_cookies(&answer);
        caller
    }

    /// Somebody else with the same password, who needs nothing but it.
    pub(crate) async fn sign_in_as(server: &Server, email: &str) -> Self {
        let mut caller = Self::nobody(server);
        let body = json!({"email": email, "password": PASSWORD});
        let answer = caller.send(Method::POST, "/session", Some(body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        caller.keep_cookies(&answer);
        caller
    }

    /// Whoever `owner` invites and who accepts, where the server sends no mail.
    pub(crate) async fn invited(&self, email: &str, role: &str) -> Self {
        let link = self.invite(email, role).await;
        let (_, token) = link.split_once('#').unwrap();
        self.accept(token).await
    }

    /// The link that somebody is invited with.
    pub(crate) async fn invite(&self, email: &str, role: &str) -> String {
        let body = json!({"email": email, "role": role});
        let answer = self.send(Method::POST, "/invitations", Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.text("link")
    }

    pub(crate) async fn accept(&self, token: &str) -> Self {
        let mut invited = Self {
            url: self.url.clone(),
            ..Self::default()
        };
        let body = accept(token);
        let answer = invited
            .send(Method::POST, "/invitations/accept", Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        invited.keep_cookies(&answer);
        invited
    }

    /// What is asked of somebody's account.
    pub(crate) async fn change(&self, account: Uuid, what: &str) -> Answer {
        self.post(&format!("/people/{account}/{what}")).await
    }

    /// A request below `/api/v1`, as the browser application sends it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self
            .client
            .request(method, format!("{}/api/v1{path}", self.url));
        request = request
            .header("origin", &self.url)
            .header("sec-fetch-site", "same-origin")
            .header(
                "idempotency-key",
                Builder::from_random_bytes(rand::random())
                    .into_uuid()
                    .to_string(),
            );
        for (name, value) in [
            ("__Host-conclave", &self.cookie),
            ("__Host-conclave-awaited", &self.awaited),
            ("__Host-conclave-trip", &self.trip),
            ("__Host-conclave-device", &self.device),
        ] {
            if let Some(value) = value {
                request = request.header(header::COOKIE, format!("{name}={value}"));
            }
        }
        match &self.credential {
            Some(credential) => request.bearer_auth(credential),
            None => request,
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        Answer::read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None).await
    }

    pub(crate) async fn make_meeting(&self) -> Made {
        let proof: [u8; 32] = rand::random();
        let body = json!({"title": "Morning visit", "invitation_verifier": verifier(&proof)});
        let answer = self.send(Method::POST, "/meetings", Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        Made {
            id: answer.text("id"),
            code: answer.text("code"),
            proof: URL_SAFE_NO_PAD.encode(proof),
        }
    }

    /// Asks to be let in, and holds the credential from then on.
    pub(crate) async fn join(&self, meeting: &Made, body: Value) -> Self {
        let path = format!("/meetings/{}/join", meeting.code);
        let answer = self.send(Method::POST, &path, Some(body)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        Self {
            credential: Some(answer.text("credential")),
            participant: answer.text("participant"),
            ..self.clone()
        }
    }

    /// By the invitation link.
    pub(crate) async fn come(&self, meeting: &Made, name: &str) -> Self {
        let body = json!({"display_name": name, "invitation_proof": meeting.proof});
        self.join(meeting, body).await
    }

    /// By the code.
    pub(crate) async fn knock(&self, meeting: &Made, name: &str) -> Self {
        self.join(meeting, json!({"display_name": name})).await
    }

    pub(crate) fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split_once('=').unwrap();
            let (value, _) = value.split_once(';').unwrap();
            let value = Some(value.to_owned()).filter(|value| !value.is_empty());
            match name {
                "__Host-conclave" => self.cookie = value,
                "__Host-conclave-awaited" => self.awaited = value,
                "__Host-conclave-trip" => self.trip = value,
                "__Host-conclave-device" => self.device = value,
                // What connects to the media here is no browser.
                "__Host-conclave-browser" => {}
                other => panic!("what is {other}?"),
            }
        }
    }
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.json().await.unwrap_or(Value::Null),
        }
    }

    pub(crate) fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_default().to_owned()
    }

    /// The stable code of a refusal; empty for what is none.
    pub(crate) fn code(&self) -> String {
        match self.status.is_success() {
            true => String::new(),
            false => self.text("code"),
        }
    }
}

pub(crate) fn set_up(server: &Server) -> Value {
    json!({
        "token": server.owner_token(),
        "organisation": "Riverside",
        "email": EMAIL,
        "display_name": "Amy Weatherwax",
        "password": PASSWORD,
    })
}

pub(crate) fn accept(token: &str) -> Value {
    json!({"token": token, "display_name": "Bo Hadley", "password": PASSWORD})
}

pub(crate) fn verifier(proof: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(proof))
}
