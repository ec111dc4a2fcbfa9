import { type JSX, useEffect, useRef, useState } from "react";

import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { Button } from "../../ui/Button.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { Over } from "../over/Over.tsx";
import { useAction } from "../use-action.ts";
import { useStore } from "../use-store.ts";
import { Connecting } from "../waiting/Waiting.tsx";
import { ConsoleInside } from "./ConsoleInside.tsx";
import type { Opened } from "./ConsolePage.tsx";
import { endSession } from "./end-session.ts";
import { NOTHING_YET, recorded } from "./record.ts";
import { Summary } from "./Summary.tsx";

interface ConsoleSessionProps {
  world: World;
  opened: Opened;
  /** Back in, as another seat or in this tab again. */
  onAgain: () => void;
  onBack: () => void;
}

/** From the way in to the end of a session. What the computer says last stays, also when the meeting is gone with it. */
export function ConsoleSession({ world, opened, onAgain, onBack }: ConsoleSessionProps): JSX.Element {
  const { session, code, own } = opened;
  const { phase, meeting } = useStore(session.state);
  const [record, setRecord] = useState({ ...NOTHING_YET, isWhole: !opened.isBack });
  const [name, setName] = useState<string | null>(null);
  const [notes, setNotes] = useState("");
  const how = phase.at === "over" ? phase.how : null;
  const isOver = record.why !== null;
  const leaving = useRef<Promise<void>>(Promise.resolve());
  /** Nothing follows a session that is over at the computer: its code is good for nobody. */
  const close = useAction(async () => {
    // Whose meeting ends first hears no last word in it.
    await leaving.current;
    if (own !== null) await endSession(world.api, own.id);
    await session.leave();
  });
  const hasClosed = useRef(false);
  useEffect(() => {
    if (!isOver || hasClosed.current) return;
    hasClosed.current = true;
    close.run();
  }, [isOver]);
  useEffect(() => {
    if (how === null || how === "replaced" || how === "locked") return;
    world.seats.forgetSeat(code);
    setRecord((known) => ({ ...known, until: known.until ?? Date.now() }));
  }, [world, code, how]);

  function note(state: SupportState, person: string | null): void {
    setRecord((known) => recorded(known, state, Date.now()));
    if (person !== null) setName(person);
  }

  if (isOver || how === "ended" || how === "left" || how === "administrator" || how === "too_long") {
    return (
      <Summary
        record={record}
        isKept={meeting?.facts?.data_mode === "archive"}
        name={name}
        notes={notes}
        onCopy={() => world.copy(notes)}
        how={how === "left" ? "left" : "ended"}
        failure={close.failure}
        onRetry={() => close.run()}
        onSave={({ id, name: called, content }) => content !== null && world.save(called ?? String(id), content.type, content)}
        onBack={onBack}
      />
    );
  }
  switch (phase.at) {
    case "connecting":
      return <Connecting />;
    case "waiting":
      return (
        <Frame title={t(`waiting.${phase.why}.title`)}>
          <Card>
            <p role="status">{t(`waiting.${phase.why}`)}</p>
            <Button onPress={() => void session.leave()}>{t("console.leave.yes")}</Button>
          </Card>
        </Frame>
      );
    case "inside":
      return <ConsoleInside world={world} opened={opened} onState={note} notes={notes} onNotes={setNotes} onLeave={(left) => void (leaving.current = left)} />;
    case "over":
      return <Over how={phase.how} onAgain={onAgain} onTakeBack={onAgain} onHome={onBack} />;
  }
}
