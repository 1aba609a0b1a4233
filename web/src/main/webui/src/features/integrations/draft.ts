import type { InboundKind, Integration, IntegrationForm, Use, Vendor, VendorField } from '@/api/types.ts';

export type InboundDraft = {
  kind: InboundKind;
  source: string;
  settings: Record<string, string>;
  secret: string;
};
/** What is on the form. `secrets` holds changes only: a text replaces the secret, an empty one removes it. */
export type Draft = {
  vendor: string;
  name: string;
  enabled: boolean;
  uses: Use[];
  settings: Record<string, string>;
  secrets: Record<string, string>;
  inbound: InboundDraft | null;
};

/** How often alerts are fetched, for every vendor that has them. */
const FETCHING: VendorField = {
  name: 'fetch_seconds',
  label: 'Seconds between fetches',
  form: 'number',
  need: 'advanced',
  standard: '60',
  help: 'How often new alerts are asked for.',
};

/** The settings each proof of a sender needs, in the order they are asked for. */
export const PROOFS: Record<InboundKind, { label: string; about: string; settings: VendorField[] }> = {
  header: {
    label: 'Secret in a header',
    about: 'The vendor sends a fixed secret with every alert.',
    settings: [proof('header', 'Header', 'Name of the header, e.g. X-Varve-Secret.')],
  },
  basic: {
    label: 'User and password',
    about: 'The vendor signs in with HTTP basic authentication.',
    settings: [],
  },
  hmac: {
    label: 'Signature',
    about: 'The vendor signs every alert with a shared secret (HMAC-SHA256).',
    settings: [
      proof('header', 'Header', 'Name of the header that holds the signature.'),
      { ...proof('prefix', 'Prefix', 'What stands before the signature, e.g. sha256=.'), need: 'optional' },
      {
        ...proof(
          'timestamp_header',
          'Time header',
          'Name of the header with the time, when it is signed too.',
        ),
        need: 'optional',
      },
    ],
  },
  oidc: {
    label: 'Signed token',
    about: 'The vendor sends a token of its identity provider (OpenID Connect).',
    settings: [
      proof('issuer', 'Issuer', 'e.g. https://accounts.google.com'),
      proof('audience', 'Audience', 'What the token is made for, as set up at the vendor.'),
      proof('subject', 'Subject', 'The service account that sends.'),
      { ...proof('keys_url', 'Keys address', 'Where its keys are published.'), form: 'address' },
    ],
  },
};

function proof(name: string, label: string, help: string): VendorField {
  return { name, label, form: 'text', need: 'required', standard: '', help };
}

export function fieldsOf(vendor: Vendor): VendorField[] {
  return vendor.uses.includes('alerts') ? [...vendor.fields, FETCHING] : vendor.fields;
}

export function blank(vendor: Vendor): Draft {
  const pushesOnly = vendor.uses.length === 0;
  return {
    vendor: vendor.name,
    name: vendor.label,
    enabled: true,
    uses: vendor.uses.filter((use) => use !== 'comment'),
    settings: {},
    secrets: {},
    inbound: pushesOnly ? blankInbound(vendor) : null,
  };
}

export function blankInbound(vendor: Vendor): InboundDraft {
  return {
    kind: 'header',
    source: vendor.sources[0] ?? '',
    settings: { header: 'X-Varve-Secret' },
    secret: '',
  };
}

export function draftOf(integration: Integration): Draft {
  const { vendor, name, enabled, uses, settings, inbound } = integration;
  return {
    vendor,
    name,
    enabled,
    uses,
    settings,
    secrets: {},
    inbound: inbound
      ? { kind: inbound.kind, source: inbound.source, settings: inbound.settings, secret: '' }
      : null,
  };
}

/** As the server takes it: empty settings left out, a secret of the proof only when it was typed. */
export function sent(draft: Draft): IntegrationForm {
  const { inbound, ...rest } = draft;
  return {
    ...rest,
    name: draft.name.trim(),
    settings: filled(draft.settings),
    ...(inbound && {
      inbound: {
        kind: inbound.kind,
        source: inbound.source,
        settings: settingsOf(inbound),
        ...(inbound.secret && { secret: inbound.secret }),
      },
    }),
  };
}

/** Settings of the chosen proof; those of another one that was tried are left behind. */
function settingsOf(inbound: InboundDraft): Record<string, string> {
  const known = PROOFS[inbound.kind].settings.map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(filled(inbound.settings)).filter(([name]) => known.includes(name)),
  );
}

function filled(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value),
  );
}
