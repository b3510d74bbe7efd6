// Repository two: tenants only. It knows the host by its file and reaches it by a kubeconfig; it needs no AWS package.
import {
  ClusterAccess,
  GivenHost,
  HostFile,
  TenantDirectory,
  type App,
  type ChartOverrides,
  type Retention,
} from "tenclave";
import { TenantsStack } from "tenclave/stacks";

/** Reads `hosts/legacy-eu.json`, a copy of what repository one wrote, and checks the tenants against it. */
export function readTenants(
  hostFile: string,
  path: string,
): { directory: TenantDirectory; define: (app: App, options: Options) => TenantsStack[] } {
  const reference = HostFile.read(hostFile);
  const directory = TenantDirectory.load(path, { host: reference });
  const host = GivenHost.by(
    reference,
    ClusterAccess.kubeconfig(
      "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
      "~/.kube/config",
      "legacy-eu",
    ),
  );
  return {
    directory,
    define: (app, options) =>
      directory.shards.map((shard) => new TenantsStack(app, shard.name, { host, shard, ...options })),
  };
}

interface Options {
  readonly retention: Retention;
  readonly charts?: ChartOverrides;
}
