import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "../../api/api.ts";
import type { Me } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { look } from "../../test-accessible.ts";
import { testWorld } from "../../test-world.ts";
import { ACCOUNT, TestBrowser, VaultServer } from "../../test-vault.ts";
import { HomePage } from "./HomePage.tsx";

const me = { account: ACCOUNT, display_name: "Amara", organisation_name: "Lindenhof Clinic", permitted: { host_meetings: true } } as Me;

interface Request {
  method: string | undefined;
  path: string;
  body: string;
}

interface Shown {
  onExpired: () => void;
  onSignedOut: () => void;
  onInvitation: () => void;
  onBrowsers: () => void;
  onPeople: () => void;
}

function show(answer: (request: Request) => Response | Error, browser = new TestBrowser(new VaultServer(), "Desk"), change: Partial<World> = {}): Shown {
  const api = new Api((input, init) => {
    const answered = answer({ method: init?.method, path: String(input), body: String(init?.body) });
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  });
  const seen = { onExpired: vi.fn(), onSignedOut: vi.fn(), onInvitation: vi.fn(), onBrowsers: vi.fn(), onPeople: vi.fn() };
  const vault = browser.page();
  render(<HomePage world={testWorld({ api, vault: () => vault, ...change })} me={me} {...seen} />);
  return seen;
}

const WARD_ROUND = { id: "018f3a5c-0000-7000-8000-000000000900", code: "123-456-789", title: "Ward round", state: "scheduled", created_at: "2026-11-22T08:00:00Z", series: "018f3a5c-0000-7000-8000-000000000900", sequence: 0, occurrences: [], waiting: 0, entry: "link", uninvited: "wait" };
const listed = (): Response => Response.json({ meetings: [WARD_ROUND] });

beforeEach(() => localStorage.clear());

describe("the start page", () => {
  it("leads to signing in again when the session has expired", async () => {
    const { onExpired } = show(() => Response.json({ code: "not_signed_in" }, { status: 401 }));

    await waitFor(() => expect(onExpired).toHaveBeenCalled());
    expect(screen.queryByText("The list could not be loaded.")).toBeNull();
  });

  it("says when signing out failed", async () => {
    const { onSignedOut } = show(({ method }) => (method === "DELETE" ? new Error("no network") : Response.json({ meetings: [] })));

    await userEvent.setup().click(screen.getByRole("button", { name: "Sign out" }));

    expect(await screen.findByText(/can’t be reached/)).toBeTruthy();
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("makes one meeting, also when the first answer was lost", async () => {
    const made: string[] = [];
    const { onInvitation } = show(({ method, body }) => {
      if (method !== "POST") return Response.json({ meetings: [] });
      made.push(body);
      return made.length === 1 ? new Error("lost") : Response.json({ id: "m", code: "123-456-789" });
    });
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Start now" }));
    await screen.findByText(/can’t be reached/);
    await user.click(screen.getByRole("button", { name: "Start now" }));

    await waitFor(() => expect(onInvitation).toHaveBeenCalledWith({ code: "123-456-789", secret: null }, true));
    expect(made[1]).toBe(made[0]);
  });

  it("gives another meeting another secret, also after a lost answer", async () => {
    const made: string[] = [];
    show(({ method, body }) => {
      if (method !== "POST") return Response.json({ meetings: [] });
      made.push(body);
      return made.length === 1 ? new Error("lost") : Response.json({ id: "m", code: "123-456-789" });
    });
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Start now" }));
    await screen.findByText(/can’t be reached/);

    await user.click(screen.getByRole("button", { name: "Schedule for later" }));
    await user.type(screen.getByLabelText("What is it about?"), "Follow-up");
    await user.click(screen.getByRole("button", { name: "Schedule" }));

    await waitFor(() => expect(made).toHaveLength(2));
    const [first, second] = made.map((body) => (JSON.parse(body) as { invitation_verifier: string }).invitation_verifier);
    expect(second).not.toBe(first);
  });
});

describe("a meeting for later", () => {
  it("is for those whom its host names, each an address", async () => {
    const made: { entry?: string; uninvited?: string; invited?: string[] }[] = [];
    show(({ method, body }) => {
      if (method !== "POST") return Response.json({ meetings: [] });
      made.push(JSON.parse(body) as (typeof made)[number]);
      return Response.json({ id: "m", code: "123-456-789" });
    });
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Schedule for later" }));
    await user.type(screen.getByLabelText("What is it about?"), "Case conference");
    await user.selectOptions(screen.getByLabelText("Who comes straight in?"), "Colleagues I name; nobody else");
    await user.click(screen.getByLabelText(/E-mail addresses/));
    await user.paste("bea@clinic.example, cy");
    await user.click(screen.getByRole("button", { name: "Schedule" }));
    expect(await screen.findByText(/does not look like an e-mail address/)).toBeTruthy();

    await user.click(screen.getByLabelText(/E-mail addresses/));
    await user.paste("@clinic.example");
    await user.click(screen.getByRole("button", { name: "Schedule" }));

    await waitFor(() => expect(made).toHaveLength(1));
    expect(made[0]).toMatchObject({ entry: "invited", uninvited: "refuse", invited: ["bea@clinic.example", "cy@clinic.example"] });
  });

  it("ends by itself as the organisation has it, or sooner as its host says", async () => {
    const made: { time_outs?: Record<string, number | null> }[] = [];
    show(({ method, body }) => {
      if (method !== "POST") return Response.json({ meetings: [] });
      made.push(JSON.parse(body) as (typeof made)[number]);
      return Response.json({ id: "m", code: "123-456-789" });
    });
    const user = userEvent.setup();
    for (const isSooner of [false, true]) {
      await user.click(screen.getByRole("button", { name: "Schedule for later" }));
      await user.type(screen.getByLabelText("What is it about?"), "Case conference");
      await user.click(screen.getByText("When it ends by itself"));
      if (isSooner) {
        await user.selectOptions(screen.getByLabelText(/presenter does nothing/), "5 minutes");
        await user.selectOptions(screen.getByLabelText(/in any case/), "2 hours");
        await user.selectOptions(screen.getByLabelText(/nobody is there/), "1 hour");
        await user.selectOptions(screen.getByLabelText(/nobody is there/), "As the organisation has it");
        await look();
      }
      await user.click(screen.getByRole("button", { name: "Schedule" }));
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }

    expect(made[0]).not.toHaveProperty("time_outs");
    expect(made[1]?.time_outs).toEqual({ idle_share: 300, host_absent: null, empty: null, longest: 7200 });
  });

  it("shows when it ends by itself where it is changed, and says it again only as it is chosen anew", async () => {
    const sent: Record<string, unknown>[] = [];
    const schedule = { start: "2036-03-03T09:30", zone: "Etc/UTC", minutes: 30, cancelled: [] };
    const occurrences = [{ start: "2036-03-03T09:30", begins: "2036-03-03T09:30:00Z", ends: "2036-03-03T10:00:00Z" }];
    const round = { ...WARD_ROUND, starts_at: "2036-03-03T09:30:00Z", occurrences, schedule, time_outs: { idle_share: null, host_absent: 420, empty: null, longest: 7200 } };
    show(({ method, body }) => {
      if (method === "PUT") sent.push(JSON.parse(body) as Record<string, unknown>);
      return Response.json(method === "PUT" ? round : { meetings: [round] });
    });
    const user = userEvent.setup();
    for (const isChosenAnew of [false, true]) {
      await user.click(await screen.findByRole("button", { name: "Change" }));
      expect(screen.getByLabelText<HTMLSelectElement>(/in any case/).selectedOptions[0]?.text).toBe("2 hours");
      expect(screen.getByLabelText<HTMLSelectElement>(/no host is there/).selectedOptions[0]?.text).toBe("7 minutes");
      expect(screen.getByText("When it ends by itself").closest("details")?.open).toBe(true);
      if (isChosenAnew) await user.selectOptions(screen.getByLabelText(/in any case/), "As the organisation has it");
      await user.click(screen.getByRole("button", { name: "Save" }));
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }

    expect(sent[0]).not.toHaveProperty("time_outs");
    expect(sent[1]).toMatchObject({ title: "Ward round", time_outs: { idle_share: null, host_absent: 420, empty: null, longest: null } });
  });

  it("comes again on its host's clock, and one time of it is cancelled and taken back", async () => {
    const sent: { method: string | undefined; body: Record<string, unknown> }[] = [];
    const occurrences = [0, 1].map((day) => ({ start: `2036-03-0${3 + day}T09:30`, begins: `2036-03-0${3 + day}T09:30:00Z`, ends: `2036-03-0${3 + day}T10:00:00Z` }));
    const schedule = { start: "2036-03-03T09:30", zone: "Etc/UTC", minutes: 30, repeats: { every: "day", days: [], count: 2 }, cancelled: [] as string[] };
    const daily = { ...WARD_ROUND, starts_at: occurrences[0]?.begins, last_begins: occurrences[1]?.begins, occurrences, schedule };
    show(({ method, body }) => {
      if (method === "GET") return Response.json({ meetings: [daily] });
      if (method === "POST" || method === "PUT") sent.push({ method, body: JSON.parse(body) as Record<string, unknown> });
      return Response.json({ ...daily, sequence: sent.length });
    });
    const user = userEvent.setup();
    await user.click(await screen.findByRole("button", { name: "Schedule for later" }));
    await user.type(screen.getByLabelText("What is it about?"), "Ward round");
    await user.selectOptions(screen.getByLabelText("Does it come again?"), "Every week");
    await user.clear(screen.getByLabelText("How many times"));
    await user.click(screen.getByRole("button", { name: "Schedule" }));
    expect(await screen.findByText("A number from 2 to 200.")).toBeTruthy();
    await user.type(screen.getByLabelText("How many times"), "6");
    await user.click(screen.getByRole("button", { name: "Schedule" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body["schedule"]).toMatchObject({ minutes: 30, repeats: { every: "week", days: [expect.any(String)], count: 6 } });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    await user.click(screen.getAllByRole("button", { name: "Cancel" })[0] ?? document.body);
    await user.click(screen.getByRole("button", { name: "Cancel this time" }));
    await user.click(await screen.findByRole("button", { name: "Take it back" }));

    await waitFor(() => expect(sent).toHaveLength(3));
    expect(sent[1]).toMatchObject({ method: "PUT", body: { sequence: 0, schedule: { cancelled: ["2036-03-03T09:30"] } } });
    expect(sent[2]).toMatchObject({ method: "PUT", body: { sequence: 2, schedule: { cancelled: [] } } });
  });

  it("goes into a calendar's file, with the link, and its invitation says every step", async () => {
    localStorage.setItem("conclave.invitations", JSON.stringify({ [WARD_ROUND.code]: "A".repeat(43) }));
    const saved: string[] = [];
    const copied: string[] = [];
    const later = { ...WARD_ROUND, starts_at: "2026-11-29T08:00:00Z" };
    show(() => Response.json({ meetings: [later] }), new TestBrowser(new VaultServer(), "Desk"), {
      save: (...file) => void saved.push(file.join("\n")),
      copy: (text) => {
        copied.push(text);
        return Promise.resolve(true);
      },
    });
    const user = userEvent.setup();

    await user.click(await screen.findByRole("button", { name: "Add to calendar" }));
    await waitFor(() => expect(saved).toHaveLength(1));
    await user.click(screen.getByRole("button", { name: "Copy with instructions" }));
    await waitFor(() => expect(copied).toHaveLength(1));

    expect(saved[0]).toContain("123-456-789.ics");
    expect(saved[0]?.replaceAll("\r\n ", "")).toContain(`/j/123-456-789#${"A".repeat(43)}`);
    expect(copied[0]).toContain(`/j/123-456-789#${"A".repeat(43)}`);
    expect(copied[0]).toMatch(/no account, and nothing to install/);
  });
});

describe("a host's meetings", () => {
  it("come into the vault from the browser in which they were made, and out of it in the others", async () => {
    const server = new VaultServer();
    const [desk, phone] = [new TestBrowser(server, "Desk"), new TestBrowser(server, "Phone")];
    localStorage.setItem("conclave.invitations", JSON.stringify({ [WARD_ROUND.code]: "A".repeat(43) }));
    show(listed, desk);
    await waitFor(() => expect(server.changes).toBe(2));
    cleanup();
    localStorage.clear();

    const page = phone.page();
    const state = await page.refresh();
    await page.ask();
    await desk.page().approve(state.at === "outside" ? state.code : "");
    show(listed, phone);
    await waitFor(() => expect(localStorage.getItem("conclave.invitations")).toContain("A".repeat(43)));
    expect(screen.queryByText(/Made in a browser/)).toBeNull();
  });

  it("that can't be opened in this browser are marked, with the way to add it", async () => {
    const server = new VaultServer();
    await new TestBrowser(server, "Desk").page().refresh();
    const { onBrowsers } = show(listed, new TestBrowser(server, "Phone"));

    expect(await screen.findByText(/Made in a browser/)).toBeTruthy();
    await userEvent.setup().click(await screen.findByRole("button", { name: "Add this browser" }));
    expect(onBrowsers).toHaveBeenCalled();
  });

  it("that did not come into the vault are marked", async () => {
    const server = new VaultServer();
    const desk = new TestBrowser(server, "Desk");
    await desk.page().refresh();
    localStorage.setItem("conclave.invitations", JSON.stringify({ [WARD_ROUND.code]: "A".repeat(43) }));
    server.before = () => {
      server.isReachable = false;
      return Promise.resolve();
    };
    show(listed, desk);

    expect(await screen.findByText("Can be opened only in this browser so far.")).toBeTruthy();
  });

  it("made by a browser that keeps no key name no host", async () => {
    const browser = new TestBrowser(new VaultServer(), "Private window");
    browser.cupboard.isLasting = false;
    show(({ method }) => (method === "POST" ? Response.json(WARD_ROUND) : Response.json({ meetings: [] })), browser);
    expect(await screen.findByText(/This browser forgets its keys/)).toBeTruthy();
    await userEvent.setup().click(screen.getByRole("button", { name: "Start now" }));

    await waitFor(() => expect(localStorage.getItem("conclave.invitations")).toMatch(/"[\w-]{43}"/));
  });
});
