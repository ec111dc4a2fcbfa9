//! Somebody of each role in the owner's organisation, and the owner of another.

use reqwest::StatusCode;

use crate::caller::Caller;
use crate::server_in_a_box::Server;

pub(super) struct People {
    all: Vec<Person>,
}

struct Person {
    role: &'static str,
    email: String,
    caller: Caller,
}

/// As they are invited; whoever is of another organisation is moved there.
const INVITED: [(&str, &str); 6] = [
    ("admin", "admin"),
    ("account manager", "account_manager"),
    ("representative", "representative"),
    ("auditor", "auditor"),
    ("member", "member"),
    (ELSEWHERE, "owner"),
];

const ELSEWHERE: &str = "owner of another organisation";

impl People {
    pub(super) async fn come(server: &Server, owner: &Caller) -> Self {
        let mut all = Vec::new();
        for (role, invited_as) in INVITED {
            let email = format!("{}@riverside.example", role.replace(' ', "."));
            let caller = owner.invited(&email, invited_as).await;
            all.push(Person {
                role,
                email,
                caller,
            });
        }
        server
            .tamper(
                "INSERT INTO organisation (id, name, created_at)
                 VALUES (x'0199000000007000800000000000000a', 'Lakeside', 9000000000000000)",
            )
            .await;
        move_elsewhere(server).await;
        vouch(server).await;
        Self { all }
    }

    pub(super) fn who(&self, role: &str) -> &Caller {
        let person = self.all.iter().find(|person| person.role == role);
        &person.unwrap().caller
    }

    /// Whoever was signed out by what they did is signed in again.
    pub(super) async fn come_back(&mut self, server: &Server) {
        for person in &mut self.all {
            if person.caller.get("/session").await.status != StatusCode::OK {
                // People sign in to the first organisation.
                server
                    .tamper(
                        "UPDATE account SET organisation = (SELECT organisation FROM account
                         ORDER BY created_at LIMIT 1)",
                    )
                    .await;
                person.caller = Caller::sign_in_as(server, &person.email).await;
                move_elsewhere(server).await;
                vouch(server).await;
            }
        }
    }
}

async fn move_elsewhere(server: &Server) {
    server
        .tamper(
            "UPDATE account SET organisation = x'0199000000007000800000000000000a'
             WHERE email LIKE 'owner.of.another%'",
        )
        .await;
}

/// As if everybody who is signed in had shown a second factor.
async fn vouch(server: &Server) {
    server
        .tamper("UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'")
        .await;
}
