import { lazy, Suspense } from 'react';
import { loadPart } from '../app/load-part.ts';

const Loaded = lazy(async () => {
  const { Markdown } = await loadPart(() => import('./markdown.tsx'));
  return { default: Markdown };
});

/** Markdown, whose reader comes when there is something to read; until then the text as it is. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="preline">{text}</p>}>
      <Loaded text={text} />
    </Suspense>
  );
}
