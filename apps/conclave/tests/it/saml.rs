//! SAML is not offered: wherever servers that offer it take assertions, this one has nothing.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Client, RequestBuilder, StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::caller::{Answer, Caller, EMAIL};
use crate::server_in_a_box::Server;

/// Of Shibboleth, SimpleSAMLphp, mod_auth_mellon, passport, Okta's and Entra's guides; and where ours would be.
const ADDRESSES: [&str; 14] = [
    "/saml",
    "/saml/acs",
    "/saml/consume",
    "/saml2/acs",
    "/saml/metadata",
    "/sso/saml",
    "/auth/saml/callback",
    "/login/callback",
    "/Shibboleth.sso",
    "/Shibboleth.sso/SAML2/POST",
    "/mellon/postResponse",
    "/simplesaml/module.php/saml/sp/saml2-acs.php/default-sp",
    "/api/v1/saml",
    "/api/v1/session/saml",
];

// Shows: ABUSE-14.
#[tokio::test]
async fn no_address_takes_an_assertion_nor_reads_one() {
    let server = Server::executable().await;
    Caller::owner(&server).await;
    let before = server.entries().await.len();
    let client = Client::new();

    for address in ADDRESSES {
        for assertion in assertions() {
            let url = server.url() + address;
            for request in [
                posted(&client, &url, &assertion),
                redirected(&client, &url, &assertion),
            ] {
                let response = request.send().await.unwrap();
                has_nothing(address, &Answer::read(response).await);
            }
        }
    }
    // What is not read needs no bound, and no memory.
    for address in ["/saml/acs", "/api/v1/saml"] {
        let answer = endless(&server, address).await;
        assert_eq!(&answer, b"HTTP/1.1 404", "{address}");
    }

    let entries = server.entries().await.split_off(before);
    let sign_ins: Vec<_> = entries
        .iter()
        .map(|entry| entry.event.name())
        .filter(|name| name.starts_with("auth."))
        .collect();
    assert!(sign_ins.is_empty(), "{sign_ins:?}");
    server.stop().await;
}

/// As whatever address is not there, or is there to be read alone.
fn has_nothing(address: &str, answer: &Answer) {
    let code = answer.code();
    assert!(
        matches!(
            (answer.status, code.as_str()),
            (StatusCode::NOT_FOUND, "not_found")
                | (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
        ),
        "{address}: {} {code}",
        answer.status
    );
    assert_eq!(
        answer.headers[header::CONTENT_TYPE],
        "application/problem+json"
    );
    assert!(
        !answer.headers.contains_key(header::SET_COOKIE),
        "{address}"
    );
}

/// Unsigned, with an entity of a file, and with entities that expand to gigabytes.
fn assertions() -> [String; 3] {
    let response = |prologue: &str, name: &str| {
        let subject = format!("<saml:Subject><saml:NameID>{name}</saml:NameID></saml:Subject>");
        format!(
            "<?xml version=\"1.0\"?>{prologue}\
             <samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_1\" Version=\"2.0\">\
             <saml:Assertion ID=\"_2\">{subject}</saml:Assertion></samlp:Response>"
        )
    };
    let nested: String = (1..10)
        .map(|depth| {
            let parts = format!("&e{};", depth - 1).repeat(10);
            format!("<!ENTITY e{depth} \"{parts}\">")
        })
        .collect();
    [
        response("", EMAIL),
        response(
            "<!DOCTYPE r [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>",
            "&f;",
        ),
        response(
            &format!("<!DOCTYPE r [<!ENTITY e0 \"ha\">{nested}]>"),
            "&e9;",
        ),
    ]
}

/// By the binding of HTTP POST.
fn posted(client: &Client, url: &str, assertion: &str) -> RequestBuilder {
    let encoded = STANDARD.encode(assertion);
    let encoded = encoded.replace('+', "%2B").replace('/', "%2F");
    let encoded = encoded.replace('=', "%3D");
    let request = client.post(url).header(header::CONTENT_TYPE, FORM);
    request.body(format!("SAMLResponse={encoded}&RelayState=%2Fmeet"))
}

/// By the binding of HTTP redirects, as far as an address that nobody reads has one.
fn redirected(client: &Client, url: &str, assertion: &str) -> RequestBuilder {
    let encoded = URL_SAFE_NO_PAD.encode(assertion);
    client.get(format!("{url}?SAMLResponse={encoded}"))
}

/// What is answered to who announces a terabyte and sends little of it.
async fn endless(server: &Server, address: &str) -> [u8; 12] {
    let mut socket = TcpStream::connect(server.address()).await.unwrap();
    let (host, length) = (server.address(), 1_u64 << 40);
    let head = format!(
        "POST {address} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {FORM}\r\n\
         content-length: {length}\r\n\r\nSAMLResponse=PD94"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = timeout(PATIENCE, socket.read_exact(&mut answer)).await;
    read.unwrap().unwrap();
    answer
}

const FORM: &str = "application/x-www-form-urlencoded";
const PATIENCE: Duration = Duration::from_secs(20);
