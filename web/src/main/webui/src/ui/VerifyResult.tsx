import type { Verification } from '../api/types.ts';
import { EvidenceText } from './EvidenceText.tsx';
import { Tag } from './Tag.tsx';

/** What reading every byte back has shown. */
export function VerifyResult({ result, error }: { result?: Verification; error: Error | null }) {
  if (error) {
    return (
      <Tag tone="bad" testid="verify-result" state="error">
        {error.message}
      </Tag>
    );
  }
  if (!result) {
    return null;
  }
  if (result.verified) {
    return (
      <Tag
        tone="ok"
        testid="verify-result"
        state="verified"
        title={result.signer ? `Signed by ${result.signer}` : undefined}
      >
        every byte and {result.entries} custody entries verified
      </Tag>
    );
  }
  return (
    <span data-testid="verify-result" data-state="problems">
      <Tag tone="bad">not verified</Tag>{' '}
      {result.problems.map((problem, index) => (
        <div key={index}>
          <EvidenceText value={problem} />
        </div>
      ))}
    </span>
  );
}
