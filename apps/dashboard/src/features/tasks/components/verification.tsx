import type { TaskDetail } from '@codepakt/contract';
import { formatDuration, formatMoment } from '../../../lib/format-time.ts';

/** The last recorded run of the verify command, which only the person's or agent's own terminal runs. */
export function Verification({ task: { verification } }: { task: TaskDetail }) {
  if (verification === null) return null;
  const { exit_code, command, duration_ms, agent, created_at, output } = verification;
  const isGood = exit_code === 0;
  return (
    <details className="verification" data-good={isGood}>
      <summary>
        <strong>{isGood ? 'Passed' : `Failed with ${exit_code}`}</strong> in{' '}
        {formatDuration(duration_ms / 1_000)}, by {agent}, {formatMoment(created_at)}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long output is scrolled by keyboard */}
      <pre tabIndex={0}>
        <code>
          $ {command}
          {'\n'}
          {output}
        </code>
      </pre>
    </details>
  );
}
