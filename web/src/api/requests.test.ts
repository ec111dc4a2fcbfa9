import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Api } from "./api.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const SEAT = { meeting: "m", credential: "c" };
const lost = (): Promise<Response> => Promise.reject(new TypeError("Failed to fetch"));
const refusal = (): Promise<Response> => Promise.resolve(Response.json({ code: "busy" }, { status: 503 }));
const done = (): Promise<Response> => Promise.resolve(Response.json({ revision: 1 }));

/** An API whose requests are answered one after the other, with the keys that they carried. */
function answering(...answers: (() => Promise<Response>)[]): { api: Api; keys: (string | null)[] } {
  const keys: (string | null)[] = [];
  const api = new Api((_, init) => {
    keys.push(new Headers(init?.headers).get("Idempotency-Key"));
    return answers.shift()?.() ?? lost();
  });
  return { api, keys };
}

const gateway = (): Promise<Response> => Promise.resolve(new Response("<h1>Gateway timeout</h1>", { status: 504 }));

describe("a command", () => {
  it("is the same command when its answer was lost", async () => {
    const { api, keys } = answering(lost, done);

    await expect(api.join("1", { display_name: "Bo" })).rejects.toThrow("offline");
    await api.join("1", { display_name: "Bo" });

    expect(keys[0]).not.toBeNull();
    expect(keys[1]).toBe(keys[0]);
  });

  it("is another one once it was answered, also by a refusal", async () => {
    const { api, keys } = answering(done, refusal, done);

    await api.leave(SEAT);
    await expect(api.leave(SEAT)).rejects.toThrow("busy");
    await api.leave(SEAT);

    expect(new Set(keys).size).toBe(3);
  });

  it("is the same command when only a gateway answered", async () => {
    const { api, keys } = answering(gateway, done);

    await expect(api.join("1", { display_name: "Bo" })).rejects.toThrow("unexpected");
    await api.join("1", { display_name: "Bo" });

    expect(keys[1]).toBe(keys[0]);
  });

  it("is another one when it says something else", async () => {
    const { api, keys } = answering(lost, done);

    await expect(api.admit(SEAT, "amy")).rejects.toThrow("offline");
    await api.admit(SEAT, "bo");

    expect(keys[1]).not.toBe(keys[0]);
  });
});

describe("a request", () => {
  it("counts as unanswered when nothing comes in time", async () => {
    const api = new Api(
      (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")))),
    );
    const refused = expect(api.meetings()).rejects.toThrow("offline");

    await vi.advanceTimersByTimeAsync(15_000);

    await refused;
  });

  it("counts as unanswered when the answer breaks off", async () => {
    const { api } = answering(() => Promise.resolve(new Response('{"meetings": [')));

    await expect(api.meetings()).rejects.toThrow("offline");
  });
});
