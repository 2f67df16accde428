import type { Doc, DocInput, DocPatch } from '@codepakt/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { client, describeError, queryClient } from '../app/client.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { Markdown } from '../components/lazy-markdown.tsx';
import { ErrorState, Loading } from '../components/message.tsx';
import { docQuery } from '../features/docs/api/docs.ts';
import { DocForm } from '../features/docs/components/doc-form.tsx';
import { formatMoment } from '../lib/format-time.ts';
import { keys } from '../lib/query-keys.ts';
import { showToast } from '../lib/toasts.ts';

/** One doc, to read or to change. */
export function DocReader({
  project,
  id,
  isEditing,
}: {
  project: string;
  id: string;
  isEditing: boolean;
}) {
  const doc = useQuery(docQuery(project, id));
  if (doc.isPending) return <Loading what={id} />;
  if (doc.isError) return <ErrorState error={doc.error} onRetry={() => void doc.refetch()} />;
  if (isEditing) return <EditDoc project={project} doc={doc.data} />;
  return <ReadDoc project={project} doc={doc.data} />;
}

function ReadDoc({ project, doc }: { project: string; doc: Doc }) {
  const { id, title, type, section, tags, author, updated_at, body } = doc;
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.docs.delete({ params: { project, id } }),
    onSuccess: ({ event_id }) => {
      void navigate({ to: '/p/$project/docs', params: { project } });
      showToast({
        kind: 'done',
        message: `${id} is deleted`,
        undo: () => {
          client.events
            .undo({ params: { project, id: String(event_id) } })
            .catch((error: unknown) => showToast({ kind: 'failed', ...describeError(error) }));
        },
      });
    },
    onError: (error) => showToast({ kind: 'failed', ...describeError(error) }),
  });
  return (
    <article className="doc">
      <Link
        to="/p/$project/docs"
        params={{ project }}
        search={(before) => before}
        className="doc-back"
      >
        <Icon name="back" size={15} /> All docs
      </Link>
      <p className="doc-meta">
        <span className="numbers">{id}</span>
        <span>{type}</span>
        {section !== null && <span>{section}</span>}
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        <span>
          {author ?? 'a person'}, {formatMoment(updated_at)}
        </span>
      </p>
      <div className="doc-title">
        <h2>{title}</h2>
        <Button
          icon="edit"
          onClick={() =>
            void navigate({ to: '.', search: (before) => ({ ...before, write: 'edit' }) })
          }
        >
          Edit
        </Button>
        <Button kind="quiet" onClick={() => setIsDeleting(true)}>
          Delete …
        </Button>
      </div>
      <Markdown text={body} />
      {isDeleting && (
        <Dialog title={`Delete ${id}?`} onClose={() => setIsDeleting(false)}>
          <div className="confirm">
            <p>“{title}” is taken off the list. Its text stays in the log, and it can be undone.</p>
            <div className="doc-form-foot">
              <Button kind="danger" onClick={() => remove.mutate()}>
                Delete it
              </Button>
              <Button onClick={() => setIsDeleting(false)}>Keep it</Button>
            </div>
          </div>
        </Dialog>
      )}
    </article>
  );
}

function EditDoc({ project, doc }: { project: string; doc: Doc }) {
  const navigate = useNavigate();
  const close = () =>
    void navigate({ to: '.', search: (before) => ({ ...before, write: undefined }) });
  // The version from which the editing began, whatever happens to the doc meanwhile.
  const [seen, setSeen] = useState(doc);
  const save = useMutation({
    mutationFn: (patch: DocPatch) =>
      client.docs.update(
        { params: { project, id: doc.id }, body: patch },
        { if_match: seen.version },
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(docQuery(project, doc.id).queryKey, saved);
      showToast({ kind: 'done', message: `${doc.id} is saved` });
      close();
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: keys.of(project, 'docs') }),
  });
  return (
    <DocForm
      doc={seen}
      isSaving={save.isPending}
      error={
        save.isError && (
          <div className="form-error" role="alert">
            <p>{describeError(save.error).message}</p>
            {doc.version > seen.version && (
              <Button onClick={() => setSeen({ ...seen, version: doc.version })}>
                Save mine over it the next time
              </Button>
            )}
          </div>
        )
      }
      onSave={(input) => {
        const patch = changedOnly(seen, input);
        if (Object.keys(patch).length === 0) close();
        else save.mutate(patch);
      }}
      onCancel={close}
    />
  );
}

/** Only what was changed is sent, so that the rest can be changed by others meanwhile. */
function changedOnly(doc: Doc, input: DocInput): DocPatch {
  return Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(doc[name as keyof Doc]),
    ),
  );
}

/** A doc that is not there yet. */
export function NewDoc({ project }: { project: string }) {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (body: DocInput) => client.docs.create({ params: { project }, body }),
    onSuccess: ({ id }) => {
      showToast({ kind: 'done', message: `${id} is written` });
      void navigate({ to: '/p/$project/docs/$doc', params: { project, doc: id } });
    },
  });
  return (
    <DocForm
      isSaving={create.isPending}
      error={
        create.isError && (
          <p className="form-error" role="alert">
            {describeError(create.error).message}
          </p>
        )
      }
      onSave={(input) => create.mutate(input)}
      onCancel={() => void navigate({ to: '/p/$project/docs', params: { project } })}
    />
  );
}
