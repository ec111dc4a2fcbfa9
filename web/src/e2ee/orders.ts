/** What the page and the worker that holds the keys say to each other. No key crosses, and no frame. */

import type { VaultAnswer, VaultAsk } from "./vault-words.ts";
import type { CurrentGroup, DataMode, ExternalSender, MlsDirect, MlsEvent, MlsUpstream } from "../api/wire.ts";

/** What a frame can be of. Authenticated with it: the server can't show a screen in a camera's place. */
export type TrackKind = "microphone" | "camera" | "screen" | "screen_sound";
export type Codec = "opus" | "vp8" | "vp9" | "av1" | "h264";

/** What a message is about: each subject has keys of its own. */
export type Label = "chat" | "file" | "input" | "app";

/**
 * A track whose frames are sealed on their way out, or opened on their way in. `name` is drawn for each
 * publication and authenticated with each frame: what was withheld of one track passes on no other.
 */
export type Attachment = { id: number; kind: TrackKind; codec: Codec; name: string } & ({ side: "out" } | { side: "in"; participant: string });

/** Whose frames end at once: of a receiver of which it is not known yet whose track it carries. */
export const NOBODY = "";

/** Who takes part in which meeting. Identifiers as the server writes them. */
export interface Entry {
  meeting: string;
  organisation: string;
  dataMode: DataMode;
  externalSender: ExternalSender;
  /** By the server's word, which can only make it stricter: the link lets nobody straight in any more. */
  isClosed: boolean;
  /** The invitation's fragment; absent for somebody who came by code. */
  fragment: string | null;
  /** What somebody typed who came by code. */
  passcode: string | null;
  /** They have tried too often in this tab. */
  isPasscodeSpent: boolean;
  /** How often the meeting's passcode was changed, by the server's word. */
  passcodeNumber: number;
  participant: string;
  displayName: string;
  /** Of who is signed in. */
  account: string | null;
  /** Whom this person let in before a reload. */
  admitted: readonly string[];
  /** To whom of them this device gave the secret without a passcode. */
  byCode: readonly string[];
  /** How many wrong passcodes this device took before a reload. */
  guesses: number;
}

/** By the server's word. */
export interface People {
  present: readonly string[];
  /** Lost their connection, and keep their place for some minutes. */
  away: readonly string[];
  hosts: readonly string[];
  /** In the lobby, and let in by nobody before they have shown that they know the passcode; to hosts only. */
  atTheDoor: readonly string[];
}

/** Somebody in the lobby who is asked for the passcode. */
export type Door = Pick<Entry, "meeting" | "participant" | "fragment" | "passcode" | "isPasscodeSpent" | "passcodeNumber">;

export type Order =
  /** Of the account's vault; answered under its number. */
  | { order: "vault"; number: number; account: string; ask: VaultAsk }
  /** By the server's word, the account of a participant and the list of its devices: base64url. */
  | { order: "devices"; participant: string; account: string; entries: readonly string[] }
  | { order: "enter"; entry: Entry; people: People }
  /** In the lobby: to be shown to these hosts that the passcode is known. Again with others; nobody, once one was shown it. */
  | { order: "knock"; door: Door; hosts: readonly string[] }
  | { order: "hear"; message: MlsDirect | MlsEvent }
  /** The channel is there again: what was asked before may be forgotten. */
  | { order: "again" }
  /** After a welcome: where the group is. */
  | { order: "compare"; group: CurrentGroup | null }
  | { order: "people"; people: People }
  /** The person at this device let them in. */
  | { order: "admitted"; participant: string }
  /** The person at this device turned them away: whatever they ask for is not answered, and the link alone lets nobody in any more. */
  | { order: "denied"; participant: string }
  /** The person at this device gives them the secret without a passcode. */
  | { order: "allow"; participant: string }
  /** Asks again, with what was typed or without. */
  | { order: "passcode"; passcode: string | null }
  /** By the server's word another passcode holds. What was guessed counts on: the server could say so without end. */
  | { order: "passcode_number"; number: number }
  /** The person at this device has changed the passcode: what was guessed says nothing of this one. */
  | { order: "passcode_changed"; number: number }
  /** The person at this device puts them out of the group, for the rest of the meeting. */
  | { order: "expelled"; participant: string }
  | { order: "seal"; number: number; label: Label; topic: string; payload: Uint8Array }
  | { order: "open"; number: number; participant: string; label: Label; topic: string; payload: Uint8Array }
  /** Where the browser hands out streams instead of calling `onrtctransform`. */
  | { order: "pipe"; attachment: Attachment; readable: ReadableStream; writable: WritableStream }
  /** A receiver carries another track. */
  | { order: "retarget"; attachment: Attachment }
  | { order: "detach"; id: number }
  /** For whoever looks for a fault: how much was not opened. */
  | { order: "drops" }
  /** For good: the group, and what is kept for a reload. */
  | { order: "leave" };

export type Standing =
  | { at: "joining" }
  /** Came by code: asks the hosts for the meeting's secret, with the passcode that was typed or without one. */
  | { at: "asking"; hasPasscode: boolean }
  /** A host's device has another passcode; by its word, which the server can forge. */
  | { at: "wrong_passcode" }
  /** No passcode is tried any more. */
  | { at: "passcode_spent" }
  /** No host's device has said whether the passcode is theirs, and it is shown to none before somebody types it again. */
  | { at: "unanswered" }
  /** Only a host may begin. */
  | { at: "waiting_for_host" }
  /** A host has to let this device's key in. */
  | { at: "waiting_for_voucher" }
  | { at: "on" }
  /** Nothing is sent: no key of the present epoch, or too few of the others say that they are in it. */
  | { at: "silent"; why: "no_key" | "unconfirmed" }
  /** Removed or turned away. */
  | { at: "over" }
  /** Others would not take this name: it could pass for another. */
  | { at: "bad_name" }
  | { at: "failed" }
  /** The page's own word: this browser can't seal frames. */
  | { at: "unsupported" };

/** What the list of an account's devices says of one. Not on it, or of a list that can't be believed: unknown. */
export type DeviceStanding = "checking" | "listed" | "removed" | "unknown";

/** Somebody in the group, as the group knows them. */
export interface Occupant {
  participant: string;
  name: string;
  isHost: boolean;
  standing: "guest" | "account" | "host account";
  /** The invitation names their account, and their device is on its list. */
  isVerified: boolean;
  /** Of an account's device, once the list of its devices is there; `null` for guests. */
  device: DeviceStanding | null;
  /** Let in from the lobby by the person at this device: what they hold of the meeting went through the server. */
  isByCode: boolean;
}

/** Somebody who came by code, in the meeting or in its lobby, at a host's device. */
export interface Asker {
  participant: string;
  why: "no_passcode" | "wrong_passcode" | "passcode_spent";
}

export interface Difference {
  /** In the group, but not in the meeting by the server's word. */
  strangers: readonly string[];
  /** The other way round. */
  outsiders: readonly string[];
}

/** How many frames and messages were not opened since the group was entered, by the first check that they failed. */
export interface Drops {
  malformed: number;
  misattributed: number;
  keyless: number;
  replayed: number;
  forged: number;
}

export type News =
  | { news: "vault"; number: number; answer: VaultAnswer }
  /** The list of the devices of this participant's account is wanted. */
  | { news: "devices"; participant: string }
  | { news: "send"; message: MlsUpstream }
  | { news: "standing"; standing: Standing }
  | { news: "group"; occupants: readonly Occupant[]; code: string | null }
  | { news: "difference"; difference: Difference }
  /** Whose silence keeps this device from sending. */
  | { news: "silent"; participants: readonly string[] }
  | { news: "alarm"; what: string; participant: string | null }
  /** A host sent what the invitation's link holds. */
  | { news: "fragment"; fragment: string; isVerified: boolean }
  /** Somebody who was let in asks for the secret, and doesn't get it from here as it is. */
  | { news: "asker"; asker: Asker }
  /** How many wrong passcodes this device took. */
  | { news: "guesses"; count: number }
  /** Somebody in the lobby has shown this device that they know the passcode. */
  | { news: "knows"; participant: string }
  /** They have it now. */
  | { news: "answered"; participant: string; isVerified: boolean }
  /** Whose frames come and can't be opened. */
  | { news: "locked"; participants: readonly string[] }
  | { news: "answer"; number: number; payload: Uint8Array | null }
  /** `null` outside of a group. */
  | { news: "drops"; drops: Drops | null };
