import { colours } from './colour.ts';
import { count } from './count.ts';
import { showTable } from './table.ts';
import { showTime } from './time.ts';

interface Content {
  project: { name: string };
  tasks: number;
  docs: number;
  last_event_id: number;
  last_event_at: string | null;
}

export function showBackup(
  backup: Content & { file: string; bytes: number; pruned: readonly string[] },
): string {
  const { file, bytes, pruned } = backup;
  return [
    `${file}  ${showSize(bytes)}, read through and whole`,
    colours.dim(contentOf(backup)),
    ...pruned.map((old) => colours.dim(`deleted ${old}`)),
  ].join('\n');
}

export function showRestored(
  restored: Content & { database: string; kept?: string | undefined },
): string {
  const { database, kept, project } = restored;
  return [
    `${project.name} is as it was: ${contentOf(restored)}`,
    ...(kept === undefined
      ? [colours.dim(`it is in ${database}`)]
      : [colours.dim(`what was there before is kept: ${kept}`)]),
    colours.dim('the code index is as old as the backup: cpk scan'),
  ].join('\n');
}

export function showBackups(
  backups: readonly { file: string; bytes: number; made_at: string; why: string }[],
): string {
  if (backups.length === 0) return colours.dim('none; `cpk backup` makes one');
  return showTable(backups, [
    { head: 'made', cell: ({ made_at }) => showTime(made_at) },
    { head: 'size', cell: ({ bytes }) => showSize(bytes) },
    { head: 'why', cell: ({ why }) => REASONS[why] ?? `before an upgrade (${why})` },
    { head: 'file', cell: ({ file }) => file },
  ]);
}

const REASONS: Record<string, string> = {
  backup: 'asked for',
  restore: 'before a restore',
  replaced: 'replaced by a restore',
  rescued: 'saved when its WAL was replaced',
  legacy: 'of codepakt 0.1 or 0.2',
};

function contentOf({ tasks, docs, last_event_id, last_event_at }: Content): string {
  const until = last_event_at === null ? '' : ` of ${showTime(last_event_at)}`;
  return `${count(tasks, 'task')}, ${count(docs, 'doc')}, up to event ${last_event_id}${until}`;
}

function showSize(bytes: number): string {
  const megabytes = bytes / 1_048_576;
  return megabytes < 1 ? `${Math.ceil(bytes / 1_024)} KiB` : `${megabytes.toFixed(1)} MiB`;
}
