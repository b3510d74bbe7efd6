// Describes the three hosts, and, run by itself, writes hosts/*.json: for `tenclave lock --hosts`, and for repositories
// that hold tenants only. Run it after a change of platform.ts, before the lock.
import { join } from "node:path";
import { explained, HostFile, TenantDirectory, type HostReference } from "tenclave";
import { EksHost, type EksHostOptions } from "tenclave/aws";
import { AksHost, type AksHostOptions } from "tenclave/azure";
import { GkeHost, type GkeHostOptions } from "tenclave/google";
import { onAws, onAzure, onGoogle } from "./platform";

export interface Hosts {
  /** Options of the three, with patterns expanded. */
  readonly options: {
    readonly azure: AksHostOptions;
    readonly google: GkeHostOptions;
    readonly aws: EksHostOptions;
  };
  /** The same, checked. New tenants are placed on the first that takes them. */
  readonly references: {
    readonly azure: HostReference;
    readonly google: HostReference;
    readonly aws: HostReference;
  };
}

/** Checks all hosts. A pattern becomes a pool of each tenant that names it. */
export function describeHosts(tenants: string): Hosts {
  const azure = { ...onAzure, pools: TenantDirectory.pools(tenants, onAzure.pools, onAzure.name) };
  return {
    options: { azure, google: onGoogle, aws: onAws },
    references: {
      azure: AksHost.reference(azure),
      google: GkeHost.reference(onGoogle),
      aws: EksHost.reference(onAws),
    },
  };
}

if (require.main === module)
  explained(() => {
    const { references } = describeHosts(process.env.TENANTS ?? join(__dirname, "tenants"));
    for (const host of Object.values(references))
      process.stdout.write(`wrote ${HostFile.write(process.env.HOSTS ?? join(__dirname, "hosts"), host)}\n`);
  });
