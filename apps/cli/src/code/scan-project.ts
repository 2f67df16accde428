import { setFlagsFromString } from 'node:v8';
import type { FileRecord, KnownIndex, ScanResult } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { openBoardIndex, openWorktreeIndex } from '@codepakt/core/scan';
import { createScanner, type Scanner } from '@codepakt/scanner';
import type { Context } from '../context.ts';
import type { IndexPlace } from './index-place.ts';
import { startProgress } from './progress-bar.ts';

export interface ScanOptions {
  /** Parse every file, changed or not. */
  full?: boolean;
  /** Take what git has staged, and nothing else. */
  staged?: boolean;
}

/** Other scans of the same project may come first so often; each time the rest is small. */
const TRIES = 10;

/**
 * Brings the index to what the files, or git's index, hold. The old index stays whole until the new
 * one is stored in one transaction.
 * @throws CodepaktError `interrupted`, `busy`; `index_out_of_date` when staged changes have no index to go to
 */
export async function scanProject(
  context: Context,
  place: IndexPlace,
  { full = false, staged = false }: ScanOptions = {},
): Promise<ScanResult> {
  const began = performance.now();
  if (staged) compileQuickly();
  const scanner = await loadScanner(context);
  using writer = await (place.is_worktree
    ? openWorktreeIndex(place.index, place.board, place.root)
    : openBoardIndex(place.index));
  const progress = startProgress(context.output);
  const signal = context.interruption();
  try {
    for (let tries = 1; tries <= TRIES; tries++) {
      using update = writer.begin();
      if (staged && update.generation === 0) throw nothingToAddTo(place);
      const { known } = update;
      const request = { root: place.root, known, onFile: (file: FileRecord) => update.add(file) };
      const changes = staged
        ? await scanner.scanStaged(request)
        : await scanner.scan({ ...request, full, signal, onProgress: progress.show });
      signal.throwIfAborted();
      progress.end();
      const result = update.store(changes, { began, agent: context.agent });
      if (result !== undefined) return result;
    }
  } finally {
    progress.end();
  }
  throw new CodepaktError('busy', 'other scans of this project came first, again and again', {
    hint: 'Try again in a moment.',
  });
}

/**
 * Few files are parsed sooner by code that was compiled quickly than by code that is quick. In its
 * threads V8 would compile the latter all the while, and take as much of the processor again; that
 * `--liftoff-only` forbids it has an effect only before V8 starts.
 */
function compileQuickly(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}

/** What a scan would change, with nothing parsed. */
export async function checkProject(
  context: Context,
  place: IndexPlace,
  known: KnownIndex | undefined,
) {
  const scanner = await loadScanner(context);
  return scanner.check({ root: place.root, ...(known === undefined ? {} : { known }) });
}

async function loadScanner({ invocation }: Context): Promise<Scanner> {
  const { grammarsDir, scannerWorker } = invocation;
  return createScanner({
    grammarsDir: grammarsDir ?? (await import('@codepakt/grammars')).grammarsDir,
    ...(scannerWorker === undefined ? {} : { workerUrl: scannerWorker }),
  });
}

function nothingToAddTo({ root }: IndexPlace): CodepaktError {
  return new CodepaktError('index_out_of_date', `${root} has no code index`, {
    hint: 'Make it: cpk scan',
  });
}
