import { expect, test } from 'vitest';
import { examineNode } from './node.ts';

test('a Node that is too old is told of, with the command that brings a newer one', () => {
  expect(examineNode('22.14.0')).toMatchObject([{ level: 'ok' }]);
  expect(examineNode('22.13.1')).toMatchObject([
    { level: 'error', mend: 'npx -p node@24 -p codepakt cpk doctor' },
  ]);
});
