import { act, render, screen, waitFor, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { Api } from "../../../api/api.ts";
import type { Me, SupportDevice } from "../../../api/wire.ts";
import { formatDate } from "../../../i18n.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { Announcer } from "../../../ui/announcer.tsx";
import { ComputersPage } from "./ComputersPage.tsx";

const WARD: SupportDevice = {
  id: "018f3a5c-0000-7000-8000-000000000001",
  name: "ward-3",
  fingerprint: "ab".repeat(32),
  enrolled_by_name: "Amara",
  enrolled_at: "2026-11-22T08:00:00Z",
  ends_at: "2027-11-22T08:00:00Z",
  has_ended: false,
  is_online: true,
  is_busy: false,
  grants: [{ account: "tom", display_name: "Tom", granted_at: "2026-11-22T08:05:00Z" }],
};
const PEOPLE = [
  { account: "tom", display_name: "Tom", role: "representative", state: "active" },
  { account: "zoe", display_name: "Zoe", role: "representative", state: "active" },
  { account: "mia", display_name: "Mia", role: "member", state: "active" },
  { account: "old", display_name: "Old", role: "representative", state: "suspended" },
];

/** `refuse` says which code comes to which request; without `mayCopy` the browser copies nothing; `made` comes before a command. */
function show(isOn = true, refuse: Record<string, string> = {}, mayCopy = true, shown: SupportDevice[] = [WARD], made: () => Promise<void> = () => Promise.resolve()): { sent: string[]; copied: string[] } {
  const sent: string[] = [];
  const copied: string[] = [];
  let devices = shown;
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method !== "GET") sent.push(`${asked} ${String(init?.body ?? "")}`.trim());
    const code = refuse[asked];
    if (code !== undefined) return Promise.resolve(Response.json({ code }, { status: 409 }));
    if (asked === `DELETE support/devices/${WARD.id}`) devices = [];
    if (asked === `POST support/devices/${WARD.id}/renew`) devices = [{ ...WARD, ends_at: "2026-12-27T08:00:00Z" }];
    if (asked === `DELETE support/devices/${WARD.id}/grants/tom`) devices = [{ ...WARD, grants: [] }];
    if (asked === "GET support/devices") return Promise.resolve(Response.json({ devices }));
    if (asked === "GET people") return Promise.resolve(Response.json({ people: PEOPLE, invitations: [] }));
    if (asked === "POST support/devices/enrolments") {
      return made().then(() => Response.json({ link: "https://meet.example/enrol#c2VjcmV0", expires_at: "2026-11-27T08:10:00Z" }, { status: 201 }));
    }
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  const copy = (text: string): Promise<boolean> => {
    copied.push(text);
    return Promise.resolve(mayCopy);
  };
  const me = { role: "admin", permitted: { support: true, support_unattended: isOn } } as Me;
  render(
    <Announcer>
      <ComputersPage world={testWorld({ api, copy })} me={me} onHome={() => {}} onExpired={() => {}} />
    </Announcer>,
  );
  return { sent, copied };
}

afterEach(() => vi.useRealTimers());

const named = (name: string, ends_at: string | null, has_ended = false): SupportDevice => ({ ...WARD, id: name, name, ends_at, has_ended });

async function makeCommand(user: UserEvent, days?: string): Promise<void> {
  await user.click(await screen.findByRole("button", { name: "Enrol a computer" }));
  const sheet = await screen.findByRole("dialog", { name: "Enrol a computer" });
  const choice = within(sheet).getByLabelText("Ends after");
  if (days !== undefined) await user.selectOptions(choice, days);
  await user.click(within(sheet).getByRole("button", { name: "Make the command" }));
}

it("makes a link for one computer, as the command that is typed there", async () => {
  const user = userEvent.setup();
  const { sent, copied } = show();

  await makeCommand(user);

  const sheet = await screen.findByRole("alertdialog", { name: "Enrol a computer" });
  expect(sent).toEqual(['POST support/devices/enrolments {"days":365}']);
  await user.click(within(sheet).getByRole("button", { name: "Copy the command" }));
  expect(copied).toEqual(["echo 'https://meet.example/enrol#c2VjcmV0' | conclave-agent enrol -"]);
});

it("leads to the command by keyboard", async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole("button", { name: "Enrol a computer" }));
  const make = within(await screen.findByRole("dialog", { name: "Enrol a computer" })).getByRole("button", { name: "Make the command" });
  while (document.activeElement !== make) await user.tab();

  await user.keyboard("{Enter}");

  await screen.findByRole("alertdialog", { name: "Enrol a computer" });
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Run this at the computer as root/));
});

it("shows a command that comes after its sheet was closed in no other", async () => {
  const user = userEvent.setup();
  let come: (() => void) | undefined;
  const { sent } = show(true, {}, true, [WARD], () => new Promise((resolve) => (come = resolve)));
  await makeCommand(user);
  await waitFor(() => expect(sent).toHaveLength(1));
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

  await act(async () => come?.());

  await user.click(screen.getByRole("button", { name: "Enrol a computer" }));
  const sheet = await screen.findByRole("dialog", { name: "Enrol a computer" });
  expect(within(sheet).getByRole("button", { name: "Make the command" })).toBeTruthy();
  expect(screen.queryByText(/conclave-agent enrol/)).toBeNull();
});

it("leaves the focus where it is as the page comes", async () => {
  vi.useFakeTimers();
  show();
  // Whoever clicks beside everything as it comes.
  act(() => screen.getByRole("heading", { name: "Unattended computers" }).blur());

  await act(() => vi.advanceTimersByTimeAsync(1_000));

  expect(screen.getByText("ward-3")).toBeTruthy();
  expect(document.activeElement).toBe(document.body);
});

it("says above the list whose enrolment is over, ends before long, or has no end", async () => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-11-28T08:00:00Z"));
  const endless = [1, 2, 3, 4, 5, 6, 7].map((number) => named(`old-${number}`, null));
  show(true, {}, true, [named("late", "2026-12-28T08:00:00Z"), named("soon", "2026-12-28T07:59:59Z"), named("over", "2026-11-28T07:00:00Z", true), ...endless]);

  await act(() => vi.advanceTimersByTimeAsync(0));

  expect(screen.getByText("Over: over. Nobody is helped there until you change the end.")).toBeTruthy();
  expect(screen.getByText(/^Ends within 30 days: soon\./)).toBeTruthy();
  expect(screen.getByText(/^No end: old-1, old-2, old-3, old-4, old-5, and 2 more\./)).toBeTruthy();
});

it("says nothing above the list while every enrolment has an end that is far off", async () => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-11-28T08:00:00Z"));
  show();

  await act(() => vi.advanceTimersByTimeAsync(0));

  expect(screen.getByText(`Ends on ${formatDate(WARD.ends_at as string)}`)).toBeTruthy();
  expect(screen.queryByText(/^(Over|Ends within|No end):/)).toBeNull();
});

it("lets people help whose role does, and takes that back", async () => {
  const user = userEvent.setup();
  const { sent } = show();
  await user.click(await screen.findByRole("button", { name: "Who may help at ward-3" }));
  const sheet = await screen.findByRole("dialog", { name: "Who may help at ward-3" });
  const choice = within(sheet).getByLabelText("Person");
  await waitFor(() => expect(within(choice).getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["Choose somebody", "Zoe"]));

  await user.selectOptions(choice, "zoe");
  await user.click(within(sheet).getByRole("button", { name: "Let them help" }));
  await waitFor(() => expect(sent).toEqual([`POST support/devices/${WARD.id}/grants {"account":"zoe"}`]));
  await user.click(within(sheet).getByRole("button", { name: "Take back that Tom may help" }));

  await waitFor(() => expect(sent[1]).toBe(`DELETE support/devices/${WARD.id}/grants/tom`));
});

it("says what follows before a computer is taken out", async () => {
  const user = userEvent.setup();
  const { sent } = show();
  await user.click(await screen.findByRole("button", { name: "Take ward-3 out" }));
  const sheet = await screen.findByRole("alertdialog", { name: "Take “ward-3” out?" });
  expect(within(sheet).getByText(/ends at once/)).toBeTruthy();
  expect(sent).toEqual([]);

  await user.click(within(sheet).getByRole("button", { name: "Take out" }));

  await waitFor(() => expect(sent).toEqual([`DELETE support/devices/${WARD.id}`]));
});

it("keeps the focus in the sheet where a name goes, and says so to screen readers while it is open", async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole("button", { name: "Who may help at ward-3" }));
  const sheet = await screen.findByRole("dialog", { name: "Who may help at ward-3" });
  const button = within(sheet).getByRole("button", { name: "Take back that Tom may help" });
  while (document.activeElement !== button) await user.tab();
  await user.keyboard("{Enter}");

  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^They still need the name and password/));
  expect(within(sheet).getByText("Nobody")).toBeTruthy();
  const said = await screen.findByText(/^Taken back/);
  expect(said.closest("[role=status]")).toBeTruthy();
  expect(said.closest("[aria-hidden=true]")).toBeNull();
});

it("leads back to the page by keyboard when the computer is out", async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole("button", { name: "Take ward-3 out" }));
  const button = within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Take out" });
  while (document.activeElement !== button) await user.tab();
  await user.keyboard("{Enter}");

  expect(await screen.findByText("No computer is enrolled.")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Technicians whom you name/));
});

it("shows what the server refuses, and what the browser did not copy, where it was asked", async () => {
  const user = userEvent.setup();
  show(true, { [`DELETE support/devices/${WARD.id}`]: "computer_not_found" }, false);
  await makeCommand(user);
  const enrolling = await screen.findByRole("alertdialog", { name: "Enrol a computer" });
  await user.click(within(enrolling).getByRole("button", { name: "Copy the command" }));
  expect((await within(enrolling).findByText(/did not allow copying/)).closest("[role=status]")).toBeTruthy();
  await user.click(within(enrolling).getAllByRole("button", { name: "Close" })[0] as HTMLElement);

  await user.click(await screen.findByRole("button", { name: "Take ward-3 out" }));
  const revoking = await screen.findByRole("alertdialog", { name: "Take “ward-3” out?" });
  await user.click(within(revoking).getByRole("button", { name: "Take out" }));

  expect(await within(within(revoking).getByRole("alert")).findByText("There is no such computer, it was taken out, or its enrolment is over.")).toBeTruthy();
});

it("asks when an enrolment ends, and says in the sheet why it was refused", async () => {
  const user = userEvent.setup();
  const { sent } = show(true, { "POST support/devices/enrolments": "too_many_computers" });

  await makeCommand(user, "30");

  const sheet = await screen.findByRole("dialog", { name: "Enrol a computer" });
  const labels = within(within(sheet).getByLabelText("Ends after")).getAllByRole("option").map(({ textContent }) => textContent);
  expect(labels).toEqual(["30 days", "90 days", "A year", "Two years"]);
  expect(await within(within(sheet).getByRole("alert")).findByText(/^As many computers are enrolled/)).toBeTruthy();
  expect(sent).toEqual(['POST support/devices/enrolments {"days":30}']);
  await look();
});

it("tells when each enrolment ends, ended, or that it does not", async () => {
  const ended: SupportDevice = { ...WARD, id: "018f3a5c-0000-7000-8000-000000000002", name: "ward-4", has_ended: true, ends_at: "2026-11-20T08:00:00Z" };
  const { ends_at: _, ...endless }: SupportDevice = { ...WARD, id: "018f3a5c-0000-7000-8000-000000000003", name: "ward-5" };
  show(true, {}, true, [WARD, ended, endless]);

  const rows = (await screen.findAllByRole("row")).slice(1);
  expect(rows.map((row) => within(row).getAllByRole("gridcell")[0]?.textContent)).toEqual([
    `On line Ends on ${formatDate(WARD.ends_at as string)}`,
    `Over Ended on ${formatDate(ended.ends_at as string)}`,
    "On line No end",
  ]);
  await look();
});

it("gives an enrolment another end, and shows it", async () => {
  const user = userEvent.setup();
  const { sent } = show();
  await user.click(await screen.findByRole("button", { name: "Change the end of ward-3" }));
  const sheet = await screen.findByRole("dialog", { name: "When does the enrolment of “ward-3” end?" });
  expect(within(sheet).getByText(/what goes on there ends/)).toBeTruthy();
  await look();
  await user.selectOptions(within(sheet).getByLabelText("Ends after"), "30");
  const save = within(sheet).getByRole("button", { name: "Save the end" });
  while (document.activeElement !== save) await user.tab();

  await user.keyboard("{Enter}");

  await waitFor(() => expect(sent).toEqual([`POST support/devices/${WARD.id}/renew {"days":30}`]));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(await screen.findByText(`Ends on ${formatDate("2026-12-27T08:00:00Z")}`)).toBeTruthy();
});

it("enrols nothing where policy does not permit it", async () => {
  show(false);

  expect(await screen.findByText(/Policy does not permit/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Enrol a computer" })).toBeNull();
});
