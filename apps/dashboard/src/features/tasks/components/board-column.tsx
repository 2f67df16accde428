import type { Status } from '@codepakt/contract';
import { useDroppable } from '@dnd-kit/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/message.tsx';
import { StatusIcon } from '../../../components/status-icon.tsx';
import { STATUS_NAMES } from '../api/card.ts';
import type { Filters } from '../api/filters.ts';
import { columnQuery } from '../api/list-column.ts';
import { BoardCard, type CardActions } from './board-card.tsx';
import { focusCard, useCarry, useLanding } from './carry.tsx';
import { type GroupBy, type Row, toRows } from './group-rows.ts';
import { TaskCard } from './task-card.tsx';
import './board-column.css';

interface BoardColumnProps extends CardActions {
  project: string;
  status: Status;
  filters: Filters;
  group: GroupBy | undefined;
  /** How many the whole board has; undefined while filters narrow it. */
  total: number | undefined;
  isCollapsed: boolean;
  onToggle: (() => void) | undefined;
  /** What stands in it when it is empty. */
  empty: React.ReactNode;
}

/** The tasks of one status. Only the cards in sight are in the page, however many there are. */
export function BoardColumn(props: BoardColumnProps) {
  const { status, isCollapsed, onToggle } = props;
  if (isCollapsed)
    return <CollapsedColumn status={status} total={props.total} onToggle={onToggle} />;
  return <OpenColumn {...props} />;
}

function OpenColumn({
  project,
  status,
  filters,
  group,
  total,
  onToggle,
  empty,
  ...actions
}: BoardColumnProps) {
  const column = useInfiniteQuery({
    ...columnQuery(project, status, filters),
    // Signs of life push leases out without an event.
    refetchInterval: status === 'in-progress' ? 60_000 : false,
  });
  const cards = useMemo(
    () => column.data?.pages.flatMap((page) => page.items) ?? [],
    [column.data],
  );
  const rows = useMemo(() => toRows(cards, group), [cards, group]);
  const { setNodeRef, isOver, carried } = useDropTarget(status);
  const name = STATUS_NAMES[status];
  const isEmpty = column.isSuccess && cards.length === 0;
  const more = column.hasNextPage ? '+' : '';

  // A group is only whole when all of its tasks are there.
  const { hasNextPage, isFetching, fetchNextPage } = column;
  useEffect(() => {
    if (group !== undefined && hasNextPage && !isFetching) void fetchNextPage();
  }, [group, hasNextPage, isFetching, fetchNextPage]);

  return (
    <section
      className="column"
      data-status={status}
      data-over={isOver || undefined}
      ref={setNodeRef}
    >
      <ColumnHead
        status={status}
        count={total === undefined ? `${cards.length}${more}` : total.toLocaleString('en')}
        onToggle={onToggle}
      />
      {carried !== undefined && carried.status !== status && (
        <div className="column-arrival card" data-overlay aria-hidden="true">
          <TaskCard card={carried} />
        </div>
      )}
      {column.isError && <ErrorState error={column.error} onRetry={() => void column.refetch()} />}
      {isEmpty && <div className="column-empty">{empty}</div>}
      {rows.length > 0 && (
        <Rows
          name={name}
          rows={rows}
          count={cards.length}
          onEnd={() => {
            if (column.hasNextPage && !column.isFetching) void column.fetchNextPage();
          }}
          {...actions}
        />
      )}
    </section>
  );
}

/** Where cards can be dropped; `carried` is the one that is here by keyboard. */
function useDropTarget(status: Status) {
  const { setNodeRef, isOver, node } = useDroppable({ id: status });
  const { carry } = useCarry();
  const carried = carry?.over === status ? carry.card : undefined;
  const isCarriedHere = carried !== undefined;
  useEffect(() => {
    if (isCarriedHere) node.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [isCarriedHere, node]);
  return { setNodeRef, isOver: isOver || isCarriedHere, carried };
}

function ColumnHead({
  status,
  count,
  onToggle,
}: {
  status: Status;
  count: string;
  onToggle: (() => void) | undefined;
}) {
  const name = STATUS_NAMES[status];
  return (
    <header className="column-head">
      <StatusIcon status={status} />
      <h2>{name}</h2>
      <span className="column-count numbers">{count}</span>
      {onToggle !== undefined && (
        <IconButton icon="x" label={`Hide ${name}`} className="column-toggle" onClick={onToggle} />
      )}
    </header>
  );
}

function CollapsedColumn({
  status,
  total,
  onToggle,
}: {
  status: Status;
  total: number | undefined;
  onToggle: (() => void) | undefined;
}) {
  const { setNodeRef, isOver } = useDropTarget(status);
  return (
    <section className="column-collapsed" ref={setNodeRef} data-over={isOver || undefined}>
      <button type="button" onClick={onToggle}>
        <StatusIcon status={status} />
        <span className="column-collapsed-name">{STATUS_NAMES[status]}</span>
        {total !== undefined && (
          <span className="column-count numbers">{total.toLocaleString('en')}</span>
        )}
        <span className="visually-hidden">, show the column</span>
      </button>
    </section>
  );
}

const CARD_HEIGHT = 92;
const HEADING_HEIGHT = 34;
/** How near to the end of what was read the next page is asked for. */
const AHEAD = 20;

interface RowsProps extends CardActions {
  name: string;
  rows: Row[];
  count: number;
  onEnd: () => void;
}

function Rows({ name, rows, count, onEnd, ...actions }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  // One card of a column is in the tab order; the arrow keys go on from there.
  const [current, setCurrent] = useState<string>();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'heading' ? HEADING_HEIGHT : CARD_HEIGHT),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
    gap: 8,
    paddingStart: 2,
    paddingEnd: 24,
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastIndex > rows.length - AHEAD) onEnd();
  });

  const tabbable = rows.some(({ key }) => key === current) ? current : firstCard(rows);
  // The same function at every scroll position, so that only rows that come into sight are drawn.
  const latestRows = useRef(rows);
  useEffect(() => {
    latestRows.current = rows;
  });
  const show = useCallback(
    (index: number, id: string) => {
      virtualizer.scrollToIndex(index, { align: 'auto' });
      focusWhenDrawn(scroller.current, id);
    },
    [virtualizer],
  );
  const step = useCallback(
    (from: string, by: 1 | -1) => {
      const all = latestRows.current;
      let index = all.findIndex(({ key }) => key === from) + by;
      while (all[index]?.kind === 'heading') index += by;
      const row = all[index];
      if (row !== undefined) show(index, row.key);
    },
    [show],
  );
  useLanding(
    useMemo(() => rows.map(({ key }) => key), [rows]),
    (id) =>
      show(
        rows.findIndex(({ key }) => key === id),
        id,
      ),
  );

  return (
    <div className="column-scroll" ref={scroller}>
      <ul
        className="column-rows"
        aria-label={`${name}, ${count} tasks`}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map((item) => (
          <RowItem
            key={item.key}
            index={item.index}
            start={item.start}
            row={rows[item.index]}
            measure={virtualizer.measureElement}
            isTabbable={rows[item.index]?.key === tabbable}
            onFocus={setCurrent}
            onStep={step}
            {...actions}
          />
        ))}
      </ul>
    </div>
  );
}

interface RowItemProps extends CardActions {
  index: number;
  start: number;
  row: Row | undefined;
  measure: (node: Element | null) => void;
  isTabbable: boolean;
  onFocus: (id: string) => void;
  onStep: (from: string, by: 1 | -1) => void;
}

const RowItem = memo(function RowItem({ index, start, row, measure, ...card }: RowItemProps) {
  if (row === undefined) return null;
  return (
    <li
      ref={measure}
      data-index={index}
      className="card-row"
      style={{ transform: `translateY(${start}px)` }}
    >
      {row.kind === 'heading' ? (
        <h3 className="group-heading">
          {row.name} <span className="numbers">{row.count}</span>
        </h3>
      ) : (
        <BoardCard card={row.card} {...card} />
      )}
    </li>
  );
});

function firstCard(rows: readonly Row[]): string | undefined {
  return rows.find(({ kind }) => kind === 'card')?.key;
}

/** A card far away is drawn some frames after the column was scrolled to it. */
function focusWhenDrawn(within: ParentNode | null, id: string, frames = 30): void {
  if (focusCard(within, id) || frames === 0) return;
  requestAnimationFrame(() => focusWhenDrawn(within, id, frames - 1));
}
