export { type CollectedFile, collectFiles, type Listing, microseconds } from './collect-files.ts';
export { languageOf, languages } from './languages.ts';
export { hashOf } from './parse-file.ts';
export {
  createScanner,
  type Scanner,
  type ScannerOptions,
  type ScanRequest,
  type Staleness,
} from './scanner.ts';
export { type Staged, type StagedFile, stagedFiles } from './staged-files.ts';
