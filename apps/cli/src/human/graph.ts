import type { TaskGraph } from '@codepakt/contract';
import { colourOfStatus, colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';

type Node = TaskGraph['nodes'][number];

/** The graph as text for people, or in the language of a drawing program. */
export function showGraph(graph: TaskGraph, form: 'text' | 'mermaid' | 'dot'): string {
  if (form === 'mermaid') return toMermaid(graph);
  return form === 'dot' ? toDot(graph) : toText(graph);
}

/** Each task after all that it depends on, with what comes before and after it. */
function toText(graph: TaskGraph): string {
  const { bold, dim, yellow } = colours;
  if (graph.nodes.length === 0) return dim('no tasks');
  const critical = new Set(graph.critical_path);
  const before = groupBy(graph.edges, 'to', 'from');
  const lines = inOrder(graph).map((node) => {
    const dependencies = before.get(node.id) ?? [];
    const mark = critical.has(node.id) ? yellow('*') : ' ';
    return [
      `${mark} ${bold(node.id)}  ${toOneLine(node.title)}  ${colourOfStatus(node.status)}`,
      ...(dependencies.length > 0 ? [dim(`    after ${dependencies.join(', ')}`)] : []),
      ...(node.unblocks.length > 0 ? [dim(`    unblocks ${node.unblocks.join(', ')}`)] : []),
    ].join('\n');
  });
  const path = graph.critical_path;
  if (path.length > 1) lines.push('', `${yellow('*')} critical path: ${path.join(' → ')}`);
  if (graph.left_out > 0) {
    const count = graph.left_out.toLocaleString('en-US');
    lines.push('', dim(`${count} less urgent tasks are left out; --epic shows one epic`));
  }
  return lines.join('\n');
}

function toMermaid({ nodes, edges, critical_path }: TaskGraph): string {
  const lines = nodes.map(({ id, title, status }) => {
    // Mermaid has entities of its own, with # in place of &.
    const label = toOneLine(`${id} ${title}`).replace(
      /[^\p{L}\p{N} .,:/()_+-]/gu,
      (sign) => `#${sign.codePointAt(0)};`,
    );
    return `  ${id}["${label}"]:::${status}`;
  });
  return [
    'flowchart LR',
    ...lines,
    ...edges.map(({ from, to }) => `  ${from} --> ${to}`),
    '  classDef done fill:#d4edda,stroke:#2e7d32,color:#1b3a1f',
    '  classDef review fill:#e8daf5,stroke:#6a3ea1,color:#2c1a45',
    '  classDef in-progress fill:#fff3cd,stroke:#a67c00,color:#4a3700',
    '  classDef blocked fill:#f8d7da,stroke:#b02a37,color:#58151c',
    '  classDef critical stroke-width:3px',
    ...(critical_path.length > 0 ? [`  class ${critical_path.join(',')} critical`] : []),
  ].join('\n');
}

function toDot({ nodes, edges, critical_path }: TaskGraph): string {
  const critical = new Set(critical_path);
  const quote = (text: string) => `"${toOneLine(text).replace(/[\\"]/g, '\\$&')}"`;
  const lines = nodes.map(({ id, title, status }) => {
    const width = critical.has(id) ? ' penwidth=2' : '';
    return `  ${quote(id)} [label=${quote(`${id} ${title} (${status})`)}${width}];`;
  });
  return [
    'digraph tasks {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...lines,
    ...edges.map(({ from, to }) => `  ${quote(from)} -> ${quote(to)};`),
    '}',
  ].join('\n');
}

/** Every node after those it depends on; without recursion, so that no chain is too long. */
function inOrder({ nodes, edges }: TaskGraph): Node[] {
  const after = groupBy(edges, 'from', 'to');
  const waitsFor = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { to } of edges) waitsFor.set(to, (waitsFor.get(to) ?? 0) + 1);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ready = nodes.filter(({ id }) => waitsFor.get(id) === 0);
  for (let index = 0; index < ready.length; index++) {
    for (const id of after.get(ready[index]?.id ?? '') ?? []) {
      const left = (waitsFor.get(id) ?? 0) - 1;
      waitsFor.set(id, left);
      const node = byId.get(id);
      if (left === 0 && node !== undefined) ready.push(node);
    }
  }
  return ready;
}

function groupBy(
  edges: TaskGraph['edges'],
  key: 'from' | 'to',
  value: 'from' | 'to',
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const edge of edges) {
    const group = groups.get(edge[key]);
    if (group === undefined) groups.set(edge[key], [edge[value]]);
    else group.push(edge[value]);
  }
  return groups;
}
