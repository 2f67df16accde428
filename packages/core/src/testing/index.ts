// Who uses our types needs no setting of their own to know Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />

export { type ReplayedTask, replayTasks, toReplayed } from '../events/replay.ts';
export { dumpIndex, dumpWord } from './dump-index.ts';
export { LEGACY_VERSIONS, type LegacyVersion, writeLegacyDatabase } from './legacy-databases.ts';
export { ManualClock } from './manual-clock.ts';
export { type TemporaryProject, temporaryProject } from './temporary-project.ts';
