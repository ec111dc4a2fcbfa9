import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { GrantedDevice, Me, SupportSession, UnattendedOpened } from "../../api/wire.ts";
import { Seats } from "../../call/seats.ts";
import { shelfOf } from "../../call/shelf.ts";
import type { World } from "../../call/world.ts";
import type { Admittance, SealForComputer } from "../../e2ee/computer-box.ts";
import { look } from "../../test-accessible.ts";
import { ACCOUNT, TestBrowser, VaultServer } from "../../test-vault.ts";
import { testWorld } from "../../test-world.ts";
import { UnattendedPart } from "./UnattendedPart.tsx";

const me = { account: ACCOUNT, display_name: "Tom", role: "representative" } as Me;
const WARD: GrantedDevice = { id: "018f3a5c-0000-7000-8000-000000000001", name: "ward-3", fingerprint: "ab".repeat(32), is_online: true, is_busy: false };
const session = { id: "018f3a5c-0000-7000-8000-000000000700", code: "123-456-789" } as SupportSession;
const opened: UnattendedOpened = { session, sealing_key: "c2VhbA==", signing_key: "c2lnbg==", run: "0a".repeat(16) };

interface Shown {
  world: World;
  sent: string[];
  sealed: { attempt: number; admittance: Admittance }[];
  onOpen: (session: string) => void;
}

function show(answers: Response[], computers: GrantedDevice[] = [WARD]): Shown {
  const sent: string[] = [];
  const sealed: Shown["sealed"] = [];
  const api = new Api((input, init) => {
    const asked = `${init?.method ?? ""} ${String(input).replace("/api/v1/", "")}`;
    if (init?.method === "GET") return Promise.resolve(Response.json({ devices: computers }));
    sent.push(`${asked} ${String(init?.body ?? "")}`);
    if (asked.endsWith("/sessions")) return Promise.resolve(Response.json(opened, { status: 201 }));
    return Promise.resolve(answers.shift() ?? new Response(null, { status: 204 }));
  });
  const seal: SealForComputer = (_device, _opened, _fingerprint, attempt, admittance) => {
    sealed.push({ attempt, admittance });
    return Promise.resolve("c2VhbGVk");
  };
  const vault = new TestBrowser(new VaultServer(), "Desk").page();
  const seats = new Seats(shelfOf(() => sessionStorage), shelfOf(() => localStorage));
  const world = testWorld({ api, seats, vault: () => vault });
  const onOpen = vi.fn();
  render(<UnattendedPart world={world} me={me} onOpen={onOpen} seal={seal} />);
  return { world, sent, sealed, onOpen };
}

async function type(password: string): Promise<void> {
  const user = userEvent.setup();
  const sheet = screen.getByRole("dialog");
  if ((within(sheet).getByLabelText("Administrator of the computer") as HTMLInputElement).value === "") {
    await user.type(within(sheet).getByLabelText("Administrator of the computer"), "techadmin");
  }
  await user.type(within(sheet).getByLabelText("Password"), password);
  await user.click(within(sheet).getByRole("button", { name: "Connect" }));
}

function refuse(): never {
  throw new DOMException("", "SecurityError");
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

it("sends what is typed sealed alone, tries the same session again, and opens it once the computer lets in", async () => {
  const user = userEvent.setup();
  const wrong = Response.json({ type: "about:blank", title: "", status: 403, code: "credentials_refused", detail: "" }, { status: 403 });
  const { world, sent, sealed, onOpen } = show([wrong]);
  await user.click(await screen.findByRole("button", { name: "Connect to ward-3" }));
  expect(await screen.findByText(/sealed in this page for the computer alone/)).toBeTruthy();
  await look();

  await type("wrong horse");
  expect(await screen.findByText("The computer knows no administrator with this name and password.")).toBeTruthy();
  expect(onOpen).not.toHaveBeenCalled();
  await type("correct horse");

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(session.id));
  expect(sealed.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(sealed[1]?.admittance).toMatchObject({ name: "techadmin", password: "correct horse" });
  expect(sealed[1]?.admittance.link).toMatch(/^conclave:123-456-789#[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/);
  expect(sent.filter((request) => request.includes("/sessions {"))).toHaveLength(1);
  for (const request of sent) expect(request).not.toMatch(/horse|techadmin/);
  expect(world.seats.invitation("123-456-789")).toBe(sealed[1]?.admittance.link.split("#")[1]);
});

const busy = (): Response => Response.json({ type: "about:blank", title: "", status: 409, code: "computer_busy", detail: "" }, { status: 409 });

it("counts no try that a busy computer never got", async () => {
  const user = userEvent.setup();
  const { sent, sealed, onOpen } = show([busy(), busy()]);
  await user.click(await screen.findByRole("button", { name: "Connect to ward-3" }));
  for (let count = 1; count <= 2; count += 1) {
    await type("horse");
    await waitFor(() => expect(sealed).toHaveLength(count));
    await screen.findByText("Others ask the computer at this moment. Try again.");
  }
  await type("horse");

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(session.id));
  expect(sealed.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  expect(sent.filter((request) => request.includes("/sessions {"))).toHaveLength(1);
});

it("asks before anything is sealed for a computer whose keys are others than before", async () => {
  const user = userEvent.setup();
  localStorage.setItem("conclave.computers", JSON.stringify([[WARD.id, "cd".repeat(32)]]));
  const { sent } = show([]);

  await user.click(await screen.findByRole("button", { name: "Connect to ward-3" }));

  expect(await screen.findByText(/another fingerprint/)).toBeTruthy();
  expect(screen.queryByLabelText("Password")).toBeNull();
  await user.click(screen.getByRole("button", { name: "It was enrolled anew: go on" }));
  expect(await screen.findByLabelText("Password")).toBeTruthy();
  expect(sent).toEqual([]);
});

it("offers no way to a computer that is not connected", async () => {
  show([], [{ ...WARD, is_online: false }]);

  expect(await screen.findByText("Not connected")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Connect/ })).toBeNull();
});

it("lets in, and opens the session, where the browser keeps nothing", async () => {
  const user = userEvent.setup();
  const { onOpen } = show([]);
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(refuse);
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(refuse);
  await user.click(await screen.findByRole("button", { name: "Connect to ward-3" }));
  await type("correct horse");

  await waitFor(() => expect(onOpen).toHaveBeenCalledWith(session.id));
});
