import { folderOf } from './project-path.ts';
import { hashPaths, type TreeSource } from './project-tree.ts';
import type { Layout } from './scan-note.ts';

/**
 * The names by which relative imports may lead to files that came or went since the last scan; where
 * all other relative imports lead has not changed then. Undefined when that can't be told by names.
 * @param moved what came and what went; whether it is all of that is checked
 */
export function movedNames(
  moved: readonly string[],
  { tree, before, now }: { tree: TreeSource; before: Layout; now: Layout },
): string[] | undefined {
  if (moved.length === 0 || moved.length > MOST || tree.links.size > 0) return undefined;
  // A configuration that changed may lead anywhere.
  const hasSameTexts = before.texts === now.texts && before.read.join('\0') === now.read.join('\0');
  if (!hasSameTexts) return undefined;
  const paths = new Set(tree.paths);
  for (const path of moved) if (!paths.delete(path)) paths.add(path);
  if (hashPaths({ ...tree, paths }) !== before.paths) return undefined;
  const texts = now.read.map((path) => `${path}\0${tree.readText(path)}`);
  const names = new Set<string>();
  for (const path of moved) {
    const name = nameOf(path);
    // A relative import goes by another name than the file's where a configuration says so: by the
    // `main` of a folder's package.json, or from one of a tsconfig's folders to another.
    if (name === undefined || texts.some((text) => text.includes(name))) return undefined;
    names.add(name);
  }
  return [...names];
}

/** With more, asking for all imports is as quick. */
const MOST = 50;

/**
 * What stands after the last slash of all relative imports that may mean the file, up to its first
 * dot. Undefined for files that go by other names: those of Go, which are imported by their folder,
 * and those that a folder is known by.
 */
function nameOf(path: string): string | undefined {
  const name = path.slice(folderOf(path).length).replace(/^\//, '').split('.', 1)[0] ?? '';
  const hasOtherNames = /\.go$/i.test(path) || /^(?:index|main|src)$/.test(name);
  return hasOtherNames || !/^[\w-]+$/.test(name) ? undefined : name;
}
