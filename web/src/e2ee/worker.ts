/** The worker's entry: joins the page's orders and the browser's frames to the member. */

import type { Bytes } from "./bytes.ts";
import { browserCupboard } from "./cupboard.ts";
import { type EncodedFrame, type FramePath, Frames } from "./frames.ts";
import { browserHeads } from "./heads.ts";
import { Keeper } from "./keeper.ts";
import { Locked } from "./locked.ts";
import { MemberFrames } from "./member-frames.ts";
import type { Attachment, News, Order } from "./orders.ts";
import { VaultKeeper } from "./vault-keeper.ts";
import init, * as wasm from "./wasm/conclave_wasm.js";
import wasmUrl from "./wasm/conclave_wasm_bg.wasm?url";

/** What the page's types lack of a dedicated worker. */
interface WorkerScope {
  postMessage(news: News): void;
  close(): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Order>) => void): void;
  addEventListener(type: "rtctransform", listener: (event: { transformer: Transformer }) => void): void;
}

interface Transformer {
  readonly options: Attachment;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  generateKeyFrame?(): Promise<unknown>;
  sendKeyFrameRequest?(): Promise<unknown>;
}

interface Parts {
  keeper: Keeper;
  vault: VaultKeeper;
  keys: MemberFrames;
  frames: Frames;
  locked: Locked;
}

const scope = globalThis as unknown as WorkerScope;
const now = (): number => performance.timeOrigin + performance.now();
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const tell = (news: News): void => scope.postMessage(news);

async function start(): Promise<Parts> {
  const [cupboard, heads] = await Promise.all([browserCupboard(now), browserHeads(now), init({ module_or_path: wasmUrl })]);
  const keeper = new Keeper({
    module: wasm,
    cupboard,
    heads,
    news: tell,
    now,
    random,
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const locked = new Locked((participants) => tell({ news: "locked", participants }));
  const keys = new MemberFrames(keeper, wasm, locked, now);
  const vault = new VaultKeeper({ module: wasm, cupboard, heads, now, random });
  return { keeper, vault, keys, frames: new Frames(keys), locked };
}

async function follow(parts: Parts, order: Order): Promise<void> {
  switch (order.order) {
    case "pipe":
      void parts.frames.pipe(order.attachment, order);
      break;
    case "retarget":
      parts.frames.retarget(order.attachment);
      break;
    case "detach":
      detach(parts, order.id);
      break;
    case "seal":
      tell({ news: "answer", number: order.number, payload: parts.keys.sealMessage(order.label, order.topic, order.payload) });
      break;
    case "open":
      tell({ news: "answer", number: order.number, payload: parts.keys.openMessage(order.participant, order.label, order.topic, order.payload) });
      break;
    case "vault":
      tell({ news: "vault", number: order.number, answer: await parts.vault.answer(order.account, order.ask) });
      break;
    case "drops":
      tell({ news: "drops", drops: parts.keys.drops() });
      break;
    case "leave":
      await parts.keeper.follow(order);
      scope.close();
      break;
    default:
      await parts.keeper.follow(order);
  }
}

function detach({ frames, keys, locked }: Parts, id: number): void {
  const track = frames.detach(id);
  keys.ended(id);
  if (track?.side === "in" && !frames.has(track.participant)) locked.gone(track.participant);
}

function pathOf(transformer: Transformer): FramePath {
  const ask = transformer.options.side === "out" ? () => transformer.generateKeyFrame?.() : () => transformer.sendKeyFrameRequest?.();
  return {
    readable: transformer.readable,
    writable: transformer.writable,
    // One that can't be asked for at this moment comes by itself, later.
    askForKeyFrame: () => void ask()?.catch(() => {}),
  };
}

async function follows(before: Promise<unknown>, order: Order): Promise<void> {
  await before;
  await follow(await parts, order);
}

async function pass(transformer: Transformer): Promise<void> {
  const { frames } = await parts;
  await frames.pipe(transformer.options, pathOf(transformer));
}

const parts = start();
parts.catch(() => tell({ news: "standing", standing: { at: "failed" } }));

/** One order after the other: some wait for the browser's store. */
let last: Promise<unknown> = parts;
scope.addEventListener("message", ({ data }) => {
  last = follows(last, data).catch(() => {});
});
scope.addEventListener("rtctransform", ({ transformer }) => {
  pass(transformer).catch(() => {});
});
