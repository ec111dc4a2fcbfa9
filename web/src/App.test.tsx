import { render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { describe, expect, it } from "vitest";

import { Api } from "./api/api.ts";
import { App } from "./App.tsx";
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
