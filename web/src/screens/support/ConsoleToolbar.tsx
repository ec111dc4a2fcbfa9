import { CircleDashed, ClipboardList, Cpu, Disc, Ellipsis, Eye, EyeOff, FileUp, Keyboard, Maximize, MessageSquare, Monitor as MonitorIcon, MousePointerClick, MousePointer2, NotebookPen, PhoneOff, ShieldCheck, UserRoundCog } from "lucide-react";
import type { JSX } from "react";

import { counted, t } from "../../i18n.ts";
import { COMBINATIONS } from "../../remote/input.ts";
import type { SupportState } from "../../remote/support-state.ts";
import type { Capability } from "../../remote/words.ts";
import { ControlButton } from "../../ui/ControlButton.tsx";
import { MenuButton } from "../../ui/MenuButton.tsx";
import type { ConsoleActions } from "./Console.tsx";
import styles from "./Console.module.css";

export type ConsolePanel = "clipboard" | "files" | "report" | "rights" | "chat" | "notes";

/** Where the focus goes from the view, and from panels that close. */
export const SEE_BUTTON = "console-see";
export function openerOf(panel: ConsolePanel): string {
  return `console-${panel}`;
}

interface ConsoleToolbarProps {
  support: SupportState;
  /** By policy of the organisation; the person at the computer decides about each. */
  may: (capability: Capability) => boolean;
  scale: "fit" | "whole";
  panel: ConsolePanel | null;
  unread: number;
  actions: Pick<ConsoleActions, "ask" | "giveBack" | "watch" | "press">;
  onScale: () => void;
  onPanel: (panel: ConsolePanel) => void;
  onHandOver: () => void;
  onEnd: () => void;
}

/** What a technician can do. What the organisation does not permit is not there; what the person does not permit is asked for. */
export function ConsoleToolbar(props: ConsoleToolbarProps): JSX.Element {
  const { support, may, scale, panel, unread, actions, onPanel } = props;
  const { phase, leads } = support;
  const isControlled = phase.at === "controlled";
  const toggle = (which: ConsolePanel, isOffered: boolean, label: string, icon: JSX.Element): JSX.Element | null =>
    !isOffered ? null : (
      <ControlButton
        id={openerOf(which)}
        label={label}
        icon={icon}
        tone={panel === which ? "active" : "plain"}
        aria-expanded={panel === which}
        {...(which === "chat" && unread > 0 ? { badge: unread, longLabel: counted("console.chat.unread", unread) } : {})}
        onPress={() => onPanel(which)}
      />
    );

  return (
    <section className={styles.toolbar} aria-label={t("console.controls")}>
      {may("recording") && <Permission {...props} what="recording" />}
      {may("view") && <Permission {...props} what="view" id={SEE_BUTTON} />}
      {may("control") && <Permission {...props} what="control" />}
      {may("control") && (
        <MenuButton
          label={t("console.keys.long")}
          button={<ControlButton label={t("console.keys")} longLabel={t("console.keys.long")} icon={<Keyboard aria-hidden />} isDisabled={!isControlled} />}
          entries={COMBINATIONS.map(({ id }) => ({ id, label: t(`console.keys.${id}`), icon: <Keyboard aria-hidden size={20} />, onAction: () => actions.press(id) }))}
        />
      )}
      {support.monitors.length > 1 && <Monitors {...props} />}
      <ControlButton
        label={scale === "fit" ? t("console.whole") : t("console.fit")}
        longLabel={scale === "fit" ? t("console.whole.long") : t("console.fit.long")}
        icon={<Maximize aria-hidden />}
        onPress={props.onScale}
      />
      {toggle("clipboard", may("clipboard_in") || may("clipboard_out") || may("control"), t("console.clipboard"), <ClipboardList aria-hidden />)}
      {toggle("files", may("file_in") || may("file_out"), t("console.files"), <FileUp aria-hidden />)}
      {toggle("report", may("diagnostics"), t("console.report"), <Cpu aria-hidden />)}
      {toggle("rights", may("administrator"), t("console.rights"), <ShieldCheck aria-hidden />)}
      {toggle("chat", may("chat"), t("console.chat"), <MessageSquare aria-hidden />)}
      {toggle("notes", true, t("console.notes"), <NotebookPen aria-hidden />)}
      {leads && (
        <MenuButton
          label={t("console.more")}
          button={<ControlButton label={t("console.more")} icon={<Ellipsis aria-hidden />} />}
          entries={[{ id: "handOver", label: t("console.handOver"), icon: <UserRoundCog aria-hidden size={20} />, onAction: props.onHandOver }]}
        />
      )}
      <ControlButton label={leads ? t("console.end") : t("console.leave.yes")} icon={<PhoneOff aria-hidden />} tone="danger" onPress={props.onEnd} />
    </section>
  );
}

const ICONS = {
  view: { on: <Eye aria-hidden />, off: <EyeOff aria-hidden />, label: "console.see" },
  control: { on: <MousePointerClick aria-hidden />, off: <MousePointer2 aria-hidden />, label: "console.control" },
  recording: { on: <Disc aria-hidden />, off: <CircleDashed aria-hidden />, label: "console.record" },
} as const;

/** Asks for it; once it is permitted, gives it back. */
function Permission({ support, actions, what, id }: ConsoleToolbarProps & { what: "view" | "control" | "recording"; id?: string }): JSX.Element {
  const { phase, permitted, asked, leads } = support;
  const { on, off, label } = ICONS[what];
  const isHeld = permitted.has(what);
  const isAsked = asked.has(what);
  const isThere = leads && phase.at !== "waiting" && phase.at !== "lost";
  return (
    <ControlButton
      {...(id === undefined ? {} : { id })}
      label={t(label)}
      longLabel={isHeld ? t(`${label}.stop`) : isAsked ? t(`${label}.asked`) : t(`${label}.long`)}
      icon={isHeld ? on : off}
      tone={isHeld ? "active" : "plain"}
      isDisabled={!isThere || isAsked}
      onPress={() => (isHeld ? actions.giveBack(what) : actions.ask(what))}
    />
  );
}

function Monitors({ support: { monitors, watching }, actions }: ConsoleToolbarProps): JSX.Element {
  const entries = monitors.map(({ id, width, height }, at) => ({
    id: String(id),
    label: t("console.monitor.number", { number: at + 1, width, height }),
    icon: <MonitorIcon aria-hidden size={20} />,
    onAction: () => actions.watch(id),
  }));
  return (
    <MenuButton
      label={t("console.monitor")}
      button={<ControlButton label={t("console.monitor")} icon={<MonitorIcon aria-hidden />} />}
      entries={[{ label: t("console.monitor"), chosen: String(watching ?? ""), entries }]}
    />
  );
}
