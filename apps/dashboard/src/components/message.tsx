import type { ReactNode } from 'react';
import { describeError } from '../app/client.ts';
import { Button } from './button.tsx';
import { Command } from './command.tsx';
import './message.css';

/** What stands where there is nothing yet: why, and the next thing to do. */
export function EmptyState({
  title,
  children,
  command,
}: {
  title: string;
  children?: ReactNode;
  command?: string;
}) {
  return (
    <div className="message">
      <h2>{title}</h2>
      {children !== undefined && <p className="muted">{children}</p>}
      {command !== undefined && <Command text={command} />}
    </div>
  );
}

/** What stands where something could not be read. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, hint } = describeError(error);
  return (
    <div className="message" role="alert">
      <h2>That did not work</h2>
      <p>{message}</p>
      {hint !== undefined && <Hint text={hint} />}
      {onRetry !== undefined && (
        <Button icon="refresh" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** A sentence in which commands stand between backticks. */
export function Hint({ text }: { text: string }) {
  return (
    <p className="muted">
      {text.split('`').map((part, index) =>
        // Every second part is between backticks; the order never changes.
        index % 2 === 1 ? <code key={index}>{part}</code> : part,
      )}
    </p>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p className="message muted" role="status">
      Reading {what} …
    </p>
  );
}
