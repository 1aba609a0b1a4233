/** Where in the evidence the page is; lives in the address. */
export type Where = { volume: string | null; folder: string; file: string | null; offset: number };

export function where(search: URLSearchParams): Where {
  const offset = Number(search.get('offset') ?? '0');
  return {
    volume: search.get('volume'),
    folder: search.get('path') || '/',
    file: search.get('file'),
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}

export function address({ volume, folder, file, offset }: Where): URLSearchParams {
  const search = new URLSearchParams();
  if (volume) {
    search.set('volume', volume);
  }
  if (folder !== '/') {
    search.set('path', folder);
  }
  if (file) {
    search.set('file', file);
  }
  if (offset > 0) {
    search.set('offset', String(offset));
  }
  return search;
}

/** The folders from the root to this one, with their paths. */
export function crumbs(folder: string): { name: string; path: string }[] {
  const parts = folder.split('/').filter((part) => part !== '');
  return parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` }));
}

/** The last name of a path. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || '/';
}

/** The folder a path is in. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
