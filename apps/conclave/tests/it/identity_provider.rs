//! An identity provider on loopback that says what a test wants, true or not (OpenID Connect Core 1.0, as far as it is
//! needed). Nobody visits its page: a test grants what a browser was sent for.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{RawForm, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::Listener;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use conclave::Config;
use conclave::config::SingleSignOn;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::{Url, form_urlencoded};

use crate::tls::self_signed;

pub(crate) const CLIENT: &str = "conclave at riverside";
const SECRET: &str = "the client's: own & secret";

pub(crate) struct IdentityProvider {
    pub(crate) issuer: String,
    shared: Shared,
    files: TempDir,
}

type Shared = Arc<Mutex<Mind>>;

/// What it says, and what it knows.
struct Mind {
    issuer: String,
    key: SigningKey,
    /// Its key's name, as it publishes it.
    name: String,
    is_down: bool,
    /// Where whoever asks at a path is sent on to.
    elsewhere: Option<(&'static str, String)>,
    lie: Lie,
    /// By their codes.
    grants: BTreeMap<String, Grant>,
}

struct Grant {
    challenge: String,
    page: String,
    claims: Value,
}

/// What of a token is not as it should be.
#[derive(Clone, Default)]
pub(crate) struct Lie {
    /// In place of claims of the same names; null takes one away.
    pub(crate) claims: Value,
    pub(crate) header: Value,
    pub(crate) signature: Signed,
}

#[derive(Clone, Copy, Default)]
pub(crate) enum Signed {
    #[default]
    Right,
    /// By a key that is nobody's.
    Stranger,
    /// Not at all.
    Not,
    /// With the bytes of the published RSA key as a secret (ABUSE-13).
    WithPublicKey,
}

impl IdentityProvider {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        Self::open_on(listener, issuer, tempfile::tempdir().unwrap())
    }

    /// With a certificate that is its own authority.
    pub(crate) async fn open_with_tls() -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("https://localhost:{}", tcp.local_addr().unwrap().port());
        let files = tempfile::tempdir().unwrap();
        let acceptor = self_signed(files.path());
        Self::open_on(Secured { tcp, acceptor }, issuer, files)
    }

    fn open_on(listener: impl Listener<Addr: Debug>, issuer: String, files: TempDir) -> Self {
        let shared = Arc::new(Mutex::new(Mind {
            issuer: issuer.clone(),
            key: SigningKey::from_slice(&[7; 32]).unwrap(),
            name: "first".to_owned(),
            is_down: false,
            elsewhere: None,
            lie: Lie::default(),
            grants: BTreeMap::new(),
        }));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(exchange))
            .layer(from_fn_with_state(Arc::clone(&shared), send_on))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        std::fs::write(files.path().join("secret"), format!("{SECRET}\n")).unwrap();
        Self {
            issuer,
            shared,
            files,
        }
    }

    pub(crate) fn configure(&self, config: &mut Config) {
        let text = format!(
            "issuer = \"{}\"\nname = \"Riverside login\"\nclient_id = \"{CLIENT}\"\n\
             client_secret_file = \"{}\"\nsecond_factor_amr = [\"mfa\"]\nmax_age = \"1h\"",
            self.issuer,
            self.files.path().join("secret").display()
        );
        let mut read: SingleSignOn = toml::from_str(&text).unwrap();
        let certificate = self.files.path().join("certificate.pem");
        read.authority = Some(certificate).filter(|file| file.exists());
        config.single_sign_on = Some(read);
    }

    pub(crate) fn say(&self, lie: Lie) {
        self.mind().lie = lie;
    }

    pub(crate) fn go_down(&self, is_down: bool) {
        self.mind().is_down = is_down;
    }

    /// From then on whoever asks at this path is told to ask there.
    pub(crate) fn send_on(&self, elsewhere: Option<(&'static str, String)>) {
        self.mind().elsewhere = elsewhere;
    }

    /// From then on it signs by another key.
    pub(crate) fn change_key(&self) {
        let mut mind = self.mind();
        mind.key = SigningKey::from_slice(&[8; 32]).unwrap();
        mind.name = "second".to_owned();
    }

    /// What the browser comes back with once its holder has said who they are.
    pub(crate) fn grant(&self, address: &str, subject: &str) -> Value {
        let asked: BTreeMap<String, String> = Url::parse(address)
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect();
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut mind = self.mind();
        let code = format!("code {}", mind.grants.len());
        let claims = json!({
            "iss": mind.issuer,
            "sub": subject,
            "aud": CLIENT,
            "iat": now(),
            "exp": now() + 300,
            "auth_time": now(),
            "nonce": asked["nonce"],
            "sid": format!("session of {subject}"),
        });
        let grant = Grant {
            challenge: asked["code_challenge"].clone(),
            page: asked["redirect_uri"].clone(),
            claims,
        };
        mind.grants.insert(code.clone(), grant);
        json!({"state": asked["state"], "code": code, "iss": mind.issuer})
    }

    pub(crate) fn logout_token(&self, subject: &str, id: &str) -> String {
        let event = "http://schemas.openid.net/event/backchannel-logout";
        let mind = self.mind();
        let claims = json!({
            "iss": mind.issuer,
            "sub": subject,
            "aud": [CLIENT],
            "iat": now(),
            "exp": now() + 120,
            "jti": id,
            "events": {event: {}},
        });
        mind.sign(&claims)
    }

    fn mind(&self) -> MutexGuard<'_, Mind> {
        self.shared.lock().unwrap()
    }
}

impl Mind {
    fn sign(&self, claims: &Value) -> String {
        let lie = &self.lie;
        let claims = patched(claims, &lie.claims);
        if matches!(lie.signature, Signed::WithPublicKey) {
            let header = Header {
                kid: Some("rsa".to_owned()),
                ..Header::new(Algorithm::HS256)
            };
            let key = EncodingKey::from_secret(&URL_SAFE_NO_PAD.decode(MODULUS).unwrap());
            return jsonwebtoken::encode(&header, &claims, &key).unwrap();
        }
        let header = json!({"alg": "ES256", "kid": self.name});
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let text = format!(
            "{}.{}",
            encode(&patched(&header, &lie.header)),
            encode(&claims)
        );
        let stranger = SigningKey::from_slice(&[9; 32]).unwrap();
        let signature: Signature = match lie.signature {
            Signed::Not => return format!("{text}."),
            Signed::Stranger => stranger.sign(text.as_bytes()),
            _ => self.key.sign(text.as_bytes()),
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

fn patched(truth: &Value, lie: &Value) -> Value {
    let mut said = truth.as_object().unwrap().clone();
    for (name, value) in lie.as_object().into_iter().flatten() {
        said.insert(name.clone(), value.clone());
    }
    said.retain(|_, value| !value.is_null());
    said.into()
}

struct Secured {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Secured {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, peer) = self.tcp.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

async fn send_on(State(mind): State<Shared>, request: Request, next: Next) -> Response {
    let elsewhere = mind.lock().unwrap().elsewhere.clone();
    match elsewhere {
        Some((path, address)) if path == request.uri().path() => {
            (StatusCode::FOUND, [(LOCATION, address)]).into_response()
        }
        _ => next.run(request).await,
    }
}

async fn describe(State(mind): State<Shared>) -> Result<Json<Value>, StatusCode> {
    let mind = mind.lock().unwrap();
    if mind.is_down {
        return Err(StatusCode::BAD_GATEWAY);
    }
    let issuer = &mind.issuer;
    Ok(Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorise?tenant=7"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    })))
}

async fn keys(State(mind): State<Shared>) -> Json<Value> {
    let mind = mind.lock().unwrap();
    let point = mind.key.verifying_key().to_encoded_point(false);
    let encode =
        |bytes: Option<_>| URL_SAFE_NO_PAD.encode(Option::<&p256::FieldBytes>::unwrap(bytes));
    Json(json!({"keys": [
        {"kty": "of another time", "kid": "odd"},
        {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": MODULUS, "e": "AQAB"},
        {"kty": "EC", "crv": "P-256", "kid": mind.name, "use": "sig",
         "x": encode(point.x()), "y": encode(point.y())},
    ]}))
}

async fn exchange(
    State(mind): State<Shared>,
    headers: HeaderMap,
    RawForm(form): RawForm,
) -> Result<Json<Value>, StatusCode> {
    let mut mind = mind.lock().unwrap();
    let sent: BTreeMap<String, String> = form_urlencoded::parse(&form).into_owned().collect();
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let right = STANDARD.encode(format!("{}:{}", encode(CLIENT), encode(SECRET)));
    let shown = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if shown != Some(&format!("Basic {right}")) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let grant = mind.grants.remove(&sent["code"]);
    let grant = grant.ok_or(StatusCode::BAD_REQUEST)?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&sent["code_verifier"]));
    if (challenge, &sent["redirect_uri"]) != (grant.challenge, &grant.page) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let token = mind.sign(&grant.claims);
    Ok(Json(
        json!({"id_token": token, "access_token": "a", "token_type": "Bearer"}),
    ))
}

pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// Of an RSA key of 2048 bits whose private half nobody has kept.
const MODULUS: &str = "tzNU9eMZwmrg-UGf-U8e2N9JkVhkgN38fhYvF8k5ePPRRUBEKIvkMnJ96veqijOwwAuBkI4ZAxfvFlkGIbmg_aN0f4f5mS3EbF4cfagCTBypuoRoVNoonbwWToRuFnUH8lat_fC6_KwouJ_zJxJcrTJsoITrp6bXA1gorzxlP80A9UE9A4yWJK-YxqNqdQryyi1xy_9fjpTwvk7dwK7fByhKmysHBTAh3S52e5owwIvRrxwzcSy24xFJuAU7AsAgz0jnHEaaB57O2OFSaT-YCDW-o6ojZtrjME6VRpOTNVjOmzbm3kW8_tQmeYeMxHX26XlSW-FY4fj6BvjGJXA0gw";
