/**
 * The shapes of remote support, written by hand after `core/protocol/src/support.rs`. In their place come
 * `Schemas[…]` of the generated description, under the same names in `wire.ts`.
 */

export interface OpenSupport {
  invitation_verifier: string;
}

type Capability = "view" | "control" | "clipboard_in" | "clipboard_out" | "file_in" | "file_out" | "diagnostics" | "chat" | "recording";

export interface SupportTerms {
  permitted: Capability[];
  idle_minutes: number;
  longest_minutes: number;
  file_limit: { largest: number; most: number; programs: boolean };
}

type SupportState =
  | { state: "waiting" }
  | { state: "connected"; since: string }
  | { state: "ended"; at: string; was_connected: boolean }
  | { state: "expired" };

export interface SupportSession {
  id: string;
  meeting: string;
  code: string;
  technician: string;
  technician_name: string;
  opened_at: string;
  code_until: string;
  state: SupportState;
  terms: SupportTerms;
}

export interface SupportSessions {
  sessions: SupportSession[];
}

export interface SupportOffer {
  organisation: string;
  technician: string;
  code_until: string;
}
