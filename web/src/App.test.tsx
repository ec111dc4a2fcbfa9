import { readFileSync } from "node:fs";

import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "./api/api.ts";
import type { AskForHelp } from "./api/wire.ts";
import { App } from "./App.tsx";
import type { World } from "./call/world.ts";
import { sealForAsker } from "./e2ee/help-box.ts";
import * as wasm from "./e2ee/wasm/conclave_wasm.js";
import { ACCOUNT, TestBrowser, VaultServer } from "./test-vault.ts";
import { testWorld } from "./test-world.ts";

describe("what the identity provider sends back", () => {
  it("leaves the address bar, is posted once, and leads on to where somebody left", async () => {
    history.replaceState(null, "", "/signed-in?code=c&state=s&iss=https%3A%2F%2Flogin.example&session_state=x");
    const posted: unknown[] = [];
    const api = new Api(((address: string, request?: RequestInit) => {
      if (address.endsWith("/finish")) posted.push(JSON.parse(String(request?.body)));
      const refused = Response.json({ code: "single_sign_on_unknown" }, { status: 403 });
      return Promise.resolve(address.endsWith("/finish") ? refused : Response.json({}, { status: 401 }));
    }) as typeof fetch);

    render(<StrictMode><App world={testWorld({ api })} /></StrictMode>);

    expect(await screen.findByText(/No account here belongs to this sign-in/)).toBeTruthy();
    expect(posted).toEqual([{ code: "c", state: "s", iss: "https://login.example" }]);
    expect(location.search).toBe("");
    expect(screen.getByRole("link", { name: "Back to signing in" })).toBeTruthy();
  });
});

describe("a mailed link", () => {
  it.each(["invited", "requested", "reset", "setup"])("leaves the address bar once /%s is open, and still holds", async (path) => {
    history.replaceState(null, "", `/${path}#secret`);

    render(<App world={testWorld()} />);

    expect(await screen.findByLabelText("Password")).toBeTruthy();
    expect(location.hash).toBe("");
    expect(location.pathname).toBe(`/${path}`);
  });
});

describe("how somebody's microphone and camera stood last", () => {
  const ME = { account: ACCOUNT, display_name: "Amara", organisation_name: "Lindenhof Clinic", role: "member", permitted: { host_meetings: true, support: false }, second_factor_due: false, idle_left: 900 };
  const KEPT = JSON.stringify({ microphone: true, camera: true });

  beforeEach(() => {
    localStorage.setItem("conclave.last-switches", KEPT);
    sessionStorage.setItem("conclave.switches", KEPT);
  });

  /** Asked for the session so often, the server knows one; signing in and out it always answers. */
  function open(path: string, knows: (asked: number) => boolean): World {
    history.replaceState(null, "", path);
    let asked = 0;
    const api = new Api(((address: string, request?: RequestInit) => {
      const session = address.endsWith("/session");
      if (session && request?.method === "DELETE") return Promise.resolve(new Response(null, { status: 204 }));
      if (session && request?.method === "POST") return Promise.resolve(Response.json(ME));
      if (session) return Promise.resolve(knows(++asked) ? Response.json(ME) : Response.json({ code: "not_signed_in" }, { status: 401 }));
      return Promise.resolve(address.endsWith("/meetings") ? Response.json({ meetings: [] }) : Response.json({ code: "not_found" }, { status: 404 }));
    }) as typeof fetch);
    const vault = new TestBrowser(new VaultServer(), "Desk").page();
    const world = testWorld({ api, vault: () => vault });
    render(<App world={world} />);
    return world;
  }

  it("is forgotten as they sign out", async () => {
    const world = open("/", () => true);
    expect(world.intent.recall()).toBe(true);

    await userEvent.setup().click(await screen.findByRole("button", { name: "Sign out" }));

    await waitFor(() => expectForgotten(world));
  });

  it("is forgotten as their session ends by itself", async () => {
    const world = open("/", (asked) => asked === 1);

    expect(await screen.findByLabelText("Password")).toBeTruthy();
    expectForgotten(world);
  });

  it("is not that of whoever signs in next", async () => {
    const world = open("/sign-in", (asked) => asked > 1);
    const user = userEvent.setup();

    await user.type(await screen.findByLabelText("E-mail"), "amara@clinic.example");
    await user.type(screen.getByLabelText("Password"), "a long enough password");
    await user.click(screen.getByRole("button", { name: "Sign in" }));

    expect(await screen.findByRole("button", { name: "Sign out" })).toBeTruthy();
    expectForgotten(world);
  });
});

function expectForgotten({ intent }: World): void {
  expect(localStorage.getItem("conclave.last-switches")).toBeNull();
  expect(intent.recall()).toBe(false);
}

describe("whoever waited for help and was taken", () => {
  const CODE = "123-456-789";
  const REQUEST = "018f3a5c-0000-7000-8000-000000000001";
  const session = { id: "018f3a5c-0000-7000-8000-000000000700", meeting: "018f3a5c-0000-7000-8000-000000000900" };
  const FRAGMENT = `${"A".repeat(43)}.${"B".repeat(42)}A`;
  let sealed = "";

  beforeEach(() => {
    wasm.initSync({ module: readFileSync(new URL("e2ee/wasm/conclave_wasm_bg.wasm", `file://${import.meta.dirname}/`)) });
    sessionStorage.clear();
    history.replaceState(null, "", "/help");
  });
  afterEach(() => vi.unstubAllGlobals());

  /** A queue with one technician, who takes whoever asks at once. */
  async function queue(_address: unknown, request?: RequestInit): Promise<Response> {
    if (request?.method === "POST") {
      const { key } = JSON.parse(String(request.body)) as AskForHelp;
      sealed = await sealForAsker({ id: REQUEST, key }, session, FRAGMENT);
      return Response.json({ id: REQUEST, token: "token" }, { status: 201 });
    }
    return Response.json({ state: "taken", session: session.id, meeting: session.meeting, code: CODE, sealed });
  }
  /** A server that says at the second question whose the code is. */
  function world(): World {
    const offers = [new Error("no network")];
    const api = new Api(((address: string) => {
      if (address.endsWith("/server")) return Promise.resolve(Response.json({ takes_support_requests: true }));
      if (!address.endsWith(`/support/codes/${CODE}`)) return Promise.resolve(Response.json({}, { status: 401 }));
      const lost = offers.shift();
      return lost === undefined ? Promise.resolve(Response.json({ organisation: "Lindenhof Clinic", technician: "Tom Ek", code_until: "2026-11-26T08:10:00Z" })) : Promise.reject(lost);
    }) as typeof fetch);
    return testWorld({ api });
  }

  it("is not lost with one answer, nor as the page is loaded again", async () => {
    vi.stubGlobal("fetch", queue);
    const here = world();
    render(<App world={here} />);
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText("Your name"), "Cyrus Vane");
    await user.click(screen.getByRole("button", { name: "Ask for help" }));

    expect(await screen.findByText(/can’t be reached/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Code from the technician").value).toBe(CODE);
    expect(location.pathname + location.hash).toBe(`/help#${CODE}`);
    expect(here.seats.secret(CODE)).toBe(FRAGMENT);
    expect(screen.queryByLabelText("Your name")).toBeNull();

    cleanup();
    render(<App world={here} />);

    expect(await screen.findByRole("heading", { name: "Tom Ek wants to help you" })).toBeTruthy();
    expect(screen.getByText(new RegExp(`${CODE}#${FRAGMENT}`))).toBeTruthy();
  });
});
