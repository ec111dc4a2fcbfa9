import { act, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";

import { type MediaState, NO_MEDIA, SILENT } from "../../call/call-media.ts";
import type { MeetingState } from "../../call/meeting-state.ts";
import { type EncryptionState, NOT_YET } from "../../e2ee/encryption.ts";
import { Announcer } from "../../ui/announcer.tsx";
import { useRoomNews } from "./use-room-news.ts";

const you = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const meeting: MeetingState = {
  revision: 1,
  you,
  admission: "admitted",
  facts: { title: "Follow-up", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" },
  roster: [you],
  lobby: [],
  dataMode: "conduit",
  place: null,
  passcode: null,
  ended: null,
};

function connected(isMicrophoneOn: boolean): MediaState {
  return { ...NO_MEDIA, connection: "connected", people: new Map([["bo", { ...SILENT, isMicrophoneOn }]]) };
}

function News({ media, encryption = NOT_YET }: { media: MediaState; encryption?: EncryptionState }): ReactNode {
  useRoomNews({ meeting, media, encryption, messages: [], isHost: false, speakerId: undefined });
  return null;
}

function HostNews({ lobby }: Pick<MeetingState, "lobby">): ReactNode {
  useRoomNews({ meeting: { ...meeting, lobby }, media: NO_MEDIA, encryption: NOT_YET, messages: [], isHost: true, speakerId: undefined });
  return null;
}

function page(media: MediaState): ReactNode {
  return (
    <Announcer>
      <News media={media} />
    </Announcer>
  );
}

/** What is said urgently after each of these states. */
function said(states: readonly MediaState[]): string[] {
  const { rerender } = render(page(NO_MEDIA));
  return states.map((media) => {
    act(() => rerender(page(media)));
    return screen.getByRole("alert").textContent;
  });
}

it("tells a host who comes in of somebody who waited before them", async () => {
  const lobby = [{ participant: "cy", display_name: "Cy", since: "2026-11-22T08:00:00Z" }];
  render(
    <Announcer>
      <HostNews lobby={lobby} />
    </Announcer>,
  );

  expect(await screen.findByText("Cy wants to come in")).toBeTruthy();
});

it("tells a host who comes in of everybody who waited before them", async () => {
  const lobby = ["Cy", "Di"].map((name) => ({ participant: name, display_name: name, since: "2026-11-22T08:00:00Z" }));
  render(
    <Announcer>
      <HostNews lobby={lobby} />
    </Announcer>,
  );

  expect(await screen.findByText(/Cy wants to come in/)).toBeTruthy();
  expect(await screen.findByText(/Di wants to come in/)).toBeTruthy();
});

describe("what a screen reader hears about one's own microphone", () => {
  it("is nothing while the connection is made", () => {
    expect(said([{ ...NO_MEDIA, connection: "connecting" }, connected(true)]).at(-1)).toBe("");
  });

  it("is each change", () => {
    expect(said([connected(true), connected(false), connected(true)])).toEqual(["", "You are muted", "You can be heard"]);
  });

  it("is nothing when the media are replaced and come back the same", () => {
    expect(said([connected(true), NO_MEDIA, connected(true)]).at(-1)).toBe("");
  });

  it("is what is different after the media were replaced", () => {
    expect(said([connected(true), NO_MEDIA, connected(false)]).at(-1)).toBe("You are muted");
  });

  it("is nothing while it starts again", () => {
    const starting = { ...connected(false), isStarting: { microphone: true, camera: false } };

    expect(said([connected(true), NO_MEDIA, starting]).at(-1)).toBe("");
  });
});

function told(standings: readonly EncryptionState["standing"][]): ReactNode[] {
  return standings.map((standing) => (
    <Announcer key="one">
      <News media={connected(true)} encryption={{ ...NOT_YET, standing }} />
    </Announcer>
  ));
}

describe("what a screen reader hears about the encryption", () => {
  it("is that it is on", async () => {
    const [joining, on] = told([{ at: "joining" }, { at: "on" }]);
    const { rerender } = render(joining);
    act(() => rerender(on));

    expect(await screen.findByText(/The meeting is encrypted/)).toBeTruthy();
  });

  it("is at once that nothing is sent any more", () => {
    const [on, silent] = told([{ at: "on" }, { at: "silent", why: "unconfirmed" }]);
    const { rerender } = render(on);
    act(() => rerender(silent));

    expect(screen.getByRole("alert").textContent).toContain("Nothing of you is sent");
  });
});
