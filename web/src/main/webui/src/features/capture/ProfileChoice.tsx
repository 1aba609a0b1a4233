import { useQuery } from '@tanstack/react-query';
import { newestCaptures } from '@/api/captures.ts';
import type { Profile } from '@/api/types.ts';
import { bytes, plural } from '@/ui/numbers.ts';
import { duration } from '@/ui/time.ts';
import { Choice } from './Choice.tsx';
import { estimate } from './estimate.ts';
import { profileTitle } from '@/ui/profileWords.ts';

type Props = { profiles: Profile[]; channel: string; value: string; onChange: (profile: string) => void };

/** What is collected, in plain words, with size and time to expect. */
export function ProfileChoice({ profiles, channel, value, onChange }: Props) {
  const past = useQuery(newestCaptures);
  const expected = (profile: string) => {
    const provider = channel === 'auto' ? undefined : channel;
    const { bytes: size, milliseconds, from } = estimate(past.data?.items ?? [], provider, profile);
    const basis = from > 0 ? `, from ${plural(from, 'past capture')}` : ' as a rule';
    return `About ${bytes(size)} in ${duration(milliseconds)}${basis}.`;
  };
  return (
    <Choice
      legend="What is collected"
      name="wizard-profile"
      options={profiles.map(({ name, description }) => ({
        value: name,
        label: profileTitle(name),
        about: `${description} ${expected(name)}`,
      }))}
      value={value}
      onChange={onChange}
    />
  );
}
