// Generated from docs/openapi.json by `npm run generate`.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
        /** @description Answers `GET /api/v1/account/vault`. */
        AccountVault: {
            /** @description The list of the account's devices as that version has it, oldest entry first. */
            devices: string[];
            /** @description Browsers that ask to be added, oldest first. */
            requests: components["schemas"]["DeviceRequest"][];
            vault?: components["schemas"]["VaultVersion"] | null;
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
        /** @description `POST /api/v1/account/device-requests`. */
        AskForDevice: {
            /** @description Base64url without padding, 4 KiB at the most. */
            request: string;
        };
        /** @enum {string} */
        Bye: "not_authenticated" | "malformed" | "replaced" | "meeting_ended" | "denied" | "expelled" | "meeting_locked" | "too_slow" | "server_stopping";
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
        /** @description Answers a command. */
        CommandDone: {
            /**
             * Format: int64
             * @description The meeting's revision after the command.
             */
            revision: number;
        };
        /** @description `POST /api/v1/meetings`. */
        CreateMeeting: {
            /**
             * @description base64url (no padding) of SHA-256(proof), 32 bytes, where
             *     proof = HKDF-SHA-256(ikm = invitation secret, salt = empty, info = "conclave/v1/invitation-proof"), 32 bytes.
             *     The secret itself (32 random bytes) stays in the link's fragment.
             */
            invitation_verifier: string;
            starts_at?: components["schemas"]["Timestamp"] | null;
            title: components["schemas"]["Title"];
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
        /**
         * @description What the organisation's server keeps of what people say and show in a meeting.
         * @enum {string}
         */
        DataMode: "conduit";
        /** @description A request that waits for approval, for 15 minutes. */
        DeviceAsked: {
            /** Format: uuid */
            id: string;
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
            kind: "unmute_asked";
        } | {
            /** @enum {string} */
            kind: "meeting_changed";
            meeting: components["schemas"]["MeetingFacts"];
        } | {
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
        /**
         * Format: byte
         * @description One group: 16 random bytes that its creator chose, as base64. A meeting's next group has another one.
         */
        GroupId: string;
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
        /**
         * Format: int32
         * @description A member's place in the group's tree (RFC 9420, 7.1).
         */
        LeafIndex: number;
        /** @description Somebody in the lobby. */
        LobbyEntry: {
            display_name: components["schemas"]["DisplayName"];
            participant: components["schemas"]["ParticipantId"];
            since: components["schemas"]["Timestamp"];
        };
        /** @description Who is signed in: answers set-up, sign-in and `GET /api/v1/session`. */
        Me: {
            account: components["schemas"]["AccountId"];
            display_name: components["schemas"]["DisplayName"];
            email: components["schemas"]["EmailAddress"];
            organisation: components["schemas"]["OrganisationId"];
            organisation_name: components["schemas"]["Title"];
            role: components["schemas"]["AccountRole"];
        };
        /** @description A meeting as its host sees it. */
        Meeting: {
            code: components["schemas"]["MeetingCode"];
            created_at: components["schemas"]["Timestamp"];
            ended_at?: components["schemas"]["Timestamp"] | null;
            id: components["schemas"]["MeetingId"];
            /**
             * Format: int64
             * @description Rises by one with every command that changes the meeting.
             */
            revision: number;
            starts_at?: components["schemas"]["Timestamp"] | null;
            state: components["schemas"]["MeetingState"];
            title: components["schemas"]["Title"];
        };
        /**
         * @description Nine digits that people type, shown as `123-456-789`; any spaces and dashes are accepted.
         * @example 123-456-789
         */
        MeetingCode: string;
        MeetingFacts: {
            code?: components["schemas"]["MeetingCode"] | null;
            data_mode: components["schemas"]["DataMode"];
            /**
             * @description Whoever has the invitation's link comes straight in. Since a host has turned somebody away or put them out,
             *     who also have it, whoever comes waits until a host admits them.
             */
            link_admits: boolean;
            /** @description A host lets nobody new in, by link or by code. Who is in stays, and comes back from a lost connection. */
            locked: boolean;
            organisation: components["schemas"]["OrganisationId"];
            presenter?: components["schemas"]["ParticipantId"] | null;
            sharing: components["schemas"]["Sharing"];
            started_at?: components["schemas"]["Timestamp"] | null;
            title: components["schemas"]["Title"];
        };
        /**
         * Format: uuid
         * @description One meeting; the code that people type is another thing ([`crate::meeting::MeetingCode`]).
         */
        MeetingId: string;
        /** @description `GET /api/v1/meetings`: the caller's own, newest first, 100 at the most. */
        MeetingList: {
            meetings: components["schemas"]["Meeting"][];
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
        /**
         * Format: byte
         * @description Bytes that are for members: an encoded `MLSMessage` (RFC 9420, 6) or a part of one, as base64
         *     with padding, at most [`Opaque::LONGEST`] bytes. Clones share them.
         */
        Opaque: string;
        /**
         * Format: uuid
         * @description A tenant.
         */
        OrganisationId: string;
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
        /** @enum {string} */
        ParticipantRole: "host" | "co_host" | "participant" | "guest";
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
        /** @enum {string} */
        Reason: "no_slot" | "stale" | "malformed" | "too_large" | "throttled" | "full";
        /** @description A submission that changed nothing. */
        Refusal: {
            epoch?: components["schemas"]["Epoch"] | null;
            group?: components["schemas"]["GroupId"] | null;
            reason: components["schemas"]["Reason"];
        };
        /** @description Somebody in the meeting. */
        RosterEntry: {
            /** @description Has a channel or media at this moment. */
            connected: boolean;
            display_name: components["schemas"]["DisplayName"];
            participant: components["schemas"]["ParticipantId"];
            role: components["schemas"]["ParticipantRole"];
            /** @description Has an account of the meeting's organisation, and is signed in. */
            signed_in: boolean;
        };
        /**
         * Format: password
         * @description A password or token in a request. Never serialised.
         */
        Secret: string;
        /** @description The body of `GET /api/v1/server`. */
        ServerInfo: {
            /** @description Started with `--dev`. */
            dev: boolean;
            /** @description As meetings' groups name this server. The same for as long as the installation lives. */
            external_sender: components["schemas"]["ExternalSender"];
            /** @description No owner exists; the one-time link that the server printed makes one. */
            needs_owner: boolean;
            version: string;
        };
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
        /** @description `POST /api/v1/session`. */
        SignIn: {
            /** @description Not parsed as an address: a wrong one gets the same answer as an unknown one. */
            email: components["schemas"]["Secret"];
            password: components["schemas"]["Secret"];
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
        /**
         * Format: date-time
         * @description Microseconds since 1970-01-01T00:00:00Z, as the store keeps them.
         * @example 2026-11-22T08:30:00Z
         */
        Timestamp: string;
        /** @description A meeting's title: 1 to 120 characters. */
        Title: string;
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
        VaultVersion: {
            /** @description Base64url without padding, 256 KiB at the most. */
            sealed: string;
            /**
             * Format: int64
             * @description From 1 on, one more with each change.
             */
            version: number;
        };
        /** @description The whole state, as this participant may see it. */
        Welcome: {
            admission: components["schemas"]["Admission"];
            /** @description Who waits, oldest first; empty but for hosts. */
            lobby: components["schemas"]["LobbyEntry"][];
            meeting?: components["schemas"]["MeetingFacts"] | null;
            mls?: components["schemas"]["MlsState"] | null;
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
