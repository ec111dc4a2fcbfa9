import { expect, it } from "vitest";

import { Problem } from "./problem.ts";
import { queueRoutes } from "./support-queue.ts";

const ASKED = { id: "018f3a5c-0000-7000-8000-000000000001", token: "secret" };

async function failure(answer: () => Promise<Response>): Promise<Problem> {
  const error: unknown = await queueRoutes(answer).helpStanding(ASKED).catch((thrown: unknown) => thrown);
  if (!(error instanceof Problem)) throw new Error("nothing failed");
  return error;
}

it("says why the server refused, and when another try makes sense", async () => {
  const refused = await failure(() => Promise.resolve(Response.json({ code: "too_many_requests", retry_after: 9 }, { status: 429 })));

  expect([refused.code, refused.status, refused.retryAfter]).toEqual(["too_many_requests", 429, 9]);
});

it("takes neither silence nor a gateway's page for an answer", async () => {
  for (const answer of [
    () => Promise.reject(new TypeError("no network")),
    () => Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502 })),
    () => Promise.resolve(new Response("{half", { status: 200 })),
  ]) {
    const { code, status } = await failure(answer);
    expect([code, status]).toEqual(["offline", 0]);
  }
  const strange = await failure(() => Promise.resolve(new Response("no", { status: 404 })));
  expect([strange.code, strange.status]).toEqual(["unexpected", 404]);
});
