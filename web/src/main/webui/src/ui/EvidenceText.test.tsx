import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { EvidenceText } from './EvidenceText.tsx';

it('shows markup as text and hidden characters by name', () => {
  const html = renderToStaticMarkup(<EvidenceText value={'<script>alert(1)</script>\u202e'} />);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).toContain('⟨U+202E⟩');
  expect(html).not.toContain('\u202e');
});

it('cuts long values and offers the rest', () => {
  const html = renderToStaticMarkup(<EvidenceText value={'A'.repeat(1500)} limit={500} />);
  expect(html).toContain('1,000 more characters');
  expect(html).not.toContain('A'.repeat(501));
});
