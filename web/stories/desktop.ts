/** A desktop of its own with programs on it, and the hand of whoever sits there. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";

import { until } from "./stage.ts";

const run = promisify(execFile);

export interface Desktop {
  /** The person's own folder, and what the machine keeps for their session. */
  home: string;
  /** As `DISPLAY` has it. */
  display: string;
  /** Starts a program there; it ends with the desktop. */
  start(program: string, ...args: string[]): ChildProcess;
  /** Waits for a window of this title, and for it to be seen. */
  window(title: string, seconds?: number): Promise<string>;
  hasWindow(title: string): Promise<boolean>;
  /** Presses there, in pixels from the window's upper left corner. */
  click(window: string, x: number, y: number): Promise<void>;
  /** No window manager does it there. */
  focus(window: string): Promise<void>;
  press(keys: string): Promise<void>;
  /** Loads another keyboard layout, as a person does. */
  layOut(layout: string): Promise<void>;
  /** Onto the clipboard there. */
  copy(text: string): Promise<void>;
  /** What is on the clipboard there. */
  pasted(): Promise<string>;
  /** Into a PNG of the folder of STORY_SHOTS. */
  picture(name: string): Promise<void>;
  /** Every file and folder of the person's own folder, the session's and the one for what is temporary, with what is in it. */
  snapshot(): Promise<Snapshot>;
  /** It goes, and comes back: no program ends what it does, these included, and what is in the files is all that there is. */
  losePower(running: readonly { pid: number }[]): Promise<void>;
  close(): Promise<void>;
}

/** By the way to each, such as `home/letter`: the hash of what is in a file. */
export type Snapshot = ReadonlyMap<string, string>;

/** The ways to what came, went, or is another. */
export function changes(before: Snapshot, after: Snapshot): string[] {
  const ways = new Set([...before.keys(), ...after.keys()]);
  return [...ways].filter((way) => before.get(way) !== after.get(way)).toSorted();
}

export async function openDesktop(size = "1280x800"): Promise<Desktop> {
  const folder = await mkdtemp(join(tmpdir(), "conclave-desktop-"));
  const [home, runtime, temporary] = [join(folder, "home"), join(folder, "run"), join(folder, "tmp")];
  const places = [home, runtime, temporary];
  await Promise.all(places.map((place) => mkdir(place, { mode: 0o700 })));
  let [display, server] = await startDisplay(size);
  // Nothing of whoever runs the story.
  const env = { PATH: process.env["PATH"] ?? "/usr/bin", LANG: "C.UTF-8", DISPLAY: display, HOME: home, XDG_RUNTIME_DIR: runtime, TMPDIR: temporary };
  const programs: ChildProcess[] = [];
  const xdotool = async (...args: string[]): Promise<string> => (await run("xdotool", args, { env })).stdout.trim();
  const windows = (title: string): Promise<string> => xdotool("search", "--onlyvisible", "--name", `^${title}$`).catch(() => "");

  function start(program: string, ...args: string[]): ChildProcess {
    const stdio = process.env["STORY_LOG"] === undefined ? "ignore" : "inherit";
    const started = spawn(program, args, { env, stdio, cwd: home });
    programs.push(started);
    return started;
  }

  return {
    home,
    get display() {
      return display;
    },
    start,
    async window(title, seconds = 30) {
      const found = await until(`the window “${title}”`, () => windows(title), (seen) => seen !== "", seconds);
      return found.split("\n")[0] ?? "";
    },
    hasWindow: async (title) => (await windows(title)) !== "",
    async click(window, x, y) {
      await xdotool("mousemove", "--window", window, String(x), String(y));
      await xdotool("click", "1");
    },
    async focus(window) {
      await xdotool("windowfocus", "--sync", window);
    },
    async press(keys) {
      await xdotool("key", keys);
    },
    async layOut(layout) {
      await run("setxkbmap", [layout], { env });
    },
    async copy(text) {
      const copied = join(folder, "copied");
      await writeFile(copied, text);
      start("xclip", "-quiet", "-selection", "clipboard", "-in", copied);
    },
    async pasted() {
      const clipboard = run("xclip", ["-selection", "clipboard", "-out", "-target", "UTF8_STRING"], { env, timeout: 5_000 });
      return (await clipboard.catch(() => ({ stdout: "" }))).stdout;
    },
    async picture(name) {
      const shots = process.env["STORY_SHOTS"];
      if (shots !== undefined && existsSync("/usr/bin/import")) await run("import", ["-window", "root", join(shots, `${name}.png`)], { env });
    },
    async snapshot() {
      const all = await Promise.all(places.map((place) => readdir(place, { recursive: true, withFileTypes: true })));
      const entries = all.flat().map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return [relative(folder, path), entry.isFile() ? await hashOf(path) : "no file"] as const;
      });
      return new Map(await Promise.all(entries));
    },
    async losePower(running) {
      for (const { pid } of running) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It went with the one before.
        }
      }
      await Promise.all([...programs.splice(0), server].map((program) => end(program, "SIGKILL")));
      [display, server] = await startDisplay(size);
      env.DISPLAY = display;
    },
    async close() {
      await Promise.all([...programs.toReversed(), server].map((program) => end(program)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server says on which number it is. */
async function startDisplay(size: string): Promise<[string, ChildProcess]> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", `${size}x24`, "-nolisten", "tcp", "-noreset"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const said = server.stdio[3];
  if (said === null || said === undefined) throw new Error("Xvfb says nothing");
  const number = await new Promise<string>((resolve, reject) => {
    said.once("data", (bytes: Buffer) => resolve(bytes.toString().trim()));
    server.once("exit", () => reject(new Error("Xvfb did not start")));
  });
  return [`:${number}`, server];
}

/** A file may go between two looks. */
async function hashOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch(() => "gone");
  return createHash("sha256").update(bytes).digest("hex");
}

async function end(program: ChildProcess, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const gone = new Promise((resolve) => program.once("exit", resolve));
  program.kill(signal);
  await gone;
}
