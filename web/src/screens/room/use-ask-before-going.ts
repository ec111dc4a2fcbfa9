import { useEffect } from "react";

/** Asks before the browser's Back, one careless swipe on a phone, or a closed window takes somebody out of a meeting. */
export function useAskBeforeGoing(onBack: () => void): void {
  useEffect(() => {
    stay();
    return () => {
      if (isExtra()) history.back();
    };
  }, []);

  useEffect(() => {
    function onPop(): void {
      stay();
      onBack();
    }
    addEventListener("popstate", onPop);
    addEventListener("beforeunload", refuse);
    return () => {
      removeEventListener("popstate", onPop);
      removeEventListener("beforeunload", refuse);
    };
  });
}

/** One more entry of this address in the history, for Back to take away. */
function stay(): void {
  history.pushState(EXTRA, "", location.href);
}

/** Left behind, it would make the first Back after the meeting do nothing. */
function isExtra(): boolean {
  return (history.state as Partial<typeof EXTRA> | null)?.isExtra === true;
}

const EXTRA = { isExtra: true };

/** The browser then asks, in its own words. */
function refuse(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
