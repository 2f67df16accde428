import type { Status } from '@codepakt/contract';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type Card, STATUS_NAMES } from '../api/card.ts';

/** A card on its way by keyboard. */
export interface Carry {
  card: Card;
  /** Where it would be dropped. */
  over: Status;
  /** The column below, while it is over the blocked ones. */
  column: Status;
}

interface Carrying {
  carry: Carry | undefined;
  pickUp: (card: Card) => void;
  /** The card that was just dropped: the focus goes with it until the reader does something else. */
  landing: { current: string | undefined };
}

const CarryContext = createContext<Carrying>({
  carry: undefined,
  pickUp: () => undefined,
  landing: { current: undefined },
});

/** The card that is carried by keyboard, and how to pick one up. */
export function useCarry(): Carrying {
  return useContext(CarryContext);
}

/**
 * Lets cards be carried by keyboard. Where a carried card is depends only on the keys that were
 * pressed and not on what is drawn or measured, so keys that come quickly go where they say.
 */
export function CarryByKeyboard({
  columns,
  onDrop,
  children,
}: {
  columns: readonly Status[];
  /** Resolves when it is done or refused; answers whether the card is on the board. */
  onDrop: (card: Card, status: Status) => Promise<boolean>;
  children: ReactNode;
}) {
  const [carry, setCarry] = useState<Carry>();
  const [says, setSays] = useState('');
  // The keys go by this one: the next may come before what the last one did is drawn.
  const current = useRef<Carry>(undefined);
  const landing = useRef<string>(undefined);
  const latest = useRef({ columns, onDrop });
  useEffect(() => {
    latest.current = { columns, onDrop };
  });

  const carrying = useMemo(() => {
    const go = (next: Carry | undefined, message: string) => {
      current.current = next;
      setCarry(next);
      setSays(message);
    };
    const pickUp = (card: Card) => {
      const column = latest.current.columns.includes(card.status) ? card.status : 'open';
      const next = { card, over: card.status, column };
      go(next, `Picked up. ${card.id} is over ${STATUS_NAMES[card.status]}.`);
    };
    const putBack = ({ card }: Carry) => go(undefined, `${card.id} stays where it was.`);
    const drop = async ({ card, over }: Carry) => {
      go(undefined, `${card.id} was dropped in ${STATUS_NAMES[over]}.`);
      landing.current = card.id;
      const isOnShow = await latest.current.onDrop(card, over);
      // It went further down than was read: the reader goes on where it was.
      if (!isOnShow && document.activeElement === document.body) {
        focusCard(document.querySelector(`.column[data-status="${card.status}"]`));
      }
    };
    const press = (event: KeyboardEvent) => {
      landing.current = undefined;
      const now = current.current;
      if (now === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      // Nothing else hears of keys while a card is carried.
      event.preventDefault();
      event.stopPropagation();
      const isDrop = event.key === ' ' || event.key === 'Enter';
      if (event.key === 'Escape') putBack(now);
      else if (isDrop) {
        // Space was held down: it has just picked the card up.
        if (!event.repeat) void drop(now);
      } else {
        const next = move(now, event.key, latest.current.columns);
        if (next !== now) go(next, `${now.card.id} is over ${STATUS_NAMES[next.over]}.`);
      }
    };
    const letGo = () => {
      landing.current = undefined;
      if (current.current !== undefined) putBack(current.current);
    };
    return { pickUp, press, letGo };
  }, []);

  useEffect(() => {
    const { press, letGo } = carrying;
    document.addEventListener('keydown', press, { capture: true });
    document.addEventListener('pointerdown', letGo, { capture: true });
    return () => {
      document.removeEventListener('keydown', press, { capture: true });
      document.removeEventListener('pointerdown', letGo, { capture: true });
    };
  }, [carrying]);

  const { pickUp } = carrying;
  const value = useMemo(() => ({ carry, pickUp, landing }), [carry, pickUp]);
  return (
    <CarryContext value={value}>
      {children}
      <p className="visually-hidden" aria-live="assertive" data-carry-says>
        {says}
      </p>
    </CarryContext>
  );
}

/** Puts the focus on a card of a part of the page, the first one when none is named; false if it is not there. */
export function focusCard(within: ParentNode | null, id?: string): boolean {
  const selector = id === undefined ? '[data-card]' : `[data-card="${CSS.escape(id)}"]`;
  const card = within?.querySelector<HTMLElement>(selector);
  card?.focus();
  return card instanceof HTMLElement;
}

/**
 * Calls `focus` when the card that was dropped by keyboard is one of these, unless the reader has
 * gone elsewhere meanwhile.
 */
export function useLanding(ids: readonly string[], focus: (id: string) => void): void {
  const { landing } = useCarry();
  const latest = useRef(focus);
  useEffect(() => {
    latest.current = focus;
  });
  useEffect(() => {
    const id = landing.current;
    if (id === undefined || !ids.includes(id)) return;
    const { activeElement } = document;
    const isFree =
      activeElement === document.body || (activeElement as HTMLElement | null)?.dataset.card === id;
    if (isFree) latest.current(id);
  }, [ids, landing]);
}

/** Where a carried card is after a key: left and right through the columns, up to the blocked ones. */
function move(carry: Carry, key: string, columns: readonly Status[]): Carry {
  const { over, column } = carry;
  if (key === 'ArrowUp') return over === 'blocked' ? carry : { ...carry, over: 'blocked' };
  if (key === 'ArrowDown') return over === column ? carry : { ...carry, over: column };
  const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  const next = columns[columns.indexOf(column) + by];
  if (by === 0 || next === undefined) return carry;
  return { ...carry, over: next, column: next };
}
