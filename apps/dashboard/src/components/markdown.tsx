import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import './markdown.css';

/**
 * Markdown as React elements. Text stays text: no HTML is ever built from it, raw HTML in it is
 * shown as it was written, and links lead only where a link may lead.
 */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return <div className="markdown">{blocks(inOrder(lexer(text, { gfm: true })))}</div>;
});

/** Levels below the page's own headings, none left out, whichever the writer began with. */
function inOrder(tokens: Token[]): Token[] {
  const FIRST = 3;
  const LAST = 6;
  const depths = tokens.flatMap((token) => (token.type === 'heading' ? [token.depth] : []));
  const top = Math.min(...depths);
  let before = FIRST - 1;
  return tokens.map((token) => {
    if (token.type !== 'heading') return token;
    before = Math.min(FIRST + token.depth - top, before + 1, LAST);
    return { ...token, depth: before };
  });
}

function blocks(tokens: readonly Token[]): ReactNode {
  // The tokens of a text have no names but their places, and a changed text is drawn anew.
  return tokens.map((token, place) => <Fragment key={place}>{block(token as Known)}</Fragment>);
}

type Known =
  | Tokens.Heading
  | Tokens.Paragraph
  | Tokens.Code
  | Tokens.Blockquote
  | Tokens.List
  | Tokens.Table
  | Tokens.Hr
  | Tokens.Space
  | Tokens.HTML
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Link
  | Tokens.Image;

function block(token: Known): ReactNode {
  switch (token.type) {
    case 'heading':
      return <Heading depth={token.depth}>{blocks(token.tokens)}</Heading>;
    case 'paragraph':
      return <p>{blocks(token.tokens)}</p>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'list':
      return <List list={token} />;
    case 'table':
      return <Table table={token} />;
    case 'hr':
      return <hr />;
    case 'space':
      return null;
    default:
      return inline(token);
  }
}

function inline(token: Known): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{blocks(token.tokens)}</strong>;
    case 'em':
      return <em>{blocks(token.tokens)}</em>;
    case 'del':
      return <del>{blocks(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <SafeLink href={token.href}>{blocks(token.tokens)}</SafeLink>;
    case 'image':
      // No picture is fetched from anywhere: its words stand for it.
      return <SafeLink href={token.href}>{token.text || token.href}</SafeLink>;
    case 'text':
      return token.tokens === undefined ? token.text : blocks(token.tokens);
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}

function Heading({ depth, children }: { depth: number; children: ReactNode }) {
  if (depth === 3) return <h3>{children}</h3>;
  if (depth === 4) return <h4>{children}</h4>;
  return depth === 5 ? <h5>{children}</h5> : <h6>{children}</h6>;
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, place) => (
    <li key={place} className={item.task ? 'markdown-task' : undefined}>
      {item.task && (
        <input
          type="checkbox"
          checked={item.checked ?? false}
          readOnly
          disabled
          aria-label={item.checked ? 'done' : 'to do'}
        />
      )}
      {blocks(item.tokens.filter(({ type }) => type !== 'checkbox'))}
    </li>
  ));
  if (!list.ordered) return <ul>{items}</ul>;
  return <ol start={list.start === '' ? 1 : list.start}>{items}</ol>;
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard
    <div className="markdown-table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, place) => (
              <HeaderCell key={place} cell={cell} />
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, place) => (
            <tr key={place}>
              {row.map((cell, column) => (
                <td key={column}>{blocks(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A heading without words is no heading of anything. */
function HeaderCell({ cell }: { cell: Tokens.TableCell }) {
  if (cell.text.trim() === '') return <td />;
  return <th scope="col">{blocks(cell.tokens)}</th>;
}

function SafeLink({ href, children }: { href: string; children: ReactNode }) {
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) return <span title={href}>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}
