/**
 * SQLite keeps no checksums of its pages. What an event says, and what a repeated request is answered,
 * stands nowhere else to be held against. Rows of before have none: nobody knows what they were.
 */
export const checksums = `
ALTER TABLE events ADD COLUMN checksum INTEGER;
ALTER TABLE idempotency_keys ADD COLUMN checksum INTEGER;
`;
