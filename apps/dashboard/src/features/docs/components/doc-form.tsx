import { DOC_TYPES, type Doc, type DocInput, type DocType, LIMITS } from '@codepakt/contract';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Markdown } from '../../../components/lazy-markdown.tsx';
import { splitCommas } from '../../../lib/split-list.ts';
import './doc-form.css';

/** Writes a doc, or changes one; the text can be looked at before it is saved. */
export function DocForm({
  doc,
  isSaving,
  error,
  onSave,
  onCancel,
}: {
  doc?: Doc;
  isSaving: boolean;
  error: React.ReactNode;
  onSave: (input: DocInput) => void;
  onCancel: () => void;
}) {
  const [body, setBody] = useState(doc?.body ?? '');
  const [isPreview, setIsPreview] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const section = String(data.get('section')).trim();
    onSave({
      title: String(data.get('title')).trim(),
      type: data.get('type') as DocType,
      section: section === '' ? null : section,
      tags: splitCommas(String(data.get('tags'))),
      body,
    });
  };
  return (
    <form
      className="doc-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.currentTarget.requestSubmit();
      }}
    >
      <Field label="Title">
        {(id) => (
          <input
            id={id}
            name="title"
            className="input"
            required
            maxLength={LIMITS.title}
            defaultValue={doc?.title}
          />
        )}
      </Field>
      <div className="doc-form-row">
        <Field label="Type">
          {(id) => (
            <select id={id} name="type" className="select" defaultValue={doc?.type ?? 'reference'}>
              {DOC_TYPES.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Section">
          {(id) => (
            <input
              id={id}
              name="section"
              className="input"
              maxLength={LIMITS.section}
              defaultValue={doc?.section ?? ''}
            />
          )}
        </Field>
        <Field label="Tags" hint="with commas between">
          {(id) => (
            <input id={id} name="tags" className="input" defaultValue={doc?.tags.join(', ')} />
          )}
        </Field>
      </div>
      <div className="doc-form-tabs">
        <Button
          kind={isPreview ? 'quiet' : 'plain'}
          aria-pressed={!isPreview}
          onClick={() => setIsPreview(false)}
        >
          Write
        </Button>
        <Button
          kind={isPreview ? 'plain' : 'quiet'}
          aria-pressed={isPreview}
          onClick={() => setIsPreview(true)}
        >
          Preview
        </Button>
      </div>
      {isPreview ? (
        <div className="doc-form-preview">
          <Markdown text={body} />
        </div>
      ) : (
        <textarea
          className="input mono doc-form-body"
          aria-label="Text, in Markdown"
          value={body}
          onChange={({ target }) => setBody(target.value)}
        />
      )}
      {error}
      <div className="doc-form-foot">
        <Button type="submit" kind="primary" disabled={isSaving}>
          Save
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        <span className="field-hint">Ctrl-Enter saves</span>
      </div>
    </form>
  );
}
