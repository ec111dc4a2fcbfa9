import { Camera, CameraOff, LoaderCircle, Mic, MicOff } from "lucide-react";
import type { JSX } from "react";

import type { DeviceKind } from "../../call/devices.ts";
import type { Switch } from "../../call/switch.ts";
import { t, type TextKey } from "../../i18n.ts";
import { ControlButton } from "../../ui/ControlButton.tsx";

interface DeviceSwitchProps {
  kind: DeviceKind;
  state: Switch;
  onPress: () => void;
}

const LABELS: Record<DeviceKind, Record<Switch, TextKey>> = {
  microphone: { on: "room.mic.mute", off: "room.mic.unmute", starting: "room.starting" },
  camera: { on: "room.camera.off", off: "room.camera.on", starting: "room.starting" },
};
const ICONS: Record<DeviceKind, { on: typeof Mic; off: typeof Mic }> = {
  microphone: { on: Mic, off: MicOff },
  camera: { on: Camera, off: CameraOff },
};

/** The switch of one's own microphone or camera; while it starts, a press takes the wish back. */
export function DeviceSwitch({ kind, state, onPress }: DeviceSwitchProps): JSX.Element {
  const Icon = state === "starting" ? LoaderCircle : ICONS[kind][state];
  return (
    <ControlButton
      label={t(LABELS[kind][state] as "room.starting")}
      {...(state === "starting" ? { longLabel: t(`room.starting.${kind}`) } : {})}
      icon={<Icon aria-hidden />}
      tone={state === "off" ? "off" : "plain"}
      onPress={onPress}
    />
  );
}
