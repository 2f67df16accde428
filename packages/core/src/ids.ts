import { CodepaktError } from '@codepakt/contract';

/** `T-001` of 1; three digits at least. */
export function taskId(number: number): string {
  return `T-${String(number).padStart(3, '0')}`;
}

/** `D-001` of 1. */
export function docId(number: number): string {
  return `D-${String(number).padStart(3, '0')}`;
}

/** The number of `T-001`, `t-1`, …; undefined when the text is not such an id. */
export function numberOf(prefix: 'T' | 'D', text: string): number | undefined {
  const match = /^([TD])-(\d{1,15})$/i.exec(text);
  return match?.[1]?.toUpperCase() === prefix ? Number(match[2]) : undefined;
}

/** @throws CodepaktError `event_not_found` when the text is no number. */
export function eventNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CodepaktError('event_not_found', `there is no event ${text}`, {
    hint: '`cpk events` lists the events with their numbers.',
  });
}
