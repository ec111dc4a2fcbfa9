/** Somebody with the native client, in a process of their own that a story directs. */

import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import type { Drops } from "../src/e2ee/orders.ts";
import type { Stage } from "./stage.ts";

export interface Part {
  name: string;
  /** A link, or the name of a developer's room; a stranger and a tap use the link's code alone. */
  role: { member: string } | { stranger: string } | { tap: string } | { developer: string };
  camera?: { recording: string; width: number; height: number; frames_per_second: number };
  microphone?: string;
}

type Cue =
  | { say: { topic: string; text: string } }
  /** 0 is low, 2 is high. */
  | { quality: { track: string; quality: number } }
  /** Writes the last frames into a file. */
  | { write: { track: string; recording: string } };

export interface Track {
  track: string;
  /** Participant. */
  from: string | null;
  /** LiveKit's name of it. */
  source: "CAMERA" | "MICROPHONE" | "SCREEN_SHARE" | "SCREEN_SHARE_AUDIO" | null;
  mime: string | null;
  /** Opened, and complete. */
  frames: number;
  key_frames: number;
  unopened: number;
  undecodable: number;
  packets: number;
  width: number;
  height: number;
}

export interface Report {
  tracks: Track[];
  unopened_messages: number;
  /** Who they are in a meeting. */
  participant?: string;
  heard: { from: string; length: number; text: string }[];
  encryption?: { epoch: number | null; code: string | null; drops: Drops };
}

export interface Guest {
  /** What has reached them; empty before they are in. */
  report(): Report;
  tell(cue: Cue): void;
  close(): Promise<void>;
}

const NOTHING: Report = { tracks: [], unopened_messages: 0, heard: [] };

export function openGuest(stage: Stage, part: Part): Guest {
  const program = join(dirname(process.env["CONCLAVE_BIN"] ?? ""), "conclave-guest");
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const exit = new Promise((resolve) => child.once("exit", resolve));
  let last = NOTHING;
  let isOver = false;
  child.once("exit", () => (isOver = true));
  createInterface(child.stdout).on("line", (line) => (last = JSON.parse(line) as Report));
  const write = (line: unknown): void => void child.stdin.write(`${JSON.stringify(line)}\n`);
  write({ server: `127.0.0.1:${stage.line.port}`, ...part });
  return {
    report() {
      if (isOver) throw new Error(`${part.name} has ended`);
      return last;
    },
    tell: write,
    async close() {
      await ended(child, exit);
    },
  };
}

/** They leave when nobody directs them any more. */
async function ended(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill(), 5_000);
  await exit;
  clearTimeout(timer);
}
