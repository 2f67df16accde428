/**
 * A symbol's and an import's id hold the id of their file, so that the rows of a file lie together
 * and need neither an index nor a look at another table: id = file × 2^21 + number within the file.
 * A file of 2 MiB, the most that is read, can't hold more of either.
 */
const PER_FILE = 2 ** 21;

export function rowId(file: number, number: number): number {
  return file * PER_FILE + number;
}

/** The first and last id that rows of a file can have, for `BETWEEN`. */
export function rowsOfFile(file: number): [first: number, last: number] {
  return [file * PER_FILE, (file + 1) * PER_FILE - 1];
}

/** The file that a row belongs to. */
export function fileOfRow(row: number): number {
  return Math.floor(row / PER_FILE);
}
