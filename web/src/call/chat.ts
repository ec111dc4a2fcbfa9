/**
 * The chat of a meeting: bounded, inert text, kept by nobody.
 *
 * A message is one reliable data packet under its own topic. The sender's name comes from
 * the roster, by the participant that the router vouches for, never from the message.
 */

export const CHAT_TOPIC = "conclave.chat";
/** Longer texts belong in a document. */
export const LONGEST_MESSAGE = 2_000;
/** Older ones are forgotten. */
export const MOST_MESSAGES = 500;

export interface ChatMessage {
  id: string;
  participant: string;
  text: string;
  /** When it came here, in milliseconds since 1970. */
  at: number;
}

/** Trims and bounds what somebody wants to say; `null` for nothing. */
export function outgoingText(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : [...trimmed].slice(0, LONGEST_MESSAGE).join("");
}

export function encodeChat(id: string, text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ id, text }));
}

/** Reads a stranger's packet; `null` for one that is no chat message. */
export function decodeChat(payload: Uint8Array): { id: string; text: string } | null {
  // Each character takes four bytes at the most, or six as a JSON escape.
  if (payload.length > LONGEST_MESSAGE * 6 + 200) return null;
  try {
    const { id, text } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)) as Record<string, unknown>;
    if (typeof id !== "string" || id.length > 64 || typeof text !== "string") return null;
    const shown = outgoingText(withoutDisguises(text));
    return shown === null ? null : { id, text: shown };
  } catch {
    return null;
  }
}

/** Appends, forgets the oldest, and drops a repetition. */
export function appended(messages: readonly ChatMessage[], message: ChatMessage): readonly ChatMessage[] {
  const isKnown = messages.some(({ id, participant }) => id === message.id && participant === message.participant);
  return isKnown ? messages : [...messages, message].slice(-MOST_MESSAGES);
}

/** Controls but for line breaks, and characters that reorder their neighbours (Unicode TR 36, 3.2). */
function withoutDisguises(text: string): string {
  return text.replaceAll(/(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "");
}
