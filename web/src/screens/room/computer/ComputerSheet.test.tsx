import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { RosterEntry } from "../../../api/wire.ts";
import type { MeetingState } from "../../../call/meeting-state.ts";
import type { Session } from "../../../call/session.ts";
import type { World } from "../../../call/world.ts";
import { testWorld } from "../../../test-world.ts";
import { ComputerSheet } from "./ComputerSheet.tsx";
import { presentCommand, presentLink } from "./present-link.ts";

const CODE = "123-456-789";
const amy = { participant: "amy", display_name: "Amy", role: "host", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const session = { seat: { meeting: "m", credential: "c" } } as Session;

function lentTo(controller: string | null): RosterEntry {
  return { participant: "pc", display_name: "Amy’s computer", role: "companion", signed_in: false, connected: true, companion: { owner: "amy", controller, turn: 1 } };
}

function meeting(...roster: RosterEntry[]): MeetingState {
  return { revision: 1, you: amy, admission: "admitted", facts: null, roster, lobby: [], dataMode: "conduit", place: null, passcode: null, ended: null };
}

interface Scene {
  sent: string[];
  copied: string[];
  page: (meeting: MeetingState) => ReactNode;
}

/** `refusal`: the code of what the server answers to everything. */
function scene(refusal: string | null = null, mayCopy = true): Scene {
  const sent: string[] = [];
  const copied: string[] = [];
  const api = new Api((input, init) => {
    sent.push(`${init?.method ?? ""} ${String(input).replace("/api/v1/", "")} ${String(init?.body ?? "")}`.trim());
    if (refusal !== null) return Promise.resolve(Response.json({ code: refusal }, { status: 409 }));
    return Promise.resolve(Response.json({ code: "once", code_until: "2026-11-27T08:10:00Z", revision: 2 }, { status: 201 }));
  });
  const copy = (text: string): Promise<boolean> => {
    copied.push(text);
    return Promise.resolve(mayCopy);
  };
  const world: World = testWorld({ api, copy });
  return { sent, copied, page: (meeting) => <ComputerSheet world={world} code={CODE} session={session} meeting={meeting} onClose={() => {}} /> };
}

function keepLink(): string {
  sessionStorage.setItem(`conclave.secret.${CODE}`, "secret.key");
  return presentCommand(presentLink(location.origin, CODE, "secret.key", "once"));
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

it("makes the command for one's own computer by keyboard, and says that it is copied", async () => {
  const command = keepLink();
  const user = userEvent.setup();
  const { copied, page } = scene();
  render(page(meeting(amy, bo)));
  const button = screen.getByRole("button", { name: "Copy the command" });
  while (document.activeElement !== button) await user.tab();
  await user.keyboard("{Enter}");

  expect((await screen.findByText(/^The command is copied/)).closest("[role=status]")).toBeTruthy();
  expect(copied).toEqual([command]);
});

it("shows the command where the browser does not copy it", async () => {
  const command = keepLink();
  const { page } = scene(null, false);
  render(page(meeting(amy, bo)));
  await userEvent.setup().click(screen.getByRole("button", { name: "Copy the command" }));

  expect(await screen.findByText(/did not allow copying/)).toBeTruthy();
  expect(screen.getByText(command)).toBeTruthy();
});

it("offers nothing to who came by code, and shows why the server refuses the others", async () => {
  const { sent, page } = scene("meeting_locked");
  const { unmount } = render(page(meeting(amy, bo)));
  expect(screen.getByText(/You came by code/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Copy the command" })).toBeNull();
  unmount();

  keepLink();
  render(page(meeting(amy, bo)));
  await userEvent.setup().click(screen.getByRole("button", { name: "Copy the command" }));

  expect(await within(screen.getByRole("alert")).findByText(/^The host has locked the meeting/)).toBeTruthy();
  expect(sent).toEqual(["POST meetings/m/companion"]);
});

it("keeps the focus in the sheet when the computer comes, and says that it is there", async () => {
  keepLink();
  const { page } = scene();
  const { rerender } = render(page(meeting(amy, bo)));
  await userEvent.setup().click(screen.getByRole("button", { name: "Copy the command" }));

  rerender(page(meeting(amy, bo, lentTo(null))));

  const said = await screen.findByText(/^Your computer is in the meeting/);
  expect(said.getAttribute("role")).toBe("status");
  await waitFor(() => expect(document.activeElement).toBe(said));
});

it("lends it to one, says to whom, takes it back by the same button, and counts no computer among people", async () => {
  const user = userEvent.setup();
  const { sent, page } = scene();
  const { rerender } = render(page(meeting(amy, bo, lentTo(null))));
  expect(within(screen.getByRole("list")).getAllByRole("button")).toHaveLength(1);
  await user.click(screen.getByRole("button", { name: "Let Bo use it" }));
  await waitFor(() => expect(sent).toEqual(['POST meetings/m/companion/pc/control {"to":"bo"}']));

  rerender(page(meeting(amy, { ...bo, connected: false }, lentTo("bo"))));

  expect(screen.getByText(/^Bo may use your computer/).getAttribute("role")).toBe("status");
  expect(document.activeElement?.textContent).toBe("Take it back from Bo");
  await waitFor(() => expect(document.activeElement?.hasAttribute("data-busy")).toBe(false));
  await user.keyboard("{Enter}");
  await waitFor(() => expect(sent[1]).toBe('POST meetings/m/companion/pc/control {"to":null}'));
});

it("shows why the computer could not be lent", async () => {
  const { page } = scene("companion_not_found");
  render(page(meeting(amy, bo, lentTo(null))));
  await userEvent.setup().click(screen.getByRole("button", { name: "Let Bo use it" }));

  expect(await within(screen.getByRole("alert")).findByText(/^Your computer is not in the meeting/)).toBeTruthy();
});
