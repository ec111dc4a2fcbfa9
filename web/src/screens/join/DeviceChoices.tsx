import { Camera, Mic, Volume2 } from "lucide-react";
import type { JSX } from "react";

import { canChooseSpeaker, type Device, type DeviceKind, type Devices } from "../../call/devices.ts";
import type { Intent } from "../../call/intent.ts";
import { t } from "../../i18n.ts";
import { Choice } from "../../ui/Choice.tsx";

interface DeviceChoicesProps {
  devices: Devices;
  intent: Intent;
  onChoose: (kind: DeviceKind | "speaker", id: string) => void;
}

/** Which camera, microphone and speaker to use; before a meeting and during it. */
export function DeviceChoices({ devices, intent, onChoose }: DeviceChoicesProps): JSX.Element {
  return (
    <>
      <Choice
        label={t("device.microphone")}
        icon={<Mic aria-hidden />}
        value={chosen(devices.microphones, intent.microphoneId)}
        options={options(devices.microphones, t("device.microphone"), t("device.microphone.none"))}
        onChange={(id) => onChoose("microphone", id)}
      />
      <Choice
        label={t("device.camera")}
        icon={<Camera aria-hidden />}
        value={chosen(devices.cameras, intent.cameraId)}
        options={options(devices.cameras, t("device.camera"), t("device.camera.none"))}
        onChange={(id) => onChoose("camera", id)}
      />
      {canChooseSpeaker() && devices.speakers.length > 0 ? (
        <Choice
          label={t("device.speaker")}
          icon={<Volume2 aria-hidden />}
          value={chosen(devices.speakers, intent.speakerId)}
          options={options(devices.speakers, t("device.speaker"), t("device.default"))}
          onChange={(id) => onChoose("speaker", id)}
        />
      ) : (
        <p>{t("device.speaker.fixed")}</p>
      )}
    </>
  );
}

function chosen(devices: readonly Device[], id: string | undefined): string {
  return devices.find((device) => device.id === id)?.id ?? devices[0]?.id ?? "";
}

function options(devices: readonly Device[], kind: string, none: string): { value: string; label: string }[] {
  if (devices.length === 0) return [{ value: "", label: none }];
  return devices.map(({ id, label }, index) => ({
    value: id,
    label: label === "" ? t("device.numbered", { kind, number: index + 1 }) : label,
  }));
}
