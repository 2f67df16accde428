// Who uses our types needs no setting of their own to know Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />
export { type Backup, type BackupOptions, backUpBoard } from './backup/back-up-board.ts';
export {
  type BackupFile,
  backupFolder,
  backupName,
  listBackups,
  pruneBackups,
} from './backup/backup-folder.ts';
export { type Restored, type RestoreOptions, restoreBoard } from './backup/restore-board.ts';
export type { BoardCopy } from './board/export-board.ts';
export type { StagedBoard } from './board/stage-board.ts';
export { type Clock, systemClock } from './clock.ts';
export { CodeIndex } from './code/code-index.ts';
export type { IndexUpdate, IndexWriter, StoreOptions } from './code/index-writer.ts';
export { openBoardIndex, openWorktreeIndex } from './code/open-index-to-write.ts';
export type { By } from './context.ts';
export { type FileLock, takeFileLock } from './database/file-lock.ts';
export { examineRights } from './doctor/database-place.ts';
export { examineDatabase } from './doctor/examine-database.ts';
export { examineRegistry } from './doctor/examine-registry.ts';
export { type Finding, failure, ok, quoted, warning } from './doctor/finding.ts';
export { type LookOptions, lookForDamage } from './doctor/look-for-damage.ts';
export { readUntouched } from './doctor/read-untouched.ts';
export { type InitOptions, type InitResult, initProject } from './init-project.ts';
export type { CarriedOver } from './legacy/carry-over.ts';
export { NewFile, type NewFileOptions } from './new-file.ts';
export { type OpenOptions, openDatabaseFile, openProject } from './open-project.ts';
export { Project } from './project.ts';
export {
  databaseFileIn,
  findProjectFolder,
  type ProjectConfig,
  readProjectConfig,
  requireProjectFolder,
  writeProjectConfig,
} from './project-folder.ts';
export { dataDirectory } from './registry/data-directory.ts';
export {
  databaseFileOf,
  findProject,
  isRegistered,
  listProjects,
  type RegisteredProject,
  registerProject,
} from './registry/projects.ts';
export {
  listRemovedProjects,
  type RemovedProject,
  removeProject,
  restoreProject,
} from './registry/trash.ts';
export { asFileError, replaceFile } from './write-file.ts';
