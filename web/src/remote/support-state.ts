/** What a technician's page shows of a remote session. */

import type { FileTransfer } from "./transfers.ts";
import type { Capability, DiagnosticLine, EndReason, Monitor, PauseReason, Raising, Refusal } from "./words.ts";

export type Phase =
  /** Nobody has come to be helped. */
  | { at: "waiting" }
  /** The agent is there, and nothing is permitted. */
  | { at: "asking" }
  /** Something is, but not to see. */
  | { at: "consented" }
  | { at: "viewing" }
  | { at: "controlled"; turn: number }
  /** Control is given, and rests. */
  | { at: "paused"; turn: number; why: PauseReason }
  /** The agent, or this page, is gone for a moment. */
  | { at: "lost" }
  /** Somebody else goes on. */
  | { at: "handed_over" }
  /** Somebody else leads, and did from the start. */
  | { at: "watching" }
  | { at: "ended"; why: EndReason };

/** Mouse and keys are this person's, also while they rest. */
export function hasControl({ at }: Phase): boolean {
  return at === "controlled" || at === "paused";
}

/** One message of the conversation with the person at the computer. */
interface SupportLine {
  id: number;
  from: "technician" | "person";
  text: string;
  /** In milliseconds since 1970. */
  at: number;
  /** Nobody got it. */
  hasFailed: boolean;
}

export interface SupportState {
  phase: Phase;
  /** Who is helped, by participant: also from a browser. */
  guest: string | null;
  /** They have been there for a while, and no helper program answers. */
  isSilent: boolean;
  /** The helper program at the supported computer, by participant, once it has answered. */
  agent: string | null;
  /** This page's person is the technician, whom the computer listens to. */
  leads: boolean;
  /** Until when, in milliseconds since 1970. */
  permitted: ReadonlyMap<Capability, number>;
  /** Without an answer yet. */
  asked: ReadonlySet<Capability>;
  /** The last answer, where it was not a yes, until it is asked again. */
  refused: ReadonlyMap<Capability, Refusal>;
  monitors: readonly Monitor[];
  watching: number | null;
  chat: readonly SupportLine[];
  /** What came from the computer's last. */
  clipboard: { text: string; at: number } | null;
  diagnostics: readonly DiagnosticLine[] | null;
  files: readonly FileTransfer[];
  endsSoon: { reason: EndReason; at: number } | null;
  /** To whom, while the person at the computer is asked. */
  handingOver: string | null;
  handOverRefused: boolean;
  /** Of an administrator of the computer: what was typed is looked at, or was right. */
  rights: "none" | "asked" | "raised";
  /** The last answer, where nobody was raised, until something else is typed. */
  notRaised: Exclude<Raising, "raised"> | null;
  /** Whether the person is asked for a restart, or it did not come to one. */
  restart: "none" | "asked" | "refused";
  /** The computer is restarting, in milliseconds since 1970. */
  restartsSince: number | null;
  /** From a movement here to the pointer's answer, in milliseconds. */
  latency: number | null;
}

/** What the phase follows from, besides what is shown. */
export interface Standing {
  hasMet: boolean;
  wasHandedOver: boolean;
  turn: number | null;
  pause: PauseReason | null;
  ended: EndReason | null;
}

/** What there is no more where nothing is permitted any more. */
export const LOWERED = { rights: "none", notRaised: null, restart: "none" } as const;

export const NOT_MET: Standing = { hasMet: false, wasHandedOver: false, turn: null, pause: null, ended: null };

export function emptyState(leads: boolean): SupportState {
  return {
    phase: leads ? { at: "waiting" } : { at: "watching" },
    guest: null,
    isSilent: false,
    agent: null,
    leads,
    permitted: new Map(),
    asked: new Set(),
    refused: new Map(),
    monitors: [],
    watching: null,
    chat: [],
    clipboard: null,
    diagnostics: null,
    files: [],
    endsSoon: null,
    handingOver: null,
    handOverRefused: false,
    rights: "none",
    notRaised: null,
    restart: "none",
    restartsSince: null,
    latency: null,
  };
}

export function phaseOf({ hasMet, wasHandedOver, turn, pause, ended }: Standing, { agent, leads, permitted }: SupportState): Phase {
  if (ended !== null) return { at: "ended", why: ended };
  if (!leads) return { at: wasHandedOver ? "handed_over" : "watching" };
  if (agent === null) return { at: hasMet ? "lost" : "waiting" };
  if (permitted.has("view") && turn !== null) return pause === null ? { at: "controlled", turn } : { at: "paused", turn, why: pause };
  if (permitted.has("view")) return { at: "viewing" };
  return { at: permitted.size > 0 ? "consented" : "asking" };
}
