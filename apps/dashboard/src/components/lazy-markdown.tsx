import { lazy, Suspense } from 'react';

const Loaded = lazy(() => import('./markdown.tsx').then(({ Markdown }) => ({ default: Markdown })));

/** Markdown, whose reader comes when there is something to read; until then the text as it is. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<p className="preline">{text}</p>}>
      <Loaded text={text} />
    </Suspense>
  );
}
