import { Link } from '@tanstack/react-router';
import { EmptyState } from '../components/message.tsx';

export function NotFoundPage() {
  return (
    <main>
      <EmptyState title="There is no such page">
        <Link to="/">All projects</Link>
      </EmptyState>
    </main>
  );
}
