import { Link } from 'react-router';
import type { Vendor } from '@/api/types.ts';
import { sourceName } from '@/ui/sources.ts';
import classes from './Integrations.module.css';
import { usesText } from './Uses.tsx';

/** The vendors there are to choose from. */
export function VendorCards({ vendors }: { vendors: Vendor[] }) {
  return (
    <div className={classes.cards} data-testid="vendors">
      {vendors.map((vendor) => (
        <Link
          key={vendor.name}
          to={`/integrations/new?vendor=${encodeURIComponent(vendor.name)}`}
          className={classes.card}
          data-testid="vendor-card"
          data-vendor={vendor.name}
        >
          <strong>{vendor.label}</strong>
          <span className="dim">
            {usesText(vendor.uses, vendor.sources.length > 0)}
            {vendor.sources.length > 1 && `; alerts of ${vendor.sources.map(sourceName).join(', ')}`}
          </span>
        </Link>
      ))}
    </div>
  );
}
