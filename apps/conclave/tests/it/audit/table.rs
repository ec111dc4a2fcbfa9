//! The entries that each route leaves.

/// In the order of one story. A host's join opens the meeting.
pub(super) const ENTRIES: &[(&str, &[&str])] = &[
    ("POST /setup", &["user.create_owner", "auth.login"]),
    ("POST /account/totp", &[]),
    ("PUT /account/totp", &["account.totp_set_up"]),
    ("POST /session", &["auth.password"]),
    ("POST /session/second-factor", &["auth.login"]),
    ("POST /session/step-up", &["auth.step_up"]),
    ("POST /account/passkeys/options", &[]),
    ("POST /account/passkeys", &["account.passkey_add"]),
    (
        "PUT /account/passkeys/{passkey}",
        &["account.passkey_rename"],
    ),
    ("POST /session/passkey/options", &[]),
    ("POST /session/passkey", &["auth.step_up"]),
    ("DELETE /account/totp", &["account.totp_remove"]),
    (
        "DELETE /account/passkeys/{passkey}",
        &["account.passkey_remove"],
    ),
    ("POST /account/recovery-codes", &["account.recovery_codes"]),
    ("PUT /account/password", &["account.password_change"]),
    (
        "DELETE /account/sessions/{session}",
        &["auth.session.revoke"],
    ),
    ("DELETE /account/sessions", &["auth.session.revoke"]),
    ("PUT /account/vault", &["account.vault_change"]),
    ("POST /account/device-requests", &["account.device_request"]),
    (
        "DELETE /account/device-requests/{request}",
        &["account.device_request_end"],
    ),
    ("POST /meetings", &["meeting.create"]),
    (
        "POST /meetings/{code}/join",
        &["meeting.start", "meeting.join"],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/admit",
        &["meeting.admit"],
    ),
    (
        "POST /meetings/{id}/lobby/admit-all",
        &["meeting.admit_all", "meeting.admit"],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/vouch",
        &["meeting.vouch"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/mute",
        &["meeting.mute"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/stop-video",
        &["meeting.stop_video"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/ask-to-unmute",
        &["meeting.ask_to_unmute"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/make-co-host",
        &["meeting.make_co_host"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/take-back-co-host",
        &["meeting.take_back_co_host"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/hand-over",
        &["meeting.hand_over"],
    ),
    (
        "POST /meetings/{id}/sharing/lock",
        &["meeting.lock_sharing"],
    ),
    (
        "POST /meetings/{id}/sharing/unlock",
        &["meeting.unlock_sharing"],
    ),
    ("POST /meetings/{id}/mute-all", &["meeting.mute_all"]),
    ("POST /meetings/{id}/companion", &["companion.offered"]),
    ("POST /companions/look-up", &[]),
    ("POST /companions", &["companion.brought"]),
    (
        "POST /meetings/{id}/companion/{participant}/control",
        &["companion.control_given"],
    ),
    (
        "POST /meetings/{id}/companion/facts",
        &["companion.permitted", "companion.control_began"],
    ),
    (
        "POST /meetings/{id}/participants/{participant}/expel",
        &["meeting.expel"],
    ),
    (
        "POST /meetings/{id}/lobby/{participant}/deny",
        &["meeting.deny"],
    ),
    ("POST /meetings/{id}/invited/add", &["meeting.invite"]),
    ("POST /meetings/{id}/invited/remove", &["meeting.uninvite"]),
    ("PUT /meetings/{id}", &["meeting.change"]),
    ("POST /meetings/{id}/unguard", &["meeting.unguard"]),
    ("POST /meetings/{id}/passcode", &["meeting.change_passcode"]),
    ("POST /meetings/{id}/lock", &["meeting.lock"]),
    ("POST /meetings/{id}/unlock", &["meeting.unlock"]),
    ("POST /meetings/{id}/ticket", &["meeting.ticket"]),
    ("POST /meetings/{id}/leave", &["meeting.leave"]),
    ("POST /meetings/{id}/end", &["meeting.end"]),
    ("POST /meetings/{id}/cancel", &["meeting.cancel"]),
    (
        "POST /support/sessions",
        &["meeting.create", "support.opened"],
    ),
    ("POST /support/requests", &["support.requested"]),
    (
        "POST /support/requests/{request}/claim",
        &["support.request_claimed"],
    ),
    (
        "POST /support/requests/{request}/take",
        &["support.request_taken"],
    ),
    (
        "POST /support/requests/{request}/decline",
        &["support.request_declined"],
    ),
    (
        "DELETE /support/requests/{request}",
        &["support.request_withdrawn"],
    ),
    (
        "POST /meetings/{id}/support/facts",
        &["support.permitted", "support.control_began"],
    ),
    (
        "POST /meetings/{id}/support/feedback",
        &["support.feedback"],
    ),
    ("PUT /support/questions", &["support.questions"]),
    ("POST /support/recordings/keys", &["recording.key_made"]),
    (
        "PUT /support/recordings/retention",
        &["recording.retention"],
    ),
    (
        "POST /meetings/{id}/support/recordings",
        &["recording.begun"],
    ),
    (
        "PUT /meetings/{id}/support/recordings/{recording}/{number}",
        &[],
    ),
    (
        "POST /meetings/{id}/support/recordings/{recording}/end",
        &["recording.ended"],
    ),
    (
        "POST /meetings/{id}/support/recordings/{recording}/feedback",
        &["recording.feedback"],
    ),
    (
        "POST /support/recordings/{recording}/plays",
        &["recording.played"],
    ),
    (
        "POST /support/recordings/{recording}/acknowledgement",
        &["recording.acknowledged"],
    ),
    (
        "POST /support/sessions/{support}/end",
        &["meeting.end", "support.ended"],
    ),
    (
        "POST /support/devices/enrolments",
        &["support.device_invited"],
    ),
    ("POST /support/devices/enrol", &["support.device_enrolled"]),
    (
        "POST /support/devices/{device}/renew",
        &["support.device_renewed"],
    ),
    (
        "POST /support/devices/{device}/grants",
        &["support.device_granted"],
    ),
    (
        "POST /support/devices/{device}/sessions",
        &[
            "meeting.create",
            "support.opened",
            "support.unattended_opened",
        ],
    ),
    (
        "POST /support/sessions/{support}/credentials",
        &["support.unattended_asked", "support.unattended_began"],
    ),
    (
        "DELETE /support/devices/{device}/grants/{account}",
        &["support.device_withdrawn", "meeting.end", "support.ended"],
    ),
    (
        "DELETE /support/devices/{device}",
        &["support.device_revoked"],
    ),
    ("POST /groups", &["group.create"]),
    ("PUT /groups/{group}", &["group.rename"]),
    ("PUT /groups/{group}/members/{account}", &["group.add"]),
    ("PUT /policies/groups/{group}", &["policy.change"]),
    ("PUT /policies/accounts/{account}", &["policy.change"]),
    ("PUT /policies/organisation", &["policy.change"]),
    ("POST /policies/preview", &[]),
    (
        "DELETE /groups/{group}/members/{account}",
        &["group.remove"],
    ),
    ("DELETE /groups/{group}", &["group.delete"]),
    ("POST /policies/profile", &["policy.profile_enter"]),
    (
        "POST /policies/profile/leave",
        &["policy.profile_leave_ask"],
    ),
    (
        "POST /policies/profile/leave/confirm",
        &["policy.profile_leave"],
    ),
    ("POST /invitations", &["user.invite"]),
    (
        "DELETE /invitations/{invitation}",
        &["user.withdraw_invitation"],
    ),
    (
        "POST /invitations/accept",
        &["user.accept_invitation", "auth.login"],
    ),
    ("POST /people/{account}/role", &["user.change_role"]),
    ("POST /people/{account}/unlock", &["user.unlock"]),
    (
        "POST /people/{account}/reset-factors",
        &["user.reset_factors"],
    ),
    ("POST /people/{account}/suspend", &["user.suspend"]),
    ("POST /people/{account}/restore", &["user.restore"]),
    ("POST /people/{account}/remove", &["user.remove"]),
    ("POST /account-requests", &["user.ask_for_account"]),
    ("POST /account-requests/confirm", &["user.request_account"]),
    ("POST /people/{account}/approve", &["user.approve"]),
    ("POST /account/single-sign-on", &[]),
    (
        "POST /session/single-sign-on/finish",
        &["account.single_sign_on_connect"],
    ),
    ("POST /session/single-sign-on", &[]),
    (
        "DELETE /account/single-sign-on",
        &["account.single_sign_on_disconnect"],
    ),
    (
        "POST /session/single-sign-on/logout",
        &["auth.session.revoke"],
    ),
    ("POST /password-resets", &["auth.ask_for_reset"]),
    ("POST /password-resets/finish", &["auth.reset_password"]),
    ("POST /programs", &["program.make"]),
    ("DELETE /programs/{program}", &["program.revoke"]),
    ("POST /audit/export", &["audit.export"]),
    ("POST /evidence/export", &["evidence.export"]),
    ("PUT /evidence/decisions/{subject}", &["evidence.decide"]),
    ("POST /agreements", &["agreement.add"]),
    ("PUT /agreements/{agreement}", &["agreement.change"]),
    ("POST /evidence/review", &["evidence.review"]),
    ("PUT /risks/{risk}", &["risk.assess"]),
    ("POST /complaints", &["complaint.enter"]),
    ("POST /complaints/{complaint}/close", &["complaint.close"]),
    ("POST /trainings", &["training.enter"]),
    (
        "POST /account/trainings/{training}/acknowledge",
        &["training.acknowledge"],
    ),
    (
        "POST /trainings/{training}/withdraw",
        &["training.withdraw"],
    ),
    ("POST /admin/views", &["view.save"]),
    ("PUT /admin/views/{view}", &["view.change"]),
    ("DELETE /admin/views/{view}", &["view.remove"]),
    ("PUT /admin/anomalies/rules", &["anomaly.change_rules"]),
    (
        "POST /admin/anomalies/{anomaly}/review",
        &["anomaly.review"],
    ),
    ("DELETE /session", &["auth.session.end"]),
    ("POST /account/email", &["account.email_ask"]),
    ("POST /account/email/confirm", &["account.email_change"]),
    ("POST /emergency", &["emergency.invoke"]),
    (
        "POST /emergency/meetings/{id}/enter",
        &["emergency.use", "meeting.join"],
    ),
    ("POST /emergency/end", &["emergency.end", "meeting.leave"]),
    ("POST /emergency/uses/{use}/review", &["emergency.review"]),
    ("POST /emergency/codes", &["emergency.make_codes"]),
    // Whoever signs in so does nothing else.
    ("POST /session/emergency", &["emergency.sign_in"]),
];
