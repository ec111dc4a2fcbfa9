import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";

import { Problem } from "../../api/problem.ts";
import { type MediaState, NO_MEDIA, SILENT } from "../../call/call-media.ts";

import { MOST_MESSAGES } from "../../call/chat.ts";
import type { MeetingState } from "../../call/meeting-state.ts";
import { type EncryptionState, NOT_YET } from "../../e2ee/encryption.ts";
import { look } from "../../test-accessible.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { Room, type RoomActions } from "./Room.tsx";

const amy = { participant: "amy", display_name: "Amy", role: "host", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const meeting: MeetingState = {
  revision: 1,
  you: bo,
  admission: "admitted",
  facts: { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" },
  roster: [amy, bo],
  lobby: [],
  dataMode: "conduit",
  place: null,
  passcode: null,
  ended: null,
};
const media: MediaState = {
  ...NO_MEDIA,
  connection: "connected",
  people: new Map([
    ["amy", { ...SILENT, isMicrophoneOn: true, quality: "weak" }],
    ["bo", { ...SILENT, isMicrophoneOn: true }],
  ]),
};

const encryption: EncryptionState = {
  ...NOT_YET,
  standing: { at: "on" },
  code: "01234 56789 01234 56789 01234 56789",
  occupants: [
    { participant: "amy", name: "Dr Amy", isHost: true, standing: "host account", isVerified: true, device: "listed", isByCode: false },
    { participant: "bo", name: "Bo", isHost: false, standing: "guest", isVerified: false, device: null, isByCode: false },
    { participant: "cy", name: "Cy", isHost: false, standing: "guest", isVerified: false, device: null, isByCode: true },
  ],
};

function actions(): RoomActions {
  return {
    toggleMicrophone: vi.fn(),
    toggleCamera: vi.fn(),
    toggleShare: vi.fn(),
    chooseDevice: vi.fn(),
    unblockSound: vi.fn(),
    pin: vi.fn(),
    look: vi.fn(),
    say: vi.fn(() => Promise.resolve()),
    admit: vi.fn(),
    admitAll: vi.fn(),
    deny: vi.fn(),
    expel: vi.fn(() => Promise.resolve()),
    allow: vi.fn(),
    give: vi.fn(),
    tryPasscode: vi.fn(),
    setCoHost: vi.fn(),
    setSharingLocked: vi.fn(),
    handOver: vi.fn(),
    mute: vi.fn(),
    muteAll: vi.fn(),
    stopVideo: vi.fn(),
    askToUnmute: vi.fn(),
    declineToSpeak: vi.fn(),
    setLocked: vi.fn(),
    unguard: vi.fn(),
    changePasscode: vi.fn(),
    copyInvitation: vi.fn(),
    setShortcuts: vi.fn(),
    leave: vi.fn(),
    endForAll: vi.fn(() => Promise.resolve()),
  };
}

function page(all: RoomActions, change: Partial<Parameters<typeof Room>[0]> = {}): ReactNode {
  return (
    <Announcer>
      <Room
        code="123-456-789"
        meeting={meeting}
        media={media}
        encryption={encryption}
        brokenLog={null}
        onAcceptLog={() => {}}
        messages={[]}
        intent={{ microphone: true, camera: true }}
        devices={{ cameras: [], microphones: [], speakers: [] }}
        view="auto"
        pinned={null}
        isHost={false}
        mayAppoint
        isChannelConnected
        hasShortcuts
        stopped={null}
        isAskedToSpeak={false}
        failure={null}
        copied={null}
        browser="chrome"
        actions={all}
        {...change}
      />
    </Announcer>
  );
}

function show(change: Partial<Parameters<typeof Room>[0]> = {}): RoomActions {
  const all = actions();
  render(page(all, change));
  return all;
}

describe("the room", () => {
  it("names everybody, and says in words that a connection is weak", () => {
    show();

    const tile = screen.getByRole("figure", { name: "Amy" });
    expect(within(tile).getByText("Weak connection")).toBeTruthy();
    expect(screen.getByRole("figure", { name: "You" })).toBeTruthy();
  });

  it("shows what the microphone does, not what was wished", () => {
    show({ media: { ...media, people: new Map([["bo", SILENT]]) } });

    expect(screen.getByRole("button", { name: "Unmute" })).toBeTruthy();
  });

  it("obeys single keys, but not while somebody types", async () => {
    const user = userEvent.setup();
    const { toggleMicrophone, say } = show();

    await user.keyboard("m");
    await user.click(screen.getByRole("button", { name: "Chat" }));
    await user.keyboard("mmm{Enter}");

    expect(toggleMicrophone).toHaveBeenCalledTimes(1);
    expect(say).toHaveBeenCalledWith("mmm");
  });

  it("does not obey single keys that were switched off", async () => {
    const { toggleMicrophone } = show({ hasShortcuts: false });

    await userEvent.setup().keyboard("m");

    expect(toggleMicrophone).not.toHaveBeenCalled();
  });

  it("gives focus back to the button that opened the chat", async () => {
    const user = userEvent.setup();
    show();
    const button = screen.getByRole("button", { name: "Chat" });

    await user.click(button);
    expect(document.activeElement).toBe(screen.getByLabelText("Message"));
    await user.keyboard("{Escape}");

    expect(document.activeElement).toBe(button);
  });

  // Shows: ABUSE-29.
  it("makes nothing of a message but its text", async () => {
    const text = '<a href="javascript:alert(1)">x</a> <img src=x onerror=alert(1)> [x](javascript:alert(1)) https://evil.example';
    show({ messages: [{ id: "1", participant: "amy", text, at: 0 }] });

    await userEvent.setup().click(screen.getByRole("button", { name: /^Chat/ }));

    expect(screen.getByText(text).childElementCount).toBe(0);
  });

  it("counts what was written while the chat was closed", () => {
    show({ messages: [{ id: "1", participant: "amy", text: "Hello", at: 0 }] });

    expect(screen.getByRole("button", { name: "Chat, 1 unread message" })).toBeTruthy();
  });

  it("counts on when as many messages are kept as ever are", async () => {
    const user = userEvent.setup();
    const all = actions();
    const full = Array.from({ length: MOST_MESSAGES }, (_, at) => ({ id: String(at), participant: "amy", text: "Hello", at }));
    const { rerender } = render(page(all, { messages: full }));
    await user.click(screen.getByRole("button", { name: /^Chat/ }));
    await user.keyboard("{Escape}");

    rerender(page(all, { messages: [...full.slice(1), { id: "new", participant: "amy", text: "Hi", at: 0 }] }));

    expect(screen.getByRole("button", { name: "Chat, 1 unread message" })).toBeTruthy();
  });

  it("says beside the message that it was not sent, and keeps it", async () => {
    const user = userEvent.setup();
    const { say } = show();
    vi.mocked(say).mockRejectedValue(new Problem("chat_not_sent", 0));

    await user.click(screen.getByRole("button", { name: "Chat" }));
    await user.keyboard("Hello{Enter}");

    const panel = screen.getByRole("complementary", { name: "Chat" });
    expect(await within(panel).findByText(/was not sent/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLTextAreaElement>("Message").value).toBe("Hello");
  });

  it("answers visibly when the invitation was copied", () => {
    show({ copied: { isCopied: true, text: "Invitation copied" } });

    expect(screen.getByText("Invitation copied").closest("[role=status]")).toBeTruthy();
  });

  it("tells how to take back a refusal", () => {
    show({ browser: "firefox", media: { ...media, failure: { what: "camera", problem: "denied" } } });

    expect(screen.getByText("The camera is blocked for this page.")).toBeTruthy();
    expect(screen.getByText(/crossed-out camera/)).toBeTruthy();
  });

  it("has its alerts outside of what the chat covers on a phone", () => {
    show({ failure: "busy" });

    expect(screen.getByText(/too much to do/).closest("main")).toBeNull();
  });

  it("lets a guest leave at once", async () => {
    const { leave } = show();

    await userEvent.setup().click(screen.getByRole("button", { name: "Leave" }));

    expect(leave).toHaveBeenCalled();
  });

  it("says that it reconnects, and that nobody loses their place", () => {
    show({ media: { ...media, connection: "reconnecting" } });

    expect(screen.getByText(/Reconnecting… You stay in the meeting/)).toBeTruthy();
  });

  it("says that nothing comes over the connection, politely, until it is known to be lost", () => {
    show({ media: { ...media, connection: "connected", isSilent: true } });
    expect(screen.getByText("Nothing is coming over your connection. Waiting for it…").closest("[role=status]")).toBeTruthy();
    cleanup();

    show({ media: { ...media, connection: "reconnecting", isSilent: true } });
    expect(screen.queryByText(/is silent/)).toBeNull();
    cleanup();

    show({ media: { ...media, connection: "connected", isSilent: true }, isChannelConnected: false });
    expect(screen.queryByText(/is silent/)).toBeNull();
  });

  it("offers a click when the browser plays no sound without one", async () => {
    const { unblockSound } = show({ media: { ...media, isSoundBlocked: true } });

    await userEvent.setup().click(screen.getByRole("button", { name: "Play sound" }));

    expect(unblockSound).toHaveBeenCalled();
  });
});

it("shows everybody who came in by emergency access, whom a host gives the key", async () => {
  const di = { participant: "di", display_name: "Di", role: "participant", signed_in: true, connected: true, by_emergency: true } as const;
  const roster = [amy, bo, di];
  show({ meeting: { ...meeting, roster } });
  expect(screen.getByText("Di came in by emergency access. Nobody here let them in.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Let Di hear and see" })).toBeNull();
  await userEvent.setup().click(screen.getByRole("button", { name: /People/ }));
  expect(screen.getByText("By emergency access")).toBeTruthy();
  cleanup();

  const all = show({ meeting: { ...meeting, you: amy, roster }, isHost: true });
  await userEvent.setup().click(screen.getByRole("button", { name: "Let Di hear and see" }));
  expect(all.give).toHaveBeenCalledWith("di");
  cleanup();

  show({ meeting: { ...meeting, you: di, roster } });
  expect(screen.getByText("You are here by emergency access, and everybody sees that.")).toBeTruthy();
});

// Shows: REQ-AC-22.
it("hides what policy has switched off, and says why where somebody looks for it", async () => {
  const user = userEvent.setup();
  const host = { ...meeting, you: { ...meeting.you, role: "host" as const } };
  const { toggleCamera, toggleShare } = show({
    meeting: host,
    isHost: true,
    mayAppoint: false,
    media: { ...media, permits: { microphone: true, camera: false, screen: false, messages: false } },
  });

  expect(screen.queryByRole("button", { name: "Turn camera off" })).toBeNull();
  expect(screen.queryByRole("button", { name: /Share/ })).toBeNull();
  expect(screen.getByText(/switched cameras off/)).toBeTruthy();
  expect(screen.getByText(/switched screen sharing off/)).toBeTruthy();
  await user.keyboard("vs");
  expect(toggleCamera).not.toHaveBeenCalled();
  expect(toggleShare).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Chat" }));
  expect(screen.getByText(/switched writing off/)).toBeTruthy();
  expect(screen.queryByRole("textbox")).toBeNull();
  await user.click(screen.getByRole("button", { name: "People" }));
  expect(screen.getByText(/switched off making co-hosts/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /co-host/i })).toBeNull();
});

it("has neither microphone nor camera where nobody is heard or seen, and calls that nobody's decision", async () => {
  const user = userEvent.setup();
  const { toggleMicrophone } = show({ media: { ...media, permits: { microphone: false, camera: false, screen: true, messages: true } } });

  expect(screen.queryByRole("button", { name: /Mute|Unmute|camera/i })).toBeNull();
  expect(screen.queryByText(/switched cameras off/)).toBeNull();
  await user.keyboard("m");
  expect(toggleMicrophone).not.toHaveBeenCalled();
});

it("says in the menu which view holds, and changes it", async () => {
  const user = userEvent.setup();
  const { look } = show({ view: "grid" });

  await user.click(screen.getByRole("button", { name: "More" }));
  expect(screen.getByRole("menuitemradio", { name: "Everyone equal", checked: true })).toBeTruthy();
  await user.click(screen.getByRole("menuitemradio", { name: "Speaker large", checked: false }));

  expect(look).toHaveBeenCalledWith("speaker");
});

it("keeps devices and single keys in its settings", async () => {
  const user = userEvent.setup();
  const { setShortcuts } = show();

  await user.click(screen.getByRole("button", { name: "More" }));
  await user.click(screen.getByRole("menuitem", { name: "Settings" }));
  const sheet = await screen.findByRole("dialog", { name: "Settings" });
  await user.click(within(sheet).getByRole("switch", { name: "Single-key shortcuts" }));

  expect(setShortcuts).toHaveBeenCalledWith(false);
});

describe("who goes away by accident", () => {
  it("is asked first, after the browser's Back", async () => {
    const { leave } = show();

    act(() => void dispatchEvent(new PopStateEvent("popstate")));

    const question = screen.getByRole("alertdialog", { name: "Leave the meeting?" });
    await userEvent.setup().click(within(question).getByRole("button", { name: "Stay" }));
    expect(leave).not.toHaveBeenCalled();
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("gives the history back as it was, after leaving", async () => {
    const marked = { of: "the page before" };
    history.replaceState(marked, "");
    show();
    expect(history.state).not.toEqual(marked);

    cleanup();

    await waitFor(() => expect(history.state).toEqual(marked));
  });

  it("is asked by the browser before it closes the window", () => {
    show();
    const closing = new Event("beforeunload", { cancelable: true });

    dispatchEvent(closing);

    expect(closing.defaultPrevented).toBe(true);
  });
});

describe("focus in the room", () => {
  it("begins at the meeting, and not above the page", () => {
    show();

    expect(document.activeElement).toBe(screen.getByRole("main"));
  });

  it("goes with the tile that was pinned", async () => {
    const all = actions();
    const { rerender } = render(page(all, { view: "grid" }));
    const user = userEvent.setup();

    screen.getByRole("button", { name: "Keep Amy large" }).focus();
    await user.keyboard("{Enter}");
    rerender(page(all, { view: "grid", pinned: { participant: "amy", source: "camera" } }));

    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Don’t keep Amy large" }));
  });

  it("stays in the meeting when the knock that had it is gone", () => {
    const all = actions();
    const lobby = [{ participant: "cy", display_name: "Cy", since: "2026-11-22T08:00:00Z" }];
    const { rerender } = render(page(all, { isHost: true, meeting: { ...meeting, lobby } }));

    screen.getByRole("button", { name: "Let in Cy" }).focus();
    rerender(page(all, { isHost: true }));

    expect(document.activeElement).toBe(screen.getByRole("main"));
  });
});

it("marks one's own weak connection on the small tile", () => {
  const people = new Map([
    ["amy", SILENT],
    ["bo", { ...SILENT, quality: "weak" as const }],
  ]);
  show({ media: { ...media, people } });

  expect(within(screen.getByRole("figure", { name: "You" })).getByRole("img", { name: "Weak connection" })).toBeTruthy();
});

describe("the host's room", () => {
  const lobby = [
    { participant: "cy", display_name: "Cy", since: "2026-11-22T08:00:00Z" },
    { participant: "di", display_name: "Di", since: "2026-11-22T08:01:00Z" },
  ];

  it("shows who has waited longest, and how many wait behind them", async () => {
    const { admit, deny } = show({ isHost: true, meeting: { ...meeting, lobby } });

    expect(screen.getByText("Cy wants to come in")).toBeTruthy();
    expect(screen.getByText("1 more is waiting")).toBeTruthy();
    await userEvent.setup().click(screen.getByRole("button", { name: "Let in Cy" }));

    expect(admit).toHaveBeenCalledWith("cy");
    expect(deny).not.toHaveBeenCalled();
  });

  it.each(["beside the stage", "among the people"])("asks before the first refusal, which closes the link for everybody: %s", async (place) => {
    const { deny } = show({ isHost: true, meeting: { ...meeting, lobby } });
    const user = userEvent.setup();
    if (place === "among the people") await user.click(screen.getByRole("button", { name: /People/ }));
    const among = place === "among the people" ? screen.getByRole("complementary", { name: "People" }) : screen.getByRole("region", { name: "Waiting to come in" });
    const button = within(among).getByRole("button", { name: "Not now, Cy" });

    button.focus();
    await user.keyboard("{Enter}");
    expect(within(screen.getByRole("alertdialog", { name: "Turn Cy away?" })).getByText(/it alone lets nobody in/)).toBeTruthy();
    await look();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(button));
    expect(deny).not.toHaveBeenCalled();

    await user.click(button);
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Turn away" }));

    expect(deny).toHaveBeenCalledWith("cy");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });

  it("turns somebody away at once where the link is closed already", async () => {
    const { facts } = meeting;
    if (facts === null) throw new Error("the meeting has no facts");
    const { deny } = show({ isHost: true, meeting: { ...meeting, facts: { ...facts, link_admits: false }, lobby } });

    await userEvent.setup().click(screen.getByRole("button", { name: "Not now, Cy" }));

    expect(deny).toHaveBeenCalledWith("cy");
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("says of a name that reads like somebody's whom the server knows that it is not them", async () => {
    const [first] = meeting.roster;
    if (first === undefined) throw new Error("nobody is in");
    const known = { ...first, signed_in: true, display_name: "Amara Okafor" };
    const eve = { participant: "eve", display_name: "Аmаrа Okafor", since: "2026-11-22T08:00:00Z" };

    show({ isHost: true, meeting: { ...meeting, roster: [known], lobby: [eve] } });

    expect(screen.getByText("Not the person of this name whom the server knows")).toBeTruthy();
  });

  // Shows: REQ-AC-02.
  it("lets nobody in who has not typed the passcode where it is needed, and says so", async () => {
    const [cy, di] = lobby.map((entry) => ({ ...entry, needs_passcode: true }));
    if (cy === undefined || di === undefined) throw new Error("nobody waits");
    const eve = { participant: "eve", display_name: "Eve", since: "2026-11-22T08:02:00Z" };
    const all = actions();
    const { rerender } = render(page(all, { isHost: true, meeting: { ...meeting, lobby: [cy, di] } }));
    expect(screen.getByText("Has not typed the passcode, and can’t be let in before.")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Let in Cy" }).disabled).toBe(true);
    expect(screen.queryByRole("button", { name: /Let in all/ })).toBeNull();

    // Who can be let in is shown before them.
    rerender(page(all, { isHost: true, meeting: { ...meeting, lobby: [cy, { ...di, needs_passcode: false }, eve] } }));
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Let in Di" }));
    await user.click(screen.getByRole("button", { name: "Let in all 2" }));

    expect(vi.mocked(all.admit).mock.calls).toEqual([["di"]]);
    expect(vi.mocked(all.admitAll).mock.calls).toEqual([[["di", "eve"]]]);
  });

  it("lets all in at once who are shown", async () => {
    const { admitAll } = show({ isHost: true, meeting: { ...meeting, lobby } });

    await userEvent.setup().click(screen.getByRole("button", { name: "Let in all 2" }));

    expect(admitAll).toHaveBeenCalledWith(["cy", "di"]);
  });

  it("asks before it ends the meeting for everyone", async () => {
    const user = userEvent.setup();
    const { leave, endForAll } = show({ isHost: true, meeting: { ...meeting, you: amy } });

    await user.click(screen.getByRole("button", { name: "Leave" }));
    expect(leave).not.toHaveBeenCalled();
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "End for everyone" }));

    expect(endForAll).toHaveBeenCalledTimes(1);
  });

  it("says why it could not end the meeting", async () => {
    const user = userEvent.setup();
    const { endForAll } = show({ isHost: true, meeting: { ...meeting, you: amy } });
    vi.mocked(endForAll).mockRejectedValue(new Problem("offline", 0));

    await user.click(screen.getByRole("button", { name: "Leave" }));
    await user.click(screen.getByRole("button", { name: "End for everyone" }));

    expect(await within(screen.getByRole("alertdialog")).findByText(/can’t be reached/)).toBeTruthy();

    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Leave" }));
    expect(screen.queryByText(/can’t be reached/)).toBeNull();
  });
});

describe("somebody who came by code", () => {
  const user = userEvent.setup();

  it("has no key until the host says so, where they have no passcode", async () => {
    const all = actions();
    render(page(all, { isHost: true, encryption: { ...encryption, askers: [{ participant: "bo", why: "no_passcode" }] } }));

    await user.click(screen.getByRole("button", { name: "Let Bo hear and see without passcode" }));

    expect(all.allow).toHaveBeenCalledWith("bo");
  });

  it("is not let in by a press where they may try again", () => {
    render(page(actions(), { isHost: true, encryption: { ...encryption, askers: [{ participant: "bo", why: "wrong_passcode" }] } }));

    expect(screen.getByText("Bo typed another passcode than yours. They can try again.")).toBeDefined();
    expect(screen.queryByRole("button", { name: /without passcode/i })).toBeNull();
  });

  it("can still type the passcode that they left out at the door", async () => {
    const all = actions();
    const waiting = { ...encryption, standing: { at: "asking", hasPasscode: false } } as const;
    render(page(all, { encryption: waiting }));
    await user.type(screen.getByLabelText("Passcode, if you have one"), "482 193");
    await user.click(screen.getByRole("button", { name: "Use this passcode" }));

    expect(vi.mocked(all.tryPasscode).mock.calls).toEqual([["482193"]]);
    expect(screen.queryByRole("button", { name: "Go on without" })).toBeNull();
  });

  it("types another passcode after a wrong one, or goes on without", async () => {
    const all = actions();
    render(page(all, { encryption: { ...encryption, standing: { at: "wrong_passcode" } } }));
    const field = screen.getByLabelText("Passcode, if you have one");

    await user.type(field, "12{Enter}");
    expect(all.tryPasscode).not.toHaveBeenCalled();
    await user.clear(field);
    await user.type(field, "482 193");
    await user.click(screen.getByRole("button", { name: "Try this passcode" }));
    await user.click(screen.getByRole("button", { name: "Go on without" }));

    expect(vi.mocked(all.tryPasscode).mock.calls).toEqual([["482193"], [null]]);
  });

  it("is the one way to the key where policy says so, for who asks and who gives", () => {
    const facts = { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody", needs_passcode: true } as const;
    const needed = { ...meeting, facts };
    const { rerender } = render(page(actions(), { meeting: needed, encryption: { ...encryption, standing: { at: "wrong_passcode" } } }));
    expect(screen.getByLabelText("Passcode")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Go on without" })).toBeNull();

    rerender(page(actions(), { meeting: needed, encryption: { ...encryption, standing: { at: "asking", hasPasscode: false } } }));
    expect(screen.getByText(/nobody hears or sees anything without the passcode/)).toBeTruthy();

    rerender(page(actions(), { isHost: true, meeting: { ...needed, you: amy }, encryption: { ...encryption, askers: [{ participant: "bo", why: "passcode_spent" }] } }));
    expect(screen.getByText(/Send them the invitation’s link/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /without passcode/ })).toBeNull();
  });
});

describe("putting somebody out", () => {
  const user = userEvent.setup();

  it("is for hosts, of others, and asked about first", async () => {
    const { expel } = show({ isHost: true, meeting: { ...meeting, you: amy } });
    await user.click(screen.getByRole("button", { name: "People" }));
    await user.click(screen.getByRole("button", { name: "Remove Bo" }));
    expect(expel).not.toHaveBeenCalled();

    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Remove" }));

    expect(expel).toHaveBeenCalledWith("bo");
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("is nothing for a guest to see", async () => {
    show({ isHost: false });
    await user.click(screen.getByRole("button", { name: "People" }));

    expect(screen.queryByRole("button", { name: /^Remove/ })).toBeNull();
  });

  it("says why it did not work", async () => {
    const { expel } = show({ isHost: true, meeting: { ...meeting, you: amy } });
    vi.mocked(expel).mockRejectedValue(new Problem("offline", 0));
    await user.click(screen.getByRole("button", { name: "People" }));
    await user.click(screen.getByRole("button", { name: "Remove Bo" }));
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Remove" }));

    expect(await within(screen.getByRole("alertdialog")).findByText(/can’t be reached/)).toBeDefined();
  });
});

describe("what a host does about devices", () => {
  const user = userEvent.setup();
  const feed = { id: "feed", isMirrored: false, attach: () => () => {} };
  const people = new Map([
    ["amy", SILENT],
    ["bo", { ...SILENT, isMicrophoneOn: true, camera: feed }],
    ["cy", SILENT],
  ]);
  const cy = { ...bo, participant: "cy", display_name: "Cy" };
  const hosted = { isHost: true, media: { ...media, people }, meeting: { ...meeting, you: amy, roster: [amy, bo, cy] } };

  // Shows: REQ-MT-08.
  it("is in one place with all else that a host controls, and reached with the keyboard alone", async () => {
    const { setLocked } = show(hosted);
    await user.click(screen.getByRole("button", { name: "People" }));

    const reached = new Set<string>();
    for (let step = 0; step < 60; step += 1) {
      await user.tab();
      const focused = document.activeElement;
      reached.add(focused?.getAttribute("aria-label") ?? focused?.textContent ?? "");
    }

    const controls = ["Mute Bo", "Stop the camera of Bo", "Remove Bo", "Mute everyone else", "Only hosts share", "Lock the meeting"];
    expect([...reached]).toEqual(expect.arrayContaining(controls));
    screen.getByRole("button", { name: "Lock the meeting" }).focus();
    await user.keyboard("{Enter}");
    expect(setLocked).toHaveBeenCalledWith(true);
  });

  it("is to turn them off, and to ask", async () => {
    const all = show(hosted);
    await user.click(screen.getByRole("button", { name: "People" }));

    await user.click(screen.getByRole("button", { name: "Mute Bo" }));
    await user.click(screen.getByRole("button", { name: "Stop the camera of Bo" }));
    await user.click(screen.getByRole("button", { name: "Ask Cy to unmute" }));
    await user.click(screen.getByRole("button", { name: "Mute everyone else" }));

    expect([all.mute, all.stopVideo, all.askToUnmute].map((act) => vi.mocked(act).mock.calls)).toEqual([[["bo"]], [["bo"]], [["cy"]]]);
    expect(all.muteAll).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole("button", { name: /Amy/ })).toBeNull();
  });

  it("is nothing for a guest to see", async () => {
    show({ ...hosted, isHost: false });
    await user.click(screen.getByRole("button", { name: "People" }));

    expect(screen.queryByRole("button", { name: /^(Mute Bo|Ask|Stop the camera of|Mute everyone)/ })).toBeNull();
  });

  it("is told to whom it happens, who can undo it", () => {
    const { unmount } = render(page(actions(), { stopped: "microphone" }));
    expect(screen.getByText("You were muted, by a host or because the microphone stopped. You can unmute yourself at any time.")).toBeDefined();
    unmount();

    show({ stopped: "camera" });
    expect(screen.getByText("Your camera was stopped, by a host or by itself. You can start it again at any time.")).toBeDefined();
  });

  it("opens nothing: who is asked to speak decides", async () => {
    const { toggleMicrophone, declineToSpeak } = show({ isAskedToSpeak: true });
    expect(toggleMicrophone).not.toHaveBeenCalled();

    await user.click(screen.getByRole("button", { name: "Stay muted" }));
    await user.click(screen.getByRole("button", { name: "Unmute now" }));

    expect(declineToSpeak).toHaveBeenCalledTimes(1);
    expect(toggleMicrophone).toHaveBeenCalledTimes(1);
  });
});

describe("a co-host", () => {
  const user = userEvent.setup();
  const cy = { ...bo, participant: "cy", display_name: "Cy", role: "co_host" } as const;
  const roster = [amy, bo, cy];

  it("is made by the host, who takes it back", async () => {
    const { setCoHost } = show({ isHost: true, meeting: { ...meeting, you: amy, roster } });
    await user.click(screen.getByRole("button", { name: "People" }));

    await user.click(screen.getByRole("button", { name: "Make co-host: Bo" }));
    await user.click(screen.getByRole("button", { name: "No longer co-host: Cy" }));

    expect(vi.mocked(setCoHost).mock.calls).toEqual([["bo", true], ["cy", false]]);
  });

  it("makes no others, and leaves without ending the meeting", async () => {
    const { leave } = show({ isHost: true, meeting: { ...meeting, you: cy, roster } });
    await user.click(screen.getByRole("button", { name: "People" }));
    expect(screen.getByRole("button", { name: "Remove Bo" })).toBeDefined();
    expect(screen.queryByRole("button", { name: /co-host/i })).toBeNull();

    await user.click(screen.getByRole("button", { name: "Leave" }));

    expect(leave).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole("button", { name: "End for everyone" })).toBeNull();
  });
});

describe("who shares", () => {
  const user = userEvent.setup();
  const facts = { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false } as const;
  const feed = { id: "feed", isMirrored: false, attach: () => () => {} };
  const shared = (sharing: "everybody" | "hosts", presenter: string | null): MeetingState => ({ ...meeting, facts: { ...facts, sharing, presenter } });

  it("is the host's to say", async () => {
    const all = show({ isHost: true, meeting: { ...shared("everybody", null), you: amy } });
    await user.click(screen.getByRole("button", { name: "People" }));

    await user.click(screen.getByRole("button", { name: "Let only Bo share" }));
    await user.click(screen.getByRole("button", { name: "Only hosts share" }));

    expect(all.handOver).toHaveBeenCalledWith("bo");
    expect(all.setSharingLocked).toHaveBeenCalledWith(true);
  });

  it("is handed on by whom it was handed to, who is told", async () => {
    const { handOver } = show({ meeting: shared("hosts", "bo") });
    expect(screen.getByText("The screen is yours: only you can share now.")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "People" }));

    await user.click(screen.getByRole("button", { name: "Let only Amy share" }));

    expect(handOver).toHaveBeenCalledWith("amy");
    expect(screen.queryByRole("button", { name: "Everyone may share" })).toBeNull();
  });

  it.each([
    ["nobody else may", shared("hosts", null), media],
    ["somebody else has it", shared("everybody", "amy"), media],
    ["somebody else shares", shared("everybody", null), { ...media, people: new Map([["amy", { ...SILENT, screen: feed }]]) }],
  ])("begins nothing by its key where %s", async (_why, state, state_of_media) => {
    const { toggleShare } = show({ meeting: state, media: state_of_media });

    await user.keyboard("s");

    expect(toggleShare).not.toHaveBeenCalled();
  });
});

describe("locking the meeting", () => {
  const user = userEvent.setup();
  const di = { participant: "di", display_name: "Di", since: "2026-11-26T09:00:00Z" };
  const facts = { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: true, sharing: "everybody" } as const;

  it("is the host's act, in the panel of people", async () => {
    const { setLocked } = show({ isHost: true, meeting: { ...meeting, you: amy } });
    await user.click(screen.getByRole("button", { name: "People" }));
    expect(screen.queryByText("Locked")).toBeNull();

    await user.click(screen.getByRole("button", { name: "Lock the meeting" }));

    expect(setLocked).toHaveBeenCalledWith(true);
  });

  it("is shown to everybody, and lets nobody in who waits until it is lifted", async () => {
    const { setLocked } = show({ isHost: true, meeting: { ...meeting, you: amy, facts, lobby: [di] } });
    expect(screen.getByText("Locked")).toBeDefined();
    expect(screen.queryByText("Di wants to come in")).toBeNull();
    await user.click(screen.getByRole("button", { name: /^People/ }));
    expect(screen.getByRole("button", { name: "Let in Di" })).toHaveProperty("disabled", true);

    await user.click(screen.getByRole("button", { name: "Unlock the meeting" }));

    expect(setLocked).toHaveBeenCalledWith(false);
  });

  it("is nothing that a guest can do", async () => {
    show({ meeting: { ...meeting, facts } });
    await user.click(screen.getByRole("button", { name: "People" }));

    expect(screen.queryByRole("button", { name: /lock the meeting/i })).toBeNull();
    expect(screen.getByText(/Nobody new comes in/)).toBeDefined();
  });
});

describe("the passcode", () => {
  const facts = { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" } as const;

  // Shows: REQ-AC-02.
  it("is changed by a host, who is told what becomes of invitations that went out", async () => {
    const { changePasscode } = show({ isHost: true, meeting: { ...meeting, you: amy, facts: { ...facts, passcode_number: 1 } } });
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "People" }));
    expect(screen.getByText(/the one before is refused/)).toBeDefined();

    await user.click(screen.getByRole("button", { name: "Change the passcode" }));

    expect(changePasscode).toHaveBeenCalledOnce();
  });

  it("is nothing that a guest changes", async () => {
    show({ meeting: { ...meeting, facts } });
    await userEvent.setup().click(screen.getByRole("button", { name: "People" }));

    expect(screen.queryByRole("button", { name: "Change the passcode" })).toBeNull();
  });
});

describe("a door that many machines try", () => {
  const facts = { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" } as const;
  const guarded = (until: number): MeetingState => ({ ...meeting, you: amy, facts: { ...facts, guarded_until: new Date(until).toISOString() } });

  // Shows: REQ-AC-04.
  it("is told to the host, who lets the link work again", async () => {
    const { unguard } = show({ isHost: true, meeting: guarded(Date.now() + 60_000) });
    expect(screen.getByText(/Many machines tried to get into this meeting/)).toBeDefined();

    await userEvent.setup().click(screen.getByRole("button", { name: "Let the link work again" }));

    expect(unguard).toHaveBeenCalledOnce();
  });

  it("is no news when the time is over", async () => {
    show({ isHost: true, meeting: guarded(Date.now() - 1) });

    await waitFor(() => expect(screen.queryByText(/Many machines/)).toBeNull());
  });
});

describe("the shield", () => {
  const user = userEvent.setup();

  // Shows: REQ-MODE-05.
  it("says what is kept, whether that is bound, and when the server says something else", async () => {
    render(page(actions(), { encryption: { ...encryption, alarms: [{ what: "mode", participant: null }] } }));
    expect(screen.getByText(/The server says something else of what is kept/)).toBeDefined();

    await user.click(screen.getByRole("button", { name: "Encryption: Warning" }));

    const sheet = within(screen.getByRole("dialog", { name: "Who can see and hear this meeting" }));
    expect(sheet.getByText(/keeps none of it/)).toBeDefined();
    expect(sheet.getByText(/Everyone in this meeting was told the same/)).toBeDefined();
    cleanup();
    const facts = { title: "Follow-up", organisation: "organisation", data_mode: "archive", link_admits: true, locked: false, sharing: "everybody" } as const;
    show({ meeting: { ...meeting, facts } });
    expect(screen.getByText("Sessions are kept")).toBeDefined();
  });

  it("says that the meeting is encrypted, with whom, and how to make sure", async () => {
    render(page(actions()));
    await user.click(screen.getByRole("button", { name: "Encryption: Encrypted" }));

    const sheet = within(screen.getByRole("dialog", { name: "Who can see and hear this meeting" }));
    const people = sheet.getAllByRole("listitem").map(({ textContent }) => textContent);
    expect(people.slice(0, 3)).toEqual(["Dr AmyHost, confirmed by the invitation", "Bo (You)Guest, not verified", "CyCame by code, not verified"]);
    expect(sheet.getByRole("img", { name: "0 1 2 3 4, 5 6 7 8 9, 0 1 2 3 4, 5 6 7 8 9, 0 1 2 3 4, 5 6 7 8 9" })).toBeDefined();
    expect(sheet.getByRole("heading", { name: "What it does not protect against" })).toBeDefined();
  });

  it("tells somebody who came by code that the key went through the server", async () => {
    render(page(actions(), { encryption: { ...encryption, cameByCode: true } }));
    await user.click(screen.getByRole("button", { name: "Encryption: Encrypted, not verified" }));

    expect(screen.getByText(/You came by code: the key came through the server/)).toBeDefined();
  });

  it.each([
    [{ at: "silent", why: "unconfirmed" }, "Not sending", /can’t make sure that the others are still here/],
    [{ at: "silent", why: "no_key" }, "Not sending", /agrees on new keys/],
    [{ at: "waiting_for_host" }, "Waiting for the host", /Only the host can begin/],
    [{ at: "asking", hasPasscode: true }, "Waiting for the key", /asks the host’s device/],
    [{ at: "failed" }, "Not working", /Encryption does not work here/],
  ] as const)("says when nothing is sent, and why: %o", (standing, label, text) => {
    render(page(actions(), { encryption: { ...encryption, standing } }));

    expect(screen.getByRole("button", { name: `Encryption: ${label}` })).toBeDefined();
    expect(screen.getByText(text)).toBeDefined();
  });

  it("names those whose answer it waits for", () => {
    render(page(actions(), { encryption: { ...encryption, standing: { at: "silent", why: "unconfirmed" }, silent: ["amy"] } }));

    expect(screen.getByText("No answer from Dr Amy. Nothing of you is sent until they answer.")).toBeDefined();
  });

  it("raises an alarm that stays, when the group and the server know different people", async () => {
    render(page(actions(), { encryption: { ...encryption, difference: { strangers: ["cy"], outsiders: ["amy"] } } }));

    const alarm = within(screen.getAllByRole("alert").find(({ textContent }) => textContent?.includes("wrong")) ?? document.body);
    expect(alarm.getByText("Someone can open the meeting whom the server does not show here: Cy.")).toBeDefined();
    expect(alarm.queryByText(/Dr Amy/)).toBeNull();
    expect(screen.getByText("Not encrypted with you yet, so they can’t hear or see you: Dr Amy.")).toBeDefined();
    expect(screen.getByRole("button", { name: "Encryption: Warning" })).toBeDefined();
    await user.click(alarm.getByRole("button", { name: "Show details" }));
    expect(screen.getByRole("dialog", { name: "Who can see and hear this meeting" })).toBeDefined();
  });

  it("names an alarm once, also one that it does not know", () => {
    const alarms = [
      { what: "commit", participant: "amy" },
      { what: "commit", participant: "cy" },
      { what: "of another version", participant: null },
    ];
    render(page(actions(), { encryption: { ...encryption, alarms } }));

    expect(screen.getAllByText(/A change of who can open the meeting was not in order/)).toHaveLength(1);
    expect(screen.getByText("Something happened that should not. It was refused.")).toBeDefined();
  });

  it("shows on a tile that what somebody sends can’t be opened", () => {
    render(page(actions(), { encryption: { ...encryption, locked: new Set(["amy", "bo"]) } }));

    expect(within(screen.getByRole("figure", { name: "Amy" })).getByText("Waiting for key…")).toBeDefined();
    expect(within(screen.getByRole("figure", { name: "You" })).queryByText("Waiting for key…")).toBeNull();
  });
});
