/** Lucene query text that a click writes. Nothing of a value is read as syntax. */
export function clause(field: string, value: string): string {
  const plain = value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').replace(/["\\]/g, '\\$&');
  return `${field.replace(/[^\w.@-]/g, '\\$&')}:"${plain}"`;
}

/** The query with the value asked for or ruled out; an opposite clause about the same value goes. */
export function add(query: string, field: string, value: string, mode: 'include' | 'exclude'): string {
  const wanted = clause(field, value);
  const rest = remove(query, field, value).trim();
  const addition = mode === 'include' ? wanted : `NOT ${wanted}`;
  if (rest === '') {
    return addition;
  }
  return `${hasTopLevelOr(rest) ? `(${rest})` : rest} AND ${addition}`;
}

/** The query without any clause about the value. */
export function remove(query: string, field: string, value: string): string {
  const wanted = clause(field, value);
  return parts(query)
    .filter((part) => part !== wanted && part !== `NOT ${wanted}`)
    .join(' AND ');
}

/** Whether the query asks for the value, rules it out, or says nothing of it. */
export function mode(query: string, field: string, value: string): 'include' | 'exclude' | undefined {
  const wanted = clause(field, value);
  const found = parts(query);
  if (found.includes(wanted)) {
    return 'include';
  }
  return found.includes(`NOT ${wanted}`) ? 'exclude' : undefined;
}

/** The pieces between the ANDs of the outermost level; quotes and brackets are kept whole. */
function parts(query: string): string[] {
  return split(query, 'AND');
}

function hasTopLevelOr(query: string): boolean {
  return split(query, 'OR').length > 1 || split(query, '||').length > 1;
}

function split(query: string, operator: string): string[] {
  const found: string[] = [];
  const between = ` ${operator} `;
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < query.length; at++) {
    const character = query[at];
    if (character === '\\') {
      at++;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && '([{'.includes(character ?? '')) {
      depth++;
    } else if (!quoted && ')]}'.includes(character ?? '')) {
      depth--;
    } else if (!quoted && depth === 0 && query.startsWith(between, at)) {
      found.push(query.slice(start, at).trim());
      start = at + between.length;
      at = start - 1;
    }
  }
  found.push(query.slice(start).trim());
  return found.filter(Boolean);
}
