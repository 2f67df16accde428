import { CodepaktError, TaskListQuery } from '@codepakt/contract';
import { describe, expect, test } from 'vitest';
import { readQuery, splitQuery } from './read-query.ts';

function read(text: string): unknown {
  return readQuery(TaskListQuery, splitQuery(text));
}

function refusal(text: string): CodepaktError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof CodepaktError) return error;
  }
  throw new Error(`${text} was not refused`);
}

describe('a query string', () => {
  test('has its numbers, booleans and words converted', () => {
    expect(read('limit=5&ready=true&all=0&epic=one%20two&search=a+b')).toEqual({
      limit: 5,
      ready: true,
      all: false,
      epic: 'one two',
      search: 'a b',
    });
  });

  test('takes a boolean without a value as true', () => {
    expect(read('ready')).toEqual({ ready: true });
    expect(read('ready=')).toEqual({ ready: true });
  });

  test.each([
    ['status=open,review', ['open', 'review']],
    ['status=open&status=review', ['open', 'review']],
    ['status=open%2Creview', ['open', 'review']],
    ['status=open', ['open']],
  ])('makes a list of %s', (text, status) => {
    expect(read(text)).toEqual({ status });
  });

  test('keeps an encoded comma inside a text', () => {
    expect(read('tag=a%2Cb,c')).toEqual({ tag: ['a,b', 'c'] });
  });

  test.each([
    ['limt=5', '/limt', 'is not a known field'],
    ['__proto__=5', '/__proto__', 'is not a known field'],
    ['limit=5&limit=6', '/limit', 'is given more than once'],
    ['limit=five', '/limit', 'must be integer'],
    ['limit=1e2', '/limit', 'must be integer'],
    ['limit=', '/limit', 'must be integer'],
    ['limit=0', '/limit', 'is 0; the least is 1'],
    ['ready=maybe', '/ready', 'must be boolean'],
    ['epic=', '/epic', 'is empty'],
    ['epic=%zz', '/epic', 'is not valid percent-encoding'],
    ['epic=%00', '/epic', 'has a NUL or half of a surrogate pair in it'],
    ['status=opn', '/status/0', 'did you mean open?'],
  ])('is refused when it says %s', (text, path, message) => {
    const error = refusal(text);
    expect(error.code).toBe('invalid_input');
    expect(error.errors?.[0]?.path).toBe(path);
    expect(error.errors?.[0]?.message).toContain(message);
  });

  test('may hold nothing where the endpoint has none', () => {
    expect(readQuery(undefined, splitQuery(''))).toEqual({});
    expect(() => readQuery(undefined, splitQuery('a=1'))).toThrow(CodepaktError);
  });
});
