import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import { queueRoutes } from "../../api/support-queue.ts";
import type { HelpRequest } from "../../api/wire.ts";
import type { SealForAsker } from "../../e2ee/help-box.ts";
import { helpNumber } from "../../e2ee/help-number.ts";
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

function show(waiting: readonly HelpRequest[], answers: Partial<Record<"claim" | "take", (Response | Error)[]>> = {}, seal: SealForAsker = () => Promise.resolve("c2VhbGVk")): Shown {
  const sent: string[] = [];
  const keys: Shown["keys"] = [];
  const fetcher: typeof fetch = (input, init) => {
    const path = String(input).replace("/api/v1/support/", "");
    if (init?.method === "GET") return Promise.resolve(Response.json({ requests: waiting }));
    sent.push(`${path} ${String(init?.body ?? "")}`.trim());
    const act = path.endsWith("/claim") ? "claim" : "take";
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

const help = async (name = /Help Cyrus Vane/): Promise<void> => userEvent.setup().click(await screen.findByRole("button", { name }));

it("shows who waits, in line, with what it is about and the number that they see", async () => {
  show([CYRUS, { ...DI, is_claimed: true }]);

  expect(await screen.findByText("My mail")).toBeTruthy();
  expect(screen.getAllByRole("listitem").map((item) => item.querySelector("strong")?.textContent)).toEqual(["1. Cyrus Vane", "2. Di"]);
  expect(screen.getByText(`Number ${await helpNumber("AAAA")}`)).toBeTruthy();
  expect(screen.getByText("Another technician is about to help them")).toBeTruthy();
  expect(screen.getAllByRole("button")).toHaveLength(1);
  await look();
});

it("says that nobody waits", async () => {
  show([]);

  expect(await screen.findByText("Nobody waits.")).toBeTruthy();
  await look();
});

it("claims whoever is taken, seals a session's link for them alone, and opens the session", async () => {
  const sealed: Parameters<SealForAsker>[] = [];
  const { sent, onOpen } = show([CYRUS], {}, (...what) => {
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
  const { sent, onMake, onOpen } = show([CYRUS], { claim: [refused(409, "already_taken")] });

  await help();

  expect(await screen.findByText("Another technician helps them.")).toBeTruthy();
  expect(onMake).not.toHaveBeenCalled();
  expect(onOpen).not.toHaveBeenCalled();
  expect(sent).toHaveLength(1);
});

it("ends the session that could not be given to them", async () => {
  const end = `sessions/${made.session.id}/end`;
  const late = show([CYRUS], { take: [refused(409, "already_taken")] });
  await help();
  expect(await screen.findByText("Another technician helps them.")).toBeTruthy();
  expect(late.sent.at(-1)).toBe(end);
  expect(late.onOpen).not.toHaveBeenCalled();
  cleanup();

  const broken = show([CYRUS], {}, () => Promise.reject(new Error("request_key")));
  await help();
  expect(await screen.findByText(/is no key/)).toBeTruthy();
  expect(broken.sent.at(-1)).toBe(end);
});

it("gives the same session after a lost answer, as one command", async () => {
  const { sent, keys, onMake, onOpen } = show([CYRUS], { take: [lost()] });
  await help();
  await screen.findByText(/can’t be reached/);
  expect(sent.some((request) => request.startsWith("sessions/"))).toBe(false);

  await help();

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(made.session.id));
  expect(onMake).toHaveBeenCalledTimes(1);
  expect(sent.filter((request) => request.endsWith("/claim"))).toHaveLength(1);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});
