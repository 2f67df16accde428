import type { Priority } from '@codepakt/contract';
import { hueOf, initialsOf } from '../lib/name-colour.ts';
import './labels.css';

export function PriorityMark({ priority }: { priority: Priority }) {
  return (
    <span className="priority" data-priority={priority}>
      <span className="visually-hidden">priority </span>
      {priority}
    </span>
  );
}

/** The agent's initials in a colour of its own, so that one agent is found at a glance. */
export function Avatar({ name }: { name: string }) {
  return (
    <span className="avatar" data-hue={hueOf(name)} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
