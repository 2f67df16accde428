import { dirname } from 'node:path';
import type { ProjectEntry } from '@codepakt/contract';
import { quoted } from './doctor/finding.ts';
import type { CarriedOver } from './legacy/carry-over.ts';
import { findProjectFolder, readProjectConfig } from './project-folder.ts';
import { removedBoard } from './registry/trash.ts';

/** What came of setting up a project. */
interface Outcome {
  project: ProjectEntry;
  /** Its database. */
  file: string;
  created: boolean;
  carried_over?: CarriedOver;
  is_mended: boolean;
  left_wal: string | undefined;
}

/** What was asked for besides a board. */
interface Asked {
  name?: string | undefined;
  prd?: object | undefined;
}

/** The outcome for people: what was done, what was not, and what they would not expect. */
export function initMessages(outcome: Outcome, asked: Asked, data_dir: string): string[] {
  const { project, created, left_wal } = outcome;
  const messages = whatWasDone(outcome);
  if (created) messages.push(...boardAbove(project.path, data_dir));
  else messages.push(...notDone(project, asked));
  const removed = created ? removedBoard(data_dir, project.id) : undefined;
  if (removed !== undefined) {
    messages.push(
      `This project was removed with its board, which is in the trash: cpk restore ${quoted(removed)} brings it back.`,
    );
  }
  if (left_wal !== undefined) {
    messages.push(
      `A database was here before: the last changes to it, which were not in its file yet, are kept in ${left_wal}. They belong beside that file, under its name with -wal at the end.`,
    );
  }
  return messages;
}

function whatWasDone({ project, file, created, carried_over, is_mended }: Outcome): string[] {
  const { name } = project;
  if (carried_over !== undefined) return carriedOver(carried_over);
  if (created) return [`Project ${name} has a board now: ${file}`];
  if (is_mended) return [`Project ${name} had a board: it is as it was, and registered here.`];
  return [`Project ${name} has a board already; it was not changed.`];
}

/** Whoever stands in a folder of a project may have meant its board. */
function boardAbove(root: string, data_dir: string): string[] {
  const above = findProjectFolder(dirname(root), data_dir);
  if (above === undefined || readProjectConfig(above)?.project_id === undefined) return [];
  return [`${above} has a board too: in ${root}, and below it, this one is used from now on.`];
}

/** What was asked for besides the board, which is there. */
function notDone({ name }: ProjectEntry, asked: Asked): string[] {
  const messages: string[] = [];
  if (asked.name !== undefined && asked.name !== name) {
    messages.push(`Its name is still ${name}: change it with \`cpk config set name\`.`);
  }
  if (asked.prd !== undefined) {
    messages.push('The PRD was not stored: add it with `cpk docs write --type reference`.');
  }
  return messages;
}

function carriedOver(carried: CarriedOver): string[] {
  const kept = `The old database is kept: ${carried.backup}`;
  if (carried.layout === 'empty') {
    return ['data.db was a database without tables: a new board was started.', kept];
  }
  const { tasks, notes, agents, events, docs, dropped_dependencies: dropped } = carried;
  const counts = `${tasks} tasks, ${notes} notes, ${agents} agents, ${events} events, ${docs} docs`;
  const sentences = [`The board of codepakt 0.1 or 0.2 was carried over: ${counts}.`, kept];
  if (dropped > 0) {
    sentences.push(
      `${dropped} dependencies on unknown tasks or in a circle were dropped: see \`cpk events --action board_imported\`.`,
    );
  }
  return sentences;
}
