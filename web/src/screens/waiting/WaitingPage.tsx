import type { JSX } from "react";

import type { DeviceKind } from "../../call/devices.ts";
import type { MeetingState } from "../../call/meeting-state.ts";
import type { Session } from "../../call/session.ts";
import { switchOfCapture } from "../../call/switch.ts";
import type { Standing } from "../../e2ee/orders.ts";
import { useStore } from "../use-store.ts";
import { Waiting } from "./Waiting.tsx";

interface WaitingPageProps {
  session: Session;
  why: "waiting" | "host_absent";
}

/** Joins the lobby's screen to its session. */
export function WaitingPage({ session, why }: WaitingPageProps): JSX.Element {
  const { meeting, isChannelConnected } = useStore(session.state);
  const { standing } = useStore(session.encryption);
  const capture = useStore(session.preview);

  function toggle(kind: DeviceKind): void {
    // From what is shown, which is what the person presses.
    const isOff = switchOfCapture(session.preview.get()[kind]) === "off";
    void (kind === "camera" ? session.setCamera(isOff) : session.setMicrophone(isOff));
  }

  return (
    <Waiting
      why={why}
      place={meeting?.place ?? null}
      passcode={passcodeOf(meeting, standing)}
      dataMode={meeting?.dataMode ?? null}
      isInterrupted={!isChannelConnected}
      capture={capture}
      onPasscode={(passcode) => session.tryPasscode(passcode)}
      onToggle={toggle}
      onLeave={() => void session.leave()}
    />
  );
}

function passcodeOf(meeting: MeetingState | null, standing: Standing): "missing" | "checking" | "wrong" | "spent" | null {
  if (meeting === null || meeting.passcode === null) return null;
  if (standing.at === "wrong_passcode") return "wrong";
  if (standing.at === "passcode_spent") return "spent";
  return standing.at === "asking" && !standing.hasPasscode ? "missing" : "checking";
}
