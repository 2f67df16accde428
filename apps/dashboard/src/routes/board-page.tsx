import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useRef, useState } from 'react';
import { useOpenTask, useProject } from '../app/use-project.ts';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/message.tsx';
import { boardStatusQuery } from '../features/tasks/api/board-status.ts';
import { COLUMNS } from '../features/tasks/api/card.ts';
import { type Filters, hasFilters } from '../features/tasks/api/filters.ts';
import { BlockedBand } from '../features/tasks/components/blocked-band.tsx';
import { Board } from '../features/tasks/components/board.tsx';
import type { CardActions } from '../features/tasks/components/board-card.tsx';
import { BoardColumn } from '../features/tasks/components/board-column.tsx';
import { BoardFilters, type BoardSearch } from '../features/tasks/components/board-filters.tsx';
import { BulkBar } from '../features/tasks/components/bulk-bar.tsx';
import { focusCard } from '../features/tasks/components/carry.tsx';
import { NewTaskDialog } from '../features/tasks/components/new-task-dialog.tsx';
import { useShortcut } from '../lib/use-shortcut.ts';
import './board-page.css';

type Status = (typeof COLUMNS)[number] | 'cancelled';

/** The board: every task that is not over, by status. */
export function BoardPage() {
  const project = useProject();
  const search = useSearch({ from: '/p/$project/board' });
  const navigate = useNavigate({ from: '/p/$project/board' });
  const openTask = useOpenTask();
  const status = useQuery(boardStatusQuery(project)).data;
  const [isAdding, setIsAdding] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const area = useRef<HTMLDivElement>(null);
  useShortcut('n', () => setIsAdding(true));

  const onFilter = (change: Partial<BoardSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const onOpen = useCallback(
    (id: string) => void navigate({ search: (before) => ({ ...before, task: id }) }),
    [navigate],
  );
  const onChoose = useCallback(
    (id: string) => setChosen((before) => before.symmetricDifference(new Set([id]))),
    [],
  );
  const onSide = useCallback(
    (from: HTMLElement, by: 1 | -1) => focusBeside(area.current, from, by),
    [],
  );
  const actions: CardActions = { openTask, chosen, onOpen, onChoose, onSide };
  const filters = filtersOf(search);
  const { counts } = status ?? {};
  const isNarrowed = hasFilters(filters);

  if (status?.total === 0 && !isAdding) {
    return (
      <>
        <Head onAdd={() => setIsAdding(true)} />
        <EmptyState
          title="The board is empty"
          command={'cpk task add --title "The first thing to do"'}
        >
          Add a task here with <kbd>N</kbd>, or from a terminal:
        </EmptyState>
      </>
    );
  }
  const columns = statusesOf(search);
  return (
    <Board project={project} columns={columns}>
      <Head onAdd={() => setIsAdding(true)} />
      <BoardFilters project={project} search={search} onChange={onFilter} />
      <BlockedBand project={project} filters={filters} {...actions} />
      <div className="board" ref={area}>
        {columns.map((one) => (
          <BoardColumn
            key={one}
            project={project}
            status={one}
            filters={filters}
            group={search.group === 'epic' || search.group === 'agent' ? search.group : undefined}
            total={
              isNarrowed || (one === 'done' && search.older === undefined)
                ? undefined
                : counts?.[one]
            }
            isCollapsed={isHidden(search.hide, one)}
            onToggle={
              one === 'backlog' || one === 'done'
                ? () => onFilter({ hide: toggled(search.hide, one) })
                : undefined
            }
            empty={isNarrowed ? 'Nothing here passes the filter.' : EMPTY[one]}
            {...actions}
          />
        ))}
      </div>
      {chosen.size > 0 && (
        <BulkBar project={project} chosen={chosen} onDone={() => setChosen(new Set())} />
      )}
      {isAdding && (
        <NewTaskDialog project={project} epic={search.epic} onClose={() => setIsAdding(false)} />
      )}
    </Board>
  );
}

function Head({ onAdd }: { onAdd: () => void }) {
  return (
    <header className="view-head">
      <h1>Board</h1>
      <Button kind="primary" icon="plus" shortcut="N" onClick={onAdd}>
        New task
      </Button>
    </header>
  );
}

const EMPTY: Record<Status, React.ReactNode> = {
  backlog: 'Nothing waits.',
  open: 'Nothing is ready to be picked up.',
  'in-progress': (
    <>
      Nobody is at work. An agent takes a task with <code>cpk task pickup</code>
    </>
  ),
  review: 'Nothing waits for your review.',
  done: 'Nothing was finished in the last 14 days.',
  cancelled: 'Nothing was cancelled.',
};

function statusesOf(search: BoardSearch): Status[] {
  return search.cancelled === undefined ? [...COLUMNS] : [...COLUMNS, 'cancelled'];
}

function filtersOf({ q, epic, tag, agent, priority, older }: BoardSearch): Filters {
  return { q, epic, tag, agent, priority, older };
}

function isHidden(hide: string | undefined, status: Status): boolean {
  return (hide ?? '').split(',').includes(status);
}

function toggled(hide: string | undefined, status: Status): string | undefined {
  const hidden = new Set((hide ?? '').split(',').filter(Boolean));
  const next = [...hidden.symmetricDifference(new Set([status]))];
  return next.length === 0 ? undefined : next.join(',');
}

/** Moves the focus to the nearest column that has cards, on a card of about the same height. */
function focusBeside(area: HTMLElement | null, from: HTMLElement, by: 1 | -1): void {
  const columns = [...(area?.querySelectorAll<HTMLElement>('.column') ?? [])];
  let index = columns.findIndex((column) => column.contains(from)) + by;
  while (columns[index] !== undefined && columns[index]?.querySelector('[data-card]') === null) {
    index += by;
  }
  const column = columns[index];
  if (column === undefined) return;
  const top = from.getBoundingClientRect().top;
  const cards = [...column.querySelectorAll<HTMLElement>('[data-card]')];
  const nearest = cards.find((card) => card.getBoundingClientRect().bottom > top) ?? cards.at(-1);
  focusCard(column, nearest?.dataset.card);
  column.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}
