import { expect, it } from "vitest";

import { Silence } from "./silence.ts";

interface Scene {
  silence: Silence;
  /** A second later: so many packets of each picture that is to come, and how much else. */
  second(pictures: Record<string, number>, other?: number): boolean;
  pass(milliseconds: number): void;
  /** How often the server was asked. */
  asked: () => number;
  /** It answers what it was asked last. */
  answer(): Promise<void>;
}

function scene(): Scene {
  const answers: (() => void)[] = [];
  const totals = new Map<string, number>();
  let [now, arrived] = [1_000, 0];
  const silence = new Silence({ now: () => now, ask: () => new Promise((resolve) => void answers.push(resolve)), onChange: () => {} });
  return {
    silence,
    second(pictures, other = 0) {
      now += 1_000;
      for (const [id, packets] of Object.entries(pictures)) {
        totals.set(id, (totals.get(id) ?? 0) + packets);
        arrived += packets;
      }
      arrived += other;
      silence.take({ arrived, pictures: new Map(Object.keys(pictures).map((id) => [id, totals.get(id) ?? 0])) });
      return silence.isSilent;
    },
    pass: (milliseconds) => void (now += milliseconds),
    asked: () => answers.length,
    async answer() {
      answers.at(-1)?.();
      await Promise.resolve();
    },
  };
}

/** Somebody's picture has come for some seconds. */
function flowing(): Scene {
  const made = scene();
  for (let seconds = 0; seconds < 4; seconds += 1) made.second({ bo: 30 });
  return made;
}

it.each([
  ["at once", 2],
  ["after the first packets of a second", 10],
  ["after most of a second", 28],
])("is told of within three seconds where everything stops %s, and the server does not answer", (_, packets) => {
  const { second } = flowing();
  const stopsFor = (30 - packets) / 30;

  const seconds = [second({ bo: packets }), second({ bo: 0 }), second({ bo: 0 })].indexOf(true);

  expect(seconds).toBeGreaterThan(0);
  expect(stopsFor + seconds).toBeLessThanOrEqual(3);
  expect(stopsFor + seconds).toBeGreaterThan(1.5);
});

it("is over as soon as anything arrives, or the server says something", async () => {
  for (const isAnswer of [false, true]) {
    const { second, silence, answer } = flowing();
    for (let seconds = 0; seconds < 4; seconds += 1) second({ bo: 0 });
    expect(silence.isSilent).toBe(true);

    if (isAnswer) await answer();
    else second({ bo: 1 });

    expect(silence.isSilent).toBe(false);
  }
});

it("is none where the server answers and the way is checked: the other's connection is silent, and nobody is asked for ever", async () => {
  const { second, answer, asked } = flowing();
  for (let seconds = 1; seconds <= 60; seconds += 1) {
    expect(second({ bo: 0 }, seconds % 6 === 0 ? 1 : 0)).toBe(false);
    await answer();
  }

  expect(asked()).toBeGreaterThan(0);
  expect(asked()).toBeLessThan(6);
});

it("is told of where the server answers over another way, and no check of this one is answered any more", async () => {
  const { second, silence, answer, asked } = flowing();
  const told: boolean[] = [];
  for (let seconds = 0; seconds < 20; seconds += 1) {
    told.push(second({ bo: 0 }));
    await answer();
    told.push(silence.isSilent);
  }

  expect(told.indexOf(true) / 2).toBeGreaterThan(5);
  expect(told.indexOf(true) / 2).toBeLessThanOrEqual(8);
  expect(told.slice(told.indexOf(true))).not.toContain(false);
  expect(asked()).toBe(1);

  second({ bo: 1 });
  expect(silence.isSilent).toBe(false);
});

it("is not ended by an answer that was asked for before the connection", async () => {
  const { second, silence, answer } = flowing();
  second({ bo: 0 });
  silence.forget();
  for (let seconds = 0; seconds < 4; seconds += 1) second({ bo: 30 });
  await answer();
  for (let seconds = 0; seconds < 3; seconds += 1) second({ bo: 0 });

  expect(silence.isSilent).toBe(true);
});

it("is told of for two seconds at least, unless the connection is another", () => {
  const { second, silence } = flowing();
  while (!second({ bo: 0 })) expect(silence.isSilent).toBe(false);

  expect([second({ bo: 30 }), second({ bo: 30 })]).toEqual([true, false]);

  while (!second({ bo: 0 })) expect(silence.isSilent).toBe(false);
  silence.forget();
  expect(silence.isSilent).toBe(false);
});

it("is over two seconds after it was told of where the server answers at once and nothing else comes", async () => {
  const { second, silence, answer } = flowing();
  while (!second({ bo: 0 })) expect(silence.isSilent).toBe(false);
  await answer();

  expect([second({ bo: 0 }), second({ bo: 0 })]).toEqual([true, false]);
});

it("does not take for an arrival that less is counted, as where a way is given up", () => {
  const { second } = flowing();

  expect([second({ bo: 0 }, -500), second({ bo: 0 }, -5), second({ bo: 0 }, -5)]).toContain(true);
  expect(second({ bo: 30 })).toBe(false);
});

it("is none where anything else arrives on the way", () => {
  const { second, asked } = flowing();
  for (let seconds = 0; seconds < 20; seconds += 1) expect(second({ bo: 0 }, 1)).toBe(false);

  expect(asked()).toBeLessThan(2);
});

it("is none where nobody is to be seen any more: their cameras are off, or they left", () => {
  const { second, asked } = flowing();
  for (let seconds = 0; seconds < 20; seconds += 1) expect(second({})).toBe(false);

  expect(asked()).toBe(0);
});

it("is none where little came before, as of a screen that stands still", () => {
  const { second, asked } = scene();
  for (let seconds = 0; seconds < 20; seconds += 1) expect(second({ screen: seconds < 8 ? 2 : 0 })).toBe(false);

  expect(asked()).toBe(0);
});

it("is none where nothing ever came", () => {
  const { second } = scene();
  for (let seconds = 0; seconds < 20; seconds += 1) expect(second({ bo: 0 })).toBe(false);
});

it("is none where the page itself was held up, until it has looked again", () => {
  const { second, pass } = flowing();
  pass(60_000);
  expect(second({ bo: 0 })).toBe(false);
  expect(second({ bo: 0 })).toBe(false);

  for (let seconds = 0; seconds < 4; seconds += 1) second({ bo: 30 });
  second({ bo: 0 });
  pass(10_000);
  expect(second({ bo: 0 })).toBe(false);
});

it("is forgotten with the connection", () => {
  const { second, silence } = flowing();
  for (let seconds = 0; seconds < 5; seconds += 1) second({ bo: 0 });
  silence.forget();

  expect(silence.isSilent).toBe(false);
  expect(second({ bo: 0 })).toBe(false);
  expect(second({ bo: 0 })).toBe(false);
});

it("knows whose picture flows", () => {
  const { second, silence } = flowing();
  second({ bo: 30, amy: 0 });

  expect(["bo", "amy"].map((id) => silence.flows(id))).toEqual([true, false]);
  second({ bo: 0, amy: 30 });
  expect(["bo", "amy"].map((id) => silence.flows(id))).toEqual([false, true]);
});
