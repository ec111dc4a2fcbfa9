/** The host controls the meeting: mute, ask, co-host, lobby, lock, screen. Each is told to whom it happens. */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { inTheRoom, joinByLink, openStage, received, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let host: Page;
let guest: Page;
let link: string;

beforeAll(async () => {
  stage = await openStage({ fps: 1 });
  host = await setUpOwner(stage, await stage.person());
  link = await startMeeting(host);
  guest = await joinByLink(await stage.person(), link, "Bo Lindqvist");
  await host.getByRole("button", { name: "People" }).click();
});
afterAll(() => stage.close());

// Shows: REQ-MT-08.
test("who is muted is told so, nothing of them arrives any more, and they alone unmute themselves", async () => {
  await until("sound arrives", () => soundPackets(host), (packets) => packets > 0);

  await host.getByRole("button", { name: "Mute Bo Lindqvist" }).click();

  await guest.getByText("You were muted, by a host or because the microphone stopped. You can unmute yourself at any time.").waitFor();
  await guest.getByRole("button", { name: "Unmute" }).waitFor();
  // What is on its way arrives still.
  const before = await until("no sound comes any more", noMoreSound, (packets) => packets !== null);

  await host.getByRole("button", { name: "Ask Bo Lindqvist to unmute" }).click();
  await guest.getByText("A host asks you to unmute.").waitFor();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(await soundPackets(host), before);
  await guest.getByRole("button", { name: "Unmute now" }).click();

  await until("sound arrives again", () => soundPackets(host), (packets) => packets > Number(before));
  await guest.getByText("A host asks you to unmute.").waitFor({ state: "detached" });
});

test("a camera that a host stops is off, and its person starts it again", async () => {
  await host.getByRole("button", { name: "Stop the camera of Bo Lindqvist" }).click();

  await guest.getByText("Your camera was stopped, by a host or by itself. You can start it again at any time.").waitFor();
  await guest.getByRole("button", { name: "Start camera" }).click();

  await host.getByRole("button", { name: "Stop the camera of Bo Lindqvist" }).waitFor();
});

// Shows: REQ-MT-08.
test("nobody new comes into a locked meeting, and everybody in it sees that", async () => {
  await host.getByRole("button", { name: "Lock the meeting" }).click();
  await guest.getByText("Locked", { exact: true }).waitFor();

  const late = await (await stage.person()).newPage();
  await late.goto(link);
  await late.getByLabel("Your name").fill("Eve");
  await late.getByRole("button", { name: "Join now" }).click();
  await late.getByText("The host has locked the meeting.").waitFor();
  await guest.reload();
  await inTheRoom(guest);
  await host.getByRole("button", { name: "Unlock the meeting" }).click();
  await guest.getByText("Locked", { exact: true }).waitFor({ state: "detached" });

  await late.getByRole("button", { name: "Join now" }).click();
  await inTheRoom(late);
  await late.context().close();
});

test("a co-host has the host's controls at once, and no longer than they are one", async () => {
  await guest.getByRole("button", { name: "People" }).click();
  await host.getByRole("button", { name: "Make co-host: Bo Lindqvist" }).click();
  await guest.getByRole("button", { name: "Lock the meeting" }).waitFor();

  await host.getByRole("button", { name: "No longer co-host: Bo Lindqvist" }).click();

  await guest.getByRole("button", { name: "Lock the meeting" }).waitFor({ state: "detached" });
});

test("the screen is for hosts alone, or for whom it was handed to", async () => {
  const share = guest.getByRole("button", { name: "Share", exact: true });
  await host.getByRole("button", { name: "Only hosts share" }).click();
  await until("the guest can't share", () => share.isDisabled(), Boolean);

  await host.getByRole("button", { name: "Let only Bo Lindqvist share" }).click();

  await guest.getByText("The screen is yours: only you can share now.").waitFor();
  await until("the guest can share", () => share.isEnabled(), Boolean);
  await until("the host can't", () => host.getByRole("button", { name: "Share", exact: true }).isDisabled(), Boolean);
  await host.getByRole("button", { name: "Everyone may share" }).click();
  await until("everybody can", () => host.getByRole("button", { name: "Share", exact: true }).isEnabled(), Boolean);
});

/** How many packets came in all; `null` while more come. */
async function noMoreSound(): Promise<number | null> {
  const before = await soundPackets(host);
  await host.waitForTimeout(1_000);
  return (await soundPackets(host)) === before ? before : null;
}

async function soundPackets(page: Page): Promise<number> {
  const streams = await received(page);
  return streams.filter(({ kind }) => kind === "audio").reduce((sum, { packets }) => sum + packets, 0);
}
