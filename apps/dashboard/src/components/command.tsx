import { Fragment, useState } from 'react';
import { IconButton } from './button.tsx';
import './command.css';

/** A command as text, never run, with a button that copies it. */
export function Command({ text }: { text: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1_500);
  };
  return (
    <div className="command">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long command is scrolled by keyboard */}
      <pre tabIndex={0}>
        <code>
          {text.split(' ').map((word, index) => (
            // The words of a command never change their order.
            <Fragment key={index}>
              {index > 0 && ' '}
              <span>{word}</span>
            </Fragment>
          ))}
        </code>
      </pre>
      <IconButton
        icon={isCopied ? 'check' : 'copy'}
        label={isCopied ? 'Copied' : 'Copy the command'}
        onClick={() => void copy()}
      />
    </div>
  );
}
