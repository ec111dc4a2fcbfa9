//! What the story remembers of each answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Story;
use crate::caller::{Answer, Caller, Made};

impl Story {
    pub(super) async fn keep(&mut self, route: &str, answer: &Answer) {
        match route {
            "POST /account/device-requests" => self.request = answer.text("id"),
            "POST /support/requests" => self.keep_request(answer),
            "POST /groups" => self.group = answer.text("id"),
            "POST /agreements" => self.agreement = answer.text("id"),
            "POST /complaints" => self.complaint = answer.text("id"),
            "POST /trainings" => self.training = answer.text("id"),
            "POST /emergency" => self.emergency = answer.text("id"),
            "POST /emergency/codes" => {
                let code = answer.body["codes"][0].as_str();
                self.sealed_code = code.unwrap_or_default().to_owned();
            }
            "POST /admin/views" => self.view = answer.text("id"),
            "POST /meetings/{id}/companion" => self.companion_code = answer.text("code"),
            "POST /companions" => {
                self.companion = Caller {
                    credential: Some(answer.text("credential")),
                    participant: answer.text("participant"),
                    ..self.nobody.clone()
                };
            }
            "POST /meetings/{id}/support/recordings" => {
                self.recording = answer.text("recording");
            }
            "POST /support/devices/enrolments" => {
                let link = answer.text("link");
                self.token = link.rsplit('#').next().unwrap_or_default().to_owned();
            }
            "POST /support/devices/enrol" => self.computer.id = answer.text("id"),
            "POST /support/devices/{device}/sessions" => {
                let id = answer.body["session"]["id"].as_str();
                self.support = id.unwrap_or_default().to_owned();
            }
            "POST /support/sessions" => {
                self.support = answer.text("id");
                self.meeting = Some(Made {
                    id: answer.text("meeting"),
                    code: answer.text("code"),
                    proof: URL_SAFE_NO_PAD.encode(b"proof"),
                });
            }
            "POST /programs" => {
                let id = answer.body["program"]["id"].as_str();
                self.program = id.unwrap_or_default().to_owned();
            }
            _ => {}
        }
        if route == "POST /invitations" {
            self.invitation = answer.body["invitation"]["id"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
        }
        if route == "POST /invitations/accept" {
            self.account = answer.text("account");
        }
        match route {
            "POST /account/totp" => self.server.keep_program(answer.text("secret")),
            // The account's address is told.
            "POST /session/single-sign-on/finish" if answer.status.is_success() => {
                drop(self.letters.next().await);
            }
            _ if route.ends_with("/options") || route.ends_with("/single-sign-on") => {
                self.begun = answer.body.clone()
            }
            "POST /account/passkeys" => {
                self.owner.keep_cookies(answer);
                let ways = self.owner.get("/account/sign-in").await.body;
                self.passkey = ways["passkeys"][0]["id"].as_str().unwrap().to_owned();
            }
            _ => {}
        }
        if answer.headers.contains_key("set-cookie") && route != "POST /invitations/accept" {
            self.owner.url = self.nobody.url.clone();
            self.owner.keep_cookies(answer);
        }
    }

    /// Of who asked for help.
    pub(super) fn keep_request(&mut self, asked: &Answer) {
        self.request = asked.text("id");
        self.asker = Caller {
            credential: Some(asked.text("token")),
            ..self.nobody.clone()
        };
    }
}
