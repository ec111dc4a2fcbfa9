import { describe, expect, it } from "vitest";

import { FakeClock, fakeCodec, FakePort, settled } from "../test-remote.ts";
import { BACK_WITHIN_MS, BETWEEN_SIGNS_MS, GONE_AFTER_MS, MOST_LINES, REST_MS, SILENT_AFTER_MS, SupportSession } from "./support-session.ts";
import type { FromAgent } from "./words.ts";

interface Scene {
  session: SupportSession;
  port: FakePort;
  pass(milliseconds: number): void;
  sleep(milliseconds: number): void;
}

function scene({ leads = true, isBack = false, hasMet = false, restartsSince = null as number | null, agent = "agent" as string | null, greeting = (leads ? LEADS : WATCHES) as FromAgent | null } = {}): Scene {
  const port = new FakePort();
  port.greeting = greeting;
  port.guest.set(agent);
  const clock = new FakeClock();
  clock.pass(1_000_000);
  const session = new SupportSession({ port, codec: fakeCodec, now: clock.now, after: clock.after }, { leads, isBack, hasMet, restartsSince });
  return { session, port, pass: (milliseconds) => clock.pass(milliseconds), sleep: (milliseconds) => clock.sleep(milliseconds) };
}

const LEADS = { kind: "leads", transfer: 0 } as const;
const WATCHES = { kind: "watches" } as const;

/** Sees, and uses keyboard and mouse. */
function controlling(): Scene {
  const made = scene();
  for (const to of ["view", "control"] as const) made.port.says({ kind: "answer", to, answer: "granted", seconds: 600 });
  made.port.says({ kind: "control_begins", turn: 1 });
  return made;
}

describe("a session", () => {
  it("goes from waiting to control as the computer says", () => {
    const { session, port } = scene({ agent: null });
    const phase = (): string => session.state.get().phase.at;
    expect(phase()).toBe("waiting");
    port.guest.set("agent");
    expect(phase()).toBe("asking");
    port.says({ kind: "answer", to: "chat", answer: "granted", seconds: 600 });
    expect(phase()).toBe("consented");
    port.says({ kind: "answer", to: "view", answer: "granted", seconds: 600 });
    expect(phase()).toBe("viewing");
    port.says({ kind: "control_begins", turn: 3 });
    expect(session.state.get().phase).toEqual({ at: "controlled", turn: 3 });
    port.says({ kind: "paused", reason: "question" });
    expect(session.state.get().phase).toEqual({ at: "paused", turn: 3, why: "question" });
    port.says({ kind: "resumed" });
    port.says({ kind: "control_ends", turn: 3 });
    expect(phase()).toBe("viewing");
    port.says({ kind: "ended", reason: "stopped" });
    expect(session.state.get().phase).toEqual({ at: "ended", why: "stopped" });
  });

  it("is over once, and says nothing more", () => {
    const { session, port } = scene();
    port.says({ kind: "ended", reason: "idle" });
    port.says({ kind: "ended", reason: "stopped" });
    session.ask("view");

    expect(session.state.get().phase).toEqual({ at: "ended", why: "idle" });
    expect(port.sent).toEqual([]);
  });

  it("believes nobody but the agent, and nothing that came another way", () => {
    const { session, port } = scene();
    port.says({ kind: "ended", reason: "stopped" }, "remote", "colleague");
    port.says({ kind: "ended", reason: "stopped" }, "file");
    port.says({ kind: "ended", reason: "stopped" }, "input");

    expect(session.state.get().phase.at).toBe("asking");
  });

  it("loses control with the connection, and keeps what was permitted until it hears otherwise", () => {
    const { session, port } = controlling();
    port.guest.set(null);
    expect(session.state.get().phase.at).toBe("lost");
    port.guest.set("agent");
    expect(session.state.get().phase.at).toBe("viewing");
    port.says({ kind: "control_begins", turn: 2 });
    expect(session.state.get().phase.at).toBe("controlled");
  });

  it("is over where the computer does not come back in the time in which it would have ended by itself", () => {
    const { session, port, pass } = controlling();
    port.guest.set(null);
    pass(GONE_AFTER_MS - 1);
    port.guest.set("agent");
    pass(GONE_AFTER_MS);
    expect(session.state.get().phase.at).toBe("viewing");

    port.guest.set(null);
    pass(GONE_AFTER_MS - 1);
    expect(session.state.get().phase.at).toBe("lost");
    pass(1);

    expect(session.state.get().phase).toEqual({ at: "ended", why: "connection_lost" });
  });

  it("is over also where the computer that an earlier page met has gone, and waits where none ever came", () => {
    const met = scene({ agent: null, isBack: true, hasMet: true });
    expect(met.session.state.get().phase.at).toBe("lost");
    met.pass(GONE_AFTER_MS);
    expect(met.session.state.get().phase).toEqual({ at: "ended", why: "connection_lost" });

    const there = scene({ agent: "agent", isBack: true, hasMet: true });
    there.pass(GONE_AFTER_MS);
    expect(there.session.state.get().phase.at).toBe("asking");

    const alone = scene({ agent: null, isBack: true });
    alone.pass(GONE_AFTER_MS);
    expect(alone.session.state.get().phase.at).toBe("waiting");
  });

  it("waits for a computer that restarts as long as it can come back, and no longer", () => {
    const { session, port, pass } = scene();
    port.greeting = null;
    port.says({ kind: "ended", reason: "restarting" });
    port.guest.set(null);

    pass(BACK_WITHIN_MS - 1);
    expect(session.state.get().phase.at).toBe("lost");
    pass(1);

    expect(session.state.get().phase).toEqual({ at: "ended", why: "connection_lost" });
  });

  it("waits no longer for one that was gone before its word of a restart came", () => {
    const { session, port, pass } = scene();
    port.guest.set(null);
    port.says({ kind: "ended", reason: "restarting" });

    pass(BACK_WITHIN_MS - 1);
    expect(session.state.get().phase.at).toBe("lost");
    pass(1);

    expect(session.state.get().phase.at).toBe("ended");
  });

  it("waits no longer for a restart of which an earlier page knew", () => {
    const { session, pass } = scene({ agent: null, isBack: true, hasMet: true, restartsSince: 1_000_000 - 60_000 });
    expect(session.state.get()).toMatchObject({ phase: { at: "lost" }, restartsSince: 940_000 });

    pass(BACK_WITHIN_MS - 60_001);
    expect(session.state.get().phase.at).toBe("lost");
    pass(1);

    expect(session.state.get().phase).toEqual({ at: "ended", why: "connection_lost" });
  });

  it("looks for a computer that may be back long since, before it is over", () => {
    const { session, port, pass } = scene({ agent: null, isBack: true, hasMet: true, restartsSince: 1_000_000 - BACK_WITHIN_MS });

    pass(GONE_AFTER_MS - 1);
    port.guest.set("agent");

    expect(session.state.get()).toMatchObject({ phase: { at: "asking" }, restartsSince: null });
  });

  it("looks for a computer once more where its own machine slept meanwhile, before it is over", () => {
    for (const isBack of [true, false]) {
      const { session, port, pass, sleep } = controlling();
      port.guest.set(null);
      sleep(3_600_000);
      pass(GONE_AFTER_MS - 1);
      expect(session.state.get().phase.at).toBe("lost");

      if (isBack) port.guest.set("agent");
      pass(1);
      expect(session.state.get().phase.at).toBe(isBack ? "viewing" : "ended");
    }
  });

  it("says that it leaves, and is over also where nobody hears of it", async () => {
    const { session, port } = scene();
    await session.leave();
    expect(port.said("leave")).toHaveLength(1);

    const other = scene();
    other.port.isCut = true;
    await other.session.leave();
    expect([session, other.session].map(({ state }) => state.get().phase)).toEqual([
      { at: "ended", why: "technician_left" },
      { at: "ended", why: "technician_left" },
    ]);
  });
});

describe("the computer", () => {
  it("is who answers as one, and not whoever came", () => {
    const { session, port, pass } = scene({ greeting: null });
    port.says({ kind: "answer", to: "view", answer: "granted", seconds: 60 });
    port.says({ kind: "ended", reason: "stopped" });
    session.ask("view");

    expect(session.state.get()).toMatchObject({ guest: "agent", agent: null, isSilent: false, phase: { at: "waiting" } });
    expect(port.sent).toEqual([]);

    port.says(LEADS, "remote", "colleague");
    expect(session.state.get().agent).toBeNull();
    pass(SILENT_AFTER_MS);
    expect(session.state.get()).toMatchObject({ agent: null, isSilent: true });
  });

  it("is asked until it answers, and no more then", () => {
    const { session, port, pass } = scene({ greeting: null });
    pass(5_000);
    expect(port.hellos).toBe(3);
    port.greeting = LEADS;
    pass(60_000);

    expect(port.hellos).toBe(4);
    expect(session.state.get()).toMatchObject({ agent: "agent", isSilent: false, phase: { at: "asking" } });
  });

  it("says who leads, also to a page that was loaded again after it was handed over", () => {
    const { session, port } = scene({ isBack: true, greeting: WATCHES });
    expect(session.state.get()).toMatchObject({ leads: false, phase: { at: "watching" } });
    expect(port.sent).toEqual([]);

    const colleague = scene({ leads: false, isBack: true, greeting: { kind: "leads", transfer: 7 } });
    expect(colleague.session.state.get()).toMatchObject({ leads: true, phase: { at: "asking" } });
    expect(colleague.port.said("give_back").map(({ capability }) => capability)).toContain("view");
  });

  it("is no longer led by a page that did not hear of it", () => {
    const { session, port } = controlling();
    port.greeting = WATCHES;
    port.guest.set(null);
    port.guest.set("agent");

    expect(session.state.get()).toMatchObject({ leads: false, phase: { at: "watching" }, permitted: new Map() });
  });
});

describe("a page that was gone", () => {
  it("gives control back, which the computer may go on with, and asks again what was not answered", () => {
    const { session, port } = controlling();
    session.ask("chat");
    port.guest.set(null);
    expect(session.state.get().asked.size).toBe(0);
    port.guest.set("agent");

    expect(port.said("give_back")).toEqual([{ kind: "give_back", capability: "control" }]);
  });

  it("hears what comes while it can say nothing", () => {
    const { session, port } = scene();
    session.ask("view");
    port.guest.set(null);
    port.says({ kind: "answer", to: "view", answer: "granted", seconds: 60 });
    port.guest.set("agent");

    expect(session.state.get().phase.at).toBe("viewing");
  });

  it("and knows nothing any more gives back what it was given, and numbers its files on", () => {
    const { session, port } = scene({ isBack: true });
    session.askFile();

    expect(port.said("give_back").map(({ capability }) => capability)).toEqual(["view", "clipboard_in", "clipboard_out", "chat", "administrator"]);
    expect(port.said("ask_file")).toEqual([{ kind: "ask_file", transfer: 1_000 }]);
  });
});

describe("what is asked", () => {
  it("is open until it is answered, and the answer stands until it is asked again", () => {
    const { session, port } = scene();
    session.ask("control");
    expect([...session.state.get().asked]).toEqual(["control"]);
    port.says({ kind: "answer", to: "control", answer: "denied" });
    expect([...session.state.get().asked]).toEqual([]);
    expect(session.state.get().refused.get("control")).toBe("denied");
    session.ask("control");
    expect(session.state.get().refused.size).toBe(0);
  });

  it("is permitted for a time, and taken back", () => {
    const { session, port } = scene();
    port.says({ kind: "answer", to: "view", answer: "granted", seconds: 60 });
    port.says({ kind: "monitors", monitors: [{ id: 0, width: 800, height: 600 }] });
    port.says({ kind: "watching", monitor: 0 });
    expect(session.state.get().permitted.get("view")).toBe(1_060_000);
    port.says({ kind: "withdrawn", capability: "view" });
    const { permitted, monitors, watching, phase } = session.state.get();
    expect([permitted.size, monitors.length, watching, phase.at]).toEqual([0, 0, null, "asking"]);
  });

  it("is not open where nobody got the question", async () => {
    const { session, port } = scene();
    port.isCut = true;
    session.ask("view");
    await settled();

    expect(session.state.get().asked.size).toBe(0);
  });

  it("of an administrator's rights is what the computer says of them", () => {
    const { session, port } = scene();
    expect(session.raise("amy", "wrong")).toBe(true);
    expect(session.state.get().rights).toBe("asked");
    port.says({ kind: "raised", outcome: "wrong" });
    expect(session.state.get()).toMatchObject({ rights: "none", notRaised: "wrong" });

    session.raise("amy", "correct horse");
    port.says({ kind: "raised", outcome: "raised" });
    expect(session.state.get()).toMatchObject({ rights: "raised", notRaised: null });
    session.restart();
    expect(session.state.get().restart).toBe("asked");
    port.says({ kind: "no_restart" });
    expect(session.state.get().restart).toBe("refused");
    port.says({ kind: "lowered" });
    expect(session.state.get()).toMatchObject({ rights: "none", restart: "none" });

    session.raise("amy", "correct horse");
    port.says({ kind: "withdrawn", capability: "administrator" });
    expect(session.state.get().rights).toBe("none");
  });

  it("waits for a computer that restarts, of which nothing holds when it is back", () => {
    const { session, port } = controlling();
    port.greeting = null;
    port.says({ kind: "ended", reason: "restarting" });

    expect(session.state.get()).toMatchObject({ phase: { at: "lost" }, agent: null, restartsSince: 1_000_000 });
    expect(session.state.get().permitted.size).toBe(0);
    port.guest.set(null);
    port.greeting = LEADS;
    port.guest.set("agent");

    expect(session.state.get()).toMatchObject({ phase: { at: "asking" }, agent: "agent", restartsSince: null });
    expect(port.said("give_back")).toEqual([]);
  });

  it("ends at once where a computer says that it does not restart after all", () => {
    const { session, port } = controlling();
    port.greeting = null;
    port.says({ kind: "ended", reason: "restarting" });
    expect(session.state.get().restartsSince).not.toBeNull();

    port.says({ kind: "ended", reason: "restart_refused" });

    expect(session.state.get()).toMatchObject({ phase: { at: "ended", why: "restart_refused" }, restartsSince: null });
  });

  it("of diagnostics ends with the report", () => {
    const { session, port } = scene();
    session.askDiagnostics();
    expect([...session.state.get().asked]).toEqual(["diagnostics"]);
    port.says({ kind: "diagnostics", lines: [{ item: "kernel", text: "6.1" }] });

    expect(session.state.get().diagnostics).toEqual([{ item: "kernel", text: "6.1" }]);
    expect(session.state.get().asked.size).toBe(0);
  });
});

describe("input", () => {
  it("is numbered in each turn from 0 on, and goes its own way", () => {
    const { session, port } = controlling();
    session.input({ event: "text", text: "a" });
    session.input({ event: "text", text: "b" });
    port.says({ kind: "control_ends", turn: 1 });
    session.input({ event: "text", text: "c" });
    port.says({ kind: "control_begins", turn: 2 });
    session.input({ event: "text", text: "d" });

    expect(port.said("input").map(({ turn, number }) => [turn, number])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(port.sent.filter(({ way }) => way === "input")).toHaveLength(3);
  });

  it("rests while the computer does, and its numbers go on", () => {
    const { session, port } = controlling();
    session.input({ event: "text", text: "a" });
    port.says({ kind: "paused", reason: "local_input" });
    session.input({ event: "text", text: "b" });
    port.says({ kind: "resumed" });
    session.input({ event: "text", text: "c" });

    expect(port.said("input").map(({ number }) => number)).toEqual([0, 1]);
  });

  it("of which something is lost ends the turn here, as it does there", async () => {
    const { session, port } = controlling();
    port.isCut = true;
    session.input({ event: "text", text: "a" });
    await settled();

    expect(session.state.get().phase.at).toBe("viewing");
  });

  it("shows how long the way is", () => {
    const { session, pass } = controlling();
    session.input({ event: "move", monitor: 0, x: 5, y: 6 });
    pass(40);
    session.pointerSeen({ monitor: 0, x: 5, y: 6 });

    expect(session.state.get().latency).toBe(40);
  });
});

describe("words", () => {
  it("are shown with who said them, the oldest forgotten", () => {
    const { session, port } = scene();
    session.say("  Hello ");
    port.says({ kind: "chat", text: "Hi" });
    expect(session.state.get().chat.map(({ from, text }) => [from, text])).toEqual([
      ["technician", "Hello"],
      ["person", "Hi"],
    ]);
    for (let count = 0; count < MOST_LINES; count += 1) port.says({ kind: "chat", text: String(count) });
    expect(session.state.get().chat).toHaveLength(MOST_LINES);
  });

  it("that nobody got are marked", async () => {
    const { session, port } = scene();
    port.isCut = true;
    session.say("Hello");
    await settled();

    expect(session.state.get().chat[0]?.hasFailed).toBe(true);
  });

  it("of a clipboard are short, and without NUL", () => {
    const { session, port } = scene();

    expect([session.copyIn("ä".repeat(16_384)), session.copyIn("ä".repeat(16_385)), session.copyIn("a\0")]).toEqual([true, false, false]);
    port.says({ kind: "clipboard", text: "there" });
    expect(session.state.get().clipboard).toEqual({ text: "there", at: 1_000_000 });
  });
});

describe("a technician who does something", () => {
  it("is known to be there, and not told of more often than it needs", () => {
    const { session, port, pass } = scene();
    for (let count = 0; count < 3; count += 1) session.active();
    expect(port.said("still_here")).toHaveLength(1);
    pass(BETWEEN_SIGNS_MS);
    session.active();
    expect(port.said("still_here")).toHaveLength(2);
  });

  it("is heard at once where the session would end", () => {
    const { session, port } = scene();
    session.active();
    port.says({ kind: "ends_soon", reason: "idle", seconds: 60 });
    expect(session.state.get().endsSoon).toEqual({ reason: "idle", at: 1_060_000 });
    session.active();
    expect(port.said("still_here")).toHaveLength(2);
    expect(session.state.get().endsSoon).toBeNull();
  });
});

async function offered({ session, port }: Scene): Promise<void> {
  for (const name of ["one.txt", "two.txt"]) session.sendFile(new File(["x"], name));
  await settled();
  port.says({ kind: "fetch", transfer: 0, offset: 0 });
  await settled();
}

describe("the next file", () => {
  it("is asked about once the computer says that its person can be asked", async () => {
    const made = scene();
    made.port.says({ kind: "rests", rests: true });
    await offered(made);
    made.pass(REST_MS);
    await settled();
    expect(made.port.said("offer_file").map(({ name }) => name)).toEqual(["one.txt"]);
    made.port.says({ kind: "rests", rests: false });
    await settled();

    expect(made.port.said("offer_file").map(({ name }) => name)).toEqual(["one.txt", "two.txt"]);
  });

  it("is asked about after a while where an earlier program says nothing of that", async () => {
    const made = scene();
    await offered(made);
    made.pass(REST_MS - 1);
    await settled();
    expect(made.port.said("offer_file")).toHaveLength(1);
    made.pass(1);
    await settled();

    expect(made.port.said("offer_file")).toHaveLength(2);
  });
});

describe("somebody else", () => {
  it("goes on where the person at the computer agrees, and everything is asked anew", () => {
    const { session, port } = controlling();
    session.handOver("colleague");
    expect(session.state.get().handingOver).toBe("colleague");
    port.says({ kind: "hand_over", agreed: true });
    const { phase, permitted, leads } = session.state.get();

    expect([phase.at, permitted.size, leads]).toEqual(["handed_over", 0, false]);
  });

  it("does not where they don't", () => {
    const { session, port } = scene();
    session.handOver("colleague");
    port.says({ kind: "hand_over", agreed: false });

    expect(session.state.get()).toMatchObject({ handingOver: null, handOverRefused: true, leads: true });
  });

  it("who only watches says nothing and hears nothing, until they lead; their files are numbered on", () => {
    const { session, port } = scene({ leads: false });
    session.ask("view");
    port.says({ kind: "answer", to: "view", answer: "granted", seconds: 60 });
    expect(session.state.get()).toMatchObject({ phase: { at: "watching" }, leads: false });
    expect(port.sent).toEqual([]);
    port.says({ kind: "leads", transfer: 7 });
    session.askFile();

    expect(session.state.get().phase.at).toBe("asking");
    expect(port.said("ask_file")).toEqual([{ kind: "ask_file", transfer: 7 }]);
  });
});
