import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { Icon } from '../../../components/icon.tsx';
import { StatusIcon } from '../../../components/status-icon.tsx';
import { taskSearchQuery } from '../api/search-tasks.ts';
import './task-picker.css';

/** Chooses tasks by typing words of their titles or their numbers. */
export function TaskPicker({
  id,
  project,
  value,
  without,
  onChange,
}: {
  id: string;
  project: string;
  value: readonly string[];
  /** A task that can't be chosen: the one whose dependencies these are. */
  without?: string;
  onChange: (value: string[]) => void;
}) {
  const listId = useId();
  const [text, setText] = useState('');
  const [isOpen, setIsOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = useQuery({ ...taskSearchQuery(project, text), enabled: isOpen });
  // What was found for the words before must not be what Enter takes.
  const tasks = found.isPlaceholderData ? [] : (found.data ?? []);
  const options = tasks.filter((task) => task.id !== without && !value.includes(task.id));
  const active = options[Math.min(at, options.length - 1)];

  const add = (task: string) => {
    onChange([...value, task]);
    setText('');
    setAt(0);
    setIsOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, options.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && isOpen && active !== undefined) add(active.id);
    else if (event.key === 'Escape' && isOpen) setIsOpen(false);
    else if (event.key === 'Backspace' && text === '') onChange(value.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key.startsWith('Arrow')) setIsOpen(true);
  };

  return (
    <div className="picker">
      <div className="picker-box">
        {value.map((task) => (
          <span key={task} className="chip numbers">
            {task}
            <button
              type="button"
              aria-label={`Remove ${task}`}
              onClick={() => onChange(value.filter((one) => one !== task))}
            >
              <Icon name="x" size={12} />
            </button>
          </span>
        ))}
        <input
          id={id}
          role="combobox"
          aria-expanded={isOpen && options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={
            isOpen && active !== undefined ? `${listId}-${active.id}` : undefined
          }
          autoComplete="off"
          placeholder={value.length === 0 ? 'T-012, or words of a title' : ''}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setIsOpen(true);
            setAt(0);
          }}
          onFocus={() => setIsOpen(true)}
          onBlur={() => setIsOpen(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="Tasks found"
        className="picker-list"
        hidden={!isOpen || options.length === 0}
      >
        {options.map((task) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text field
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the keys
          <div
            key={task.id}
            id={`${listId}-${task.id}`}
            role="option"
            aria-selected={task.id === active?.id}
            className="picker-option"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => add(task.id)}
          >
            <StatusIcon status={task.status} size={14} />
            <span className="numbers">{task.id}</span>
            <span className="picker-title">{task.title}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
