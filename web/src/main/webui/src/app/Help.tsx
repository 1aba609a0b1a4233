import { Kbd, Modal } from '@mantine/core';
import { Table } from '@/ui/Table.tsx';

const KEYS: [string, string][] = [
  ['j', 'next row'],
  ['k', 'previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'close what is open'],
  ['/', 'search'],
  ['?', 'this page'],
];
const WORDS: [string, string][] = [
  ['Confirmed', 'Events on the asset, in the time of the alert, match what it names.'],
  ['Contradicted', 'A source that must hold it was read over the whole time and says otherwise.'],
  ['Not seen', 'Such a source was read and nothing is there.'],
  [
    'Not collected',
    'No such source was captured, or its coverage has a gap. It says nothing about the alert.',
  ],
  ['≈ beside a time', 'A part of the time, such as the year, was inferred.'],
  ['? beside a time', 'Nothing states the zone; UTC was assumed.'],
];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard and words" size="lg">
      <div data-testid="help">
        <Table head={['Key', 'Does']}>
          {KEYS.map(([key, does]) => (
            <tr key={key}>
              <td>
                <Kbd size="xs">{key}</Kbd>
              </td>
              <td>{does}</td>
            </tr>
          ))}
        </Table>
        <Table head={['Word', 'Means']}>
          {WORDS.map(([word, means]) => (
            <tr key={word}>
              <td className="nowrap">{word}</td>
              <td>{means}</td>
            </tr>
          ))}
        </Table>
      </div>
    </Modal>
  );
}
