/** A piece of a doc, in which the server put `**` around the words found. */
export function Snippet({ text }: { text: string }) {
  return text
    .split('**')
    .map((part, place) => (place % 2 === 1 ? <mark key={place}>{part}</mark> : part));
}
