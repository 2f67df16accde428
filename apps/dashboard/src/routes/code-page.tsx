import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { loadPart } from '../app/load-part.ts';
import { useProject } from '../app/use-project.ts';
import { Icon } from '../components/icon.tsx';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';
import {
  codeSearchQuery,
  codeSummaryQuery,
  folderQuery,
  modulesQuery,
} from '../features/code/api/code.ts';
import { CodeSummary } from '../features/code/components/code-summary.tsx';
import { FileView } from '../features/code/components/file-view.tsx';
import '../features/tasks/components/board-filters.css';
import './docs-page.css';
import './graph-page.css';
import './code-page.css';

const ModulePicture = lazy(() =>
  loadPart(() => import('../features/code/components/module-picture.tsx')),
);

/** The code as the index knows it: found by typing, read, and drawn. */
export function CodePage() {
  const project = useProject();
  const { q, folder, file, line, show } = useSearch({ from: '/p/$project/code' });
  const navigate = useNavigate({ from: '/p/$project/code' });
  const summary = useQuery(codeSummaryQuery(project));
  if (summary.isPending) return <Loading what="the code" />;
  if (summary.isError) {
    return <ErrorState error={summary.error} onRetry={() => void summary.refetch()} />;
  }
  if (summary.data.files === 0) {
    return (
      <>
        <header className="view-head">
          <h1>Code</h1>
        </header>
        <EmptyState title="The code has not been scanned yet" command="cpk scan">
          The index knows every declaration and import; it is made in seconds.
        </EmptyState>
      </>
    );
  }
  const isModules = show === 'modules';
  return (
    <>
      <header className="view-head">
        <h1>Code</h1>
        <nav aria-label="Parts of the code view" className="code-tabs">
          <Link
            to="/p/$project/code"
            params={{ project }}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            Summary
          </Link>
          <Link
            to="/p/$project/code"
            params={{ project }}
            search={{ show: 'modules' }}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            Modules
          </Link>
        </nav>
      </header>
      {isModules ? (
        <div className="graph">
          <Modules project={project} onOpen={(one) => void navigate({ search: { folder: one } })} />
        </div>
      ) : (
        <div className="docs code-view" data-reading={file !== undefined || undefined}>
          <section className="docs-list" aria-label="Files">
            <search className="docs-search">
              <label className="filter-text">
                <Icon name="search" size={15} />
                <span className="visually-hidden">Search the code</span>
                <input
                  type="search"
                  placeholder="Search names and comments"
                  defaultValue={q}
                  onChange={({ target }) =>
                    void navigate({
                      search: (before) => ({ ...before, q: target.value }),
                      replace: true,
                    })
                  }
                />
              </label>
            </search>
            {q === undefined || q.trim() === '' ? (
              <Folder project={project} folder={folder ?? folderOf(file)} />
            ) : (
              <Found project={project} q={q} />
            )}
          </section>
          <section className="docs-reader" aria-label="File">
            {file === undefined ? (
              <CodeSummary
                summary={summary.data}
                fileLink={(one) => <FileLink file={one} />}
                folderLink={(one) => <FolderLink folder={one}>{one}</FolderLink>}
              />
            ) : (
              <>
                <Link
                  to="/p/$project/code"
                  params={{ project }}
                  search={(before) => ({ ...before, file: undefined, line: undefined })}
                  className="doc-back"
                >
                  <Icon name="back" size={15} /> All files
                </Link>
                <FileView
                  key={file}
                  project={project}
                  file={file}
                  line={line === undefined ? undefined : Number(line)}
                  lineLink={(at, name) => (
                    <FileLink file={file} line={at}>
                      {name}
                    </FileLink>
                  )}
                  fileLink={(one) => <FileLink file={one} />}
                />
              </>
            )}
          </section>
        </div>
      )}
    </>
  );
}

/** A file that was come to by a link is shown among its neighbours. */
function folderOf(file: string | undefined): string | undefined {
  const folder = file?.split('/').slice(0, -1).join('/');
  return folder === '' ? undefined : folder;
}

function Folder({ project, folder }: { project: string; folder: string | undefined }) {
  const listing = useQuery(folderQuery(project, folder));
  if (listing.isPending) return <Loading what="the files" />;
  if (listing.isError) return <ErrorState error={listing.error} />;
  const { folder: path, folders, files } = listing.data;
  const above = path.split('/').slice(0, -2).join('/');
  return (
    <>
      {path !== '' && (
        <p className="code-path">
          <FolderLink folder={above === '' ? undefined : above}>
            <Icon name="back" size={13} /> {path}
          </FolderLink>
        </p>
      )}
      <ul className="code-files">
        {folders.map(({ file, count }) => (
          <li key={file}>
            <FolderLink folder={file}>{file.slice(path.length)}</FolderLink>
            <span className="numbers muted">{count}</span>
          </li>
        ))}
        {files.map(({ file, lines }) => (
          <li key={file}>
            <FileLink file={file}>{file.slice(path.length)}</FileLink>
            <span className="numbers muted">{lines.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Found({ project, q }: { project: string; q: string }) {
  const found = useQuery(codeSearchQuery(project, q));
  if (found.isPending) return <Loading what="what was found" />;
  if (found.isError) return <ErrorState error={found.error} />;
  if (found.data.length === 0) return <EmptyState title={`Nothing is called “${q}”`} />;
  return (
    <ul aria-label="Declarations found">
      {found.data.map(({ name, kind, parent, file, line, doc }) => (
        <li key={`${file} ${line} ${name}`}>
          <Link
            to="."
            search={(before: Record<string, unknown>) => ({ ...before, file, line: String(line) })}
            className="doc-item"
          >
            <span className="doc-item-head">{kind.replaceAll('_', ' ')}</span>
            <span className="doc-item-title">
              {parent !== null && `${parent}.`}
              {name}
            </span>
            <span className="doc-item-foot">
              {file}:{line}
            </span>
            {doc !== null && <span className="doc-snippet muted">{doc}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Modules({ project, onOpen }: { project: string; onOpen: (folder: string) => void }) {
  const modules = useQuery(modulesQuery(project));
  if (modules.isPending) return <Loading what="the modules" />;
  if (modules.isError) {
    return <ErrorState error={modules.error} onRetry={() => void modules.refetch()} />;
  }
  return (
    <Suspense fallback={<Loading what="the picture" />}>
      <ModulePicture graph={modules.data} onOpen={onOpen} />
    </Suspense>
  );
}

function FileLink({ file, line, children }: { file: string; line?: number; children?: ReactNode }) {
  return (
    <Link
      to="."
      search={(before: Record<string, unknown>) => ({
        ...before,
        show: undefined,
        file,
        line: line === undefined ? undefined : String(line),
      })}
    >
      {children ?? file}
    </Link>
  );
}

function FolderLink({ folder, children }: { folder: string | undefined; children: ReactNode }) {
  return (
    <Link
      to="."
      search={(before: Record<string, unknown>) => ({ ...before, q: undefined, folder })}
    >
      {children}
    </Link>
  );
}
