//! The golden table: the code of each route's answer to everybody who tries.

pub(crate) const OK: &str = "";
pub(crate) const ANONYMOUS: &str = "not_authenticated";
pub(crate) const SIGNED_OUT: &str = "not_signed_in";
pub(crate) const OUTSIDE: &str = "not_admitted";
pub(crate) const ROLE: &str = "not_allowed";
pub(crate) const HIDDEN: &str = "meeting_not_found";
/// What is asked of the account is for one that waits, or is suspended.
const ACTIVE: &str = "account_state";

/// There is none.
const NO_USE: &str = "emergency_not_found";
const NO_EXPORT: &str = "export_not_found";
const NO_COMPLAINT: &str = "complaint_not_found";
const NO_TRAINING: &str = "training_not_found";
const NO_FINDING: &str = "anomaly_not_found";
const NO_VIEW: &str = "saved_view_not_found";
const NO_SUPPORT: &str = "support_not_found";
const NO_REQUEST: &str = "support_request_not_found";
const NO_COMPUTER: &str = "computer_not_found";
/// Nobody has said that it is permitted.
const OFF: &str = "switched_off";
const NO_RECORDING: &str = "recording_not_found";
/// Pieces of recordings are no JSON.
const NO_PIECE: &str = "unsupported_media_type";
const NO_COMPANION: &str = "companion_not_found";

/// Who tries: nobody, whoever is signed in, and whoever holds a participant's credential and no session.
pub(crate) const ROLES: [&str; 1 + ACCOUNTS + PARTICIPANTS] = [
    "nobody",
    "owner",
    "admin",
    "account manager",
    "representative",
    "auditor",
    "member",
    "owner of another organisation",
    "host",
    "co-host",
    "guest",
    "waiting guest",
    "denied guest",
    "guest who left",
    "host of another meeting",
];

const ACCOUNTS: usize = 7;
const PARTICIPANTS: usize = 7;

/// To each of [`ROLES`].
type Answers = [&'static str; 1 + ACCOUNTS + PARTICIPANTS];

/// Whoever asks these routes gets these answers. The meeting is the owner's.
const TABLE: &[(Answers, &[&str])] = &[
    (
        everybody(OK),
        &[
            "GET /server",
            "POST /session",
            "POST /meetings/{code}/join",
            "POST /session/passkey/options",
        ],
    ),
    (everybody("owner_exists"), &["POST /setup"]),
    (
        signed_in([OK; 7]),
        &[
            "GET /session",
            "DELETE /session",
            "GET /account/vault",
            "PUT /account/vault",
            "POST /account/device-requests",
            "POST /session/step-up",
            "GET /account/sign-in",
            "POST /account/totp",
            "POST /account/passkeys/options",
            "PUT /account/password",
            "GET /account/sessions",
            "DELETE /account/sessions",
            "GET /account/trainings",
        ],
    ),
    (
        signed_in(owners(OK, "device_request_not_found")),
        &["DELETE /account/device-requests/{request}"],
    ),
    (
        signed_in([OK, OK, OK, OK, ROLE, OK, OK]),
        &["GET /meetings", "POST /meetings"],
    ),
    (
        signed_in([OK, HIDDEN, HIDDEN, HIDDEN, ROLE, HIDDEN, HIDDEN]),
        &["GET /meetings/{id}"],
    ),
    (
        inside([OK, OK, OK, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN]),
        &[
            "POST /meetings/{id}/ticket",
            "GET /meetings/{id}/participants/{participant}/devices",
        ],
    ),
    (
        inside([OK, OK, OK, OK, OUTSIDE, OUTSIDE, HIDDEN]),
        &["POST /meetings/{id}/leave"],
    ),
    (
        either(
            [OK, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN],
            [OK, ROLE, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN],
        ),
        &["POST /meetings/{id}/end"],
    ),
    (
        inside([OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN]),
        &[
            "POST /meetings/{id}/lobby/{participant}/admit",
            "POST /meetings/{id}/lobby/admit-all",
            "POST /meetings/{id}/lobby/{participant}/vouch",
            "POST /meetings/{id}/lobby/{participant}/deny",
            "POST /meetings/{id}/participants/{participant}/mute",
            "POST /meetings/{id}/participants/{participant}/stop-video",
            "POST /meetings/{id}/participants/{participant}/ask-to-unmute",
            "POST /meetings/{id}/mute-all",
            "POST /meetings/{id}/lock",
            "POST /meetings/{id}/unlock",
            "POST /meetings/{id}/unguard",
            "POST /meetings/{id}/passcode",
            "POST /meetings/{id}/participants/{participant}/hand-over",
            "POST /meetings/{id}/sharing/lock",
            "POST /meetings/{id}/sharing/unlock",
        ],
    ),
    (
        either(
            [OK, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN],
            [OK, OK, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN],
        ),
        &["POST /meetings/{id}/participants/{participant}/expel"],
    ),
    (
        everybody("malformed_request"),
        &["GET /meetings/{id}/channel"],
    ),
    (
        inside([OK, ROLE, ROLE, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN]),
        &[
            "POST /meetings/{id}/participants/{participant}/make-co-host",
            "POST /meetings/{id}/participants/{participant}/take-back-co-host",
        ],
    ),
    (
        signed_in([OK, OK, OK, ROLE, OK, ROLE, OK]),
        &[
            "GET /people",
            "GET /groups",
            "GET /policies/organisation",
            "GET /support/questions",
            "POST /policies/preview",
        ],
    ),
    (
        signed_in([ACTIVE, ACTIVE, ROLE, ROLE, ROLE, ROLE, "account_not_found"]),
        &[
            "POST /people/{account}/approve",
            "POST /people/{account}/restore",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, "account_not_found"]),
        &[
            "POST /people/{account}/suspend",
            "POST /people/{account}/remove",
            "POST /people/{account}/role",
            "POST /people/{account}/unlock",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, OK]),
        &[
            "POST /invitations",
            "POST /groups",
            "POST /policies/profile",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, "invitation_not_found"]),
        &["DELETE /invitations/{invitation}"],
    ),
    (
        everybody("link_invalid"),
        &["POST /invitations/accept", "POST /password-resets/finish"],
    ),
    (
        everybody("account_requests_closed"),
        &["POST /account-requests", "POST /account-requests/confirm"],
    ),
    (everybody("mail_unavailable"), &["POST /password-resets"]),
    (
        signed_in(owners(OK, HIDDEN)),
        &[
            "GET /meetings/{id}/invited",
            "POST /meetings/{id}/invited/add",
            "POST /meetings/{id}/invited/remove",
            "PUT /meetings/{id}",
        ],
    ),
    (
        signed_in([OK, OK, OK, ROLE, ROLE, ROLE, OK]),
        &["GET /admin/meetings"],
    ),
    (
        signed_in([OK, OK, OK, ROLE, ROLE, ROLE, HIDDEN]),
        &["GET /admin/meetings/{id}/participants"],
    ),
    (
        signed_in([OK, OK, OK, ROLE, OK, ROLE, "group_not_found"]),
        &["GET /groups/{group}"],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, "group_not_found"]),
        &[
            "PUT /groups/{group}",
            "PUT /groups/{group}/members/{account}",
            "DELETE /groups/{group}/members/{account}",
            "DELETE /groups/{group}",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, "changed_meanwhile"]),
        &["PUT /policies/organisation"],
    ),
    (
        signed_in([OK, OK, OK, ROLE, OK, ROLE, "policy_subject_not_found"]),
        &[
            "GET /policies/groups/{group}",
            "GET /policies/accounts/{account}",
            "GET /policies/explain",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, "policy_subject_not_found"]),
        &[
            "PUT /policies/groups/{group}",
            "PUT /policies/accounts/{account}",
        ],
    ),
    (
        signed_in(["profile_off", ROLE, ROLE, ROLE, ROLE, ROLE, "profile_off"]),
        &["POST /policies/profile/leave"],
    ),
    (
        signed_in([
            "confirmation_expired",
            "confirmation_expired",
            ROLE,
            ROLE,
            ROLE,
            ROLE,
            "confirmation_expired",
        ]),
        &["POST /policies/profile/leave/confirm"],
    ),
    (
        everybody("sign_in_expired"),
        &["POST /session/second-factor"],
    ),
    (everybody("ceremony_expired"), &["POST /session/passkey"]),
    (
        signed_in(["ceremony_expired"; 7]),
        &["PUT /account/totp", "POST /account/passkeys"],
    ),
    (
        signed_in(owners("last_factor", "sign_in_way_not_found")),
        &["DELETE /account/totp"],
    ),
    (
        signed_in(["sign_in_way_not_found"; 7]),
        &[
            "PUT /account/passkeys/{passkey}",
            "DELETE /account/passkeys/{passkey}",
        ],
    ),
    (
        signed_in(owners(OK, "sign_in_way_not_found")),
        &["POST /account/recovery-codes"],
    ),
    // Of nobody's, and what is somebody else's is as nobody's.
    (
        signed_in([NO_TRAINING; 7]),
        &["POST /account/trainings/{training}/acknowledge"],
    ),
    (
        signed_in(["session_not_found"; 7]),
        &["DELETE /account/sessions/{session}"],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, OK, ROLE, OK]),
        &["GET /programs"],
    ),
    (
        signed_in([OK, ROLE, ROLE, ROLE, ROLE, ROLE, OK]),
        &["POST /programs"],
    ),
    (
        signed_in([
            "program_not_found",
            "program_not_found",
            ROLE,
            ROLE,
            ROLE,
            ROLE,
            "program_not_found",
        ]),
        &["DELETE /programs/{program}"],
    ),
    (signed_in(["mail_unavailable"; 7]), &["POST /account/email"]),
    (
        signed_in(["link_invalid"; 7]),
        &["POST /account/email/confirm"],
    ),
    (
        signed_in(owners("meeting_live", HIDDEN)),
        &["POST /meetings/{id}/cancel"],
    ),
    // Of a server without an identity provider.
    (
        everybody("single_sign_on_off"),
        &[
            "POST /session/single-sign-on",
            "POST /session/single-sign-on/finish",
            "POST /session/single-sign-on/logout",
        ],
    ),
    (
        signed_in(["single_sign_on_off"; 7]),
        &["POST /account/single-sign-on"],
    ),
    (
        signed_in(["sign_in_way_not_found"; 7]),
        &["DELETE /account/single-sign-on"],
    ),
    (
        signed_in([OK, ROLE, ROLE, ROLE, ROLE, ROLE, "account_not_found"]),
        &["POST /people/{account}/reset-factors"],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, OK, ROLE, OK]),
        &[
            "GET /audit/log",
            "GET /audit/entries",
            "GET /audit/entries/{seq}/proof",
            "GET /audit/log/checkpoint",
            "GET /audit/log/tile/{*path}",
            "POST /audit/export",
        ],
    ),
    (either([OK; 7], [OK; 7]), &["GET /audit/checkpoint"]),
    (
        signed_in([OK, OK, OK, ROLE, OK, ROLE, OK]),
        &[
            "GET /admin/sessions",
            "GET /admin/reports/{report}",
            "GET /admin/views",
            "POST /admin/views",
            "GET /admin/anomalies",
            "GET /admin/anomalies/rules",
        ],
    ),
    (
        signed_in([OK, OK, OK, ROLE, OK, ROLE, HIDDEN]),
        &[
            "GET /admin/sessions/{id}",
            "GET /admin/sessions/{id}/participants/{participant}/quality",
        ],
    ),
    (
        signed_in([OK, OK, OK, ROLE, OK, ROLE, OK]),
        &[
            "GET /evidence",
            "POST /evidence/export",
            "GET /evidence/review",
            "GET /evidence/exports",
            "GET /agreements",
            "GET /agreements/template",
            "GET /risks",
            "GET /trainings",
        ],
    ),
    (
        signed_in([
            NO_EXPORT, NO_EXPORT, NO_EXPORT, ROLE, NO_EXPORT, ROLE, NO_EXPORT,
        ]),
        &["GET /evidence/exports/{export}"],
    ),
    (
        signed_in([OK, OK, OK, ROLE, ROLE, ROLE, OK]),
        &["GET /complaints", "POST /complaints"],
    ),
    // Of the owner, whom another organisation does not have.
    (
        signed_in([OK, OK, OK, ROLE, ROLE, ROLE, "account_not_found"]),
        &["POST /trainings"],
    ),
    (
        signed_in([
            NO_TRAINING,
            NO_TRAINING,
            NO_TRAINING,
            ROLE,
            ROLE,
            ROLE,
            NO_TRAINING,
        ]),
        &["POST /trainings/{training}/withdraw"],
    ),
    (
        signed_in([
            NO_COMPLAINT,
            NO_COMPLAINT,
            NO_COMPLAINT,
            ROLE,
            ROLE,
            ROLE,
            NO_COMPLAINT,
        ]),
        &[
            "GET /complaints/{complaint}/words",
            "POST /complaints/{complaint}/close",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, OK]),
        &[
            "PUT /evidence/decisions/{subject}",
            "POST /agreements",
            "PUT /risks/{risk}",
        ],
    ),
    (
        signed_in([
            "agreement_not_found",
            "agreement_not_found",
            ROLE,
            ROLE,
            ROLE,
            ROLE,
            "agreement_not_found",
        ]),
        &["PUT /agreements/{agreement}"],
    ),
    (
        signed_in([
            "changed_meanwhile",
            "changed_meanwhile",
            ROLE,
            ROLE,
            ROLE,
            ROLE,
            "changed_meanwhile",
        ]),
        &["POST /evidence/review"],
    ),
    (
        signed_in([NO_VIEW, NO_VIEW, NO_VIEW, ROLE, NO_VIEW, ROLE, NO_VIEW]),
        &[
            "GET /admin/views/{view}",
            "PUT /admin/views/{view}",
            "DELETE /admin/views/{view}",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, OK]),
        &["PUT /admin/anomalies/rules"],
    ),
    (
        signed_in([
            NO_FINDING, NO_FINDING, ROLE, ROLE, NO_FINDING, ROLE, NO_FINDING,
        ]),
        &[
            "GET /admin/anomalies/{anomaly}/words",
            "POST /admin/anomalies/{anomaly}/review",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, OK, ROLE, "account_not_found"]),
        &["GET /admin/people/{account}/timeline"],
    ),
    (
        signed_in([OK, OK, ROLE, OK, ROLE, ROLE, OK]),
        &[
            "GET /support/sessions",
            "POST /support/sessions",
            "GET /support/requests",
        ],
    ),
    // While policy has no queue.
    (everybody("queue_off"), &["POST /support/requests"]),
    (
        everybody(NO_REQUEST),
        &[
            "GET /support/requests/{request}",
            "DELETE /support/requests/{request}",
        ],
    ),
    (
        signed_in([OFF, OFF, ROLE, OFF, ROLE, ROLE, OFF]),
        &[
            "POST /support/requests/{request}/claim",
            "POST /support/requests/{request}/take",
            "POST /support/requests/{request}/decline",
        ],
    ),
    (
        signed_in([NO_SUPPORT; 7]),
        &[
            "POST /support/sessions/{support}/end",
            "POST /support/sessions/{support}/credentials",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, OK]),
        &["GET /support/devices"],
    ),
    (
        signed_in([OK, OK, ROLE, OK, ROLE, ROLE, OK]),
        &["GET /support/devices/granted"],
    ),
    (
        signed_in([OFF, OFF, ROLE, ROLE, ROLE, ROLE, OFF]),
        &["POST /support/devices/enrolments"],
    ),
    (
        everybody("enrolment_invalid"),
        &["POST /support/devices/enrol"],
    ),
    (
        everybody("malformed_request"),
        &["GET /support/devices/line"],
    ),
    (
        signed_in([
            NO_COMPUTER,
            NO_COMPUTER,
            ROLE,
            ROLE,
            ROLE,
            ROLE,
            NO_COMPUTER,
        ]),
        &[
            "DELETE /support/devices/{device}",
            "POST /support/devices/{device}/renew",
            "POST /support/devices/{device}/grants",
            "DELETE /support/devices/{device}/grants/{account}",
        ],
    ),
    (
        signed_in([
            NO_COMPUTER,
            NO_COMPUTER,
            ROLE,
            NO_COMPUTER,
            ROLE,
            ROLE,
            NO_COMPUTER,
        ]),
        &["POST /support/devices/{device}/sessions"],
    ),
    (
        inside([OK, OK, OK, OUTSIDE, OUTSIDE, OUTSIDE, HIDDEN]),
        &[
            "POST /meetings/{id}/companion",
            "GET /meetings/{id}/companion/terms",
        ],
    ),
    // The participant is a person.
    (
        inside([
            NO_COMPANION,
            NO_COMPANION,
            NO_COMPANION,
            OUTSIDE,
            OUTSIDE,
            OUTSIDE,
            HIDDEN,
        ]),
        &["POST /meetings/{id}/companion/{participant}/control"],
    ),
    (
        inside([ROLE, ROLE, ROLE, ROLE, ROLE, ROLE, HIDDEN]),
        &["POST /meetings/{id}/companion/facts"],
    ),
    (
        everybody(NO_COMPANION),
        &["POST /companions", "POST /companions/look-up"],
    ),
    // The code is an ordinary meeting's.
    (everybody(NO_SUPPORT), &["GET /support/codes/{code}"]),
    (
        inside([
            NO_SUPPORT, NO_SUPPORT, NO_SUPPORT, NO_SUPPORT, OUTSIDE, OUTSIDE, HIDDEN,
        ]),
        &["GET /meetings/{id}/support/terms"],
    ),
    (
        inside([
            NO_SUPPORT, NO_SUPPORT, NO_SUPPORT, NO_SUPPORT, NO_SUPPORT, NO_SUPPORT, HIDDEN,
        ]),
        &[
            "POST /meetings/{id}/support/facts",
            "POST /meetings/{id}/support/feedback",
            "POST /meetings/{id}/support/recordings",
            "POST /meetings/{id}/support/recordings/{recording}/end",
            "POST /meetings/{id}/support/recordings/{recording}/feedback",
        ],
    ),
    (
        inside([
            NO_PIECE, NO_PIECE, NO_PIECE, NO_PIECE, NO_PIECE, NO_PIECE, HIDDEN,
        ]),
        &["PUT /meetings/{id}/support/recordings/{recording}/{number}"],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, OK, ROLE, OK]),
        &["GET /support/recordings"],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, ROLE, ROLE, OK]),
        &[
            "POST /support/recordings/keys",
            "PUT /support/recordings/retention",
            "PUT /support/questions",
        ],
    ),
    (
        signed_in([
            NO_RECORDING,
            NO_RECORDING,
            ROLE,
            ROLE,
            ROLE,
            ROLE,
            NO_RECORDING,
        ]),
        &["POST /support/recordings/{recording}/acknowledgement"],
    ),
    (
        signed_in([
            NO_RECORDING,
            NO_RECORDING,
            ROLE,
            ROLE,
            NO_RECORDING,
            ROLE,
            NO_RECORDING,
        ]),
        &[
            "POST /support/recordings/{recording}/plays",
            "GET /support/recordings/{recording}/plays/{play}/{number}",
        ],
    ),
    (signed_in([OK; 7]), &["GET /emergency"]),
    (
        everybody("emergency_code_wrong"),
        &["POST /session/emergency"],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, OK, ROLE, OK]),
        &["GET /emergency/codes"],
    ),
    (
        signed_in([OK, ROLE, ROLE, ROLE, ROLE, ROLE, OK]),
        &["POST /emergency/codes"],
    ),
    // While policy lets nobody.
    (signed_in(["switched_off"; 7]), &["POST /emergency"]),
    (
        signed_in(["emergency_not_open"; 7]),
        &[
            "POST /emergency/end",
            "GET /emergency/meetings",
            "POST /emergency/meetings/{id}/enter",
        ],
    ),
    (
        signed_in([OK, OK, ROLE, ROLE, OK, ROLE, OK]),
        &["GET /emergency/uses"],
    ),
    (
        signed_in([NO_USE, NO_USE, ROLE, ROLE, NO_USE, ROLE, NO_USE]),
        &[
            "GET /emergency/uses/{use}/words",
            "POST /emergency/uses/{use}/review",
        ],
    ),
];

pub(crate) fn rows() -> impl Iterator<Item = (&'static str, &'static Answers)> {
    let row = |(answers, routes): &'static (Answers, &[&'static str])| {
        routes.iter().map(move |route| (*route, answers))
    };
    TABLE.iter().flat_map(row)
}

const fn everybody(answer: &'static str) -> Answers {
    [answer; 1 + ACCOUNTS + PARTICIPANTS]
}

/// Asks for a session.
const fn signed_in(accounts: [&'static str; ACCOUNTS]) -> Answers {
    with(SIGNED_OUT, accounts, [SIGNED_OUT; PARTICIPANTS])
}

/// About what is the owner's alone.
const fn owners(owner: &'static str, others: &'static str) -> [&'static str; ACCOUNTS] {
    let mut accounts = [others; ACCOUNTS];
    accounts[0] = owner;
    accounts
}

/// Asks for a participant's credential.
const fn inside(participants: [&'static str; PARTICIPANTS]) -> Answers {
    with(ANONYMOUS, [ANONYMOUS; ACCOUNTS], participants)
}

/// Takes either.
const fn either(
    accounts: [&'static str; ACCOUNTS],
    participants: [&'static str; PARTICIPANTS],
) -> Answers {
    with(ANONYMOUS, accounts, participants)
}

const fn with(
    nobody: &'static str,
    accounts: [&'static str; ACCOUNTS],
    participants: [&'static str; PARTICIPANTS],
) -> Answers {
    let [a, b, c, d, e, f, g] = accounts;
    let [h, i, j, k, l, m, n] = participants;
    [nobody, a, b, c, d, e, f, g, h, i, j, k, l, m, n]
}
