import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSaveIntegration, vendors } from '@/api/integrations.ts';
import { Failure, Loading } from '@/ui/Notice.tsx';
import { useTitle } from '@/ui/useTitle.ts';
import { sent } from './draft.ts';
import { IntegrationForm } from './IntegrationForm.tsx';
import classes from './Integrations.module.css';
import { VendorCards } from './VendorCards.tsx';

/** First which vendor, then what it asks for. */
export function NewIntegrationPage() {
  const { data, error, isPending, refetch } = useQuery(vendors);
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const save = useSaveIntegration();
  useTitle('Add an integration');
  const vendor = data?.items.find(({ name }) => name === parameters.get('vendor'));
  return (
    <div className="page">
      <div className="pageHead">
        <h1>{vendor ? `Connect ${vendor.label}` : 'Add an integration'}</h1>
        <Link to={vendor ? '/integrations/new' : '/integrations'}>
          {vendor ? 'another vendor' : 'back to the list'}
        </Link>
      </div>
      {isPending && <Loading rows={8} />}
      {error && !data && <Failure what="The vendors" error={error} retry={() => void refetch()} />}
      {data && !vendor && <VendorCards vendors={data.items} />}
      {vendor && (
        <div className={`${classes.form} ${classes.alone}`}>
          <IntegrationForm
            key={vendor.name}
            vendor={vendor}
            busy={save.isPending}
            error={save.error}
            onSave={(draft) =>
              save.mutate(
                { form: sent(draft) },
                { onSuccess: ({ id }) => void navigate(`/integrations/${encodeURIComponent(id)}`) },
              )
            }
          />
        </div>
      )}
    </div>
  );
}
