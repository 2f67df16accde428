import type { Metrics } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { ErrorState, Loading } from '../../../components/message.tsx';
import { formatDay, formatDuration, secondsSince } from '../../../lib/format-time.ts';
import { finishedQuery, metricsQuery } from '../api/metrics.ts';
import './charts.css';

const DAYS = 30;

/** Burn-up and cycle times, drawn from what the log says. */
export function Charts({ project }: { project: string }) {
  const metrics = useQuery(metricsQuery(project, DAYS));
  const finished = useQuery(finishedQuery(project));
  if (metrics.isPending) return <Loading what="the figures" />;
  if (metrics.isError) {
    return <ErrorState error={metrics.error} onRetry={() => void metrics.refetch()} />;
  }
  const points = (finished.data ?? []).flatMap(({ id, title, started_at, completed_at }) =>
    started_at === null || completed_at === null
      ? []
      : [
          {
            id,
            title,
            at: completed_at,
            seconds: secondsSince(started_at, Date.parse(completed_at)),
          },
        ],
  );
  return (
    <div className="charts">
      <figure className="chart">
        <figcaption>
          <h2>Burn-up</h2>
          <p className="muted">tasks created and finished, {DAYS} days</p>
        </figcaption>
        <BurnUp days={metrics.data.days} />
      </figure>
      <figure className="chart">
        <figcaption>
          <h2>Cycle time</h2>
          <p className="muted">from the first pickup to review, the last {points.length} tasks</p>
        </figcaption>
        <dl className="chart-figures">
          <Spread name="Work" spread={metrics.data.cycle_time} />
          <Spread name="Review" spread={metrics.data.review_time} />
        </dl>
        <CycleTimes points={points} />
      </figure>
    </div>
  );
}

function Spread({ name, spread }: { name: string; spread: Metrics['cycle_time'] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="numbers">
        {spread === null ? (
          <span className="muted">none yet</span>
        ) : (
          <>
            <strong>{formatDuration(spread.p50)}</strong> half of them, {formatDuration(spread.p90)}{' '}
            nine of ten
          </>
        )}
      </dd>
    </div>
  );
}

const WIDTH = 480;
const HEIGHT = 180;
const LEFT = 46;
const BOTTOM = 22;
const TOP = 10;
const RIGHT = 10;

function BurnUp({ days }: { days: Metrics['days'] }) {
  const most = Math.max(4, ...days.map(({ created }) => created));
  const x = (index: number) =>
    LEFT + (index / Math.max(1, days.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const line = (value: (day: Metrics['days'][number]) => number) =>
    days.map((day, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value(day))}`).join('');
  const last = days.at(-1);
  const completed = line((day) => day.completed);
  const says = `Of ${last?.created ?? 0} tasks created, ${last?.completed ?? 0} are finished and ${last?.cancelled ?? 0} cancelled.`;
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={says}>
        <Axis most={most} y={y} format={formatNumber} />
        {days.map(
          (day, index) =>
            index % 7 === 1 && (
              <text
                key={day.date}
                x={x(index)}
                y={HEIGHT - 6}
                textAnchor={index === days.length - 1 ? 'end' : 'middle'}
              >
                {formatDay(day.date)}
              </text>
            ),
        )}
        <path
          className="chart-area"
          d={`${completed}L${x(days.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z`}
        />
        <path className="chart-done" d={completed} />
        <path className="chart-created" d={line((day) => day.created - day.cancelled)} />
      </svg>
      <p className="chart-legend">
        <span data-line="created">
          {formatNumber((last?.created ?? 0) - (last?.cancelled ?? 0))} created
        </span>
        <span data-line="done">{formatNumber(last?.completed ?? 0)} finished</span>
      </p>
    </>
  );
}

interface Point {
  id: string;
  title: string;
  at: string;
  seconds: number;
}

/** Each task a dot, over the time at which it was finished; durations on a scale of powers. */
function CycleTimes({ points }: { points: Point[] }) {
  if (points.length === 0) {
    return <p className="muted chart-none">No task has been finished yet.</p>;
  }
  const times = points.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const low = Math.log(10);
  const high = Math.log(Math.max(600, ...points.map(({ seconds }) => seconds)) * 1.3);
  const x = (at: string) =>
    LEFT + 8 + ((Date.parse(at) - first) / Math.max(1, last - first)) * (WIDTH - LEFT - RIGHT - 16);
  const y = (seconds: number) =>
    HEIGHT -
    BOTTOM -
    ((Math.log(Math.max(10, seconds)) - low) / (high - low)) * (HEIGHT - BOTTOM - TOP);
  const marks = [10, 60, 600, 3_600, 21_600, 86_400, 604_800].filter(
    (mark) => Math.log(mark) <= high,
  );
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Cycle times of ${points.length} tasks, the longest ${formatDuration(Math.max(...points.map(({ seconds }) => seconds)))}.`}
    >
      {marks.map((mark) => (
        <g key={mark}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(mark)} y2={y(mark)} />
          <text x={LEFT - 6} y={y(mark) + 4} textAnchor="end">
            {formatDuration(mark)}
          </text>
        </g>
      ))}
      <text x={LEFT} y={HEIGHT - 6}>
        {formatDay(new Date(first).toISOString())}
      </text>
      <text x={WIDTH - RIGHT} y={HEIGHT - 6} textAnchor="end">
        {formatDay(new Date(last).toISOString())}
      </text>
      {points.map(({ id, title, at, seconds }) => (
        <circle key={id} className="chart-dot" cx={x(at)} cy={y(seconds)} r="4">
          <title>{`${id} ${title}: ${formatDuration(seconds)}`}</title>
        </circle>
      ))}
    </svg>
  );
}

function Axis({
  most,
  y,
  format,
}: {
  most: number;
  y: (value: number) => number;
  format: (value: number) => string;
}) {
  const step = niceStep(most / 4);
  const marks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  return marks.map((mark) => (
    <g key={mark}>
      <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(mark)} y2={y(mark)} />
      <text x={LEFT - 6} y={y(mark) + 4} textAnchor="end">
        {format(mark)}
      </text>
    </g>
  ));
}

function formatNumber(value: number): string {
  return value.toLocaleString('en');
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
}
