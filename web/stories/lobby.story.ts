/** People come by code: the host sees and hears them knock, lets one in and turns another away. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";

import { inTheRoom, openStage, setUpOwner, type Stage, startMeeting, until } from "./stage.ts";

let stage: Stage;
let host: Page;
let code: string;

beforeAll(async () => {
  stage = await openStage({ fps: 2 });
  const context = await stage.person();
  await context.addInitScript(listenToThePage);
  host = await setUpOwner(stage, context);
  const link = await startMeeting(host);
  code = /\/j\/([\d-]+)/.exec(link)?.[1] ?? "";
});
afterAll(() => stage.close());

test("who has only the code waits, and the host hears and sees it", async () => {
  const before = await loudness(host);
  const guest = await knock("Cy Marin");

  await guest.getByRole("heading", { name: "Please wait a moment" }).waitFor();
  await guest.getByText("keeps none of it").waitFor();
  await host.getByRole("region", { name: "Waiting to come in" }).getByText("Cy Marin wants to come in").waitFor();
  await until("the title says so", () => host.title(), (title) => title.startsWith("(1) Someone is waiting"));
  await until("the knock is heard", () => loudness(host), (sum) => sum > before + AUDIBLE);

  await guest.getByLabel("Your camera picture").waitFor();
  await guest.getByRole("button", { name: "Stop camera" }).click();
  await guest.getByLabel("Your camera picture").waitFor({ state: "detached" });
  const silence = await loudness(guest);
  await host.getByRole("button", { name: "Let in Cy Marin" }).click();
  await inTheRoom(guest);
  await until("the guest hears that they are in", () => loudness(guest), (sum) => sum > silence + AUDIBLE);
  await guest.getByRole("button", { name: "Start camera" }).waitFor();
  await host.getByRole("figure", { name: "Cy Marin" }).waitFor();
  await until("the title says no more", () => host.title(), (title) => !title.includes("waiting"));
  await guest.context().close();
});

test("who is turned away is told so, kindly", async () => {
  const guest = await knock("Di Sorel");

  await host.getByRole("button", { name: "Not now, Di Sorel" }).click();
  await host.getByRole("alertdialog", { name: "Turn Di Sorel away?" }).getByRole("button", { name: "Turn away" }).click();

  await guest.getByRole("heading", { name: "You were not let in" }).waitFor();
  await host.getByRole("region", { name: "Waiting to come in" }).waitFor({ state: "detached" });
});

test("the test sound is heard before somebody comes in", async () => {
  const context = await stage.person();
  await context.addInitScript(listenToThePage);
  const guest = await context.newPage();
  await guest.goto(`${stage.url}/j/${code}`);
  await guest.getByText("Camera, microphone and speaker").click();
  await guest.getByText("We can hear you").waitFor();
  const before = await loudness(guest);

  await guest.getByRole("button", { name: "Play a test sound" }).click();
  await guest.getByText("Did you hear it?").waitFor();

  await until("the test sound was heard", () => loudness(guest), (sum) => sum > before + AUDIBLE);
  await context.close();
});

test("a code that nobody has leads to a plain answer", async () => {
  const guest = await knock("Eve", code === "000-000-001" ? "000-000-002" : "000-000-001");

  await guest.getByText("There is no meeting with this invitation.").waitFor();
});

async function knock(name: string, at = code): Promise<Page> {
  const context = await stage.person();
  await context.addInitScript(listenToThePage);
  const page = await context.newPage();
  await page.goto(stage.url);
  await page.getByLabel("Meeting code or link").fill(at.replaceAll("-", " "));
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Your name").fill(name);
  await page.getByText("We can see you").waitFor();
  await page.getByRole("button", { name: "Join now" }).click();
  return page;
}

/** The sum of squares of a fiftieth of a second of soft tone. */
const AUDIBLE = 1;

/** Runs in the page: sums up the energy of the page's own sound, as far as an element plays it. */
function listenToThePage(): void {
  const listener = { energy: 0 };
  const playing = new Set<MediaProvider | null>();
  Object.assign(globalThis, { listener });
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = async function (this: HTMLMediaElement) {
    await play.call(this);
    if (!this.muted) playing.add(this.srcObject);
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    if (to instanceof MediaStreamAudioDestinationNode) {
      const analyser = new AnalyserNode(this.context, { fftSize: 32_768 });
      const samples = new Float32Array(analyser.fftSize);
      connect.call(this, analyser);
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        if (playing.has(to.stream)) listener.energy += samples.reduce((sum, sample) => sum + sample * sample, 0);
      }, 40);
    }
    return connect.call(this, to);
  } as typeof AudioNode.prototype.connect;
}

function loudness(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { listener: { energy: number } }).listener.energy);
}
