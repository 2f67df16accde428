// A server as a process of its own, for tests that kill it. Its options come as JSON; it prints
// what it is when it listens, or the code of the error for which it does not.
import { CodepaktError } from '@codepakt/contract';
import { runServer } from '../start.ts';

try {
  await runServer(JSON.parse(process.argv[2] ?? '{}'), (info) => print(info));
} catch (error) {
  if (!(error instanceof CodepaktError)) throw error;
  const { code, message, details } = error;
  print({ code, message, details });
  process.exitCode = 1;
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
