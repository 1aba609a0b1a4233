/** What the server said went wrong: problem+json with a stable code, or `offline` when no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail || title);
  }
}

type Options = { method?: string; body?: unknown; signal?: AbortSignal };

/** One call of the REST interface; the answer is JSON or nothing. */
export async function call<T>(path: string, { method = 'GET', body, signal }: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
  }
  const response = await send(path, {
    method,
    headers,
    signal,
    credentials: 'same-origin',
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    throw await problem(response);
  }
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Text of a body that may be anything, e.g. a raw alert; never interpreted. */
export async function callText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await send(path, { signal, credentials: 'same-origin' });
  if (!response.ok) {
    throw await problem(response);
  }
  return response.text();
}

export function url(path: string): string {
  return `/api/v1/${path}`;
}

/** `path?a=1&b=2`; empty and absent values are left out. */
export function query(path: string, parameters: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url(path), init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') {
      throw cause;
    }
    throw new ApiError(
      0,
      'offline',
      'No connection',
      'The Varve server does not answer. Trying again shortly.',
    );
  }
}

async function problem(response: Response): Promise<ApiError> {
  const fallback = `The server answered ${response.status}.`;
  try {
    const body = (await response.json()) as { code?: string; title?: string; detail?: string };
    return new ApiError(response.status, body.code ?? 'unknown', body.title ?? fallback, body.detail ?? '');
  } catch {
    return new ApiError(response.status, response.status === 401 ? 'unauthorized' : 'unknown', fallback, '');
  }
}
