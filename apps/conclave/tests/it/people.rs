//! Accounts of an organisation's people, from their invitation to their removal.

mod arrivals;
mod departures;
mod letters;
mod rights;

use reqwest::Method;
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, PASSWORD};

const BO: &str = "bo.hadley@riverside.example";
const CY: &str = "cy.tanaka@riverside.example";
const DI: &str = "di.moreau@riverside.example";

/// Somebody of another organisation, as far as an installation can hold one, and whom they invited.
const ZOE: uuid::Uuid = uuid::Uuid::from_u128(0x7000_8000_0000_0000_0000);
const ELSEWHERE: &str = "
    INSERT INTO organisation (id, name, created_at)
    VALUES (x'00000000000070008000000000000009', 'Elsewhere', 9223372036854775807);
    INSERT INTO account (id, organisation, email, email_normalised, display_name, role, password, created_at)
    VALUES (x'00000000000070008000000000000000', x'00000000000070008000000000000009',
            'zoe@elsewhere.example', 'zoe@elsewhere.example', 'Zoe', 'member', '', 0);
    INSERT INTO invitation (id, token_hash, organisation, email, email_normalised, role, invited_by, invited_at, expires_at)
    VALUES (x'00000000000070008000000000000000', zeroblob(32), x'00000000000070008000000000000009',
            'yan@elsewhere.example', 'yan@elsewhere.example', 'member',
            x'00000000000070008000000000000000', 0, 9223372036854775807);";

async fn sign_in(caller: &Caller, email: &str) -> Answer {
    let body = json!({"email": email, "password": PASSWORD});
    caller.send(Method::POST, "/session", Some(body)).await
}

fn person(people: &Answer, email: &str) -> Value {
    let list = people.body["people"].as_array().unwrap();
    let found = list.iter().find(|person| person["email"] == email);
    found.unwrap().clone()
}
