import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { COMMON_OPTIONS } from '../common-options.ts';
import { loadCommand, splitCommandLine } from '../find-command.ts';
import { parseArguments } from '../parse-arguments.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { withBlock } from './marked-block.ts';

/** For all that an agent has to read. */
const MOST_TOKENS = 600;

test('an agent reads the instructions, the marks around them and the line that imports them in 600 tokens', () => {
  const version = '10.20.30';
  const block = withBlock('', { body: INSTRUCTIONS, version });
  const importing = withBlock('', { body: '@../../.codepakt/AGENTS.md', version });
  const tokens = countTokens(block + importing);
  expect(tokens).toBeLessThanOrEqual(MOST_TOKENS);
  expect(tokens).toBeGreaterThan(300);
});

test('every command in them is understood as it stands there', async () => {
  const found = [...INSTRUCTIONS.matchAll(/`cpk ([^`]+)`/g)].map(([, line]) => line ?? '');
  expect(found.length).toBeGreaterThan(15);
  for (const line of found) {
    const words = [...line.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replaceAll('"', ''));
    const { name, words: rest, asks } = splitCommandLine(words);
    if (asks === 'help') continue;
    const command = await loadCommand(name);
    expect(() => parseArguments(command, COMMON_OPTIONS, rest), line).not.toThrow();
  }
});

test.each(['--wait 60s', '--touches "src/x/**"', '--verify', '--fresh', '--agent NAME'])(
  'the option %s belongs to the command it is told for',
  async (text) => {
    expect(INSTRUCTIONS).toContain(`\`${text}\``);
    const of: Record<string, string> = {
      '--wait': 'task pickup',
      '--touches': 'task add',
      '--verify': 'task done',
      '--fresh': 'code symbols',
    };
    const [option = ''] = text.split(' ');
    const command = await loadCommand(of[option] ?? '');
    const key = option.slice(2);
    expect({ ...COMMON_OPTIONS, ...command.options }).toHaveProperty(key);
  },
);
