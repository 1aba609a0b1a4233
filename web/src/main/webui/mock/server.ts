import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import * as contained from './contained.ts';
import * as custody from './custody.ts';
import * as data from './data.ts';
import { inventory } from './inventory.ts';
import { events, facets, histogram, page } from './events.ts';

type Body = Record<string, unknown>;
type Call = { path: string[]; query: URLSearchParams; body: Body; method: string };

let user: string | null = process.env.VARVE_UI_MOCK_USER ?? null;

/** The REST interface of docs/rest.md with made-up answers, for work on pages without a server. */
export function mockServer(): Plugin {
  return {
    name: 'varve-mock',
    configureServer(server) {
      server.middlewares.use('/api/v1', (request, response) => void handle(request, response));
    },
  };
}

async function handle(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://mock');
  const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (path[2] === 'stream') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const timer = setInterval(() => response.write('event: changed\ndata: {"what":"capture"}\n\n'), 2000);
    request.on('close', () => clearInterval(timer));
    response.write(': hello\n\n');
    return;
  }
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
  }
  const call = {
    path,
    query: url.searchParams,
    body: text ? (JSON.parse(text) as Body) : {},
    method: request.method ?? 'GET',
  };
  const [status, answer] =
    path[0] === 'session'
      ? session(call)
      : user
        ? answerTo(call)
        : problem(401, 'unauthorized', 'Sign in first.');
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
  });
  response.end(typeof answer === 'string' ? answer : answer === undefined ? '' : JSON.stringify(answer));
}

function session({ method, body }: Call): [number, unknown] {
  if (method === 'POST') {
    if (body.password !== 'varve') {
      return problem(401, 'unauthorized', 'User or password is wrong.');
    }
    user = String(body.user);
  }
  if (method === 'DELETE') {
    user = null;
    return [204, undefined];
  }
  return user ? [200, { user, admin: true }] : problem(401, 'unauthorized', 'Nobody is signed in.');
}

function answerTo({ path, query, body, method }: Call): [number, unknown] {
  const [noun, id, part] = path;
  const one = <T extends { id: string }>(items: T[]): [number, unknown] => {
    const found = items.find((item) => item.id === id);
    return found ? [200, found] : problem(404, 'not_found', 'There is no such thing.');
  };
  const list = (items: unknown[]): [number, unknown] => [200, { items }];
  switch (noun) {
    case 'incidents':
      return part === 'forensics' ? [200, data.forensics()] : id ? one(data.incidents) : list(data.incidents);
    case 'alerts':
      return part === 'raw' ? [200, data.raw] : id ? one(data.alerts) : list(data.alerts);
    case 'captures':
      if (method === 'POST' && !id)
        return body.provider === 'endpoint'
          ? problem(409, 'conflict', 'A capture of web01 with profile triage is running since 02:10:04Z.')
          : [202, contained.captures[0]];
      return id ? one(data.captures()) : list(data.captures());
    case 'integrations':
      if (id === 'vendors') return list(contained.vendors);
      if (part === 'check') {
        setTimeout(() => contained.lookedAt(id ?? ''), 3000);
        return [202, contained.integrations[0]];
      }
      if (method === 'POST' || method === 'PUT')
        return String(body.name) === 'taken'
          ? problem(409, 'conflict', 'Another integration has this name.')
          : [200, contained.integrations[0]];
      return id ? one(contained.integrations) : list(contained.integrations);
    case 'preflights':
      return method === 'POST' ? [202, contained.preflight(body)] : [200, contained.looked(id ?? '')];
    case 'signingkeys':
      return list(custody.keys);
    case 'alarms':
      return list([]);
    case 'evidence':
      if (part === 'keys')
        return method === 'POST'
          ? problem(400, 'bad_request', 'a recovery key is eight groups of six digits')
          : list(data.evidenceKeys);
      if (part === 'custody') return list(custody.log);
      if (part === 'exports') return method === 'POST' ? [202, custody.packages[0]] : list(custody.packages);
      if (part === 'care') return [200, data.evidence()[0]];
      if (part === 'coverage')
        return list(
          data.coverage.filter((row) => !query.get('status') || row.status === query.get('status')),
        );
      if (part === 'verify')
        return [200, { verified: true, problems: [], entries: 7, signer: 'ed25519:3f2a…' }];
      return id
        ? one(data.evidence().map((item) => ({ ...item, care: custody.care })))
        : list(data.evidence());
    case 'timeline':
      if ((query.get('q') ?? '').endsWith('('))
        return problem(
          400,
          'bad_query',
          "The search ends inside a bracket: '(' at character 12 is never closed.",
        );
      if (id === 'histogram') return [200, histogram(query)];
      if (id === 'facets') return [200, facets(query)];
      if (id === 'events') {
        const found = events.find((event) => event.id === part);
        return found
          ? [200, { ...found, alsoIn: [{ evidence: 'ev-7b21', event: 'x' }], asset: data.web01 }]
          : problem(404, 'not_found', 'There is no such event.');
      }
      return [200, page(query)];
    case 'inventory':
      if (method === 'POST') return id === 'assets' ? [200, data.assets[0]] : [202, null];
      return [200, inventory];
    case 'assets':
      return id ? one(data.assets) : list(data.assets);
    case 'rules':
      if (id === 'simulate') return [200, contained.simulation];
      return method === 'GET' ? list(data.rules) : [200, { ...data.rules[0], ...body }];
    case 'decisions':
      return list(data.decisions);
    case 'agents':
      return list(data.agents);
    case 'keys':
      return method === 'POST'
        ? [200, { id: 'k2', ...body, key: 'vk_3c1f8e0d9b7a4e2f' }]
        : list(data.evidenceKeys);
    case 'profiles':
      return list(data.profiles);
    case 'enrolments':
      return [200, data.enrolment];
    default:
      return problem(404, 'not_found', 'There is no such path.');
  }
}

function problem(status: number, code: string, detail: string): [number, unknown] {
  return [status, { type: 'about:blank', title: code, status, code, detail }];
}
