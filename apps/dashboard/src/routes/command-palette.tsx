import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { setTheme, THEMES } from '../app/theme.ts';
import { Dialog } from '../components/dialog.tsx';
import { Icon, type IconName } from '../components/icon.tsx';
import { docSearchQuery } from '../features/docs/api/docs.ts';
import { projectsQuery } from '../features/projects/api/projects.ts';
import { taskSearchQuery } from '../features/tasks/api/search-tasks.ts';
import { VIEWS } from './views.ts';
import './command-palette.css';

interface Choice {
  key: string;
  kind: string;
  icon: IconName;
  name: string;
  act: () => void;
}

/** Goes anywhere by typing: views, tasks, docs, projects, themes. */
export function CommandPalette({ project, onClose }: { project: string; onClose: () => void }) {
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const choices = useChoices(project, text);
  const active = choices[Math.min(at, choices.length - 1)];

  const run = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    onClose();
    choice.act();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, choices.length));
    else if (event.key === 'ArrowUp')
      setAt((at - 1 + choices.length) % Math.max(1, choices.length));
    else if (event.key === 'Enter') run(active);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog title="Go to" onClose={onClose} isBare>
      <div className="palette">
        <label className="palette-field">
          <Icon name="search" />
          <span className="visually-hidden">Go to a view, task, doc or project</span>
          <input
            data-first
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={
              active === undefined ? undefined : `${listId} ${active.key}`.replaceAll(' ', '-')
            }
            autoComplete="off"
            placeholder="Go to a view, task, doc or project …"
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
        </label>
        <div id={listId} role="listbox" aria-label="Choices" className="palette-list">
          {choices.map((choice) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field
            // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the keys
            <div
              key={choice.key}
              id={`${listId} ${choice.key}`.replaceAll(' ', '-')}
              role="option"
              aria-selected={choice === active}
              className="palette-choice"
              ref={choice === active ? scrollIntoView : undefined}
              onClick={() => run(choice)}
            >
              <Icon name={choice.icon} />
              <span className="palette-name">{choice.name}</span>
              <span className="palette-kind">{choice.kind}</span>
            </div>
          ))}
        </div>
        {choices.length === 0 && <p className="palette-none">Nothing of that name</p>}
      </div>
    </Dialog>
  );
}

function scrollIntoView(node: HTMLElement | null): void {
  node?.scrollIntoView({ block: 'nearest' });
}

function useChoices(project: string, text: string): Choice[] {
  const navigate = useNavigate();
  const wanted = text.trim();
  const tasks = useQuery({ ...taskSearchQuery(project, wanted), enabled: wanted !== '' });
  const docs = useQuery({ ...docSearchQuery(project, wanted), enabled: wanted !== '' });
  const projects = useQuery(projectsQuery).data ?? [];
  const fits = ({ name, kind }: { name: string; kind: string }) =>
    `${kind} ${name}`.toLowerCase().includes(wanted.toLowerCase());

  const places: Choice[] = [
    ...VIEWS.map(({ to, name, icon }) => ({
      key: to,
      kind: 'view',
      icon,
      name,
      act: () => void navigate({ to, params: { project } }),
    })),
    ...projects
      .filter(({ id }) => id !== project)
      .map(({ id, name }) => ({
        key: id,
        kind: 'project',
        icon: 'switch' as const,
        name,
        act: () => void navigate({ to: '/p/$project/board', params: { project: id } }),
      })),
    ...THEMES.map((theme) => ({
      key: `theme ${theme}`,
      kind: 'theme',
      icon:
        theme === 'light'
          ? ('sun' as const)
          : theme === 'dark'
            ? ('moon' as const)
            : ('system' as const),
      name: theme === 'system' ? 'As the system has it' : theme === 'light' ? 'Light' : 'Dark',
      act: () => setTheme(theme),
    })),
  ].filter(fits);
  if (wanted === '') return places;
  // What was found for the words before must not be what Enter goes to.
  const foundTasks = tasks.isPlaceholderData ? [] : (tasks.data ?? []);
  const foundDocs = docs.isPlaceholderData ? [] : (docs.data ?? []);
  return [
    ...foundTasks.map(({ id, title }) => ({
      key: id,
      kind: 'task',
      icon: 'board' as const,
      name: `${id} ${title}`,
      act: () =>
        void navigate({
          to: '.',
          search: (before: Record<string, unknown>) => ({ ...before, task: id }),
        }),
    })),
    ...places,
    ...foundDocs.map(({ id, title }) => ({
      key: id,
      kind: 'doc',
      icon: 'docs' as const,
      name: `${id} ${title}`,
      act: () => void navigate({ to: '/p/$project/docs/$doc', params: { project, doc: id } }),
    })),
  ];
}
