import type { Status } from '@codepakt/contract';
import './status-icon.css';

const RADIUS = 6;
const TURN = 2 * Math.PI * 3;

/** How far along a task is, as a shape, so that no colour has to be told apart. */
export function StatusIcon({ status, size = 16 }: { status: Status; size?: number }) {
  return (
    <svg
      className="status-icon"
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {SHAPES[status]}
    </svg>
  );
}

const ring = <circle cx="8" cy="8" r={RADIUS} className="status-ring" />;
const disc = <circle cx="8" cy="8" r="7" className="status-disc" />;

/** A slice of the inside, from the top on. */
function slice(part: number) {
  return (
    <>
      {ring}
      <circle
        cx="8"
        cy="8"
        r="1.9"
        className="status-slice"
        strokeDasharray={`${part * Math.PI * 3.8} 99`}
        transform="rotate(-90 8 8)"
      />
    </>
  );
}

const SHAPES: Record<Status, React.ReactNode> = {
  backlog: (
    <circle cx="8" cy="8" r={RADIUS} className="status-ring" strokeDasharray={`${TURN / 9} 1.68`} />
  ),
  open: ring,
  'in-progress': slice(0.5),
  review: slice(0.8),
  done: (
    <>
      {disc}
      <path d="m5 8.2 2.1 2.1L11.2 6" className="status-sign" />
    </>
  ),
  blocked: (
    <>
      {disc}
      <path d="M8 4.6v4M8 11.2v.1" className="status-sign" />
    </>
  ),
  cancelled: (
    <>
      {disc}
      <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" className="status-sign" />
    </>
  ),
};
