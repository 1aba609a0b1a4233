import { Link, useRouteError } from 'react-router';
import { Empty, Failure } from '@/ui/Notice.tsx';

export function BrokenPage() {
  const error = useRouteError();
  return <Failure what="This page" error={error} retry={() => location.reload()} />;
}

export function MissingPage() {
  return (
    <Empty title="There is no such page">
      The address may be cut short. <Link to="/incidents">Go to the incidents</Link>
    </Empty>
  );
}
