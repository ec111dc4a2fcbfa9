/**
 * What encryption costs in the worker of each browser: sealing and opening frames, beside the browser's own AES-GCM; and
 * commits in large groups. Prints it; judges nothing.
 *
 * `npm run bench:keys [-- -t frames]`, with the built WebAssembly; needs no server. Times are of one thread, in a row: on a
 * machine that does something else too, they are upper bounds.
 */

/* oxlint-disable unicorn/consistent-function-scoping -- what runs in a worker takes its helpers along */

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { loadavg } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import type * as Wasm from "../src/e2ee/wasm/conclave_wasm.js";
import { openFirefox } from "./firefox.ts";
import type { Viewer } from "./viewer.ts";

type Module = typeof Wasm;

const BUILT = join(import.meta.dirname, "..", "src", "e2ee", "wasm");
const SIZES = [10, 100, 300];
/** Browsers tell the time more exactly to pages that are alone in their process. */
const ALONE = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

let site: Server;
let url: string;
let close: (() => Promise<void>)[] = [];

beforeAll(async () => {
  site = createServer((request, response) => {
    const path = request.url ?? "/";
    serve(path).then(
      ([type, body]) => response.writeHead(200, { "content-type": type, ...ALONE }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const address = site.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
});
afterAll(async () => {
  await Promise.all(close.map((end) => end()));
  site.close();
});

test("frames in Chromium", async () => frames("Chromium", await inChromium()));
test("frames in Firefox", async () => frames("Firefox", await inFirefox()));
for (const size of SIZES) {
  test(`groups of ${size} in Chromium`, async () => {
    const measured = await run(await inChromium(), `groups.js?${size}`);
    print(`${size} members, load ${load()}: ${measured}`);
  });
}

async function frames(browser: string, viewer: Viewer): Promise<void> {
  const measured = await run(viewer, "frames.js");
  print(`${browser}, load ${load()}\n${measured}`);
}

/** Of the machine, over the last minute. */
function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

async function serve(path: string): Promise<[type: string, body: string | Buffer]> {
  if (path === "/") return ["text/html", "<!doctype html><title>Keys</title>"];
  if (path === "/keys.js") return ["text/javascript", await readFile(join(BUILT, "conclave_wasm.js"), "utf8")];
  if (path === "/conclave_wasm_bg.wasm") return ["application/wasm", await readFile(join(BUILT, "conclave_wasm_bg.wasm"))];
  if (path === "/frames.js") return ["text/javascript", worker(measureFrames)];
  if (path.startsWith("/groups.js")) return ["text/javascript", worker(measureGroup)];
  throw new Error("there is no such file");
}

/** A module that runs the function with ours. */
function worker(measure: (wasm: Module) => Promise<string>): string {
  return `import init, * as wasm from "/keys.js"; await init({ module_or_path: "/conclave_wasm_bg.wasm" }); postMessage(await (${measure.toString()})(wasm));`;
}

async function inChromium(): Promise<Viewer> {
  const browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  close = [...close, () => browser.close()];
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

async function inFirefox(): Promise<Viewer> {
  const firefox = await openFirefox();
  close = [...close, () => firefox.close()];
  const page = await firefox.page();
  await page.goto(url);
  return page;
}

/** What the worker has to say. */
async function run(viewer: Viewer, script: string): Promise<string> {
  const start = Function(`return new Promise((resolve, reject) => {
    const worker = new Worker("/${script}", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });`) as () => Promise<string>;
  return await viewer.evaluate(start);
}

/** Runs in the worker. Two members, and a clock that stands still. */
async function measureFrames(wasm: Module): Promise<string> {
  const { Codec, DeviceKeys, Member, Source, TrackKind, Vault } = wasm;
  let now = 1_764_000_000_000;
  const bytes = (length: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(value);
  const keys = DeviceKeys.generate(bytes(32, 1));
  Vault.found(keys, bytes(16, 9), "Host", now / 1_000, bytes(32, 5)).free();
  const terms = {
    meeting: bytes(16, 1),
    organisation: bytes(16, 2),
    dataMode: 0,
    hostAccounts: [keys.accountKey ?? bytes(32, 0)],
    signed: false,
    externalSenderKey: DeviceKeys.generate(bytes(32, 3)).deviceKey,
    externalSenderIdentity: bytes(8, 4),
  };
  const member = (number: number, own: Wasm.DeviceKeys, account?: Uint8Array): Wasm.Member =>
    new Member(terms, bytes(32, 7), { participant: bytes(16, number), displayName: `Person ${number}`, account }, own, bytes(32, 10 + number));
  const people = [member(1, keys, bytes(16, 9)), member(2, DeviceKeys.generate(bytes(32, 2)))];
  const [ann, bob] = people as [Wasm.Member, Wasm.Member];
  let group = new Uint8Array();
  let groupInfo = new Uint8Array();

  function settle(): void {
    for (const one of people) {
      for (let output = one.poll(); output.kind !== "wait"; output = one.poll()) {
        const others = people.filter((other) => other !== one);
        if (output.kind === "broadcast") for (const other of others) other.heartbeat(now, output.bytes);
        if (output.kind !== "send") continue;
        if (output.message === "create") [group, groupInfo] = [output.group as Uint8Array<ArrayBuffer>, output.groupInfo as Uint8Array<ArrayBuffer>];
        if (output.message === "commit") for (const other of people) other.commit(now, group, 0n, bytes(16, 2), output.commit);
      }
    }
  }
  ann.enter(now);
  ann.slotToCreate(now);
  settle();
  bob.enter(now);
  bob.slotToJoin(now, group, 0n, groupInfo);
  for (let step = 0; step < 20; step += 1) {
    settle();
    now += 250;
    for (const one of people) one.timeout(now);
  }
  settle();

  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const lines: string[] = [];
  for (const [what, codec, size] of [
    ["audio, 120 B", Codec.Opus, 120],
    ["video, 1.2 kB", Codec.Vp9, 1_200],
    ["video, 20 kB", Codec.Vp9, 20_000],
  ] as const) {
    const track = ann.addTrack(TrackKind.Camera, codec, what);
    const source = new Source(bytes(16, 1), TrackKind.Camera, codec, what);
    const frame = crypto.getRandomValues(bytes(size, 0));
    const times: Record<string, number[]> = { seal: [], open: [], encrypt: [], decrypt: [] };
    const BATCH = 100;
    for (let round = 0; round < 40; round += 1) {
      const sealed: Uint8Array[] = [];
      let start = performance.now();
      for (let count = 0; count < BATCH; count += 1) sealed.push(ann.sealFrame(now, track, frame));
      times["seal"]?.push(performance.now() - start);
      start = performance.now();
      for (const one of sealed) if (bob.openFrame(now, source, one) === undefined) throw new Error("a frame did not open");
      times["open"]?.push(performance.now() - start);
      const encrypted: ArrayBuffer[] = [];
      const iv = new Uint8Array(12);
      start = performance.now();
      for (let count = 0; count < BATCH; count += 1) {
        iv[0] = count;
        encrypted.push(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, frame));
      }
      times["encrypt"]?.push(performance.now() - start);
      start = performance.now();
      for (const [count, one] of encrypted.entries()) {
        iv[0] = count;
        await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, one);
      }
      times["decrypt"]?.push(performance.now() - start);
    }
    const of = (name: string): string => {
      const sorted = (times[name] ?? []).slice(10).toSorted((a, b) => a - b);
      return `${((1_000 * (sorted[Math.floor(sorted.length / 2)] ?? 0)) / BATCH).toFixed(1)} µs`;
    };
    lines.push(`${what}: sealed in ${of("seal")}, opened in ${of("open")}; WebCrypto encrypts in ${of("encrypt")}, decrypts in ${of("decrypt")}`);
  }
  return lines.join("\n");
}

/** Runs in the worker: of as many members as its address says, a host and one more stay in it; the last ones are measured. */
async function measureGroup(wasm: Module): Promise<string> {
  const { DeviceKeys, Member, Vault } = wasm;
  const now = 1_764_000_000_000;
  const members = Number(location.search.slice(1));
  const samples = Math.min(20, members - 2);
  const bytes = (length: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(value);
  const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
  const hostKeys = DeviceKeys.generate(random(32));
  Vault.found(hostKeys, bytes(16, 9), "Host", now / 1_000, random(32)).free();
  const terms = {
    meeting: bytes(16, 1),
    organisation: bytes(16, 2),
    dataMode: 0,
    hostAccounts: [hostKeys.accountKey ?? bytes(32, 0)],
    signed: false,
    externalSenderKey: DeviceKeys.generate(random(32)).deviceKey,
    externalSenderIdentity: bytes(8, 4),
  };
  const open = (participant: Uint8Array, keys = DeviceKeys.generate(random(32)), account?: Uint8Array): Wasm.Member => {
    const one = new Member(terms, bytes(32, 7), { participant, displayName: "Somebody", account }, keys, random(32));
    one.enter(now);
    sent(one);
    return one;
  };
  type Sent = Extract<Wasm.Output, { kind: "send" }>;
  function sent(one: Wasm.Member): Sent[] {
    const all: Sent[] = [];
    for (let output = one.poll(); output.kind !== "wait"; output = one.poll()) if (output.kind === "send") all.push(output);
    return all;
  }
  const times: Record<string, number[]> = { join: [], "follow a join": [], "put somebody out": [], "follow that": [] };
  let isMeasured = false;
  function timed<T>(what: string, act: () => T): T {
    const start = performance.now();
    const result = act();
    if (isMeasured) times[what]?.push(performance.now() - start);
    return result;
  }

  const hostId = random(16);
  const host = open(hostId, hostKeys, bytes(16, 9));
  host.slotToCreate(now);
  const created = sent(host).find((message) => message.message === "create");
  if (created?.message !== "create") throw new Error("no group");
  const { group } = created;
  let [epoch, info] = [0n, created.groupInfo];
  let witness: Wasm.Member | undefined;
  const inside: Uint8Array[] = [];

  function deliver(commit: Sent | undefined, sender: Uint8Array, what: string): void {
    if (commit?.message !== "commit") throw new Error("no commit");
    const follow = (one: Wasm.Member): void => {
      one.commit(now, group, epoch, sender, commit.commit);
      sent(one);
    };
    follow(host);
    const watching = witness;
    if (watching !== undefined) timed(what, () => follow(watching));
    [epoch, info] = [epoch + 1n, commit.groupInfo];
  }
  for (let count = 1; count < members; count += 1) {
    isMeasured = count >= members - samples;
    const participant = random(16);
    const one = open(participant);
    const messages = timed("join", () => {
      one.slotToJoin(now, group, epoch, info);
      return sent(one);
    });
    const commit = messages.find((message) => message.message === "commit");
    deliver(commit, participant, "follow a join");
    if (witness === undefined) {
      if (commit?.message === "commit") one.commit(now, group, 0n, participant, commit.commit);
      sent(one);
      witness = one;
    } else {
      one.free();
      inside.push(participant);
    }
  }
  for (let count = 0; count < samples; count += 1) {
    const gone = inside.pop();
    const leaf = host.roster().find(({ participant }) => participant.join() === gone?.join());
    if (leaf === undefined) throw new Error("somebody is missing");
    host.expel(now, leaf.signatureKey);
    sent(host);
    const messages = timed("put somebody out", () => {
      host.slotToCommit(now, group, epoch);
      return sent(host);
    });
    deliver(messages.find((message) => message.message === "commit"), hostId, "follow that");
  }
  const spread = (values: number[]): string => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(0);
    return `${at(0.5)} ms (p95 ${at(0.95)}, least ${sorted[0]?.toFixed(0)})`;
  };
  const shown = Object.entries(times).map(([what, values]) => `to ${what} ${spread(values)}`);
  return `group info ${Math.round(info.length / 1_000)} kB, ${shown.join(", ")}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
