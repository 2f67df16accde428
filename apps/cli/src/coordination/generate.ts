import { CodepaktError } from '@codepakt/contract/light';
import { lookAtCoordinationFiles } from './coordination-files.ts';
import { replaceText } from './replace-text.ts';

export interface Generated {
  /** Paths from the project's folder. */
  written: string[];
  left_alone: { path: string; why: string }[];
}

/** Brings the files that tell agents of the board up to date; what is right already is not touched. */
export function generate(root: string, version: string): Generated {
  const written: string[] = [];
  const left_alone: Generated['left_alone'] = [];
  for (const { path, state, why, target, text, next } of lookAtCoordinationFiles(root, version)) {
    if (why !== undefined && state !== 'newer') left_alone.push({ path, why });
    if (state === 'unfit' || next === text) continue;
    try {
      replaceText(target, next);
      written.push(path);
    } catch (error) {
      if (!(error instanceof CodepaktError)) throw error;
      left_alone.push({ path, why: error.message });
    }
  }
  return { written, left_alone };
}
