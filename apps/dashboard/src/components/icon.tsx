import {
  Activity,
  ArrowLeft,
  Bot,
  Check,
  ChevronDown,
  ChevronRight,
  ChevronsUpDown,
  CircleAlert,
  Code,
  Copy,
  FileText,
  GitFork,
  Inbox,
  LayoutGrid,
  Link2,
  type LucideIcon,
  Monitor,
  Moon,
  MoreHorizontal,
  PenLine,
  Plus,
  RefreshCw,
  Search,
  Sun,
  Undo2,
  WifiOff,
  X,
} from 'lucide-react';

const ICONS = {
  activity: Activity,
  agents: Bot,
  alert: CircleAlert,
  back: ArrowLeft,
  board: LayoutGrid,
  check: Check,
  code: Code,
  copy: Copy,
  down: ChevronDown,
  docs: FileText,
  edit: PenLine,
  graph: GitFork,
  link: Link2,
  moon: Moon,
  more: MoreHorizontal,
  offline: WifiOff,
  plus: Plus,
  refresh: RefreshCw,
  review: Inbox,
  right: ChevronRight,
  search: Search,
  sun: Sun,
  switch: ChevronsUpDown,
  system: Monitor,
  undo: Undo2,
  x: X,
} satisfies Record<string, LucideIcon>;

export type IconName = keyof typeof ICONS;

/** A decoration: whoever uses it says in words what it stands for. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  const Shape = ICONS[name];
  return <Shape size={size} strokeWidth={1.8} aria-hidden="true" className="icon" />;
}
