import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { ServerInfo } from "../../api/wire.ts";
import { Journey } from "../../call/journey.ts";
import { SignInPage } from "./SignInPage.tsx";

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "credentials");
});

const OFFERS = { sends_mail: false, takes_account_requests: false, single_sign_on: "Riverside login" } as ServerInfo;

function served(): Api {
  return new Api(((address: string) => {
    if (address.endsWith("/options")) return Promise.resolve(Response.json({ ceremony: "c", options: {} }));
    if (address.endsWith("/single-sign-on")) return Promise.resolve(Response.json({ address: "https://login.example/?x" }));
    return Promise.resolve(Response.json({ code: "single_sign_on_unavailable" }, { status: 503 }));
  }) as typeof fetch);
}

it("leaves for the organisation's sign-in, and takes back what it offered the browser", async () => {
  const signals: AbortSignal[] = [];
  vi.stubGlobal("PublicKeyCredential", {
    isConditionalMediationAvailable: () => Promise.resolve(true),
    parseCreationOptionsFromJSON: () => ({}),
    parseRequestOptionsFromJSON: () => ({}),
  });
  const get = vi.fn((asked: CredentialRequestOptions) => {
    if (asked.signal) signals.push(asked.signal);
    return new Promise(() => {});
  });
  Object.defineProperty(navigator, "credentials", { value: { get }, configurable: true });
  const left: string[] = [];
  const journey = new Journey(sessionStorage, (address) => left.push(address));
  const user = userEvent.setup();

  render(<SignInPage world={{ api: served(), journey }} offers={OFFERS} next="/account" onSignedIn={() => {}} />);

  expect(screen.getByLabelText("E-mail").getAttribute("autocomplete")).toBe("username webauthn");
  await waitFor(() => expect(get).toHaveBeenCalledWith(expect.objectContaining({ mediation: "conditional" })));
  await user.click(screen.getByRole("button", { name: "Sign in with Riverside login" }));
  await waitFor(() => expect(left).toEqual(["https://login.example/?x"]));
  expect(journey.next()).toBe("/account");
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});
