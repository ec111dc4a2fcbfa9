import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { Api } from "../../api/api.ts";
import { Journey } from "../../call/journey.ts";
import { look } from "../../test-accessible.ts";
import { testWorld } from "../../test-world.ts";
import { SecurityPart } from "./SecurityPart.tsx";

interface Served {
  calls: string[];
  isFresh: boolean;
}

const KEY_RING = { id: "k1", label: "Key ring", created_at: "2026-11-22T08:30:00Z", last_used_at: null };

/** A server that wants to know who sits there before it changes anything. */
function served(): { api: Api; state: Served } {
  const state: Served = { calls: [], isFresh: false };
  const fetcher = (address: RequestInfo | URL, request?: RequestInit): Promise<Response> => {
    const call = `${request?.method} ${String(address).replace("/api/v1/", "")}`;
    state.calls.push(call);
    return Promise.resolve(answer(state, call));
  };
  return { api: new Api(fetcher as typeof fetch), state };
}

function answer(state: Served, call: string): Response {
  switch (call) {
    case "GET account/sign-in":
      return Response.json({ second_factor_mandatory: true, totp: "2026-11-22T08:30:00Z", passkeys: [KEY_RING], recovery_codes: 9, step_up_due: true, has_password: true, single_sign_on: { name: "Riverside login", connected_at: "2026-11-22T08:30:00Z" } });
    case "GET account/sessions": {
      const times = { since: "2026-11-22T08:30:00Z", last_active_at: "2026-11-22T08:30:00Z" };
      return Response.json([
        { id: "aa", browser: "firefox", this: true, ...times },
        { id: "bb", browser: "safari", this: false, ...times },
      ]);
    }
    case "POST session/step-up":
      state.isFresh = true;
      return Response.json({});
    case "POST account/email":
      return state.isFresh ? new Response(null, { status: 202 }) : problem("step_up_required");
    case "POST session/single-sign-on":
      return Response.json({ address: "https://login.example/?prompt=login" });
    case "DELETE account/sessions/bb":
      return new Response(null, { status: 204 });
    case "POST account/totp":
      return Response.json({ secret: "JBSWY3DPEHPK3PXP", uri: "otpauth://totp/Conclave?secret=JBSWY3DPEHPK3PXP" });
    case "PUT account/totp":
      return Response.json({ recovery_codes: ["0123-4567-89ab-cdef"] });
    case "PUT account/passkeys/k1":
      return new Response(null, { status: 204 });
    case "POST account/recovery-codes":
      return state.isFresh ? Response.json({ recovery_codes: ["0123-4567-89ab-cdef"] }) : problem("step_up_required");
    case "DELETE account/single-sign-on":
      return problem("step_up_required");
    default:
      return problem("unexpected");
  }
}

function problem(code: string): Response {
  return Response.json({ code }, { status: 403 });
}

describe("the part about signing in", () => {
  it("asks who sits there, then does what was asked for", async () => {
    const { api } = served();
    const user = userEvent.setup();
    render(<SecurityPart world={testWorld({ api })} email="amara@lindenhof.example" />);

    await user.click(await screen.findByRole("button", { name: "Make new ones" }));
    const asked = await screen.findByRole("dialog", { name: "Is it you?" });
    await look();
    await user.type(within(asked).getByLabelText("Password"), "seven quiet herons at dawn");
    await user.type(within(asked).getByLabelText("Six digits"), "123456{Enter}");

    const codes = await screen.findByRole("list", { name: "Backup codes" });
    expect(codes.textContent).toBe("0123-4567-89ab-cdef");
  });

  it("asks for another address, and says that it counts once its link is opened", async () => {
    const { api, state } = served();
    state.isFresh = true;
    const user = userEvent.setup();
    render(<SecurityPart world={testWorld({ api })} email="amara@lindenhof.example" />);
    const field = await screen.findByLabelText("New e-mail address");

    await user.type(field, "nowhere{Enter}");
    expect(state.calls).not.toContain("POST account/email");
    await user.clear(field);
    await user.type(field, "amara@elsewhere.example{Enter}");

    expect(await screen.findByText(/link is on its way to amara@elsewhere.example/)).toBeTruthy();
    expect(state.calls).toContain("POST account/email");
  });

  it("proves who sits there by the organisation's sign-in, and comes back to this page", async () => {
    const { api } = served();
    const left: string[] = [];
    const journey = new Journey(sessionStorage, (address) => left.push(address));
    const user = userEvent.setup();
    history.replaceState(null, "", "/account");
    render(<SecurityPart world={testWorld({ api, journey })} email="amara@lindenhof.example" />);
    await screen.findByRole("heading", { name: "Riverside login" });

    await user.click(screen.getByRole("button", { name: "Disconnect" }));
    const asked = within(await screen.findByRole("alertdialog", { name: "Remove this way to sign in?" }));
    await look();
    await user.click(asked.getByRole("button", { name: "Remove" }));
    await user.click(await screen.findByRole("button", { name: "Sign in with Riverside login" }));

    await waitFor(() => expect(left).toEqual(["https://login.example/?prompt=login"]));
    expect(journey.next()).toBe("/account");
  });

  it("sets up another authenticator app by a picture, by letters, and with its first code", async () => {
    const { api, state } = served();
    const user = userEvent.setup();
    render(<SecurityPart world={testWorld({ api })} email="amara@lindenhof.example" />);

    await user.click(await screen.findByRole("button", { name: "Set up another one" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Authenticator app" }));
    expect(sheet.getByRole("img", { name: /^QR code/ })).toBeTruthy();
    expect(sheet.getByText("JBSW Y3DP EHPK 3PXP")).toBeTruthy();
    await look();
    await user.type(sheet.getByLabelText("Six digits"), "123456{Enter}");

    expect(await screen.findByText("0123-4567-89ab-cdef")).toBeTruthy();
    expect(state.calls).toContain("PUT account/totp");
  });

  it("gives a passkey another name", async () => {
    const { api, state } = served();
    const user = userEvent.setup();
    render(<SecurityPart world={testWorld({ api })} email="amara@lindenhof.example" />);

    await user.click(await screen.findByRole("button", { name: "Rename Key ring" }));
    const name = within(await screen.findByRole("dialog", { name: "Rename" })).getByLabelText("Name of this passkey");
    await look();
    await user.clear(name);
    await user.type(name, "Safe{Enter}");

    await waitFor(() => expect(state.calls).toContain("PUT account/passkeys/k1"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("signs out elsewhere, and not here", async () => {
    const { api, state } = served();
    const user = userEvent.setup();
    render(<SecurityPart world={testWorld({ api })} email="amara@lindenhof.example" />);
    await screen.findByText("This browser");

    await user.click(screen.getByRole("button", { name: /^Sign out there: Safari/ }));

    await waitFor(() => expect(state.calls).toContain("DELETE account/sessions/bb"));
    expect(screen.queryByRole("button", { name: /^Sign out there: Firefox/ })).toBeNull();
  });
});
