import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Key } from './key.tsx';
import './button.css';

interface ButtonProps extends ComponentProps<'button'> {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: IconName;
  /** The key that does the same, shown behind the words. */
  shortcut?: string;
}

export function Button({
  kind = 'plain',
  icon,
  shortcut,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={['button', className].filter(Boolean).join(' ')}
      data-kind={kind}
      {...rest}
    >
      {icon !== undefined && <Icon name={icon} size={15} />}
      {children}
      {shortcut !== undefined && <Key name={shortcut} />}
    </button>
  );
}

/** A button that shows only an icon; `label` is its name. */
export function IconButton({
  icon,
  label,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      className={['icon-button', className].filter(Boolean).join(' ')}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
