//! The owner of a server, made by its one-time link, with an authenticator program that shows codes.

use std::net::SocketAddr;
use std::time::SystemTime;

use anyhow::{Context, ensure};
use conclave_client::protocol::AccountId;
use conclave_client::protocol::account::Me;
use reqwest::{Client, Method, Response, header};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::person::origin;

/// Whoever opened the one-time link, signed in with both factors.
pub struct Owner {
    pub account: AccountId,
    /// The session's, as a browser sends it: `name=value`.
    pub cookie: String,
}

impl Owner {
    /// # Errors
    ///
    /// When the server has an owner, or does not answer.
    pub async fn make(server: SocketAddr, token: &str, name: &str) -> anyhow::Result<Self> {
        let body = json!({
            "token": token,
            "organisation": "Riverside",
            "email": "amy.weatherwax@riverside.example",
            "display_name": name,
            "password": "seven quiet lanterns over the harbour",
        });
        let answer = send(server, Method::POST, "/setup", None, body).await?;
        let restricted = session(&answer)?;
        let me: Me = answer.json().await?;
        Ok(Self {
            account: me.account,
            cookie: set_up_program(server, &restricted).await?,
        })
    }
}

/// The whole organisation's policy from then on.
pub(crate) async fn set_policy(
    server: SocketAddr,
    cookie: &str,
    settings: Value,
) -> anyhow::Result<()> {
    let path = "/policies/organisation";
    let read = send(server, Method::GET, path, Some(cookie), Value::Null).await?;
    let read: Value = read.json().await?;
    let body = json!({"revision": read["revision"], "settings": settings});
    send(server, Method::PUT, path, Some(cookie), body).await?;
    Ok(())
}

/// The cookie that the session goes on under.
async fn set_up_program(server: SocketAddr, cookie: &str) -> anyhow::Result<String> {
    let begun = send(
        server,
        Method::POST,
        "/account/totp",
        Some(cookie),
        Value::Null,
    )
    .await?;
    let begun: Value = begun.json().await?;
    let secret = begun["secret"].as_str().context("no secret")?;
    let secret = Secret::try_from_base32(secret).map_err(|_| anyhow::anyhow!("no base32"))?;
    let program = Builder::new().with_secret(secret).build_noncompliant();
    let now = SystemTime::UNIX_EPOCH.elapsed()?.as_secs();
    let body = json!({"code": program.generate(now).to_string()});
    let done = send(server, Method::PUT, "/account/totp", Some(cookie), body).await?;
    session(&done)
}

async fn send(
    server: SocketAddr,
    method: Method,
    path: &str,
    cookie: Option<&str>,
    body: Value,
) -> anyhow::Result<Response> {
    let url = format!("{}/api/v1{path}", origin(server));
    let mut request = Client::new().request(method, url);
    request = request.header(header::ORIGIN, origin(server)).json(&body);
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let answer = request.send().await?;
    ensure!(answer.status().is_success(), "{path}: {}", answer.status());
    Ok(answer)
}

fn session(answer: &Response) -> anyhow::Result<String> {
    let cookie = answer.headers().get(header::SET_COOKIE);
    let cookie = cookie.context("no session")?.to_str()?;
    let (cookie, _) = cookie.split_once(';').context("no session")?;
    Ok(cookie.to_owned())
}
