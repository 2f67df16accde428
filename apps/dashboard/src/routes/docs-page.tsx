import { DOC_TYPES, type DocType } from '@codepakt/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useProject } from '../app/use-project.ts';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';
import { docSearchQuery, docsQuery } from '../features/docs/api/docs.ts';
import { Snippet } from '../features/docs/components/snippet.tsx';
import { DocReader, NewDoc } from './doc-reader.tsx';
import '../features/tasks/components/board-filters.css';
import './docs-page.css';

/** What the project knows: found by typing, read, written. */
export function DocsPage() {
  const project = useProject();
  const { q, type, write } = useSearch({ from: '/p/$project/docs' });
  const { doc } = useParams({ strict: false });
  const navigate = useNavigate({ from: '/p/$project/docs' });
  const wanted = DOC_TYPES.find((one) => one === type);
  const isReading = doc !== undefined || write !== undefined;
  return (
    <>
      <header className="view-head">
        <h1>Docs</h1>
        <Button
          kind="primary"
          icon="plus"
          onClick={() =>
            void navigate({
              to: '/p/$project/docs',
              params: { project },
              search: (before) => ({ ...before, write: 'new' }),
            })
          }
        >
          New doc
        </Button>
      </header>
      <div className="docs" data-reading={isReading || undefined}>
        <section className="docs-list" aria-label="Docs">
          <search className="docs-search">
            <label className="filter-text">
              <Icon name="search" size={15} />
              <span className="visually-hidden">Search the docs</span>
              <input
                type="search"
                placeholder="Search the docs"
                defaultValue={q}
                onChange={({ target }) =>
                  void navigate({
                    search: (before) => ({ ...before, q: target.value }),
                    replace: true,
                  })
                }
              />
            </label>
            <label className="filter-choice" data-set={wanted !== undefined || undefined}>
              <span>Type</span>
              <select
                value={wanted ?? ''}
                onChange={({ target }) =>
                  void navigate({
                    search: (before) => ({ ...before, type: target.value }),
                    replace: true,
                  })
                }
              >
                <option value="">any</option>
                {DOC_TYPES.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
          </search>
          {q === undefined || q.trim() === '' ? (
            <AllDocs project={project} type={wanted} />
          ) : (
            <FoundDocs project={project} q={q} type={wanted} />
          )}
        </section>
        <section className="docs-reader" aria-label="Doc">
          {write === 'new' ? (
            <NewDoc project={project} />
          ) : doc === undefined ? (
            <NothingChosen project={project} />
          ) : (
            <DocReader key={doc} project={project} id={doc} isEditing={write === 'edit'} />
          )}
        </section>
      </div>
    </>
  );
}

/** Where there is no doc at all, the list says so. */
function NothingChosen({ project }: { project: string }) {
  const docs = useInfiniteQuery(docsQuery(project, undefined));
  const isEmpty = docs.data?.pages[0]?.items.length === 0;
  return isEmpty ? null : <EmptyState title="Choose a doc" />;
}

function AllDocs({ project, type }: { project: string; type: DocType | undefined }) {
  const docs = useInfiniteQuery(docsQuery(project, type));
  if (docs.isPending) return <Loading what="the docs" />;
  if (docs.isError) return <ErrorState error={docs.error} onRetry={() => void docs.refetch()} />;
  const items = docs.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState
        title={type === undefined ? 'No doc has been written yet' : `No ${type} doc`}
        command={'cpk docs write --type decision --title "Why SQLite" --body "…"'}
      />
    );
  }
  return (
    <>
      <ul>
        {items.map(({ id, title, type: kind, section, tags }) => (
          <DocItem key={id} project={project} id={id} title={title} kind={kind}>
            {section !== null && <span>{section}</span>}
            {tags.map((tag) => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </DocItem>
        ))}
      </ul>
      {docs.hasNextPage && (
        <Button kind="quiet" onClick={() => void docs.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function FoundDocs({
  project,
  q,
  type,
}: {
  project: string;
  q: string;
  type: DocType | undefined;
}) {
  const found = useQuery(docSearchQuery(project, q, type));
  if (found.isPending) return <Loading what="what was found" />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data.length === 0) return <EmptyState title={`Nothing holds “${q}”`} />;
  return (
    <ul aria-label="Docs found">
      {found.data.map(({ id, title, type: kind, snippet }) => (
        <DocItem key={id} project={project} id={id} title={title} kind={kind}>
          <span className="doc-snippet">
            <Snippet text={snippet} />
          </span>
        </DocItem>
      ))}
    </ul>
  );
}

function DocItem({
  project,
  id,
  title,
  kind,
  children,
}: {
  project: string;
  id: string;
  title: string;
  kind: DocType;
  children: ReactNode;
}) {
  return (
    <li>
      <Link
        to="/p/$project/docs/$doc"
        params={{ project, doc: id }}
        search={(before) => ({ ...before, write: undefined })}
        className="doc-item"
        activeProps={{ 'aria-current': 'page' }}
      >
        <span className="doc-item-head">
          <span className="numbers">{id}</span> {kind}
        </span>
        <span className="doc-item-title">{title}</span>
        <span className="doc-item-foot">{children}</span>
      </Link>
    </li>
  );
}
