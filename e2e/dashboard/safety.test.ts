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

test.each([
  ['the board', 'board'],
  ['a grouped board', 'board?group=epic'],
  ['a task', 'board?task=T-001'],
  ['a blocked task', 'board?task=T-002'],
  ['review', 'review'],
  ['the graph', 'graph'],
  ['agents', 'agents'],
  ['activity', 'activity'],
  ['docs', 'docs'],
  ['docs found', 'docs?q=needle'],
  ['a doc', 'docs/D-001'],
  ['a doc being edited', 'docs/D-001?write=edit'],
])('%s shows attack strings as text', async (_, view) => {
  const page = await session.open(view);
  await page.locator('main').getByText('onerror').locator('visible=true').first().waitFor();
  await page.waitForTimeout(300);
  const found = await page.evaluate(() => ({
    hurt: 'hurt' in window,
    images: document.querySelectorAll('main img').length,
    scripts: document.querySelectorAll('body script').length,
    links: [...document.querySelectorAll('a')].filter((a) => a.protocol === 'javascript:').length,
  }));
  expect(found).toEqual({ hurt: false, images: 0, scripts: 0, links: 0 });
});

test('the policy lets nothing in but our own files, and no view breaks it', async () => {
  const response = await fetch(session.bench.view('board'), { headers: { accept: 'text/html' } });
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain('unsafe');
});
