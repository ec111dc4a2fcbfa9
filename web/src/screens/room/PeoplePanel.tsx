import { Copy, KeyRound, Lock, LockOpen, Mic, MicOff, ScreenShare, ScreenShareOff, VideoOff } from "lucide-react";
import { type JSX, useId, useState } from "react";

import type { LobbyEntry, RosterEntry } from "../../api/wire.ts";
import { type MediaState, type PersonMedia, SILENT } from "../../call/call-media.ts";
import { type Mistakable, mistakable } from "../../call/look-alike.ts";
import { awayPeople, isPerson, type MeetingState, needsPasscode, presenterOf } from "../../call/meeting-state.ts";
import { addTexts, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { ExpelSheet } from "./ExpelSheet.tsx";
import { AdmitAll } from "./Knock.tsx";
import { initials, nameOf } from "./names.ts";
import { Panel } from "./Panel.tsx";
import styles from "./Panel.module.css";
import type { RoomActions } from "./Room.tsx";

addTexts(inMeeting);

interface PeoplePanelProps {
  meeting: MeetingState;
  media: MediaState;
  isHost: boolean;
  /** Policy lets its host make co-hosts. */
  mayAppoint: boolean;
  actions: Pick<RoomActions, "admit" | "admitAll" | "setCoHost" | "setSharingLocked" | "handOver" | "mute" | "muteAll" | "stopVideo" | "askToUnmute" | "expel" | "setLocked" | "changePasscode" | "copyInvitation">;
  onDeny: (person: LobbyEntry) => void;
  onClose: () => void;
}

/** Who is in the meeting, and for its host, who waits in front of it. */
export function PeoplePanel({ meeting, media, isHost, mayAppoint, actions, onDeny, onClose }: PeoplePanelProps): JSX.Element {
  const me = meeting.you.participant;
  const [leaving, setLeaving] = useState<RosterEntry | null>(null);
  const [isAsking, setAsking] = useState(false);
  const isLocked = meeting.facts?.locked === true;
  const presenter = presenterOf(meeting);
  // Also taken from whom it was handed to.
  const isSharingOpen = meeting.facts?.sharing === "everybody" && presenter === null;
  const isPasscodeChanged = (meeting.facts?.passcode_number ?? 0) > 0;
  const alike = mistakable(meeting.roster, meeting.lobby);
  const away = new Set(awayPeople(meeting).map(({ participant }) => participant));

  function askAbout(entry: RosterEntry): void {
    setLeaving(entry);
    setAsking(true);
  }

  return (
    <Panel title={t("room.people")} onClose={onClose}>
      <div className={styles.people}>
        {isHost && meeting.lobby.length > 0 && (
          <section>
            <h3>{t("people.waiting")}</h3>
            <ul>
              {meeting.lobby.map((entry) => (
                <Waiter key={entry.participant} entry={entry} alike={alike.get(entry.participant)} isLocked={isLocked} onAdmit={actions.admit} onDeny={onDeny} />
              ))}
            </ul>
            {!isLocked && <AdmitAll lobby={meeting.lobby} onAdmitAll={actions.admitAll} />}
            {isLocked && <p className={styles.role}>{t("people.locked.waiting")}</p>}
          </section>
        )}
        <section>
          <h3>{t("people.inside")}</h3>
          <ul>
            {meeting.roster.filter(isPerson).map((entry) => (
              <Person
                key={entry.participant}
                entry={entry}
                isMe={entry.participant === me}
                isAway={away.has(entry.participant)}
                alike={alike.get(entry.participant)}
                person={media.people.get(entry.participant) ?? SILENT}
                actions={isHost && entry.participant !== me ? actions : null}
                isPresenter={entry.participant === presenter}
                onHandOver={(isHost || presenter === me) && entry.participant !== presenter ? () => actions.handOver(entry.participant) : null}
                onCoHost={meeting.you.role === "host" && entry.role !== "host" && (mayAppoint || entry.role === "co_host") ? (isCoHost) => actions.setCoHost(entry.participant, isCoHost) : null}
                onExpel={isHost && entry.participant !== me && entry.role !== "host" ? () => askAbout(entry) : null}
              />
            ))}
          </ul>
          {meeting.you.role === "host" && !mayAppoint && <p className={styles.role}>{t("policy.off.coHosts")}</p>}
        </section>
        <Computers meeting={meeting} onExpel={isHost ? askAbout : null} />
        {isHost && meeting.roster.length > 1 && (
          <Button icon={<MicOff aria-hidden size={18} />} onPress={actions.muteAll}>
            {t("people.muteAll")}
          </Button>
        )}
        {isHost && (
          <Button
            icon={isSharingOpen ? <ScreenShareOff aria-hidden size={18} /> : <ScreenShare aria-hidden size={18} />}
            onPress={() => actions.setSharingLocked(isSharingOpen)}
          >
            {isSharingOpen ? t("people.sharing.lock") : t("people.sharing.unlock")}
          </Button>
        )}
        {isHost && (
          <Button icon={isLocked ? <LockOpen aria-hidden size={18} /> : <Lock aria-hidden size={18} />} onPress={() => actions.setLocked(!isLocked)}>
            {isLocked ? t("people.unlock") : t("people.lock")}
          </Button>
        )}
        {isLocked && <p className={styles.role}>{t("people.locked")}</p>}
        {isHost && !isLocked && meeting.facts?.link_admits === false && <p className={styles.role}>{t("people.closed")}</p>}
        {isHost && (
          <Button icon={<Copy aria-hidden size={18} />} onPress={actions.copyInvitation}>
            {t("room.invite")}
          </Button>
        )}
        {isHost && (
          <Button icon={<KeyRound aria-hidden size={18} />} onPress={actions.changePasscode}>
            {t("people.passcode.change")}
          </Button>
        )}
        {isHost && isPasscodeChanged && (
          <p className={styles.role} role="status">
            {t("people.passcode.changed")}
          </p>
        )}
      </div>
      <ExpelSheet person={leaving} isOpen={isAsking} onClose={() => setAsking(false)} onExpel={actions.expel} />
    </Panel>
  );
}

interface ComputersProps {
  meeting: MeetingState;
  /** `null` where they can't be put out from here. */
  onExpel: ((entry: RosterEntry) => void) | null;
}

/** Not among the people: a computer hears and sees nobody. */
function Computers({ meeting, onExpel }: ComputersProps): JSX.Element | null {
  const computers = meeting.roster.filter((entry) => !isPerson(entry));
  if (computers.length === 0) return null;
  return (
    <section>
      <h3>{t("people.computers")}</h3>
      <ul>
        {computers.map((entry) => (
          <li key={entry.participant} className={styles.person}>
            <span className={styles.who}>
              <span dir="auto">{entry.display_name}</span>
              <span className={styles.role}>{usedBy(meeting, entry)}</span>
            </span>
            {onExpel !== null && (
              <Button aria-label={t("people.expel.name", { name: entry.display_name })} onPress={() => onExpel(entry)}>
                {t("people.expel")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function usedBy(meeting: MeetingState, { companion }: RosterEntry): string {
  const controller = companion?.controller ?? null;
  return controller === null ? t("people.computer.idle") : t("people.computer.lent", { name: nameOf(meeting, controller) });
}

interface PersonProps {
  entry: RosterEntry;
  isMe: boolean;
  isAway: boolean;
  /** Whom their name could be taken for. */
  alike: Mistakable | undefined;
  person: PersonMedia;
  /** `null` where nothing can be done about them from here. */
  actions: Pick<RoomActions, "mute" | "stopVideo" | "askToUnmute"> | null;
  isPresenter: boolean;
  /** `null` where the screen is not this person's to hand on. */
  onHandOver: (() => void) | null;
  /** Makes them a co-host, or takes it back; `null` where that is not this person's. */
  onCoHost: ((isCoHost: boolean) => void) | null;
  /** `null` where they can't be put out from here. */
  onExpel: (() => void) | null;
}

function Person({ entry, isMe, isAway, alike, person, actions, isPresenter, onHandOver, onCoHost, onExpel }: PersonProps): JSX.Element {
  const role = roleText(entry);
  return (
    <li className={styles.person}>
      <span className={styles.initials} aria-hidden>
        {initials(entry.display_name)}
      </span>
      <span className={styles.who}>
        <span dir="auto">{isMe ? `${entry.display_name} (${t("room.you")})` : entry.display_name}</span>
        {role !== null && <span className={styles.role}>{role}</span>}
        {entry.by_emergency === true && <span className={styles.warning}>{t("emergency.mark")}</span>}
        <AlikeMark alike={alike} />
        {isPresenter && <span className={styles.role}>{t("people.presenter")}</span>}
        {isAway && <span className={styles.role}>{t("people.away")}</span>}
      </span>
      {actions === null ? <MicrophoneMark isOn={person.isMicrophoneOn} /> : <Controls entry={entry} person={person} actions={actions} />}
      {onHandOver !== null && (
        <IconButton
          label={isMe ? t("people.handOver.me") : t("people.handOver.name", { name: entry.display_name })}
          icon={<ScreenShare aria-hidden size={20} />}
          onPress={onHandOver}
        />
      )}
      {onCoHost !== null && (
        <Button
          aria-label={entry.role === "co_host" ? t("people.coHost.takeBack.name", { name: entry.display_name }) : t("people.coHost.make.name", { name: entry.display_name })}
          onPress={() => onCoHost(entry.role !== "co_host")}
        >
          {entry.role === "co_host" ? t("people.coHost.takeBack") : t("people.coHost.make")}
        </Button>
      )}
      {onExpel !== null && (
        <Button aria-label={t("people.expel.name", { name: entry.display_name })} onPress={onExpel}>
          {t("people.expel")}
        </Button>
      )}
    </li>
  );
}

/** A name is no proof of who somebody is, and here it could pass for one. */
function AlikeMark({ alike }: { alike: Mistakable | undefined }): JSX.Element | null {
  if (alike === undefined) return null;
  return <span className={styles.warning}>{alike === "known" ? t("people.alike.known") : t("people.alike.guest")}</span>;
}

function MicrophoneMark({ isOn }: { isOn: boolean }): JSX.Element {
  const Icon = isOn ? Mic : MicOff;
  return <Icon role="img" aria-label={isOn ? t("tile.unmuted") : t("tile.muted")} size={20} />;
}

interface ControlsProps {
  entry: RosterEntry;
  person: PersonMedia;
  actions: Pick<RoomActions, "mute" | "stopVideo" | "askToUnmute">;
}

/** What a host can do about somebody's devices: turn them off, and ask. The icon says how they are. */
function Controls({ entry: { participant, display_name: name }, person, actions }: ControlsProps): JSX.Element {
  const { isMicrophoneOn } = person;
  return (
    <>
      <IconButton
        label={isMicrophoneOn ? t("people.mute.name", { name }) : t("people.ask.name", { name })}
        icon={isMicrophoneOn ? <Mic aria-hidden size={20} /> : <MicOff aria-hidden size={20} />}
        onPress={() => (isMicrophoneOn ? actions.mute(participant) : actions.askToUnmute(participant))}
      />
      {person.camera !== null && (
        <IconButton label={t("people.stopVideo.name", { name })} icon={<VideoOff aria-hidden size={20} />} onPress={() => actions.stopVideo(participant)} />
      )}
    </>
  );
}

function roleText({ role, signed_in }: RosterEntry): string | null {
  if (role === "host") return t("people.host");
  if (role === "co_host") return t("people.coHost");
  return signed_in ? null : t("people.guest");
}

interface WaiterProps {
  entry: LobbyEntry;
  alike: Mistakable | undefined;
  /** Nobody can be let in. */
  isLocked: boolean;
  onAdmit: (participant: string) => void;
  onDeny: (person: LobbyEntry) => void;
}

function Waiter({ entry, alike, isLocked, onAdmit, onDeny }: WaiterProps): JSX.Element {
  const why = useId();
  const name = entry.display_name;
  const isStopped = needsPasscode(entry);
  return (
    <li className={styles.person}>
      <span className={styles.who}>
        <span dir="auto">{name}</span>
        <AlikeMark alike={alike} />
        {isStopped && (
          <span id={why} className={styles.role}>
            {t("knock.passcode")}
          </span>
        )}
      </span>
      <Button
        aria-label={t("knock.admit.name", { name })}
        {...(isStopped ? { "aria-describedby": why } : {})}
        variant="primary"
        isDisabled={isLocked || isStopped}
        onPress={() => onAdmit(entry.participant)}
      >
        {t("knock.admit")}
      </Button>
      <Button aria-label={t("knock.deny.name", { name })} onPress={() => onDeny(entry)}>
        {t("knock.deny")}
      </Button>
    </li>
  );
}
