import { readFileSync } from "node:fs";

import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { Me, SupportSession } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { makeRequestKeys } from "../../e2ee/help-box.ts";
import * as wasm from "../../e2ee/wasm/conclave_wasm.js";
import { look } from "../../test-accessible.ts";
import { ACCOUNT, TestBrowser, VaultServer } from "../../test-vault.ts";
import { testWorld } from "../../test-world.ts";
import { SupportPage } from "./SupportPage.tsx";

const me = { account: ACCOUNT, display_name: "Tom", role: "representative", permitted: { support: true } as Me["permitted"] } as Me;
const terms = { permitted: ["view"], must_record: false, idle_minutes: 15, longest_minutes: 240, file_limit: { largest: 1, most: 1, programs: false } } satisfies SupportSession["terms"];

function session(change: Partial<SupportSession> = {}): SupportSession {
  return {
    id: "018f3a5c-0000-7000-8000-000000000700",
    meeting: "018f3a5c-0000-7000-8000-000000000900",
    code: "123-456-789",
    technician: ACCOUNT,
    technician_name: "Tom",
    opened_at: "2026-11-26T08:00:00Z",
    code_until: new Date(Date.now() + 8.5 * 60_000).toISOString(),
    state: { state: "waiting" },
    terms,
    ...change,
  };
}

interface Request {
  method: string | undefined;
  path: string;
  body: string;
}

interface Shown {
  world: World;
  requests: Request[];
  copied: string[];
  onJoin: (code: string) => void;
  onOpen: (session: string) => void;
  onExpired: () => void;
}

function show(answer: (request: Request) => Response | Error, who: Me = me): Shown {
  const requests: Request[] = [];
  const copied: string[] = [];
  const api = new Api((input, init) => {
    const request = { method: init?.method, path: String(input), body: String(init?.body) };
    requests.push(request);
    const answered = answer(request);
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  });
  const vault = new TestBrowser(new VaultServer(), "Desk").page();
  const copy = (text: string): Promise<boolean> => Promise.resolve(copied.push(text) > 0);
  const world = testWorld({ api, vault: () => vault, copy });
  const seen = { onJoin: vi.fn(), onOpen: vi.fn(), onExpired: vi.fn() };
  render(<SupportPage world={world} me={who} onHome={() => {}} {...seen} />);
  return { world, requests, copied, ...seen };
}

const listed = (...sessions: SupportSession[]): Response => Response.json({ sessions });

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

describe("a new session", () => {
  it("is made with a secret that stays in the browser, and the same one after a lost answer", async () => {
    const made: string[] = [];
    let isMade = false;
    const { world } = show(({ method, body }) => {
      if (method !== "POST") return listed(...(isMade ? [session()] : []));
      made.push(body);
      if (made.length === 1) return new Error("lost");
      isMade = true;
      return Response.json(session());
    });
    const user = userEvent.setup();

    await user.click(await screen.findByRole("button", { name: "New session" }));
    await screen.findByText(/can’t be reached/);
    await user.click(screen.getByRole("button", { name: "New session" }));

    expect(await screen.findByRole("img", { name: "Code 1 2 3, 4 5 6, 7 8 9" })).toBeTruthy();
    expect(screen.getByText("Good for 9 more minutes")).toBeTruthy();
    expect(made[1]).toBe(made[0]);
    const fragment = world.seats.invitation("123-456-789") ?? "";
    expect(fragment).toMatch(/^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/);
    expect(made[0]).not.toContain(fragment.slice(0, 43));
  });

  it("is not offered to whom policy permits no support", async () => {
    show(() => listed(), { ...me, permitted: { support: false } as unknown as Me["permitted"] });

    expect(await screen.findByText(/switched off for you/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "New session" })).toBeNull();
  });
});

describe("the list", () => {
  it("copies a link that opens the session, and the line for the helper program", async () => {
    const fragment = "A".repeat(43);
    localStorage.setItem("conclave.invitations", JSON.stringify({ "123-456-789": fragment }));
    const { copied } = show(() => listed(session()));
    const user = userEvent.setup();

    await user.click(await screen.findByRole("button", { name: "Copy the link" }));
    await user.click(screen.getByRole("button", { name: "Copy the helper’s command" }));

    expect(copied).toEqual([`https://meet.example/help#123-456-789.${fragment}`, `echo 'https://meet.example/j/123-456-789#${fragment}' | conclave-agent help -`]);
    expect(screen.getByText(/helper program on the other computer/)).toBeTruthy();
  });

  it("opens a session in a tab of its own, and no other that this browser can't open", async () => {
    localStorage.setItem("conclave.invitations", JSON.stringify({ "123-456-789": "A".repeat(43) }));
    show(() => listed(session({ state: { state: "connected", since: "2026-11-26T08:01:00Z" } }), session({ id: "other", code: "999-999-999" })));

    const link = await screen.findByRole("link", { name: /123-456-789/ });
    expect(link.getAttribute("target")).toBe("_blank");
    expect(link.getAttribute("rel")).toBe("noreferrer");
    expect(screen.queryByRole("link", { name: /999-999-999/ })).toBeNull();
    expect(screen.getByText(/in another browser of yours/)).toBeTruthy();
  });

  it("ends a session only after its consequence was read, and forgets what opened it", async () => {
    localStorage.setItem("conclave.invitations", JSON.stringify({ "123-456-789": "A".repeat(43) }));
    let isOver = false;
    const { world, requests } = show(({ method }) => {
      if (method === "POST") isOver = true;
      const state = isOver ? ({ state: "ended", at: "2026-11-26T09:00:00Z", was_connected: true } as const) : ({ state: "waiting" } as const);
      return method === "POST" ? Response.json({ revision: 1 }) : listed(session({ state }));
    });
    const user = userEvent.setup();

    await user.click(await screen.findByRole("button", { name: "End the session 123-456-789" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(requests.some(({ method }) => method === "POST")).toBe(false);
    await look();
    await user.click(within(dialog).getByRole("button", { name: "End the session" }));

    await waitFor(() => expect(requests.some(({ path }) => path.endsWith("/support/sessions/018f3a5c-0000-7000-8000-000000000700/end"))).toBe(true));
    expect(await screen.findByText(/^Over since/)).toBeTruthy();
    await waitFor(() => expect(world.seats.invitation("123-456-789")).toBeNull());
  });

  it("says that a code is too old, and shows it no longer", async () => {
    localStorage.setItem("conclave.invitations", JSON.stringify({ "123-456-789": "A".repeat(43) }));
    show(() => listed(session({ code_until: "2026-11-26T08:10:00Z" })));

    expect(await screen.findByText(/not good any more/)).toBeTruthy();
    expect(screen.queryByRole("img", { name: /Code/ })).toBeNull();
  });

  it("leads to signing in again when the session has expired, and says to whom it may not be shown", async () => {
    const { onExpired } = show(() => Response.json({ code: "not_signed_in" }, { status: 401 }));
    await waitFor(() => expect(onExpired).toHaveBeenCalled());

    show(() => Response.json({ code: "not_allowed" }, { status: 403 }));
    expect(await screen.findByText("Your account may not see this page.")).toBeTruthy();
  });
});

it("goes to a colleague's session with what their link holds", async () => {
  const { world, onJoin } = show(() => listed());
  const user = userEvent.setup();

  await user.click(await screen.findByLabelText("Meeting code or link"));
  await user.paste(`https://meet.example/j/314-159-265#${"B".repeat(43)}`);
  await user.click(screen.getByRole("button", { name: "Continue" }));

  expect(onJoin).toHaveBeenCalledWith("314-159-265");
  expect(world.seats.secret("314-159-265")).toBe("B".repeat(43));
});

it("shows who waits for help where policy has a queue for the technician", async () => {
  const queue = { ...me, permitted: { support: true, support_queue: true } as Me["permitted"] };
  show(() => listed(), queue);
  expect(await screen.findByRole("heading", { name: "Who waits for help" })).toBeTruthy();
  cleanup();

  show(() => listed());
  expect(await screen.findByText("You have helped nobody in the last day.")).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Who waits for help" })).toBeNull();
});

it("gives nobody in the queue a session whose code somebody else may get", async () => {
  wasm.initSync({ module: readFileSync(new URL("../../e2ee/wasm/conclave_wasm_bg.wasm", `file://${import.meta.dirname}/`)) });
  const keys = await makeRequestKeys();
  const request = { id: "018f3a5c-0000-7000-8000-000000000001", name: "Cyrus Vane", asked_at: "2026-11-26T08:00:00Z", key: keys.key, is_claimed: false };
  vi.stubGlobal("fetch", (_address: unknown, { method }: RequestInit = {}) => Promise.resolve(method === "GET" ? Response.json({ requests: [request] }) : new Response(null, { status: 204 })));
  const made: string[] = [];
  const queue = { ...me, permitted: { support: true, support_queue: true } as Me["permitted"] };
  const { onOpen } = show(({ method, body }) => {
    if (method !== "POST") return listed();
    return made.push(body) === 1 ? new Error("lost") : Response.json(session());
  }, queue);
  const user = userEvent.setup();
  const more = await screen.findByRole("button", { name: "New session" });
  await user.click(more);
  await screen.findByText(/can’t be reached/);

  await user.click(await screen.findByRole("button", { name: /Help Cyrus Vane/ }));
  await waitFor(() => expect(onOpen).toHaveBeenCalled());
  await user.click(more);

  await waitFor(() => expect(made).toHaveLength(3));
  expect(made[1]).not.toBe(made[0]);
  expect(made[2]).toBe(made[0]);
  keys.end();
});
