import { X } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";

import { IconButton } from "./Button.tsx";
import styles from "./Sheet.module.css";

interface SheetProps {
  title: string;
  closeLabel: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Asks before something that can't be taken back. */
  isAlert?: boolean;
}

/** A dialog: in the middle of a large screen, at the bottom of a small one. Focus returns to its opener. */
export function Sheet({ title, closeLabel, isOpen, onClose, children, isAlert = false }: SheetProps): JSX.Element {
  return (
    <ModalOverlay
      className={styles.veil ?? ""}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!isAlert}
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog role={isAlert ? "alertdialog" : "dialog"} className={styles.dialog ?? ""}>
          <header className={styles.header}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label={closeLabel} icon={<X aria-hidden />} onPress={onClose} />
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The buttons at a sheet's end. */
export function SheetActions({ children }: { children: ReactNode }): JSX.Element {
  return <div className={styles.actions}>{children}</div>;
}
