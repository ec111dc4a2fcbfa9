import { expect, it } from "vitest";

import { boundsOf, lastDays } from "../days.ts";
import { filterOf, questionOf } from "./saved-question.ts";

const NOW = new Date(2026, 10, 26, 12);

it("keeps a question and asks it again, without its page", () => {
  const question = { from: "2026-11-20T00:00:00.000Z", event: "auth.fail", outcome: "failed" as const };

  const kept = filterOf({ ...question, before: 7 });

  expect(kept).toEqual({ kind: "audit", span: { from: question.from }, event: "auth.fail", outcome: "failed" });
  expect(questionOf(kept, NOW)).toEqual(question);
});

it("asks for the last days as they are", () => {
  const asked = questionOf({ kind: "audit", span: { last_days: 2 } }, NOW);
  expect(asked).toEqual(boundsOf(lastDays(2, NOW)));
});
