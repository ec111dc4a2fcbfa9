import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type JSX, useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { RosterEntry } from "../../../api/wire.ts";
import type { MeetingState } from "../../../call/meeting-state.ts";
import type { Session } from "../../../call/session.ts";
import type { World } from "../../../call/world.ts";
import { testWorld } from "../../../test-world.ts";
import { laterPart } from "../../crash/later.ts";
import { useComputer } from "./use-computer.tsx";

// As where the network is gone as they are wanted.
const missing = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

const amy = { participant: "amy", display_name: "Amy", role: "host", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const pc: RosterEntry = { participant: "pc", display_name: "Amy’s computer", role: "companion", signed_in: false, connected: true, companion: { owner: "amy", controller: "bo", turn: 1 } };
const meeting: MeetingState = { revision: 1, you: bo, admission: "admitted", facts: null, roster: [amy, bo, pc], lobby: [], dataMode: "conduit", place: null, passcode: null, ended: null };

function Page({ world }: { world: World }): JSX.Element {
  const [parts] = useState<Parameters<typeof useComputer>[4]>(() => ({ ComputerSheet: laterPart(missing), ComputerInHand: laterPart(missing) }));
  const { onLend, notice, inHand } = useComputer(world, "123-456-789", { seat: {} } as Session, meeting, parts);
  return (
    <>
      {notice}
      <button type="button" onClick={() => onLend?.()} disabled={onLend === null}>
        Lend
      </button>
      <main>{inHand === false ? "Everybody" : inHand}</main>
    </>
  );
}

// React tells the console of what a boundary caught.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

it.each([["Use it"], ["Lend"]])("gives the room back where what “%s” wants could not be loaded", async (name) => {
  const user = userEvent.setup();
  render(<Page world={testWorld({ api: new Api(() => Promise.resolve(Response.json({ permitted: ["control"] }))) })} />);
  const button = await screen.findByRole<HTMLButtonElement>("button", { name });
  await vi.waitFor(() => expect(button.disabled).toBe(false));
  await user.click(button);
  expect((await screen.findByRole("alert")).textContent).toContain("This part could not be loaded");

  await user.click(screen.getByRole("button", { name: "Close" }));

  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByRole("main").textContent).toBe("Everybody");
});
