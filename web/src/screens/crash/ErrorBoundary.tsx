import { Component, type JSX, type ReactNode, Suspense } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Frame } from "../frame/Frame.tsx";
import { NotLoaded } from "./later.ts";

interface ErrorBoundaryProps {
  /** The rest of the page stays. */
  isPart?: boolean;
  onReload?: (() => void) | undefined;
  /** Of a part: does without it. */
  onClose?: (() => void) | undefined;
  children: ReactNode;
}

/** Our bug, or what could not be loaded: says which, and offers the one thing that helps. The seat in a meeting survives a reload. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidCatch(): void {
    // Whoever goes back wants another page, which this one can't show any more.
    if (!this.props.isPart) addEventListener("popstate", this.#reload);
  }

  override componentWillUnmount(): void {
    removeEventListener("popstate", this.#reload);
  }

  readonly #reload = (): void => (this.props.onReload ?? (() => location.reload()))();

  override render(): ReactNode {
    const { error } = this.state;
    const { isPart, onClose, children } = this.props;
    if (error === null) return children;
    const isMissing = error instanceof NotLoaded;
    // A page tells of bugs in its parts.
    if (isPart && !isMissing) throw error;
    const again = (
      <Button variant="primary" onPress={this.#reload}>
        {t("crash.reload")}
      </Button>
    );
    if (isPart) {
      const close = onClose && <Button onPress={onClose}>{t("app.close")}</Button>;
      return (
        <div role="alert">
          <Notice tone="danger" action={<>{again}{close}</>}>
            {t("crash.part")}
          </Notice>
        </div>
      );
    }
    return (
      <Frame title={t(isMissing ? "crash.missing" : "crash.title")}>
        <p>{t(isMissing ? "crash.missing.text" : "crash.text")}</p>
        {again}
      </Frame>
    );
  }
}

interface PartProps extends Pick<ErrorBoundaryProps, "onReload" | "onClose" | "children"> {
  /** Until it is there. */
  fallback?: ReactNode;
}

/** What is loaded later than the page that it is in. */
export function Part({ fallback, children, ...rest }: PartProps): JSX.Element {
  return (
    <ErrorBoundary isPart {...rest}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </ErrorBoundary>
  );
}
