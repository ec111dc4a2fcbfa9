import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { Me } from "../../api/wire.ts";
import { testWorld } from "../../test-world.ts";
import { HomePage } from "./HomePage.tsx";

const me = { display_name: "Amara", organisation_name: "Lindenhof Clinic" } as Me;

interface Request {
  method: string | undefined;
  path: string;
  body: string;
}

function show(answer: (request: Request) => Response | Error): { onExpired: () => void; onSignedOut: () => void; onInvitation: () => void } {
  const api = new Api((input, init) => {
    const answered = answer({ method: init?.method, path: String(input), body: String(init?.body) });
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  });
  const seen = { onExpired: vi.fn(), onSignedOut: vi.fn(), onInvitation: vi.fn() };
  render(<HomePage world={testWorld({ api })} me={me} {...seen} />);
  return seen;
}

describe("the start page", () => {
  it("leads to signing in again when the session has expired", async () => {
    const { onExpired } = show(() => Response.json({ code: "not_signed_in" }, { status: 401 }));

    await waitFor(() => expect(onExpired).toHaveBeenCalled());
    expect(screen.queryByText("The list could not be loaded.")).toBeNull();
  });

  it("says when signing out failed", async () => {
    const { onSignedOut } = show(({ method }) => (method === "DELETE" ? new Error("no network") : Response.json({ meetings: [] })));

    await userEvent.setup().click(screen.getByRole("button", { name: "Sign out" }));

    expect(await screen.findByText(/can’t be reached/)).toBeTruthy();
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("makes one meeting, also when the first answer was lost", async () => {
    const made: string[] = [];
    const { onInvitation } = show(({ method, body }) => {
      if (method !== "POST") return Response.json({ meetings: [] });
      made.push(body);
      return made.length === 1 ? new Error("lost") : Response.json({ id: "m", code: "123-456-789" });
    });
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Start now" }));
    await screen.findByText(/can’t be reached/);
    await user.click(screen.getByRole("button", { name: "Start now" }));

    await waitFor(() => expect(onInvitation).toHaveBeenCalled());
    expect(made[1]).toBe(made[0]);
  });

  it("gives another meeting another secret, also after a lost answer", async () => {
    const made: string[] = [];
    show(({ method, body }) => {
      if (method !== "POST") return Response.json({ meetings: [] });
      made.push(body);
      return made.length === 1 ? new Error("lost") : Response.json({ id: "m", code: "123-456-789" });
    });
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Start now" }));
    await screen.findByText(/can’t be reached/);

    await user.click(screen.getByRole("button", { name: "Schedule for later" }));
    await user.type(screen.getByLabelText("What is it about?"), "Follow-up");
    await user.click(screen.getByRole("button", { name: "Schedule" }));

    await waitFor(() => expect(made).toHaveLength(2));
    const [first, second] = made.map((body) => (JSON.parse(body) as { invitation_verifier: string }).invitation_verifier);
    expect(second).not.toBe(first);
  });
});
