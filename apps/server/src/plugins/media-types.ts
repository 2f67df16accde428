/** What an exported board is. */
export const JSONL = 'application/x-ndjson';

export const JSON_TYPES = ['application/json'] as const;
export const IMPORT_TYPES = [JSONL, 'application/jsonl'] as const;
