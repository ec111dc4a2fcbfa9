import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import type { AuditQuestion } from "../../../api/audit.ts";
import type { AuditEntries, Me, SavedFilter } from "../../../api/wire.ts";
import type { Standing } from "../../../audit/witness.ts";
import { Problem } from "../../../api/problem.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { log } from "../../../locales/log.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { useExpiring } from "../use-expiring.ts";
import { SavedViews } from "../views/SavedViews.tsx";
import { type AuditActions, AuditLog, type Proof, type Shown } from "./AuditLog.tsx";
import { filterOf, questionOf } from "./saved-question.ts";

addTexts(log);

interface AuditPageProps {
  world: World;
  me: Me;
  /** The one that somebody came for; `null` for all. */
  entry: string | null;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();
/** A kit is in memory twice while it is derived; WebAssembly has four gigabytes. */
const MOST_KIT_BYTES = 1024 ** 3;

/** Joins the page of the audit log to the server and to the verifier. */
export function AuditPage({ world, me, entry: wanted, onHome, onExpired }: AuditPageProps): JSX.Element {
  const { api, witness, loadVerifier } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [standing, setStanding] = useState<Standing | null>(null);
  const [isForked, setForked] = useState(false);
  const [question, setQuestion] = useState<AuditQuestion>(() => (wanted === null ? {} : { entry: wanted }));
  const [opened, setOpened] = useState(0);
  const [shown, setShown] = useState<Shown | null>(null);
  const [names, setNames] = useState(NO_NAMES);
  const [proofs, setProofs] = useState<ReadonlyMap<number, Proof>>(new Map());
  const [failure, setFailure] = useState<string | null>(null);
  /** Of the newest question: a slower answer to another one is too late. */
  const newest = useRef<AuditQuestion | null>(null);

  const find = useCallback(
    async (asked: AuditQuestion, before: Shown | null) => {
      newest.current = asked;
      try {
        const page = await ask(api.auditEntries(asked));
        if (newest.current !== asked) return;
        setShown(joined(before, page));
        setFailure(null);
      } catch (error) {
        if (newest.current === asked) setFailure(failureText(error));
      }
    },
    [api, ask],
  );
  useEffect(() => void find(question, null), [find, question]);
  useEffect(() => {
    ask(witness.look()).then(setStanding, (error: unknown) => setFailure(failureText(error)));
    // Without them entries name people by their ids.
    api.people().then(({ people }) => setNames(new Map(people.map((person) => [person.account, person.display_name]))), () => {});
  }, [api, ask, witness]);

  /** Fetches an entry's proof, and holds it against what this browser remembers of the log. */
  async function verify(seq: number, entry: string): Promise<void> {
    const set = (proof: Proof): void => setProofs((known) => new Map(known).set(seq, proof));
    set("asked");
    try {
      const seen = standing ?? (await ask(witness.look()));
      if (seen.is === "broken") return set("false");
      const [verifier, text] = await Promise.all([loadVerifier(), ask(api.auditProof(seq))]);
      const proven = attempt(() => verifier.verifyEntry(text, seen.key));
      if (proven === null || proven.index !== seq || proven.entry !== entry) return set("false");
      // Whoever has the key signs as many histories as they like: it has to be the one that was seen before.
      const isRemembered = await ask(witness.vouches(proven.checkpoint));
      setForked((before) => before || !isRemembered);
      set(isRemembered ? "true" : "false");
    } catch (error) {
      setProofs((known) => new Map([...known].filter(([other]) => other !== seq)));
      throw error;
    }
  }

  const actions: AuditActions = {
    find: setQuestion,
    more: (next) => find({ ...question, before: next }, shown),
    verify,
    async takeProof(seq) {
      world.save(`entry-${seq}.tlog-proof`, "text/plain", await ask(api.auditProof(seq)));
    },
    async takeKit() {
      const { from, to } = question;
      const kit = await ask(sensitive(() => api.exportAudit({ from: from ?? null, to: to ?? null })));
      world.save("audit-log.zip", "application/zip", kit);
      say(t("audit.export.done"));
    },
    async check(file) {
      const verifier = await loadVerifier();
      const seen = standing ?? (await ask(witness.look()));
      if (seen.is === "broken") throw new Problem("log_unknown", 0);
      if (file.size > MOST_KIT_BYTES) throw new Problem("kit_too_large", 0);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const kit = verifier.verifyKit(bytes, seen.key);
      return { kit, isRemembered: await ask(witness.vouches(kit.checkpoint)) };
    },
    async accept() {
      if (standing?.is !== "broken") return;
      witness.accept(standing);
      setProofs(new Map());
      setForked(false);
      setStanding(await ask(witness.look()));
      say(t("audit.accepted"));
    },
    takeHeld() {
      if (standing?.is !== "broken" || standing.kept === null) return;
      world.save(`checkpoint-${standing.held?.size ?? 0}.txt`, "text/plain", standing.kept.checkpoint);
    },
    goHome: onHome,
  };
  function openView(filter: SavedFilter): void {
    const asked = questionOf(filter, new Date());
    if (asked === null) return;
    setQuestion(asked);
    setOpened((before) => before + 1);
  }
  return (
    <>
      <AuditLog
        role={me.role}
        standing={standing}
        isForked={isForked}
        question={question}
        shown={shown}
        names={names}
        proofs={proofs}
        failure={failure}
        views={<SavedViews api={api} kind="audit" canSave={question.entry === undefined} filterAt={() => filterOf(question)} onOpen={openView} onExpired={onExpired} />}
        opened={opened}
        actions={actions}
      />
      {dialog}
    </>
  );
}

function joined(before: Shown | null, { entries, next }: AuditEntries): Shown {
  return { entries: [...(before?.entries ?? []), ...entries], next: next ?? null };
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
