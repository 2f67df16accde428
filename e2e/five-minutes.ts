import { readFileSync } from 'node:fs';
import type { Consumer } from './consumer.ts';

const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The commands of a section of the README, in their order. */
function commandsOf(section: string): string[] {
  const [, after = ''] = text.split(`\n## ${section}\n`);
  const [part = ''] = after.split('\n## ');
  const blocks = [...part.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) => block.trim().split('\n'));
}

/**
 * What somebody types who has the README alone, up to two agents that work through the board at once,
 * and the review of what they did. The agents are scripts that do as AGENTS.md tells.
 */
export async function tryFiveMinutes(consumer: Consumer): Promise<string[]> {
  const faults: string[] = [];
  const type = async (line: string) => {
    const { status, output } = await consumer.sh(line, { CPK_OUTPUT: 'human' });
    if (status !== 0) faults.push(`$ ${line}\nended with ${status}:\n${output}`);
  };
  const commands = commandsOf('Five minutes, two agents');
  // The first agent is started where the person's own commands have set everything up.
  const started = commands.findIndex((line) => line.startsWith('CPK_AGENT='));
  const names = commands.flatMap((line) => /^CPK_AGENT=(\w+) /.exec(line)?.[1] ?? []);
  for (const line of commands.slice(0, started)) {
    if (line.startsWith('cpk ')) await type(line);
  }
  const done = await Promise.all(names.map((name) => workThrough(consumer, name)));
  if (done.flat().sort().join() !== 'T-001,T-002,T-003') {
    faults.push(`the agents did ${JSON.stringify(done)}`);
  }
  for (const line of commands.slice(started + names.length)) await type(line);

  consumer.write('src/order.ts', 'export function parseOrder(): void {}\n');
  for (const line of commandsOf('Ask the code')) await type(line);
  return faults;
}

/** An agent: takes tasks until there is nothing to do. Answers which it did. */
async function workThrough(consumer: Consumer, name: string): Promise<string[]> {
  const env = { CPK_AGENT: name };
  const done: string[] = [];
  for (;;) {
    const { status, output } = await consumer.sh('cpk task pickup --wait 2s', env);
    if (status === 5) return done;
    const { task } = JSON.parse(output) as { task: { id: string; verify?: string } };
    consumer.write('hello.txt', 'Hello\n');
    const verify = task.verify === undefined ? '' : '--verify';
    await consumer.must(`cpk task done ${task.id} ${verify} --note "done"`, env);
    done.push(task.id);
  }
}
