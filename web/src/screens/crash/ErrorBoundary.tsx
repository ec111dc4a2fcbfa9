import { Component, type ReactNode } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Frame } from "../frame/Frame.tsx";

interface ErrorBoundaryProps {
  onReload: () => void;
  children: ReactNode;
}

/** Our bug: says so, and offers the one thing that helps. The seat in a meeting survives a reload. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { hasCrashed: boolean }> {
  override state = { hasCrashed: false };

  static getDerivedStateFromError(): { hasCrashed: boolean } {
    return { hasCrashed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasCrashed) return this.props.children;
    return (
      <Frame title={t("crash.title")}>
        <p>{t("crash.text")}</p>
        <Button variant="primary" onPress={this.props.onReload}>
          {t("crash.reload")}
        </Button>
      </Frame>
    );
  }
}
