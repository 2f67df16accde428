import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import './dialog.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** The title is for screen readers only. */
  isBare?: boolean;
}

/**
 * A modal dialog: the browser keeps the focus inside, closes it by Escape and gives focus back.
 * The control marked `data-first` gets the focus; without one, the first.
 */
export function Dialog({ title, onClose, children, isBare = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it is a short cut for Escape
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={titleId}
      // Told a moment later, when it may be open again.
      onClose={() => {
        if (ref.current?.open !== true) onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-box">
        <div className={isBare ? 'visually-hidden' : 'dialog-head'}>
          <h2 id={titleId}>{title}</h2>
          {!isBare && <IconButton icon="x" label="Close" onClick={onClose} />}
        </div>
        {children}
      </div>
    </dialog>
  );
}
