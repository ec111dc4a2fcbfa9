import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import { queueRoutes } from "../../api/support-queue.ts";
import type { HelpRequest } from "../../api/wire.ts";
import type { SealForAsker } from "../../e2ee/help-box.ts";
import { helpNumber } from "../../e2ee/help-number.ts";
import { formatTime } from "../../i18n.ts";
import { look } from "../../test-accessible.ts";
import { testWorld } from "../../test-world.ts";
import { type Made, QueuePart } from "./QueuePart.tsx";

const CYRUS: HelpRequest = {
  id: "018f3a5c-0000-7000-8000-000000000001",
  name: "Cyrus Vane",
  matter: "My mail",
  asked_at: "2026-11-26T08:00:00Z",
  key: "AAAA",
  is_claimed: false,
};
const DI: HelpRequest = { ...CYRUS, id: "018f3a5c-0000-7000-8000-000000000002", name: "Di", matter: null, key: "AAAB" };
const made: Made = { session: { id: "018f3a5c-0000-7000-8000-000000000700", meeting: "018f3a5c-0000-7000-8000-000000000900" }, fragment: "A".repeat(43) };

interface Shown {
  sent: string[];
  keys: (string | null)[];
  onMake: () => Promise<Made>;
  onOpen: (session: string) => void;
}

const refused = (status: number, code: string): Response => Response.json({ code, status }, { status });
const lost = (): Error => new Error("no network");

/** Who waits at each question, one after the other; the last stays. */
type Lists = (readonly HelpRequest[] | Promise<readonly HelpRequest[]>)[];

function show(lists: Lists, answers: Partial<Record<"claim" | "take" | "decline", (Response | Error | Promise<Response>)[]>> = {}, seal: SealForAsker = () => Promise.resolve("c2VhbGVk")): Shown {
  const sent: string[] = [];
  const keys: Shown["keys"] = [];
  const fetcher: typeof fetch = (input, init) => {
    const path = String(input).replace("/api/v1/support/", "");
    if (init?.method === "GET") return Promise.resolve((lists.length > 1 ? lists.shift() : lists[0]) ?? []).then((requests) => Response.json({ requests }));
    sent.push(`${path} ${String(init?.body ?? "")}`.trim());
    const act = path.endsWith("/claim") ? "claim" : path.endsWith("/decline") ? "decline" : "take";
    if (act === "take" && path.endsWith("/take")) keys.push(new Headers(init?.headers).get("Idempotency-Key"));
    const answer = (path.startsWith("requests/") ? answers[act]?.shift() : undefined) ?? new Response(null, { status: 204 });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const onMake = vi.fn(() => Promise.resolve(made));
  const onOpen = vi.fn();
  render(
    <main>
      <h1>Support</h1>
      <QueuePart world={testWorld({ api: new Api(fetcher) })} routes={queueRoutes(fetcher)} seal={seal} onMake={onMake} onOpen={onOpen} />
    </main>,
  );
  return { sent, keys, onMake, onOpen };
}

const REFRESH_MS = 4_000;

/** Numbers are hashes, which come when the browser likes. */
async function settle(milliseconds: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
    for (let turn = 0; turn < 5; turn += 1) await helpNumber("AAAA");
  });
}

const help = async (name = /Help Cyrus Vane/): Promise<void> => userEvent.setup().click(await screen.findByRole("button", { name }));

afterEach(() => vi.useRealTimers());

it("shows who waits, in line, with what it is about and the number that they see", async () => {
  show([[CYRUS, { ...DI, is_claimed: true }]]);

  expect(await screen.findByText("My mail")).toBeTruthy();
  expect(screen.getAllByRole("listitem").map((item) => item.querySelector("strong")?.textContent)).toEqual(["1. Cyrus Vane", "2. Di"]);
  expect(screen.getByText(`Number ${await helpNumber("AAAA")}`)).toBeTruthy();
  expect(screen.getByText("Another technician is about to help them")).toBeTruthy();
  expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual(["Help", "Turn away"]);
  await look();
});

it("says that nobody waits", async () => {
  show([[]]);

  expect(await screen.findByText("Nobody waits.")).toBeTruthy();
  await look();
});

it("claims whoever is taken, seals a session's link for them alone, and opens the session", async () => {
  const sealed: Parameters<SealForAsker>[] = [];
  const { sent, onOpen } = show([[CYRUS]], {}, (...what) => {
    sealed.push(what);
    return Promise.resolve("c2VhbGVk");
  });

  await help();

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(made.session.id));
  expect(sealed).toEqual([[{ id: CYRUS.id, key: "AAAA" }, made.session, made.fragment]]);
  const body = JSON.stringify({ session: made.session.id, sealed: "c2VhbGVk" });
  expect(sent).toEqual([`requests/${CYRUS.id}/claim`, `requests/${CYRUS.id}/take ${body}`]);
  for (const request of sent) expect(request).not.toContain(made.fragment);
});

it("makes no session for whom another technician has claimed", async () => {
  const { sent, onMake, onOpen } = show([[CYRUS]], { claim: [refused(409, "already_taken")] });

  await help();

  expect(await screen.findByText("Another technician helps them.")).toBeTruthy();
  expect(onMake).not.toHaveBeenCalled();
  expect(onOpen).not.toHaveBeenCalled();
  expect(sent).toHaveLength(1);
});

it("ends the session that could not be given to them", async () => {
  const end = `sessions/${made.session.id}/end`;
  const late = show([[CYRUS]], { take: [refused(409, "already_taken")] });
  await help();
  expect(await screen.findByText("Another technician helps them.")).toBeTruthy();
  expect(late.sent.at(-1)).toBe(end);
  expect(late.onOpen).not.toHaveBeenCalled();
  cleanup();

  const broken = show([[CYRUS]], {}, () => Promise.reject(new Error("request_key")));
  await help();
  expect(await screen.findByText(/is no key/)).toBeTruthy();
  expect(broken.sent.at(-1)).toBe(end);
});

it("gives the same session after a lost answer, as one command and by itself, since who was given it is listed no more", async () => {
  const { sent, keys, onMake, onOpen } = show([[CYRUS], []], { take: [lost(), new Response("Bad gateway", { status: 502 })] });

  await help();

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(made.session.id));
  expect(onMake).toHaveBeenCalledTimes(1);
  expect(sent.filter((request) => request.endsWith("/claim"))).toHaveLength(1);
  expect(sent.some((request) => request.startsWith("sessions/"))).toBe(false);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

it("gives the same session at the next press where no answer came at all", async () => {
  const { sent, keys, onMake, onOpen } = show([[CYRUS]], { take: [lost(), lost(), lost()] });
  await help();
  await screen.findByText(/can’t be reached/);
  expect(keys).toHaveLength(3);
  expect(sent.some((request) => request.startsWith("sessions/"))).toBe(false);

  await help();

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(made.session.id));
  expect(onMake).toHaveBeenCalledTimes(1);
  expect(sent.filter((request) => request.endsWith("/claim"))).toHaveLength(1);
  expect(new Set(keys).size).toBe(1);
});

const TURNED_AWAY = `requests/${CYRUS.id}/decline`;

async function press(user: UserEvent, name: RegExp): Promise<void> {
  const button = await screen.findByRole("button", { name });
  while (document.activeElement !== button) await user.tab();
  await user.keyboard("{Enter}");
}

it("turns somebody away by keyboard, once it has said what follows, and leads back to the page", async () => {
  const user = userEvent.setup();
  const { sent, onOpen } = show([[CYRUS, DI], [DI]]);
  await press(user, /^Turn away Cyrus Vane, who waits since/);
  const sheet = await screen.findByRole("alertdialog", { name: "Turn Cyrus Vane away?" });
  expect(within(sheet).getByText(/no other technician can help them by this request/)).toBeTruthy();
  expect(sent).toEqual([]);
  await look();

  await press(user, /^Turn away$/);

  await waitFor(() => expect(sent).toEqual([TURNED_AWAY]));
  await waitFor(() => expect(screen.queryByText("Cyrus Vane")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Who waits for help" })));
  expect(screen.getByText("Di")).toBeTruthy();
  expect(onOpen).not.toHaveBeenCalled();
});

it("turns nobody away whom the technician did not mean, and says where another was quicker", async () => {
  const user = userEvent.setup();
  const { sent } = show([[CYRUS]], { decline: [refused(409, "already_taken")] });
  await press(user, /^Turn away Cyrus Vane/);
  await press(user, /^Cancel$/);
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  expect(sent).toEqual([]);

  await press(user, /^Turn away Cyrus Vane/);
  await press(user, /^Turn away$/);

  const sheet = await screen.findByRole("alertdialog");
  expect(await within(sheet).findByText("Another technician helps them.")).toBeTruthy();
  expect(sent).toEqual([TURNED_AWAY]);
});

it("says in the sheet which of two people of one name is turned away", async () => {
  const user = userEvent.setup();
  show([[CYRUS, { ...CYRUS, id: DI.id, key: DI.key, asked_at: "2026-11-26T08:07:00Z" }]]);
  const [, second] = await screen.findAllByRole("button", { name: /^Turn away Cyrus Vane/ });

  await user.click(second as HTMLElement);

  const sheet = within(await screen.findByRole("alertdialog"));
  expect(sheet.getByText(`Number ${await helpNumber(DI.key)}`)).toBeTruthy();
  expect(sheet.getByText(`Since ${formatTime(Date.parse("2026-11-26T08:07:00Z"))}`)).toBeTruthy();
});

it("shows in one person's sheet nothing of what became of another's request", async () => {
  const user = userEvent.setup();
  const late: ((answer: Response) => void)[] = [];
  const held = (): Promise<Response> => new Promise((resolve) => late.push(resolve));
  for (const [turn, answer] of [refused(409, "already_taken"), new Response(null, { status: 204 })].entries()) {
    const { sent } = show([[CYRUS, DI]], { decline: [held()] });
    await press(user, /^Turn away Cyrus Vane/);
    await press(user, /^Turn away$/);
    await waitFor(() => expect(sent).toEqual([TURNED_AWAY]));
    await press(user, /^Cancel$/);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    await press(user, /^Turn away Di/);
    const sheet = await screen.findByRole("alertdialog", { name: "Turn Di away?" });

    late[turn]?.(answer);
    await act(() => helpNumber(CYRUS.key));

    expect(within(sheet).queryByText("Another technician helps them.")).toBeNull();
    expect(screen.getByRole("alertdialog", { name: "Turn Di away?" })).toBe(sheet);
    cleanup();
  }
});

it("turns nobody away while the technician takes somebody", async () => {
  const { sent } = show([[CYRUS, DI]], {}, () => new Promise(() => {}));
  await help();
  await waitFor(() => expect(sent).toHaveLength(1));

  for (const button of screen.getAllByRole<HTMLButtonElement>("button", { name: /^Turn away/ })) expect(button.disabled).toBe(true);
});

it("ends the session whose answer was lost when they are turned away after it", async () => {
  const user = userEvent.setup();
  const { sent } = show([[CYRUS]], { take: [lost(), lost(), lost()] });
  await help();
  await screen.findByText(/can’t be reached/);
  await press(user, /^Turn away Cyrus Vane/);

  await press(user, /^Turn away$/);

  await waitFor(() => expect(sent.slice(-2)).toEqual([TURNED_AWAY, `sessions/${made.session.id}/end`]));
});

it("leaves the focus where it is as the page comes", async () => {
  vi.useFakeTimers();
  show([[CYRUS]]);

  await settle(REFRESH_MS);

  expect(screen.getByText("Cyrus Vane")).toBeTruthy();
  expect(document.activeElement).toBe(document.body);
});

it("says loudly that a key has changed, keeps the number that was compared, and offers them no help, also once the first is back", async () => {
  vi.useFakeTimers();
  show([[CYRUS], [DI], [{ ...CYRUS, key: "AAAC" }, DI], [CYRUS, DI]]);
  await settle(0);
  expect(screen.getByRole("button", { name: /Help Cyrus Vane/ })).toBeTruthy();
  await settle(REFRESH_MS);
  expect(screen.queryByText(/Cyrus Vane/)).toBeNull();

  for (const _ of ["changed", "back"]) {
    await settle(REFRESH_MS);
    expect(screen.getAllByRole("alert").some((alert) => /number was another before/.test(alert.textContent))).toBe(true);
    expect(screen.getByText(`Number ${await helpNumber("AAAA")}`)).toBeTruthy();
    expect(screen.getAllByRole("button", { name: /^Help/ })).toHaveLength(1);
    expect(screen.getByRole("button", { name: /Help Di/ })).toBeTruthy();
  }
});

it("shows the newest list, whichever answer comes last", async () => {
  vi.useFakeTimers();
  let answer: ((requests: readonly HelpRequest[]) => void) | undefined;
  show([new Promise((resolve) => (answer = resolve)), [DI]]);
  await settle(REFRESH_MS);
  expect(screen.getByText("Di")).toBeTruthy();

  answer?.([CYRUS]);
  await settle(0);

  expect(screen.getByText("Di")).toBeTruthy();
  expect(screen.queryByText("Cyrus Vane")).toBeNull();
});
