import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { focusOnMount } from '../../../lib/focus-on-mount.ts';
import type { Conflict } from '../api/patch-task.ts';
import './editable.css';

interface EditableProps {
  label: string;
  /** As text, the way it is typed. */
  value: string;
  version: number;
  /** What is shown when it is not being edited. */
  children: ReactNode;
  isLong?: boolean;
  isMono?: boolean;
  isRequired?: boolean;
  hint?: string;
  options?: readonly string[] | undefined;
  /** Another control than a text field. */
  control?: (draft: string, onDraft: (draft: string) => void, id: string) => ReactNode;
  onSave: (value: string, seen: number | undefined) => Promise<'saved' | 'refused' | Conflict>;
}

/** A field of a task that is edited where it is read. What others changed meanwhile is never written over unseen. */
export function Editable(props: EditableProps) {
  const { label, value, version, children } = props;
  const [seen, setSeen] = useState<{ version: number; value: string }>();
  const button = useRef<HTMLButtonElement>(null);
  if (seen !== undefined) {
    return (
      <Editor
        {...props}
        seen={seen}
        onClose={() => {
          setSeen(undefined);
          requestAnimationFrame(() => button.current?.focus());
        }}
      />
    );
  }
  return (
    <div className="editable">
      <div className="editable-head">
        <h3>{label}</h3>
        <button
          ref={button}
          type="button"
          className="editable-edit"
          aria-label={`Edit ${label.toLowerCase()}`}
          onClick={() => setSeen({ version, value })}
        >
          <Icon name="edit" size={13} />
        </button>
      </div>
      {children}
    </div>
  );
}

function Editor({
  label,
  value,
  seen,
  isLong = false,
  isMono = false,
  isRequired = false,
  hint,
  options,
  control,
  onSave,
  onClose,
}: EditableProps & { seen: { version: number; value: string }; onClose: () => void }) {
  const id = useId();
  const [draft, setDraft] = useState(seen.value);
  const [conflict, setConflict] = useState<Conflict>();
  const [isSaving, setIsSaving] = useState(false);

  const save = async (version: number | undefined) => {
    if (isRequired && draft.trim() === '') return;
    if (draft === seen.value) return onClose();
    setIsSaving(true);
    const outcome = await onSave(draft, version);
    setIsSaving(false);
    if (outcome === 'saved') onClose();
    else if (outcome !== 'refused') setConflict(outcome);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && (!isLong || event.ctrlKey || event.metaKey)) {
      void save(seen.version);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const field = {
    id,
    className: `input${isMono ? ' mono' : ''}`,
    value: draft,
    'aria-describedby': `${id}-hint`,
    onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
    onKeyDown,
  };

  return (
    <div className="editable">
      <label htmlFor={id} className="editable-label">
        {label} {hint !== undefined && <span className="field-hint">{hint}</span>}
      </label>
      {control !== undefined ? (
        control(draft, setDraft, id)
      ) : isLong ? (
        <textarea rows={4} ref={focusOnMount} {...field} />
      ) : (
        <input ref={focusOnMount} {...field} list={`${id}-options`} autoComplete="off" />
      )}
      {options !== undefined && (
        <datalist id={`${id}-options`}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
      {conflict === undefined ? (
        <div className="editable-buttons">
          <Button kind="primary" disabled={isSaving} onClick={() => void save(seen.version)}>
            Save
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <span id={`${id}-hint`} className="field-hint">
            {isLong ? 'Ctrl-Enter saves, Escape cancels' : 'Enter saves, Escape cancels'}
          </span>
        </div>
      ) : (
        <ConflictNote
          conflict={conflict}
          theirs={value}
          onKeep={onClose}
          onOverwrite={() => void save(undefined)}
        />
      )}
    </div>
  );
}

/** Both texts are there to compare; nothing is written until the person has chosen. */
function ConflictNote({
  conflict: { field, who },
  theirs,
  onKeep,
  onOverwrite,
}: {
  conflict: Conflict;
  theirs: string;
  onKeep: () => void;
  onOverwrite: () => void;
}) {
  return (
    <div className="conflict" role="alert">
      <p>
        <strong>{who === 'human' ? 'Another person' : who}</strong> changed the{' '}
        {field.replaceAll('_', ' ')} while you were editing. It now says:
      </p>
      <p className="conflict-theirs preline">{theirs === '' ? '(nothing)' : theirs}</p>
      <div className="editable-buttons">
        <Button onClick={onKeep}>Keep theirs</Button>
        <Button kind="danger" onClick={onOverwrite}>
          Save mine over it
        </Button>
      </div>
    </div>
  );
}
