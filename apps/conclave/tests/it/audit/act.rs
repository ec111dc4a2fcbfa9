//! Each act of the story: by whom it is done, with what.

use reqwest::Method;
use serde_json::json;

use super::{BO, Story, no_camera};
use crate::caller::{Answer, EMAIL, PASSWORD, accept, set_up, verifier};
use crate::evidence::{agreement, assessment, complaint, decision, training};
use crate::recordings::{bring, manifest_of, recording_key};
use crate::saved_views::saved_view;
use crate::schedule::changed;
use crate::support_queue::asking_for_help;
use crate::unattended::credentials;

impl Story {
    pub(super) async fn act(&mut self, route: &str) -> Answer {
        let (method, path) = route.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let (caller, body) = match route {
            "POST /setup" => (&self.nobody, Some(set_up(&self.server))),
            "POST /session" => (
                &self.nobody,
                Some(json!({"email": EMAIL, "password": PASSWORD})),
            ),
            "PUT /account/totp" => {
                let shown = self.server.shown_code();
                (&self.owner, Some(json!({"code": shown})))
            }
            "POST /session/second-factor" => {
                let body = json!({"totp": self.server.code().await});
                (&self.owner, Some(body))
            }
            "POST /session/step-up" => {
                let second = json!({"totp": self.server.code().await});
                let body = json!({"password": PASSWORD, "second_factor": second});
                (&self.owner, Some(body))
            }
            "POST /account/passkeys" => (&self.owner, Some(self.device.create(&self.begun))),
            "PUT /account/passkeys/{passkey}" => (&self.owner, Some(json!({"label": "Ward 3"}))),
            "POST /session/passkey" => (&self.owner, Some(self.device.sign(&self.begun))),
            "PUT /account/password" => (&self.owner, Some(json!({"password": PASSWORD}))),
            "POST /account/email" => (&self.owner, Some(json!({"email": "amy@elsewhere.example"}))),
            "POST /account/email/confirm" => (&self.owner, Some(json!({"token": self.token}))),
            _ if path.starts_with("/account/") && !path.contains("device-request") => {
                let body = match route {
                    "PUT /account/vault" => Some(self.owner.next_vault().await),
                    _ => None,
                };
                (&self.owner, body)
            }
            "POST /session/passkey/options" => (&self.owner, None),
            "POST /account/device-requests" => (&self.owner, Some(json!({"request": "AAAA"}))),
            "POST /meetings" => {
                let body = json!({"title": "T", "invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /meetings/{code}/join" => (&self.owner, Some(json!({"display_name": "Amy"}))),
            "POST /meetings/{id}/lobby/admit-all" => {
                let waiting = &self.nobody.participant;
                (&self.host, Some(json!({"participants": [waiting]})))
            }
            "POST /groups" | "PUT /groups/{group}" => {
                (&self.owner, Some(json!({"name": "Ward 3"})))
            }
            "POST /policies/preview" => (&self.owner, Some(json!({"settings": no_camera()}))),
            "POST /programs" => (
                &self.owner,
                Some(json!({"name": "Directory", "scopes": ["scim"]})),
            ),
            "DELETE /programs/{program}" => (&self.owner, None),
            "PUT /evidence/decisions/{subject}" => (&self.owner, Some(decision("equivalent"))),
            "POST /agreements" | "PUT /agreements/{agreement}" => {
                (&self.owner, Some(agreement("signed")))
            }
            "POST /evidence/review" => {
                let review = self.owner.get("/evidence/review").await.body;
                (&self.owner, Some(json!({"digest": review["digest"]})))
            }
            "PUT /risks/{risk}" => (&self.owner, Some(assessment("accepted"))),
            "POST /complaints" => (&self.owner, Some(complaint())),
            "POST /trainings" => {
                let account = self.owner.account().await.to_string();
                (&self.owner, Some(training(&account)))
            }
            "POST /trainings/{training}/withdraw"
            | "POST /account/trainings/{training}/acknowledge" => (&self.owner, None),
            "POST /complaints/{complaint}/close" => (
                &self.owner,
                Some(json!({"outcome": "resolved", "note": "Answered."})),
            ),
            _ if route.starts_with("PUT /policies/") => {
                let policy = self.owner.get("/policies/organisation").await;
                let revision = &policy.body["revision"];
                let body = json!({"revision": revision, "settings": no_camera()});
                (&self.owner, Some(body))
            }
            _ if route.contains(" /policies/") || route.contains(" /groups/") => {
                (&self.owner, None)
            }
            "POST /admin/views" => (&self.owner, Some(saved_view())),
            "PUT /admin/views/{view}" => (
                &self.owner,
                Some(json!({"name": "Mine", "is_shared": true})),
            ),
            "PUT /admin/anomalies/rules" => {
                (&self.owner, Some(json!({"revision": 0, "rules": []})))
            }
            "POST /admin/anomalies/{anomaly}/review" => (
                &self.owner,
                Some(json!({"outcome": "explained", "note": "Seen."})),
            ),
            _ if path.starts_with("/admin/") => (&self.owner, None),
            "POST /emergency" => (
                &self.owner,
                Some(json!({"reason": "drill", "words": "Nothing."})),
            ),
            "POST /emergency/uses/{use}/review" => (
                &self.owner,
                Some(json!({"outcome": "justified", "note": "Seen."})),
            ),
            "POST /session/emergency" => (
                &self.nobody,
                Some(json!({"email": "amy@elsewhere.example", "code": self.sealed_code})),
            ),
            _ if path.starts_with("/emergency/") => (&self.owner, None),
            "PUT /meetings/{id}" => (&self.owner, Some(changed(0))),
            "POST /meetings/{id}/cancel" => (&self.owner, Some(json!({"sequence": 0}))),
            "POST /meetings/{id}/invited/add" | "POST /meetings/{id}/invited/remove" => {
                (&self.owner, Some(json!({"email": EMAIL})))
            }
            "POST /audit/export" => (&self.owner, Some(json!({}))),
            "POST /evidence/export" => (&self.owner, Some(json!({"format": "json"}))),
            "POST /session/single-sign-on" => (&self.owner, Some(json!({"to": "step_up"}))),
            "POST /session/single-sign-on/finish" => {
                let address = self.begun["address"].as_str().unwrap();
                (&self.owner, Some(self.provider.grant(address, "amy")))
            }
            "POST /session/single-sign-on/logout" => {
                let token = self.provider.logout_token("di", "j-1");
                let url = format!("{}/api/v1{path}", self.nobody.url);
                let form = [("logout_token", token)];
                let request = self.nobody.client.post(url).form(&form);
                return Answer::read(request.send().await.unwrap()).await;
            }
            "DELETE /session" | "DELETE /account/device-requests/{request}" => (&self.owner, None),
            "POST /meetings/{id}/leave" => (&self.guest, None),
            "POST /support/sessions" => {
                let body = json!({"invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /companions" | "POST /companions/look-up" => {
                let code = &self.companion_code;
                (&self.nobody, Some(json!({"code": code})))
            }
            "POST /meetings/{id}/companion/{participant}/control" => {
                let to = &self.nobody.participant;
                (&self.host, Some(json!({"to": to})))
            }
            "POST /meetings/{id}/companion/facts" => {
                let facts = json!([
                    {"fact": "permitted", "capability": "control"},
                    {"fact": "control_began"}
                ]);
                let body = json!({"turn": 1, "facts": facts});
                (&self.companion, Some(body))
            }
            "POST /meetings/{id}/support/facts" => {
                let facts = json!([
                    {"fact": "permitted", "capability": "control"},
                    {"fact": "control_began"}
                ]);
                (&self.guest, Some(json!({"facts": facts})))
            }
            "POST /meetings/{id}/support/feedback" => {
                (&self.guest, Some(json!({"solved": true, "rating": 5})))
            }
            "PUT /support/questions" => (&self.owner, Some(json!({}))),
            "POST /support/recordings/keys" => (&self.owner, Some(recording_key())),
            "PUT /support/recordings/retention" => (&self.owner, Some(json!({"days": 30}))),
            "POST /meetings/{id}/support/recordings" => (&self.guest, None),
            "PUT /meetings/{id}/support/recordings/{recording}/{number}" => {
                return bring(&self.guest, &self.fill(path), b"header").await;
            }
            "POST /meetings/{id}/support/recordings/{recording}/end" => {
                let manifest = manifest_of(b"header", b"chunk");
                (&self.guest, Some(json!({"manifest": manifest})))
            }
            "POST /meetings/{id}/support/recordings/{recording}/feedback" => {
                (&self.guest, Some(json!({"sealed": "AAAA"})))
            }
            "POST /support/recordings/{recording}/plays" => {
                (&self.owner, Some(json!({"reason": "A complaint."})))
            }
            "POST /support/recordings/{recording}/acknowledgement" => {
                let body = json!({"trouble": "without_feedback", "reason": "Told by phone."});
                (&self.owner, Some(body))
            }
            "POST /support/devices/enrolments" | "POST /support/devices/{device}/renew" => {
                (&self.owner, Some(json!({"days": 30})))
            }
            "POST /support/sessions/{support}/end"
            | "DELETE /support/devices/{device}/grants/{account}"
            | "DELETE /support/devices/{device}" => (&self.owner, None),
            "POST /support/devices/enrol" => {
                (&self.nobody, Some(self.computer.enrolment(&self.token)))
            }
            "POST /support/devices/{device}/grants" => {
                let account = self.owner.account().await;
                (&self.owner, Some(json!({"account": account})))
            }
            "POST /support/devices/{device}/sessions" => {
                let body = json!({"invitation_verifier": verifier(b"proof")});
                (&self.owner, Some(body))
            }
            "POST /support/requests" => (&self.nobody, Some(asking_for_help())),
            "POST /support/requests/{request}/claim"
            | "POST /support/requests/{request}/decline" => (&self.owner, None),
            "POST /support/requests/{request}/take" => {
                let body = json!({"session": self.support, "sealed": "AAAA"});
                (&self.owner, Some(body))
            }
            "DELETE /support/requests/{request}" => (&self.asker, None),
            "POST /support/sessions/{support}/credentials" => (&self.owner, Some(credentials(1))),
            "POST /invitations" => (&self.owner, Some(json!({"email": BO, "role": "member"}))),
            "POST /invitations/accept" | "POST /account-requests/confirm" => {
                (&self.nobody, Some(accept(&self.token)))
            }
            "POST /people/{account}/role" => (&self.owner, Some(json!({"role": "auditor"}))),
            "POST /account-requests" => (&self.nobody, Some(json!({"email": BO}))),
            "POST /password-resets" => (&self.nobody, Some(json!({"email": EMAIL}))),
            "POST /password-resets/finish" => {
                let body = json!({"token": self.token, "password": PASSWORD});
                (&self.nobody, Some(body))
            }
            _ if route.contains("/people/") || route.contains("/invitations/") => {
                (&self.owner, None)
            }
            _ => (&self.host, None),
        };
        let is_own = ["/policies/", "/groups/", "/devices/"];
        let path = match is_own.iter().any(|part| path.contains(part)) {
            true => path.replace("{account}", &self.owner.account().await.to_string()),
            false => path.to_owned(),
        };
        let answer = caller.send(method, &self.fill(&path), body).await;
        self.keep(route, &answer).await;
        answer
    }
}
