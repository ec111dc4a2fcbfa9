import { render, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { Me } from "../../api/wire.ts";
import { invitationProof } from "../../call/invitation.ts";
import type { IntentStore } from "../../call/intent.ts";
import { Session } from "../../call/session.ts";
import type { World } from "../../call/world.ts";
import { Gate } from "../../test-gate.ts";
import { ACCOUNT, TestBrowser, VaultServer } from "../../test-vault.ts";
import { FakeKeyWorker } from "../../test-worker.ts";
import { testWorld } from "../../test-world.ts";
import { ConsolePage } from "./ConsolePage.tsx";

const ID = "018f3a5c-0000-7000-8000-000000000700";
const MEETING = "018f3a5c-0000-7000-8000-000000000900";
const CODE = "123-456-789";
const FRAGMENT = "A".repeat(43);
const me = { account: ACCOUNT, display_name: "Tom", role: "representative" } as Me;
const own = { id: ID, meeting: MEETING, code: CODE, terms: { permitted: [] } };

interface Scene {
  world: World;
  requests: { path: string; body: string }[];
  opened: IntentStore[];
  onExpired: () => void;
  unmount: () => void;
}

interface Wish {
  wanted?: string;
  sessions?: () => Response;
  joined?: Gate;
  prepare?: (world: World) => void;
}

async function open({ wanted = ID, sessions = () => Response.json({ sessions: [own] }), joined = Gate.opened(), prepare = () => {} }: Wish = {}): Promise<Scene> {
  const requests: { path: string; body: string }[] = [];
  const opened: IntentStore[] = [];
  const api = new Api(async (input, init) => {
    const path = String(input);
    requests.push({ path, body: String(init?.body) });
    if (path.endsWith("/support/sessions")) return sessions();
    if (path.endsWith("/join")) await joined.passed;
    return Response.json({ meeting: MEETING, participant: "tom", credential: "c" });
  });
  const vault = new TestBrowser(new VaultServer(), "Desk").page();
  await vault.refresh();
  await vault.keep([{ meeting: MEETING, fragment: FRAGMENT, passcode: null, until: 2_000_000_000 }]);
  const world: World = testWorld({
    api,
    vault: () => vault,
    openSession: (code, seat, captured, wish) => {
      if (wish !== undefined) opened.push(wish);
      return sessionOf(world, code, seat, captured, wish ?? world.intent);
    },
  });
  prepare(world);
  const onExpired = vi.fn();
  const { unmount } = render(<ConsolePage world={world} me={me} wanted={wanted} onBack={() => {}} onExpired={onExpired} />);
  return { world, requests, opened, onExpired, unmount };
}

function sessionOf(world: World, code: string, seat: Session["seat"], captured: Parameters<World["openSession"]>[2], wish: IntentStore): Session {
  return new Session(
    {
      api: world.api,
      openSocket: () => Object.assign(new EventTarget(), { send: () => {}, close: () => {} }),
      openDevices: world.openDevices,
      loadMedia: () => Promise.reject(new Error("no media here")),
      canEncrypt: () => true,
      openWorker: () => new FakeKeyWorker(),
      now: () => 0,
      sleep: () => Promise.resolve(),
      onWake: () => () => {},
    },
    seat,
    world.seats.secrets(code),
    wish,
    captured,
  );
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe("one's own session", () => {
  it("is entered with what the vault has of it, and without a camera or a microphone", async () => {
    const { world, requests, opened } = await open();

    await waitFor(() => expect(opened).toHaveLength(1));
    expect(opened[0]?.get()).toEqual({ microphone: false, camera: false });
    expect(world.intent.get()).toMatchObject({ microphone: true, camera: true });
    const join = requests.find(({ path }) => path === `/api/v1/meetings/${CODE}/join`);
    expect(JSON.parse(join?.body ?? "")).toEqual({ display_name: "Tom", invitation_proof: await invitationProof(FRAGMENT) });
    expect(world.seats.seat(CODE)).toMatchObject({ participant: "tom", account: ACCOUNT, name: "Tom" });
  });

  it("is gone back to with the seat that this tab has, and not with one of an earlier session", async () => {
    const seat = { participant: "old", credential: "c", name: "Tom", account: ACCOUNT };
    const kept = await open({ prepare: ({ seats }) => seats.keepSeat(CODE, { ...seat, meeting: MEETING }) });
    await waitFor(() => expect(kept.opened).toHaveLength(1));
    expect(kept.requests.some(({ path }) => path.endsWith("/join"))).toBe(false);
    kept.unmount();

    const other = await open({ prepare: ({ seats }) => seats.keepSeat(CODE, { ...seat, meeting: "earlier" }) });
    await waitFor(() => expect(other.requests.some(({ path }) => path.endsWith("/join"))).toBe(true));
  });

  it("is not there when it is over or somebody else's", async () => {
    await open({ sessions: () => Response.json({ sessions: [] }) });

    expect(await screen.findByText("This session is over, or is not yours.")).toBeTruthy();
  });

  it("leads to signing in again when that has expired", async () => {
    const { onExpired } = await open({ sessions: () => Response.json({ code: "not_signed_in" }, { status: 401 }) });

    await waitFor(() => expect(onExpired).toHaveBeenCalled());
  });

  it("is left again by whoever went away while the server took its time", async () => {
    const joined = new Gate();
    const { world, requests, opened, unmount } = await open({ joined });
    await waitFor(() => expect(requests.some(({ path }) => path.endsWith("/join"))).toBe(true));

    unmount();
    joined.open();

    await waitFor(() => expect(requests.at(-1)?.path).toBe(`/api/v1/meetings/${MEETING}/leave`));
    expect(opened).toHaveLength(0);
    expect(world.seats.seat(CODE)).toBeNull();
  });
});

it("goes into a colleague's session by its code, and asks for no list", async () => {
  const { requests, opened } = await open({ wanted: "314-159-265", prepare: ({ seats }) => seats.keepSecret("314-159-265", FRAGMENT) });

  await waitFor(() => expect(opened).toHaveLength(1));
  expect(requests.map(({ path }) => path)).not.toContain("/api/v1/support/sessions");
  expect(requests[0]?.path).toBe("/api/v1/meetings/314-159-265/join");
});
