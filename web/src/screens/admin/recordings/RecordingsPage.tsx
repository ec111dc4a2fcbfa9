import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import type { Me, Recording, RecordingList, RecordingPlay, RecordingTrouble } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { toBase64Url } from "../../../e2ee/bytes.ts";
import { addTexts, counted, formatDay, t } from "../../../i18n.ts";
import { recordings } from "../../../locales/recordings.ts";
import { support } from "../../../locales/support.ts";
import { hexadecimal, loadOpening, type Opening, type RecordingKeys, seed } from "../../../recordings/opening.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { useKeptFocus } from "../../../ui/use-kept-focus.ts";
import { failureText } from "../../failure.ts";
import { inGroups } from "../../fingerprint-text.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { Admin } from "../Admin.tsx";
import { keepsRecordings } from "../may.ts";
import people from "../people/People.module.css";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import { AcknowledgeForm } from "./AcknowledgeForm.tsx";
import { KeyForm } from "./KeyForm.tsx";
import { OpenForm } from "./OpenForm.tsx";
import { Playback } from "./Playback.tsx";
import { ANYTHING, asked, type Option, RecordingSearch, type Search } from "./RecordingSearch.tsx";
import { namesOf, Recordings } from "./Recordings.tsx";
import { Settings } from "./Settings.tsx";

addTexts(recordings);
addTexts(support);

interface RecordingsPageProps {
  world: Pick<World, "api" | "journey" | "save">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
  /** For tests. */
  load?: () => Promise<Opening>;
}

interface Troubled {
  recording: Recording;
  trouble: RecordingTrouble;
}

interface Watched {
  opening: Opening;
  keys: RecordingKeys;
  play: RecordingPlay;
}

/** What makes and opens keys lets the page do nothing else meanwhile: what is said of that is painted first. */
const PAINTED_MS = 50;

/** Joins recordings to the server, and to the key that it does not have. */
export function RecordingsPage({ world, me, onHome, onExpired, load = loadOpening }: RecordingsPageProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [list, setList] = useState<RecordingList | null>(null);
  /** What the form says, and what the list was asked with. */
  const [search, setSearch] = useState<Search>(ANYTHING);
  const [sought, setSought] = useState<Search>(ANYTHING);
  /** What was asked last, whether it was answered or not. */
  const tried = useRef<Search>(ANYTHING);
  const [technicians, setTechnicians] = useState<readonly Option[]>([]);
  const [groups, setGroups] = useState<readonly Option[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [wanted, setWanted] = useState<Recording | null>(null);
  /** Stays while its sheet fades out. */
  const [troubled, setTroubled] = useState<Troubled | null>(null);
  const [isAcknowledging, setAcknowledging] = useState(false);
  const [watched, setWatched] = useState<Watched | null>(null);
  /** Another one each time that a recording is opened or closed: what comes later than that is for nobody. */
  const visit = useRef(0);
  const intro = useRef<HTMLParagraphElement>(null);
  const trouble = useRef<HTMLDivElement>(null);
  useKeptFocus(trouble, () => intro.current);
  const shown = useRef<HTMLDivElement>(null);
  useKeptFocus(shown, () => shown.current);

  const [isBackwards, setBackwards] = useState(false);
  const find = useCallback(
    async (wanted: Search): Promise<RecordingList | null> => {
      const query = asked(wanted);
      setBackwards(query === null);
      if (query === null) return null;
      tried.current = wanted;
      try {
        const found = await ask(api.recordings(query));
        setList(found);
        setSought(wanted);
        setFailure(null);
        return found;
      } catch (error) {
        setFailure(failureText(error));
        return null;
      }
    },
    [api, ask],
  );
  /** Without them the list is there all the same, and is narrowed by what is left. */
  const name = useCallback(async () => {
    try {
      const [people, found] = await ask(Promise.all([api.people(), api.groups()]));
      setTechnicians(people.people.map(({ account, display_name: label }) => ({ value: account, label })));
      setGroups(found.groups.map(({ id, name: label }) => ({ value: id, label })));
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  const refresh = useCallback(async () => void (await find(tried.current)), [find]);
  useEffect(() => {
    void find(ANYTHING);
    void name();
  }, [find, name]);
  useEffect(() => () => watched?.keys.free(), [watched]);
  const piece = useCallback(({ recording, id }: RecordingPlay, number: number) => api.recordingPiece(recording, id, number), [api]);

  async function look(): Promise<void> {
    const found = await find(search);
    if (found !== null) say(counted("recordings.search.said", found.recordings.length));
  }
  async function again(): Promise<void> {
    const found = await find(tried.current);
    if (found === null) return;
    say(counted("recordings.search.said", found.recordings.length));
    if (technicians.length === 0) await name();
  }
  async function earlier(before: string): Promise<void> {
    const query = asked(sought);
    if (query === null) return;
    try {
      const found = await ask(api.recordings(query, before));
      // Asked for twice, it is shown once.
      setList((last) => (last?.next === before ? { ...found, recordings: [...last.recordings, ...found.recordings] } : last));
      say(counted("recordings.earlier.said", found.recordings.length));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }
  /** The file is saved before the key is in force: no session is ever sealed to a key that nobody has. */
  async function make(custodians: string[], passphrase: string): Promise<void> {
    const { RecordingKeys } = await load();
    await painted();
    const keys = RecordingKeys.generate(seed());
    try {
      const file = keys.seal(passphrase, seed());
      const name = `recording-key-${hexadecimal(keys.fingerprint).slice(0, 8)}.key`;
      world.save(name, "application/octet-stream", new Blob([file as Uint8Array<ArrayBuffer>]));
      const body = { public: toBase64Url(keys.publicKey), custodians };
      await ask(sensitive(() => api.makeRecordingKey(body)));
    } finally {
      keys.free();
    }
    say(t("recordings.key.made"));
    await refresh();
  }
  async function retain(days: number): Promise<void> {
    await ask(sensitive(() => api.setRecordingRetention(days)));
    say(t("recordings.days.said"));
    await refresh();
  }
  function acknowledging(recording: Recording, trouble: RecordingTrouble): void {
    setTroubled({ recording, trouble });
    setAcknowledging(true);
  }
  async function acknowledge(reason: string): Promise<void> {
    if (troubled === null) return;
    const { recording, trouble } = troubled;
    await ask(sensitive(() => api.acknowledgeRecording(recording.id, { trouble, reason })));
    say(t("recordings.acknowledge.said"));
    await refresh();
  }
  async function watch(reason: string, file: Uint8Array, passphrase: string): Promise<string | null> {
    if (wanted === null) return null;
    const own = visit.current;
    const opening = await load();
    await painted();
    const keys = openedBy(opening, file, passphrase);
    if (keys === null) return t("recordings.wrong.not_opened");
    const needed = list?.keys.find(({ id }) => id === wanted.key)?.fingerprint;
    if (needed !== undefined && needed !== hexadecimal(keys.fingerprint)) {
      keys.free();
      return t("recordings.wrong.other_key", { fingerprint: inGroups(needed) });
    }
    // Whoever has gone meanwhile sees nothing, and is not said to.
    if (visit.current !== own) {
      keys.free();
      return null;
    }
    try {
      const play = await ask(sensitive(() => api.playRecording(wanted.id, reason)));
      if (visit.current === own) setWatched({ opening, keys, play });
      else keys.free();
      return null;
    } catch (error) {
      keys.free();
      throw error;
    }
  }
  function leave(): void {
    visit.current += 1;
    setWanted(null);
    setWatched(null);
  }

  const next = list?.next ?? null;
  return (
    <Admin title={t("recordings.title")} current="recordings" role={me.role} onHome={onHome}>
      <p ref={intro} tabIndex={-1} className={policy.soft}>
        {t("recordings.text")}
      </p>
      <div role="alert" ref={trouble} className={people.alert}>
        {failure !== null && (
          <Notice tone="danger" action={<Button onPress={() => void again()}>{t("app.again")}</Button>}>
            {failure}
          </Notice>
        )}
        {isBackwards && <Notice tone="danger">{t("recordings.search.days")}</Notice>}
      </div>
      {list === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {list !== null && (
        <RecordingSearch
          search={search}
          technicians={technicians}
          groups={groups}
          devices={list.devices.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setSearch}
          onSearch={look}
        />
      )}
      {list !== null && (
        <div ref={shown} tabIndex={-1}>
          <Recordings
            list={list}
            isNarrowed={Object.values(sought).some((value) => value !== "")}
            onWatch={setWanted}
            onAcknowledge={keepsRecordings(me.role) ? acknowledging : null}
            onEarlier={next === null ? null : () => void earlier(next)}
          />
        </div>
      )}
      {list !== null && <Settings list={list} mayKeep={keepsRecordings(me.role)} onMakeKey={() => setMaking(true)} onRetain={retain} />}
      <Sheet title={t("recordings.key.make")} closeLabel={t("app.close")} isOpen={isMaking} onClose={() => setMaking(false)}>
        <KeyForm onClose={() => setMaking(false)} onMake={make} />
      </Sheet>
      <Sheet title={wanted === null ? t("recordings.watch") : t("recordings.watch.name", { day: formatDay(wanted.begun_at), name: wanted.technician_name })} closeLabel={t("app.close")} isOpen={wanted !== null} onClose={leave}>
        {watched === null ? <OpenForm onClose={leave} onOpen={watch} /> : <Playback {...watched} piece={piece} />}
      </Sheet>
      <Sheet title={troubled === null ? t("recordings.acknowledge") : t(`recordings.acknowledge.${troubled.trouble}.name`, namesOf(troubled.recording))} closeLabel={t("app.close")} isOpen={isAcknowledging} onClose={() => setAcknowledging(false)}>
        <AcknowledgeForm onClose={() => setAcknowledging(false)} onAcknowledge={acknowledge} />
      </Sheet>
      {dialog}
    </Admin>
  );
}

function painted(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAINTED_MS));
}

function openedBy({ RecordingKeys }: Opening, file: Uint8Array, passphrase: string): RecordingKeys | null {
  try {
    return RecordingKeys.open(file, passphrase);
  } catch {
    // Another passphrase, or no key file: the module does not say which.
    return null;
  }
}
