/** What stands for a field that has no value. */
export function None({ text = 'none' }: { text?: string }) {
  return <span className="panel-none">{text}</span>;
}
