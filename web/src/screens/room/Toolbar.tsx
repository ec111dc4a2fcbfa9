import {
  Copy,
  Ellipsis,
  Keyboard,
  LayoutGrid,
  MessageSquare,
  PhoneOff,
  ScreenShare,
  ScreenShareOff,
  Settings,
  SquareUser,
  Users,
  Wand,
} from "lucide-react";
import type { JSX } from "react";

import type { Permits } from "../../call/call-media.ts";
import { canShareScreen } from "../../call/devices.ts";
import type { View } from "../../call/layout.ts";
import type { Switch } from "../../call/switch.ts";
import { addTexts, counted, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { ControlButton } from "../../ui/ControlButton.tsx";
import { MenuButton, type MenuChoice, type MenuEntry } from "../../ui/MenuButton.tsx";
import { DeviceSwitch } from "../join/DeviceSwitch.tsx";
import type { RoomActions } from "./Room.tsx";
import styles from "./Room.module.css";

addTexts(inMeeting);

/** Where focus returns when their panels close. */
export const CHAT_BUTTON = "open-chat";
export const PEOPLE_BUTTON = "open-people";
export const MORE_BUTTON = "open-more";

interface ToolbarProps {
  /** What the devices really do, not what was wished. */
  microphone: Switch;
  camera: Switch;
  isSharing: boolean;
  /** Or may begin to. */
  canShare: boolean;
  permits: Permits;
  panel: "chat" | "people" | null;
  unread: number;
  waiting: number;
  view: View;
  actions: RoomActions;
  /** Lends one's own computer; `null` where that is not permitted. */
  onLend: (() => void) | null;
  onPanel: (panel: "chat" | "people") => void;
  onSettings: () => void;
  onLeave: () => void;
}

/** The controls of a meeting; on a phone the rarer ones are under “More”. */
export function Toolbar(props: ToolbarProps): JSX.Element {
  const { microphone, camera, isSharing, canShare, permits, panel, unread, waiting, actions, onPanel } = props;
  return (
    <section className={styles.toolbar} aria-label={t("room.controls")}>
      {permits.microphone && <DeviceSwitch kind="microphone" state={microphone} onPress={actions.toggleMicrophone} />}
      {permits.camera && <DeviceSwitch kind="camera" state={camera} onPress={actions.toggleCamera} />}
      {canShareScreen() && permits.screen && (
        <span className={styles.wideOnly}>
          <ControlButton
            label={isSharing ? t("room.share.stop") : t("room.share.start")}
            icon={isSharing ? <ScreenShareOff aria-hidden /> : <ScreenShare aria-hidden />}
            tone={isSharing ? "active" : "plain"}
            isDisabled={!canShare}
            onPress={actions.toggleShare}
          />
        </span>
      )}
      <ControlButton
        id={CHAT_BUTTON}
        label={t("room.chat")}
        {...(unread > 0 ? { longLabel: counted("room.chat.unread", unread) } : {})}
        icon={<MessageSquare aria-hidden />}
        tone={panel === "chat" ? "active" : "plain"}
        badge={unread}
        aria-expanded={panel === "chat"}
        onPress={() => onPanel("chat")}
      />
      <span className={styles.wideOnly}>
        <ControlButton
          id={PEOPLE_BUTTON}
          label={t("room.people")}
          {...(waiting > 0 ? { longLabel: t("room.people.waiting", { count: waiting }) } : {})}
          icon={<Users aria-hidden />}
          tone={panel === "people" ? "active" : "plain"}
          badge={waiting}
          aria-expanded={panel === "people"}
          onPress={() => onPanel("people")}
        />
      </span>
      <MenuButton
        label={t("room.more")}
        button={<ControlButton id={MORE_BUTTON} label={t("room.more")} icon={<Ellipsis aria-hidden />} />}
        entries={moreEntries(props)}
      />
      <ControlButton label={t("room.leave")} icon={<PhoneOff aria-hidden />} tone="danger" onPress={props.onLeave} />
    </section>
  );
}

const VIEWS: readonly { view: View; icon: JSX.Element }[] = [
  { view: "auto", icon: <Wand aria-hidden size={20} /> },
  { view: "grid", icon: <LayoutGrid aria-hidden size={20} /> },
  { view: "speaker", icon: <SquareUser aria-hidden size={20} /> },
];

function moreEntries({ isSharing, canShare, view, actions, onLend, onPanel, onSettings }: ToolbarProps): (MenuEntry | MenuChoice)[] {
  const share: MenuEntry = {
    id: "share",
    label: isSharing ? t("room.share.stop") : t("room.share.screen"),
    icon: <ScreenShare aria-hidden size={20} />,
    onAction: actions.toggleShare,
  };
  return [
    ...(canShareScreen() && canShare ? [share] : []),
    ...(onLend === null ? [] : [{ id: "lend", label: t("computer.lend"), icon: <Keyboard aria-hidden size={20} />, onAction: onLend }]),
    { id: "people", label: t("room.people"), icon: <Users aria-hidden size={20} />, onAction: () => onPanel("people") },
    { id: "invite", label: t("room.invite"), icon: <Copy aria-hidden size={20} />, onAction: actions.copyInvitation },
    {
      label: t("room.view"),
      chosen: view,
      entries: VIEWS.map((choice) => ({
        id: choice.view,
        label: t(`room.view.${choice.view}`),
        icon: choice.icon,
        onAction: () => actions.look(choice.view),
      })),
    },
    { id: "settings", label: t("room.settings"), icon: <Settings aria-hidden size={20} />, onAction: onSettings },
  ];
}
