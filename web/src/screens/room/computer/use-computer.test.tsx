import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import type { JSX } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { RosterEntry } from "../../../api/wire.ts";
import { type MediaState, NO_MEDIA, SILENT } from "../../../call/call-media.ts";
import type { MeetingState } from "../../../call/meeting-state.ts";
import type { PacketListener } from "../../../call/packets.ts";
import type { Session } from "../../../call/session.ts";
import type { World } from "../../../call/world.ts";
import type { FromAgent } from "../../../remote/words.ts";
import { Store } from "../../../store.ts";
import { fakeCodec, fromJsonBytes, jsonBytes } from "../../../test-remote.ts";
import { testWorld } from "../../../test-world.ts";
import { Announcer } from "../../../ui/announcer.tsx";
import { useStore } from "../../use-store.ts";
import { useComputer } from "./use-computer.tsx";

const amy = { participant: "amy", display_name: "Amy", role: "host", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;

/** Amy's computer, in Bo's hands or nobody's. */
function meeting(controller: string | null, turn = 1): MeetingState {
  const pc: RosterEntry = { participant: "pc", display_name: "Amy’s computer", role: "companion", signed_in: false, connected: true, companion: { owner: "amy", controller, turn } };
  return { revision: turn, you: bo, admission: "admitted", facts: null, roster: [amy, bo, pc], lobby: [], dataMode: "conduit", place: null, passcode: null, ended: null };
}

/** As much of a session as a computer needs; the computer's end is in the test's hands. */
class FakeSession {
  readonly seat = { meeting: "m", credential: "c" };
  readonly state = new Store({ meeting: meeting("bo") });
  readonly media = new Store<MediaState>({ ...NO_MEDIA, connection: "connected", people: new Map([["pc", SILENT]]) });
  readonly sent: unknown[] = [];
  readonly #listeners = new Set<PacketListener>();

  sendPacket(_topic: string, payload: Uint8Array): Promise<void> {
    this.sent.push(fromJsonBytes(payload));
    return Promise.resolve();
  }
  onPacket(listener: PacketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  says(message: FromAgent): void {
    act(() => {
      for (const listener of this.#listeners) listener("conclave.remote", "pc", jsonBytes(message));
    });
  }
  turn(controller: string | null, turn: number): void {
    act(() => this.state.set({ meeting: meeting(controller, turn) }));
  }
}

function Page({ world, session }: { world: World; session: FakeSession }): JSX.Element {
  const state = useStore(session.state);
  const { notice, inHand } = useComputer(world, "123-456-789", session as unknown as Session, state.meeting);
  return (
    <>
      {notice}
      <main tabIndex={-1}>{inHand === false ? "Everybody" : inHand}</main>
    </>
  );
}

/** Bo uses it, by the keyboard, and the computer has answered. */
async function use(): Promise<{ session: FakeSession; user: UserEvent }> {
  const session = new FakeSession();
  const user = userEvent.setup();
  const api = new Api(() => Promise.resolve(Response.json({ permitted: ["control"] })));
  const world = testWorld({ api, loadRemote: () => Promise.resolve(fakeCodec) });
  render(
    <Announcer>
      <Page world={world} session={session} />
    </Announcer>,
  );
  expect((await screen.findByText(/^Amy lets you use their computer/)).closest("[role=status]")).toBeTruthy();
  await press(user, "Use it");
  await waitFor(() => expect(session.sent).toContainEqual({ kind: "hello" }));
  session.says({ kind: "leads", transfer: 0 });
  return { session, user };
}

async function press(user: UserEvent, name: string): Promise<void> {
  const button = await screen.findByRole("button", { name });
  while (document.activeElement !== button) await user.tab();
  await user.keyboard("{Enter}");
}

const focused = (): string | null | undefined => document.activeElement?.textContent;

beforeEach(() => {
  // jsdom draws nothing.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

it("asks first to see and then to use, tells screen readers where that stands, and never loses the focus", async () => {
  const { session, user } = await use();
  await press(user, "Ask to see it");
  await waitFor(() => expect(session.sent.at(-1)).toEqual({ kind: "ask", capability: "view" }));
  expect(focused()).toBe("Ask to see it");
  await user.keyboard("{Enter}");
  expect(session.sent.filter((message) => JSON.stringify(message).includes('"ask"'))).toHaveLength(1);
  await waitFor(() => expect(screen.getAllByRole("status").map(({ textContent }) => textContent)).toContain("Amy is being asked."));
  session.says({ kind: "answer", to: "view", answer: "granted", seconds: 600 });
  await press(user, "Ask to use mouse and keyboard");

  session.says({ kind: "answer", to: "control", answer: "granted", seconds: 600 });
  session.says({ kind: "control_begins", turn: 1 });

  expect(within(screen.getByRole("main")).getByText(/^You use Amy/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Ask/ })).toBeNull();
  expect(focused()).toBe("Give it back");
});

it("leaves the focus in the computer's picture while the person there moves the mouse themselves", async () => {
  const { session, user } = await use();
  for (const capability of ["view", "control"] as const) session.says({ kind: "answer", to: capability, answer: "granted", seconds: 600 });
  session.says({ kind: "control_begins", turn: 1 });
  const keyboard = screen.getByRole("textbox");
  while (document.activeElement !== keyboard) await user.tab();

  session.says({ kind: "paused", reason: "local_input" });

  expect(document.activeElement).toBe(keyboard);
});

it("shows a no with its words where it was asked", async () => {
  const { session, user } = await use();
  await press(user, "Ask to see it");

  session.says({ kind: "answer", to: "view", answer: "denied" });

  expect(screen.getByText(/they said no, or did not answer/).closest("[role=alert]")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Ask to see it" })).toBeTruthy();
});

it("goes back to the meeting with what is given back, and does not offer that turn again", async () => {
  const { session, user } = await use();
  await press(user, "Give it back");

  await waitFor(() => expect(focused()).toBe("Everybody"));
  await waitFor(() => expect(session.sent.at(-1)).toEqual({ kind: "leave" }));
  expect(screen.queryByRole("button", { name: "Use it" })).toBeNull();
});

it("gives the focus back to what opens it where it is lent anew, and to the meeting where it is taken back", async () => {
  const { session, user } = await use();
  const back = await screen.findByRole("button", { name: "Give it back" });
  while (document.activeElement !== back) await user.tab();

  session.turn("bo", 2);
  await waitFor(() => expect(focused()).toBe("Use it"));
  await user.keyboard("{Enter}");
  const again = await screen.findByRole("button", { name: "Give it back" });
  while (document.activeElement !== again) await user.tab();
  session.turn(null, 3);

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("main")));
});
