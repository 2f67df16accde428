/** A key to press, beside a control whose `aria-keyshortcuts` or name says the same. */
export function Key({ name }: { name: string }) {
  return (
    <span className="key" aria-hidden="true">
      {name}
    </span>
  );
}
