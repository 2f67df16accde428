// Who uses our types needs no setting of their own to know Symbol.dispose.
/// <reference lib="esnext.disposable" preserve="true" />
/** What of core stores a scan: without a query builder, like `light`, and apart from it for those who only ask. */
export type { IndexUpdate, IndexWriter, StoreOptions } from './code/index-writer.ts';
export { openBoardIndex, openWorktreeIndex } from './code/open-index-to-write.ts';
