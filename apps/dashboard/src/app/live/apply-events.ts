import type { Event } from '@codepakt/contract';
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';
import { refreshCards } from '../../features/tasks/api/change-task.ts';
import { cardsOnShow } from '../../features/tasks/api/place-cards.ts';
import { keys } from '../../lib/query-keys.ts';

/** Beyond this many tasks at once, reading all that is on show anew is the lesser work. */
const MOST_CARDS = 400;

type EventPages = InfiniteData<{ items: Event[]; next_cursor: string | null }>;
export interface EventFilters {
  task?: string | undefined;
  agent?: string | undefined;
  action?: string | undefined;
}

/** Brings what is on the page up to what has just happened, reading no more than is needed. */
export function applyEvents(queryClient: QueryClient, project: string, events: Event[]): void {
  // Everything is another now, also what no event tells of.
  if (events.some(({ action }) => action === 'board_restored')) {
    readAnew(queryClient, project);
    return;
  }
  prependEvents(queryClient, project, events);
  const tasks = tasksConcerned(queryClient, project, events);
  if (tasks.size > MOST_CARDS) refetch(queryClient, keys.of(project, 'column'));
  else if (tasks.size > 0) {
    refreshCards(project, [...tasks]).catch(() => refetch(queryClient, keys.of(project, 'column')));
  }
  for (const id of tasks) refetch(queryClient, keys.of(project, 'task', id));
  if (tasks.size > 0) {
    for (const kind of ['status', 'agents', 'labels', 'graph', 'metrics', 'finished'] as const) {
      refetchSoon(queryClient, keys.of(project, kind));
    }
  }
  if (events.some(({ doc_id }) => doc_id !== null)) refetch(queryClient, keys.of(project, 'docs'));
  if (events.some(({ action }) => action === 'scan_completed')) {
    refetch(queryClient, keys.of(project, 'code'));
  }
  if (events.some(({ action }) => action === 'project_updated')) {
    refetch(queryClient, keys.projects);
  }
}

/** Reads all that is on show again: the board may be another. */
export function readAnew(queryClient: QueryClient, project: string): void {
  refetch(queryClient, keys.project(project));
  refetch(queryClient, keys.projects);
}

/** The tasks that the events are about, and those on show that depend on one that changed its status. */
function tasksConcerned(
  queryClient: QueryClient,
  project: string,
  events: Event[],
): ReadonlySet<string> {
  const tasks = new Set<string>();
  const moved = new Set<string>();
  for (const { task_id, detail } of events) {
    if (task_id === null) continue;
    tasks.add(task_id);
    if ('status' in detail) moved.add(task_id);
  }
  if (moved.size === 0) return tasks;
  for (const [id, card] of cardsOnShow(queryClient, project)) {
    if (card.depends_on.some((needed) => moved.has(needed))) tasks.add(id);
  }
  return tasks;
}

function prependEvents(queryClient: QueryClient, project: string, events: Event[]): void {
  const newestFirst = events.toReversed();
  for (const [key, list] of queryClient.getQueriesData<EventPages>({
    queryKey: keys.of(project, 'events'),
  })) {
    const first = list?.pages[0];
    if (list === undefined || first === undefined) continue;
    const filters = key[3] as EventFilters;
    const known = first.items[0]?.id ?? 0;
    const fresh = newestFirst.filter((event) => event.id > known && isMeant(event, filters));
    if (fresh.length === 0) continue;
    const pages = list.pages.with(0, { ...first, items: [...fresh, ...first.items] });
    queryClient.setQueryData(key, { ...list, pages });
  }
}

function isMeant(event: Event, { task, agent, action }: EventFilters): boolean {
  if (task !== undefined && event.task_id !== task) return false;
  if (agent !== undefined && event.agent !== agent) return false;
  return action === undefined || event.action === action;
}

function refetch(queryClient: QueryClient, queryKey: QueryKey): void {
  void queryClient.invalidateQueries({ queryKey });
}

const SOON_MS = 250;
const planned = new Map<string, ReturnType<typeof setTimeout>>();

/** Figures over the whole board: a busy one changes them faster than they need to be counted. */
function refetchSoon(queryClient: QueryClient, queryKey: QueryKey): void {
  const name = queryKey.join(' ');
  if (planned.has(name)) return;
  const run = () => {
    planned.delete(name);
    refetch(queryClient, queryKey);
  };
  planned.set(name, setTimeout(run, SOON_MS));
}
