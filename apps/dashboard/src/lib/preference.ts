import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

/** A choice of this browser's user, such as the theme, kept where the next visit finds it. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`codepakt-${name}`);
  } catch {
    return null; // storage is turned off: every visit begins with the defaults
  }
}

export function writePreference(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`codepakt-${name}`);
    else localStorage.setItem(`codepakt-${name}`, value);
  } catch {
    // storage is turned off: the choice holds until the page is left
  }
  for (const listener of listeners) listener();
}

export function usePreference(name: string): string | null {
  return useSyncExternalStore(subscribe, () => readPreference(name));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
