// The page of an attacker, as it runs in the browser of somebody whose daemon listens on this
// machine. Each attack answers what it got to see; the tests ask the daemon what came of it.

const JSON_TYPE = 'application/json';

/** @type {Record<string, (target: {url: string, project: string}) => Promise<string>>} */
export const attacks = {
  'a simple request': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/tasks`, {
        method: 'POST',
        body: task(),
        mode: 'no-cors',
      }),
    ),
  'a simple request with cookies': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/tasks`, {
        method: 'POST',
        body: task(),
        mode: 'no-cors',
        credentials: 'include',
      }),
    ),
  'a request that needs leave': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/tasks`, {
        method: 'POST',
        body: task(),
        headers: { 'content-type': JSON_TYPE },
      }),
    ),
  'a change that needs leave': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/tasks/T-001`, {
        method: 'PATCH',
        body: task(),
        headers: { 'content-type': JSON_TYPE },
        credentials: 'include',
      }),
    ),
  'a deletion': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/docs/D-001`, {
        method: 'DELETE',
        credentials: 'include',
      }),
    ),
  'a pickup in the name of an agent': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/tasks/pickup`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': JSON_TYPE, 'codepakt-agent': 'eve' },
      }),
    ),
  'a look at the projects': ({ url }) =>
    see(fetch(`${url}/api/projects`, { credentials: 'include' })),
  'a look at the board': ({ url, project }) => see(fetch(`${url}/api/projects/${project}/tasks`)),
  'a look without leave': ({ url, project }) =>
    see(
      fetch(`${url}/api/projects/${project}/export`, { mode: 'no-cors', credentials: 'include' }),
    ),
  'a look by name of an agent': ({ url, project }) =>
    see(fetch(`${url}/api/projects/${project}/tasks`, { headers: { 'codepakt-agent': 'eve' } })),
  'a beacon': async ({ url, project }) => {
    navigator.sendBeacon(`${url}/api/projects/${project}/tasks`, task());
    navigator.sendBeacon(
      `${url}/api/projects/${project}/tasks`,
      new Blob([task()], { type: 'text/plain' }),
    );
    await settled();
    return '';
  },
  'a form': ({ url, project }) =>
    submit(`${url}/api/projects/${project}/tasks`, 'application/x-www-form-urlencoded'),
  'a form with parts': ({ url, project }) =>
    submit(`${url}/api/projects/${project}/tasks`, 'multipart/form-data'),
  'a form that looks like JSON': ({ url, project }) =>
    submit(`${url}/api/projects/${project}/tasks`, 'text/plain'),
  'a form for the token': ({ url }) => submit(`${url}/login`, 'text/plain'),
  'an image': ({ url, project }) => element('img', 'src', `${url}/api/projects/${project}/tasks`),
  'a script': ({ url, project }) =>
    element('script', 'src', `${url}/api/projects/${project}/tasks`),
  'a script of the dashboard': ({ url }) => element('script', 'src', `${url}/login.js`),
  'a style': async ({ url, project }) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet' });
    return element(link, 'href', `${url}/api/projects/${project}/board`);
  },
  'a video': ({ url, project }) => element('video', 'src', `${url}/api/projects/${project}/board`),
  'an object': ({ url, project }) =>
    element('object', 'data', `${url}/api/projects/${project}/board`),
  'a module': async ({ url, project }) => {
    try {
      return JSON.stringify(await import(`${url}/api/projects/${project}/board`));
    } catch (error) {
      return String(error);
    }
  },
  'a worker': async ({ url, project }) => {
    try {
      const worker = new Worker(`${url}/api/projects/${project}/board`);
      return await new Promise((resolve) => {
        worker.onerror = () => resolve('error');
        setTimeout(() => resolve('nothing'), 300);
      });
    } catch (error) {
      return String(error);
    }
  },
  'a frame of the dashboard': ({ url }) => frame(url),
  'a frame of the board': ({ url, project }) => frame(`${url}/api/projects/${project}/tasks`),
  'a window of the interface': async ({ url, project }) => {
    const opened = window.open(`${url}/api/projects/${project}/tasks`);
    await settled();
    try {
      return opened?.document.body.textContent ?? '';
    } catch (error) {
      return String(error);
    } finally {
      opened?.close();
    }
  },
  'an event stream': ({ url, project }) =>
    new Promise((resolve) => {
      const source = new EventSource(`${url}/api/projects/${project}/events/stream?after=0`, {
        withCredentials: true,
      });
      source.onmessage = ({ data }) => resolve(data);
      source.onerror = () => {
        source.close();
        resolve('error');
      };
    }),
  'a socket': ({ url, project }) => socket(`${url}/api/projects/${project}/events/stream`),
  'a socket to the root': ({ url }) => socket(url),
};

function task() {
  return JSON.stringify({ title: 'forged', verify: 'touch /tmp/forged' });
}

/** What a page gets to read of an answer. */
async function see(answer) {
  try {
    const response = await answer;
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return String(error);
  }
}

async function submit(action, enctype) {
  const sink = Object.assign(document.createElement('iframe'), { name: `sink-${Math.random()}` });
  const form = Object.assign(document.createElement('form'), {
    action,
    enctype,
    method: 'post',
    target: sink.name,
  });
  // Sent as text/plain this is a line of JSON.
  form.append(
    Object.assign(document.createElement('input'), {
      name: '{"title":"forged","x":"',
      value: '"}',
    }),
  );
  document.body.append(sink, form);
  const loaded = new Promise((resolve) => sink.addEventListener('load', resolve));
  form.submit();
  await Promise.race([loaded, settled()]);
  return inside(sink);
}

function element(kind, attribute, address) {
  const one = typeof kind === 'string' ? document.createElement(kind) : kind;
  return new Promise((resolve) => {
    one.onload = () => resolve('loaded');
    one.onerror = () => resolve('error');
    one[attribute] = address;
    document.body.append(one);
    setTimeout(() => resolve('nothing'), 300);
  });
}

async function frame(address) {
  const one = document.createElement('iframe');
  const loaded = new Promise((resolve) => one.addEventListener('load', resolve));
  one.src = address;
  document.body.append(one);
  await Promise.race([loaded, settled()]);
  return inside(one);
}

function inside(frame) {
  try {
    return frame.contentDocument?.body.textContent ?? '';
  } catch (error) {
    return String(error);
  }
}

function socket(url) {
  return new Promise((resolve) => {
    const one = new WebSocket(url.replace('http', 'ws'));
    one.onopen = () => resolve('OPENED');
    one.onmessage = ({ data }) => resolve(`OPENED ${data}`);
    one.onerror = () => resolve('error');
  });
}

function settled() {
  return new Promise((resolve) => setTimeout(resolve, 200));
}
