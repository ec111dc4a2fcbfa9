import type { JSX } from "react";

import type { DeviceKind, Devices } from "../../call/devices.ts";
import type { Intent } from "../../call/intent.ts";
import { t } from "../../i18n.ts";
import { Sheet } from "../../ui/Sheet.tsx";
import { Toggle } from "../../ui/Toggle.tsx";
import forms from "../forms.module.css";
import { DeviceChoices } from "../join/DeviceChoices.tsx";

interface SettingsSheetProps {
  isOpen: boolean;
  onClose: () => void;
  devices: Devices;
  intent: Intent;
  hasShortcuts: boolean;
  onChoose: (kind: DeviceKind | "speaker", id: string) => void;
  onShortcuts: (isOn: boolean) => void;
}

/** Devices and keyboard, changed while the meeting goes on. */
export function SettingsSheet(props: SettingsSheetProps): JSX.Element {
  return (
    <Sheet title={t("settings.title")} closeLabel={t("app.close")} isOpen={props.isOpen} onClose={props.onClose}>
      <div className={forms.form}>
        <DeviceChoices devices={props.devices} intent={props.intent} onChoose={props.onChoose} />
        <Toggle label={t("settings.shortcuts")} isOn={props.hasShortcuts} onChange={props.onShortcuts} />
        <p>{t("settings.shortcuts.text")}</p>
      </div>
    </Sheet>
  );
}
