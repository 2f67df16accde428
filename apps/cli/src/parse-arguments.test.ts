import { CodepaktError } from '@codepakt/contract/light';
import { describe, expect, test } from 'vitest';
import { COMMON_OPTIONS } from './common-options.ts';
import { loadCommand, splitCommandLine } from './find-command.ts';
import { parseArguments } from './parse-arguments.ts';

async function parse(...argv: string[]) {
  const { name, words } = splitCommandLine(argv);
  return parseArguments(await loadCommand(name), COMMON_OPTIONS, words);
}

async function own(...argv: string[]) {
  return (await parse(...argv)).own;
}

async function refusal(...argv: string[]): Promise<string> {
  const error = await parse(...argv).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodepaktError)) throw new Error(`${argv.join(' ')} was understood`);
  expect(error.code).toBe('wrong_usage');
  return error.message;
}

describe('what is understood', () => {
  test('flags, values, numbers and times, with = or without', async () => {
    expect(await own('task', 'list', '--ready', '--limit', '5', '--search=a=b')).toEqual({
      ready: true,
      limit: 5,
      search: 'a=b',
    });
    expect(await own('task', 'pickup', '--lease', '30m', '--wait=2h')).toEqual({
      lease: 1_800,
      wait: 7_200,
    });
    expect(await own('task', 'update', 'T-1', '--no-hold', '--if-version', '3')).toEqual({
      id: 'T-1',
      hold: false,
      if_version: 3,
    });
  });

  test('underscores and hyphens mean the same', async () => {
    expect(await own('task', 'add', 'x', '--depends_on', 'T-001')).toEqual(
      await own('task', 'add', 'x', '--depends-on', 'T-001'),
    );
  });

  test('lists by commas and repeats; globs and sentences keep theirs', async () => {
    const words = ['--tags', 'a, b', '--tags=c', '--touches', 'src/{a,b}/**,docs/*'];
    const criteria = ['--acceptance-criteria', 'says 401, not 403,says why', '--tags', ''];
    expect(await own('task', 'add', 'x', ...words, ...criteria)).toMatchObject({
      tags: ['a', 'b', 'c'],
      touches: ['src/{a,b}/**', 'docs/*'],
      acceptance_criteria: ['says 401, not 403', 'says why'],
    });
  });

  test('a value may begin with a dash, be empty, or be a dash', async () => {
    expect(await own('task', 'done', 'T-1', '--note', '- did x\n- did y')).toMatchObject({
      note: '- did x\n- did y',
    });
    expect(await own('task', 'done', 'T-1', '--note', '--force was not needed')).toMatchObject({
      note: '--force was not needed',
    });
    expect(await own('task', 'update', 'T-1', '--epic', '')).toMatchObject({ epic: '' });
    expect(await own('docs', 'write', '--type', 'learning', '--title', 't', '-')).toMatchObject({
      stdin: '-',
    });
    expect(await own('task', 'note', 'T-1', '--', '--help', 'me')).toEqual({
      id: 'T-1',
      text: ['--help', 'me'],
    });
  });

  test('options of every command stand anywhere', async () => {
    const expected = { agent: 'ada', json: true };
    expect((await parse('--agent', 'ada', 'task', '--json', 'list')).common).toEqual(expected);
    expect((await parse('task', 'list', '--json', '--agent=ada')).common).toEqual(expected);
  });

  test('--wait needs no value', async () => {
    expect(await own('task', 'pickup', '--wait')).toEqual({ wait: 60 });
    expect(await own('task', 'pickup', '--wait', '--tags', 'a')).toEqual({ wait: 60, tags: ['a'] });
  });

  test('what 0.2 spelled differently', async () => {
    expect(await own('task', 'done', 'T-1', '--notes', 'n')).toEqual({ id: 'T-1', note: 'n' });
    expect((await parse('task', 'pickup', '-a', 'ada')).common).toEqual({ agent: 'ada' });
    expect(await own('task', 'list', '-s', 'open', '-a', 'ada', '-e', 'x', '-l', '3')).toEqual({
      status: ['open'],
      assignee: 'ada',
      epic: 'x',
      limit: 3,
    });
    expect(await own('task', 'block', 'T-1', '-r', 'why')).toEqual({ id: 'T-1', reason: 'why' });
    const add = ['-t', 'x', '-d', 'y', '-pP0', '-e', 'z', '--status', 'backlog'];
    expect(await own('task', 'add', ...add)).toMatchObject({
      title: 'x',
      description: 'y',
      priority: 'P0',
      epic: 'z',
      status: 'backlog',
    });
    expect(
      await own(
        'task',
        'add',
        '-t',
        'x',
        '--acceptance-criteria',
        'a',
        'b',
        '--context-refs',
        'D-1',
        'D-2',
      ),
    ).toMatchObject({ acceptance_criteria: ['a', 'b'], context_refs: ['D-1', 'D-2'], words: [] });
  });
});

describe('what is refused, with the nearest right word', () => {
  test.each([
    [['taks', 'list'], 'cpk does not know "taks"; did you mean task?'],
    [['ls'], 'cpk does not know "ls"; did you mean task list?'],
    [['pickup', '--agent', 'ada'], 'cpk does not know "pickup"; did you mean task pickup?'],
    [['status'], 'cpk does not know "status"; did you mean board status?'],
    [['task', 'lst'], 'cpk task does not know "lst"; did you mean list?'],
    [['task', 'create'], 'cpk task does not know "create"; did you mean add?'],
    [['task', 'rm', 'T-1'], 'cpk task does not know "rm"; did you mean cancel?'],
    [['docs', 'get', 'D-1'], 'cpk docs does not know "get"; did you mean read?'],
    [['board', 'show'], 'cpk board does not know "show"; did you mean status?'],
    [['log'], 'cpk does not know "log"; did you mean events?'],
    [['daemon', 'start'], 'cpk does not know "daemon"; did you mean server?'],
    [['constructor'], 'cpk does not know "constructor"'],
    [['task', 'toString'], 'cpk task does not know "toString"'],
    [
      ['task', 'add', 'x', '--prioritty', 'P0'],
      'cpk task add does not know --prioritty; did you mean --priority?',
    ],
    [
      ['task', 'add', 'x', '--prio', 'P0'],
      'cpk task add does not know --prio; did you mean --priority?',
    ],
    [
      ['task', 'update', 'T-1', '--depends', 'T-2'],
      'cpk task update does not know --depends; did you mean --depends-on?',
    ],
    [
      ['task', 'done', 'T-1', '--message', 'x'],
      'cpk task done does not know --message; did you mean --note?',
    ],
    [
      ['task', 'update', 'T-1', '--status', 'doing'],
      '--status is "doing", but must be one of backlog, open, in-progress, review, done, blocked, cancelled; did you mean in-progress?',
    ],
    [
      ['task', 'add', 'x', '--priority', 'High'],
      '--priority is "High", but must be one of P0, P1, P2; did you mean P0?',
    ],
    [['task', 'add', 'x', '--constructor', 'P0'], 'cpk task add does not know --constructor'],
    [['task', 'list', '-x'], 'cpk task list does not know -x'],
    [['task', 'add', '--title', '--priority', 'P0'], '--title needs a value'],
    [['task', 'add', '--title'], '--title needs a value'],
    [
      ['task', 'add', 'x', '--priority', 'P9'],
      '--priority is "P9", but must be one of P0, P1, P2; did you mean P0?',
    ],
    [
      ['task', 'list', '--status', 'open,in_progress'],
      '--status is "in_progress", but must be one of backlog, open, in-progress, review, done, blocked, cancelled; did you mean in-progress?',
    ],
    [['task', 'list', '--limit', 'many'], '--limit is "many", but must be a whole number'],
    [['code', 'orphans', '--limit', '0'], '--limit is 0; the least is 1'],
    [
      ['task', 'pickup', '--lease', 'soon'],
      '--lease is "soon", but must be a time like 90s, 30m or 2h',
    ],
    [['task', 'done'], 'cpk task done needs ID'],
    [['task', 'done', ''], 'cpk task done needs ID'],
    [['task', 'wait', 'T-1'], 'cpk task wait needs --for'],
    [['task', 'done', 'T-1', 'T-2'], 'cpk task done does not know what to do with "T-2"'],
    [['task', 'add', '--title', 'a', '--title', 'b'], '--title is given twice'],
    [['task', 'list', '--ready=yes'], '--ready takes no value, but got "yes"'],
  ])('%j', async (argv, message) => {
    const said = await refusal(...argv);
    expect(said.slice(0, message.length)).toBe(message);
  });

  test('a word that is like none gets no guess', async () => {
    expect(await refusal('zz')).toBe('cpk does not know "zz"');
    expect(await refusal('task', 'list', '--format', 'json')).toBe(
      'cpk task list does not know --format',
    );
  });

  test('a group alone names its commands', async () => {
    expect(await refusal('agent')).toBe('cpk agent needs one of: list');
  });
});
