import { existsSync, lstatSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import { removeDraft, sweepDrafts } from './board-file.ts';
import { asFileError, draftOf, publish, syncFolder } from './write-file.ts';

export interface NewFileOptions {
  /** Whether a file of this name may be replaced. */
  replace?: boolean | undefined;
  /** Of which other files drafts that a killed process left may be deleted. */
  sweeps?: (name: string) => boolean;
}

/** A file that somebody wants under a name: it is written as a draft beside it, and named when whole. */
export class NewFile {
  readonly path: string;
  readonly draft: string;
  readonly #replace: boolean;

  /** @throws CodepaktError `file_not_found` without its folder, `wrong_usage` when the name is taken */
  constructor(path: string, { replace = false, sweeps = () => false }: NewFileOptions = {}) {
    this.path = path;
    this.draft = draftOf(path);
    this.#replace = replace;
    refuseTaken(path, replace);
    sweepDrafts(dirname(path), (name) => name === basename(path) || sweeps(name));
  }

  /** @throws CodepaktError `wrong_usage` when the name was taken meanwhile, `read_only`, `disk_full` */
  giveName(): void {
    refuseTaken(this.path, this.#replace);
    asFileError(this.path, () => {
      if (this.#replace) renameSync(this.draft, this.path);
      else if (!publish(this.draft, this.path)) throw taken(this.path);
      syncFolder(dirname(this.path));
    });
  }

  /** Removes the draft, if it did not get its name. */
  [Symbol.dispose](): void {
    removeDraft(this.draft);
  }
}

function refuseTaken(path: string, replace: boolean): void {
  if (!existsSync(dirname(path))) {
    throw new CodepaktError('file_not_found', `there is no folder ${dirname(path)}`);
  }
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  // A draft would take the place of the device or the link itself, not go where it leads.
  if (!stat.isFile()) {
    throw new CodepaktError('wrong_usage', `${path} is no plain file, and is not replaced`, {
      hint: 'Name another file.',
    });
  }
  if (!replace) throw taken(path);
}

function taken(path: string): CodepaktError {
  return new CodepaktError('wrong_usage', `${path} is there already`, {
    hint: 'Name another file, or say --force.',
  });
}
