import type { Client } from '../../packages/api-client/src/index.ts';

const AGENTS = ['claude-backend', 'claude-frontend', 'codex-tests', 'gemini-docs'] as const;

interface Sample {
  title: string;
  epic: string;
  priority?: 'P0' | 'P1' | 'P2';
  tags?: string[];
  needs?: number[];
  verify?: string;
  touches?: string[];
  description?: string;
}

/** What a small team with four agents has on its board: 60 tasks of a web shop. */
const SAMPLES: Sample[] = [
  {
    title: 'Read the catalogue from PostgreSQL',
    epic: 'catalogue',
    priority: 'P0',
    tags: ['db'],
    verify: 'npm test -- catalogue',
    touches: ['src/catalogue/**'],
  },
  {
    title: 'Schema for products, variants and prices',
    epic: 'catalogue',
    priority: 'P0',
    tags: ['db', 'schema'],
    needs: [1],
  },
  {
    title: 'Search with typo tolerance',
    epic: 'catalogue',
    tags: ['search'],
    needs: [2],
    touches: ['src/search/**'],
  },
  { title: 'Product page with image gallery', epic: 'catalogue', tags: ['ui'], needs: [2] },
  {
    title: 'Category tree in the sidebar',
    epic: 'catalogue',
    priority: 'P2',
    tags: ['ui'],
    needs: [2],
  },
  {
    title: 'Import products from the old shop’s CSV',
    epic: 'catalogue',
    tags: ['import'],
    needs: [2],
    verify: 'npm run import -- --dry-run fixtures/old-shop.csv',
  },
  {
    title: 'Log in by e-mail link',
    epic: 'accounts',
    priority: 'P0',
    tags: ['auth', 'security'],
    touches: ['src/auth/**'],
    verify: 'npm test -- auth && npm run lint',
    description:
      'People type their address and get a link that works **once**, for 15 minutes.\n\n- [x] the link is signed\n- [ ] a second click says why it no longer works\n- [ ] rate limit per address and per IP\n\nSee `src/auth/README.md` and [the decision](https://example.org/passwordless).\n\n```ts\nconst link = sign({ email, expires: minutes(15) });\n```',
  },
  { title: 'Sessions that survive a restart', epic: 'accounts', tags: ['auth'], needs: [7] },
  {
    title: 'Delete an account and all its data',
    epic: 'accounts',
    priority: 'P1',
    tags: ['privacy'],
    needs: [8],
  },
  { title: 'Address book', epic: 'accounts', priority: 'P2', tags: ['ui'], needs: [8] },
  {
    title: 'Cart that is kept for a month',
    epic: 'checkout',
    priority: 'P0',
    tags: ['cart'],
    touches: ['src/cart/**'],
  },
  { title: 'Shipping costs by weight and country', epic: 'checkout', tags: ['rules'], needs: [11] },
  {
    title: 'Vouchers, one per order',
    epic: 'checkout',
    priority: 'P2',
    tags: ['rules'],
    needs: [11],
  },
  {
    title: 'Pay by card through the payment provider',
    epic: 'checkout',
    priority: 'P0',
    tags: ['payment', 'security'],
    needs: [11],
    touches: ['src/payment/**'],
    verify: 'npm run test:payment',
  },
  {
    title: 'Webhook for payments, safe to call twice',
    epic: 'checkout',
    priority: 'P0',
    tags: ['payment'],
    needs: [14],
    touches: ['src/payment/webhook.ts'],
  },
  { title: 'Order confirmation by e-mail', epic: 'checkout', tags: ['mail'], needs: [15] },
  { title: 'Refund an order, in part or whole', epic: 'checkout', tags: ['payment'], needs: [15] },
  { title: 'Invoices as PDF', epic: 'checkout', priority: 'P2', tags: ['pdf'], needs: [16] },
  {
    title: 'Design tokens for light and dark',
    epic: 'storefront',
    priority: 'P0',
    tags: ['ui', 'design'],
  },
  { title: 'Header with search and cart', epic: 'storefront', tags: ['ui'], needs: [19] },
  { title: 'Home page with three shelves', epic: 'storefront', tags: ['ui'], needs: [20] },
  {
    title: 'Images in AVIF with the right size',
    epic: 'storefront',
    priority: 'P1',
    tags: ['speed'],
    needs: [4],
  },
  {
    title: 'Everything works by keyboard',
    epic: 'storefront',
    priority: 'P0',
    tags: ['a11y'],
    needs: [20],
  },
  {
    title: 'First paint under one second on 3G',
    epic: 'storefront',
    tags: ['speed'],
    needs: [21, 22],
  },
  { title: 'Orders list with filters', epic: 'back office', tags: ['ui'], needs: [15] },
  {
    title: 'Print a packing slip',
    epic: 'back office',
    priority: 'P2',
    tags: ['pdf'],
    needs: [25],
  },
  {
    title: 'Stock levels with a warning below five',
    epic: 'back office',
    tags: ['stock'],
    needs: [2],
  },
  {
    title: 'Roles: packer, editor, owner',
    epic: 'back office',
    priority: 'P0',
    tags: ['auth', 'security'],
    needs: [8],
  },
  { title: 'Audit log of every change', epic: 'back office', tags: ['security'], needs: [28] },
  {
    title: 'CI runs in under five minutes',
    epic: 'platform',
    priority: 'P0',
    tags: ['ci'],
    verify: 'npm run ci',
  },
  {
    title: 'Preview deployment for every branch',
    epic: 'platform',
    tags: ['ci', 'deploy'],
    needs: [30],
  },
  {
    title: 'Backups, restored once a week by a job',
    epic: 'platform',
    priority: 'P0',
    tags: ['ops'],
  },
  { title: 'Structured logs with a request id', epic: 'platform', tags: ['ops'] },
  {
    title: 'Error budget and alerts',
    epic: 'platform',
    priority: 'P2',
    tags: ['ops'],
    needs: [33],
  },
  { title: 'Load test: 200 orders a minute', epic: 'platform', tags: ['speed'], needs: [15, 31] },
  {
    title: 'Rotate secrets without downtime',
    epic: 'platform',
    tags: ['security', 'ops'],
    needs: [31],
  },
  { title: 'Upgrade to Node 24', epic: 'platform', priority: 'P2' },
  { title: 'Flaky test: cart expires too early', epic: 'checkout', priority: 'P0', tags: ['bug'] },
  { title: 'Prices are rounded twice for CHF', epic: 'checkout', priority: 'P0', tags: ['bug'] },
  {
    title: 'Umlauts break the search suggestions',
    epic: 'catalogue',
    tags: ['bug', 'search'],
    needs: [3],
  },
  { title: 'Write down how we release', epic: 'platform', priority: 'P2', tags: ['docs'] },
  { title: 'Guide for new contributors', epic: 'platform', priority: 'P2', tags: ['docs'] },
  { title: 'API reference from the types', epic: 'platform', priority: 'P2', tags: ['docs'] },
  {
    title: 'Translate the shop into German and French',
    epic: 'storefront',
    tags: ['i18n'],
    needs: [21],
  },
  { title: 'Currency by country', epic: 'checkout', tags: ['i18n'], needs: [12] },
  {
    title: 'Cookie banner that needs no cookie',
    epic: 'storefront',
    priority: 'P2',
    tags: ['privacy'],
  },
  {
    title: 'Structured data for search engines',
    epic: 'storefront',
    priority: 'P2',
    tags: ['seo'],
    needs: [4],
  },
  {
    title: 'Sitemap, split by 10,000 products',
    epic: 'storefront',
    priority: 'P2',
    tags: ['seo'],
    needs: [2],
  },
  {
    title: 'Wish list, shared by a link',
    epic: 'accounts',
    priority: 'P2',
    tags: ['ui'],
    needs: [8],
  },
  { title: 'Order history', epic: 'accounts', tags: ['ui'], needs: [15] },
  {
    title: 'Back-in-stock message',
    epic: 'catalogue',
    priority: 'P2',
    tags: ['mail'],
    needs: [27],
  },
  {
    title: 'Reviews with a report button',
    epic: 'catalogue',
    priority: 'P2',
    tags: ['ui'],
    needs: [8],
  },
  {
    title: 'Newsletter with double opt-in',
    epic: 'storefront',
    priority: 'P2',
    tags: ['mail', 'privacy'],
  },
  { title: 'Gift cards', epic: 'checkout', priority: 'P2', tags: ['payment'], needs: [13] },
  { title: 'Fraud check before shipping', epic: 'checkout', tags: ['security'], needs: [15] },
  {
    title: 'Return label by e-mail',
    epic: 'back office',
    priority: 'P2',
    tags: ['mail'],
    needs: [17],
  },
  { title: 'Sales figures by week', epic: 'back office', tags: ['reports'], needs: [25] },
  {
    title: 'Export for the accountant',
    epic: 'back office',
    priority: 'P2',
    tags: ['reports'],
    needs: [57],
  },
  {
    title: 'Dark mode flashes white on load',
    epic: 'storefront',
    tags: ['bug', 'ui'],
    needs: [19],
  },
  { title: 'Remove the old shop’s redirects', epic: 'platform', priority: 'P2', needs: [6] },
];

const DOCS = [
  {
    type: 'decision',
    title: 'Log in by link, not by password',
    tags: ['auth'],
    section: 'security',
    body: 'Passwords are reused and leaked. A link that works **once**, for 15 minutes, needs none.\n\n## Consequences\n\n1. E-mail must arrive within seconds.\n2. A session lasts 30 days.\n\n> Support may never see a link.\n\n| | password | link |\n|---|---|---|\n| phishing | easy | harder |\n| support | resets | none |\n',
  },
  {
    type: 'operational',
    title: 'How to restore a backup',
    tags: ['ops'],
    section: 'operations',
    body: '```sh\nnpm run backup:restore -- --latest\n```\n\nThen look at the **order count** of yesterday.',
  },
  {
    type: 'reference',
    title: 'Payment provider: states of a payment',
    tags: ['payment'],
    section: 'payments',
    body: 'A payment is `pending`, `paid`, `failed` or `refunded`. The webhook may come twice, and before our own request is answered.',
  },
  {
    type: 'learning',
    title: 'Prices are integers',
    tags: ['rules'],
    section: 'money',
    body: 'Twice we rounded a price in two places. A price is an integer of the smallest unit; it is rounded once, where it is shown.',
  },
  {
    type: 'reference',
    title: 'Colours and type',
    tags: ['design'],
    section: 'design',
    body: 'Tokens live in `src/styles/tokens.css`. Text is Inter; numbers are tabular.',
  },
] as const;

/** Fills an empty board with work at every stage, through the API as people and agents use it. */
export async function fillSampleBoard(client: Client, project: string): Promise<void> {
  const params = { project };
  for (const doc of DOCS) {
    await client.docs.create({ params, body: { ...doc, tags: [...doc.tags] } });
  }
  await client.tasks.createBatch({
    params,
    body: {
      tasks: SAMPLES.map(({ needs = [], ...sample }, index) => ({
        key: `k${index + 1}`,
        ...sample,
        depends_on: needs.map((number) => `k${number}`),
        ...(index === 6
          ? {
              context_refs: ['D-001'],
              acceptance_criteria: ['A link works once', 'It ends after 15 minutes'],
            }
          : {}),
      })),
    },
  });
  const take = (id: string, agent: string) =>
    client.tasks.pickUp({ params, body: { id, avoid_conflicts: false } }, { agent });
  const finish = async (number: number, agent: string, note: string) => {
    const id = idOf(number);
    await take(id, agent);
    const { verify } = SAMPLES[number - 1] ?? {};
    if (verify !== undefined) {
      const body = {
        command: verify,
        exit_code: 0,
        duration_ms: 4_210,
        output: '✓ 38 tests passed',
      };
      await client.tasks.recordVerification({ params: { project, id }, body }, { agent });
    }
    await client.tasks.done({ params: { project, id }, body: { note } }, { agent });
  };
  const approve = (number: number) =>
    client.tasks.approve({ params: { project, id: idOf(number) }, body: {} });

  const done = [1, 2, 7, 11, 19, 30, 32, 4, 8, 14, 20];
  for (const [index, number] of done.entries()) {
    await finish(number, AGENTS[index % 3] ?? AGENTS[0], 'All of it is there; the tests pass.');
    await approve(number);
  }
  await finish(
    15,
    AGENTS[0],
    'A second call with the same event id changes nothing. I tried it with 50 at once.',
  );
  await finish(38, AGENTS[2], 'The clock was read twice. Now once, at the start of the request.');
  await finish(3, AGENTS[0], 'Trigram index; two typos in a word of six letters are found.');
  await finish(33, AGENTS[2], 'Every line has the request id, also those of jobs.');
  for (const [number, agent] of [
    [39, AGENTS[0]],
    [23, AGENTS[1]],
    [28, AGENTS[0]],
    [12, AGENTS[2]],
    [41, AGENTS[3]],
  ] as const) {
    await take(idOf(number), agent);
  }
  await client.tasks.note(
    {
      params: { project, id: 'T-023' },
      body: { body: 'The menu traps the focus; I am rewriting it as a list of links.' },
    },
    { agent: AGENTS[1] },
  );
  await take('T-031', AGENTS[2]);
  await client.tasks.block(
    {
      params: { project, id: 'T-031' },
      body: { reason: 'No token for the hosting account. Who can make one?' },
    },
    { agent: AGENTS[2] },
  );
  await take('T-006', AGENTS[0]);
  await client.tasks.block(
    {
      params: { project, id: 'T-006' },
      body: { reason: 'The old export has two rows for 214 products: which one counts?' },
    },
    { agent: AGENTS[0] },
  );
  await client.tasks.update({ params: { project, id: 'T-037' }, body: { hold: true } });
  await client.tasks.cancel({
    params: { project, id: 'T-046' },
    body: { reason: 'We set no cookie that needs one' },
  });
}

function idOf(number: number): string {
  return `T-${String(number).padStart(3, '0')}`;
}
