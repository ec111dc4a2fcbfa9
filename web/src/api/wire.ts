/** The shapes that cross the wire, by the names the application uses. Mirrors `core/protocol`. */

export interface ServerInfo {
  version: string;
  needs_owner: boolean;
  dev: boolean;
}

export interface SetUp {
  token: string;
  organisation: string;
  email: string;
  display_name: string;
  password: string;
}

export interface SignIn {
  email: string;
  password: string;
}

export interface Me {
  account: string;
  organisation: string;
  organisation_name: string;
  email: string;
  display_name: string;
  role: "owner" | "admin" | "account_manager" | "representative" | "auditor" | "member";
}

export interface CreateMeeting {
  title: string;
  starts_at?: string | null;
  invitation_verifier: string;
}

export interface Meeting {
  id: string;
  code: string;
  title: string;
  state: "scheduled" | "live" | "ended";
  created_at: string;
  starts_at?: string | null;
  ended_at?: string | null;
  revision: number;
}

export interface JoinMeeting {
  display_name: string;
  invitation_proof?: string | null;
}

export type ParticipantRole = "host" | "co_host" | "participant" | "guest";
export type Admission = "waiting" | "host_absent" | "admitted" | "denied" | "left";

export interface Joined {
  meeting: string;
  participant: string;
  credential: string;
  role: ParticipantRole;
  admission: Admission;
}

export interface JoinTicket {
  ticket: string;
  expires_at: string;
}

export interface CommandDone {
  revision: number;
}

export interface RosterEntry {
  participant: string;
  display_name: string;
  role: ParticipantRole;
  signed_in: boolean;
  connected: boolean;
}

export interface LobbyEntry {
  participant: string;
  display_name: string;
  since: string;
}

export interface MeetingFacts {
  title: string;
  code?: string | null;
  started_at?: string | null;
}

export interface Welcome {
  seq: number;
  revision: number;
  you: RosterEntry;
  admission: Admission;
  meeting?: MeetingFacts | null;
  roster: RosterEntry[];
  lobby: LobbyEntry[];
}

export type ChannelEvent =
  | { kind: "roster"; entry: RosterEntry }
  | { kind: "roster_left"; participant: string }
  | { kind: "lobby"; entry: LobbyEntry }
  | { kind: "lobby_left"; participant: string }
  | { kind: "admission"; admission: Admission }
  | { kind: "meeting_ended" };

export type ByeReason =
  | "not_authenticated"
  | "malformed"
  | "replaced"
  | "meeting_ended"
  | "denied"
  | "too_slow"
  | "server_stopping";

export type Downstream =
  | ({ type: "welcome" } & Welcome)
  | { type: "resumed"; after: number }
  | { type: "event"; seq: number; revision: number; event: ChannelEvent }
  | { type: "pong" }
  | { type: "bye"; reason: ByeReason };

export type Upstream =
  | { type: "hello"; credential: string; after?: number }
  | { type: "ack"; seq: number }
  | { type: "ping" };
