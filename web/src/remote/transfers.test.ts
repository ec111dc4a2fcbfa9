import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { fakeCodec, settled } from "../test-remote.ts";
import { LARGEST_FILE, MOST_FILES, MOST_OPEN, Transfers } from "./transfers.ts";
import { type FromTechnician, LARGEST_CHUNK } from "./words.ts";

interface Scene {
  transfers: Transfers;
  said: FromTechnician[];
  cut(isCut: boolean): void;
}

function scene(): Scene {
  const said: FromTechnician[] = [];
  let isCut = false;
  const say = (message: FromTechnician): boolean => {
    const isPlain = message.kind !== "offer_file" || message.name !== "CON";
    if (isPlain && !isCut) said.push(message);
    return isPlain && !isCut;
  };
  return { transfers: new Transfers({ codec: fakeCodec, say, rest: () => Promise.resolve() }), said, cut: (cut) => void (isCut = cut) };
}

const bytesOf = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, index) => index % 251);
const hashOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(bytes).digest());

async function offered(bytes: Uint8Array<ArrayBuffer>): Promise<Scene> {
  const made = scene();
  await made.transfers.send(new File([bytes], "report.pdf"));
  return made;
}

/** One that the person at the computer picked. */
function coming(size: number, sha256: Uint8Array): Scene {
  const made = scene();
  made.transfers.ask();
  made.transfers.offered({ kind: "offer_file", transfer: 0, name: "log.txt", size, sha256 });
  return made;
}

const only = ({ transfers }: Scene): { state: string; done: number; content: Blob | null } => {
  const [file, ...others] = transfers.files.get();
  expect(others).toEqual([]);
  return { state: file?.state ?? "", done: file?.done ?? -1, content: file?.content ?? null };
};

describe("a file for the computer", () => {
  it("is promised with its hash, and goes piece by piece as it is asked for", async () => {
    const bytes = bytesOf(LARGEST_CHUNK + 10);
    const made = await offered(bytes);
    expect(made.said).toEqual([{ kind: "offer_file", transfer: 0, name: "report.pdf", size: bytes.length, sha256: hashOf(bytes) }]);
    await made.transfers.fetched({ kind: "fetch", transfer: 0, offset: 0 });
    expect(only(made)).toMatchObject({ state: "moving", done: LARGEST_CHUNK });
    await made.transfers.fetched({ kind: "fetch", transfer: 0, offset: LARGEST_CHUNK });
    expect(only(made)).toMatchObject({ state: "checking", done: bytes.length });
    made.transfers.ended({ kind: "file_ended", transfer: 0, outcome: "complete" });

    const chunks = made.said.filter((message) => message.kind === "chunk");
    expect(chunks.map(({ offset }) => offset)).toEqual([0, LARGEST_CHUNK]);
    expect(chunks.flatMap((chunk) => [...chunk.bytes])).toEqual([...bytes]);
    expect(only(made)).toMatchObject({ state: "complete", content: null });
  });

  it("goes on from wherever the computer has it", async () => {
    const made = await offered(bytesOf(100));
    await made.transfers.fetched({ kind: "fetch", transfer: 0, offset: 40 });

    expect(made.said.at(-1)).toEqual({ kind: "chunk", transfer: 0, offset: 40, bytes: bytesOf(100).slice(40) });
  });

  it("goes on with the piece that did not go while the connection was lost", async () => {
    const made = await offered(bytesOf(100));
    made.cut(true);
    await made.transfers.fetched({ kind: "fetch", transfer: 0, offset: 0 });
    expect(made.said.map(({ kind }) => kind)).toEqual(["offer_file"]);
    made.cut(false);
    made.transfers.resume();
    await settled();

    expect(made.said.at(-1)).toEqual({ kind: "chunk", transfer: 0, offset: 0, bytes: bytesOf(100) });
  });

  it("with a name that is none is not offered", async () => {
    const made = scene();
    await made.transfers.send(new File(["x"], "CON"));

    expect(made.said).toEqual([]);
    expect(only(made).state).toBe("not_permitted");
  });

  it("waits until the person has said what becomes of the one before", async () => {
    const made = await offered(bytesOf(100));
    const second = made.transfers.send(new File([bytesOf(10)], "b"));
    await settled();
    expect(made.said.map(({ kind }) => kind)).toEqual(["offer_file"]);
    made.transfers.ended({ kind: "file_ended", transfer: 0, outcome: "denied" });
    await second;

    expect(made.said.map((message) => message.kind === "offer_file" && message.transfer)).toEqual([0, 1]);
  });

  it("that was given up is not read any more", async () => {
    const made = await offered(bytesOf(100));
    made.transfers.cancel(0);
    await made.transfers.fetched({ kind: "fetch", transfer: 0, offset: 0 });

    expect(made.said.map(({ kind }) => kind)).toEqual(["offer_file", "cancel_file"]);
    expect(only(made).state).toBe("cancelled");
  });

  it("that is given up before it was offered is not offered", async () => {
    const made = scene();
    const sent = made.transfers.send(new File([bytesOf(100)], "a"));
    made.transfers.cancel(made.transfers.files.get()[0]?.id ?? 0);
    await sent;

    expect(made.said).toEqual([]);
  });
});

describe("a file of the computer's", () => {
  it("is asked for piece by piece, and given out once it is what was promised", async () => {
    const bytes = bytesOf(50);
    const made = coming(50, hashOf(bytes));
    made.transfers.received({ kind: "chunk", transfer: 0, offset: 0, bytes: bytes.slice(0, 20) });
    expect(only(made)).toMatchObject({ state: "moving", done: 20, content: null });
    made.transfers.received({ kind: "chunk", transfer: 0, offset: 20, bytes: bytes.slice(20) });
    expect(only(made)).toMatchObject({ state: "checking", content: null });
    made.transfers.ended({ kind: "file_ended", transfer: 0, outcome: "complete" });

    const { state, content } = only(made);
    expect(state).toBe("complete");
    expect([...new Uint8Array((await content?.arrayBuffer()) ?? new ArrayBuffer())]).toEqual([...bytes]);
    expect(made.said.filter((message) => message.kind === "fetch").map(({ offset }) => offset)).toEqual([0, 20, 50]);
  });

  it("with other bytes than were promised is none", () => {
    const made = coming(5, hashOf(bytesOf(6)));
    made.transfers.received({ kind: "chunk", transfer: 0, offset: 0, bytes: bytesOf(5) });

    expect(only(made)).toMatchObject({ state: "damaged", content: null });
    expect(made.said.at(-1)).toEqual({ kind: "cancel_file", transfer: 0 });
  });

  it("with more bytes than were promised is none", () => {
    const made = coming(5, hashOf(bytesOf(6)));
    made.transfers.received({ kind: "chunk", transfer: 0, offset: 0, bytes: bytesOf(6) });

    expect(only(made).state).toBe("damaged");
  });

  it("that is called complete before it is here is none", () => {
    const made = coming(5, hashOf(bytesOf(5)));
    made.transfers.ended({ kind: "file_ended", transfer: 0, outcome: "complete" });

    expect(only(made)).toMatchObject({ state: "damaged", content: null });
  });

  it("that is empty is whole at once", () => {
    const made = coming(0, hashOf(bytesOf(0)));
    made.transfers.ended({ kind: "file_ended", transfer: 0, outcome: "complete" });

    expect(only(made)).toMatchObject({ state: "complete" });
    expect(only(made).content?.size).toBe(0);
  });

  it("that is too large for this page is given up", () => {
    const made = coming(LARGEST_FILE + 1, hashOf(bytesOf(0)));

    expect(only(made).state).toBe("not_permitted");
    expect(made.said.at(-1)?.kind).toBe("cancel_file");
  });

  it("goes on where it stopped, and a piece that was not asked for changes nothing", () => {
    const made = coming(50, hashOf(bytesOf(50)));
    made.transfers.received({ kind: "chunk", transfer: 0, offset: 0, bytes: bytesOf(20) });
    made.transfers.received({ kind: "chunk", transfer: 0, offset: 0, bytes: bytesOf(20) });
    made.transfers.resume();

    expect(only(made).done).toBe(20);
    expect(made.said.at(-1)).toEqual({ kind: "fetch", transfer: 0, offset: 20 });
  });

  it("that nobody asked for is not taken", () => {
    const made = scene();
    made.transfers.offered({ kind: "offer_file", transfer: 3, name: "x", size: 1, sha256: hashOf(bytesOf(1)) });

    expect(made.said).toEqual([]);
    expect(made.transfers.files.get()).toEqual([]);
  });
});

describe("the list of files", () => {
  it("has a few under way, and no more", () => {
    const { transfers, said } = scene();
    for (let count = 0; count < MOST_OPEN + 1; count += 1) transfers.ask();

    expect(said).toHaveLength(MOST_OPEN);
  });

  it("forgets the oldest that is over", () => {
    const { transfers } = scene();
    for (let transfer = 0; transfer <= MOST_FILES; transfer += 1) {
      transfers.ask();
      transfers.ended({ kind: "file_ended", transfer, outcome: "denied" });
    }

    expect(transfers.files.get()).toHaveLength(MOST_FILES);
    expect(transfers.files.get()[0]?.id).toBe(1);
  });

  it("ends with the session", async () => {
    const { transfers } = await offered(bytesOf(10));
    transfers.ask();
    transfers.cancelAll();
    await settled();

    expect(transfers.files.get().map(({ state }) => state)).toEqual(["cancelled", "cancelled"]);
  });
});
