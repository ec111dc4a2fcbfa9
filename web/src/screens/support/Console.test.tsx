import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";

import type { SupportTerms } from "../../api/wire.ts";
import type { MeetingState } from "../../call/meeting-state.ts";
import { NOT_YET } from "../../e2ee/encryption.ts";
import { addTexts } from "../../i18n.ts";
import { support as texts } from "../../locales/support.ts";
import { emptyState, type SupportState } from "../../remote/support-state.ts";
import type { FileTransfer } from "../../remote/transfers.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { Console, type ConsoleActions } from "./Console.tsx";

addTexts(texts);

const tom = { participant: "tom", display_name: "Tom", role: "host", signed_in: true, connected: true } as const;
const ida = { participant: "ida", display_name: "Ida", role: "guest", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const meeting: MeetingState = {
  revision: 1,
  you: tom,
  admission: "admitted",
  facts: { title: "Remote support", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" },
  roster: [tom, ida, bo],
  lobby: [],
  dataMode: "conduit",
  place: null,
  passcode: null,
  ended: null,
};
const all: SupportTerms = {
  permitted: ["view", "control", "clipboard_in", "clipboard_out", "file_in", "file_out", "diagnostics", "chat"],
  idle_minutes: 15,
  longest_minutes: 240,
  must_record: false,
  file_limit: { largest: 1_024, most: 5, programs: false },
};
const asking: SupportState = { ...emptyState(true), agent: "bo", phase: { at: "asking" } };
const viewing: SupportState = { ...asking, phase: { at: "viewing" }, permitted: new Map([["view", 1]]), watching: 0, monitors: [{ id: 0, width: 800, height: 600 }] };
const controlled: SupportState = {
  ...viewing,
  phase: { at: "controlled", turn: 1 },
  permitted: new Map([
    ["view", 1],
    ["control", 1],
  ]),
};

function acts(): ConsoleActions {
  return {
    ask: vi.fn(),
    giveBack: vi.fn(),
    watch: vi.fn(),
    press: vi.fn(),
    type: vi.fn(),
    copyIn: vi.fn(() => true),
    copy: vi.fn(() => Promise.resolve(true)),
    sendFile: vi.fn(() => true),
    askFile: vi.fn(),
    cancelFile: vi.fn(),
    saveFile: vi.fn(),
    forgetFile: vi.fn(),
    askDiagnostics: vi.fn(),
    raise: vi.fn(() => true),
    restart: vi.fn(),
    say: vi.fn(() => Promise.resolve()),
    handOver: vi.fn(),
    copyLink: vi.fn(() => Promise.resolve(true)),
    stillHere: vi.fn(),
    admit: vi.fn(),
    admitAll: vi.fn(),
    deny: vi.fn(),
    allow: vi.fn(),
    end: vi.fn(() => Promise.resolve()),
    attach: vi.fn(() => () => {}),
  };
}

function page(actions: ConsoleActions, support: SupportState, change: Partial<Parameters<typeof Console>[0]> = {}): ReactNode {
  return (
    <Announcer>
      <Console
        code="123-456-789"
        support={support}
        terms={all}
        meeting={meeting}
        encryption={{ ...NOT_YET, standing: { at: "on" } }}
        viewer={{ monitor: 0, width: 800, height: 600, isExact: true, isMoving: false }}
        person={support.agent === null ? null : "Bo"}
        shared={null}
        moving={null}
        isInterrupted={false}
        failure={null}
        notes=""
        onNotes={vi.fn()}
        waiting={<p>The code</p>}
        actions={actions}
        {...change}
      />
    </Announcer>
  );
}

describe("what is asked for", () => {
  it("is each a question of its own, shown while it stands, and given back by the same button", async () => {
    const actions = acts();
    const { rerender } = render(page(actions, asking));
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Ask to see the screen" }));
    expect(actions.ask).toHaveBeenCalledWith("view");
    rerender(page(actions, { ...asking, asked: new Set(["view"]) }));
    expect(screen.getByText("Waiting for their answer: See the screen")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /Asked to see the screen/ }).disabled).toBe(true);

    rerender(page(actions, viewing));
    await user.click(screen.getByRole("button", { name: "Stop seeing the screen" }));
    expect(actions.giveBack).toHaveBeenCalledWith("view");
  });

  // Shows: REQ-AC-22.
  it("is not there where the organisation does not permit it", () => {
    render(page(acts(), viewing, { terms: { ...all, permitted: ["view"] } }));

    for (const name of ["Control: ask to use keyboard and mouse", "Clipboard", "Files", "Facts", "Chat"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
  });

  it("is said in words when it is refused, each refusal by its kind", () => {
    render(
      page(acts(), {
        ...asking,
        refused: new Map([
          ["view", "asked_enough"],
          ["control", "busy"],
        ]),
      }),
    );

    expect(screen.getByText(/See the screen: they said no before/)).toBeTruthy();
    expect(screen.getByText(/Control: they were just being asked something/)).toBeTruthy();
  });
});

describe("the view", () => {
  it("takes the keyboard with the focus, says how it is got back, and gives it back", async () => {
    render(page(acts(), controlled));
    const field = screen.getByRole("textbox", { name: "Keyboard of the computer of Bo" });
    const hint = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(hint?.textContent).toContain("Ctrl+Alt+Shift+Enter");
    const heard = vi.fn();
    field.addEventListener("keydown", heard);

    field.focus();
    fireEvent.keyDown(field, { code: "Tab", key: "Tab" });
    expect(heard).toHaveBeenCalledTimes(1);
    fireEvent.keyDown(field, { code: "Enter", key: "Enter", ctrlKey: true, altKey: true, shiftKey: true });

    expect(heard).toHaveBeenCalledTimes(1);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Stop seeing the screen" }));
    expect(await screen.findByText("The keyboard is yours again.")).toBeTruthy();
  });

  it("is passed over by Tab while the keyboard is not theirs", () => {
    const { rerender } = render(page(acts(), viewing));
    expect(screen.getByRole("textbox", { name: /Keyboard/ }).tabIndex).toBe(-1);

    rerender(page(acts(), controlled));
    expect(screen.getByRole("textbox", { name: /Keyboard/ }).tabIndex).toBe(0);
  });

  it("gives the keyboard back to where no key does anything when control is over", () => {
    const { rerender } = render(page(acts(), controlled));
    screen.getByRole("textbox", { name: /Keyboard/ }).focus();

    rerender(page(acts(), viewing));
    expect(document.activeElement).toBe(screen.getByRole("main"));
  });

  it("is attached once, and let go with the page", () => {
    const detach = vi.fn();
    const actions = { ...acts(), attach: vi.fn(() => detach) };
    const { rerender, unmount } = render(page(actions, viewing));
    rerender(page(actions, controlled));
    expect(actions.attach).toHaveBeenCalledTimes(1);

    unmount();
    expect(detach).toHaveBeenCalledTimes(1);
  });

  it("says that the picture is exact, how late it is, and that it rests while the person is at work", () => {
    const { rerender } = render(page(acts(), { ...controlled, latency: 41.6 }));
    expect(screen.getByText("Pixel-exact")).toBeTruthy();
    expect(screen.getByText("Delay 42 milliseconds")).toBeTruthy();

    rerender(page(acts(), { ...viewing, agent: null, phase: { at: "lost" } }));
    expect(screen.queryByText("Pixel-exact")).toBeNull();
    rerender(page(acts(), { ...controlled, phase: { at: "paused", turn: 1, why: "local_input" } }, { viewer: { monitor: 0, width: 800, height: 600, isExact: false, isMoving: false } }));
    expect(screen.queryByText("Pixel-exact")).toBeNull();
    expect(screen.getAllByText(/The person at the computer is using it/).length).toBeGreaterThan(0);
  });

  it("shows what moves in the picture's place, and calls it exact only afterwards", () => {
    const detach = vi.fn();
    const attach = vi.fn((_element: HTMLVideoElement) => detach);
    const moving = { id: "film", isMirrored: false, attach };
    const viewer = { monitor: 0, width: 800, height: 600, isExact: true, isMoving: true };
    const { rerender } = render(page(acts(), controlled, { viewer, moving }));
    expect(attach.mock.calls.map(([element]) => element.tagName)).toEqual(["VIDEO"]);
    expect(screen.getByText("Moving picture")).toBeTruthy();
    expect(screen.queryByText("Pixel-exact")).toBeNull();

    rerender(page(acts(), controlled, { moving }));
    expect(detach).toHaveBeenCalledTimes(1);
    expect(screen.getByText("Pixel-exact")).toBeTruthy();
  });

  it("sends keys that this computer would keep, only while control is theirs", async () => {
    const actions = acts();
    const { rerender } = render(page(actions, viewing));
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /would keep for itself/ }).disabled).toBe(true);

    rerender(page(actions, controlled));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: /would keep for itself/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Ctrl+Alt+Delete" }));
    expect(actions.press).toHaveBeenCalledWith("ctrl_alt_delete");
  });

  it("offers monitors where there are several", async () => {
    const actions = acts();
    const monitors = [
      { id: 0, width: 800, height: 600 },
      { id: 3, width: 1_024, height: 768 },
    ];
    render(page(actions, { ...viewing, monitors }));
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Monitor" }));
    await user.click(await screen.findByRole("menuitemradio", { name: "Monitor 2, 1024 × 768" }));
    expect(actions.watch).toHaveBeenCalledWith(3);
  });
});

describe("files", () => {
  const file = new File(["abc"], "a.pdf");

  it("go by the picker or by dropping them, and what is too large is not sent", async () => {
    const actions = acts();
    const { container } = render(page(actions, viewing));
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Files" }));
    await user.upload(container.querySelector<HTMLInputElement>("input[type=file]") ?? document.createElement("input"), [file, new File(["x".repeat(1_025)], "big.pdf")]);
    expect(actions.sendFile).toHaveBeenCalledTimes(1);
    expect(screen.getByText("big.pdf is larger than 1 KiB.")).toBeTruthy();

    fireEvent.drop(screen.getByRole("main"), { dataTransfer: { types: ["Files"], files: [file] } });
    expect(actions.sendFile).toHaveBeenCalledTimes(2);
  });

  it("that are too many at a time are said not to be sent", async () => {
    const actions = { ...acts(), sendFile: vi.fn(() => false) };
    render(page(actions, viewing));

    fireEvent.drop(screen.getByRole("main"), { dataTransfer: { types: ["Files"], files: [file] } });
    expect(await screen.findByText(/^a\.pdf was not sent/)).toBeTruthy();
  });

  it("are taken from nobody who does not lead", () => {
    const actions = acts();
    render(page(actions, { ...viewing, leads: false, phase: { at: "watching" } }));

    fireEvent.drop(screen.getByRole("main"), { dataTransfer: { types: ["Files"], files: [file] } });
    expect(actions.sendFile).not.toHaveBeenCalled();
  });

  it("show how far they are, and can be cancelled, saved and forgotten", async () => {
    const actions = acts();
    const moving: FileTransfer = { id: 1, way: "in", name: "a.pdf", size: 2_048, done: 1_024, state: "moving", content: null };
    const come: FileTransfer = { id: 2, way: "out", name: "b.log", size: 3, done: 3, state: "complete", content: new Blob(["abc"]) };
    render(page(actions, { ...viewing, files: [moving, come] }));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Files" }));

    expect(screen.getByRole("progressbar", { name: "a.pdf: 1 KiB of 2 KiB" })).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Cancel a.pdf" }));
    await user.click(screen.getByRole("button", { name: "Save b.log" }));
    await user.click(screen.getByRole("button", { name: "Take b.log off the list" }));

    expect(actions.cancelFile).toHaveBeenCalledWith(1);
    expect(actions.saveFile).toHaveBeenCalledWith(come);
    expect(actions.forgetFile).toHaveBeenCalledWith(2);
  });
});

describe("panels", () => {
  it("ask for what the person has not permitted, and then do it", async () => {
    const actions = acts();
    const { rerender } = render(page(actions, viewing));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Clipboard" }));
    await user.type(screen.getByLabelText("Text for their clipboard"), "abc");

    await user.click(screen.getByRole("button", { name: "Ask them: Put text on their clipboard" }));
    expect(actions.ask).toHaveBeenCalledWith("clipboard_in");
    rerender(page(actions, { ...viewing, permitted: new Map([...viewing.permitted, ["clipboard_in", 1]]) }));
    await user.click(screen.getByRole("button", { name: "Put it there" }));

    expect(actions.copyIn).toHaveBeenCalledWith("abc");
    expect(screen.getByText("The text is on their clipboard.")).toBeTruthy();
  });

  it("show the facts about the computer as they came", async () => {
    const actions = acts();
    const { rerender } = render(page(actions, asking));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Facts" }));
    await user.click(screen.getByRole("button", { name: "Ask for them" }));
    expect(actions.askDiagnostics).toHaveBeenCalled();

    rerender(page(actions, { ...asking, diagnostics: [{ item: "kernel", text: "6.1" }] }));
    expect(screen.getByText("Kernel")).toBeTruthy();
    expect(screen.getByText("6.1")).toBeTruthy();
  });

  it("get an administrator's rights by a yes, a name and a password, and restart the computer with another yes", async () => {
    const actions = acts();
    const terms = { ...all, permitted: [...all.permitted, "administrator" as const] };
    const { rerender } = render(page(actions, asking, { terms }));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Administrator" }));
    await user.click(screen.getByRole("button", { name: "Ask them: Administrator’s rights" }));
    expect(actions.ask).toHaveBeenCalledWith("administrator");

    const permitted: SupportState = { ...asking, phase: { at: "consented" }, permitted: new Map([["administrator", 1]]) };
    rerender(page(actions, permitted, { terms }));
    await user.type(screen.getByLabelText("Name of an administrator of their computer"), "amy");
    await user.type(screen.getByLabelText("Password"), "correct horse");
    await user.click(screen.getByRole("button", { name: "Get the rights" }));
    expect(actions.raise).toHaveBeenCalledWith("amy", "correct horse");
    expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe("");

    rerender(page(actions, { ...permitted, notRaised: "wrong" }, { terms }));
    expect(screen.getByText(/These are not the name and password/)).toBeTruthy();
    rerender(page(actions, { ...permitted, rights: "raised" }, { terms }));
    await user.click(screen.getByRole("button", { name: "Restart the computer…" }));
    expect(actions.restart).toHaveBeenCalled();
    rerender(page(actions, { ...asking, agent: null, phase: { at: "lost" }, restartsSince: 0 }, { terms, person: "Bo" }));
    expect(screen.getAllByText(/Their computer restarts/)[0]).toBeTruthy();
  });

  it("count messages that were not read, and show them as text", async () => {
    const line = { id: 1, from: "person", text: "<b>See http://x</b>", at: 0, hasFailed: false } as const;
    render(page(acts(), { ...asking, chat: [line], permitted: new Map([["chat", 1]]) }));
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Chat, 1 new message" }));
    expect(within(screen.getByRole("list", { name: "Chat" })).getByText("<b>See http://x</b>")).toBeTruthy();
    expect(screen.queryByRole("link")).toBeNull();
    await user.keyboard("{Escape}");
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Chat" }));
  });
});

it("says of messages that nothing is kept, unless the session is recorded", async () => {
  const { rerender } = render(page(acts(), asking));
  await userEvent.setup().click(screen.getByRole("button", { name: "Chat" }));
  expect(screen.getByText("No messages yet. Nothing is kept after the session.")).toBeTruthy();

  rerender(page(acts(), { ...asking, phase: { at: "consented" }, permitted: new Map([["recording", 1]]) }));

  expect(screen.getByText("No messages yet. What is written is recorded, as all of this session.")).toBeTruthy();
  expect(screen.queryByText(/Nothing is kept/)).toBeNull();
});

it.each([
  ["who leads, before recording is permitted", asking],
  ["a colleague who watches, and is told of no permission", { ...asking, leads: false, phase: { at: "watching" } }],
] satisfies [string, SupportState][])("says of messages that they are recorded where every session is, to %s", async (_, support) => {
  const facts = { ...meeting.facts, data_mode: "archive" } as NonNullable<MeetingState["facts"]>;
  render(page(acts(), support, { meeting: { ...meeting, facts } }));
  await userEvent.setup().click(screen.getByRole("button", { name: "Chat" }));

  expect(screen.getByText("No messages yet. What is written is recorded, as all of this session.")).toBeTruthy();
});

describe("who is there", () => {
  it("is named in the page and in the tab, beside what goes on", async () => {
    const { rerender } = render(page(acts(), emptyState(true), { person: null }));
    expect(screen.getByText("The code")).toBeTruthy();
    expect(document.title).toBe("123-456-789 · Nobody is there yet · Conclave");

    rerender(page(acts(), controlled));
    expect(screen.queryByText("The code")).toBeNull();
    await waitFor(() => expect(document.title).toBe("Bo · You use the computer · Conclave"));
  });

  it("by browser is not taken for a computer, and what to ask of them is said", () => {
    const came: SupportState = { ...emptyState(true), guest: "bo" };
    const { rerender } = render(page(acts(), came, { person: "Bo" }));
    expect(screen.getByText("Somebody is there; waiting for the helper program")).toBeTruthy();

    rerender(page(acts(), { ...came, isSilent: true }, { person: "Bo" }));
    expect(screen.getByRole("heading", { name: "Bo is there, and no helper program answers" })).toBeTruthy();
    expect(screen.queryByText("The code")).toBeNull();
  });

  it("is handed over to a colleague who is in the session, and to nobody else", async () => {
    const actions = acts();
    render(page(actions, viewing));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Hand over…" }));

    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).queryByRole("button", { name: /Bo|Tom/ })).toBeNull();
    await user.click(within(dialog).getByRole("button", { name: "Hand over to Ida" }));
    expect(actions.handOver).toHaveBeenCalledWith("ida");
  });

  it("comes by the session's link, which is copied where the session is handed over", async () => {
    const actions = acts();
    render(page(actions, viewing));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Hand over…" }));
    await user.click(await screen.findByRole("button", { name: "Copy the link for a colleague" }));

    expect(actions.copyLink).toHaveBeenCalledTimes(1);
    expect(await screen.findByText(/a no ends the session/)).toBeTruthy();
  });

  it("who shows a screen by browser is looked at, and can't be controlled", () => {
    const attach = vi.fn(() => () => {});
    render(page(acts(), asking, { shared: { id: "screen", isMirrored: false, attach } }));

    expect(attach).toHaveBeenCalled();
    expect(screen.getAllByText("View only").length).toBeGreaterThan(0);
    expect(screen.queryByRole("textbox", { name: /Keyboard/ })).toBeNull();
  });
});

describe("the end", () => {
  it("is asked about, and only leaves a session that somebody else leads", async () => {
    const actions = acts();
    const { rerender } = render(page(actions, controlled));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "End" }));
    expect(actions.end).not.toHaveBeenCalled();
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Cancel" }));

    rerender(page(actions, { ...viewing, leads: false, phase: { at: "watching" } }));
    await user.click(screen.getByRole("button", { name: "Leave" }));
    const dialog = await screen.findByRole("alertdialog");
    expect(within(dialog).getByText(/goes on without you/)).toBeTruthy();
    await user.click(within(dialog).getByRole("button", { name: "Leave" }));
    expect(actions.end).toHaveBeenCalledTimes(1);
  });

  it("is warned of, and put off by a word", async () => {
    const actions = acts();
    render(page(actions, { ...viewing, endsSoon: { reason: "idle", at: Date.now() + 60_000 } }));

    await userEvent.setup().click(screen.getByRole("button", { name: "I am still here" }));
    expect(actions.stillHere).toHaveBeenCalled();
  });

  it("of the connection is shown and told, and its return", async () => {
    const actions = acts();
    const { rerender } = render(page(actions, controlled));
    rerender(page(actions, { ...asking, agent: null, phase: { at: "lost" } }, { person: "Bo" }));
    expect(screen.getByRole("heading", { name: "Bo" })).toBeTruthy();
    await waitFor(() => expect(screen.getAllByText(/The connection to the computer is lost/).length).toBe(2));

    rerender(page(actions, asking));
    await act(() => Promise.resolve());
    expect(await screen.findByText("The connection to the computer is back.")).toBeTruthy();
  });
});
