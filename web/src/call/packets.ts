/** Data packets of a meeting: the topic of each says under which label it is sealed, so that it passes for no other. */

import type { Label } from "../e2ee/orders.ts";
import { CHAT_TOPIC } from "./chat.ts";

/** Of a remote session. Each packet goes to one participant. */
export const REMOTE_TOPICS = {
  remote: "conclave.remote",
  input: "conclave.input",
  file: "conclave.file",
  tiles: "conclave.tiles",
} as const;

export type PacketListener = (topic: string, participant: string, payload: Uint8Array) => void;

const LABELS: ReadonlyMap<string, Label> = new Map<string, Label>([
  [CHAT_TOPIC, "chat"],
  [REMOTE_TOPICS.input, "input"],
  [REMOTE_TOPICS.file, "file"],
]);

export function labelOf(topic: string): Label {
  return LABELS.get(topic) ?? "app";
}
