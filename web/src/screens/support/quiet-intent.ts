import { IntentStore } from "../../call/intent.ts";

/** Of a page where neither camera nor microphone is wanted, whatever this tab's meetings want. Kept nowhere. */
export function quietIntent(): IntentStore {
  const shelf = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  const intent = new IntentStore(shelf, shelf);
  intent.set({ microphone: false, camera: false });
  return intent;
}
