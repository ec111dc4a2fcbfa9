//! What must be there before each act of the story.

use reqwest::Method;
use serde_json::json;

use super::{BO, Story};
use crate::authenticator::Authenticator;
use crate::caller::Caller;
use crate::policy::set;
use crate::recordings::bring;
use crate::support_queue::asking_for_help;

const FINDING: &str = "INSERT INTO anomaly
         (id, organisation, rule, subject, count, window_minutes, found_at)
     SELECT x'0199000000007000800000000000000b', id, 'audit_fault', zeroblob(16), 1, 60, 1
     FROM organisation ORDER BY created_at LIMIT 1";

impl Story {
    /// What must be there before the act, and is not part of it.
    pub(super) async fn prepare(&mut self, route: &str) {
        match route {
            "POST /account/passkeys/options" => {
                self.device = Authenticator::of(&self.owner.account().await.to_string());
            }
            "POST /session/passkey" => self.device.counter += 1,
            "DELETE /account/passkeys/{passkey}" => {
                self.owner.set_up_program(&self.server).await;
            }
            "DELETE /account/sessions/{session}" | "DELETE /account/sessions" => {
                Caller::sign_in(&self.server).await;
                let listed = self.owner.get("/account/sessions").await.body;
                let listed = listed.as_array().unwrap();
                let other = listed.iter().find(|session| session["this"] == false);
                self.session = other.unwrap()["id"].as_str().unwrap().to_owned();
            }
            "POST /meetings/{code}/join" | "POST /meetings/{id}/cancel" => {
                self.meeting = Some(self.owner.make_meeting().await);
            }
            "POST /meetings/{id}/lobby/{participant}/admit"
            | "POST /meetings/{id}/lobby/admit-all"
            | "POST /meetings/{id}/lobby/{participant}/vouch"
            | "POST /meetings/{id}/lobby/{participant}/deny" => {
                let meeting = self.meeting();
                if self.host.credential.is_none() {
                    self.host = self.owner.come(&meeting, "Amy").await;
                }
                let guest = self.nobody.knock(&meeting, "Bo").await;
                self.nobody.participant = guest.participant;
            }
            "POST /meetings/{id}/participants/{participant}/expel"
            | "POST /meetings/{id}/participants/{participant}/mute" => {
                let guest = self.nobody.come(&self.meeting(), "Di").await;
                self.nobody.participant = guest.participant;
            }
            // As if another owner had asked.
            "POST /policies/profile/leave/confirm" => {
                let sql = "UPDATE organisation SET profile_leave_by = x'00000000000070008000000000000000'";
                self.server.tamper(sql).await;
            }
            "POST /admin/anomalies/{anomaly}/review" => self.server.tamper(FINDING).await,
            "POST /support/recordings/{recording}/acknowledgement" => {
                let sql = "UPDATE recording SET feedback_state = 'missing'";
                self.server.tamper(sql).await;
            }
            "POST /emergency" => {
                let on = json!({"emergency_access": {"value": true}});
                set(&self.owner, "organisation", on).await;
            }
            "POST /emergency/meetings/{id}/enter" => {
                let meeting = self.owner.make_meeting().await;
                self.owner.come(&meeting, "Amy").await;
                self.meeting = Some(meeting);
            }
            // As if somebody else had taken it.
            "POST /emergency/uses/{use}/review" => {
                let sql = "UPDATE emergency_use SET account = NULL";
                self.server.tamper(sql).await;
            }
            "POST /support/devices/enrolments" => {
                let on = json!({"support_unattended": {"value": true}});
                set(&self.owner, "organisation", on).await;
            }
            "POST /support/requests" => {
                let on = json!({"support_queue": {"value": true}});
                set(&self.owner, "organisation", on).await;
            }
            // The one before was taken, or turned away.
            "POST /support/requests/{request}/decline" | "DELETE /support/requests/{request}" => {
                let path = "/support/requests";
                let body = Some(asking_for_help());
                let asked = self.nobody.send(Method::POST, path, body).await;
                self.keep_request(&asked);
            }
            "POST /support/devices/{device}/sessions" => {
                self.computer.connect(&self.server).await.lets_in();
            }
            "POST /meetings/{id}/support/facts" => {
                self.guest = self.nobody.come(&self.meeting(), "Cy").await;
            }
            // As if the organisation had kept sessions when it was opened.
            "POST /meetings/{id}/support/recordings" => {
                self.server
                    .tamper("UPDATE meeting SET data_mode = 'archive'")
                    .await;
            }
            "POST /meetings/{id}/support/recordings/{recording}/end" => {
                let path = self.fill("/meetings/{id}/support/recordings/{recording}/1");
                bring(&self.guest, &path, b"chunk").await;
            }
            // As if nobody had been asked before it was recorded.
            "POST /meetings/{id}/support/recordings/{recording}/feedback" => {
                let sql =
                    "UPDATE support_session SET solved = NULL, rating = NULL, feedback_at = NULL";
                self.server.tamper(sql).await;
            }
            "POST /meetings/{id}/leave" => {
                self.guest = self.nobody.come(&self.meeting(), "Cy").await;
            }
            "POST /invitations/accept" => {
                self.letters.next().await;
                self.owner.invite(BO, "member").await;
                self.token = self.letters.next().await.secret("invited");
            }
            "POST /account-requests/confirm" => {
                self.token = self.letters.next().await.secret("requested");
            }
            "POST /people/{account}/approve" => {
                let people = self.owner.get("/people").await.body;
                let pending = people["people"].as_array().unwrap().last().unwrap();
                self.account = pending["account"].as_str().unwrap().to_owned();
            }
            // Whoever the provider signed in is signed out by it.
            "POST /session/single-sign-on/logout" => {
                let body = json!({"email": "di@riverside.example", "role": "member"});
                self.owner
                    .send(Method::POST, "/invitations", Some(body))
                    .await;
                let token = self.letters.next().await.secret("invited");
                let to = json!({"to": "accept_invitation", "token": token, "display_name": "Di"});
                let mut di = self.nobody.clone();
                let begun = di
                    .send(Method::POST, "/session/single-sign-on", Some(to))
                    .await;
                di.keep_cookies(&begun);
                let back = self.provider.grant(&begun.text("address"), "di");
                let path = "/session/single-sign-on/finish";
                let accepted = di.send(Method::POST, path, Some(back)).await;
                assert_eq!(accepted.status.as_u16(), 201, "{}", accepted.body);
            }
            "POST /password-resets/finish" => {
                self.token = self.letters.next().await.secret("reset");
            }
            "POST /programs"
            | "POST /support/recordings/keys"
            | "DELETE /session"
            | "POST /account/email" => {
                self.owner = Caller::sign_in(&self.server).await;
            }
            "POST /account/email/confirm" => {
                self.token = self.letters.next().await.secret("email");
            }
            _ => {}
        }
    }
}
