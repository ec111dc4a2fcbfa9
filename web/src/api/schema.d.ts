// Generated from docs/openapi.json by `npm run generate`.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description `POST /api/v1/invitations/accept` and `POST /api/v1/account-requests/confirm`: spends the link. */
        Accept: {
            display_name: components["schemas"]["DisplayName"];
            /** @description 15 to 256 characters, not a well-known one. */
            password: components["schemas"]["Secret"];
            /** @description From the link's fragment. */
            token: components["schemas"]["Secret"];
        };
        /**
         * Format: uuid
         * @description Accounts that policy treats alike; a meeting's MLS group is another thing ([`crate::mls::GroupId`]).
         */
        AccountGroupId: string;
        /**
         * Format: uuid
         * @description One person's account.
         */
        AccountId: string;
        /**
         * @description The roles of an account, strongest first.
         * @enum {string}
         */
        AccountRole: "owner" | "admin" | "account_manager" | "representative" | "auditor" | "member";
        /**
         * @description How an account stands. Only an active one signs in.
         * @enum {string}
         */
        AccountState: "pending" | "active" | "suspended" | "removed";
        /** @description Answers `GET /api/v1/account/vault`. */
        AccountVault: {
            /** @description The list of the account's devices as that version has it, oldest entry first. */
            devices: string[];
            /** @description Browsers that ask to be added, oldest first. */
            requests: components["schemas"]["DeviceRequest"][];
            vault?: components["schemas"]["VaultVersion"] | null;
        };
        /** @description `POST /api/v1/support/recordings/{recording}/acknowledgement`: what somebody has seen, and why it may be left so. */
        AcknowledgeRecording: {
            /** @description Kept sealed, for who may see the list. */
            reason: components["schemas"]["Words"];
            trouble: components["schemas"]["RecordingTrouble"];
        };
        /** @description `POST /api/v1/account/passkeys`. */
        AddPasskey: {
            ceremony: components["schemas"]["Secret"];
            /** @description WebAuthn's `RegistrationResponseJSON`. */
            credential: Record<string, never>;
            label: components["schemas"]["Label"];
        };
        /**
         * @description Where somebody stands between opening an invitation and being in the meeting.
         * @enum {string}
         */
        Admission: "waiting" | "host_absent" | "admitted" | "denied" | "expelled" | "left";
        /**
         * @description `POST /api/v1/meetings/{id}/lobby/admit-all`: those whom the host sees waiting, so that nobody comes in unseen who
         *     knocks at the same moment.
         */
        AdmitAll: {
            participants: components["schemas"]["ParticipantId"][];
        };
        /** @description Answers it. */
        AdmittedAll: {
            /** @description Those who waited still, and are in. */
            participants: components["schemas"]["ParticipantId"][];
            /**
             * Format: int64
             * @description The meeting's revision after the command.
             */
            revision: number;
        };
        /** @description How many of something stand in a ground's way, and since when. */
        Against: {
            /** Format: int32 */
            count: number;
            since: components["schemas"]["Timestamp"];
        };
        Agreement: components["schemas"]["KeepAgreement"] & {
            changed_at: components["schemas"]["Timestamp"];
            /** Format: uuid */
            id: string;
            /** @description Signed, and not over. */
            is_in_force: boolean;
            /** @description All that the register ever said of it, newest first. */
            versions: components["schemas"]["AgreementVersion"][];
        };
        /** @description Answers `GET /api/v1/agreements`: newest first, 200 at the most. */
        AgreementList: {
            agreements: components["schemas"]["Agreement"][];
            /** @description The healthcare profile is on, and none is in force. */
            is_missing: boolean;
        };
        /**
         * @description How an agreement stands.
         * @enum {string}
         */
        AgreementState: "draft" | "signed" | "ended";
        /** @description What the register said of an agreement from a moment on. */
        AgreementVersion: components["schemas"]["KeepAgreement"] & {
            changed_at: components["schemas"]["Timestamp"];
            changed_by?: components["schemas"]["AccountId"] | null;
            changed_by_name?: components["schemas"]["DisplayName"] | null;
        };
        /** @description Something that a rule found, without what was said of it. */
        Anomaly: {
            /**
             * Format: int32
             * @description So many, within so long.
             */
            count: number;
            display_name?: components["schemas"]["DisplayName"] | null;
            found_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["AnomalyId"];
            /** @description Shortened, as in the log. */
            network?: string | null;
            review?: components["schemas"]["AnomalyReview"] | null;
            rule: components["schemas"]["AnomalyRule"];
            /**
             * Format: uuid
             * @description Whom or what it is about, as in the log; absent where that is the organisation, or a network.
             */
            subject?: string | null;
            /** Format: int32 */
            window_minutes: number;
        };
        /**
         * Format: uuid
         * @description One finding of a rule for anomalies.
         */
        AnomalyId: string;
        /** @description Answers `GET /api/v1/admin/anomalies`. */
        AnomalyList: {
            /** @description Newest first, 200 at the most; those that nobody has looked at are never left out for others. */
            findings: components["schemas"]["Anomaly"][];
            /**
             * Format: int32
             * @description How many of all nobody has looked at.
             */
            open: number;
        };
        /**
         * @description What a reviewer came to.
         * @enum {string}
         */
        AnomalyOutcome: "explained" | "incident" | "needs_follow_up";
        AnomalyReview: {
            at: components["schemas"]["Timestamp"];
            by: components["schemas"]["AccountId"];
            by_name?: components["schemas"]["DisplayName"] | null;
            outcome: components["schemas"]["AnomalyOutcome"];
        };
        /**
         * @description What is looked for. Policy has its bounds.
         * @enum {string}
         */
        AnomalyRule: "refused_sign_ins_of_account" | "refused_sign_ins_from_network" | "locked_out_accounts" | "guessed_meeting_codes" | "exports_outside_hours" | "many_exports" | "policy_loosened" | "emergency_access" | "administrator_made" | "unknown_browser" | "audit_fault";
        AnomalyRuleChoice: {
            rule: components["schemas"]["AnomalyRule"];
            setting: components["schemas"]["AnomalyRuleSetting"];
        };
        /** @description Answers `GET /api/v1/admin/anomalies/rules`. */
        AnomalyRules: {
            /**
             * Format: int64
             * @description Rises with each change.
             */
            revision: number;
            /** @description Every rule, in the catalogue's order. */
            rules: components["schemas"]["AnomalyRuleStanding"][];
        };
        /** @description How a rule looks: from how many within how long on something is found. */
        AnomalyRuleSetting: {
            is_on: boolean;
            /** Format: int32 */
            threshold: number;
            usual_hours?: components["schemas"]["UsualHours"] | null;
            /** Format: int32 */
            window_minutes: number;
        };
        /** @description One rule as it stands, and within which bounds it can. */
        AnomalyRuleStanding: {
            /** Format: int32 */
            least_threshold: number;
            /** Format: int32 */
            longest_window_minutes: number;
            /** Format: int32 */
            most_threshold: number;
            rule: components["schemas"]["AnomalyRule"];
            setting: components["schemas"]["AnomalyRuleSetting"];
            /** Format: int32 */
            shortest_window_minutes: number;
            /** @description While the organisation says nothing of it. */
            usual: components["schemas"]["AnomalyRuleSetting"];
        };
        /** @description Answers `GET /api/v1/admin/anomalies/{anomaly}/words`: what the reviewer said. */
        AnomalyWords: {
            note?: components["schemas"]["Words"] | null;
        };
        /** @description `POST /api/v1/account-requests`, `POST /api/v1/password-resets` and `POST /api/v1/account/email`. */
        AskByMail: {
            /** @description Not parsed as an address: a wrong one gets the same answer as an unknown one. */
            email: components["schemas"]["Secret"];
        };
        /** @description `POST /api/v1/account/device-requests`. */
        AskForDevice: {
            /** @description Base64url without padding, 4 KiB at the most. */
            request: string;
        };
        /** @description `POST /api/v1/support/requests`: asks for help. */
        AskForHelp: {
            /** @description Base64url without padding, of 1,219 bytes. */
            key: string;
            matter?: components["schemas"]["Matter"] | null;
            name: components["schemas"]["DisplayName"];
        };
        /** @description `PUT /api/v1/risks/{risk}`: what the organisation makes of a risk (45 CFR 164.308(a)(1)(ii)). */
        AssessRisk: {
            choice: components["schemas"]["RiskChoice"];
            impact: components["schemas"]["RiskLevel"];
            /** @description As it is there: the register says how it is in general. */
            likelihood: components["schemas"]["RiskLevel"];
            /** @description From then on the assessment is out of date. */
            next_look_at: components["schemas"]["Timestamp"];
            /** @description Why, and what is done. */
            reason: components["schemas"]["Words"];
        };
        /** @description Somebody who was let in. */
        Attendee: {
            account?: components["schemas"]["AccountId"] | null;
            /** @description How they stand: still in, left, or put out. */
            admission: components["schemas"]["Admission"];
            admitted_at: components["schemas"]["Timestamp"];
            client?: components["schemas"]["ClientKind"] | null;
            connected: boolean;
            left_at?: components["schemas"]["Timestamp"] | null;
            name?: components["schemas"]["DisplayName"] | null;
            participant: components["schemas"]["ParticipantId"];
            received?: components["schemas"]["MediaFlow"] | null;
            role: components["schemas"]["ParticipantRole"];
            sent?: components["schemas"]["MediaFlow"] | null;
        };
        /** @description Answers `GET /api/v1/audit/checkpoint`. */
        AuditCheckpoint: {
            /**
             * @description The latest signed checkpoint: a note (C2SP tlog-checkpoint). One that covers less than a reader has seen is a log from
             *     which something was taken.
             */
            checkpoint: string;
            /**
             * @description From the size that was asked about to the checkpoint's (RFC 6962, 2.1.2), each hash in base64; empty where none was
             *     asked about, or one that the log does not have.
             */
            consistency: string[];
            /**
             * @description Where the operator says on record that a copy was put back which had no more entries than were asked about: the newest
             *     such entry, as C2SP's `.tlog-proof`.
             */
            restored?: string | null;
            verifier_key: string;
        };
        /** @description Answers `GET /api/v1/audit/entries`. */
        AuditEntries: {
            /** @description Newest first. */
            entries: components["schemas"]["AuditEntry"][];
            /**
             * Format: int64
             * @description Send it as `before` for the next page; absent at the end.
             */
            next?: number | null;
        };
        AuditEntry: {
            /** @description Canonical JSON, byte for byte what the log's tree holds. */
            entry: string;
            /**
             * Format: int64
             * @description Its place in the log, counted from 0.
             */
            seq: number;
        };
        /** @description Answers `GET /api/v1/audit/log`. */
        AuditLog: {
            /** @description The latest signed checkpoint: a note (C2SP tlog-checkpoint). */
            checkpoint: string;
            /** @description Which log it is, and the name of the key that signs for it. */
            origin: string;
            /**
             * Format: int64
             * @description Entries that the checkpoint covers.
             */
            size: number;
            /** @description The key, as C2SP's signed notes write it. */
            verifier_key: string;
        };
        /** @description `POST /api/v1/session/single-sign-on`: what somebody goes to the provider for. */
        BeginSingleSignOn: {
            /** @enum {string} */
            to: "sign_in";
        } | {
            /** @enum {string} */
            to: "step_up";
        } | {
            display_name: components["schemas"]["DisplayName"];
            /** @enum {string} */
            to: "accept_invitation";
            /** @description From the link's fragment. */
            token: components["schemas"]["Secret"];
        };
        /**
         * @description What a browser says it is, coarsely.
         * @enum {string}
         */
        BrowserKind: "chrome" | "edge" | "firefox" | "safari" | "other";
        /** @description The running program. */
        Build: {
            /** @description How it was built: `debug`, for developers, or `release`. */
            built: string;
            /** @description Of the server's program file, in hexadecimal; empty where it can't be read. */
            sha256: string;
            tests: components["schemas"]["TestsState"];
            tests_made_at?: components["schemas"]["Timestamp"] | null;
            version: string;
        };
        /** @enum {string} */
        Bye: "not_authenticated" | "malformed" | "replaced" | "meeting_ended" | "denied" | "expelled" | "meeting_locked" | "too_slow" | "server_stopping";
        /** @description `POST /api/v1/meetings/{id}/cancel`: it does not take place, nor any that would follow it. */
        CancelMeeting: {
            /**
             * Format: int64
             * @description As it was read; refused when it has changed since.
             */
            sequence: number;
        };
        /**
         * @description One thing that the local person permits or not.
         * @enum {string}
         */
        Capability: "view" | "control" | "clipboard_in" | "clipboard_out" | "file_in" | "file_out" | "diagnostics" | "chat" | "recording" | "administrator";
        /** @description `PUT /api/v1/admin/anomalies/rules`: how these look from here on; those that are not named, as they usually do. */
        ChangeAnomalyRules: {
            /**
             * Format: int64
             * @description As they were read.
             */
            revision: number;
            /** @description Each once at the most. */
            rules: components["schemas"]["AnomalyRuleChoice"][];
        };
        /** @description `POST /api/v1/meetings/{id}/invited/add` and `/remove`: in the body, as an address is a person's. */
        ChangeInvited: {
            email: components["schemas"]["EmailAddress"];
        };
        /** @description `PUT /api/v1/meetings/{id}`: says all of it anew. The code and the link stay. */
        ChangeMeeting: {
            entry: components["schemas"]["EntryRule"];
            schedule: components["schemas"]["Schedule"];
            /**
             * Format: int64
             * @description As it was read; refused when it has changed since.
             */
            sequence: number;
            time_outs?: components["schemas"]["TimeOuts"] | null;
            title: components["schemas"]["Title"];
            uninvited: components["schemas"]["Uninvited"];
        };
        /** @description `PUT /api/v1/account/password`. */
        ChangePassword: {
            /** @description 15 to 256 characters, not a well-known one. */
            password: components["schemas"]["Secret"];
        };
        /** @description `PUT` of a layer: what it says from here on. */
        ChangePolicy: {
            /**
             * Format: int64
             * @description As the layer was read.
             */
            revision: number;
            settings: {
                [key: string]: components["schemas"]["Word"];
            };
        };
        /** @description `POST /api/v1/people/{account}/role`. */
        ChangeRole: {
            role: components["schemas"]["AccountRole"];
        };
        /** @description `PUT /api/v1/account/vault`: the next version, and what it appends to the list of devices. */
        ChangeVault: {
            /** @description The list has 512 entries at the most, of 512 bytes each. */
            entries: string[];
            /**
             * Format: int64
             * @description The version that this one was made from; 0 for the first.
             */
            previous_version: number;
            sealed: string;
        };
        /** @description `PUT /api/v1/admin/views/{view}`. */
        ChangeView: {
            is_shared: boolean;
            name: components["schemas"]["Label"];
        };
        /** @description One sentence about the product, with what shows it. */
        Claim: {
            enforced_by: components["schemas"]["EnforcedBy"];
            grounds: components["schemas"]["Ground"][];
            id: string;
            /** @description What it says: only while it is proven. */
            sentence?: string | null;
            since?: components["schemas"]["Timestamp"] | null;
            state: components["schemas"]["ClaimState"];
            /** @description What it is about, whether it is proven or not. */
            topic: string;
        };
        /**
         * @description How a claim stands.
         * @enum {string}
         */
        ClaimState: "proven" | "stale" | "not_met" | "not_applicable";
        /**
         * @description What somebody came with, in their program's own words.
         * @enum {string}
         */
        ClientKind: "chrome" | "edge" | "firefox" | "safari" | "other_browser" | "program";
        /** @description `POST /api/v1/complaints/{complaint}/close`. */
        CloseComplaint: {
            /** @description What was done, and what was answered. Kept sealed. */
            note: components["schemas"]["Words"];
            outcome: components["schemas"]["ComplaintOutcome"];
        };
        ClosedComplaint: {
            at: components["schemas"]["Timestamp"];
            by_name: components["schemas"]["DisplayName"];
            outcome: components["schemas"]["ComplaintOutcome"];
        };
        /** @description Answers a command. */
        CommandDone: {
            /**
             * Format: int64
             * @description The meeting's revision after the command.
             */
            revision: number;
        };
        /** @description Answers `POST /api/v1/meetings/{id}/companion`. */
        CompanionCode: {
            /** @description 256 secret bits as base64url, kept hashed: for the agent's link, and good once. */
            code: string;
            code_until: components["schemas"]["Timestamp"];
        };
        /** @description Whose computer a participant of the kind `companion` is, and whose hands may reach it. */
        CompanionOf: {
            controller?: components["schemas"]["ParticipantId"] | null;
            owner: components["schemas"]["ParticipantId"];
            /**
             * Format: int32
             * @description Rises with each choice.
             */
            turn: number;
        };
        /** @description Answers `POST /api/v1/companions/look-up`: into whose meeting, and as whose computer. */
        CompanionOffer: {
            code_until: components["schemas"]["Timestamp"];
            /** @description As what the computer comes in. */
            display_name: components["schemas"]["DisplayName"];
            organisation: components["schemas"]["Title"];
            owner_name: components["schemas"]["DisplayName"];
        };
        /** @description One of the register, without what was said of it. */
        Complaint: {
            closed?: components["schemas"]["ClosedComplaint"] | null;
            entered_at: components["schemas"]["Timestamp"];
            entered_by_name: components["schemas"]["DisplayName"];
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["ComplaintKind"];
            received_at: components["schemas"]["Timestamp"];
        };
        /** @description How many came in, and how many of them are closed. */
        ComplaintCounts: {
            /** Format: int32 */
            closed: number;
            /** Format: int32 */
            open: number;
            /** Format: int32 */
            received: number;
        };
        /**
         * @description What somebody wants, by 45 CFR 164.522 to 164.530.
         * @enum {string}
         */
        ComplaintKind: "complaint" | "access" | "amendment" | "accounting" | "restriction" | "other";
        /** @description Answers `GET /api/v1/complaints`: 200 at the most, those that are open before others, newest first. */
        ComplaintList: {
            complaints: components["schemas"]["Complaint"][];
            /** @description Of all. */
            counts: components["schemas"]["ComplaintCounts"];
        };
        /**
         * @description What became of it.
         * @enum {string}
         */
        ComplaintOutcome: "resolved" | "no_cause" | "referred" | "withdrawn";
        /** @description Answers `GET /api/v1/complaints/{complaint}/words`. */
        ComplaintWords: {
            note?: components["schemas"]["Words"] | null;
            words: components["schemas"]["Words"];
        };
        /** @description `POST /api/v1/account/email/confirm`: spends the link. */
        ConfirmEmail: {
            /** @description From the link's fragment. */
            token: components["schemas"]["Secret"];
        };
        /** @description `PUT /api/v1/account/totp`. */
        ConfirmTotp: {
            code: components["schemas"]["Secret"];
        };
        /** @description `POST /api/v1/meetings`. */
        CreateMeeting: {
            entry?: components["schemas"]["EntryRule"];
            /**
             * @description base64url (no padding) of SHA-256(proof), 32 bytes, where
             *     proof = HKDF-SHA-256(ikm = invitation secret, salt = empty, info = "conclave/v1/invitation-proof"), 32 bytes.
             *     The secret itself (32 random bytes) stays in the link's fragment.
             */
            invitation_verifier: string;
            /** @description The list of a meeting for the invited: addresses of accounts, as [`ChangeInvited`] has them. 500 at the most. */
            invited?: components["schemas"]["EmailAddress"][];
            schedule?: components["schemas"]["Schedule"] | null;
            starts_at?: components["schemas"]["Timestamp"] | null;
            time_outs?: components["schemas"]["TimeOuts"];
            title: components["schemas"]["Title"];
            uninvited?: components["schemas"]["Uninvited"];
        };
        CurrentGroup: {
            epoch: components["schemas"]["Epoch"];
            id: components["schemas"]["GroupId"];
            /**
             * @description A member in this epoch or a later one says so by
             *     [`MlsProcessed`](crate::channel::Upstream::MlsProcessed) and is sent the commits that it
             *     missed. A member in an earlier one enters again.
             */
            replays_from: components["schemas"]["Epoch"];
        };
        /** @description Who keeps the private part of a recording key: 1 to 20, each with a name. */
        Custodians: string[];
        /**
         * @description What the organisation's server keeps of what people say and show in a meeting.
         * @enum {string}
         */
        DataMode: "conduit" | "retain" | "archive";
        /** @description `PUT /api/v1/evidence/decisions/{subject}`. What is weighed is that of 45 CFR 164.306(b)(2) and (d)(3). */
        Decide: {
            choice: components["schemas"]["DecisionChoice"];
            complexity: components["schemas"]["Words"];
            cost: components["schemas"]["Words"];
            due?: components["schemas"]["Timestamp"] | null;
            infrastructure: components["schemas"]["Words"];
            owner?: components["schemas"]["DisplayName"] | null;
            /** @description Why, and what is done instead where something is. */
            reason: components["schemas"]["Words"];
            risk: components["schemas"]["Words"];
            size: components["schemas"]["Words"];
        };
        /** @description A decision in force. */
        Decision: components["schemas"]["Decide"] & {
            decided_at: components["schemas"]["Timestamp"];
            decided_by: components["schemas"]["AccountId"];
            decided_by_name: components["schemas"]["DisplayName"];
            /** Format: uuid */
            id: string;
        };
        /**
         * @description What an organisation does about an addressable safeguard, or about what its people do.
         * @enum {string}
         */
        DecisionChoice: "implemented" | "equivalent" | "not_reasonable";
        /** @description One entry of the log. */
        Deed: {
            about?: components["schemas"]["DeedObject"] | null;
            at: components["schemas"]["Timestamp"];
            by?: components["schemas"]["DisplayName"] | null;
            /** @description As in the catalogue of events: `meeting.admit`. */
            event: string;
            /** @description Whether they did it themselves; else it was done to their account. */
            is_theirs: boolean;
            /** @description `done`, `failed` or `refused`. */
            outcome: string;
            reason?: string | null;
        };
        DeedObject: {
            display_name?: components["schemas"]["DisplayName"] | null;
            /** Format: uuid */
            id: string;
            /** @description `meeting`, `account`, `group` and so on. */
            kind: string;
        };
        /** @description A request that waits for approval, for 15 minutes. */
        DeviceAsked: {
            /** Format: uuid */
            id: string;
        };
        /**
         * @description Why a line ends.
         * @enum {string}
         */
        DeviceBye: "revoked" | "expired" | "not_authenticated" | "replaced" | "malformed" | "server_stopping";
        DeviceEnrolled: {
            id: components["schemas"]["SupportDeviceId"];
            organisation: components["schemas"]["Title"];
        };
        /** @description Somebody who may help at a computer when nobody is there. */
        DeviceGrant: {
            account: components["schemas"]["AccountId"];
            display_name: components["schemas"]["DisplayName"];
            granted_at: components["schemas"]["Timestamp"];
        };
        /** @description A browser that asks to be added. */
        DeviceRequest: {
            asked_at: components["schemas"]["Timestamp"];
            /** Format: uuid */
            id: string;
            request: string;
        };
        /** @description What a person is called in a meeting: 1 to 64 characters, no control or direction-changing characters. */
        DisplayName: string;
        /** @description From the server. */
        Downstream: (components["schemas"]["Welcome"] & {
            /** @enum {string} */
            type: "welcome";
        }) | {
            /**
             * Format: int64
             * @description The first event that follows has this number, plus one.
             */
            after: number;
            /** @enum {string} */
            type: "resumed";
        } | {
            event: components["schemas"]["Event"];
            /** Format: int64 */
            revision: number;
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            type: "event";
        } | {
            /** @enum {string} */
            type: "pong";
        } | (components["schemas"]["Slot"] & {
            /** @enum {string} */
            type: "mls_slot";
        }) | (components["schemas"]["Refusal"] & {
            /** @enum {string} */
            type: "mls_refused";
        }) | {
            bytes: components["schemas"]["Opaque"];
            /** @enum {string} */
            type: "mls_heartbeat";
        } | {
            bytes: components["schemas"]["Opaque"];
            from: components["schemas"]["ParticipantId"];
            /** @enum {string} */
            type: "mls_letter";
        } | {
            reason: components["schemas"]["Bye"];
            /** @enum {string} */
            type: "bye";
        };
        /**
         * Format: email
         * @description An e-mail address: the sign-in name of an account, kept as typed; compared by [`EmailAddress::normalised`].
         */
        EmailAddress: string;
        /** @description What is known of a code: never the code. */
        EmergencyCode: {
            /**
             * Format: int32
             * @description As it is printed beside it, from 1.
             */
            number: number;
            used?: components["schemas"]["UsedEmergencyCode"] | null;
        };
        /** @description Answers `GET /api/v1/emergency/codes`: the sealed codes of the organisation. */
        EmergencyCodes: {
            set?: components["schemas"]["EmergencyCodeSet"] | null;
        };
        /** @description Those that count: a later set makes an earlier one void. */
        EmergencyCodeSet: {
            /** @description By their numbers. */
            codes: components["schemas"]["EmergencyCode"][];
            made_at: components["schemas"]["Timestamp"];
            made_by: components["schemas"]["AccountId"];
            made_by_name: components["schemas"]["DisplayName"];
        };
        /** @description Answers `POST /api/v1/emergency/codes`. */
        EmergencyCodesMade: {
            /** @description By their numbers; shown this once. */
            codes: string[];
        };
        EmergencyDrill: {
            at: components["schemas"]["Timestamp"];
            /** @description The step that failed. */
            failed_at?: string | null;
            passed: boolean;
        };
        /** @description How lately the operator has proved that all of it works. */
        EmergencyDrills: {
            last?: components["schemas"]["EmergencyDrill"] | null;
            /** @description None passed within the last 31 days. */
            overdue: boolean;
        };
        /**
         * @description How a use came to its end.
         * @enum {string}
         */
        EmergencyEnd: "holder" | "time";
        /**
         * @description What a reviewer came to.
         * @enum {string}
         */
        EmergencyOutcome: "justified" | "not_justified" | "needs_follow_up";
        /**
         * @description Why somebody takes emergency access. In their own words they say more.
         * @enum {string}
         */
        EmergencyReason: "patient_in_danger" | "clinician_unreachable" | "system_failure" | "drill";
        EmergencyReview: {
            at: components["schemas"]["Timestamp"];
            by?: components["schemas"]["AccountId"] | null;
            by_name?: components["schemas"]["DisplayName"] | null;
            outcome: components["schemas"]["EmergencyOutcome"];
        };
        /** @description How emergency access stands for who asks. */
        EmergencyStanding: {
            /** @description Policy lets them take it. */
            may_invoke: boolean;
            open?: components["schemas"]["OpenEmergency"] | null;
        };
        /** @description One use, without what was said of it. */
        EmergencyUse: {
            account?: components["schemas"]["AccountId"] | null;
            display_name?: components["schemas"]["DisplayName"] | null;
            ended_at?: components["schemas"]["Timestamp"] | null;
            ended_by?: components["schemas"]["EmergencyEnd"] | null;
            /**
             * Format: int32
             * @description How often a meeting was entered by it.
             */
            entered: number;
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["EmergencyUseId"];
            invoked_at: components["schemas"]["Timestamp"];
            /** @description That was, and nobody did. */
            overdue: boolean;
            reason: components["schemas"]["EmergencyReason"];
            review?: components["schemas"]["EmergencyReview"] | null;
            /** @description Until when it is to be reviewed. */
            review_due_at: components["schemas"]["Timestamp"];
        };
        /**
         * Format: uuid
         * @description One use of emergency access.
         */
        EmergencyUseId: string;
        /** @description Answers `GET /api/v1/emergency/uses`. */
        EmergencyUses: {
            drill: components["schemas"]["EmergencyDrills"];
            /**
             * Format: int32
             * @description How many of all wait for their review for longer than they may.
             */
            overdue: number;
            /** @description Newest first, 200 at the most; those that wait for a review are never left out for others. */
            uses: components["schemas"]["EmergencyUse"][];
        };
        /** @description Answers `GET /api/v1/emergency/uses/{use}/words`: what was said of a use. */
        EmergencyWords: {
            note?: components["schemas"]["Words"] | null;
            /** @description By who took it. */
            words: components["schemas"]["Words"];
        };
        /**
         * @description Why a meeting is over.
         * @enum {string}
         */
        EndCause: "host" | "administrator" | "empty" | "host_absent" | "too_long";
        /** @description A meeting that ends by itself before long. */
        Ending: {
            at: components["schemas"]["Timestamp"];
            cause: components["schemas"]["EndCause"];
            /** @description Within a minute. */
            is_near: boolean;
        };
        /**
         * @description Why a session is over.
         * @enum {string}
         */
        EndReason: "stopped" | "technician_left" | "refused" | "not_answered" | "idle" | "too_long" | "connection_lost" | "not_permitted" | "unwelcome" | "unexpected" | "flood" | "sign_lost" | "agent_stopped" | "restarting" | "restart_refused" | "not_kept";
        /** @description `POST /api/v1/meetings/{id}/support/recordings/{recording}/end`. */
        EndRecording: {
            /** @description Says how many pieces there are behind the header, and which. */
            manifest: string;
        };
        /**
         * @description Who keeps a claim true.
         * @enum {string}
         */
        EnforcedBy: "crypto" | "server" | "client" | "procedure";
        /** @description `POST /api/v1/support/devices/enrol`: a computer says who it is. Its private keys stay there. */
        EnrolDevice: {
            name: components["schemas"]["Label"];
            sealing_key: components["schemas"]["Opaque"];
            signing_key: components["schemas"]["Opaque"];
            /** @description Of the link. */
            token: components["schemas"]["Secret"];
        };
        /** @description Answers `POST /api/v1/support/devices/enrolments`: what is typed at the computer, once. */
        EnrolmentMade: {
            expires_at: components["schemas"]["Timestamp"];
            /** @description For `conclave-agent enrol`. */
            link: string;
        };
        /**
         * @description `POST /api/v1/support/devices/enrolments` and `POST /api/v1/support/devices/{device}/renew`: for how long the computer may be
         *     helped when nobody is there.
         */
        EnrolmentTerm: {
            /**
             * Format: int64
             * @description From now on: 1 to 730; 365 where it is absent. Wide, so that whoever is far off is told what is right.
             */
            days?: number | null;
        };
        /** @description `POST /api/v1/complaints`: enters one that came in. */
        EnterComplaint: {
            kind: components["schemas"]["ComplaintKind"];
            /** @description When it came in. */
            received_at: components["schemas"]["Timestamp"];
            /** @description Who wants what. Kept sealed. */
            words: components["schemas"]["Words"];
        };
        /** @description `POST /api/v1/trainings`: enters that somebody was trained. */
        EnterTraining: {
            account: components["schemas"]["AccountId"];
            completed_at: components["schemas"]["Timestamp"];
            /** @description From then on it is to be done again. */
            good_until: components["schemas"]["Timestamp"];
            topic: components["schemas"]["Title"];
        };
        /** @description An entry of the audit log with all that proves it. */
        EntryProof: {
            /** Format: uuid */
            id: string;
            /** @description A file of C2SP's form tlog-proof, with the entry itself, against the statement's checkpoint. */
            proof: string;
            /** Format: int64 */
            seq: number;
        };
        /**
         * @description Who comes straight in.
         * @enum {string}
         */
        EntryRule: "link" | "lobby" | "invited";
        /**
         * Format: int64
         * @description How many commits led from a group's creation to its state.
         */
        Epoch: number;
        Event: {
            entry: components["schemas"]["RosterEntry"];
            /** @enum {string} */
            kind: "roster";
        } | {
            /** @enum {string} */
            kind: "roster_left";
            participant: components["schemas"]["ParticipantId"];
        } | {
            entry: components["schemas"]["LobbyEntry"];
            /** @enum {string} */
            kind: "lobby";
        } | {
            /** @enum {string} */
            kind: "lobby_left";
            participant: components["schemas"]["ParticipantId"];
        } | {
            admission: components["schemas"]["Admission"];
            /** @enum {string} */
            kind: "admission";
        } | {
            /** @enum {string} */
            kind: "place";
            /** Format: int32 */
            place: number;
        } | {
            /** @enum {string} */
            kind: "passcode";
            wanted?: components["schemas"]["PasscodeWanted"] | null;
        } | {
            /** @enum {string} */
            kind: "unmute_asked";
        } | {
            /** @enum {string} */
            kind: "meeting_changed";
            meeting: components["schemas"]["MeetingFacts"];
        } | {
            cause: components["schemas"]["EndCause"];
            /** @enum {string} */
            kind: "meeting_ended";
        } | {
            commit: components["schemas"]["Opaque"];
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            kind: "mls_commit";
            sender: components["schemas"]["ParticipantId"];
        } | {
            committer: components["schemas"]["ParticipantId"];
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            kind: "mls_removal";
            /** @description Each an `MLSMessage` with a `PublicMessage` of the external sender. */
            proposals: components["schemas"]["Opaque"][];
        } | {
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            kind: "mls_all_processed";
        } | {
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            kind: "mls_ended";
        };
        /** @enum {string} */
        Every: "day" | "week" | "fortnight" | "month";
        /** @description Answers `GET /api/v1/evidence`. */
        Evidence: {
            /** @description The healthcare profile is on, and no agreement with a business associate is in force. */
            agreement_is_missing: boolean;
            at: components["schemas"]["Timestamp"];
            build?: components["schemas"]["Build"] | null;
            /** @description That nobody certifies software for this. */
            certification: string;
            /** @description As it was on record then, not as it is. */
            is_past: boolean;
            limits: components["schemas"]["Limit"][];
            safeguards: components["schemas"]["Safeguard"][];
        };
        /** @description Answers `POST /api/v1/evidence/export` as JSON. */
        EvidenceExport: {
            /** @description Of each entry that the statement's grounds name, once. For whoever may read the audit log; empty for others. */
            proofs: components["schemas"]["EntryProof"][];
            /** @description A signed note (C2SP): the statement's bytes, and the signature of the organisation's log. */
            signed_note: string;
            /** @description What is signed, to be read. */
            statement: components["schemas"]["EvidenceStatement"];
            verifier_key: string;
        };
        /** @description Answers `GET /api/v1/evidence/exports`: what was taken out lately, newest first, 400 at the most. */
        EvidenceExportList: {
            exports: components["schemas"]["KeptExport"][];
        };
        /**
         * @description Without free text or anything secret, and without names but of who sees to a procedure: of the organisation's own words it
         *     has hashes.
         */
        EvidenceStatement: {
            /** @description What the register said at that moment. */
            agreements: components["schemas"]["StatedAgreement"][];
            at: components["schemas"]["Timestamp"];
            build?: components["schemas"]["Build"] | null;
            certification: string;
            /** @description Complaints and requests about privacy, in numbers alone. */
            complaints: components["schemas"]["ComplaintCounts"];
            /** @description As it was on record then, not as it is. */
            is_past: boolean;
            limits: components["schemas"]["Limit"][];
            log?: components["schemas"]["StatedLog"] | null;
            /** @description The name of the key that signs it. */
            origin: string;
            reviewed_at?: components["schemas"]["Timestamp"] | null;
            risks: components["schemas"]["StatedRisk"][];
            safeguards: components["schemas"]["StatedSafeguard"][];
        };
        /** @description Answers `GET /api/v1/policies/explain`. */
        Explained: {
            display_name: components["schemas"]["DisplayName"];
            /** @description One for each setting. */
            explanations: components["schemas"]["Explanation"][];
            /** @description Those that the account is in. */
            groups: components["schemas"]["Group"][];
        };
        /** @description Why a setting is as it is for somebody. */
        Explanation: {
            decided_by: components["schemas"]["Source"];
            /** @description The most that the installation permits. */
            floor: components["schemas"]["SettingValue"];
            held_by?: components["schemas"]["Source"] | null;
            setting: components["schemas"]["Setting"];
            /** @description In force. */
            value: components["schemas"]["SettingValue"];
            /** @description Each layer's word, from the general to the special. */
            words: components["schemas"]["Said"][];
        };
        /** @description `POST /api/v1/audit/export`. */
        ExportAudit: {
            from?: components["schemas"]["Timestamp"] | null;
            to?: components["schemas"]["Timestamp"] | null;
        };
        /** @description `POST /api/v1/evidence/export`. */
        ExportEvidence: {
            at?: components["schemas"]["Timestamp"] | null;
            format: components["schemas"]["ExportFormat"];
        };
        /**
         * @description How the evidence is taken out.
         * @enum {string}
         */
        ExportFormat: "json" | "pdf";
        /**
         * @description This server as the group's external sender (RFC 9420, 12.1.8.1): a member of the extension
         *     `external_senders` with a basic credential.
         */
        ExternalSender: {
            /** @description Of the `BasicCredential`. */
            identity: components["schemas"]["Opaque"];
            /** @description An Ed25519 public key: 32 bytes. */
            signature_key: components["schemas"]["Opaque"];
        };
        FeedbackQuestion: {
            kind: components["schemas"]["QuestionKind"];
            text: components["schemas"]["QuestionText"];
        };
        /** @description What somebody says to a question that asks for a rating; with the question, which may be another by now. */
        FeedbackRating: {
            question: components["schemas"]["QuestionText"];
            rating: components["schemas"]["Rating"];
        };
        /** @description Which files may go either way. */
        FileLimit: {
            /**
             * Format: int64
             * @description In bytes.
             */
            largest: number;
            /**
             * Format: int32
             * @description In one session.
             */
            most: number;
            /** @description Also what a computer would run. */
            programs: boolean;
        };
        /** @description `POST /api/v1/session/single-sign-on/finish`: what the provider sent back with the browser (RFC 6749, 4.1.2; RFC 9207). */
        FinishSingleSignOn: {
            code?: components["schemas"]["Secret"] | null;
            /** @description Who says so. */
            iss?: string | null;
            state: components["schemas"]["Secret"];
        };
        /** @description `POST /api/v1/meetings/{id}/companion/{participant}/control`. */
        GiveControl: {
            to?: components["schemas"]["ParticipantId"] | null;
        };
        /** @description `POST /api/v1/support/devices/{device}/grants`. */
        GrantDevice: {
            account: components["schemas"]["AccountId"];
        };
        GrantedDevice: {
            /** @description As [`SupportDevice::fingerprint`]: a page that knows another one of this computer asks before it seals anything. */
            fingerprint: string;
            id: components["schemas"]["SupportDeviceId"];
            /** @description Somebody is helped there at this moment. */
            is_busy: boolean;
            is_online: boolean;
            name: components["schemas"]["Label"];
        };
        /** @description Answers `GET /api/v1/support/devices/granted`: where the caller may help, by name. */
        GrantedDevices: {
            devices: components["schemas"]["GrantedDevice"][];
        };
        /** @description One ground of a claim. */
        Ground: {
            against?: components["schemas"]["Against"] | null;
            entry?: components["schemas"]["GroundEntry"] | null;
            kind: components["schemas"]["GroundKind"];
            /** @description Its stable name: of a setting, a probe or a requirement; of a feature, what it waits for; of an entry, its event. */
            name: string;
            seen_at?: components["schemas"]["Timestamp"] | null;
            standing: components["schemas"]["Standing"];
        };
        /** @description The newest entry of its kind that the log's latest checkpoint covers. */
        GroundEntry: {
            /** Format: uuid */
            id: string;
            /**
             * Format: int64
             * @description Its place in the log, counted from 0.
             */
            seq: number;
        };
        /**
         * @description What a claim rests on.
         * @enum {string}
         */
        GroundKind: "setting" | "probe" | "tests" | "sign_off" | "feature" | "entry";
        /** @description People whom policy treats alike. */
        Group: {
            /** @description The organisation's directory made it, and says who is in it and what it is called. */
            by_directory: boolean;
            id: components["schemas"]["AccountGroupId"];
            /**
             * Format: int32
             * @description How many are in it.
             */
            members: number;
            name: components["schemas"]["Title"];
        };
        /**
         * Format: byte
         * @description One group: 16 random bytes that its creator chose, as base64. A meeting's next group has another one.
         */
        GroupId: string;
        /** @description Answers `GET /api/v1/groups`. */
        GroupList: {
            /** @description By name. */
            groups: components["schemas"]["Group"][];
            /** @description Everybody in the organisation, by name. */
            people: components["schemas"]["GroupMember"][];
        };
        GroupMember: {
            account: components["schemas"]["AccountId"];
            display_name: components["schemas"]["DisplayName"];
        };
        /** @description Answers `GET /api/v1/groups/{group}`. */
        GroupMembers: {
            group: components["schemas"]["Group"];
            /** @description By name. */
            members: components["schemas"]["GroupMember"][];
        };
        /** @description Answers it. */
        HelpAsked: {
            id: components["schemas"]["SupportRequestId"];
            /** @description To be shown as bearer token with each question how it stands; who does not ask for two minutes waits no longer. */
            token: string;
        };
        /** @description Somebody who waits. */
        HelpRequest: {
            asked_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["SupportRequestId"];
            /** @description A technician is about to take them. */
            is_claimed: boolean;
            /** @description As [`AskForHelp::key`]. */
            key: string;
            matter?: components["schemas"]["Matter"] | null;
            /** @description As they typed it: nobody vouches for it. */
            name: components["schemas"]["DisplayName"];
        };
        /** @description Answers `GET /api/v1/support/requests`: who waits, for technicians. Who asked first is first; 50 at the most. */
        HelpRequests: {
            requests: components["schemas"]["HelpRequest"][];
        };
        /** @description Answers `GET /api/v1/support/requests/{request}`: how it stands with somebody who asked. */
        HelpStanding: {
            /**
             * Format: int32
             * @description From 1 on: who is taken first is who asked first, as far as technicians go by it.
             */
            place: number;
            /** @enum {string} */
            state: "waiting";
            /** @description Nobody waits for longer. */
            until: components["schemas"]["Timestamp"];
        } | {
            code: components["schemas"]["MeetingCode"];
            /** @description That it takes place in. */
            meeting: components["schemas"]["MeetingId"];
            sealed: string;
            session: components["schemas"]["SupportSessionId"];
            /** @enum {string} */
            state: "taken";
        } | {
            /** @enum {string} */
            state: "declined";
        };
        /**
         * @description A screen that is taken off before long, as its presenter does nothing: they don't speak, send nothing, and its picture
         *     stands still.
         */
        IdleShare: {
            presenter: components["schemas"]["ParticipantId"];
            stops_at: components["schemas"]["Timestamp"];
        };
        /** @description Somebody who may make an account with a link that they were sent. */
        Invitation: {
            email: components["schemas"]["EmailAddress"];
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["InvitationId"];
            invited_at: components["schemas"]["Timestamp"];
            role: components["schemas"]["AccountRole"];
        };
        /**
         * Format: uuid
         * @description One invitation to become somebody's account.
         */
        InvitationId: string;
        /** @description `POST /api/v1/invitations`. An address that was invited before is sent a fresh link; the old one is void. */
        Invite: {
            email: components["schemas"]["EmailAddress"];
            role: components["schemas"]["AccountRole"];
        };
        /** @description Answers `POST /api/v1/invitations`. */
        Invited: {
            invitation: components["schemas"]["Invitation"];
            /** @description The link with its secret, this once, where the server sends no mail. */
            link?: string | null;
        };
        /** @description `GET /api/v1/meetings/{id}/invited`: in order of their addresses. */
        InvitedList: {
            invited: components["schemas"]["EmailAddress"][];
        };
        /** @description `POST /api/v1/emergency`: takes emergency access. */
        InvokeEmergency: {
            reason: components["schemas"]["EmergencyReason"];
            /** @description What is the matter. Kept sealed, for reviewers alone. */
            words: components["schemas"]["Words"];
        };
        /** @description Answers joining. The credential authenticates the channel, commands and tickets, and keeps the participant through a reload. */
        Joined: {
            admission: components["schemas"]["Admission"];
            /** @description 256 secret bits as base64url, kept hashed; shown again to a request that is sent again. */
            credential: string;
            meeting: components["schemas"]["MeetingId"];
            participant: components["schemas"]["ParticipantId"];
            role: components["schemas"]["ParticipantRole"];
        };
        /** @description `POST /api/v1/meetings/{code}/join`. A signed-in host of the meeting needs no proof. */
        JoinMeeting: {
            display_name: components["schemas"]["DisplayName"];
            invitation_proof?: components["schemas"]["Secret"] | null;
        };
        /** @description `POST /api/v1/meetings/{id}/ticket`, with the credential as bearer token. */
        JoinTicket: {
            expires_at: components["schemas"]["Timestamp"];
            /** @description For LiveKit's signalling at this server's own origin; good for 60 seconds and one join. */
            ticket: string;
        };
        /** @description `POST /api/v1/agreements`, and `PUT` of one: a contract with a business associate (45 CFR 164.308(b), 164.314(a)). */
        KeepAgreement: {
            /** @description SHA-256 of the document, in hexadecimal. */
            document?: string | null;
            ends_at?: components["schemas"]["Timestamp"] | null;
            /** @description The company. */
            party: components["schemas"]["Title"];
            signed_at?: components["schemas"]["Timestamp"] | null;
            state: components["schemas"]["AgreementState"];
        };
        /** @description `POST /api/v1/meetings/{id}/support/recordings/{recording}/feedback`, with the agent's credential as bearer token. */
        KeepFeedback: {
            /** @description Base64url without padding, of 8,448 bytes at the most. */
            sealed: string;
        };
        /** @description An export that was made, as it was issued. */
        KeptExport: {
            /** @description The moment that it is about. */
            at: components["schemas"]["Timestamp"];
            /** Format: uuid */
            id: string;
            made_at: components["schemas"]["Timestamp"];
            made_by_name: components["schemas"]["DisplayName"];
            /** @description SHA-256 of the signed note, in hexadecimal. */
            sha256: string;
        };
        /** @description What somebody calls a thing of theirs: 1 to 64 characters. */
        Label: string;
        /**
         * Format: int32
         * @description A member's place in the group's tree (RFC 9420, 7.1).
         */
        LeafIndex: number;
        /**
         * @description What ended with somebody's rights, beside what always does: all sessions, known browsers, links and invitations of theirs,
         *     and with an account that is removed its name, its second factors and what connects it with an identity provider.
         */
        Leaving: {
            at: components["schemas"]["Timestamp"];
            by?: components["schemas"]["DisplayName"] | null;
            /** @description `user.suspend` or `user.remove`. */
            event: string;
            /**
             * Format: int32
             * @description Meetings of theirs that ended, as nobody was left to host them.
             */
            meetings_ended: number;
            /**
             * Format: int32
             * @description Programs whose keys open nothing any more.
             */
            programs_ended: number;
            /**
             * Format: int32
             * @description How many meetings they were put out of, or turned away from.
             */
            put_out: number;
            /**
             * Format: int32
             * @description Sessions of remote support that ended with these.
             */
            support_ended: number;
        };
        /** @description Something that this product does not protect from. */
        Limit: {
            text: string;
            title: string;
        };
        /** @description A meeting as who looks after it sees it. Titles and guests' names may be patients', and are not told. */
        LiveMeeting: {
            /** @description The name of the account that made it. */
            host: components["schemas"]["DisplayName"];
            id: components["schemas"]["MeetingId"];
            /** @description Somebody is helped with their computer in it. */
            is_support: boolean;
            locked: boolean;
            /**
             * Format: int64
             * @description In the meeting and connected.
             */
            people: number;
            started_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description In its lobby and connected.
             */
            waiting: number;
        };
        /** @description `GET /api/v1/admin/meetings`: the organisation's that go on, oldest first, 100 at the most. */
        LiveMeetingList: {
            meetings: components["schemas"]["LiveMeeting"][];
            /**
             * Format: int32
             * @description Uses of emergency access that are open, of the whole organisation.
             */
            open_emergencies?: number;
        };
        /** @description `GET /api/v1/admin/meetings/{id}/participants`: who is in, longest there first. */
        LivePeople: {
            people: components["schemas"]["LivePerson"][];
        };
        LivePerson: {
            account?: components["schemas"]["DisplayName"] | null;
            admitted_at: components["schemas"]["Timestamp"];
            /** @description Came in by emergency access. */
            by_emergency?: boolean;
            connected: boolean;
            participant: components["schemas"]["ParticipantId"];
            received?: components["schemas"]["MediaFlow"] | null;
            role: components["schemas"]["ParticipantRole"];
            sent?: components["schemas"]["MediaFlow"] | null;
        };
        /** @description Somebody in the lobby. */
        LobbyEntry: {
            display_name: components["schemas"]["DisplayName"];
            /** @description Came without the link, and has not shown that they know the passcode: nobody lets them in before. */
            needs_passcode?: boolean;
            participant: components["schemas"]["ParticipantId"];
            since: components["schemas"]["Timestamp"];
        };
        /**
         * Format: date
         * @description A day of the calendar, wherever somebody is.
         * @example 2026-03-29
         */
        LocalDate: string;
        /**
         * @description What a clock on the wall shows, to the minute.
         * @example 2026-03-29T09:30
         */
        LocalTime: string;
        /** @enum {string} */
        LoggedOutcome: "done" | "failed" | "refused";
        /** @description `POST /api/v1/programs`. */
        MakeProgram: {
            /**
             * Format: int32
             * @description 1 to 365; 90 where it is absent.
             */
            days?: number | null;
            name: components["schemas"]["Label"];
            /** @description At least one. */
            scopes: components["schemas"]["ProgramScope"][];
        };
        /** @description `POST /api/v1/support/recordings/keys`: what sessions are sealed to from here on. */
        MakeRecordingKey: {
            custodians: components["schemas"]["Custodians"];
            /** @description Base64url without padding, of 1,216 bytes. */
            public: string;
        };
        /**
         * @description What the rule asks: addressable specifications may be replaced by an equivalent, with reasons (45 CFR 164.306(d)).
         * @enum {string}
         */
        Mark: "required" | "addressable";
        /** @description What somebody asks for help with: a line of 1 to 200 characters. */
        Matter: string;
        /** @description Who is signed in: answers set-up, sign-in and `GET /api/v1/session`. */
        Me: {
            account: components["schemas"]["AccountId"];
            display_name: components["schemas"]["DisplayName"];
            email: components["schemas"]["EmailAddress"];
            /** @description One of the organisation's sealed codes opened this session: it opens emergency access, and nothing else. */
            emergency_only?: boolean;
            /**
             * Format: int32
             * @description Seconds until the session ends, unless its holder does something before.
             */
            idle_left: number;
            organisation: components["schemas"]["OrganisationId"];
            organisation_name: components["schemas"]["Title"];
            /** @description By policy, at this moment. */
            permitted: components["schemas"]["Permitted"];
            role: components["schemas"]["AccountRole"];
            /** @description The role needs a second factor, and this session has shown none: it opens nothing else until it has. */
            second_factor_due: boolean;
        };
        /** @description How somebody's media did in one direction, all streams together. */
        MediaFlow: {
            /** Format: int64 */
            bits_per_second: number;
            /**
             * Format: int64
             * @description The worst, in microseconds; so the round trip.
             */
            jitter: number;
            /** Format: int64 */
            lost: number;
            /** Format: int64 */
            packets: number;
            /** Format: int64 */
            round_trip?: number | null;
        };
        /** @description A meeting as its host sees it. */
        Meeting: {
            code: components["schemas"]["MeetingCode"];
            created_at: components["schemas"]["Timestamp"];
            ended_at?: components["schemas"]["Timestamp"] | null;
            entry: components["schemas"]["EntryRule"];
            id: components["schemas"]["MeetingId"];
            last_begins?: components["schemas"]["Timestamp"] | null;
            /** @description The next that are not over, 60 at the most. */
            occurrences: components["schemas"]["Occurrence"][];
            /**
             * Format: int32
             * @description How often its passcode was changed: which of those that follow from the link holds.
             */
            passcode_number?: number;
            /**
             * Format: int64
             * @description Rises by one with every command that changes the meeting.
             */
            revision: number;
            schedule?: components["schemas"]["Schedule"] | null;
            /**
             * Format: int64
             * @description Rises by one as often as what was announced is changed (RFC 5545, 3.8.7.4).
             */
            sequence: number;
            /** @description The first of those that follow each other with one code and one link; itself, where it is the first. */
            series: components["schemas"]["MeetingId"];
            starts_at?: components["schemas"]["Timestamp"] | null;
            state: components["schemas"]["MeetingState"];
            /** @description As its host has said. */
            time_outs?: components["schemas"]["TimeOuts"];
            title: components["schemas"]["Title"];
            uninvited: components["schemas"]["Uninvited"];
            /**
             * Format: int32
             * @description How many are in its lobby. 0 but in the list of one's own.
             */
            waiting: number;
        };
        /**
         * @description Nine digits that people type, shown as `123-456-789`; any spaces and dashes are accepted.
         * @example 123-456-789
         */
        MeetingCode: string;
        MeetingFacts: {
            code?: components["schemas"]["MeetingCode"] | null;
            data_mode: components["schemas"]["DataMode"];
            ending?: components["schemas"]["Ending"] | null;
            guarded_until?: components["schemas"]["Timestamp"] | null;
            idle_share?: components["schemas"]["IdleShare"] | null;
            /**
             * @description Whoever has the invitation's link comes straight in. Since a host has turned somebody away or put them out,
             *     who also have it, whoever comes waits until a host admits them.
             */
            link_admits: boolean;
            /** @description A host lets nobody new in, by link or by code. Who is in stays, and comes back from a lost connection. */
            locked: boolean;
            /** @description By policy nobody is given the meeting's key without its passcode: the server passes no letter that does. */
            needs_passcode?: boolean;
            organisation: components["schemas"]["OrganisationId"];
            /**
             * Format: int32
             * @description How often the passcode was changed: which of those that follow from the link holds. Rises, and never falls.
             */
            passcode_number?: number;
            presenter?: components["schemas"]["ParticipantId"] | null;
            /** @description It is one of those that follow each other with one link. */
            repeats?: boolean;
            sharing: components["schemas"]["Sharing"];
            started_at?: components["schemas"]["Timestamp"] | null;
            successor?: components["schemas"]["ParticipantId"] | null;
            title: components["schemas"]["Title"];
        };
        /**
         * Format: uuid
         * @description One meeting; the code that people type is another thing ([`crate::meeting::MeetingCode`]).
         */
        MeetingId: string;
        /** @description `GET /api/v1/meetings`: the caller's own. Those that are not over first, then newest first; 100 at the most. */
        MeetingList: {
            meetings: components["schemas"]["Meeting"][];
        };
        MeetingSession: {
            ended_at?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int64
             * @description Those of them without an account.
             */
            guests: number;
            /** @description The account that made it. */
            host: components["schemas"]["AccountId"];
            host_name: components["schemas"]["DisplayName"];
            id: components["schemas"]["MeetingId"];
            /** @description Somebody was helped with their computer in it. */
            is_support: boolean;
            outcome: components["schemas"]["SessionOutcome"];
            /**
             * Format: int64
             * @description Who was let in at any time.
             */
            people: number;
            started_at: components["schemas"]["Timestamp"];
        };
        /** @description `GET /api/v1/admin/sessions/{id}`. */
        MeetingSessionDetail: {
            /** @description Whoever came first first, 2,000 at the most. */
            people: components["schemas"]["Attendee"][];
            session: components["schemas"]["MeetingSession"];
            /** @description Oldest first, 1,000 at the most. */
            timeline: components["schemas"]["Moment"][];
            /** @description There is more than the timeline tells. */
            timeline_is_cut: boolean;
        };
        /** @description `GET /api/v1/admin/sessions`: the latest first. */
        MeetingSessionList: {
            next?: components["schemas"]["MeetingId"] | null;
            sessions: components["schemas"]["MeetingSession"][];
        };
        /** @enum {string} */
        MeetingState: "scheduled" | "live" | "ended";
        /** @description Where the meeting's encryption stands, in a [`Welcome`](crate::channel::Welcome). */
        MlsState: {
            /** @description Whom the group lets propose removals, and nothing else. */
            external_sender: components["schemas"]["ExternalSender"];
            group?: components["schemas"]["CurrentGroup"] | null;
            /** @description Media that is not encrypted end to end is refused here. */
            required: boolean;
        };
        /** @description One entry of the organisation's log about a meeting. */
        Moment: {
            at: components["schemas"]["Timestamp"];
            by_account?: components["schemas"]["DisplayName"] | null;
            by_participant?: components["schemas"]["ParticipantId"] | null;
            /**
             * Format: uuid
             * @description The entry's own id, by which the log's page finds it.
             */
            entry: string;
            /** @description As in the catalogue of events: `meeting.admit`. */
            event: string;
            /** @description `done`, `failed` or `refused`. */
            outcome: string;
            participant?: components["schemas"]["ParticipantId"] | null;
            reason?: string | null;
        };
        /** @description `POST /api/v1/groups`, and `PUT` of one. */
        NameGroup: {
            name: components["schemas"]["Title"];
        };
        /**
         * @description Why a computer does not come into the session that was to begin there.
         * @enum {string}
         */
        NotCome: "no_desktop" | "not_started" | "ended";
        /** @description One time that a meeting takes place. */
        Occurrence: {
            begins: components["schemas"]["Timestamp"];
            ends: components["schemas"]["Timestamp"];
            /** @description By which it is cancelled. */
            start: components["schemas"]["LocalTime"];
        };
        /**
         * Format: byte
         * @description Bytes that are for members: an encoded `MLSMessage` (RFC 9420, 6) or a part of one, as base64
         *     with padding, at most [`Opaque::LONGEST`] bytes. Clones share them.
         */
        Opaque: string;
        OpenEmergency: {
            /** @description Nothing is open from then on. */
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["EmergencyUseId"];
            invoked_at: components["schemas"]["Timestamp"];
            reason: components["schemas"]["EmergencyReason"];
        };
        /** @description Where somebody is signed in. */
        OpenSession: {
            browser: components["schemas"]["BrowserKind"];
            id: string;
            last_active_at: components["schemas"]["Timestamp"];
            since: components["schemas"]["Timestamp"];
            /** @description Whether it is the one that asks. */
            this: boolean;
        };
        /** @description `POST /api/v1/support/sessions`: whoever gets its code or link is helped in it. */
        OpenSupport: {
            /** @description As [`CreateMeeting::invitation_verifier`](crate::meeting::CreateMeeting::invitation_verifier). */
            invitation_verifier: string;
        };
        /**
         * Format: uuid
         * @description A tenant.
         */
        OrganisationId: string;
        /** @description Somebody with an active account whose training is over, or who has none on record. */
        OverdueTraining: {
            account: components["schemas"]["AccountId"];
            display_name: components["schemas"]["DisplayName"];
            good_until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description Answers `GET /api/v1/account/trainings`: what the register says of the caller, and was not taken back. */
        OwnTrainings: {
            /** @description Latest entered first, 500 at the most. */
            trainings: components["schemas"]["Training"][];
        };
        /** @description Answers `GET /api/v1/meetings/{id}/participants/{participant}/devices`. */
        ParticipantDevices: {
            account: components["schemas"]["AccountId"];
            /** @description The list of the account's devices, oldest entry first; empty where it has none. */
            entries: string[];
        };
        /**
         * Format: uuid
         * @description One person in one meeting, kept through reload and reconnection. The identity on LiveKit's wire.
         */
        ParticipantId: string;
        /** @description `GET /api/v1/admin/sessions/{id}/participants/{participant}/quality`: minute by minute, oldest first, for 30 days. */
        ParticipantQuality: {
            intervals: components["schemas"]["StreamInterval"][];
            /** @description There are more than the 5,000 that are told. */
            is_cut: boolean;
        };
        /** @enum {string} */
        ParticipantRole: "host" | "co_host" | "participant" | "guest" | "companion";
        /** @description Whom somebody in the lobby shows that they know the passcode: whoever of them is convinced says so (`vouchForParticipant`). */
        PasscodeWanted: {
            /** @description At most three of the hosts and co-hosts who are there at this moment. */
            hosts: components["schemas"]["ParticipantId"][];
            /**
             * Format: int32
             * @description As [`MeetingFacts::passcode_number`].
             */
            passcode_number?: number;
        };
        Passkey: {
            created_at: components["schemas"]["Timestamp"];
            /** Format: uuid */
            id: string;
            label: components["schemas"]["Label"];
            last_used_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description What a browser is asked to do with a passkey, as WebAuthn defines it (its `…OptionsJSON`). */
        PasskeyCeremony: {
            /** @description Goes back with the browser's answer; good for five minutes, once. */
            ceremony: string;
            options: Record<string, never>;
        };
        /** @description Answers `GET /api/v1/people`. */
        People: {
            /** @description That nobody has accepted, and that have not expired; oldest first. All of them are on the first page. */
            invitations: components["schemas"]["Invitation"][];
            next?: components["schemas"]["AccountId"] | null;
            /** @description Oldest first; without those that were removed. A page of them. */
            people: components["schemas"]["Person"][];
            /** @description Whether the server sends mail. Where it doesn't, whoever invites hands the link over. */
            sends_mail: boolean;
        };
        /** @description A value for each setting: what somebody is permitted, or the most that an installation permits. */
        Permitted: {
            /** @default true */
            camera: boolean;
            /** @default true */
            co_hosts: boolean;
            /** @default archive */
            data_mode: components["schemas"]["DataMode"];
            /** @default true */
            emergency_access: boolean;
            /** @default true */
            enter_by_link: boolean;
            /** @default true */
            guests: boolean;
            /** @default true */
            host_meetings: boolean;
            /**
             * Format: int32
             * @default 60
             */
            idle_minutes: number;
            /** @default true */
            key_without_passcode: boolean;
            /** @default true */
            meeting_control: boolean;
            /** @default true */
            messages: boolean;
            /** @default true */
            screen_sharing: boolean;
            /** @default roles */
            second_factor: components["schemas"]["WhoProvesMore"];
            /** @default true */
            support: boolean;
            /** @default true */
            support_administrator: boolean;
            /** @default true */
            support_chat: boolean;
            /** @default true */
            support_clipboard: boolean;
            /** @default true */
            support_control: boolean;
            /** @default true */
            support_diagnostics: boolean;
            /**
             * Format: int32
             * @default 20
             */
            support_file_count: number;
            /**
             * Format: int32
             * @default 100
             */
            support_file_mebibytes: number;
            /** @default true */
            support_files: boolean;
            /**
             * Format: int32
             * @default 60
             */
            support_idle_minutes: number;
            /** @default true */
            support_queue: boolean;
            /** @default true */
            support_unattended: boolean;
        };
        /** @description Somebody's account, as those see it who manage people. */
        Person: {
            account: components["schemas"]["AccountId"];
            /** @description The organisation's directory brought it, or has changed it. */
            by_directory: boolean;
            created_at: components["schemas"]["Timestamp"];
            display_name: components["schemas"]["DisplayName"];
            email: components["schemas"]["EmailAddress"];
            /** @description Whether anybody is locked out of it at this moment, for wrong passwords or codes. */
            is_locked: boolean;
            role: components["schemas"]["AccountRole"];
            state: components["schemas"]["AccountState"];
        };
        /** @description Answers `GET /api/v1/admin/people/{account}/timeline`. */
        PersonTimeline: {
            account: components["schemas"]["AccountId"];
            /** @description Newest first, 1,000 at the most. */
            deeds: components["schemas"]["Deed"][];
            display_name: components["schemas"]["DisplayName"];
            from: components["schemas"]["Timestamp"];
            /** @description There is more than this, from before. */
            is_cut: boolean;
            leaving?: components["schemas"]["Leaving"] | null;
            /**
             * Format: uuid
             * @description What a further question names as `before`; absent where there is no more.
             */
            next?: string | null;
            to: components["schemas"]["Timestamp"];
        };
        /** @description Answers `PUT /api/v1/meetings/{id}/support/recordings/{recording}/{number}`. */
        PieceKept: {
            /**
             * Format: int32
             * @description The number that is wanted next.
             */
            next: number;
        };
        /** @description `POST /api/v1/support/recordings/{recording}/plays`: why somebody wants to see it. */
        PlayRecording: {
            reason: components["schemas"]["Words"];
        };
        /** @description Answers `GET` and `PUT` of a layer. */
        Policy: {
            /** @description The most that the installation permits. */
            floor: components["schemas"]["Permitted"];
            /** @description What somebody is permitted with this layer and those above it. */
            permitted: components["schemas"]["Permitted"];
            /** @description Of the organisation, whatever the layer. */
            profile: components["schemas"]["Profile"];
            /**
             * Format: int64
             * @description Of all of the organisation's policy: rises with each change of any layer, group or membership.
             */
            revision: number;
            settings: {
                [key: string]: components["schemas"]["Word"];
            };
        };
        /** @description A setting that becomes another for somebody. */
        PolicyChange: {
            /**
             * Format: int32
             * @description Accounts for whom it does; guests are not counted.
             */
            accounts: number;
            from: components["schemas"]["SettingValue"];
            /** @description Whether it does for guests too. */
            guests: boolean;
            setting: components["schemas"]["Setting"];
            to: components["schemas"]["SettingValue"];
        };
        /** @description Answers it: what becomes different for whom. */
        PolicyPreview: {
            /**
             * Format: int32
             * @description Accounts that the layer is about.
             */
            accounts: number;
            changes: components["schemas"]["PolicyChange"][];
            /** Format: int64 */
            revision: number;
        };
        /** @description `POST /api/v1/policies/preview`: a layer as it would be. Neither `group` nor `account`: the organisation's. */
        PreviewPolicy: {
            account?: components["schemas"]["AccountId"] | null;
            group?: components["schemas"]["AccountGroupId"] | null;
            settings: {
                [key: string]: components["schemas"]["Word"];
            };
        };
        /** @description `application/problem+json`. Programs branch on `code`; people read the page's text for it, or `detail`. */
        Problem: {
            /** @description Stable, snake_case; listed in `docs/errors.md`. */
            code: string;
            /** @description What is wrong and what to do, in one English sentence. Holds no personal data. */
            detail: string;
            /**
             * Format: int32
             * @description Seconds to wait before another try, where that helps.
             */
            retry_after?: number | null;
            /** Format: int32 */
            status: number;
            /** @description The HTTP status's own phrase. */
            title: string;
            /** @description Always `about:blank`: the code is the type. */
            type: string;
        };
        /** @description How an organisation stands to the healthcare profile. */
        Profile: {
            /**
             * @description Settings that are not as the profile has them while it is on: it has more than when it was turned on, or the store
             *     was changed by another hand.
             */
            drift: components["schemas"]["Setting"][];
            leave_asked_by?: components["schemas"]["AccountId"] | null;
            leave_until?: components["schemas"]["Timestamp"] | null;
            /** @description What it sets and locks. */
            settings: {
                [key: string]: components["schemas"]["Word"];
            };
            since?: components["schemas"]["Timestamp"] | null;
        };
        /** @description A program that acts by a key of its own. */
        Program: {
            created_at: components["schemas"]["Timestamp"];
            expires_at: components["schemas"]["Timestamp"];
            id: components["schemas"]["ProgramId"];
            last_used_on?: components["schemas"]["Timestamp"] | null;
            /** @description Whoever made it. It ends when they lose the right to make programs. */
            made_by: components["schemas"]["AccountId"];
            made_by_name: components["schemas"]["DisplayName"];
            name: components["schemas"]["Label"];
            scopes: components["schemas"]["ProgramScope"][];
            state: components["schemas"]["ProgramState"];
        };
        /**
         * Format: uuid
         * @description A program that acts by a key of its own.
         */
        ProgramId: string;
        /** @description Answers `GET /api/v1/programs`. */
        ProgramList: {
            /** @description Newest first; those that ended stay for a year. */
            programs: components["schemas"]["Program"][];
        };
        /** @description Answers `POST /api/v1/programs`. */
        ProgramMade: {
            /** @description The key, this once. */
            key: string;
            program: components["schemas"]["Program"];
        };
        /**
         * @description What a program may. One that is not listed it may not.
         * @enum {string}
         */
        ProgramScope: "scim" | "meetings:read" | "audit:read";
        /**
         * @description Whether a program's key opens anything.
         * @enum {string}
         */
        ProgramState: "active" | "expired" | "revoked";
        /** @description `POST /api/v1/session/single-sign-on/logout`, as a form (OpenID Connect Back-Channel Logout 1.0, 2.5). */
        ProviderLogout: {
            logout_token: string;
        };
        /**
         * @description What of information a threat is to (45 CFR 164.306(a)(1)).
         * @enum {string}
         */
        Quality: "confidentiality" | "integrity" | "availability";
        /**
         * @description How a question is answered.
         * @enum {string}
         */
        QuestionKind: "rating" | "text";
        /** @description What is asked: 1 to 200 characters. */
        QuestionText: string;
        /**
         * @description What came of a credential.
         * @enum {string}
         */
        Raising: "raised" | "wrong" | "too_many" | "impossible";
        /**
         * Format: int32
         * @description 1 is bad, 5 is very good.
         */
        Rating: number;
        /** @enum {string} */
        Reason: "no_slot" | "stale" | "malformed" | "too_large" | "throttled" | "full";
        /** @description A computer that is helped when nobody is there. It may have been taken out since. */
        RecordedDevice: {
            id: components["schemas"]["SupportDeviceId"];
            name: components["schemas"]["Label"];
        };
        /**
         * @description What there is of the feedback on a session, with the recording that it ended with.
         * @enum {string}
         */
        RecordedFeedback: "elsewhere" | "awaited" | "kept" | "missing";
        Recording: {
            /** @description Of these, what somebody has seen. */
            acknowledged: components["schemas"]["RecordingAcknowledgement"][];
            begun_at: components["schemas"]["Timestamp"];
            /** Format: int64 */
            bytes: number;
            device?: components["schemas"]["RecordedDevice"] | null;
            ended_at?: components["schemas"]["Timestamp"] | null;
            feedback: components["schemas"]["RecordedFeedback"];
            /** Format: uuid */
            id: string;
            keep_until?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: uuid
             * @description That it is sealed to.
             */
            key: string;
            session: components["schemas"]["SupportSessionId"];
            state: components["schemas"]["RecordingState"];
            technician_name: components["schemas"]["DisplayName"];
            /** @description What lacks of it. */
            troubles: components["schemas"]["RecordingTrouble"][];
        };
        RecordingAcknowledgement: {
            at: components["schemas"]["Timestamp"];
            by_name: components["schemas"]["DisplayName"];
            reason?: components["schemas"]["Words"] | null;
            trouble: components["schemas"]["RecordingTrouble"];
        };
        /** @description Answers `POST /api/v1/meetings/{id}/support/recordings`: what the agent seals to. */
        RecordingBegun: {
            organisation: components["schemas"]["OrganisationId"];
            public: string;
            /** Format: uuid */
            recording: string;
            session: components["schemas"]["SupportSessionId"];
        };
        RecordingKey: {
            custodians: components["schemas"]["Custodians"];
            /** @description SHA-256 of the public part, in hexadecimal. */
            fingerprint: string;
            /** Format: uuid */
            id: string;
            made_at: components["schemas"]["Timestamp"];
            made_by_name: components["schemas"]["DisplayName"];
        };
        /** @description Answers `GET /api/v1/support/recordings`: newest first. */
        RecordingList: {
            /**
             * Format: int64
             * @description That are kept, and that may be.
             */
            bytes: number;
            /** Format: int32 */
            damaged: number;
            /** Format: int32 */
            days: number;
            /** @description Where anything was ever recorded while nobody sat there, by name; 500 at the most. */
            devices: components["schemas"]["RecordedDevice"][];
            /**
             * Format: int32
             * @description Of all that are not deleted, on whatever page, what nobody has acknowledged.
             */
            incomplete: number;
            /** @description Newest first: the first is in force. */
            keys: components["schemas"]["RecordingKey"][];
            /** Format: int64 */
            most_bytes: number;
            /**
             * Format: uuid
             * @description The last one of this page, where another follows.
             */
            next?: string | null;
            /** @description Those that were asked for. */
            recordings: components["schemas"]["Recording"][];
            /** Format: int32 */
            without_feedback: number;
        };
        /** @description What is needed to see a recording, but for the key, which the server does not have. */
        RecordingPlay: {
            /**
             * Format: int32
             * @description Pieces behind the header, numbered from 1.
             */
            chunks: number;
            /** @description Base64url without padding; absent where none came. */
            feedback?: string | null;
            /** @description Of the key that it is sealed to. */
            fingerprint: string;
            /** @description Base64url without padding; absent where nothing ever came. */
            header?: string | null;
            /**
             * Format: uuid
             * @description By which its pieces are got, for twelve hours.
             */
            id: string;
            /** @description Absent from one that is not whole. */
            manifest?: string | null;
            organisation: components["schemas"]["OrganisationId"];
            /** Format: uuid */
            recording: string;
            session: components["schemas"]["SupportSessionId"];
            state: components["schemas"]["RecordingState"];
        };
        /** @enum {string} */
        RecordingState: "open" | "whole" | "incomplete" | "damaged" | "deleted";
        /**
         * @description What lacks of a recording that is not deleted.
         * @enum {string}
         */
        RecordingTrouble: "incomplete" | "damaged" | "without_feedback";
        /** @description A second factor is set up, or codes were made anew. */
        RecoveryCodes: {
            /** @description Shown this once; empty where the account has some already. */
            recovery_codes: string[];
        };
        /** @description A submission that changed nothing. */
        Refusal: {
            epoch?: components["schemas"]["Epoch"] | null;
            group?: components["schemas"]["GroupId"] | null;
            reason: components["schemas"]["Reason"];
        };
        /** @description `PUT /api/v1/account/passkeys/{passkey}`. */
        RenamePasskey: {
            label: components["schemas"]["Label"];
        };
        /** @description How a meeting comes again: a part of what RFC 5545 (3.3.10) can say. Exactly one of `until` and `count` is there. */
        Repeats: {
            /**
             * Format: int32
             * @description How often it is, with those that are cancelled.
             */
            count?: number | null;
            /** @description Of a week; the first occurrence's is one of them. Empty where it is not weekly. */
            days?: components["schemas"]["Weekday"][];
            every: components["schemas"]["Every"];
            until?: components["schemas"]["LocalDate"] | null;
        };
        /** @description `GET /api/v1/admin/reports/{report}`. */
        Report: {
            charts: components["schemas"]["ReportChart"][];
            columns: components["schemas"]["ReportColumn"][];
            figures: components["schemas"]["ReportFigure"][];
            from: components["schemas"]["Timestamp"];
            /** @description There is more than this. */
            is_cut: boolean;
            made_at: components["schemas"]["Timestamp"];
            report: components["schemas"]["ReportKind"];
            /** @description Each with a cell for every column; `null` where there is nothing. */
            rows: (components["schemas"]["ReportCell"] | null)[][];
            to: components["schemas"]["Timestamp"];
        };
        ReportCell: number | string;
        /** @description A number for each day (UTC) of the time. */
        ReportChart: {
            name: string;
            points: components["schemas"]["ReportPoint"][];
            unit: components["schemas"]["ReportUnit"];
        };
        ReportColumn: {
            name: string;
            unit: components["schemas"]["ReportUnit"];
        };
        /** @description `POST /api/v1/meetings/{id}/companion/facts`: what the agent lets be known of one turn, in its order. */
        ReportCompanion: {
            facts: components["schemas"]["SupportFact"][];
            /** Format: int32 */
            turn: number;
        };
        /** @description One number of the whole time. */
        ReportFigure: {
            name: string;
            unit: components["schemas"]["ReportUnit"];
            /** Format: int64 */
            value: number;
        };
        /** @enum {string} */
        ReportKind: "usage" | "quality" | "access" | "failed-sign-ins" | "policy-changes" | "representatives" | "devices" | "support";
        ReportPoint: {
            /** @description The beginning of the day. */
            day: components["schemas"]["Timestamp"];
            /** Format: int64 */
            value: number;
        };
        /**
         * @description `POST /api/v1/meetings/{id}/support/facts`, with the agent's credential as bearer token: what it lets be known of the
         *     session, in the order in which it happened.
         */
        ReportSupport: {
            facts: components["schemas"]["SupportFact"][];
        };
        /**
         * @description What a column's cells are.
         * @enum {string}
         */
        ReportUnit: "text" | "word" | "time" | "count" | "seconds" | "microseconds" | "per_mille";
        /** @description `POST /api/v1/password-resets/finish`: spends the link. */
        ResetPassword: {
            /** @description 15 to 256 characters, not a well-known one. */
            password: components["schemas"]["Secret"];
            /** @description From the link's fragment. */
            token: components["schemas"]["Secret"];
        };
        /** @description Answers `GET /api/v1/evidence/review`. */
        Review: {
            /** @description Of the settings as they are: a sign-off names it. */
            digest: string;
            last?: components["schemas"]["SignedReview"] | null;
            settings: components["schemas"]["ReviewedSetting"][];
        };
        /** @description `POST /api/v1/admin/anomalies/{anomaly}/review`. */
        ReviewAnomaly: {
            /** @description Kept sealed, for reviewers alone. */
            note: components["schemas"]["Words"];
            outcome: components["schemas"]["AnomalyOutcome"];
        };
        /** @description One security setting, as it is and as it is recommended. */
        ReviewedSetting: {
            current: components["schemas"]["SettingShown"];
            /** @description Nobody below the organisation loosens it. */
            is_locked: boolean;
            /** @description It is at least as strict as recommended. */
            is_sound: boolean;
            /** @description As policy or the configuration file call it. */
            name: string;
            recommended: components["schemas"]["SettingShown"];
            set_in: components["schemas"]["SetIn"];
        };
        /** @description `POST /api/v1/emergency/uses/{use}/review`. */
        ReviewEmergency: {
            /** @description Kept sealed, for reviewers alone. */
            note: components["schemas"]["Words"];
            outcome: components["schemas"]["EmergencyOutcome"];
        };
        /** @description One risk of the register, with what the organisation makes of it. */
        Risk: {
            affects: components["schemas"]["Quality"][];
            assessment?: components["schemas"]["RiskAssessment"] | null;
            /** @description What it is a threat to. */
            asset: string;
            /** @description What the product does against it: claims of the evidence, by their ids. */
            claims: string[];
            /** @description Its stable name. */
            id: string;
            impact: components["schemas"]["RiskLevel"];
            /** @description Both together. */
            level: components["schemas"]["RiskLevel"];
            /** @description Without anything that is done against it. */
            likelihood: components["schemas"]["RiskLevel"];
            /** @description What the organisation does against it. */
            organisation: string;
            /** @description What is left while both do so. */
            residual: components["schemas"]["RiskLevel"];
            threat: string;
        };
        /** @description An assessment in force. */
        RiskAssessment: components["schemas"]["AssessRisk"] & {
            assessed_at: components["schemas"]["Timestamp"];
            assessed_by: components["schemas"]["AccountId"];
            assessed_by_name: components["schemas"]["DisplayName"];
            /** Format: uuid */
            id: string;
            /** @description Nobody has looked again when they said they would. */
            is_out_of_date: boolean;
        };
        /**
         * @description What an organisation does about a risk.
         * @enum {string}
         */
        RiskChoice: "accepted" | "reduced" | "shared" | "avoided";
        /**
         * @description How likely something is, how bad, or both together.
         * @enum {string}
         */
        RiskLevel: "low" | "moderate" | "high";
        /** @description Answers `GET /api/v1/risks`. */
        RiskRegister: {
            /**
             * Format: int32
             * @description How many have no assessment, or one that is out of date.
             */
            open: number;
            risks: components["schemas"]["Risk"][];
        };
        /** @description Somebody in the meeting. */
        RosterEntry: {
            /** @description Came in by emergency access: nobody in the meeting let them in. */
            by_emergency?: boolean;
            companion?: components["schemas"]["CompanionOf"] | null;
            /** @description Has a channel or media at this moment. */
            connected: boolean;
            display_name: components["schemas"]["DisplayName"];
            participant: components["schemas"]["ParticipantId"];
            role: components["schemas"]["ParticipantRole"];
            /** @description Has an account of the meeting's organisation, and is signed in. */
            signed_in: boolean;
        };
        /** @description A row of the matrix: a standard or an implementation specification of the Security Rule. */
        Safeguard: {
            /** @description What the rule asks, in short. */
            asks: string;
            /** @description As it is cited: `164.312(a)(2)(iii)`. */
            citation: string;
            claims: components["schemas"]["Claim"][];
            /** @description Its stable name, as `164.312.a.2.iii`. */
            code: string;
            decision?: components["schemas"]["Decision"] | null;
            mark: components["schemas"]["Mark"];
            name: string;
            /** @description In force; of its claims about what people of the organisation do. */
            sign_offs: components["schemas"]["SignOff"][];
            standard: string;
            /** @description That of its weakest claim. */
            state: components["schemas"]["ClaimState"];
        };
        /** @description One layer's word. */
        Said: {
            locked: boolean;
            source: components["schemas"]["Source"];
            value: components["schemas"]["SettingValue"];
        };
        /** @description Which page it is of, and what is looked for there. What is absent does not narrow. */
        SavedFilter: {
            device?: components["schemas"]["ClientKind"] | null;
            group?: components["schemas"]["AccountGroupId"] | null;
            host?: components["schemas"]["AccountId"] | null;
            /** @enum {string} */
            kind: "sessions";
            outcome?: components["schemas"]["SessionOutcome"] | null;
            span: components["schemas"]["ViewSpan"];
        } | {
            /** @enum {string} */
            kind: "report";
            report: components["schemas"]["ReportKind"];
            span: components["schemas"]["ViewSpan"];
        } | {
            /** Format: uuid */
            actor?: string | null;
            /** @description By its whole name, as `meeting.admit`. */
            event?: string | null;
            /** @enum {string} */
            kind: "audit";
            /** Format: uuid */
            object?: string | null;
            outcome?: components["schemas"]["LoggedOutcome"] | null;
            span: components["schemas"]["ViewSpan"];
        };
        SavedView: {
            /** @description Who saved it. */
            by_name: components["schemas"]["DisplayName"];
            filter: components["schemas"]["SavedFilter"];
            id: components["schemas"]["SavedViewId"];
            /** @description Of whoever asks. */
            is_own: boolean;
            is_shared: boolean;
            /** @description Whoever asks may take it away. */
            may_remove: boolean;
            name: components["schemas"]["Label"];
        };
        /**
         * Format: uuid
         * @description One filter that somebody keeps.
         */
        SavedViewId: string;
        /** @description Answers `GET /api/v1/admin/views`. */
        SavedViewList: {
            /** @description Those of whoever asks, and those that others share, by name. */
            views: components["schemas"]["SavedView"][];
        };
        /** @description `POST /api/v1/admin/views`. */
        SaveView: {
            filter: components["schemas"]["SavedFilter"];
            /** @description Everybody in the organisation who may read what it shows can open it. */
            is_shared: boolean;
            /** @description Somebody's own word for it. */
            name: components["schemas"]["Label"];
        };
        /**
         * @description A time that the clocks skip is as long after the skip as it was to be after its beginning; of one that comes twice, the
         *     first counts (RFC 5545, 3.3.5).
         */
        Schedule: {
            /** @description The starts of those that don't take place. */
            cancelled?: components["schemas"]["LocalTime"][];
            /** Format: int32 */
            minutes: number;
            repeats?: components["schemas"]["Repeats"] | null;
            /** @description Of the first occurrence. */
            start: components["schemas"]["LocalTime"];
            zone: components["schemas"]["ZoneName"];
        };
        /** @description `POST /api/v1/session/second-factor`, and part of a step-up. */
        SecondFactor: {
            /** @description Six digits of an authenticator program. */
            totp: components["schemas"]["Secret"];
        } | {
            /** @description One of those that were written down; spaces and hyphens don't count. */
            recovery_code: components["schemas"]["Secret"];
        };
        /** @description Answers `POST /api/v1/session` with status 202: the password was right, and the account asks for more. */
        SecondFactorAsked: {
            /** @description What the account has. */
            ways: components["schemas"]["Way"][];
        };
        /**
         * Format: password
         * @description A password or token in a request. Never serialised.
         */
        Secret: string;
        /** @description `POST /api/v1/support/sessions/{support}/credentials`: asks to be let in. */
        SendCredentials: {
            /**
             * Format: int32
             * @description From 1 on; each is good once.
             */
            attempt: number;
            /** @description By [the computer's key](UnattendedOpened::sealing_key). */
            sealed: components["schemas"]["Opaque"];
        };
        /** @description The body of `GET /api/v1/server`. */
        ServerInfo: {
            /** @description Where complaints about privacy go: `https://` or `mailto:`; absent where the operator names nothing. */
            complaints?: string | null;
            /** @description Started with `--dev`. */
            dev: boolean;
            /** @description As meetings' groups name this server. The same for as long as the installation lives. */
            external_sender: components["schemas"]["ExternalSender"];
            /** @description No owner exists; the one-time link that the server printed makes one. */
            needs_owner: boolean;
            /** @description It mails links, so that who forgot their password can choose another. */
            sends_mail: boolean;
            /** @description What people call the organisation's identity provider; absent where it has none. */
            single_sign_on?: string | null;
            /** @description Anybody may ask for an account. */
            takes_account_requests: boolean;
            /** @description Anybody may ask for a technician's help, and wait for it. */
            takes_support_requests: boolean;
            version: string;
        };
        /**
         * @description How a meeting stands, or why it is over.
         * @enum {string}
         */
        SessionOutcome: "live" | "host" | "administrator" | "empty" | "host_absent" | "too_long" | "ended";
        /**
         * @description Where a setting is set.
         * @enum {string}
         */
        SetIn: "policy" | "configuration";
        /** @description `PUT /api/v1/support/recordings/retention`. */
        SetRetention: {
            /**
             * Format: int32
             * @description 1 to 7,300. Of recordings that end from here on.
             */
            days: number;
        };
        /**
         * @description What a policy names.
         * @enum {string}
         */
        Setting: "host_meetings" | "guests" | "enter_by_link" | "screen_sharing" | "camera" | "messages" | "co_hosts" | "idle_minutes" | "second_factor" | "data_mode" | "key_without_passcode" | "emergency_access" | "support" | "support_control" | "support_clipboard" | "support_files" | "support_file_mebibytes" | "support_file_count" | "support_diagnostics" | "support_chat" | "support_idle_minutes" | "support_unattended" | "support_administrator" | "support_queue" | "meeting_control";
        /** @description A setting's value, or how many of something. */
        SettingShown: components["schemas"]["SettingValue"] | number | string;
        /** @description A setting's value; each setting takes one kind. */
        SettingValue: boolean | number | components["schemas"]["WhoProvesMore"] | components["schemas"]["DataMode"];
        /** @description `POST /api/v1/setup`: spends the one-time link. */
        SetUp: {
            display_name: components["schemas"]["DisplayName"];
            email: components["schemas"]["EmailAddress"];
            organisation: components["schemas"]["Title"];
            /** @description 15 to 256 characters, not a well-known one. */
            password: components["schemas"]["Secret"];
            /** @description From the link's fragment. */
            token: components["schemas"]["Secret"];
        };
        /**
         * @description Who may show a screen while nobody is named for it. One at a time in any case.
         * @enum {string}
         */
        Sharing: "everybody" | "hosts";
        /** @description `POST /api/v1/companions/look-up` and `POST /api/v1/companions`: in the body, as it opens a meeting. */
        ShowCompanionCode: {
            code: components["schemas"]["Secret"];
        };
        /** @description Who went through all settings, and when. */
        SignedReview: {
            at: components["schemas"]["Timestamp"];
            by: components["schemas"]["AccountId"];
            by_name: components["schemas"]["DisplayName"];
            /** @description The settings are what they were then. */
            is_current: boolean;
        };
        /** @description `POST /api/v1/session`. */
        SignIn: {
            /** @description Not parsed as an address: a wrong one gets the same answer as an unknown one. */
            email: components["schemas"]["Secret"];
            password: components["schemas"]["Secret"];
        };
        /** @description `POST /api/v1/session/emergency`: signs in with one of the sealed codes, for emergency access alone. */
        SignInByEmergencyCode: {
            /** @description Spaces and hyphens don't count. */
            code: components["schemas"]["Secret"];
            /** @description The account's own address, as typed. */
            email: components["schemas"]["Secret"];
        };
        /** @description How an account signs in. */
        SignInWays: {
            asked_email?: components["schemas"]["EmailAddress"] | null;
            /** @description Absent for who signs in by the identity provider alone. */
            has_password: boolean;
            /** @description The domain that passkeys of this server are for (WebAuthn's RP ID); absent where it has none. */
            passkey_domain?: string | null;
            passkeys: components["schemas"]["Passkey"][];
            /**
             * Format: int32
             * @description That are left.
             */
            recovery_codes: number;
            /** @description Whether its role may not do without a second factor. */
            second_factor_mandatory: boolean;
            single_sign_on?: components["schemas"]["SingleSignOnWay"] | null;
            /** @description Whether changing any of it needs proof of who sits there first. */
            step_up_due: boolean;
            totp?: components["schemas"]["Timestamp"] | null;
        };
        /** @description Who signed for a claim. */
        SignOff: components["schemas"]["Decision"] & {
            claim: string;
        };
        /** @description `POST /api/v1/evidence/review`: somebody has gone through all settings. */
        SignReview: {
            digest: string;
        };
        /** @description Where the browser goes. */
        SingleSignOnBegun: {
            /** @description The provider's, for a navigation; good for ten minutes, once, in this browser. */
            address: string;
        };
        /** @description How an account stands to the provider. */
        SingleSignOnWay: {
            connected_at?: components["schemas"]["Timestamp"] | null;
            /** @description What people call it. */
            name: string;
        };
        /** @description A turn to submit, good for `lease_ms` milliseconds. Nobody else's submission is accepted meanwhile. */
        Slot: {
            /** @enum {string} */
            kind: "create";
            /** Format: int32 */
            lease_ms: number;
        } | {
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @description Of this epoch: an `MLSMessage` with the ratchet tree and the external public key. */
            group_info: components["schemas"]["Opaque"];
            /** @enum {string} */
            kind: "join";
            /** Format: int32 */
            lease_ms: number;
        } | {
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            kind: "commit";
            /** Format: int32 */
            lease_ms: number;
        };
        /** @description Whose word it is, from the general to the special. */
        Source: {
            /** @enum {string} */
            layer: "default";
        } | {
            /** @enum {string} */
            layer: "floor";
        } | {
            /** @enum {string} */
            layer: "organisation";
        } | {
            group: components["schemas"]["AccountGroupId"];
            /** @enum {string} */
            layer: "group";
        } | {
            /** @enum {string} */
            layer: "account";
        };
        /**
         * @description How a ground stands.
         * @enum {string}
         */
        Standing: "holds" | "fails" | "unseen" | "old";
        StatedAgreement: {
            /** Format: uuid */
            id: string;
            /** @description Up to that moment, oldest first: the last holds. */
            versions: components["schemas"]["StatedVersion"][];
        };
        StatedAssessment: {
            assessed_at: components["schemas"]["Timestamp"];
            assessed_by: components["schemas"]["AccountId"];
            choice: components["schemas"]["RiskChoice"];
            /** Format: uuid */
            id: string;
            impact: components["schemas"]["RiskLevel"];
            likelihood: components["schemas"]["RiskLevel"];
            next_look_at: components["schemas"]["Timestamp"];
            /** @description SHA-256 of all that was said, as the audit entry has it. */
            words: string;
        };
        StatedDecision: {
            choice: components["schemas"]["DecisionChoice"];
            decided_at: components["schemas"]["Timestamp"];
            decided_by: components["schemas"]["AccountId"];
            due?: components["schemas"]["Timestamp"] | null;
            /** Format: uuid */
            id: string;
            owner?: components["schemas"]["DisplayName"] | null;
            /** @description SHA-256 of the reason and of what was weighed, as the audit entry has it. */
            words: string;
        };
        /** @description How far the organisation's log was. */
        StatedLog: {
            /** @description A signed note: all entries that grounds name stand in its tree. */
            checkpoint: string;
            /**
             * Format: int64
             * @description Entries that the checkpoint covers.
             */
            size: number;
            /** @description Of its checkpoints: also the name of the log. */
            verifier_key: string;
        };
        /** @description What a statement of the evidence says of a risk: of the organisation's words it has a hash. */
        StatedRisk: {
            assessment?: components["schemas"]["StatedAssessment"] | null;
            id: string;
            level: components["schemas"]["RiskLevel"];
            residual: components["schemas"]["RiskLevel"];
            threat: string;
        };
        StatedSafeguard: {
            citation: string;
            claims: components["schemas"]["Claim"][];
            code: string;
            decision?: components["schemas"]["StatedDecision"] | null;
            mark: components["schemas"]["Mark"];
            name: string;
            sign_offs: components["schemas"]["StatedSignOff"][];
            standard: string;
            state: components["schemas"]["ClaimState"];
        };
        /** @description Who signed for a claim, by their account's id. */
        StatedSignOff: components["schemas"]["StatedDecision"] & {
            claim: string;
        };
        /** @description What the register said of an agreement from a moment on, without the company's name. */
        StatedVersion: {
            changed_at: components["schemas"]["Timestamp"];
            document?: string | null;
            ends_at?: components["schemas"]["Timestamp"] | null;
            signed_at?: components["schemas"]["Timestamp"] | null;
            state: components["schemas"]["AgreementState"];
            /** @description SHA-256 of all that it said, as the audit entry has it. */
            words: string;
        };
        /** @description `POST /api/v1/session/step-up`. */
        StepUp: {
            password: components["schemas"]["Secret"];
            second_factor?: components["schemas"]["SecondFactor"] | null;
        };
        /** @description How one stream did in one minute. */
        StreamInterval: {
            begins_at: components["schemas"]["Timestamp"];
            flow: components["schemas"]["MediaFlow"];
            /** @description `audio` or `video`. */
            kind: string;
            /** @description Whether the participant sent it; else they received it. */
            sent: boolean;
            /** @description The media router's name of the stream. */
            stream: string;
        };
        /** @description A computer as whoever looks after it sees it. */
        SupportDevice: {
            ends_at?: components["schemas"]["Timestamp"] | null;
            enrolled_at: components["schemas"]["Timestamp"];
            enrolled_by_name: components["schemas"]["DisplayName"];
            /** @description SHA-256 of its keys, in hexadecimal: the computer shows the same. */
            fingerprint: string;
            grants: components["schemas"]["DeviceGrant"][];
            /** @description It is over by its time. */
            has_ended: boolean;
            id: components["schemas"]["SupportDeviceId"];
            /** @description Somebody is helped there at this moment. */
            is_busy: boolean;
            is_online: boolean;
            name: components["schemas"]["Label"];
        };
        /**
         * Format: uuid
         * @description A computer that is helped when nobody is there.
         */
        SupportDeviceId: string;
        /** @description Answers `GET /api/v1/support/devices`, by name; 500 at the most. */
        SupportDevices: {
            devices: components["schemas"]["SupportDevice"][];
        };
        /** @description One thing that happened at the supported computer: no word, key, picture or name of a file. */
        SupportFact: {
            capability: components["schemas"]["Capability"];
            /** @enum {string} */
            fact: "permitted";
        } | {
            capability: components["schemas"]["Capability"];
            /** @enum {string} */
            fact: "refused";
        } | {
            capability: components["schemas"]["Capability"];
            /** @enum {string} */
            fact: "unanswered";
        } | {
            capability: components["schemas"]["Capability"];
            /** @enum {string} */
            fact: "withdrawn";
        } | {
            /** @enum {string} */
            fact: "control_began";
        } | {
            /**
             * Format: int64
             * @description And that did not.
             */
            dropped: number;
            /** @enum {string} */
            fact: "control_ended";
            /**
             * Format: int64
             * @description Events that reached the computer. No more than JSON's integers hold exactly (2^53 - 1), as all that is counted.
             */
            injected: number;
        } | {
            /** @enum {string} */
            fact: "local_override";
            /** Format: int32 */
            times: number;
        } | {
            /** @enum {string} */
            fact: "input_without_control";
        } | {
            /** @enum {string} */
            fact: "file_kept";
            /** @description In lower-case hexadecimal. */
            sha256: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
        } | {
            /** @enum {string} */
            fact: "file_sent";
            /** @description In lower-case hexadecimal. */
            sha256: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
        } | {
            /** @enum {string} */
            fact: "file_failed";
        } | {
            /** @enum {string} */
            fact: "diagnostics_sent";
        } | {
            /** @enum {string} */
            fact: "handed_over";
        } | {
            /** @enum {string} */
            fact: "watcher_admitted";
        } | {
            /** @enum {string} */
            fact: "raised";
        } | {
            /** @enum {string} */
            fact: "not_raised";
            why: components["schemas"]["Raising"];
        } | {
            /** @enum {string} */
            fact: "lowered";
        } | {
            /** @enum {string} */
            fact: "restart_refused";
        } | {
            /** @enum {string} */
            fact: "restarting";
        } | {
            /** @enum {string} */
            fact: "came_back";
        } | {
            /** @enum {string} */
            fact: "ended";
            reason: components["schemas"]["EndReason"];
        };
        /**
         * @description `POST /api/v1/meetings/{id}/support/feedback`, with the agent's credential as bearer token: what the person who was
         *     helped thinks of it. Once, until an hour after the end. What is absent was not answered.
         */
        SupportFeedback: {
            /**
             * @description To what the organisation asks of its own; of what it does not ask nothing is kept.
             * @default []
             */
            answers: components["schemas"]["FeedbackRating"][];
            /**
             * Format: int32
             * @default null
             */
            rating: number | null;
            /** @default null */
            solved: boolean | null;
        };
        /**
         * @description Answers `GET /api/v1/support/codes/{code}`: whose help it is, for who types a code. Wrong, used and expired codes look
         *     alike.
         */
        SupportOffer: {
            code_until: components["schemas"]["Timestamp"];
            organisation: components["schemas"]["Title"];
            technician: components["schemas"]["DisplayName"];
        };
        /**
         * @description Answers `GET /api/v1/support/questions`, and is what `PUT` takes: what the organisation asks after sessions, 1 to 5
         *     questions. Absent: whether the problem is solved, and for a rating.
         */
        SupportQuestions: {
            questions?: components["schemas"]["FeedbackQuestion"][] | null;
        };
        /**
         * Format: uuid
         * @description Somebody who asked for help, and waits for a technician.
         */
        SupportRequestId: string;
        /** @description A session as its technician sees it. */
        SupportSession: {
            code: components["schemas"]["MeetingCode"];
            /** @description Nobody new comes in by the code or the link from then on. */
            code_until: components["schemas"]["Timestamp"];
            id: components["schemas"]["SupportSessionId"];
            /** @description That it takes place in. */
            meeting: components["schemas"]["MeetingId"];
            not_come?: components["schemas"]["NotCome"] | null;
            opened_at: components["schemas"]["Timestamp"];
            state: components["schemas"]["SupportState"];
            technician: components["schemas"]["AccountId"];
            technician_name: components["schemas"]["DisplayName"];
            terms: components["schemas"]["SupportTerms"];
        };
        /**
         * Format: uuid
         * @description One remote support session; the meeting that it takes place in is [`MeetingId`].
         */
        SupportSessionId: string;
        /**
         * @description Answers `GET /api/v1/support/sessions`: one's own of the last 24 hours. Those that are not over first, then newest
         *     first; 100 at the most.
         */
        SupportSessions: {
            sessions: components["schemas"]["SupportSession"][];
        };
        /** @description How far a session has come. */
        SupportState: {
            /** @enum {string} */
            state: "waiting";
        } | {
            since: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "connected";
        } | {
            at: components["schemas"]["Timestamp"];
            /** @enum {string} */
            state: "ended";
            /** @description Somebody had come. */
            was_connected: boolean;
        } | {
            /** @enum {string} */
            state: "expired";
        };
        /**
         * @description Answers `GET /api/v1/meetings/{id}/support/terms`, with the participant's credential as bearer token: what policy
         *     permits in a session. The person at the computer permits no more than this.
         */
        SupportTerms: {
            file_limit: components["schemas"]["FileLimit"];
            /**
             * Format: int32
             * @description How long the technician may do nothing.
             */
            idle_minutes: number;
            /**
             * Format: int32
             * @description Of the whole session.
             */
            longest_minutes: number;
            /** @description The organisation keeps every session: nothing is permitted before recording is. */
            must_record: boolean;
            /** @description Each once. */
            permitted: components["schemas"]["Capability"][];
            /**
             * @description What the organisation asks of the person at the computer afterwards; absent where it asks what every one does, and
             *     from a technician's list.
             */
            questions?: components["schemas"]["FeedbackQuestion"][] | null;
            /**
             * @description The fingerprint of the key that the recording is sealed to, in hexadecimal, where every session is kept: the
             *     person at the computer is shown it, and it is that of the page of recordings. Absent from a technician's list.
             */
            recording_key?: string | null;
        };
        /** @description `POST /api/v1/support/requests/{request}/take`: the session in which they are helped. */
        TakeRequest: {
            /**
             * @description To [their key](HelpRequest::key), bound to the request, the session and its meeting. Base64url without padding, 4 KiB
             *     at the most.
             */
            sealed: string;
            /** @description Of the caller, and nobody has come to it. */
            session: components["schemas"]["SupportSessionId"];
        };
        /**
         * @description What tests of the running build are known here.
         * @enum {string}
         */
        TestsState: "bound" | "absent" | "invalid" | "other_build" | "old";
        /** @description Of one meeting, in seconds. What is absent is the installation's. None is longer than the installation's. */
        TimeOuts: {
            /**
             * Format: int32
             * @description The meeting ends when nobody has been there for this long.
             * @default null
             */
            empty: number | null;
            /**
             * Format: int32
             * @description It ends when no host and no co-host has been there for this long.
             * @default null
             */
            host_absent: number | null;
            /**
             * Format: int32
             * @description A screen is taken off when its presenter has done nothing for this long.
             * @default null
             */
            idle_share: number | null;
            /**
             * Format: int32
             * @description It ends after this long in any case.
             * @default null
             */
            longest: number | null;
        };
        /**
         * Format: date-time
         * @description Microseconds since 1970-01-01T00:00:00Z, as the store keeps them.
         * @example 2026-11-22T08:30:00Z
         */
        Timestamp: string;
        /** @description A meeting's title: 1 to 120 characters. */
        Title: string;
        /** @description What the server says on a computer's line. */
        ToDevice: {
            /** @description 32 bytes. */
            nonce: components["schemas"]["Opaque"];
            /** @enum {string} */
            type: "challenge";
        } | {
            /** @enum {string} */
            type: "welcome";
        } | {
            /** Format: int32 */
            attempt: number;
            sealed: components["schemas"]["Opaque"];
            session: components["schemas"]["SupportSessionId"];
            technician: components["schemas"]["AccountId"];
            /** @enum {string} */
            type: "asked";
        } | {
            /** @description The server hears [`FromDevice::NotCome`]. */
            hears?: boolean;
            session: components["schemas"]["SupportSessionId"];
            /** @enum {string} */
            type: "begin";
        } | {
            session: components["schemas"]["SupportSessionId"];
            /** @enum {string} */
            type: "end";
        } | {
            reason: components["schemas"]["DeviceBye"];
            /** @enum {string} */
            type: "bye";
        };
        /** @description An authenticator program's secret, which counts once a code of it was shown. */
        TotpBegun: {
            /** @description Base32. */
            secret: string;
            /** @description `otpauth://totp/…`, for a QR code. */
            uri: string;
        };
        /** @description One line of the register. */
        Training: {
            account: components["schemas"]["AccountId"];
            acknowledged_at?: components["schemas"]["Timestamp"] | null;
            completed_at: components["schemas"]["Timestamp"];
            display_name: components["schemas"]["DisplayName"];
            entered_at: components["schemas"]["Timestamp"];
            entered_by_name: components["schemas"]["DisplayName"];
            good_until: components["schemas"]["Timestamp"];
            /** Format: uuid */
            id: string;
            topic: components["schemas"]["Title"];
            withdrawn_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description Answers `GET /api/v1/trainings`. */
        TrainingList: {
            /** @description 500 at the most. */
            overdue: components["schemas"]["OverdueTraining"][];
            /**
             * Format: int32
             * @description Of all.
             */
            people_overdue: number;
            /** @description Latest entered first, 500 at the most. */
            trainings: components["schemas"]["Training"][];
        };
        /** @description Answers `POST /api/v1/support/devices/{device}/sessions`: a session, and what is needed to be let into the computer. */
        UnattendedOpened: {
            /** @description Of the computer's service as it runs: what is sealed for it is worth nothing to the next. 32 hexadecimal digits. */
            run: string;
            sealing_key: components["schemas"]["Opaque"];
            session: components["schemas"]["SupportSession"];
            signing_key: components["schemas"]["Opaque"];
        };
        /**
         * @description What happens at the door of a meeting for the invited to who is not on its list.
         * @enum {string}
         */
        Uninvited: "wait" | "refuse";
        /** @description From the client. */
        Upstream: {
            /**
             * Format: int64
             * @description The last event that the client has applied; absent for the whole state.
             */
            after?: number | null;
            credential: components["schemas"]["Secret"];
            /** @enum {string} */
            type: "hello";
        } | {
            /** Format: int64 */
            seq: number;
            /** @enum {string} */
            type: "ack";
        } | {
            /** @enum {string} */
            type: "ping";
        } | {
            /** @enum {string} */
            type: "mls_join";
        } | {
            group: components["schemas"]["GroupId"];
            /** @description Of epoch 0. */
            group_info: components["schemas"]["Opaque"];
            /** @enum {string} */
            type: "mls_create";
        } | {
            /** @description An `MLSMessage` with a `PublicMessage`. */
            commit: components["schemas"]["Opaque"];
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @description Of the epoch that the commit makes. */
            group_info: components["schemas"]["Opaque"];
            leaf?: components["schemas"]["LeafIndex"] | null;
            /** @enum {string} */
            type: "mls_commit";
        } | {
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            type: "mls_processed";
        } | {
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            type: "mls_invalid";
        } | {
            /** @enum {string} */
            type: "mls_pass";
        } | {
            epoch: components["schemas"]["Epoch"];
            group: components["schemas"]["GroupId"];
            /** @enum {string} */
            type: "mls_turn";
        } | {
            /** @description At most [`LARGEST_HEARTBEAT`](crate::mls::LARGEST_HEARTBEAT). */
            bytes: components["schemas"]["Opaque"];
            /** @enum {string} */
            type: "mls_heartbeat";
        } | {
            /** @description At most [`LARGEST_LETTER`](crate::mls::LARGEST_LETTER). */
            bytes: components["schemas"]["Opaque"];
            to: components["schemas"]["ParticipantId"];
            /** @enum {string} */
            type: "mls_letter";
        };
        UsedEmergencyCode: {
            at: components["schemas"]["Timestamp"];
            by: components["schemas"]["AccountId"];
            by_name: components["schemas"]["DisplayName"];
        };
        /** @description `POST /api/v1/session/passkey`. */
        UsePasskey: {
            account?: components["schemas"]["AccountId"] | null;
            ceremony: components["schemas"]["Secret"];
            /** @description WebAuthn's `AuthenticationResponseJSON`. */
            credential: Record<string, never>;
        };
        /** @description Hours of the day, in UTC: from one on and before another, which may be the next day's. Both the same: all day. */
        UsualHours: {
            /**
             * Format: int32
             * @description 0 to 23.
             */
            from: number;
            /**
             * Format: int32
             * @description 0 to 23.
             */
            to: number;
        };
        VaultVersion: {
            /** @description Base64url without padding, 256 KiB at the most. */
            sealed: string;
            /**
             * Format: int64
             * @description From 1 on, one more with each change.
             */
            version: number;
        };
        /** @description Of which time: the last so many days, as they are when it is opened; or from an instant on and before another. */
        ViewSpan: {
            from?: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int32
             * @description 1 to 366, and then neither `from` nor `to`.
             */
            last_days?: number | null;
            to?: components["schemas"]["Timestamp"] | null;
        };
        /**
         * @description A way to prove that one has something, beside knowing the password.
         * @enum {string}
         */
        Way: "passkey" | "totp" | "recovery_code";
        /** @enum {string} */
        Weekday: "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";
        /** @description The whole state, as this participant may see it. */
        Welcome: {
            admission: components["schemas"]["Admission"];
            data_mode?: components["schemas"]["DataMode"] | null;
            /** @description Who waits, oldest first; empty but for hosts. */
            lobby: components["schemas"]["LobbyEntry"][];
            meeting?: components["schemas"]["MeetingFacts"] | null;
            mls?: components["schemas"]["MlsState"] | null;
            passcode?: components["schemas"]["PasscodeWanted"] | null;
            /**
             * Format: int32
             * @description Of who waits in the lobby: 1 is next. Absent for everybody else.
             */
            place?: number | null;
            /** Format: int64 */
            revision: number;
            /** @description Empty while waiting. */
            roster: components["schemas"]["RosterEntry"][];
            /**
             * Format: int64
             * @description The number of the last event that this state contains.
             */
            seq: number;
            you: components["schemas"]["RosterEntry"];
        };
        /**
         * @description Who must sign in with a second factor.
         * @enum {string}
         */
        WhoProvesMore: "roles" | "everybody";
        /** @description What a layer says of one setting. */
        Word: {
            /** @description Nothing more special permits more than this. */
            locked?: boolean;
            value: components["schemas"]["SettingValue"];
        };
        /** @description What somebody writes down for others to read: 1 to 2,000 characters, in lines. */
        Words: string;
        /**
         * @description The name of a time zone in IANA's database. Whether there is such a one, policy says.
         * @example Europe/Berlin
         */
        ZoneName: string;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
