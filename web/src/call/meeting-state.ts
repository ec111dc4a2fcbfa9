/** A meeting as its channel tells it: who is in, who waits, where I stand. */

import type { Admission, ChannelEvent, DataMode, EndCause, LobbyEntry, MeetingFacts, PasscodeWanted, RosterEntry, Welcome } from "../api/wire.ts";

export interface MeetingState {
  revision: number;
  you: RosterEntry;
  admission: Admission;
  /** What is kept of the meeting, told also to who waits. */
  dataMode: DataMode | null;
  /** Absent while waiting. */
  facts: MeetingFacts | null;
  roster: readonly RosterEntry[];
  /** Oldest first; empty but for hosts. */
  lobby: readonly LobbyEntry[];
  /** One's own in the lobby's line, where 1 is next; `null` for who does not wait there. */
  place: number | null;
  /** To whom one shows in the lobby that one knows the passcode, before anybody lets one in; `null` where nobody asks for it. */
  passcode: PasscodeWanted | null;
  /** Why the meeting is over; `null` while it goes on. */
  ended: EndCause | null;
}

export function fromWelcome(welcome: Welcome): MeetingState {
  return {
    revision: welcome.revision,
    you: welcome.you,
    admission: welcome.admission,
    dataMode: welcome.data_mode ?? null,
    facts: welcome.meeting ?? null,
    roster: welcome.roster,
    lobby: welcome.lobby,
    place: welcome.place ?? null,
    passcode: welcome.passcode ?? null,
    ended: null,
  };
}

export function applyEvent(state: MeetingState, revision: number, event: ChannelEvent): MeetingState {
  return { ...state, ...changeOf(state, event), revision: Math.max(state.revision, revision) };
}

function changeOf(state: MeetingState, event: ChannelEvent): Partial<MeetingState> {
  switch (event.kind) {
    case "roster": {
      const you = event.entry.participant === state.you.participant ? event.entry : state.you;
      return { you, roster: replaced(state.roster, event.entry) };
    }
    case "roster_left":
      return { roster: without(state.roster, event.participant) };
    case "lobby":
      return { lobby: replaced(state.lobby, event.entry) };
    case "lobby_left":
      return { lobby: without(state.lobby, event.participant) };
    case "admission":
      return { admission: event.admission };
    case "place":
      return { place: event.place };
    case "passcode":
      return { passcode: event.wanted ?? null };
    case "meeting_changed":
      return { facts: event.meeting };
    case "meeting_ended":
      return { ended: event.cause };
    // Asks the person, and changes nothing of the meeting.
    case "unmute_asked":
      return {};
    // The group has a state of its own.
    case "mls_commit":
    case "mls_removal":
    case "mls_all_processed":
    case "mls_ended":
      return {};
  }
}

/** Somebody in the lobby whom nobody lets in before they have shown that they know the passcode. */
export function needsPasscode(entry: LobbyEntry): boolean {
  return entry.needs_passcode === true;
}

/** Whom a host is asked about first: of those who can be let in, who has waited longest. */
export function nextToLetIn(lobby: readonly LobbyEntry[]): LobbyEntry | undefined {
  return lobby.find((entry) => !needsPasscode(entry)) ?? lobby[0];
}

export function isHost(state: MeetingState): boolean {
  return state.you.role === "host" || state.you.role === "co_host";
}

/** The host, and the co-host who leads on where none is there. */
export function mayEnd({ you, facts }: MeetingState): boolean {
  return you.role === "host" || (facts?.successor ?? null) === you.participant;
}

/** To whom the screen was handed; `null` also where they are gone. */
export function presenterOf({ facts, roster }: MeetingState): string | null {
  const isThere = roster.some(({ participant }) => participant === facts?.presenter);
  return isThere ? (facts?.presenter ?? null) : null;
}

/** Whether the server takes a screen of this person's while nobody else shows one. */
export function mayShare(state: MeetingState): boolean {
  const { facts, you } = state;
  const presenter = presenterOf(state);
  if (presenter !== null) return presenter === you.participant;
  return facts?.sharing === "everybody" || isHost(state);
}

/** Not a computer that somebody brought. */
export function isPerson({ role }: RosterEntry): boolean {
  return role !== "companion";
}

/** The computer that this participant brought; `null` where they brought none. */
export function computerOf({ roster }: MeetingState, owner: string): RosterEntry | null {
  return roster.find(({ companion }) => companion?.owner === owner) ?? null;
}

/** The computer that is lent to this participant; `null` where none is. */
export function computerFor({ roster }: MeetingState, controller: string): RosterEntry | null {
  return roster.find(({ companion }) => companion?.controller === controller) ?? null;
}

/** Those in the meeting now, and oneself. */
export function presentPeople({ roster, you }: MeetingState): readonly RosterEntry[] {
  const others = roster.filter(({ connected, participant }) => connected && participant !== you.participant);
  return [...others, you];
}

/** Those whose connection is lost, and whose place the server keeps for some minutes. */
export function awayPeople({ roster, you }: MeetingState): readonly RosterEntry[] {
  return roster.filter(({ connected, participant }) => !connected && participant !== you.participant);
}

interface Entry {
  participant: string;
}

function replaced<T extends Entry>(entries: readonly T[], entry: T): readonly T[] {
  const at = entries.findIndex(({ participant }) => participant === entry.participant);
  return at < 0 ? [...entries, entry] : entries.with(at, entry);
}

function without<T extends Entry>(entries: readonly T[], participant: string): readonly T[] {
  return entries.filter((entry) => entry.participant !== participant);
}
