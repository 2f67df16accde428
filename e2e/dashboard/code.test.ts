import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSampleCode } from './sample-code.ts';
import { useSession } from './session.ts';
import { until } from './workbench.ts';

const session = useSession();

test('before a scan the view says which command makes the index; a scan shows by itself', async () => {
  const page = await session.open('code');
  await page.locator('.command', { hasText: 'cpk scan' }).waitFor();
  writeSampleCode(session.bench.root);
  await session.bench.run('scan');
  await page.getByRole('heading', { name: 'Imported the most' }).waitFor();
  await page.getByRole('link', { name: 'src/lib/price.ts' }).first().waitFor();
});

test('declarations are found as one types, and their source is shown', async () => {
  const page = await session.open('code');
  await page.getByRole('searchbox').fill('formatPr');
  await page.getByRole('list', { name: 'Declarations found' }).getByRole('link').first().click();
  const source = page.getByRole('region', { name: 'Source of formatPrice' });
  await source.getByText('toFixed(2)').waitFor();
  await source.getByText('<img src=x onerror').waitFor();
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
  expect(page.url()).toContain('file=src%2Flib%2Fprice.ts');
});

test('a file has an outline, its importers, and the text of what is chosen', async () => {
  const page = await session.open('code?file=src/shop/shop.ts');
  const file = page.getByRole('article');
  await file.getByRole('link', { name: 'total', exact: true }).click();
  await page
    .getByRole('region', { name: 'Source of total' })
    .getByText('formatPrice(this.cart.sum())')
    .waitFor();
  await file.getByRole('link', { name: 'src/main.ts' }).click();
  await file.getByRole('heading', { name: 'src/main.ts' }).waitFor();
});

test('folders are walked through, and the way back is there', async () => {
  const page = await session.open('code');
  const files = page.getByRole('region', { name: 'Files' });
  await files.getByRole('link', { name: 'src/' }).click();
  await files.getByRole('link', { name: 'cart/' }).click();
  await files.getByRole('link', { name: 'cart.ts' }).click();
  await page.getByRole('article').getByRole('heading', { name: 'src/cart/cart.ts' }).waitFor();
  await files.getByRole('link', { name: 'src/cart/' }).click();
  await files.getByRole('link', { name: 'lib/' }).waitFor();
});

test('the modules are drawn, and folders that import each other in a circle are red', async () => {
  const page = await session.open('code?show=modules');
  await page.locator('.module', { hasText: 'src/cart/' }).waitFor();
  expect(await page.locator('.module').count()).toBe(4);
  await until(async () => (await page.locator('.react-flow__edge').count()) === 5);
  expect(await page.locator('.react-flow__edge.edge-cyclic').count()).toBe(2);
  await page.locator('.module', { hasText: 'src/lib/' }).click();
  await page
    .getByRole('region', { name: 'Files' })
    .getByRole('link', { name: 'price.ts' })
    .waitFor();
});

test('a file that was changed since the scan says so and shows no wrong text', async () => {
  appendFileSync(join(session.bench.root, 'src/lib/price.ts'), '\nexport const later = 1;\n');
  const page = await session.open('code?file=src/lib/price.ts&line=2');
  await page.getByText('The file was changed since the scan').waitFor();
  await page.getByText('its text is not shown').waitFor();
});
