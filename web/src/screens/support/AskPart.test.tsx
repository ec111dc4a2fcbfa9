import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import { queueRoutes } from "../../api/support-queue.ts";
import type { HelpStanding } from "../../api/wire.ts";
import type { Invitation } from "../../call/invitation.ts";
import type { RequestKeys } from "../../e2ee/help-box.ts";
import { look } from "../../test-accessible.ts";
import { testWorld } from "../../test-world.ts";
import { AskPart } from "./AskPart.tsx";

const ID = "018f3a5c-0000-7000-8000-000000000001";
const FRAGMENT = "A".repeat(43);
const taken: HelpStanding = {
  state: "taken",
  session: "018f3a5c-0000-7000-8000-000000000700",
  meeting: "018f3a5c-0000-7000-8000-000000000900",
  code: "123-456-789",
  sealed: "c2VhbGVk",
};

interface Shown {
  sent: string[];
  taken: Invitation[];
  ended: () => number;
  /** What the server says next of how it stands. */
  stand: (answer: () => Response | Error) => void;
}

const inLine = (place: number): Response => Response.json({ state: "waiting", place, until: "2026-11-26T08:30:00Z" });
const second = (): Response => inLine(2);
const WITHDRAWN = `DELETE support/requests/${ID} Bearer secret to the end`;
const refused = (status: number, code: string): Response => Response.json({ code, status }, { status });

const told = (isOpen: boolean): Response => Response.json({ takes_support_requests: isOpen });

function show(fragment: string | null = FRAGMENT, server: () => Response | Error = () => told(true), asking: () => Promise<void> = () => Promise.resolve()): Shown {
  const sent: string[] = [];
  let standing: () => Response | Error = second;
  let ended = 0;
  const fetcher: typeof fetch = (input, init) => {
    const path = String(input).replace("/api/v1/", "");
    if (path === "server") return settled(server());
    const token = new Headers(init?.headers).get("Authorization") ?? "";
    sent.push(`${init?.method ?? ""} ${path} ${token} ${String(init?.body ?? "")}${init?.keepalive === true ? "to the end" : ""}`.trim());
    if (init?.method === "POST") return asking().then(() => Response.json({ id: ID, token: "secret" }, { status: 201 }));
    if (init?.method === "DELETE") return Promise.resolve(new Response(null, { status: 204 }));
    return settled(standing());
  };
  const keys: RequestKeys = { key: "AAAA", open: (request) => (request === ID ? fragment : null), end: () => (ended += 1) };
  const invitations: Invitation[] = [];
  const world = testWorld({ api: new Api(fetcher) });
  render(
    <main>
      <h1>Help</h1>
      <AskPart world={world} routes={queueRoutes(fetcher)} makeKeys={() => Promise.resolve(keys)} onTaken={(invitation) => invitations.push(invitation)} />
    </main>,
  );
  return { sent, taken: invitations, ended: () => ended, stand: (answer) => (standing = answer) };
}

async function ask(matter = ""): Promise<void> {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("Your name"), "Cyrus Vane");
  if (matter !== "") await user.type(screen.getByLabelText(/What is it about/), matter);
  await user.click(screen.getByRole("button", { name: "Ask for help" }));
}

function settled(answer: Response | Error): Promise<Response> {
  return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
}

/** As a browser does when somebody looks at the page again. */
function lookAgain(): void {
  document.dispatchEvent(new Event("visibilitychange"));
}

afterEach(() => vi.useRealTimers());

it("is not there where the organisation has no queue", async () => {
  const looked = vi.fn(() => told(false));
  show(FRAGMENT, looked);
  await waitFor(() => expect(looked).toHaveBeenCalled());

  expect(screen.queryByLabelText("Your name")).toBeNull();
});

it("asks for a name alone, and shows the place and the number that both compare", async () => {
  const { sent } = show();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Ask for help" }));
  expect(await screen.findByText(/Type your name/)).toBeTruthy();
  expect(sent).toEqual([]);
  await look();

  await ask("My mail");

  const heading = await screen.findByRole("heading", { name: "You wait for a technician" });
  expect(document.activeElement).toBe(heading);
  expect(await screen.findByText("You are number 2 in line.")).toBeTruthy();
  expect(screen.getByText(/^(\d{4} ){4}\d{4}$/)).toBeTruthy();
  expect(sent[0]).toBe(`POST support/requests  ${JSON.stringify({ name: "Cyrus Vane", matter: "My mail", key: "AAAA" })}`);
  expect(sent[1]).toBe(`GET support/requests/${ID} Bearer secret`);
  await look();
});

it("goes on with what the technician's link holds, and withdraws nothing then", async () => {
  const { sent, taken: invitations, ended, stand } = show();
  await ask();
  await screen.findByText(/number 2/);
  stand(() => Response.json(taken));

  lookAgain();

  await waitFor(() => expect(invitations).toEqual([{ code: "123-456-789", secret: FRAGMENT }]));
  expect(ended()).toBe(1);
  cleanup();
  expect(sent.some((request) => request.startsWith("DELETE"))).toBe(false);
});

it("says that what came does not open, and goes on with none of it", async () => {
  for (const wrong of [null, "half a link"]) {
    const { taken: invitations, stand } = show(wrong);
    stand(() => Response.json(taken));
    await ask();

    expect(await screen.findByText(/does not open in this page/)).toBeTruthy();
    expect(invitations).toEqual([]);
    cleanup();
  }
});

it("ends with a state that this page does not know, as one that is over", async () => {
  const { sent, taken: invitations, ended, stand } = show();
  stand(() => Response.json({ state: "passed_on" }));

  await ask();

  expect(await screen.findByText(/^Nobody was free in time/)).toBeTruthy();
  expect(invitations).toEqual([]);
  expect(ended()).toBe(1);
  expect(sent.at(-1)).toBe(WITHDRAWN);
});

it("waits no longer when they say so, when the page goes, and when the server says so", async () => {
  const first = show();
  await ask();
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Wait no longer" }));
  expect(await screen.findByLabelText("Your name")).toBeTruthy();
  expect(first.sent.at(-1)).toBe(WITHDRAWN);
  cleanup();

  const other = show();
  await ask();
  await screen.findByText(/number 2/);
  cleanup();
  expect(other.sent.at(-1)).toBe(WITHDRAWN);
  expect(other.ended()).toBe(1);

  const third = show();
  third.stand(() => refused(404, "support_request_not_found"));
  await ask("My mail");
  expect(await screen.findByText(/Nobody was free in time/)).toBeTruthy();
  // They can ask again, and type nothing again.
  expect(screen.getByLabelText<HTMLInputElement>("Your name").value).toBe("Cyrus Vane");
  expect(screen.getByLabelText<HTMLInputElement>(/What is it about/).value).toBe("My mail");
  cleanup();
  expect(third.sent.at(-1)?.startsWith("GET")).toBe(true);
  expect(third.ended()).toBe(1);
});

it("says kindly that nobody can help now, withdraws nothing, and lets them ask again", async () => {
  const { sent, ended, stand } = show();
  stand(() => Response.json({ state: "declined" }));
  await ask("My mail");

  const told = await screen.findByText(/nobody can help you in this way at the moment/);
  expect(told.closest("[role=alert]")).toBeTruthy();
  expect(told.textContent).toMatch(/ask again later.*call your own IT people/);
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "No code? Ask for help here" }));
  expect(ended()).toBe(1);
  await look();

  stand(second);
  await userEvent.setup().click(screen.getByRole("button", { name: "Ask for help" }));

  expect(await screen.findByText("You are number 2 in line.")).toBeTruthy();
  expect(screen.queryByText(/nobody can help you/)).toBeNull();
  expect(sent).not.toContain(WITHDRAWN);
});

it("leaves no name behind where nobody waits any more", async () => {
  const { sent, ended, stand } = show();
  stand(() => refused(403, "queue_off"));
  await ask();

  expect(await screen.findByText(/here any more/)).toBeTruthy();
  expect(screen.getByLabelText("Your name")).toBeTruthy();
  expect(sent.at(-1)).toBe(WITHDRAWN);
  cleanup();
  expect(sent.filter((request) => request === WITHDRAWN)).toHaveLength(1);
  expect(ended()).toBe(1);
});

it("is withdrawn as the page is left, and can still be taken up by whoever comes back to it", async () => {
  const { sent, taken: invitations, ended, stand } = show();
  await ask();
  await screen.findByText(/number 2/);

  dispatchEvent(new Event("pagehide"));

  expect(sent.at(-1)).toBe(WITHDRAWN);
  expect(ended()).toBe(0);
  stand(() => Response.json(taken));
  lookAgain();
  await waitFor(() => expect(invitations).toHaveLength(1));
});

it("is withdrawn where the page has gone before the server had answered", async () => {
  let answer: (() => void) | undefined;
  const { sent, ended } = show(FRAGMENT, () => told(true), () => new Promise((resolve) => (answer = resolve)));
  await ask();
  await waitFor(() => expect(sent).toHaveLength(1));
  cleanup();

  answer?.();

  await waitFor(() => expect(sent.at(-1)).toBe(WITHDRAWN));
  expect(ended()).toBe(1);
});

it("is there after all where the server was not reached at first", async () => {
  vi.useFakeTimers();
  const answers = [new Error("no network"), new Response("Bad gateway", { status: 502 })];
  const server = vi.fn(() => answers.shift() ?? told(true));
  show(FRAGMENT, server);
  await act(() => vi.advanceTimersByTimeAsync(3_999));
  expect(server).toHaveBeenCalledTimes(1);

  await act(() => vi.advanceTimersByTimeAsync(4_001));

  expect(server).toHaveBeenCalledTimes(3);
  expect(screen.getByLabelText("Your name")).toBeTruthy();
});

it("goes on waiting through a lost connection", async () => {
  const { stand } = show();
  stand(() => new Error("no network"));
  await ask();
  expect(await screen.findByText(/no connection at this moment/)).toBeTruthy();

  stand(() => inLine(1));
  lookAgain();

  expect(await screen.findByText("You are next.")).toBeTruthy();
  expect(screen.queryByText(/no connection/)).toBeNull();
});

it("is put out of the line by no page of a gateway's own", async () => {
  for (const status of [403, 404]) {
    const { sent, stand } = show();
    stand(() => new Response("Not here", { status }));
    await ask();
    expect(await screen.findByText(/no connection at this moment/)).toBeTruthy();
    expect(sent).not.toContain(WITHDRAWN);

    stand(second);
    lookAgain();

    expect(await screen.findByText("You are number 2 in line.")).toBeTruthy();
    cleanup();
  }
});
