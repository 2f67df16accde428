import type { TrueFile, Truth } from './truth.ts';

/** What a reference program prints: a file a line, with an error where it could not parse it. */
export function readTruth(answer: string): Truth {
  const truth: Truth = { files: [], broken: [] };
  for (const line of answer.split('\n').filter(Boolean)) {
    const file: TrueFile & { error?: string } = JSON.parse(line);
    if (file.error === undefined) truth.files.push(file);
    else truth.broken.push(`${file.path}: ${file.error}`);
  }
  return truth;
}
