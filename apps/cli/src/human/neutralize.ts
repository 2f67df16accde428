/**
 * A copy in which no text can steer a terminal: control characters, escape sequences among them,
 * become visible signs, and marks that turn the direction of writing become �. Line breaks and tabs stay.
 */
export function neutralize<T>(value: T): T {
  return copy(value) as T;
}

/** A text on one line: breaks and tabs become blanks. */
export function toOneLine(text: string): string {
  return text.replace(/\s*[\n\t]+\s*/g, ' ');
}

function copy(value: unknown): unknown {
  if (typeof value === 'string') return neutralizeText(value);
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [neutralizeText(name), copy(field)]),
  );
}

const STEERING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  /\r\n|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;

function neutralizeText(text: string): string {
  return text.replace(STEERING, (sign) => {
    if (sign === '\r\n') return '\n';
    const code = sign.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : '�';
  });
}
