import { useSyncExternalStore } from 'react';

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  message: string;
  hint?: string | undefined;
  /** Takes back what the message tells of. */
  undo?: (() => void) | undefined;
}

const SHOWN_MS = 8_000;
const MOST = 3;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Shows a short message at the edge of the page; it leaves by itself. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId;
  set([...toasts, { ...toast, id }].slice(-MOST));
  setTimeout(() => hideToast(id), toast.kind === 'failed' ? 2 * SHOWN_MS : SHOWN_MS);
}

export function hideToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** Takes back the newest change that can be; false when there is none on show. */
export function undoNewest(): boolean {
  const toast = toasts.findLast(({ undo }) => undo !== undefined);
  if (toast === undefined) return false;
  hideToast(toast.id);
  toast.undo?.();
  return true;
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
