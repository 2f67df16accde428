import { describe, expect, test } from 'vitest';
import { stateOfBlock, withBlock, withoutBlocks } from './marked-block.ts';

const OLD = { body: 'Take a task.\n\n- one\n- two', version: '1.0.0' };
const NEW = { body: 'Take a task.\n\n- one\n- two\n- three', version: '1.1.0' };
const BLOCK = withBlock('', OLD);
const MINE = '# Mine\n\nMy words.\n';

describe('a marked block', () => {
  test('is all of an empty file, and stands behind what somebody wrote', () => {
    expect(BLOCK).toMatch(
      /^<!-- codepakt 1\.0\.0 [0-9a-f]{8} begin.*-->\n\nTake[\s\S]*two\n\n<!-- codepakt end -->\n$/,
    );
    expect(withBlock(MINE, OLD)).toBe(`${MINE}\n${BLOCK}`);
  });

  test('is not written again when it says the same, whoever wrote it', () => {
    const text = withBlock(MINE, OLD);
    expect(withBlock(text, OLD)).toBe(text);
    expect(withBlock(text, { ...OLD, version: '9.0.0' })).toBe(text);
    expect(stateOfBlock(text, { ...OLD, version: '9.0.0' })).toBe('current');
  });

  test('is renewed where it stands, also where it was moved', () => {
    const text = `before\n${BLOCK}after\n`;
    expect(stateOfBlock(text, NEW)).toBe('stale');
    expect(withBlock(text, NEW)).toBe(`before\n${withBlock('', NEW)}after\n`);
  });

  test('of a later version stays', () => {
    const text = withBlock(MINE, NEW);
    expect(stateOfBlock(text, OLD)).toBe('newer');
    expect(withBlock(text, OLD)).toBe(text);
  });

  test('that somebody edited stays', () => {
    const text = withBlock(MINE, OLD).replace('- two', '- two\n- and mine');
    expect(stateOfBlock(text, NEW)).toBe('edited');
    expect(withBlock(text, NEW)).toBe(text);
  });

  test('is the same to us when only white space was changed', () => {
    const text = withBlock(MINE, OLD).replace('Take a task.', 'Take a\n  task.');
    expect(stateOfBlock(text, OLD)).toBe('current');
    expect(stateOfBlock(text, NEW)).toBe('stale');
  });

  test('that is there twice is there once', () => {
    const text = `${BLOCK}between\n${BLOCK}after\n`;
    expect(withBlock(text, OLD)).toBe(`${BLOCK}between\nafter\n`);
    expect(withBlock(text, NEW)).toBe(`${withBlock('', NEW)}between\nafter\n`);
  });

  test('twice, of which one was edited: the words in it stay', () => {
    const edited = BLOCK.replace('two', 'my own words');
    expect(withBlock(`${BLOCK}${edited}`, OLD)).toContain('my own words');
  });

  test.each(['<!-- codepakt end -->\n', BLOCK.split('\n')[0] ?? ''])(
    'without its mark %j is put right, and nothing else is lost',
    (mark) => {
      const text = `before\n${BLOCK.replace(mark, '')}after\n`;
      const next = withBlock(text, OLD);
      expect(withoutBlocks(next).split('\n').filter(Boolean)).toEqual(['before', 'after']);
      expect(next.endsWith(BLOCK)).toBe(true);
    },
  );

  test('of which half was deleted by hand leaves the words that are not ours', () => {
    const half = BLOCK.split('\n').slice(0, 3).join('\n');
    const next = withBlock(`before\n${half}\nmy words\n- two\n`, OLD);
    expect(withoutBlocks(next)).toBe('before\nmy words\n- two\n\n');
  });

  test('in a merge that conflicts is one block, and the marks of git are left to see', () => {
    const theirs = withBlock('', NEW);
    const text = `<<<<<<< HEAD\n${BLOCK}=======\n${theirs}>>>>>>> branch\n`;
    const next = withBlock(text, NEW);
    expect(next).toBe(`<<<<<<< HEAD\n${theirs}=======\n>>>>>>> branch\n`);
  });

  test('has the line ends of its file, and does not mind which', () => {
    const text = MINE.replaceAll('\n', '\r\n');
    const next = withBlock(text, OLD);
    expect(next).toBe(`${text}\r\n${BLOCK.replaceAll('\n', '\r\n')}`);
    expect(withBlock(next, OLD)).toBe(next);
    expect(withBlock(next, NEW).startsWith(text)).toBe(true);
    expect(withBlock(next, NEW)).not.toMatch(/[^\r]\n/);
    const unix = next.replaceAll('\r\n', '\n');
    expect(stateOfBlock(unix, OLD)).toBe('current');
  });

  test('begins on a line of its own behind a text that does not end with one', () => {
    expect(withBlock('My words', OLD)).toBe(`My words\n\n${BLOCK}`);
  });

  test('is found behind a byte order mark, and the mark of a text stays', () => {
    expect(stateOfBlock(`\uFEFF${BLOCK}`, OLD)).toBe('current');
    expect(withBlock(`\uFEFF${MINE}`, OLD)).toBe(`\uFEFF${MINE}\n${BLOCK}`);
  });
});

describe('an example of a block', () => {
  test.each(['```md\n', '~~~~\n', '  ```\n'])(
    'in code that begins with %j is none, and stays',
    (fence) => {
      const example = `${fence}${BLOCK.replace('two', 'whatever')}${fence.replace('md', '')}`;
      const text = `# How it looks\n\n${example}`;
      expect(stateOfBlock(text, OLD)).toBe('absent');
      const next = withBlock(text, OLD);
      expect(next).toBe(`${text}\n${BLOCK}`);
      expect(withoutBlocks(next)).toBe(`${text}\n`);
      expect(withBlock(next, NEW)).toBe(`${text}\n${withBlock('', NEW)}`);
    },
  );

  test('of which only one mark is shown stays too', () => {
    const text = '```\n<!-- codepakt end -->\n```\n';
    expect(withBlock(text, OLD)).toBe(`${text}\n${BLOCK}`);
  });

  test('is not what follows on a fence that nobody closed', () => {
    const text = withBlock('```js\nlet x;\n', OLD);
    expect(stateOfBlock(text, OLD)).toBe('current');
    expect(withBlock(text, OLD)).toBe(text);
  });
});

describe('of a file of thousands of marks', () => {
  const [begin = '', ...rest] = BLOCK.split(/(?<=\n)/);
  test.each([
    ['that belong together', begin + rest.at(-1), 10_000],
    ['of which each has lost the other half', begin, 20_000],
    ['of blocks that are as they were written', BLOCK, 2_000],
  ])('%s, one is read in no time', (_, piece, times) => {
    const text = piece.repeat(times);
    const before = process.cpuUsage();
    expect(withoutBlocks(text).includes('end -->')).toBe(false);
    expect(withBlock(text, NEW)).toContain('begin');
    // Of the processor's time: what takes each line to each other needs twenty times as much.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_500);
  });
});
