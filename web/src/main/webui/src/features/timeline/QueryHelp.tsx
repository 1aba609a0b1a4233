import { ActionIcon, Popover } from '@mantine/core';
import { Table } from '@/ui/Table.tsx';

const EXAMPLES: [string, string][] = [
  ['curl', 'the word anywhere: message, names, paths, values'],
  ['"session opened"', 'these words, one after the other'],
  ['user:root', 'a field; every name of the event drawer works'],
  ['process.name:(curl OR wget)', 'one of several'],
  ['file.path:/tmp/*.sh', '* stands for anything, ? for one character'],
  ['NOT data_type:linux*', 'rules out'],
  ['event.code:[4624 TO 4634]', 'a range of numbers'],
  ['_exists_:source.ip', 'the field is there at all'],
];

/** The query language on one small card. */
export function QueryHelp() {
  return (
    <Popover position="bottom-end" width={460} shadow="md">
      <Popover.Target>
        <ActionIcon variant="subtle" size="sm" aria-label="How to search" data-testid="query-help">
          ?
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Table head={['Write', 'Finds']}>
          {EXAMPLES.map(([query, finds]) => (
            <tr key={query}>
              <td className="nowrap">
                <code>{query}</code>
              </td>
              <td>{finds}</td>
            </tr>
          ))}
        </Table>
      </Popover.Dropdown>
    </Popover>
  );
}
