/** A desktop of its own with programs on it, and the hand of whoever sits there. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { until } from "./stage.ts";

const run = promisify(execFile);

export interface Desktop {
  /** The person's own folder, and what the machine keeps for their session. */
  home: string;
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
  /** Into a PNG of the folder of STORY_SHOTS. */
  picture(name: string): Promise<void>;
  /** Every file that is there, by its way. */
  files(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openDesktop(size = "1280x800"): Promise<Desktop> {
  const folder = await mkdtemp(join(tmpdir(), "conclave-desktop-"));
  const [home, runtime] = [join(folder, "home"), join(folder, "run")];
  await mkdir(home, { mode: 0o700 });
  await mkdir(runtime, { mode: 0o700 });
  const [display, server] = await startDisplay(size);
  // Nothing of whoever runs the story.
  const env = { PATH: process.env["PATH"] ?? "/usr/bin", LANG: "C.UTF-8", DISPLAY: display, HOME: home, XDG_RUNTIME_DIR: runtime };
  const programs: ChildProcess[] = [];
  const xdotool = async (...args: string[]): Promise<string> => (await run("xdotool", args, { env })).stdout.trim();
  const windows = (title: string): Promise<string> => xdotool("search", "--onlyvisible", "--name", `^${title}$`).catch(() => "");

  return {
    home,
    start(program, ...args) {
      const stdio = process.env["STORY_LOG"] === undefined ? "ignore" : "inherit";
      const started = spawn(program, args, { env, stdio, cwd: home });
      programs.push(started);
      return started;
    },
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
    async picture(name) {
      const shots = process.env["STORY_SHOTS"];
      if (shots !== undefined && existsSync("/usr/bin/import")) await run("import", ["-window", "root", join(shots, `${name}.png`)], { env });
    },
    async files() {
      const all = await Promise.all([home, runtime].map((top) => readdir(top, { recursive: true })));
      return all.flat().toSorted();
    },
    async close() {
      await Promise.all([...programs.toReversed(), server].map(end));
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

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const gone = new Promise((resolve) => program.once("exit", resolve));
  program.kill();
  await gone;
}
