//! Where this server connects to of itself: to what its operator named, and to nothing that somebody else names.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::caller::{Caller, verifier};
use crate::scim::Directory;
use crate::server_in_a_box::Server;

/// Whatever opens a connection, resolves a name, or runs another program. Media goes by sockets that wait: ICE lite checks
/// nobody's candidates (RFC 8445, 2.5).
const WAYS: [&str; 11] = [
    "TcpStream::connect",
    "TcpSocket",
    "UnixStream",
    "lookup_host",
    "to_socket_addrs",
    "ToSocketAddrs",
    "SmtpTransport",
    "reqwest",
    "connect_with",
    "hyper_util::client",
    "Command::new",
];

/// Each way that there is, and whose the address is.
const KNOWN: [(&str, &str); 5] = [
    // `single_sign_on.issuer`, and what that provider says of itself.
    (
        "apps/conclave/src/single_sign_on/fetch.rs",
        "TcpStream::connect",
    ),
    // `mail.server`.
    ("apps/conclave/src/mail.rs", "SmtpTransport"),
    // The operator's collector of audit entries.
    ("apps/conclave/src/syslog.rs", "TcpStream::connect"),
    // Itself, for the suite that it speaks.
    (
        "apps/conclave/src/evidence/handshake.rs",
        "TcpStream::connect",
    ),
    // The database: a file of the data directory.
    ("io/store/src/connection.rs", "connect_with"),
];

// Shows: ABUSE-30.
#[test]
fn only_what_the_operator_names_is_connected_to() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = BTreeSet::new();
    // The client is a program of its own, and the page's module has the browser's means alone.
    for folder in ["apps/conclave/src", "io/store/src", "core"] {
        for file in sources(&root.join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let (program, _tests) = text
                .split_once("#[cfg(test)]\nmod tests")
                .unwrap_or((&text, ""));
            let name = file
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let ways = WAYS.into_iter().filter(|way| program.contains(way));
            found.extend(ways.map(|way| (name.clone(), way)));
        }
    }

    let known = KNOWN.map(|(file, way)| (file.to_owned(), way));
    assert_eq!(found, BTreeSet::from(known));
}

/// Rust's, but those of tests.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        match path.is_dir() {
            true if matches!(name, "tests" | "benches") => {}
            true => found.extend(sources(&path)),
            false if name.ends_with(".rs") && name != "tests.rs" => found.push(path),
            false => {}
        }
    }
    found
}

// Shows: ABUSE-30.
#[tokio::test]
async fn nobody_makes_the_server_ask_an_address_by_naming_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/inside", listener.local_addr().unwrap());
    let server = Server::executable().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let directory = Directory::of(&owner).await;

    let verifier = verifier(b"proof");
    let named = json!({"display_name": address, "invitation_proof": meeting.proof});
    let join = format!("/meetings/{}/join", meeting.code);
    let user = json!({
        "userName": "bo@riverside.example",
        "externalId": address,
        "profileUrl": address,
        "photos": [{"value": address}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"$ref": address}},
    });
    let back = json!({"state": "s", "code": address, "iss": address});
    let sent: [(Method, &str, Value); 4] = [
        (
            Method::POST,
            "/meetings",
            json!({"title": address, "invitation_verifier": verifier}),
        ),
        (Method::POST, &join, named),
        (
            Method::POST,
            "/invitations",
            json!({"email": format!("bo@{}", listener.local_addr().unwrap()), "role": "member"}),
        ),
        (Method::POST, "/session/single-sign-on/finish", back),
    ];
    for (method, path, body) in sent {
        let request = owner.request(method, path).json(&body);
        let request = request
            .header("x-forwarded-host", &address)
            .header("referer", &address);
        request.send().await.unwrap();
    }
    directory.send(Method::POST, "/Users", Some(user)).await;

    server.stop().await;
    let waits = listener.into_std().unwrap().accept();
    assert_eq!(waits.unwrap_err().kind(), ErrorKind::WouldBlock);
}
