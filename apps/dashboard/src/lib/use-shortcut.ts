import { useEffect, useRef } from 'react';

/**
 * Calls `act` when a key is pressed and nobody is typing. `mod` asks for Ctrl (or Command), and
 * such a combination works in text fields too.
 */
export function useShortcut(
  key: string,
  act: (event: KeyboardEvent) => void,
  { mod = false, enabled = true }: { mod?: boolean; enabled?: boolean } = {},
): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.key.toLowerCase() !== key.toLowerCase()) return;
      if ((event.ctrlKey || event.metaKey) !== mod || event.altKey) return;
      if (!mod && (isTyping(event.target) || isBehindDialog(event.target))) return;
      event.preventDefault();
      latest.current(event);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [key, mod, enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
}

function isBehindDialog(target: EventTarget | null): boolean {
  const dialog = document.querySelector('dialog:modal');
  return dialog !== null && !(target instanceof Node && dialog.contains(target));
}
