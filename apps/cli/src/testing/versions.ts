/** Versions that every codepakt is newer than, and older than. */
export const OLDER = '0.0.9';
export const NEWER = '99.0.0';
