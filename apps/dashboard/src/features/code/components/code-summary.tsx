import type { CodeSummary as Summary } from '@codepakt/contract';
import type { ReactNode } from 'react';
import { formatMoment } from '../../../lib/format-time.ts';
import './code.css';

/** The code at a glance. */
export function CodeSummary({
  summary,
  fileLink,
  folderLink,
}: {
  summary: Summary;
  fileLink: (file: string) => ReactNode;
  folderLink: (folder: string) => ReactNode;
}) {
  const { scanned_at } = summary;
  const figures = [
    ['files', summary.files],
    ['lines', summary.lines],
    ['declarations', summary.symbols],
    ['imports', summary.imports],
    ['tests', summary.tests],
  ] as const;
  return (
    <div className="code-summary">
      <dl className="code-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="numbers">{value.toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      <Languages languages={summary.languages} />
      <div className="code-columns">
        <Counted title="Imported the most" rows={summary.most_imported} link={fileLink} />
        <Counted title="Where programs begin" rows={summary.entry_points} link={fileLink} />
        <Counted title="The largest folders" rows={summary.folders} link={folderLink} />
      </div>
      {scanned_at !== null && (
        <p className="muted">
          Scanned {formatMoment(scanned_at)}; <code>cpk scan</code> brings it up to date.
        </p>
      )}
    </div>
  );
}

function Languages({ languages }: { languages: Summary['languages'] }) {
  const rows = Object.entries(languages);
  const most = Math.max(1, ...rows.map(([, count]) => count));
  return (
    <section>
      <h2>Languages</h2>
      <ul className="code-languages">
        {rows.map(([name, count]) => (
          <li key={name}>
            <span>{name}</span>
            <meter min={0} max={most} value={count} aria-label={`${name}: ${count} files`} />
            <span className="numbers muted">{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Counted({
  title,
  rows,
  link,
}: {
  title: string;
  rows: Summary['folders'];
  link: (file: string) => ReactNode;
}) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul className="code-counted">
        {rows.map(({ file, count }) => (
          <li key={file}>
            {link(file)}
            <span className="numbers muted">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
