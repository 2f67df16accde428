import { type ReactNode, useId } from 'react';
import './field.css';

/** A labelled control; `children` gets the id that ties the two together. */
export function Field({
  label,
  hint,
  children,
}: {
  label: string;
  hint?: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {hint !== undefined && <span className="field-hint"> {hint}</span>}
      </label>
      {children(id)}
    </div>
  );
}
