import type { JSX } from "react";

import type { DeviceKind } from "../../call/devices.ts";
import type { Session } from "../../call/session.ts";
import { switchOfCapture } from "../../call/switch.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { isFinal, mistakeOf, standingText } from "../room/shield-text.ts";
import { useStore } from "../use-store.ts";
import { type PasscodeProgress, Waiting } from "./Waiting.tsx";

interface WaitingPageProps {
  session: Session;
  why: "waiting" | "host_absent";
  isHelped: boolean;
}

/** Joins the lobby's screen to its session. */
export function WaitingPage({ session, why, isHelped }: WaitingPageProps): JSX.Element {
  const { meeting, isChannelConnected } = useStore(session.state);
  const encryption = useStore(session.encryption);
  const capture = useStore(session.preview);

  function toggle(kind: DeviceKind): void {
    // From what is shown, which is what the person presses.
    const isOff = switchOfCapture(session.preview.get()[kind]) === "off";
    void (kind === "camera" ? session.setCamera(isOff) : session.setMicrophone(isOff));
  }

  return (
    <Waiting
      why={why}
      isHelped={isHelped}
      place={meeting?.place ?? null}
      passcode={meeting === null || meeting.passcode === null ? null : progressOf(encryption)}
      dataMode={meeting?.dataMode ?? null}
      isInterrupted={!isChannelConnected}
      capture={capture}
      onPasscode={(passcode) => session.tryPasscode(passcode)}
      onToggle={toggle}
      onLeave={() => void session.leave()}
    />
  );
}

function progressOf(encryption: EncryptionState): PasscodeProgress {
  const { standing } = encryption;
  if (isFinal(encryption)) return { impossible: standingText(standing) };
  return mistakeOf(encryption) ?? (standing.at === "asking" && !standing.hasPasscode ? "missing" : "checking");
}
