import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { custody } from '@/api/evidence.ts';
import { CustodyTable } from '@/ui/CustodyTable.tsx';
import { Failure, Loading } from '@/ui/Notice.tsx';

export function CustodyDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, isPending, refetch } = useQuery(custody(id));
  return (
    <Drawer opened onClose={onClose} position="right" size={820} title={`Custody of ${id}`}>
      <div data-testid="custody-drawer">
        {isPending && <Loading rows={6} />}
        {error && <Failure what="The custody log" error={error} retry={() => void refetch()} />}
        {data && <CustodyTable entries={data.items} />}
      </div>
    </Drawer>
  );
}
