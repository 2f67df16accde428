import { client } from './client.ts';

const RETRY_MS = 1_000;

/**
 * Imports a part of the dashboard that comes only when it is shown. While the server is away it
 * waits for it; fails when the server is there and has no such file: it is of another version now.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (await isServerThere()) throw error;
  }
  do await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  while (!(await isServerThere()));
  // A browser may remember that a file did not come, and style sheets are asked for once.
  location.reload();
  return new Promise(() => {});
}

function isServerThere(): Promise<boolean> {
  return client.health.read().then(
    () => true,
    () => false,
  );
}
