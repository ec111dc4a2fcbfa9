/** Between the channel's words and the member's: base64 there, bytes here. */

import { fromBase64, fromUuid, toBase64, toUuid } from "./bytes.ts";
import type { MlsDirect, MlsEvent, MlsUpstream } from "../api/wire.ts";
import type { Member, Output } from "./wasm/conclave_wasm.js";

/** Throws where the server's message is not in its form. */
export function tell(member: Member, now: number, message: MlsDirect | MlsEvent): void {
  if ("type" in message) tellDirect(member, now, message);
  else tellEvent(member, now, message);
}

function tellDirect(member: Member, now: number, message: MlsDirect): void {
  switch (message.type) {
    case "mls_slot":
      tellSlot(member, now, message);
      break;
    case "mls_refused":
      member.refused(now, message.reason);
      break;
    case "mls_heartbeat":
      member.heartbeat(now, fromBase64(message.bytes));
      break;
    case "mls_letter":
      member.letter(now, fromUuid(message.from), fromBase64(message.bytes));
      break;
  }
}

function tellSlot(member: Member, now: number, slot: MlsDirect & { type: "mls_slot" }): void {
  switch (slot.kind) {
    case "create":
      member.slotToCreate(now);
      break;
    case "join":
      member.slotToJoin(now, fromBase64(slot.group), BigInt(slot.epoch), fromBase64(slot.group_info));
      break;
    case "commit":
      member.slotToCommit(now, fromBase64(slot.group), BigInt(slot.epoch));
      break;
  }
}

function tellEvent(member: Member, now: number, event: MlsEvent): void {
  const group = fromBase64(event.group);
  switch (event.kind) {
    case "mls_commit":
      member.commit(now, group, BigInt(event.epoch), fromUuid(event.sender), fromBase64(event.commit));
      break;
    case "mls_removal":
      member.removal(now, group, BigInt(event.epoch), event.proposals.map(fromBase64));
      break;
    case "mls_all_processed":
      member.allProcessed(now, group, BigInt(event.epoch));
      break;
    case "mls_ended":
      member.ended(now, group);
      break;
  }
}

/** What goes to the server, of what a member wants done. */
export type Outgoing = Output & { kind: "send" | "broadcast" | "letter" };

export function write(output: Outgoing): MlsUpstream {
  switch (output.kind) {
    case "broadcast":
      return { type: "mls_heartbeat", bytes: toBase64(output.bytes) };
    case "letter":
      return { type: "mls_letter", to: toUuid(output.to), bytes: toBase64(output.bytes) };
    case "send":
      return writeSubmission(output);
  }
}

function writeSubmission(output: Output & { kind: "send" }): MlsUpstream {
  if (!("group" in output)) return { type: `mls_${output.message}` };
  const group = toBase64(output.group);
  if (output.message === "create") return { type: "mls_create", group, group_info: toBase64(output.groupInfo) };
  const epoch = Number(output.epoch);
  if (output.message !== "commit") return { type: `mls_${output.message}`, group, epoch };
  return {
    type: "mls_commit",
    group,
    epoch,
    ...(output.leaf === undefined ? {} : { leaf: output.leaf }),
    commit: toBase64(output.commit),
    group_info: toBase64(output.groupInfo),
  };
}
