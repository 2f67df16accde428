import * as Type from 'typebox';
import { closed, label, nullable, Timestamp, text } from './text.ts';
import { LIMITS } from './vocabulary.ts';

export const LeaseSeconds = Type.Integer({ minimum: 0, maximum: LIMITS.lease });

export const Settings = Type.Object({
  lease_seconds: Type.Integer({
    description: 'how long a pickup holds a task without a sign of life; 0 is for ever',
  }),
});
export type Settings = Type.Static<typeof Settings>;

export const ProjectInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  created_at: Timestamp,
  settings: Settings,
});
export type ProjectInfo = Type.Static<typeof ProjectInfo>;

/** A project as the registry knows it: whether it can be opened is told when it is. */
export const ProjectEntry = Type.Object({
  id: Type.String(),
  name: Type.String(),
  path: Type.String({ description: 'the folder it was initialised in' }),
  hosted: Type.Boolean({ description: 'its database lies in the data directory' }),
  available: Type.Boolean({ description: 'its database is there' }),
  created_at: Timestamp,
});
export type ProjectEntry = Type.Static<typeof ProjectEntry>;

export const ProjectPatch = closed(
  {
    name: Type.Optional(label(LIMITS.project_name)),
    description: Type.Optional(nullable(text(LIMITS.project_description))),
    settings: Type.Optional(
      closed({ lease_seconds: Type.Optional(LeaseSeconds) }, { minProperties: 1 }),
    ),
  },
  { minProperties: 1 },
);
export type ProjectPatch = Type.Static<typeof ProjectPatch>;
