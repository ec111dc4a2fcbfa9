import { expect, it } from "vitest";

import { addTexts } from "../../i18n.ts";
import { support } from "../../locales/support.ts";
import { emptyState, type SupportState } from "../../remote/support-state.ts";
import { newsBetween } from "./console-news.ts";

addTexts(support);

const start = emptyState(true);
const there: SupportState = { ...start, agent: "bo", phase: { at: "asking" } };
const controlled: SupportState = { ...there, phase: { at: "controlled", turn: 1 } };

function texts(before: SupportState, after: SupportState): string[] {
  return newsBetween(before, after, "Bo").map(({ text, isUrgent }) => (isUrgent ? `! ${text}` : text));
}

it("tells who came, and what was asked, permitted, refused and taken back", () => {
  expect(texts(start, there)).toEqual(["Bo is connected. They are asked before you see anything."]);
  expect(texts(there, { ...there, asked: new Set(["view"]) })).toEqual(["They are asked: See the screen"]);
  const seeing: SupportState = { ...there, permitted: new Map([["view", 1]]), phase: { at: "viewing" } };
  expect(texts(there, seeing)).toEqual(["They said yes: See the screen"]);
  expect(texts(there, { ...there, refused: new Map([["control", "denied"]]) })[0]).toContain("Control: they said no");
  expect(texts(seeing, there)).toEqual(["! Not permitted any more: See the screen"]);
});

it("says at once that the local person is at work, and how the keyboard is got back", () => {
  const paused: SupportState = { ...controlled, phase: { at: "paused", turn: 1, why: "local_input" } };

  expect(texts({ ...there, phase: { at: "viewing" } }, controlled)[0]).toContain("Ctrl+Alt+Shift+Enter");
  expect(texts(controlled, paused)[0]).toMatch(/^! The person at the computer is using it/);
  expect(texts(paused, controlled)).toEqual(["Your mouse and keys reach the computer again."]);
});

it("says that the connection is lost, and that it is back", () => {
  const lost: SupportState = { ...there, agent: null, phase: { at: "lost" } };

  expect(texts(controlled, lost)[0]).toMatch(/^! The connection to the computer is lost/);
  expect(texts(lost, there)).toContain("The connection to the computer is back.");
  expect(texts(lost, { ...lost, phase: { at: "ended", why: "restart_refused" } })).toEqual([]);
});

it("tells of messages of the person, not of one's own, and of files that end", () => {
  const line = { id: 1, from: "person", text: "Hello", at: 0, hasFailed: false } as const;
  expect(texts(there, { ...there, chat: [line, { ...line, id: 2, from: "technician" }] })).toEqual(["Bo wrote: Hello"]);

  const file = { id: 3, way: "in", name: "a.pdf", size: 2, done: 1, state: "moving", content: null } as const;
  const moving: SupportState = { ...there, files: [file] };
  expect(texts(there, moving)).toEqual([]);
  expect(texts(moving, { ...there, files: [{ ...file, state: "complete" }] })).toEqual(["a.pdf: Arrived, whole"]);
});

it("warns of the end once", () => {
  const warned: SupportState = { ...there, endsSoon: { reason: "idle", at: 60_000 } };

  expect(texts(there, warned)[0]).toMatch(/^! Nothing has happened for a while/);
  expect(texts(warned, { ...warned })).toEqual([]);
});
