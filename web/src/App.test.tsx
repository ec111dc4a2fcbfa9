import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { beforeEach, describe, expect, it } from "vitest";

import { Api } from "./api/api.ts";
import { App } from "./App.tsx";
import type { World } from "./call/world.ts";
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
