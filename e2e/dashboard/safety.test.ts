import { expect, test } from 'vitest';
import { useSession } from './session.ts';

const ATTACK =
  '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>"\'><svg onload=window.hurt=1>[x](javascript:window.hurt=1)';
/** Names are at most 100 characters long. */
const SHORT = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>';

const session = useSession(async ({ client, project }) => {
  const params = { project };
  await client.docs.create({
    params,
    body: {
      type: 'decision',
      title: ATTACK,
      body: `needle ${ATTACK}`,
      section: SHORT,
      tags: [SHORT],
    },
  });
  await client.tasks.create({
    params,
    body: {
      title: ATTACK,
      description: `${ATTACK}\n\n# ${ATTACK}\n\n- ${ATTACK}\n\n| ${SHORT} |\n|---|\n| ${SHORT} |\n`,
      epic: SHORT,
      tags: [SHORT],
      capabilities: [SHORT],
      touches: [ATTACK],
      verify: ATTACK,
      acceptance_criteria: [ATTACK],
      context_refs: ['D-001'],
    },
  });
  const at = { params: { project, id: 'T-001' } };
  await client.tasks.pickUp({ params, body: {} }, { agent: SHORT });
  await client.tasks.note({ ...at, body: { body: ATTACK } }, { agent: SHORT });
  await client.tasks.recordVerification(
    { ...at, body: { command: ATTACK, exit_code: 1, duration_ms: 1, output: ATTACK } },
    { agent: SHORT },
  );
  await client.tasks.done({ ...at, body: { note: ATTACK } }, { agent: SHORT });
  await client.tasks.create({ params, body: { title: `blocked ${ATTACK}` } });
  await client.tasks.block({
    params: { project, id: 'T-002' },
    body: { reason: ATTACK },
  });
});

/** Each with what holds an attack string there. */
const VIEWS = [
  ['board', '[data-card="T-001"] .card-title'],
  ['board?group=epic', '.group-heading'],
  ['board?task=T-001', '.panel .verification'],
  ['board?task=T-002', '.panel-blocked'],
  ['review', '.review-task .note'],
  ['graph', '.graph-node-title'],
  ['agents', '.agent'],
  ['activity', '.event'],
  ['docs', '.doc-item'],
  ['docs?q=needle', '.doc-item:has(mark)'],
  ['docs/D-001', '.doc-title'],
  ['docs/D-001?write=edit', '.doc-form input'],
] as const;

test('every view shows attack strings as text', async () => {
  const page = await session.open('board');
  for (const [view, place] of VIEWS) {
    await page.evaluate((url) => history.pushState({}, '', url), session.bench.view(view));
    const shown = page.locator(place).first();
    await shown.waitFor();
    const text = await shown.evaluate(
      (node) => `${node.textContent}${'value' in node && node.value}`,
    );
    expect.soft(text, view).toContain('onerror');
    const found = await page.evaluate(() => ({
      images: document.querySelectorAll('main img').length,
      scripts: document.querySelectorAll('body script').length,
      links: [...document.querySelectorAll('a')].filter((a) => a.protocol === 'javascript:').length,
    }));
    expect.soft(found, view).toEqual({ images: 0, scripts: 0, links: 0 });
  }
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
});

test('the policy lets nothing in but our own files, and no view breaks it', async () => {
  const response = await fetch(session.bench.view('board'), { headers: { accept: 'text/html' } });
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain('unsafe');
});
