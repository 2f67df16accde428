import {
  CodepaktError,
  check,
  Doc,
  DocHit,
  type DocInput,
  DocListItem,
  type Event,
} from '@codepakt/contract';
import { describe, expect, test } from 'vitest';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import type { EventRow } from '../database/schema.ts';
import { toEvent } from '../events/append-event.ts';
import { temporaryContext } from '../testing/temporary-context.ts';
import { createDoc } from './create-doc.ts';
import { deleteDoc } from './delete-doc.ts';
import { getDoc, listDocs } from './find-docs.ts';
import { searchDocs } from './search-docs.ts';
import { undoDocEvent } from './undo-doc-event.ts';
import { updateDoc } from './update-doc.ts';

const input: DocInput = { type: 'decision', title: 'Use SQLite', body: 'One file a project.' };

describe('writing', () => {
  test('a doc comes back as it was written, with its author, and an event that holds it', () => {
    using ctx = temporaryContext();
    const doc = createDoc(ctx, { ...input, tags: ['db', 'db', 'core'] }, { agent: 'ada' });
    check(Doc, doc);
    expect(doc).toMatchObject({
      ...input,
      id: 'D-001',
      tags: ['db', 'core'],
      author: 'ada',
      section: null,
      version: 1,
    });
    expect(getDoc(ctx, 'd-1')).toEqual(doc);
    expect(lastEvent(ctx)).toMatchObject({
      action: 'doc_created',
      doc_id: 'D-001',
      agent: 'ada',
      version: 1,
      created_at: doc.created_at,
      detail: {
        type: [null, 'decision'],
        title: [null, 'Use SQLite'],
        body: [null, 'One file a project.'],
        section: [null, null],
        tags: [null, ['db', 'core']],
        author: [null, 'ada'],
      },
    });
  });

  test('without an agent the author is a person; the input can name another or nobody', () => {
    using ctx = temporaryContext();
    expect(createDoc(ctx, input, {}).author).toBe('human');
    expect(createDoc(ctx, { ...input, author: 'team' }, { agent: 'ada' }).author).toBe('team');
    expect(createDoc(ctx, { ...input, author: null }, {}).author).toBeNull();
  });

  test('a change tells each field that changed, before and after, and no other', () => {
    using ctx = temporaryContext();
    const doc = createDoc(ctx, { ...input, section: 'storage' }, {});
    const changed = updateDoc(ctx, 'D-001', {
      title: 'Use Postgres',
      section: null,
      type: 'decision',
    });
    expect(changed).toMatchObject({ title: 'Use Postgres', section: null, version: 2 });
    expect(changed.updated_at > doc.updated_at).toBe(true);
    expect(lastEvent(ctx)).toMatchObject({
      action: 'doc_updated',
      version: 2,
      detail: { title: ['Use SQLite', 'Use Postgres'], section: ['storage', null] },
    });
    expect(Object.keys(lastEvent(ctx).detail)).toHaveLength(2);
  });

  test('a change that changes nothing leaves version and events alone', () => {
    using ctx = temporaryContext();
    createDoc(ctx, { ...input, tags: ['a'] }, {});
    const before = lastEvent(ctx);
    expect(updateDoc(ctx, 'D-001', { title: input.title, tags: ['a', 'a'] }).version).toBe(1);
    expect(lastEvent(ctx)).toEqual(before);
  });

  test('an unknown doc is refused by each operation', () => {
    using ctx = temporaryContext();
    for (const act of [
      () => getDoc(ctx, 'D-007'),
      () => getDoc(ctx, 'T-001'),
      () => updateDoc(ctx, 'D-007', { title: 'x' }),
      () => deleteDoc(ctx, 'nonsense'),
    ]) {
      expect(act).toThrow(expect.objectContaining({ code: 'doc_not_found' }));
    }
  });
});

describe('If-Match', () => {
  test('changes of different fields merge; the same field is refused, naming both values and who', () => {
    using ctx = temporaryContext();
    createDoc(ctx, input, {});
    updateDoc(ctx, 'D-001', { title: 'Theirs' }, { agent: 'bob', if_match: 1 });
    expect(updateDoc(ctx, 'D-001', { body: 'Mine' }, { if_match: 1 })).toMatchObject({
      title: 'Theirs',
      body: 'Mine',
      version: 3,
    });
    const error = refusalOf(() =>
      updateDoc(ctx, 'D-001', { title: 'Mine', section: 's' }, { if_match: 1 }),
    );
    expect(error).toMatchObject({
      code: 'stale_version',
      details: { field: 'title', yours: 'Mine', theirs: 'Theirs', agent: 'bob', version: 2 },
    });
    expect(getDoc(ctx, 'D-001')).toMatchObject({ section: null, version: 3 });
    expect(updateDoc(ctx, 'D-001', { title: 'Mine' }, { if_match: 2 }).title).toBe('Mine');
  });
});

describe('deleting and undoing', () => {
  test('a deletion keeps the text in its event, and the number is not given again', () => {
    using ctx = temporaryContext();
    createDoc(ctx, input, {});
    const { event_id } = deleteDoc(ctx, 'D-001', { agent: 'ada' });
    const event = lastEvent(ctx);
    expect(event).toMatchObject({ id: event_id, action: 'doc_deleted', agent: 'ada', version: 2 });
    expect(event.detail['body']).toEqual([input.body, null]);
    expect(searchDocs(ctx, { q: 'SQLite' }).items).toEqual([]);
    expect(createDoc(ctx, input, {}).id).toBe('D-002');
  });

  test('undoing a deletion brings back the same doc under the same id', () => {
    using ctx = temporaryContext();
    createDoc(ctx, { ...input, tags: ['x'], section: 'y' }, { agent: 'ada' });
    const before = updateDoc(ctx, 'D-001', { title: 'Second' });
    const { event_id } = deleteDoc(ctx, 'D-001');
    const undone = undoDocEvent(ctx, eventRow(ctx, event_id), {});
    const { version, updated_at, ...rest } = getDoc(ctx, 'D-001');
    expect(before).toMatchObject(rest);
    expect(version).toBe(4);
    expect(updated_at > before.updated_at).toBe(true);
    expect(lastEvent(ctx)).toMatchObject({
      id: undone,
      action: 'doc_created',
      detail: { undoes: event_id },
    });
    expect(searchDocs(ctx, { q: 'second' }).items).toHaveLength(1);
  });

  test('undoing a change puts the old values back, and can itself be undone', () => {
    using ctx = temporaryContext();
    createDoc(ctx, input, {});
    updateDoc(ctx, 'D-001', { title: 'Second', section: 's' });
    const change = lastEvent(ctx);
    updateDoc(ctx, 'D-001', { body: 'Other' });
    const undone = undoDocEvent(ctx, eventRow(ctx, change.id), { agent: 'ada' });
    expect(getDoc(ctx, 'D-001')).toMatchObject({
      title: input.title,
      section: null,
      body: 'Other',
    });
    expect(lastEvent(ctx)).toMatchObject({ agent: 'ada', detail: { undoes: change.id } });
    undoDocEvent(ctx, eventRow(ctx, undone), {});
    expect(getDoc(ctx, 'D-001')).toMatchObject({ title: 'Second', section: 's', version: 5 });
  });

  test('undoing the writing of a doc deletes it', () => {
    using ctx = temporaryContext();
    createDoc(ctx, input, {});
    undoDocEvent(ctx, eventRow(ctx, lastEvent(ctx).id), {});
    expect(() => getDoc(ctx, 'D-001')).toThrow('there is no doc');
  });

  test('an undo is refused while a later change is in its way, which it names', () => {
    using ctx = temporaryContext();
    createDoc(ctx, input, {});
    const created = lastEvent(ctx).id;
    updateDoc(ctx, 'D-001', { title: 'Second' });
    const second = lastEvent(ctx).id;
    updateDoc(ctx, 'D-001', { title: 'Third' });
    const third = lastEvent(ctx).id;
    for (const [event, inTheWay] of [
      [created, third],
      [second, third],
    ] as const) {
      expect(refusalOf(() => undoDocEvent(ctx, eventRow(ctx, event), {}))).toMatchObject({
        code: 'undo_refused',
        details: { in_the_way: inTheWay },
      });
    }
    const { event_id } = deleteDoc(ctx, 'D-001');
    expect(refusalOf(() => undoDocEvent(ctx, eventRow(ctx, third), {}))).toMatchObject({
      details: { in_the_way: event_id },
    });
    const back = undoDocEvent(ctx, eventRow(ctx, event_id), {});
    expect(refusalOf(() => undoDocEvent(ctx, eventRow(ctx, event_id), {}))).toMatchObject({
      details: { in_the_way: back },
    });
    expect(getDoc(ctx, 'D-001').title).toBe('Third');
  });
});

describe('lists', () => {
  test('pages follow each other without a gap, filtered by type and tag, without bodies', () => {
    using ctx = temporaryContext();
    for (let n = 1; n <= 7; n++) {
      createDoc(ctx, { ...input, title: `Doc ${n}`, tags: n % 2 === 1 ? ['odd'] : [] }, {});
    }
    createDoc(ctx, { ...input, type: 'learning', tags: ['odd'] }, {});
    const query = { type: 'decision', tag: 'odd', limit: 3 } as const;
    const first = listDocs(ctx, query);
    for (const item of first.items) check(DocListItem, item);
    expect(first.items.map(({ id }) => id)).toEqual(['D-001', 'D-003', 'D-005']);
    expect(first.items[0]).not.toHaveProperty('body');
    const second = listDocs(ctx, { ...query, cursor: first.next_cursor ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual(['D-007']);
    expect(second.next_cursor).toBeNull();
  });

  test('a page with bodies ends before it gets too long', () => {
    using ctx = temporaryContext();
    for (let n = 1; n <= 6; n++) createDoc(ctx, { ...input, body: 'x'.repeat(1_048_576) }, {});
    const first = listDocs(ctx, { bodies: true });
    expect(first.items.map(({ id }) => id)).toEqual(['D-001', 'D-002', 'D-003', 'D-004']);
    expect(first.items[0]?.body).toHaveLength(1_048_576);
    const second = listDocs(ctx, { bodies: true, cursor: first.next_cursor ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual(['D-005', 'D-006']);
  });

  test('a cursor of another list, or of none, is refused', () => {
    using ctx = temporaryContext();
    for (const cursor of ['x', 'W10', 'WyJpZCIsMSwxXQ']) {
      expect(refusalOf(() => listDocs(ctx, { cursor })).code).toBe('invalid_input');
    }
  });
});

describe('search', () => {
  test('a title weighs more than a body, and the place is marked', () => {
    using ctx = temporaryContext();
    createDoc(ctx, { ...input, title: 'Other', body: 'lease lease lease and a lease' }, {});
    createDoc(
      ctx,
      { ...input, title: 'Leases', body: 'How long a **claim** lasts.\n\nA lease ends.' },
      {},
    );
    createDoc(ctx, { ...input, title: 'Lease of a claim', body: 'nothing' }, {});
    const { items } = searchDocs(ctx, { q: 'lease' });
    for (const hit of items) check(DocHit, hit);
    expect(items.map(({ id }) => id)).toEqual(['D-003', 'D-002', 'D-001']);
    expect(items[0]?.snippet).toBe('**Lease** of a claim');
    expect(items[1]?.snippet).toBe('How long a claim lasts. A **lease** ends.');
  });

  test('every word must be there, the last as the beginning of a word, whatever its accents', () => {
    using ctx = temporaryContext();
    createDoc(ctx, { ...input, title: 'Café au lait', body: 'how to brew' }, {});
    const ids = (q: string) => searchDocs(ctx, { q }).items.map(({ id }) => id);
    expect(ids('cafe bre')).toEqual(['D-001']);
    expect(ids('CAFÉ')).toEqual(['D-001']);
    expect(ids('bre cafe')).toEqual([]);
    expect(ids('cafe tea')).toEqual([]);
  });

  test('type narrows, limit bounds, tags count', () => {
    using ctx = temporaryContext();
    createDoc(ctx, { ...input, tags: ['storage'] }, {});
    createDoc(ctx, { ...input, type: 'learning', body: 'storage' }, {});
    expect(searchDocs(ctx, { q: 'storage' }).items).toHaveLength(2);
    expect(searchDocs(ctx, { q: 'storage', limit: 1 }).items).toHaveLength(1);
    expect(searchDocs(ctx, { q: 'storage', type: 'learning' }).items[0]?.id).toBe('D-002');
  });

  test('what is no word is found as it stands: emoji, operators, the middle of a word', () => {
    using ctx = temporaryContext();
    createDoc(
      ctx,
      { ...input, title: 'Party', body: 'we ship it 🎉 today; a && b; 日本語のテスト' },
      {},
    );
    const snippets = (q: string) => searchDocs(ctx, { q }).items.map(({ snippet }) => snippet);
    expect(snippets('🎉')).toEqual(['we ship it **🎉** today; a && b; 日本語のテスト']);
    expect(snippets('&&')).toHaveLength(1);
    expect(snippets('hip it')).toHaveLength(1);
    expect(snippets('テスト')).toHaveLength(1);
    expect(snippets('❌')).toEqual([]);
    expect(snippets('   ')).toEqual([]);
  });
});

function lastEvent(ctx: Context): Event {
  const row = ctx.db.first(
    sqlBuilder.selectFrom('events').selectAll().orderBy('id', 'desc').limit(1),
  );
  if (row === undefined) throw new Error('no event');
  return toEvent(row);
}

function eventRow(ctx: Context, id: number): EventRow {
  const row = ctx.db.first(sqlBuilder.selectFrom('events').selectAll().where('id', '=', id));
  if (row === undefined) throw new Error(`no event ${id}`);
  return row;
}

function refusalOf(act: () => unknown): CodepaktError {
  try {
    act();
  } catch (error) {
    if (error instanceof CodepaktError) return error;
    throw error;
  }
  throw new Error('not refused');
}
