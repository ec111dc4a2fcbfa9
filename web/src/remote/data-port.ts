/** How a remote session's messages come and go: as sealed packets of a meeting, each to one participant. */

import type { MediaState } from "../call/call-media.ts";
import type { MeetingState } from "../call/meeting-state.ts";
import { type PacketListener, REMOTE_TOPICS } from "../call/packets.ts";
import type { Bytes } from "../e2ee/bytes.ts";
import { Store, type Watchable } from "../store.ts";

/** What a packet may carry. */
export type Way = keyof typeof REMOTE_TOPICS;

export type DataListener = (from: string, way: Way, payload: Uint8Array) => void;

export interface DataPort {
  /** Who is helped, while packets reach them: by the helper program or from a browser. `null` while nobody is there. */
  readonly guest: Watchable<string | null>;
  /** What goes one way to one participant goes in the order of the calls. Rejects where it was not sent. */
  send(to: string, way: Way, payload: Bytes): Promise<void>;
  /** Only what was sealed in the meeting, in the order in which it came. Returns what ends that. */
  onData(listener: DataListener): () => void;
  close(): void;
}

/** What a port needs of a meeting: `Session` in `call/` is one. */
export interface PacketMeeting {
  readonly state: Watchable<{ readonly meeting: MeetingState | null }>;
  readonly media: Watchable<MediaState>;
  sendPacket(topic: string, payload: Bytes, to: string): Promise<void>;
  onPacket(listener: PacketListener): () => void;
}

/** Two seconds of the fastest hand. */
export const MOST_WAITING = 512;

const WAYS: ReadonlyMap<string, Way> = new Map((Object.keys(REMOTE_TOPICS) as Way[]).map((way) => [REMOTE_TOPICS[way], way]));

/** To a computer that was brought into a meeting, where it is said; without, to who is helped in a support session. */
export function meetingPort(meeting: PacketMeeting, computer: string | null = null): DataPort {
  const find = (): string | null => (computer === null ? guestOf(meeting) : reached(meeting, computer));
  const guest = new Store(find());
  const look = (): void => guest.set(find());
  const ends = [meeting.state.subscribe(look), meeting.media.subscribe(look)];
  const queues = new Map<string, SendQueue>();
  return {
    guest,
    send(to, way, payload) {
      const queue = queues.get(`${way} ${to}`) ?? new SendQueue();
      queues.set(`${way} ${to}`, queue);
      return queue.send(() => meeting.sendPacket(REMOTE_TOPICS[way], payload, to));
    },
    onData: (listener) =>
      meeting.onPacket((topic, participant, payload) => {
        const way = WAYS.get(topic);
        if (way !== undefined) listener(participant, way, payload);
      }),
    close() {
      for (const end of ends) end();
      queues.clear();
    },
  };
}

/** One after the other: sealing takes its time, and what is sealed first is to be sent first. */
class SendQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  send(send: () => Promise<void>): Promise<void> {
    if (this.#waiting >= MOST_WAITING) return Promise.reject(new Error("too much waits to be sent"));
    this.#waiting += 1;
    const sent = this.#last.then(send).finally(() => (this.#waiting -= 1));
    // One that fails holds nothing up.
    this.#last = sent.catch(() => {});
    return sent;
  }
}

/** A support session has one guest, who is helped. Packets go where the media go. */
function guestOf(meeting: PacketMeeting): string | null {
  const roster = meeting.state.get().meeting?.roster ?? [];
  const guest = roster.find(({ role, signed_in, connected }) => role === "guest" && !signed_in && connected);
  return guest === undefined ? null : reached(meeting, guest.participant);
}

function reached({ state, media }: PacketMeeting, participant: string): string | null {
  const { connection, people } = media.get();
  const entry = state.get().meeting?.roster.find((one) => one.participant === participant);
  return connection === "connected" && entry?.connected === true && people.has(participant) ? participant : null;
}
