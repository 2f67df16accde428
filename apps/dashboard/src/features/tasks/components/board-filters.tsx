import { PRIORITIES } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Key } from '../../../components/key.tsx';
import { useShortcut } from '../../../lib/use-shortcut.ts';
import { labelsQuery } from '../api/board-status.ts';
import { type Filters, hasFilters, prioritiesOf } from '../api/filters.ts';
import './board-filters.css';

export interface BoardSearch extends Filters {
  group?: string | undefined;
  cancelled?: string | undefined;
  /** The columns that are collapsed, with commas between. */
  hide?: string | undefined;
}

/** What the board is narrowed to. All of it stands in the URL, so a view can be shared or kept. */
export function BoardFilters({
  project,
  search,
  onChange,
}: {
  project: string;
  search: BoardSearch;
  onChange: (change: Partial<BoardSearch>) => void;
}) {
  const labels = useQuery(labelsQuery(project)).data;
  return (
    <search className="filters" aria-label="Filter the board">
      <TextFilter value={search.q} onChange={(q) => onChange({ q })} />
      <Choice
        label="Epic"
        value={search.epic}
        options={labels?.epics.map(({ name }) => name)}
        onChange={(epic) => onChange({ epic })}
      />
      <Choice
        label="Tag"
        value={search.tag}
        options={labels?.tags.map(({ name }) => name)}
        onChange={(tag) => onChange({ tag })}
      />
      <Choice
        label="Agent"
        value={search.agent}
        options={labels?.assignees.map(({ name }) => name)}
        onChange={(agent) => onChange({ agent })}
      />
      <PriorityFilter search={search} onChange={onChange} />
      <span className="filters-gap" />
      <Choice
        label="Group"
        value={search.group}
        options={['epic', 'agent']}
        onChange={(group) => onChange({ group })}
      />
      <Choice
        label="Done"
        value={search.cancelled !== undefined ? 'cancelled too' : search.older && 'all'}
        options={['all', 'cancelled too']}
        none="14 days"
        onChange={(value) =>
          onChange({
            older: value === undefined ? undefined : 'yes',
            cancelled: value === 'cancelled too' ? 'yes' : undefined,
          })
        }
      />
      {hasFilters(search) && (
        <Button
          kind="quiet"
          icon="x"
          onClick={() =>
            onChange({
              q: undefined,
              epic: undefined,
              tag: undefined,
              agent: undefined,
              priority: undefined,
            })
          }
        >
          Clear
        </Button>
      )}
    </search>
  );
}

/** Typing is answered after a short pause, so that not every letter is a request. */
function TextFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const PAUSE_MS = 150;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value ?? '');
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    if ((value ?? '') !== text.trim()) setText(value ?? '');
  }
  const send = useRef(onChange);
  useEffect(() => {
    send.current = onChange;
  });
  useEffect(() => {
    const next = text.trim() === '' ? undefined : text.trim();
    if (next === value) return;
    const timer = setTimeout(() => send.current(next), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  useShortcut('/', () => input.current?.focus());
  return (
    <label className="filter-text">
      <Icon name="search" size={15} />
      <span className="visually-hidden">Filter by text</span>
      <input
        ref={input}
        type="search"
        placeholder="Filter"
        value={text}
        aria-keyshortcuts="/"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Key name="/" />
    </label>
  );
}

function Choice({
  label,
  value,
  options = [],
  none = 'any',
  onChange,
}: {
  label: string;
  value: string | undefined;
  options?: string[] | undefined;
  none?: string;
  onChange: (value: string | undefined) => void;
}) {
  const all = value === undefined || options.includes(value) ? options : [value, ...options];
  return (
    <label className="filter-choice" data-set={value !== undefined || undefined}>
      <span>{label}</span>
      <select
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      >
        <option value="">{label === 'Group' ? 'none' : none}</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

function PriorityFilter({
  search,
  onChange,
}: {
  search: BoardSearch;
  onChange: (change: Partial<BoardSearch>) => void;
}) {
  const chosen = prioritiesOf(search);
  return (
    <fieldset className="filter-toggles">
      <legend className="visually-hidden">Priority</legend>
      {PRIORITIES.map((priority) => (
        <button
          key={priority}
          type="button"
          aria-pressed={chosen.includes(priority)}
          onClick={() => {
            const next = chosen.includes(priority)
              ? chosen.filter((one) => one !== priority)
              : [...chosen, priority].sort();
            onChange({ priority: next.length === 0 ? undefined : next.join(',') });
          }}
        >
          {priority}
        </button>
      ))}
    </fieldset>
  );
}
