export { type CollectedFile, collectFiles, type Listing } from './collect-files.ts';
export {
  createScanner,
  type Scanner,
  type ScannerOptions,
  type ScanRequest,
  type Staleness,
} from './scanner.ts';
export { type Staged, type StagedTree, stagedFiles } from './staged-files.ts';
