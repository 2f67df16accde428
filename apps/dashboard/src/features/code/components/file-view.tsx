import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState, Loading } from '../../../components/message.tsx';
import { dependentsQuery, outlineQuery, sourceQuery } from '../api/code.ts';
import './code.css';

/** A file: what it declares, the text of the one that is chosen, and who imports it. */
export function FileView({
  project,
  file,
  line,
  lineLink,
  fileLink,
}: {
  project: string;
  file: string;
  line: number | undefined;
  lineLink: (line: number, name: ReactNode) => ReactNode;
  fileLink: (file: string) => ReactNode;
}) {
  const outline = useQuery(outlineQuery(project, file));
  if (outline.isPending) return <Loading what={file} />;
  if (outline.isError) {
    return <ErrorState error={outline.error} onRetry={() => void outline.refetch()} />;
  }
  const { language, lines, symbols, stale, has_errors } = outline.data;
  return (
    <article className="file">
      <h2 className="file-name">{file}</h2>
      <p className="muted numbers">
        {language} · {lines.toLocaleString('en')} lines · {symbols.length} declarations
      </p>
      {stale && (
        <p className="file-stale">
          The file was changed since the scan. <code>cpk scan</code> reads it again.
        </p>
      )}
      {has_errors && <p className="file-stale">Parts of it could not be read.</p>}
      {line !== undefined && <Source project={project} of={`${file}:${line}`} />}
      <h3 className="panel-heading">Outline</h3>
      {symbols.length === 0 ? (
        <p className="muted">It declares nothing that others could use.</p>
      ) : (
        <ul className="outline">
          {symbols.map(({ name, kind, depth, start_line, exported, signature }) => (
            <li key={`${start_line} ${kind} ${name}`} data-depth={Math.min(depth, 4)}>
              <span className="outline-kind" data-exported={exported || undefined}>
                {kind.replaceAll('_', ' ')}
              </span>
              {lineLink(start_line, name)}
              <code className="outline-signature">{signature}</code>
              <span className="numbers muted">{start_line}</span>
            </li>
          ))}
        </ul>
      )}
      <Dependents project={project} file={file} fileLink={fileLink} />
    </article>
  );
}

function Source({ project, of }: { project: string; of: string }) {
  const source = useQuery(sourceQuery(project, of));
  if (source.isPending) return <Loading what="the text" />;
  if (source.isError) return <ErrorState error={source.error} />;
  const { name, start_line, end_line, text } = source.data;
  return (
    <section className="source" aria-label={`Source of ${name}`}>
      <h3>
        {name}{' '}
        <span className="muted numbers">
          lines {start_line} to {end_line}
        </span>
      </h3>
      {text === null ? (
        <p className="file-stale">
          The file is not what was scanned, so its text is not shown. Run <code>cpk scan</code>.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard
        <pre tabIndex={0}>
          <code>
            {text.split('\n').map((words, index) => (
              <span key={start_line + index} className="source-line">
                <span className="source-number" aria-hidden="true">
                  {start_line + index}
                </span>
                {words}
                {'\n'}
              </span>
            ))}
          </code>
        </pre>
      )}
    </section>
  );
}

function Dependents({
  project,
  file,
  fileLink,
}: {
  project: string;
  file: string;
  fileLink: (file: string) => ReactNode;
}) {
  const dependents = useQuery(dependentsQuery(project, file)).data;
  if (dependents === undefined) return null;
  return (
    <>
      <h3 className="panel-heading">Imported by {dependents.total}</h3>
      <ul className="code-counted">
        {dependents.items.map((one) => (
          <li key={one.file}>
            {fileLink(one.file)}
            {one.line !== null && <span className="numbers muted">line {one.line}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
