import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import { Api } from "../../api/api.ts";
import type { World } from "../../call/world.ts";
import { Gate } from "../../test-gate.ts";
import { testWorld } from "../../test-world.ts";
import { JoinPage } from "./JoinPage.tsx";

const CODE = "123-456-789";
const SEAT = { meeting: "m", participant: "bo", credential: "c" };

interface Scene {
  world: World;
  answer: Gate;
  requests: string[];
  unmount: () => void;
}

/** Somebody has pressed “Join now”, and the server takes its time. */
async function joining(): Promise<Scene> {
  const answer = new Gate();
  const requests: string[] = [];
  const api = new Api(async (input) => {
    requests.push(String(input));
    if (String(input).endsWith("/join")) await answer.passed;
    return Response.json(SEAT);
  });
  const world = testWorld({ api });
  const { unmount } = render(<JoinPage world={world} code={CODE} me={null} onHome={() => {}} />);
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Your name"), "Bo");
  await user.click(screen.getByRole("button", { name: "Join now" }));
  await waitFor(() => expect(requests).toEqual([`/api/v1/meetings/${CODE}/join`]));
  return { world, answer, requests, unmount };
}

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

describe("who goes away while the server takes its time", () => {
  it("leaves the seat that they then got, and opens no session", async () => {
    const { world, answer, requests, unmount } = await joining();

    unmount();
    answer.open();

    await waitFor(() => expect(requests.at(-1)).toBe("/api/v1/meetings/m/leave"));
    expect(world.seats.seat(CODE)).toBeNull();
  });

  it("keeps the seat when they are back in it by then", async () => {
    const { world, answer, requests, unmount } = await joining();

    unmount();
    world.seats.keepSeat(CODE, { ...SEAT, name: "Bo", account: null });
    answer.open();
    await new Promise((resolve) => setTimeout(resolve, 5));

    expect(requests).toHaveLength(1);
  });
});
