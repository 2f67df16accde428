import { hideToast, undoNewest, useToasts } from '../lib/toasts.ts';
import { useShortcut } from '../lib/use-shortcut.ts';
import { Button, IconButton } from './button.tsx';
import { Hint } from './message.tsx';
import './toaster.css';

/** Short messages at the lower edge; Z takes the newest change back. */
export function Toaster() {
  const toasts = useToasts();
  useShortcut('z', () => void undoNewest());
  return (
    <section className="toaster" aria-label="Messages" aria-live="polite">
      {toasts.map(({ id, kind, message, hint, undo }) => (
        <div key={id} className="toast" data-kind={kind}>
          <div className="toast-text">
            <p>{message}</p>
            {hint !== undefined && <Hint text={hint} />}
          </div>
          {undo !== undefined && (
            <Button
              kind="quiet"
              icon="undo"
              shortcut="Z"
              onClick={() => {
                hideToast(id);
                undo();
              }}
            >
              Undo
            </Button>
          )}
          <IconButton icon="x" label="Close the message" onClick={() => hideToast(id)} />
        </div>
      ))}
    </section>
  );
}
