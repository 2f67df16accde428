import { BaseEdge, type Edge, type EdgeProps } from '@xyflow/react';

export interface Point {
  x: number;
  y: number;
}

export type RoutedEdge = Edge<{ points: Point[] }, 'routed'>;

/** An arrow along the way that the layout found for it, around what lies between. */
export function RoutedEdgeView({ data, markerEnd, style }: EdgeProps<RoutedEdge>) {
  return (
    <BaseEdge
      path={toPath(data?.points ?? [])}
      {...(markerEnd === undefined ? {} : { markerEnd })}
      {...(style === undefined ? {} : { style })}
    />
  );
}

/** A curve that bends at each point and passes through the middle between two of them. */
function toPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last;
    const end = index === rest.length - 2 ? last : middle(point, next);
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y}${bends.length === 0 ? `L${last.x} ${last.y}` : bends.join('')}`;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
