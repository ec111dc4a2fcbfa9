/** A page of any browser, as far as what it receives and what its worker drops are concerned. */

import type { Drops, Order } from "../src/e2ee/orders.ts";

export interface Viewer {
  evaluate<T>(run: () => Promise<T>): Promise<T>;
}

export interface Stream {
  kind: "audio" | "video";
  /** Of the codec, in lower case: `video/vp8`. */
  mime: string;
  pictures: number;
  width: number;
  /** Of sound. */
  energy: number;
}

export interface Alarm {
  what: string;
  participant: string | null;
}

/** Runs in the page before its own scripts: keeps its workers for `dropsOf`, and what alarms them for `alarmsOf`. */
export function rememberWorkers(): void {
  const kept: Worker[] = [];
  const keptAlarms: Alarm[] = [];
  Object.assign(globalThis, { keptWorkers: kept, keptAlarms });
  const Original = Worker;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      kept.push(this);
      this.addEventListener("message", ({ data }: MessageEvent<Alarm & { news: string }>) => {
        if (data.news === "alarm") keptAlarms.push(data);
      });
    }
  };
}

/** What comes to a page that keeps its connections. */
export function streamsOf(viewer: Viewer): Promise<Stream[]> {
  return viewer.evaluate(streams);
}

/** What the worker of a page did not open since it entered the group; `null` outside of one. */
export function dropsOf(viewer: Viewer): Promise<Drops | null> {
  return viewer.evaluate(drops);
}

/** Of a page's worker, since the page was opened. */
export function alarmsOf(viewer: Viewer): Promise<Alarm[]> {
  return viewer.evaluate(alarms);
}

/** Runs in the page. */
async function alarms(): Promise<Alarm[]> {
  return (globalThis as unknown as { keptAlarms: Alarm[] }).keptAlarms;
}

/** Runs in the page. */
async function streams(): Promise<Stream[]> {
  const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
  const open = keptConnections.filter(({ connectionState }) => connectionState !== "closed");
  const reports = await Promise.all(open.map((connection) => connection.getStats()));
  return reports.flatMap((report) => {
    const entries = new Map<string, Record<string, string & number>>();
    report.forEach((entry: Record<string, string & number>, id) => entries.set(id, entry));
    const incoming = [...entries.values()].filter((entry) => entry["type"] === "inbound-rtp");
    return incoming.map((entry) => ({
      kind: entry["kind"] as unknown as "audio" | "video",
      mime: String(entries.get(entry["codecId"] ?? "")?.["mimeType"] ?? "").toLowerCase(),
      pictures: entry["framesDecoded"] ?? 0,
      width: entry["frameWidth"] ?? 0,
      energy: entry["totalAudioEnergy"] ?? 0,
    }));
  });
}

/** Runs in the page. */
function drops(): Promise<Drops | null> {
  const { keptWorkers } = globalThis as unknown as { keptWorkers: Worker[] };
  return new Promise((resolve) => {
    for (const worker of keptWorkers) {
      worker.addEventListener("message", ({ data }: MessageEvent<{ news: string; drops: Drops | null }>) => {
        if (data.news === "drops" && data.drops !== null) resolve(data.drops);
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
      worker.postMessage({ order: "drops" } satisfies Order);
    }
    setTimeout(() => resolve(null), 30_000);
  });
}
