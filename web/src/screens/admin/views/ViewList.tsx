import { Bookmark, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { type JSX, useId, useRef, useState } from "react";

import type { SavedView } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { MenuButton, type MenuEntry } from "../../../ui/MenuButton.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { useKeptFocus } from "../../../ui/use-kept-focus.ts";
import { useAction } from "../../use-action.ts";
import policy from "../Policy.module.css";
import { ViewSheet } from "./ViewSheet.tsx";

export interface ViewActions {
  /** Keeps what the page looks for now. Rejects with a `Problem`, as all do. */
  save(name: string, isShared: boolean): Promise<void>;
  change(view: SavedView, name: string, isShared: boolean): Promise<void>;
  remove(view: SavedView): Promise<void>;
  open(view: SavedView): Promise<void>;
}

interface ViewListProps {
  /** By name. */
  views: readonly SavedView[];
  failure: string | null;
  canSave: boolean;
  actions: ViewActions;
}

/** The saved views of a page, and the way to save another. */
export function ViewList({ views, failure, canSave, actions }: ViewListProps): JSX.Element {
  const title = useId();
  const section = useRef<HTMLElement>(null);
  useKeptFocus(section, () => section.current?.querySelector("button"));
  /** The one whose name is changed; stays while its sheet fades out. */
  const [changed, setChanged] = useState<SavedView | null>(null);
  const [isAsking, setAsking] = useState(false);
  const opening = useAction(actions.open);
  const removing = useAction(actions.remove);
  function ask(view: SavedView | null): void {
    setChanged(view);
    setAsking(true);
  }

  return (
    <section ref={section} aria-labelledby={title} className={policy.list}>
      <div className={policy.line}>
        <h2 id={title}>{t("views.title")}</h2>
        <Button icon={<Bookmark aria-hidden />} isDisabled={!canSave} onPress={() => ask(null)}>
          {t("views.save")}
        </Button>
      </div>
      <div role="alert">
        {[failure, opening.failure, removing.failure].map((text) => text !== null && <Notice key={text} tone="danger">{text}</Notice>)}
      </div>
      {views.length === 0 && failure === null && <p className={policy.soft}>{t("views.none")}</p>}
      {views.length > 0 && (
        <ul className={policy.list}>
          {views.map((view) => (
            <li key={view.id} className={policy.line}>
              <Button variant="quiet" isBusy={opening.isRunning} onPress={() => opening.run(view)}>
                <span dir="auto">{view.name}</span>
              </Button>
              <span className={policy.soft}>{whose(view)}</span>
              <Changes view={view} onRename={() => ask(view)} onRemove={() => removing.run(view)} />
            </li>
          ))}
        </ul>
      )}
      <Sheet title={changed === null ? t("views.save") : t("views.rename")} closeLabel={t("app.close")} isOpen={isAsking} onClose={() => setAsking(false)}>
        <ViewSheet
          key={changed?.id ?? "new"}
          name={changed?.name ?? ""}
          isShared={changed?.is_shared ?? false}
          onSubmit={(name, isShared) => (changed === null ? actions.save(name, isShared) : actions.change(changed, name, isShared))}
          onClose={() => setAsking(false)}
        />
      </Sheet>
    </section>
  );
}

function whose({ is_own: isOwn, is_shared: isShared, by_name: name }: SavedView): string {
  if (!isOwn) return t("views.by", { name });
  return isShared ? t("views.shared") : t("views.own");
}

interface ChangesProps {
  view: SavedView;
  onRename: () => void;
  onRemove: () => void;
}

function Changes({ view, onRename, onRemove }: ChangesProps): JSX.Element | null {
  const rename: MenuEntry = { id: "rename", label: t("views.rename"), icon: <Pencil aria-hidden />, onAction: onRename };
  const remove: MenuEntry = { id: "remove", label: t("views.remove"), icon: <Trash2 aria-hidden />, onAction: onRemove };
  const entries = [...(view.is_own ? [rename] : []), ...(view.may_remove ? [remove] : [])];
  if (entries.length === 0) return null;
  const label = t("views.change.name", { name: view.name });
  return (
    <MenuButton
      label={label}
      button={
        <Button variant="quiet" aria-label={label} icon={<Ellipsis aria-hidden />}>
          {t("views.change")}
        </Button>
      }
      entries={entries}
    />
  );
}
