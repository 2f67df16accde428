import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programOf } from '../testing/program.ts';

/** How each shell is asked what it would offer: the words of the command line are its arguments. */
const SHELLS = {
  bash: {
    script: completionFor('bash'),
    ask: `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cpk; printf "%s\\n" "\${COMPREPLY[@]}"`,
  },
  fish: {
    script: completionFor('fish'),
    ask: "complete -C (string join ' ' -- $argv) | string replace -r '\\t.*' ''",
  },
  zsh: {
    // What the line editor does, as far as it shows what was offered.
    script: `compdef() {}\ncompset() { word=\${word#\${~2}} }\n_files() {}\n_describe() { local offer; for offer in "\${(P@)@[-1]}"; do [[ $offer == $word* ]] && print -r -- \${offer%%:*}; done }\n${completionFor('zsh')}`,
    ask: 'words=("$@"); CURRENT=$#; _cpk',
  },
} as const;
type Shell = keyof typeof SHELLS;

/** Bash is everywhere where the tests run; the others are asked where they are installed. */
const installed = (Object.keys(SHELLS) as Shell[]).filter(
  (shell) => shell === 'bash' || spawnSync(shell, ['-c', 'true']).status === 0,
);

function completionFor(shell: string): string {
  const { command, env } = programOf();
  const [program = '', ...args] = command;
  return execFileSync(program, [...args, 'completion', shell], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

function offers(shell: Shell, words: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'cpk-completion-'));
  try {
    const { script, ask } = SHELLS[shell];
    const file = join(folder, 'script');
    writeFileSync(file, `${script}\n${ask}\n`);
    const quiet = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
    const ran = spawnSync(shell, [...quiet, file, ...words], { cwd: folder, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    return ran.stdout.split('\n').filter((line) => line !== '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each(installed)('%s offers commands, options and the values of options', (shell) => {
  const ask = (...words: string[]) => offers(shell, ['cpk', ...words]).sort();
  expect(ask('pro')).toEqual(['projects']);
  expect(ask('projects', '')).toEqual(['list', 'remove', 'restore']);
  expect(ask('--project', 'task', 'board', 'sta')).toEqual(['status']);
  expect(ask('task', 'list', '--st')).toEqual(['--status']);
  expect(ask('task', 'list', '--agent', 'ada', '--pro')).toEqual(['--project']);
  expect(ask('task', 'list', '--status', 'b')).toEqual(['backlog', 'blocked']);
  expect(ask('completion', 'z')).toEqual(['zsh']);
  expect(ask('task', 'show', '--json', 'T-0')).toEqual([]);
});

test('bash and fish go on behind a comma, and behind the sign of equality', () => {
  for (const shell of installed.filter((name) => name !== 'zsh')) {
    const equals = shell === 'bash' ? ['--status', '=', 'op'] : ['--status=op'];
    const whole = shell === 'bash' ? 'open' : '--status=open';
    expect(offers(shell, ['cpk', 'task', 'list', ...equals])).toEqual([whole]);
    expect(offers(shell, ['cpk', 'task', 'list', '--status', 'open,bl'])).toEqual(['open,blocked']);
  }
});
