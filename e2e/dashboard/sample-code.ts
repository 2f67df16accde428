import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A little program with a circle of imports between its folders, and a test. */
const FILES: Record<string, string> = {
  'src/main.ts': `import { openShop } from './shop/shop.ts';

openShop({ port: 8080 });
`,
  'src/shop/shop.ts': `import { Cart } from '../cart/cart.ts';
import { formatPrice } from '../lib/price.ts';

export interface ShopOptions {
  port: number;
}

/** Opens the shop for customers. */
export function openShop(options: ShopOptions): Shop {
  return new Shop(options);
}

export class Shop {
  readonly cart = new Cart(this);

  constructor(readonly options: ShopOptions) {}

  /** What stands on the bill. */
  total(): string {
    return formatPrice(this.cart.sum());
  }
}
`,
  'src/cart/cart.ts': `import { Shop } from '../shop/shop.ts';
import { roundPrice } from '../lib/price.ts';

export class Cart {
  readonly shop: Shop;
  #sum = 0;

  constructor(shop: Shop) {
    this.shop = shop;
  }

  add(price: number): void {
    this.#sum = roundPrice(this.#sum + price);
  }

  sum(): number {
    return this.#sum;
  }
}

export const isShop = (value: unknown): value is Shop => value instanceof Shop;
`,
  'src/lib/price.ts': `/** Prices are integers of the smallest unit; they are rounded once. */
export function roundPrice(price: number): number {
  return Math.round(price);
}

export function formatPrice(price: number): string {
  const danger = '<img src=x onerror="window.hurt=1">';
  return danger.length > 0 ? (price / 100).toFixed(2) : '';
}
`,
  'src/lib/price.test.ts': `import { roundPrice } from './price.ts';

export const isRight = roundPrice(1.5) === 2;
`,
};

/** Writes the program below a folder. */
export function writeSampleCode(root: string): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
