import { check, Doc, DocHit, type DocInput, DocListItem, type Event } from '@codepakt/contract';
import { describe, expect, test } from 'vitest';
import type { Project } from '../project.ts';
import { refusal } from '../testing/refusal.ts';
import { temporaryProject } from '../testing/temporary-project.ts';

const input: DocInput = { type: 'decision', title: 'Use SQLite', body: 'One file a project.' };

describe('writing', () => {
  test('a doc comes back as it was written, with its author, and an event that holds it', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    const doc = docs.create({ ...input, tags: ['db', 'db', 'core'] }, { agent: 'ada' });
    check(Doc, doc);
    expect(doc).toMatchObject({
      ...input,
      id: 'D-001',
      tags: ['db', 'core'],
      author: 'ada',
      section: null,
      version: 1,
    });
    expect(docs.get('d-1')).toEqual(doc);
    expect(lastEvent(board.project)).toMatchObject({
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
    using board = temporaryProject();
    const { docs } = board.project;
    expect(docs.create(input).author).toBe('human');
    expect(docs.create({ ...input, author: 'team' }, { agent: 'ada' }).author).toBe('team');
    expect(docs.create({ ...input, author: null }).author).toBeNull();
  });

  test('a change tells each field that changed, before and after, and no other', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    const doc = docs.create({ ...input, section: 'storage' });
    board.clock.advance(1);
    const changed = docs.update('D-001', {
      title: 'Use Postgres',
      section: null,
      type: 'decision',
    });
    expect(changed).toMatchObject({ title: 'Use Postgres', section: null, version: 2 });
    expect(Date.parse(changed.updated_at) - Date.parse(doc.updated_at)).toBe(1_000);
    expect(lastEvent(board.project)).toMatchObject({
      action: 'doc_updated',
      version: 2,
      detail: { title: ['Use SQLite', 'Use Postgres'], section: ['storage', null] },
    });
    expect(Object.keys(lastEvent(board.project).detail)).toHaveLength(2);
  });

  test('a change that changes nothing leaves version and events alone', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, tags: ['a'] });
    const before = lastEvent(board.project);
    expect(docs.update('D-001', { title: input.title, tags: ['a', 'a'] }).version).toBe(1);
    expect(lastEvent(board.project)).toEqual(before);
  });

  test('an unknown doc is refused by each operation', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    for (const act of [
      () => docs.get('D-007'),
      () => docs.get('T-001'),
      () => docs.update('D-007', { title: 'x' }),
      () => docs.delete('nonsense'),
    ]) {
      expect(act).toThrow(expect.objectContaining({ code: 'doc_not_found' }));
    }
  });
});

describe('If-Match', () => {
  test('changes of different fields merge; the same field is refused, naming both values and who', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create(input);
    docs.update('D-001', { title: 'Theirs' }, { agent: 'bob', if_match: 1 });
    expect(docs.update('D-001', { body: 'Mine' }, { if_match: 1 })).toMatchObject({
      title: 'Theirs',
      body: 'Mine',
      version: 3,
    });
    const error = refusal(() =>
      docs.update('D-001', { title: 'Mine', section: 's' }, { if_match: 1 }),
    );
    expect(error).toMatchObject({
      code: 'stale_version',
      details: { field: 'title', yours: 'Mine', theirs: 'Theirs', agent: 'bob', version: 2 },
    });
    expect(docs.get('D-001')).toMatchObject({ section: null, version: 3 });
    expect(docs.update('D-001', { title: 'Mine' }, { if_match: 2 }).title).toBe('Mine');
  });
});

describe('deleting and undoing', () => {
  test('a deletion keeps the text in its event, and the number is not given again', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create(input);
    const { event_id } = docs.delete('D-001', { agent: 'ada' });
    const event = lastEvent(board.project);
    expect(event).toMatchObject({ id: event_id, action: 'doc_deleted', agent: 'ada', version: 2 });
    expect(event.detail.body).toEqual([input.body, null]);
    expect(docs.search({ q: 'SQLite' }).items).toEqual([]);
    expect(docs.create(input).id).toBe('D-002');
  });

  test('undoing a deletion brings back the same doc under the same id', () => {
    using board = temporaryProject();
    const { docs, events } = board.project;
    docs.create({ ...input, tags: ['x'], section: 'y' }, { agent: 'ada' });
    const before = docs.update('D-001', { title: 'Second' });
    board.clock.advance(1);
    const { event_id } = docs.delete('D-001');
    const undone = events.undo(event_id).event.id;
    const { version, updated_at, ...rest } = docs.get('D-001');
    expect(before).toMatchObject(rest);
    expect(version).toBe(4);
    expect(updated_at > before.updated_at).toBe(true);
    expect(lastEvent(board.project)).toMatchObject({
      id: undone,
      action: 'doc_created',
      detail: { undoes: event_id },
    });
    expect(docs.search({ q: 'second' }).items).toHaveLength(1);
  });

  test('undoing a change puts the old values back, and can itself be undone', () => {
    using board = temporaryProject();
    const { docs, events } = board.project;
    docs.create(input);
    docs.update('D-001', { title: 'Second', section: 's' }, { agent: 'ada' });
    const change = lastEvent(board.project);
    docs.update('D-001', { body: 'Other' });
    const undone = events.undo(change.id, { agent: 'ada' }).event.id;
    expect(docs.get('D-001')).toMatchObject({
      title: input.title,
      section: null,
      body: 'Other',
    });
    expect(lastEvent(board.project)).toMatchObject({ agent: 'ada', detail: { undoes: change.id } });
    events.undo(undone).event.id;
    expect(docs.get('D-001')).toMatchObject({ title: 'Second', section: 's', version: 5 });
  });

  test('undoing the writing of a doc deletes it', () => {
    using board = temporaryProject();
    const { docs, events } = board.project;
    docs.create(input);
    events.undo(lastEvent(board.project).id).event.id;
    expect(() => docs.get('D-001')).toThrow('there is no doc');
  });

  test('an undo is refused while a later change is in its way, which it names', () => {
    using board = temporaryProject();
    const { docs, events } = board.project;
    docs.create(input);
    const created = lastEvent(board.project).id;
    docs.update('D-001', { title: 'Second' });
    const second = lastEvent(board.project).id;
    docs.update('D-001', { title: 'Third' });
    const third = lastEvent(board.project).id;
    for (const [event, inTheWay] of [
      [created, third],
      [second, third],
    ] as const) {
      expect(refusal(() => events.undo(event).event.id)).toMatchObject({
        code: 'undo_refused',
        details: { in_the_way: inTheWay },
      });
    }
    const { event_id } = docs.delete('D-001');
    expect(refusal(() => events.undo(third).event.id)).toMatchObject({
      details: { in_the_way: event_id },
    });
    const back = events.undo(event_id).event.id;
    expect(refusal(() => events.undo(event_id).event.id)).toMatchObject({
      details: { in_the_way: back },
    });
    expect(docs.get('D-001').title).toBe('Third');
  });
});

describe('lists', () => {
  test('pages follow each other without a gap, filtered by type and tag, without bodies', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    for (let n = 1; n <= 7; n++) {
      docs.create({ ...input, title: `Doc ${n}`, tags: n % 2 === 1 ? ['odd'] : [] });
    }
    docs.create({ ...input, type: 'learning', tags: ['odd'] });
    const query = { type: 'decision', tag: 'odd', limit: 3 } as const;
    const first = docs.list(query);
    for (const item of first.items) check(DocListItem, item);
    expect(first.items.map(({ id }) => id)).toEqual(['D-001', 'D-003', 'D-005']);
    expect(first.items[0]).not.toHaveProperty('body');
    const second = docs.list({ ...query, cursor: first.next_cursor ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual(['D-007']);
    expect(second.next_cursor).toBeNull();
  });

  test('a page with bodies ends before it gets too long', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    for (let n = 1; n <= 6; n++) docs.create({ ...input, body: 'x'.repeat(1_048_576) });
    const first = docs.list({ bodies: true });
    expect(first.items.map(({ id }) => id)).toEqual(['D-001', 'D-002', 'D-003', 'D-004']);
    expect(first.items[0]?.body).toHaveLength(1_048_576);
    const second = docs.list({ bodies: true, cursor: first.next_cursor ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual(['D-005', 'D-006']);
  });

  test('so does a page of events that hold long texts, and none is left out', () => {
    using board = temporaryProject();
    const { docs, events } = board.project;
    docs.create({ ...input, body: 'x' });
    for (const letter of 'abcdef') docs.update('D-001', { body: letter.repeat(1_000_000) });
    const first = events.list({ limit: 100, order: 'asc' });
    const second = events.list({ limit: 100, order: 'asc', cursor: first.next_cursor ?? '' });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(first.items.length).toBeLessThan(6);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(events.after(0, {}, 100)).toEqual(first.items);
  });

  test('a cursor of another list, or of none, is refused', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    for (const cursor of ['x', 'W10', 'WyJpZCIsMSwxXQ']) {
      expect(refusal(() => docs.list({ cursor })).code).toBe('invalid_input');
    }
  });
});

describe('search', () => {
  test('what only its tags hold is shown as tags', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, tags: ['on call', 'say "hi"'] });
    expect(docs.search({ q: 'call' }).items[0]?.snippet).toBe('on **call**, say "hi"');
  });

  test('a title weighs more than a body, and the place is marked', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, title: 'Other', body: 'lease lease lease and a lease' });
    docs.create({
      ...input,
      title: 'Leases',
      body: 'How long a **claim** lasts.\n\nA lease ends.',
    });
    docs.create({ ...input, title: 'Lease of a claim', body: 'nothing' });
    const { items } = docs.search({ q: 'lease' });
    for (const hit of items) check(DocHit, hit);
    expect(items.map(({ id }) => id)).toEqual(['D-003', 'D-002', 'D-001']);
    expect(items[0]?.snippet).toBe('**Lease** of a claim');
    expect(items[1]?.snippet).toBe('How long a claim lasts. A **lease** ends.');
  });

  test('a word that a long doc holds ten thousand times is found as quickly as any', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, body: `first ${'lorem ipsum '.repeat(20_000)}` });
    const began = Date.now();
    const [hit] = docs.search({ q: 'lorem' }).items;
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(hit?.snippet).toMatch(/^first \*\*lorem\*\* ipsum .*…$/);
    expect((hit?.snippet.split('**').length ?? 0) % 2).toBe(1);
  });

  test('every word must be there, the last as the beginning of a word, whatever its accents', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, title: 'Café au lait', body: 'how to brew' });
    const ids = (q: string) => docs.search({ q }).items.map(({ id }) => id);
    expect(ids('cafe bre')).toEqual(['D-001']);
    expect(ids('CAFÉ')).toEqual(['D-001']);
    expect(ids('bre cafe')).toEqual([]);
    expect(ids('cafe tea')).toEqual([]);
  });

  test('type narrows, limit bounds, tags count', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, tags: ['storage'] });
    docs.create({ ...input, type: 'learning', body: 'storage' });
    expect(docs.search({ q: 'storage' }).items).toHaveLength(2);
    expect(docs.search({ q: 'storage', limit: 1 }).items).toHaveLength(1);
    expect(docs.search({ q: 'storage', type: 'learning' }).items[0]?.id).toBe('D-002');
  });

  test('what is no word is found as it stands: emoji, operators, the middle of a word', () => {
    using board = temporaryProject();
    const { docs } = board.project;
    docs.create({ ...input, title: 'Party', body: 'we ship it 🎉 today; a && b; 日本語のテスト' });
    const snippets = (q: string) => docs.search({ q }).items.map(({ snippet }) => snippet);
    expect(snippets('🎉')).toEqual(['we ship it **🎉** today; a && b; 日本語のテスト']);
    expect(snippets('&&')).toHaveLength(1);
    expect(snippets('hip it')).toHaveLength(1);
    expect(snippets('テスト')).toHaveLength(1);
    expect(snippets('❌')).toEqual([]);
  });
});

function lastEvent(project: Project): Event {
  const [event] = project.events.list({ limit: 1 }).items;
  if (event === undefined) throw new Error('no event');
  return event;
}
