import { type JSX, useEffect, useRef, useState } from "react";

import type { Me } from "../../api/wire.ts";
import { browserKind } from "../../call/browser.ts";
import type { DeviceKind } from "../../call/devices.ts";
import type { Intent } from "../../call/intent.ts";
import { type CapturedTracks, Preview, type PreviewState } from "../../call/preview.ts";
import { switchOfCapture } from "../../call/switch.ts";
import type { World } from "../../call/world.ts";
import { useAction } from "../use-action.ts";
import { useStore } from "../use-store.ts";
import { Connecting } from "../waiting/Waiting.tsx";
import { PreJoin } from "./PreJoin.tsx";

/** So long somebody who goes straight in sees nothing but that they do. */
const PATIENCE_MS = 4_000;

export interface Joining {
  name: string;
  passcode: string | null;
  /** Hands over what runs, once there is somebody to take it; until then it is shown and stopped here. */
  take: () => CapturedTracks;
}

interface PreJoinPageProps {
  world: World;
  me: Me | null | undefined;
  isByEmergency?: boolean;
  /** They come to show a screen, and are neither seen nor heard. */
  isHelped?: boolean;
  isThroughLobby: boolean;
  takesPasscode: boolean;
  /** Straight in, with what was on last, where nothing has to be asked for that; else the door is shown as ever. */
  joinsAtOnce?: boolean;
  onJoin: (joining: Joining) => Promise<void>;
  onShown: () => void;
}

/** Joins the door of a meeting to the camera, the microphone and the person's choices. */
export function PreJoinPage({ world, me, isByEmergency = false, isHelped = false, isThroughLobby, takesPasscode, joinsAtOnce = false, onJoin, onShown }: PreJoinPageProps): JSX.Element {
  const [preview] = useState(() => new Preview(world.openDevices));
  const capture = useStore(preview);
  const intent = useStore(world.intent);
  const devices = useStore(world.devices);
  const [hasAsked, setAsked] = useState(false);
  const [isStraight, setStraight] = useState(joinsAtOnce && !isHelped);
  const isHere = useRef(true);
  const { isRunning, failure, run } = useAction(async (name: string, passcode: string | null) => {
    // A device that opens unasked takes a moment; a question may stay open for ever.
    if (await world.mayCaptureUnasked()) await preview.settled();
    if (isHere.current) await onJoin({ name, passcode, take });
  });

  useEffect(onShown, []);
  useEffect(() => world.devices.watch(), [world]);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
      preview.stop();
    };
  }, [preview]);
  useEffect(() => {
    let isGone = false;
    async function begin(): Promise<void> {
      if (isHelped) return;
      const may = await world.mayCaptureUnasked();
      if (isGone) return;
      const name = me?.display_name ?? "";
      const goes = joinsAtOnce && may && name !== "" && world.canEncrypt() && world.intent.recall();
      if (!goes) setStraight(false);
      if (may) await ask();
      if (isGone || !goes) return;
      if (isAsWanted(preview.get(), world.intent.get())) run(name, null);
      else setStraight(false);
    }
    void begin();
    return () => {
      isGone = true;
    };
  }, []);
  useEffect(() => {
    if (failure !== null) setStraight(false);
  }, [failure]);
  useEffect(() => {
    if (!isStraight) return;
    // Whatever hangs, what runs of theirs is shown, and can be switched off.
    const timer = setTimeout(() => setStraight(false), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isStraight]);

  function take(): CapturedTracks {
    // What this tab's meetings want is theirs.
    if (isHelped) return {};
    world.intent.update((current) => ({ ...current, ...running(preview.get()) }));
    return preview.release();
  }

  function turnOn(): void {
    world.intent.update((current) => ({ ...current, microphone: true, camera: true }));
    void ask();
  }

  async function ask(): Promise<void> {
    setAsked(true);
    await preview.start(world.intent.get());
    await world.devices.refresh();
  }

  function toggle(kind: DeviceKind): void {
    const isWanted = switchOfCapture(preview.get()[kind]) === "off";
    world.intent.update((current) => ({ ...current, [kind]: isWanted }));
    if (isWanted) void preview.turnOn(kind, world.intent.get()[`${kind}Id`]);
    else preview.turnOff(kind);
  }

  function choose(kind: DeviceKind | "speaker", id: string): void {
    world.intent.update((current) => ({ ...current, [`${kind}Id`]: id }));
    if (kind !== "speaker" && world.intent.get()[kind]) void preview.turnOn(kind, id);
  }

  if (isStraight) return <Connecting />;
  return (
    <PreJoin
      name={me?.display_name ?? ""}
      isByEmergency={isByEmergency}
      isHelped={isHelped}
      isThroughLobby={isThroughLobby}
      takesPasscode={takesPasscode}
      canEncrypt={world.canEncrypt()}
      capture={capture}
      hasAsked={hasAsked}
      intent={intent}
      devices={devices}
      browser={browserKind(navigator)}
      isJoining={isRunning}
      failure={failure}
      onAsk={turnOn}
      onToggle={toggle}
      onChoose={choose}
      onJoin={run}
    />
  );
}

/** Nobody goes straight in who would believe that they are seen or heard, and is not. */
function isAsWanted(state: PreviewState, intent: Intent): boolean {
  return (["camera", "microphone"] as const).every((kind) => !intent[kind] || state[kind].status === "on");
}

/** Nothing is turned on in the meeting that was not seen to work in front of it. */
function running({ camera, microphone }: PreviewState): Record<DeviceKind, boolean> {
  return { camera: camera.status === "on", microphone: microphone.status === "on" };
}
