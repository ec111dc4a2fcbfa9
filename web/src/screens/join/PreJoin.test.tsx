import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { PreJoin } from "./PreJoin.tsx";

type Props = Parameters<typeof PreJoin>[0];

function show(change: Partial<Props> = {}): Pick<Props, "onAsk" | "onToggle" | "onJoin"> {
  const seen = { onAsk: vi.fn(), onToggle: vi.fn(), onJoin: vi.fn() };
  render(
    <PreJoin
      name=""
      isThroughLobby={false}
      takesPasscode={false}
      canEncrypt
      capture={{ camera: { status: "off" }, microphone: { status: "off" } }}
      hasAsked
      intent={{ microphone: true, camera: true }}
      devices={{ cameras: [], microphones: [], speakers: [] }}
      browser="chrome"
      isJoining={false}
      failure={null}
      onChoose={vi.fn()}
      {...seen}
      {...change}
    />,
  );
  return seen;
}

describe("the door of a meeting", () => {
  it("says why the browser will ask before it asks", async () => {
    const { onAsk } = show({ hasAsked: false });
    expect(onAsk).not.toHaveBeenCalled();

    await userEvent.setup().click(screen.getByRole("button", { name: "Turn on camera and microphone" }));

    expect(onAsk).toHaveBeenCalled();
  });

  it("lets somebody in who gives only a name, by keyboard alone", async () => {
    const user = userEvent.setup();
    const { onJoin } = show({ hasAsked: false });

    await user.click(screen.getByLabelText("Your name"));
    await user.keyboard("  Bo Lindqvist {Enter}");

    expect(onJoin).toHaveBeenCalledWith("Bo Lindqvist", null);
  });

  it("shows whoever is helped no camera and no microphone, and says that they are neither seen nor heard", async () => {
    const { onJoin } = show({ hasAsked: false, isHelped: true, name: "Bo" });

    expect(screen.queryByRole("button", { name: /camera|microphone/i })).toBeNull();
    expect(screen.getByText(/Nobody sees or hears you here/)).toBeTruthy();
    await userEvent.setup().click(screen.getByRole("button", { name: "Continue" }));

    expect(onJoin).toHaveBeenCalledWith("Bo", null);
  });

  it("takes a passcode from whoever comes by code, and says when it is none", async () => {
    const user = userEvent.setup();
    const { onJoin } = show({ name: "Bo", takesPasscode: true });
    const field = screen.getByLabelText("Passcode, if you have one");

    await user.type(field, "482{Enter}");
    expect(onJoin).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(field);
    expect(screen.getByText("A passcode has 6 to 12 digits.")).toBeDefined();
    await user.type(field, " 193{Enter}");

    expect(onJoin).toHaveBeenCalledWith("Bo", "482193");
  });

  it("asks nobody for a passcode who has the link", () => {
    show();

    expect(screen.queryByLabelText("Passcode, if you have one")).toBeNull();
  });

  it("leads to the name when it is missing", async () => {
    const { onJoin } = show();

    await userEvent.setup().click(screen.getByRole("button", { name: "Join now" }));

    const field = screen.getByLabelText("Your name");
    expect(onJoin).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });

  it.each([
    ["firefox", /crossed-out camera/],
    ["ios", /Website Settings/],
    ["inApp", /inside another app/],
  ] as const)("tells somebody with %s how to allow what was blocked", (browser, help) => {
    const blocked = { status: "failed", problem: "denied" } as const;
    show({ browser, capture: { camera: blocked, microphone: blocked } });

    expect(screen.getByText("The camera is blocked for this page.")).toBeTruthy();
    expect(screen.getByText(help)).toBeTruthy();
  });

  it("sends somebody in another app's browser out of it before anything failed", () => {
    show({ browser: "inApp", hasAsked: false });

    expect(screen.getByText("Please open this page in your browser")).toBeTruthy();
  });

  it("says that the host decides, to somebody who has only the code", () => {
    show({ isThroughLobby: true });

    expect(screen.getByText("The host lets you in.")).toBeTruthy();
  });
});
