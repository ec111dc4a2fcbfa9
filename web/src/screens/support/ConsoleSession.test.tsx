import { createHash } from "node:crypto";

import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { Downstream, SupportSession } from "../../api/wire.ts";
import { type CallMedia, type MediaHandlers, type MediaState, NO_MEDIA, SILENT } from "../../call/call-media.ts";
import { quietIntent } from "../../call/intent.ts";
import { Session } from "../../call/session.ts";
import { addTexts } from "../../i18n.ts";
import { support as texts } from "../../locales/support.ts";
import type { FromAgent } from "../../remote/words.ts";
import { Store } from "../../store.ts";
import { fakeCodec, fromJsonBytes, jsonBytes } from "../../test-remote.ts";
import { FakeKeyWorker } from "../../test-worker.ts";
import { testWorld } from "../../test-world.ts";
import { ConsoleSession } from "./ConsoleSession.tsx";

addTexts(texts);

const CODE = "123-456-789";
const tom = { participant: "tom", display_name: "Tom", role: "host", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const WELCOME = {
  type: "welcome",
  seq: 1,
  revision: 1,
  you: tom,
  admission: "admitted",
  meeting: { title: "Remote support", organisation: "018f3a5c-0000-7abc-8def-00112233ff00", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" },
  roster: [tom, bo],
  lobby: [],
} satisfies Downstream;
const own: SupportSession = {
  id: "s1",
  meeting: "m",
  code: CODE,
  technician: "a",
  technician_name: "Tom",
  opened_at: "2026-11-26T08:00:00Z",
  code_until: "2026-11-26T08:10:00Z",
  state: { state: "waiting" },
  terms: { permitted: ["view", "control", "file_out"], must_record: false, idle_minutes: 15, longest_minutes: 240, file_limit: { largest: 1, most: 1, programs: false } },
};

class FakeSocket extends EventTarget {
  send(): void {}
  close(): void {}
}

/** Connected at once, with the person at the computer there; remembers what was sent. */
class FakeMedia implements CallMedia {
  readonly state = new Store<MediaState>(NO_MEDIA);
  readonly handlers: MediaHandlers;
  readonly sent: unknown[] = [];

  constructor(handlers: MediaHandlers) {
    this.handlers = handlers;
  }
  connect(): Promise<void> {
    this.state.set({ ...NO_MEDIA, connection: "connected", people: new Map([["tom", SILENT], ["bo", SILENT]]) });
    return Promise.resolve();
  }
  setMicrophone = (on: boolean): Promise<boolean> => Promise.resolve(on);
  setCamera = (on: boolean): Promise<boolean> => Promise.resolve(on);
  setScreen = (on: boolean): Promise<boolean> => Promise.resolve(on);
  chooseDevice = (): Promise<void> => Promise.resolve();
  unblockSound = (): Promise<void> => Promise.resolve();
  disconnect = (): Promise<void> => Promise.resolve();
  send(_topic: string, payload: Uint8Array): Promise<void> {
    this.sent.push(fromJsonBytes(payload));
    return Promise.resolve();
  }
}

interface Scene {
  requests: string[];
  media: () => FakeMedia;
  agentSays: (message: FromAgent, topic?: string) => void;
  onBack: () => void;
}

async function open(answer: (call: string) => Response = () => Response.json({ revision: 2, ticket: "t" }), welcome: Downstream = WELCOME, heading = "Bo", isBack = false): Promise<Scene> {
  const requests: string[] = [];
  const socket = new FakeSocket();
  let media: FakeMedia | null = null;
  const api = new Api((input, init) => {
    requests.push(`${init?.method} ${String(input)}`);
    return Promise.resolve(answer(requests.at(-1) ?? ""));
  });
  const world = testWorld({ api, loadRemote: () => Promise.resolve(fakeCodec) });
  const session = new Session(
    {
      api,
      openSocket: () => socket,
      openDevices: world.openDevices,
      loadMedia: (handlers) => Promise.resolve((media = new FakeMedia(handlers))),
      canEncrypt: () => true,
      openWorker: () => new FakeKeyWorker(),
      now: () => 0,
      sleep: () => Promise.resolve(),
      onWake: () => () => {},
    },
    { meeting: "m", participant: "tom", credential: "c", name: "Tom", account: "a" },
    world.seats.secrets(CODE),
    quietIntent(),
    {},
  );
  const onBack = vi.fn();
  session.start();
  render(<ConsoleSession world={world} opened={{ code: CODE, own, session, isBack }} onAgain={() => {}} onBack={onBack} />);
  await act(async () => {
    socket.dispatchEvent(new Event("open"));
    socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(welcome) }));
  });
  const there = (): FakeMedia => {
    if (media === null) throw new Error("no media yet");
    return media;
  };
  await screen.findByRole("heading", { name: heading });
  const agentSays = (message: FromAgent, topic = "conclave.remote"): void => act(() => there().handlers.onMessage(topic, "bo", jsonBytes(message)));
  agentSays({ kind: "leads", transfer: 0 });
  return { requests, media: there, agentSays, onBack };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  // jsdom draws nothing.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

it("asks, shows what was permitted, and at the end says why it ended and what was permitted", async () => {
  const { requests, media, agentSays } = await open();
  const user = userEvent.setup();

  await user.click(screen.getByRole("button", { name: "Ask to see the screen" }));
  await waitFor(() => expect(media().sent.at(-1)).toEqual({ kind: "ask", capability: "view" }));
  agentSays({ kind: "answer", to: "view", answer: "granted", seconds: 600 });
  expect(await screen.findByRole("button", { name: "Stop seeing the screen" })).toBeTruthy();

  agentSays({ kind: "ended", reason: "stopped" });
  expect(await screen.findByText("The person at the computer stopped it.")).toBeTruthy();
  expect(screen.getByText("See the screen")).toBeTruthy();
  expect(screen.getByText("Bo")).toBeTruthy();
  expect(screen.getByText(/^What was said and shown is kept nowhere\./)).toBeTruthy();
  await waitFor(() => expect(requests).toContain("POST /api/v1/support/sessions/s1/end"));
});

it("says at the end of a session that was recorded that it is kept", async () => {
  const { agentSays } = await open();
  agentSays({ kind: "answer", to: "recording", answer: "granted", seconds: 600 });

  agentSays({ kind: "ended", reason: "stopped" });

  expect(await screen.findByText(/^It was recorded: your organisation keeps what was said and shown/)).toBeTruthy();
  expect(screen.queryByText(/kept nowhere/)).toBeNull();
});

/** Of an organisation that keeps every session. */
const KEPT = { ...WELCOME, meeting: { ...WELCOME.meeting, data_mode: "archive" as const } };

it("says that nothing is kept where the person said no to recording, to whom nothing else was permitted either", async () => {
  const { agentSays } = await open(undefined, KEPT);
  agentSays({ kind: "answer", to: "recording", answer: "denied" });

  agentSays({ kind: "ended", reason: "refused" });

  expect(await screen.findByText(/^What was said and shown is kept nowhere\./)).toBeTruthy();
  expect(screen.queryByText(/recorded/)).toBeNull();
});

it("says of a recording that the server did not keep neither that it is kept nor that nothing is", async () => {
  const { agentSays } = await open(undefined, KEPT);
  agentSays({ kind: "answer", to: "recording", answer: "granted", seconds: 600 });

  agentSays({ kind: "ended", reason: "not_kept" });

  expect(await screen.findByText(/the server did not keep this one/)).toBeTruthy();
  expect(screen.queryByText(/^It was recorded|kept nowhere/)).toBeNull();
});

it.each([
  ["a colleague who watched, and was told of no permission", false],
  ["a page that was loaded again, and knows nothing of what was before", true],
])("says that whatever there was is kept to %s", async (_, isBack) => {
  const { agentSays } = await open(undefined, KEPT, "Bo", isBack);
  if (!isBack) agentSays({ kind: "watches" });

  agentSays({ kind: "ended", reason: "stopped" });

  expect(await screen.findByText(/^Whatever was said and shown was recorded, and your organisation keeps it/)).toBeTruthy();
  expect(screen.queryByText(/kept nowhere/)).toBeNull();
});

it("takes a computer that is gone for lost, and not for one that never came, when the page is loaded again", async () => {
  await open(undefined, { ...WELCOME, roster: [tom] }, CODE);
  expect(screen.getByText("Nobody is there yet")).toBeTruthy();
  cleanup();
  await open();
  cleanup();

  await open(undefined, { ...WELCOME, roster: [tom] }, CODE);

  expect(screen.getByText("Connection lost")).toBeTruthy();
});

it("tells the server now and then that somebody works here, who would be signed out for doing nothing", async () => {
  const { requests } = await open();
  const told = (): number => requests.filter((call) => call === "GET /api/v1/account/sessions").length;
  const later = Date.now() + 60_000;
  fireEvent.pointerDown(document.body);
  expect(told()).toBe(0);
  const clock = vi.spyOn(Date, "now").mockReturnValue(later);
  for (let count = 0; count < 3; count += 1) fireEvent.keyDown(document.body, { key: "a" });
  clock.mockRestore();

  expect(told()).toBe(1);
});

it("offers at the end what came from the computer and was not saved", async () => {
  const { agentSays } = await open();
  const bytes = Uint8Array.of(1, 2, 3);
  const sha256 = Uint8Array.from(createHash("sha256").update(bytes).digest());
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Files" }));
  await user.click(screen.getByRole("button", { name: "Ask for a file" }));
  agentSays({ kind: "offer_file", transfer: 0, name: "b.log", size: 3, sha256 });
  agentSays({ kind: "chunk", transfer: 0, offset: 0, bytes }, "conclave.file");
  agentSays({ kind: "file_ended", transfer: 0, outcome: "complete" });

  agentSays({ kind: "ended", reason: "stopped" });

  expect(await screen.findByRole("button", { name: "Save b.log" })).toBeTruthy();
});

it("shows at the end what the technician wrote down, to be copied, and sends it to nobody", async () => {
  const { requests, media, agentSays } = await open();
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Notes" }));
  await user.type(screen.getByLabelText("Your notes on this session"), "Printer: new driver");

  agentSays({ kind: "ended", reason: "stopped" });

  expect(await screen.findByText("Printer: new driver")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Copy the notes" }));
  expect(await screen.findByText("The notes are copied.")).toBeTruthy();
  expect(JSON.stringify([requests, media().sent])).not.toContain("Printer");
});

it("says its last word before it ends the session at the server", async () => {
  const { requests, media } = await open();
  const user = userEvent.setup();

  await user.click(screen.getByRole("button", { name: "End" }));
  await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "End the session" }));

  expect(await screen.findByText("You ended it.")).toBeTruthy();
  await waitFor(() => expect(requests).toContain("POST /api/v1/support/sessions/s1/end"));
  expect(media().sent.at(-1)).toEqual({ kind: "leave" });
});

it("tries again where the server could not be told of the end, and takes that it knows for done", async () => {
  let status = 503;
  const { requests, agentSays } = await open((call) =>
    call.endsWith("/support/sessions/s1/end") ? Response.json({ code: status === 503 ? "busy" : "meeting_ended" }, { status }) : Response.json({ revision: 2, ticket: "t" }),
  );
  agentSays({ kind: "ended", reason: "idle" });
  expect(await screen.findByText("Nothing happened for too long.")).toBeTruthy();
  await screen.findByText(/too much to do/);
  status = 410;

  await userEvent.setup().click(screen.getByRole("button", { name: "Try again" }));

  await waitFor(() => expect(screen.queryByText(/too much to do/)).toBeNull());
  expect(requests.filter((call) => call.endsWith("/end"))).toHaveLength(2);
});
