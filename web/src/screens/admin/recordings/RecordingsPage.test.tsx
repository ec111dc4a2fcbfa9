import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { Api } from "../../../api/api.ts";
import type { AccountRole, Me, Recording, RecordingKey, RecordingList } from "../../../api/wire.ts";
import type { Opening } from "../../../recordings/opening.ts";
import { look } from "../../../test-accessible.ts";
import { testWorld } from "../../../test-world.ts";
import { Announcer } from "../../../ui/announcer.tsx";
import { RecordingsPage } from "./RecordingsPage.tsx";

const id = (number: number): string => `018f3a5c-0000-7000-8000-00000000000${number}`;
const KEY: RecordingKey = { id: id(1), fingerprint: "abcd", custodians: ["Amy", "Bo"], made_at: "2026-11-20T08:00:00Z", made_by_name: "Amara" };
const WHOLE: Recording = { id: id(2), key: KEY.id, session: id(3), state: "whole", feedback: "kept", begun_at: "2026-11-26T08:00:00Z", technician_name: "Tom", bytes: 1_024, keep_until: "2032-11-26T00:00:00Z", troubles: [], acknowledged: [] };
const INCOMPLETE: Recording = { ...WHOLE, id: id(4), state: "incomplete", feedback: "missing", technician_name: "Zoe", troubles: ["incomplete", "without_feedback"] };
const EARLIER: Recording = { ...WHOLE, id: id(5), state: "damaged", feedback: "elsewhere", technician_name: "Uma", troubles: ["damaged"] };
const LIST: RecordingList = { keys: [KEY], days: 2_190, bytes: 1_024, most_bytes: 2_097_152, incomplete: 1, damaged: 0, without_feedback: 0, devices: [{ id: id(6), name: "ward-3" }], recordings: [WHOLE, INCOMPLETE] };
const GOOD = "correct horse battery";

/** Its file says of whom it is; it opens by one passphrase. */
class FakeKeys {
  publicKey = Uint8Array.of(1, 2, 3);
  fingerprint: Uint8Array;
  constructor(fingerprint: Uint8Array) {
    this.fingerprint = fingerprint;
  }
  static generate(): FakeKeys {
    return new FakeKeys(Uint8Array.of(0xab, 0xcd));
  }
  static open(file: Uint8Array, passphrase: string): FakeKeys {
    if (passphrase !== GOOD) throw new Error("not opened");
    return new FakeKeys(file);
  }
  seal(): Uint8Array {
    return this.fingerprint;
  }
  free(): void {}
}

const load = (): Promise<Opening> => Promise.resolve({ RecordingKeys: FakeKeys } as unknown as Opening);

/** What is asked of the server, and saved, in its order; `refuse` says which code comes to which request. */
function show(refuse: Record<string, string> = {}, role: AccountRole = "owner", list: RecordingList = LIST): string[] {
  const done: string[] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (asked === "GET people") return Promise.resolve(Response.json({ people: [{ account: id(7), display_name: "Zoe" }] }));
    if (asked === "GET groups") return Promise.resolve(Response.json({ groups: [] }));
    if (asked.startsWith("GET support/recordings?") && !asked.includes("before")) {
      done.push(asked);
      if (refuse[asked] !== undefined) return Promise.resolve(Response.json({ code: refuse[asked] }, { status: 503 }));
      return Promise.resolve(Response.json({ ...list, recordings: [] }));
    }
    if (init?.method !== "GET") done.push(`${asked} ${String(init?.body ?? "")}`.trim());
    const code = refuse[asked];
    if (code !== undefined) return Promise.resolve(Response.json({ code }, { status: 409 }));
    if (asked === "GET support/recordings") return Promise.resolve(Response.json(list));
    if (asked === `GET support/recordings?before=${INCOMPLETE.id}`) return Promise.resolve(Response.json({ ...LIST, recordings: [EARLIER] }));
    if (asked === "POST support/recordings/keys") return Promise.resolve(Response.json(KEY, { status: 201 }));
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  const world = testWorld({ api, save: (name) => void done.push(`saved ${name}`) });
  render(
    <Announcer>
      <RecordingsPage world={world} me={{ role } as Me} onHome={() => {}} onExpired={() => {}} load={load} />
    </Announcer>,
  );
  return done;
}

async function openSheet(button: string | RegExp): Promise<HTMLElement> {
  await userEvent.setup().click(await screen.findByRole("button", { name: button }));
  return await screen.findByRole("dialog");
}

async function fill(sheet: HTMLElement, fields: Record<string, string>): Promise<void> {
  const user = userEvent.setup();
  for (const [label, text] of Object.entries(fields)) {
    await user.click(within(sheet).getByLabelText(label));
    await user.paste(text);
  }
}

/** Of a key with this fingerprint. */
async function choose(sheet: HTMLElement, ...fingerprint: number[]): Promise<void> {
  await userEvent.setup().upload(within(sheet).getByLabelText("Your key file"), new File([Uint8Array.from(fingerprint)], "mine.key"));
}

const MAKE = { "Custodians, one a line": "Amy", "Passphrase of the file": GOOD, "The same passphrase again": GOOD };
const WHY = { "Why do you want to see it?": "A complaint", "Passphrase of the file": GOOD };

it("says before anything else that something is missing, and names each row, its state and its act", async () => {
  show();

  expect(await screen.findByText(/^1 recording is incomplete/)).toBeTruthy();
  const row = within(screen.getByRole("table", { name: "Recordings" })).getAllByRole("row")[2] as HTMLElement;
  expect(within(row).getByRole("rowheader").textContent).toMatch(/Nov 26/);
  expect(within(row).getByText(/^INCOMPLETE/)).toBeTruthy();
  expect(within(row).getByRole("button", { name: /^Watch the recording of .+, Zoe$/ })).toBeTruthy();
});

it("says of whatever page what is damaged or without feedback, and leads to earlier recordings without losing the focus", async () => {
  show({}, "auditor", { ...LIST, damaged: 1, without_feedback: 2, next: INCOMPLETE.id });
  expect(await screen.findByText(/^1 recording is damaged/)).toBeTruthy();
  expect(screen.getByText(/^2 recordings are without feedback/)).toBeTruthy();
  expect(screen.getByText("MISSING: it never came")).toBeTruthy();
  const more = screen.getByRole("button", { name: "Earlier recordings" });
  const user = userEvent.setup();
  while (document.activeElement !== more) await user.tab();
  await user.keyboard("{Enter}");

  expect(await screen.findByText(/^DAMAGED/)).toBeTruthy();
  expect(screen.getByRole("button", { name: /^Watch the recording of .+, Uma$/ })).toBeTruthy();
  expect(screen.getAllByRole("row").length).toBe(4);
  expect(screen.queryByRole("button", { name: "Earlier recordings" })).toBeNull();
  await waitFor(() => expect(document.activeElement?.querySelector("table")).toBeTruthy());
});

it("finds recordings by who helped, where and how they stand, and tells of trouble also where none is found", async () => {
  const done = show();
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByLabelText("Technician"), await screen.findByRole("option", { name: "Zoe" }));
  await user.selectOptions(screen.getByLabelText("Computer where nobody sat"), "ward-3");
  await user.selectOptions(screen.getByLabelText("State"), "Incomplete");
  await user.click(screen.getByRole("button", { name: "Search" }));

  expect(await screen.findByText("No recording is like that.")).toBeTruthy();
  expect(screen.getByText(/^1 recording is incomplete/)).toBeTruthy();
  expect(done).toEqual([`GET support/recordings?technician=${id(7)}&device=${id(6)}&state=incomplete`]);
});

it("asks the same again after a search that failed", async () => {
  const search = `GET support/recordings?state=damaged`;
  const refuse: Record<string, string> = { [search]: "store_unavailable" };
  const done = show(refuse);
  const user = userEvent.setup();
  await user.selectOptions(await screen.findByLabelText("State"), "Damaged");
  await user.click(screen.getByRole("button", { name: "Search" }));
  const again = await screen.findByRole("button", { name: "Try again" });
  expect(screen.queryByText("No recording is like that.")).toBeNull();
  delete refuse[search];

  await user.click(again);

  expect(await screen.findByText("No recording is like that.")).toBeTruthy();
  expect(done).toEqual([search, search]);
});

it("asks nothing for days of which the last is before the first", async () => {
  const done = show();
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("From"), "2026-11-20");
  await user.type(screen.getByLabelText("To"), "2026-11-19");
  await user.click(screen.getByRole("button", { name: "Search" }));

  expect(await screen.findByText("The last day is before the first.")).toBeTruthy();
  expect(done).toEqual([]);
});

it("saves the file of a key before the server hears of the key, and says to screen readers that it is in force", async () => {
  const done = show();
  const sheet = await openSheet("Make another key");
  await fill(sheet, MAKE);
  await userEvent.setup().click(within(sheet).getByRole("button", { name: "Make it, and save its file" }));

  await waitFor(() => expect(done).toEqual(["saved recording-key-abcd.key", 'POST support/recordings/keys {"public":"AQID","custodians":["Amy"]}']));
  expect((await screen.findByText("The key is in force. Its file is among your downloads.")).closest("[role=status]")).toBeTruthy();
});

it("shows why the server refuses a key, where it was made", async () => {
  show({ "POST support/recordings/keys": "recording_key_known" });
  const sheet = await openSheet("Make another key");
  await fill(sheet, MAKE);
  await userEvent.setup().click(within(sheet).getByRole("button", { name: "Make it, and save its file" }));

  expect(await within(sheet).findByText("The organisation has this key already.")).toBeTruthy();
});

it("leads to the file where only that is lacking, and asks the server for nothing before a key opens that fits", async () => {
  const user = userEvent.setup();
  const done = show();
  const sheet = await openSheet(/^Watch the recording of .+, Tom$/);
  await fill(sheet, WHY);
  await user.click(within(sheet).getByRole("button", { name: "Open" }));
  const file = within(sheet).getByLabelText("Your key file");
  expect(document.activeElement).toBe(file);
  expect(within(sheet).getByText("Choose the file of your key.").id).toBe(file.getAttribute("aria-describedby"));

  await choose(sheet, 0x12, 0x34);
  await user.click(within(sheet).getByRole("button", { name: "Open" }));
  expect(await within(sheet).findByText("This file is of another key. The recording needs: abcd")).toBeTruthy();
  await fill(sheet, { "Passphrase of the file": "x" });
  await user.click(within(sheet).getByRole("button", { name: "Open" }));

  expect(await within(sheet).findByText(/^The file does not open/)).toBeTruthy();
  expect(done).toEqual([]);
});

it("offers another try where the list does not come, and does not lose the focus with it", async () => {
  const refuse: Record<string, string> = { "GET support/recordings": "busy" };
  show(refuse, "auditor");
  const again = await screen.findByRole("button", { name: "Try again" });
  delete refuse["GET support/recordings"];
  const user = userEvent.setup();
  while (document.activeElement !== again) await user.tab();
  await user.keyboard("{Enter}");

  expect(await screen.findByRole("table", { name: "Recordings" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Where your organisation keeps every support session/));
  expect(screen.queryByRole("button", { name: /Make/ })).toBeNull();
});

it("takes an acknowledgement with its reason, and for each trouble by itself", async () => {
  const done = show();
  const user = userEvent.setup();
  const sheet = await openSheet(/^Acknowledge: incomplete, the recording of .+, Zoe$/);
  expect(screen.getByRole("button", { name: /^Acknowledge: no feedback, the recording of .+, Zoe$/, hidden: true })).toBeTruthy();
  await user.click(within(sheet).getByRole("button", { name: "Acknowledge" }));
  expect(done).toEqual([]);
  await look();

  await fill(sheet, { "What is known of it, and why may it be left so?": "The ward lost power." });
  await user.click(within(sheet).getByRole("button", { name: "Acknowledge" }));

  await waitFor(() => expect(done).toEqual([`POST support/recordings/${INCOMPLETE.id}/acknowledgement {"trouble":"incomplete","reason":"The ward lost power."}`]));
  expect((await screen.findByText("That is acknowledged, and on record.")).closest("[role=status]")).toBeTruthy();
});

it("shows who has seen what and why, and offers it to nobody who may not", async () => {
  const seen = { trouble: "incomplete", at: "2026-11-27T08:00:00Z", by_name: "Amara", reason: "The ward lost power." } as const;
  show({}, "auditor", { ...LIST, incomplete: 0, recordings: [{ ...INCOMPLETE, acknowledged: [seen] }] });

  expect(await screen.findByText(/^Incomplete: seen by Amara, .*Nov 27.*\. The ward lost power\.$/)).toBeTruthy();
  expect(screen.queryByText(/recording is incomplete/)).toBeNull();
  expect(screen.queryByRole("button", { name: /^Acknowledge/ })).toBeNull();
});

it("says where else the fingerprint of a key is read, to be compared", async () => {
  show();

  expect(await screen.findByText(/reads the fingerprint of the first key in the question/)).toBeTruthy();
});
