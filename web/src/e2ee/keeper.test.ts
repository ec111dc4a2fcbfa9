import { describe, expect, it } from "vitest";

import { type Person, TestMeeting, text } from "../test-meeting.ts";
import { ACCOUNT, LastingCupboard, TestBrowser, VaultServer } from "../test-vault.ts";
import { PageCupboard } from "./cupboard.ts";
import type { Attachment } from "./orders.ts";
import { passcodeOf } from "./passcode.ts";

const FRAME = Uint8Array.of(0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01, 5, 6, 7, 8);
const CAMERA = { id: 1, side: "out", kind: "camera", codec: "vp8", name: "one" } as const;

function from(person: Person, id = 2): Attachment & { side: "in" } {
  return { id, side: "in", participant: person.participant, kind: "camera", codec: "vp8", name: "one" };
}

/** How often they asked for a turn. */
function asked(person: Person): number {
  return person.news.filter((news) => news.news === "send" && news.message.type === "mls_join").length;
}

/** Ann, who made the meeting's group, and Bo, some seconds later. */
async function two(): Promise<{ meeting: TestMeeting; ann: Person; bo: Person }> {
  const meeting = new TestMeeting();
  const ann = await meeting.enter({ name: "Ann" });
  const bo = await meeting.enter({ name: "Bo" });
  await meeting.pass(5_000);
  return { meeting, ann, bo };
}

describe("two who have the link", () => {
  it("come to be encrypted, with the same code and the names that they gave themselves", async () => {
    const { ann, bo } = await two();

    expect([ann.standing, bo.standing]).toEqual([{ at: "on" }, { at: "on" }]);
    expect(ann.code).toMatch(/^\d{5}( \d{5}){5}$/);
    expect(bo.code).toBe(ann.code);
    expect(bo.occupants.map(({ name, isVerified }) => [name, isVerified])).toEqual([
      ["Ann", false],
      ["Bo", false],
    ]);
  });

  it("see each other's pictures, and nothing that was not sealed by the one it is shown for", async () => {
    const { ann, bo } = await two();
    const sealed = ann.frames.seal(CAMERA, "vp8", FRAME);
    if (sealed === null) throw new Error("not sealed");

    expect(sealed).not.toEqual(FRAME);
    expect(bo.frames.open(from(bo, 3), "vp8", sealed)).toBeNull();
    expect(bo.frames.open(from(ann), "vp8", sealed)).toEqual(FRAME);
    expect(bo.frames.open(from(ann), "vp8", sealed)).toBeNull();
    expect(bo.frames.open(from(ann), "vp8", FRAME)).toBeNull();
  });

  it("take no track for another: not of another kind, codec or publication", async () => {
    const { ann, bo } = await two();
    const sealed = ann.frames.seal(CAMERA, "vp8", FRAME) ?? FRAME;

    expect(bo.frames.open({ ...from(ann, 3), kind: "screen" }, "vp8", sealed)).toBeNull();
    expect(bo.frames.open({ ...from(ann, 4), name: "two" }, "vp8", sealed)).toBeNull();
    expect(bo.frames.open(from(ann, 5), "vp9", sealed)).toBeNull();
    expect(bo.frames.open(from(ann), "vp8", sealed)).toEqual(FRAME);
  });

  it("read each other's messages under their subject and topic, and no others", async () => {
    const { ann, bo } = await two();
    const sealed = ann.frames.sealMessage("chat", "topic", text("hello")) ?? text("");

    expect(bo.frames.openMessage(ann.participant, "app", "topic", sealed)).toBeNull();
    expect(bo.frames.openMessage(ann.participant, "chat", "other", sealed)).toBeNull();
    expect(bo.frames.openMessage(ann.participant, "chat", "topic", text("hello"))).toBeNull();
    expect(bo.frames.openMessage(ann.participant, "chat", "topic", sealed)).toEqual(text("hello"));
  });

  it("go on when a track changes its codec, and when it ends", async () => {
    const { ann, bo } = await two();
    for (const codec of ["vp8", "vp9", "vp8"] as const) {
      const sealed = ann.frames.seal(CAMERA, codec, FRAME) ?? FRAME;
      expect(bo.frames.open(from(ann), codec, sealed)).toEqual(FRAME);
    }
    ann.frames.ended(CAMERA.id);
    bo.frames.ended(2);
    const sealed = ann.frames.seal(CAMERA, "vp8", FRAME) ?? FRAME;

    expect(bo.frames.open(from(ann), "vp8", sealed)).toEqual(FRAME);
  });
});

describe("somebody whose connection is lost", () => {
  it("is nobody to be warned of as long as the server keeps their place", async () => {
    const { meeting, ann, bo } = await two();
    meeting.away = [bo.participant];
    meeting.drop(bo);
    await meeting.pass(30_000);

    expect(ann.last("difference")?.difference.strangers ?? []).toEqual([]);
  });

  it("is missed by nobody where they were not in the group", async () => {
    const { meeting, ann } = await two();
    const cy = await meeting.enter({ name: "Cy", fragment: "A".repeat(43) });
    meeting.away = [cy.participant];
    meeting.drop(cy);
    await meeting.pass(30_000);

    expect(ann.last("difference")?.difference.outsiders ?? []).toEqual([]);
  });

  it("is shown when the server hides them", async () => {
    const { meeting, ann, bo } = await two();
    meeting.drop(bo);
    await meeting.pass(30_000);

    expect(ann.last("difference")?.difference.strangers).toEqual([bo.participant]);
  });
});

it("somebody whose name could pass for another is told so", async () => {
  const cy = await new TestMeeting().enter({ name: "Cy\u{202e}" });

  expect(cy.standing).toEqual({ at: "bad_name" });
});

it("somebody in the meeting who is no participant of ours ends nobody's encryption", async () => {
  const { meeting, ann } = await two();
  meeting.order(ann, { order: "people", people: { present: [ann.participant, "agent"], away: ["other"], hosts: [], atTheDoor: [] } });
  await meeting.settle();

  expect(ann.standing).toEqual({ at: "on" });
});

it("who leaves is forgotten, also where it failed", async () => {
  const meeting = new TestMeeting();
  const forgotten: string[] = [];
  class Noting extends PageCupboard {
    override forget(owner: string): Promise<void> {
      forgotten.push(owner);
      return super.forget(owner);
    }
  }
  const cy = await meeting.enter({ name: "Cy", cupboard: new Noting() });
  cy.keeper.fail();
  meeting.order(cy, { order: "leave" });
  await meeting.settle();

  expect(forgotten).toEqual([`guest ${cy.participant}`]);
});

it("who asks for the key asks no more after a failure", async () => {
  const { meeting, ann } = await two();
  meeting.hosts = [ann.participant];
  const cy = await meeting.enter({ name: "Cy", fragment: null });
  cy.keeper.fail();
  const before = cy.news.length;
  await meeting.pass(10_000);

  expect(cy.news.length).toBe(before);
});

describe("somebody without the link's secret", () => {
  it("is in no group, seals nothing and opens nothing", async () => {
    const { meeting, ann, bo } = await two();
    const cy = await meeting.enter({ name: "Cy", fragment: "A".repeat(43) });
    await meeting.pass(20_000);

    const sealed = ann.frames.seal(CAMERA, "vp8", FRAME) ?? FRAME;
    expect(cy.standing?.at).not.toBe("on");
    expect(cy.frames.open(from(ann), "vp8", sealed)).toBeNull();
    expect(cy.frames.seal(CAMERA, "vp8", FRAME)).toBeNull();
    expect(ann.occupants.map(({ name }) => name).toSorted()).toEqual(["Ann", "Bo"]);
    expect([ann.standing, bo.standing]).toEqual([{ at: "on" }, { at: "on" }]);
    expect(bo.code).toBe(ann.code);
    expect(ann.last("difference")?.difference.outsiders).toEqual([cy.participant]);
  });

  it("is shown to wait for a key while frames come", async () => {
    const { meeting, ann } = await two();
    const cy = await meeting.enter({ name: "Cy", fragment: "A".repeat(43) });
    for (let count = 0; count < 40; count += 1) {
      cy.frames.open(from(ann), "vp8", ann.frames.seal(CAMERA, "vp8", FRAME) ?? FRAME);
      await meeting.pass(50);
    }

    expect(cy.locked).toEqual([ann.participant]);
  });
});

/** An account with a vault, as the server and a browser of it have it. */
async function hosting(): Promise<{ cupboard: LastingCupboard; hostKey: string; server: VaultServer }> {
  const server = new VaultServer();
  const browser = new TestBrowser(server, "Desk");
  const state = await browser.page().refresh();
  if (state.at !== "open") throw new Error("no vault");
  return { cupboard: browser.cupboard, hostKey: state.content.hostKey, server };
}

/** A host whose key is in the link, and a guest who looks at them. */
async function hosted(): Promise<{ meeting: TestMeeting; guest: Person; host: Person; server: VaultServer }> {
  const { cupboard, hostKey, server } = await hosting();
  const meeting = new TestMeeting();
  const fragment = `${meeting.secret}.${hostKey}`;
  const guest = await meeting.enter({ name: "Bo", fragment });
  await meeting.pass(1_000);
  expect(guest.standing).toEqual({ at: "waiting_for_host" });
  const host = await meeting.enter({ name: "Dr Ann", fragment, account: ACCOUNT, cupboard });
  await meeting.pass(20_000);
  expect([guest.standing, host.standing]).toEqual([{ at: "on" }, { at: "on" }]);
  return { meeting, guest, host, server };
}

function alarms(person: Person): string[] {
  return person.news.flatMap((news) => (news.news === "alarm" ? [news.what] : []));
}

describe("a meeting whose link names its host", () => {
  it("waits for the host, who is then known by the link and by the list of their devices", async () => {
    const { meeting, guest, host, server } = await hosted();
    const shown = (): unknown[] => guest.occupants.map(({ name, isHost, standing, isVerified, device }) => ({ name, isHost, standing, isVerified, device }));
    const bo = { name: "Bo", isHost: false, standing: "guest", isVerified: false, device: null };
    expect(guest.last("devices")?.participant).toBe(host.participant);
    expect(shown()).toEqual([{ name: "Dr Ann", isHost: true, standing: "host account", isVerified: false, device: "checking" }, bo]);

    meeting.order(guest, { order: "devices", participant: host.participant, account: ACCOUNT, entries: server.served.devices });
    await meeting.settle();

    expect(shown()).toEqual([{ name: "Dr Ann", isHost: true, standing: "host account", isVerified: true, device: "listed" }, bo]);
    expect(alarms(guest)).toEqual([]);
  });

  it("gives no badge to a device that is on no list, and warns", async () => {
    const { meeting, guest, host, server } = await hosted();
    const foreign = await hosting();
    for (const [account, entries] of [
      ["", []],
      [ACCOUNT, []],
      ["018f3a5c-0000-7000-8000-00000000bbbb", server.served.devices],
      [ACCOUNT, foreign.server.served.devices],
    ] as const) {
      meeting.order(guest, { order: "devices", participant: host.participant, account, entries });
      await meeting.settle();
      expect(guest.occupants[0]).toMatchObject({ isVerified: false, device: "unknown" });
    }

    expect([...new Set(alarms(guest))]).toEqual(["unlisted"]);
  });

  it("warns of a list that is shorter than it was", async () => {
    const { meeting, guest, host, server } = await hosted();
    await guest.heads.put(ACCOUNT, { length: 2, hash: new Uint8Array(32), version: 0 });
    meeting.order(guest, { order: "devices", participant: host.participant, account: ACCOUNT, entries: server.served.devices });
    await meeting.settle();

    expect(alarms(guest)).toEqual(["devices", "unlisted"]);
    expect(guest.occupants[0]?.isVerified).toBe(false);
  });
});

it("the next group of a closed meeting has nobody in it whom its host did not let in", async () => {
  const { cupboard, hostKey } = await hosting();
  const meeting = new TestMeeting();
  const fragment = `${meeting.secret}.${hostKey}`;
  meeting.isClosed = true;
  const host = await meeting.enter({ name: "Dr Ann", fragment, account: ACCOUNT, cupboard });
  meeting.hosts = [host.participant];
  const bo = await meeting.enter({ name: "Bo", fragment });
  const cy = await meeting.enter({ name: "Cy", fragment });
  meeting.order(host, { order: "admitted", participant: bo.participant });
  await meeting.pass(10_000);

  expect([host.standing, bo.standing, cy.standing]).toEqual([{ at: "on" }, { at: "on" }, { at: "waiting_for_voucher" }]);
  expect(host.occupants.map(({ name }) => name)).toEqual(["Dr Ann", "Bo"]);
});

it("each browser of the host lets people into a closed meeting, also when the first is gone", async () => {
  const server = new VaultServer();
  const [desk, phone] = [new TestBrowser(server, "Desk"), new TestBrowser(server, "Phone")];
  const [first, second] = [desk.page(), phone.page()];
  const known = await first.refresh();
  const outside = await second.refresh();
  await second.ask();
  await first.approve(outside.at === "outside" ? outside.code : "");
  await second.refresh();
  const meeting = new TestMeeting();
  const link = { account: ACCOUNT, fragment: `${meeting.secret}.${known.at === "open" ? known.content.hostKey : ""}` };
  meeting.isClosed = true;
  const one = await meeting.enter({ ...link, name: "Dr Ann", cupboard: desk.cupboard });
  const other = await meeting.enter({ ...link, name: "Dr Ann, by phone", cupboard: phone.cupboard });
  await meeting.pass(10_000);
  expect(other.occupants.map(({ isHost }) => isHost)).toEqual([true, true]);

  meeting.drop(one);
  const bo = await meeting.enter({ name: "Bo", fragment: link.fragment });
  meeting.order(other, { order: "admitted", participant: bo.participant });
  await meeting.pass(20_000);

  expect(bo.occupants.map(({ name }) => name)).toContain("Bo");
});

it("a browser that is not among the account's comes in as a guest", async () => {
  const meeting = new TestMeeting();
  const ann = await meeting.enter({ name: "Ann", account: ACCOUNT, cupboard: new LastingCupboard() });
  await meeting.pass(5_000);

  expect(ann.standing).toEqual({ at: "on" });
  expect(ann.occupants[0]).toMatchObject({ standing: "guest", device: null });
});

it("keys that are not in their form are replaced for this page alone", async () => {
  const meeting = new TestMeeting();
  const cupboard = new LastingCupboard();
  await cupboard.take(`account ${ACCOUNT}`, () => new Uint8Array(3));
  const ann = await meeting.enter({ account: ACCOUNT, cupboard });
  await meeting.pass(5_000);

  expect(ann.standing).toEqual({ at: "on" });
  expect((await cupboard.take(`account ${ACCOUNT}`, () => new Uint8Array(1))).bytes).toHaveLength(3);
});

interface Knock {
  isLetIn?: boolean;
  passcode?: string | null;
}

/** Cy, with the code, and two hosts. */
async function knocking({ isLetIn = true, passcode = null }: Knock = {}): Promise<{ meeting: TestMeeting; ann: Person; bo: Person; cy: Person }> {
  const { meeting, ann, bo } = await two();
  meeting.hosts = [ann.participant, bo.participant];
  const cy = await meeting.enter({ name: "Cy", fragment: null, passcode });
  if (isLetIn) meeting.order(bo, { order: "admitted", participant: cy.participant });
  await meeting.pass(10_000);
  return { meeting, ann, bo, cy };
}

const ON = { at: "on" };

describe("somebody who came by code", () => {
  it("without the passcode is sent what the link holds when the host who let them in says so, and is marked there", async () => {
    const { meeting, ann, bo, cy } = await knocking();
    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "asking", hasPasscode: false }, undefined]);
    expect(bo.last("asker")?.asker).toEqual({ participant: cy.participant, why: "no_passcode" });
    expect(ann.last("asker")).toBeUndefined();

    meeting.order(bo, { order: "allow", participant: cy.participant });
    await meeting.pass(10_000);

    expect(cy.last("fragment")).toMatchObject({ fragment: meeting.secret, isVerified: false });
    expect(bo.last("answered")).toMatchObject({ participant: cy.participant, isVerified: false });
    expect([ann.standing, bo.standing, cy.standing]).toEqual([ON, ON, ON]);
    expect(cy.code).toBe(ann.code);
    expect(bo.occupants.find(({ name }) => name === "Cy")?.isByCode).toBe(true);
    expect(ann.occupants.find(({ name }) => name === "Cy")?.isByCode).toBe(false);
    const letters = bo.news.filter((news) => news.news === "send" && news.message.type === "mls_letter");
    expect(JSON.stringify(letters)).not.toContain(meeting.secret);
  });

  it("with the passcode needs no further word, and is known like one with the link", async () => {
    const { meeting, ann, bo } = await two();
    meeting.hosts = [ann.participant, bo.participant];
    const cy = await meeting.enter({ name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret) });
    meeting.order(bo, { order: "admitted", participant: cy.participant });
    await meeting.pass(10_000);

    expect(cy.last("fragment")).toMatchObject({ fragment: meeting.secret, isVerified: true });
    expect([ann.standing, bo.standing, cy.standing]).toEqual([ON, ON, ON]);
    expect(bo.occupants.find(({ name }) => name === "Cy")?.isByCode).toBe(false);
  });

  it("with a wrong passcode is told so, as is the host, and may try again or without", async () => {
    const { meeting, bo, cy } = await knocking({ passcode: "000000" });
    expect(cy.standing).toEqual({ at: "wrong_passcode" });
    expect(bo.last("asker")?.asker).toEqual({ participant: cy.participant, why: "wrong_passcode" });
    expect(bo.last("guesses")?.count).toBe(1);

    meeting.order(cy, { order: "passcode", passcode: "111111" });
    await meeting.pass(10_000);
    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "wrong_passcode" }, undefined]);
    meeting.order(cy, { order: "passcode", passcode: await passcodeOf(meeting.secret) });
    await meeting.pass(10_000);

    expect(cy.standing).toEqual(ON);
    expect(cy.last("fragment")?.isVerified).toBe(true);
  });

  // Shows: REQ-AC-02.
  it("is refused with the passcode that held before a host changed it, and comes in with the next, and nobody is put out", async () => {
    const { meeting, ann, bo } = await two();
    meeting.hosts = [ann.participant, bo.participant];
    const cy = await meeting.enter({ name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret) });
    meeting.order(bo, { order: "passcode_changed", number: 1 });
    meeting.order(ann, { order: "passcode_number", number: 1 });
    meeting.order(bo, { order: "admitted", participant: cy.participant });
    await meeting.pass(10_000);
    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "wrong_passcode" }, undefined]);

    // A server that takes it back is not followed.
    meeting.order(bo, { order: "passcode_number", number: 0 });
    meeting.order(cy, { order: "passcode", passcode: await passcodeOf(meeting.secret) });
    await meeting.pass(10_000);
    expect(cy.standing).toEqual({ at: "wrong_passcode" });

    meeting.order(cy, { order: "passcode", passcode: await passcodeOf(meeting.secret, 1) });
    await meeting.pass(10_000);
    expect(cy.last("fragment")?.isVerified).toBe(true);
    expect([ann.standing, bo.standing, cy.standing]).toEqual([ON, ON, ON]);
  });

  // Shows: REQ-AC-02.
  it("finds the guesses counted on where the server says that the passcode was changed, and anew where the host here changed it", async () => {
    const meeting = new TestMeeting();
    const ann = await meeting.enter({ name: "Ann", guesses: 10 });
    meeting.hosts = [ann.participant];
    meeting.order(ann, { order: "passcode_number", number: 1 });
    const cy = await meeting.enter({ name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret, 1) });
    meeting.order(ann, { order: "admitted", participant: cy.participant });
    await meeting.pass(10_000);
    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "passcode_spent" }, undefined]);

    meeting.order(ann, { order: "passcode_changed", number: 2 });
    meeting.order(cy, { order: "passcode", passcode: await passcodeOf(meeting.secret, 2) });
    await meeting.pass(10_000);
    expect(ann.last("guesses")?.count).toBe(0);
    expect(cy.last("fragment")?.isVerified).toBe(true);
  });

  it("with a right passcode gets nothing from a host whose page took too many wrong ones, also before a reload", async () => {
    const meeting = new TestMeeting();
    const ann = await meeting.enter({ name: "Ann", guesses: 10 });
    meeting.hosts = [ann.participant];
    const cy = await meeting.enter({ name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret) });
    meeting.order(ann, { order: "admitted", participant: cy.participant });
    await meeting.pass(10_000);

    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "passcode_spent" }, undefined]);
    expect(ann.last("asker")?.asker.why).toBe("passcode_spent");
  });

  it("gets nothing from whoever let in another, or thought again", async () => {
    const { meeting, ann, bo } = await two();
    meeting.hosts = [ann.participant, bo.participant];
    const cy = await meeting.enter({ name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret) });
    meeting.order(ann, { order: "admitted", participant: bo.participant });
    meeting.order(ann, { order: "allow", participant: cy.participant });
    meeting.order(bo, { order: "admitted", participant: cy.participant });
    meeting.order(bo, { order: "denied", participant: cy.participant });
    await meeting.pass(10_000);

    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "asking", hasPasscode: true }, undefined]);
  });

  it("gets nothing where nobody let them in, whatever the server says", async () => {
    const { cy } = await knocking({ isLetIn: false });

    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "asking", hasPasscode: false }, undefined]);
    expect(cy.news.filter((news) => news.news === "send").length).toBeGreaterThan(4);
  });
});

/** Cy, and two hosts. */
async function waiting(passcode: string | null | undefined): Promise<{ meeting: TestMeeting; ann: Person; bo: Person; cy: Person }> {
  const { meeting, ann, bo } = await two();
  meeting.hosts = [ann.participant, bo.participant];
  const cy = await meeting.knock(passcode === undefined ? await passcodeOf(meeting.secret) : passcode);
  await meeting.pass(10_000);
  return { meeting, ann, bo, cy };
}

function letters(person: Person): number {
  return person.news.filter((news) => news.news === "send" && news.message.type === "mls_letter").length;
}

describe("somebody in the lobby who is asked for the passcode", () => {
  // Shows: REQ-AC-02.
  it("shows a host that they know it, and has nothing of the meeting before they are let in", async () => {
    const { meeting, ann, bo, cy } = await waiting(undefined);
    const known = [ann, bo].filter((host) => host.last("knows")?.participant === cy.participant);
    expect(known.length).toBeGreaterThan(0);
    expect([cy.standing, cy.last("fragment")]).toEqual([{ at: "asking", hasPasscode: true }, undefined]);
    expect([ann.last("asker"), bo.last("asker"), ann.last("answered"), bo.last("answered")]).toEqual([undefined, undefined, undefined, undefined]);

    meeting.order(cy, { order: "knock", door: { meeting: "", participant: "", fragment: null, passcode: null, isPasscodeSpent: false, passcodeNumber: 0 }, hosts: [] });
    await meeting.settle();
    const before = letters(cy);
    await meeting.pass(10_000);
    expect(letters(cy)).toBe(before);

    meeting.order(bo, { order: "admitted", participant: cy.participant });
    await meeting.enter({ person: cy, name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret) });
    await meeting.pass(10_000);

    expect([ann.standing, bo.standing, cy.standing]).toEqual([ON, ON, ON]);
    expect(cy.last("fragment")?.isVerified).toBe(true);
  });

  it("writes to nobody without one, and is told after a wrong one, as is the host", async () => {
    const { meeting, ann, bo, cy } = await waiting(null);
    expect([cy.standing, letters(cy)]).toEqual([{ at: "asking", hasPasscode: false }, 0]);

    meeting.order(cy, { order: "passcode", passcode: "000000" });
    await meeting.pass(10_000);
    expect(cy.standing).toEqual({ at: "wrong_passcode" });
    const asker = { participant: cy.participant, why: "wrong_passcode" };
    expect([ann, bo].map((host) => host.last("asker")?.asker)).toContainEqual(asker);

    meeting.order(cy, { order: "passcode", passcode: await passcodeOf(meeting.secret) });
    await meeting.pass(10_000);
    expect([ann, bo].map((host) => host.last("knows")?.participant)).toContain(cy.participant);
  });

  // Shows: REQ-AC-02.
  it("shows it without typing anything where they have the link", async () => {
    const { meeting, ann, bo } = await two();
    meeting.hosts = [ann.participant, bo.participant];
    const cy = await meeting.knock(null, meeting.secret);
    await meeting.pass(10_000);

    expect(cy.standing).toEqual({ at: "asking", hasPasscode: true });
    expect([ann, bo].map((host) => host.last("knows")?.participant)).toContain(cy.participant);
  });

  it("is told after half a minute that nobody answers, and not that it is wrong, where nothing follows from it", async () => {
    const { meeting, cy } = await waiting(undefined);
    await meeting.pass(40_000);
    expect(cy.standing).toEqual({ at: "unanswered" });

    meeting.order(cy, { order: "passcode", passcode: await passcodeOf(meeting.secret) });
    await meeting.pass(5_000);
    expect(cy.standing).toEqual({ at: "asking", hasPasscode: true });
  });

  it("is asked for nothing by a host whom the server told of nobody in the lobby", async () => {
    const { meeting, ann, bo } = await two();
    meeting.hosts = [ann.participant, bo.participant];
    const cy = await meeting.enter({ name: "Cy", fragment: null, passcode: await passcodeOf(meeting.secret) });
    await meeting.pass(10_000);

    expect([ann.last("knows"), bo.last("knows"), cy.last("fragment")]).toEqual([undefined, undefined, undefined]);
  });
});

describe("who comes back", () => {
  it("after a reload has the same place again, and new keys", async () => {
    const meeting = new TestMeeting();
    const cupboard = new PageCupboard();
    const ann = await meeting.enter({ name: "Ann" });
    const before = await meeting.enter({ name: "Bo", number: 7, cupboard });
    await meeting.pass(5_000);
    const old = ann.code;
    meeting.drop(before);
    const bo = await meeting.enter({ name: "Bo", number: 7, cupboard });
    await meeting.pass(5_000);

    expect([ann.standing, bo.standing]).toEqual([{ at: "on" }, { at: "on" }]);
    expect(ann.occupants.map(({ name }) => name)).toEqual(["Ann", "Bo"]);
    expect(bo.code).toBe(ann.code);
    expect(bo.code).not.toBe(old);
    const sealed = bo.frames.seal(CAMERA, "vp8", FRAME) ?? FRAME;
    expect(ann.frames.open(from(bo), "vp8", sealed)).toEqual(FRAME);
  });

  it("to the channel asks for their turn again, and only who waits for one", async () => {
    const { meeting, ann, bo } = await two();
    const lonely = new TestMeeting();
    const fragment = `${lonely.secret}.${lonely.secret}`;
    // Whoever is first has the turn until its lease ends.
    await lonely.enter({ fragment });
    const waiting = await lonely.enter({ fragment });
    const before = [ann, bo, waiting].map(asked);
    for (const person of [ann, bo]) meeting.order(person, { order: "again" });
    lonely.order(waiting, { order: "again" });
    await meeting.settle();
    await lonely.settle();

    expect([ann, bo, waiting].map(asked)).toEqual(before.map((count, at) => (at === 2 ? count + 1 : count)));
  });

  it("after an interruption says where they stand, and enters again where they are too far behind", async () => {
    const { meeting, bo } = await two();
    const said = bo.news.findLast((news) => news.news === "send" && news.message.type === "mls_processed");
    if (said?.news !== "send" || said.message.type !== "mls_processed") throw new Error("nothing was said");
    const { group, epoch } = said.message;
    const answers: string[] = [];
    for (const current of [
      { id: group, epoch, replays_from: 0 },
      { id: group, epoch: epoch + 2, replays_from: epoch },
      { id: group, epoch: epoch + 9, replays_from: epoch + 1 },
    ]) {
      const before = bo.news.length;
      meeting.order(bo, { order: "compare", group: current });
      await meeting.settle();
      answers.push(...bo.news.slice(before).flatMap((news) => (news.news === "send" ? [news.message.type] : [])));
    }

    expect(answers.slice(0, 3)).toEqual(["mls_processed", "mls_processed", "mls_join"]);
  });

  it("after leaving has kept nothing", async () => {
    const { meeting, bo } = await two();
    meeting.order(bo, { order: "leave" });
    await meeting.settle();

    expect(bo.keeper.member).toBeNull();
    expect(bo.frames.seal(CAMERA, "vp8", FRAME)).toBeNull();
  });
});

describe("a server that talks nonsense", () => {
  it("is not listened to, and disturbs nobody", async () => {
    const { meeting, ann, bo } = await two();
    meeting.say(bo, { type: "mls_heartbeat", bytes: "%" });
    meeting.say(bo, { type: "mls_slot", kind: "commit", group: "AAAA", epoch: 1, lease_ms: 1 });
    meeting.say(bo, { type: "mls_refused", reason: "of another version" as "stale" });
    await meeting.pass(5_000);

    expect(bo.standing).toEqual({ at: "on" });
    const sealed = ann.frames.seal(CAMERA, "vp8", FRAME) ?? FRAME;
    expect(bo.frames.open(from(ann), "vp8", sealed)).toEqual(FRAME);
  });

  it("to somebody who waits for the key either", async () => {
    const { meeting, ann } = await two();
    meeting.hosts = [ann.participant];
    const cy = await meeting.enter({ name: "Cy", fragment: null });
    for (const bytes of ["%", "AAAA", ""]) meeting.say(cy, { type: "mls_letter", from: ann.participant, bytes });
    meeting.say(cy, { type: "mls_letter", from: "nobody", bytes: "AAAA" });
    await meeting.settle();

    expect(cy.standing).toEqual({ at: "asking", hasPasscode: false });
  });

  it("and one that forges a commit is shown", async () => {
    const { meeting, ann, bo } = await two();
    const group = bo.news.findLast((news) => news.news === "send" && news.message.type === "mls_commit");
    if (group?.news !== "send" || group.message.type !== "mls_commit") throw new Error("nobody committed");
    meeting.say(bo, { kind: "mls_commit", group: group.message.group, epoch: group.message.epoch + 1, sender: ann.participant, commit: group.message.commit });
    await meeting.settle();

    expect(bo.last("alarm")).toMatchObject({ what: "commit", participant: ann.participant });
  });
});
