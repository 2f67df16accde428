import type { BoardStatus } from '@codepakt/contract';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useConnection } from '../app/live/connection.ts';
import { readTheme, setTheme, THEMES, type Theme } from '../app/theme.ts';
import { IconButton } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icon.tsx';
import { Key } from '../components/key.tsx';
import { usePreference } from '../lib/preference.ts';
import { useShortcut } from '../lib/use-shortcut.ts';
import { CommandPalette } from './command-palette.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';
import { VIEWS } from './views.ts';
import './navigation.css';

/** Where one can go, how many wait there, and whether what is shown is live. */
export function Navigation({
  project,
  status,
}: {
  project: string;
  status: BoardStatus | undefined;
}) {
  const [isChoosing, setIsChoosing] = useState(false);
  useShortcut('k', () => setIsChoosing(true), { mod: true });
  return (
    <header className="navigation">
      <ProjectSwitcher project={project} name={status?.project.name} />
      <button
        type="button"
        className="go-to"
        aria-keyshortcuts="Control+K"
        onClick={() => setIsChoosing(true)}
      >
        <Icon name="search" size={15} />
        <span>Go to …</span>
        <Key name="Ctrl K" />
      </button>
      {isChoosing && <CommandPalette project={project} onClose={() => setIsChoosing(false)} />}
      <nav aria-label="Views">
        <ul>
          {VIEWS.map(({ to, name, icon }) => (
            <li key={name}>
              <Link
                to={to}
                params={{ project }}
                className="nav-link"
                activeProps={{ 'aria-current': 'page' }}
              >
                <Icon name={icon} size={17} />
                <span>{name}</span>
                <Badge count={countFor(name, status)} />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="nav-foot">
        <ConnectionSign />
        <ThemeButton />
      </div>
    </header>
  );
}

function countFor(view: string, status: BoardStatus | undefined): number {
  if (view === 'Review') return status?.counts.review ?? 0;
  return 0;
}

function Badge({ count }: { count: number }) {
  if (count === 0) return null;
  return <span className="nav-badge numbers">{count}</span>;
}

const SAYS = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Connection lost',
};

function ConnectionSign() {
  const connection = useConnection();
  return (
    <p className="connection" data-connection={connection} role="status">
      <span className="connection-dot" aria-hidden="true" />
      {SAYS[connection]}
    </p>
  );
}

const NEXT: Record<Theme, { icon: IconName; label: string }> = {
  system: { icon: 'system', label: 'Theme: as the system has it' },
  light: { icon: 'sun', label: 'Theme: light' },
  dark: { icon: 'moon', label: 'Theme: dark' },
};

function ThemeButton() {
  usePreference('theme');
  const theme = readTheme();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return <IconButton {...NEXT[theme]} onClick={() => setTheme(next)} />;
}
