import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { integration, useDeleteIntegration, useSaveIntegration, vendors } from '@/api/integrations.ts';
import { ConfirmButton } from '@/ui/ConfirmButton.tsx';
import { EvidenceText } from '@/ui/EvidenceText.tsx';
import { Banner, Failure, Loading } from '@/ui/Notice.tsx';
import { visible } from '@/ui/text.ts';
import { useTitle } from '@/ui/useTitle.ts';
import { draftOf, sent } from './draft.ts';
import { IntegrationFacts } from './IntegrationFacts.tsx';
import { IntegrationForm } from './IntegrationForm.tsx';
import { IntegrationTag } from './IntegrationRow.tsx';
import classes from './Integrations.module.css';
import { Rights } from './Rights.tsx';

/** One connection: what it is set to, and what it may do at the vendor. */
export function IntegrationPage() {
  const { id = '' } = useParams();
  const navigate = useNavigate();
  const { data, error, isPending, refetch } = useQuery(integration(id));
  const known = useQuery(vendors);
  const save = useSaveIntegration();
  const remove = useDeleteIntegration();
  const [saved, setSaved] = useState(0);
  useTitle(data?.name);
  if (isPending || known.isPending) {
    return <Loading rows={10} />;
  }
  if (!data || !known.data) {
    return <Failure what="This integration" error={error ?? known.error} retry={() => void refetch()} />;
  }
  const vendor = known.data.items.find(({ name }) => name === data.vendor);
  const turn = () =>
    save.mutate(
      { id, form: sent({ ...draftOf(data), enabled: !data.enabled }) },
      { onSuccess: () => setSaved(saved + 1) },
    );
  return (
    <div className="page" data-testid="integration-page">
      <div className="pageHead">
        <h1>
          <EvidenceText value={data.name} limit={120} />
        </h1>
        <span className="dim">{data.label}</span>
        <IntegrationTag integration={data} />
        <span className="spread">
          <button type="button" onClick={turn} disabled={save.isPending} data-testid="integration-turn">
            {data.enabled ? 'turn off' : 'turn on'}
          </button>
          <ConfirmButton
            label="delete"
            title={`Delete “${visible(data.name)}”?`}
            busy={remove.isPending}
            testid="integration-delete"
            onConfirm={() => remove.mutate(id, { onSuccess: () => void navigate('/integrations') })}
          >
            Its secrets are gone. Captures through it stop working, and alerts from it are refused.
          </ConfirmButton>
        </span>
      </div>
      {remove.error && <Banner tone="bad">{remove.error.message}</Banner>}
      {data.problem && (
        <Banner tone="bad" testid="integration-problem">
          <EvidenceText value={data.problem} limit={600} />
        </Banner>
      )}
      <div className={classes.split}>
        <div className={classes.form}>
          {vendor ? (
            <IntegrationForm
              key={saved}
              vendor={vendor}
              integration={data}
              busy={save.isPending}
              error={save.error}
              onSave={(draft) =>
                save.mutate({ id, form: sent(draft) }, { onSuccess: () => setSaved(saved + 1) })
              }
            />
          ) : (
            <Banner tone="warn">This version of Varve does not know the vendor {data.vendor}.</Banner>
          )}
        </div>
        <div className={classes.side}>
          <Rights key={saved} integration={data} asked={saved > 0} />
          <IntegrationFacts integration={data} />
        </div>
      </div>
    </div>
  );
}
