/** An entry of the log, as far as a page tells it in words; its exact JSON stays beside it. */

export interface Entry {
  /** In milliseconds since 1970. */
  at: number;
  event: string;
  outcome: string;
  reason: string | null;
  actor: Actor;
  object: { kind: string; id: string } | null;
}

interface Actor {
  kind: string;
  role: string | null;
  /** Of an account, a participant or a program. */
  id: string | null;
  /** A participant's, who is signed in. */
  account: string | null;
}

/** `null` for what is no entry that this page knows to tell. */
export function readEntry(json: string): Entry | null {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return null;
  }
  const [event, outcome, time] = [text(read, "event"), text(read, "outcome"), text(read, "time")];
  const [actor, object] = [member(read, "actor"), member(read, "object")];
  const kind = text(actor, "kind");
  if (event === null || outcome === null || time === null || kind === null) return null;
  const [objectKind, objectId] = [text(object, "kind"), text(object, "id")];
  return {
    at: Date.parse(time),
    event,
    outcome,
    reason: text(read, "reason"),
    actor: { kind, role: text(actor, "role"), id: text(actor, "id"), account: text(actor, "account") },
    object: objectKind === null || objectId === null ? null : { kind: objectKind, id: objectId },
  };
}

function member(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined;
}

function text(of: unknown, name: string): string | null {
  const value = member(of, name);
  return typeof value === "string" ? value : null;
}
