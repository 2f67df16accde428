import * as Type from 'typebox';
import { closed, label, list, nullable, oneOf, Timestamp, text } from './text.ts';
import { DOC_TYPES, LIMITS } from './vocabulary.ts';

export const DocId = Type.String({ pattern: '^D-\\d{3,}$', description: 'D-001' });

export const Doc = Type.Object({
  id: DocId,
  type: oneOf(DOC_TYPES),
  title: Type.String(),
  body: Type.String({ description: 'Markdown' }),
  section: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  author: nullable(Type.String()),
  version: Type.Integer(),
  created_at: Timestamp,
  updated_at: Timestamp,
  legacy_id: nullable(Type.String()),
});
export type Doc = Type.Static<typeof Doc>;

/** A list of docs leaves the bodies out unless they are asked for. */
export const DocListItem = Type.Object({
  ...Doc.properties,
  body: Type.Optional(Doc.properties.body),
});
export type DocListItem = Type.Static<typeof DocListItem>;

export const DocInput = closed({
  type: oneOf(DOC_TYPES),
  title: label(LIMITS.title),
  body: text(LIMITS.doc_body),
  section: Type.Optional(nullable(label(LIMITS.section))),
  tags: Type.Optional(list(label(LIMITS.label), LIMITS.array)),
  author: Type.Optional(nullable(label(LIMITS.label))),
});
export type DocInput = Type.Static<typeof DocInput>;

export const DocPatch = closed(
  {
    type: Type.Optional(DocInput.properties.type),
    title: Type.Optional(DocInput.properties.title),
    body: Type.Optional(DocInput.properties.body),
    section: DocInput.properties.section,
    tags: DocInput.properties.tags,
    author: DocInput.properties.author,
  },
  { minProperties: 1 },
);
export type DocPatch = Type.Static<typeof DocPatch>;

export const DocHit = Type.Object({
  id: DocId,
  type: oneOf(DOC_TYPES),
  title: Type.String(),
  snippet: Type.String({ description: 'the place found, with **marks** around the words' }),
});
export type DocHit = Type.Static<typeof DocHit>;

export const DocDeleted = Type.Object({
  id: DocId,
  deleted: Type.Literal(true),
  event_id: Type.Integer(),
});
export type DocDeleted = Type.Static<typeof DocDeleted>;
