import { oneLine } from './declaration-text.ts';

/** Go code on one line, without its comments and without the gaps that its line breaks leave. */
export function codeOnOneLine(code: string): string {
  if (!code.includes('\n') && !code.includes('/*')) return oneLine(code);
  return oneLine(
    withoutComments(code)
      .replace(/\s+/g, (gap) => (gap.includes('\n') ? '\n' : ' '))
      .replace(/([([{])\n/g, '$1')
      .replace(/,?\n(?=[)\]}])/g, ''),
  );
}

export function withoutComments(code: string): string {
  return code.includes('/') ? code.replace(/\/\/[^\n]*|\/\*.*?(?:\*\/|$)/gs, '') : code;
}

const identifier = /[\p{L}_][\p{L}\p{N}_]*/uy;

export function identifierAt(text: string, index: number): string {
  identifier.lastIndex = index;
  return identifier.exec(text)?.[0] ?? '';
}

/** Go's own rule: a capital letter exports. */
export function isExported(name: string): boolean {
  const unit = name.charCodeAt(0);
  return unit < 128 ? unit >= 65 && unit <= 90 : /^\p{Lu}/u.test(name);
}
