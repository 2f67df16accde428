/** The few pages and files that the server brings itself. None has inline script or style. */

export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 10vh auto; padding: 0 1rem; }
pre { padding: 0.75rem 1rem; overflow-x: auto; border: 1px solid; border-radius: 0.5rem; }
label, input, button { display: block; font: inherit; }
input, button { margin: 0.5rem 0; padding: 0.4rem 0.8rem; }
`;

/** What `/` shows as long as there is no dashboard. */
export function homePage(version: string): string {
  return page(
    'codepakt',
    `<h1>codepakt</h1>
<p>This is the codepakt server, version ${escapeHtml(version)}: the board that several agents and
people share while they work on one codebase. It serves the <code>cpk</code> command.</p>
<p>In a project's folder:</p>
<pre><code>cpk init
cpk task add --title "The first thing to do"
cpk board status</code></pre>
<p>An agent takes a task, and says when it is finished:</p>
<pre><code>CPK_AGENT=ada cpk task pickup
CPK_AGENT=ada cpk task done T-001</code></pre>
<p>Programs use the HTTP interface: <a href="/api/openapi.json">its description</a>,
<a href="/api/projects">the projects</a>, <a href="/health">the server's health</a>.</p>`,
  );
}

export const LOGIN_PAGE = page(
  'Log in to codepakt',
  `<h1>codepakt</h1>
<p>This server asks for its token: what <code>CPK_TOKEN</code> says, or the token file in its data
directory.</p>
<form id="login">
<label for="token">Token</label>
<input id="token" type="password" autocomplete="current-password" required>
<button>Log in</button>
<p id="answer" role="alert"></p>
</form>
<noscript><p>Logging in needs JavaScript.</p></noscript>
<script src="/login.js" defer></script>`,
);

/** Sent as JSON, because no other kind of change is let in. */
export const LOGIN_SCRIPT = `
const form = document.querySelector('#login');
const answer = document.querySelector('#answer');
const next = new URL(new URLSearchParams(location.search).get('next') ?? '/', location.origin);
// To no other site, whoever made the link.
const goOn = () => location.replace(next.origin === location.origin ? next.href : '/');
// Whoever came by a link from another site is logged in all the same: that request had no cookie.
fetch('/health').then((response) => response.ok && goOn(), () => undefined);
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  answer.textContent = 'One moment …';
  try {
    const response = await fetch('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: form.querySelector('#token').value.trim() }),
    });
    if (response.ok) goOn();
    else answer.textContent = (await response.json()).detail;
  } catch {
    answer.textContent = 'The server can not be reached.';
  }
});
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/codepakt.css">
</head>
<body>
${body}
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
