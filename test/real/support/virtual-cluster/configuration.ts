// Configurations of control planes: what our stacks hold, and what tenants make of it.
import { checkTenant } from "../../../../lib/tenant/tenant-checks";
import type { TenantSpecInput } from "../../../../lib/tenant/tenant-spec";
import { vclusterValues, type Values } from "../../../../lib/tenant/vcluster-values";
import { exampleHost, exampleTenant } from "../../../support/host";
import { Helm } from "../host-api/helm";
import type { HostApi } from "../host-api/host-api";

/** The complete values of a tenant's release, as Helm merged them. */
export async function mergedValues(api: HostApi, tenant: string): Promise<Values> {
  const helm = await Helm.on(api);
  const ran = await helm.run(
    "get",
    "values",
    tenant,
    `--namespace=tenant-${tenant}`,
    "--all",
    "--output=json",
  );
  if (ran.code !== 0) throw new Error(ran.output);
  return JSON.parse(ran.stdout) as Values;
}

/** A tenant that took over its control plane: all that its own syncer checks and forces is off. */
export function takenOver(values: Values): Values {
  return over(values, {
    policies: { podSecurityStandard: "" },
    sync: {
      toHost: { pods: { runtimeClassName: "", enforceTolerations: [] } },
      fromHost: { nodes: { selector: { labels: null } } },
    },
  });
}

/** A provider that tenant files may name: the fence opens names on 443 only. */
const ISSUER = "https://login.example.com";

/** Values with log-in by an identity provider, as our function of values writes them, but for the provider's address. */
export function withLogin(
  values: Values,
  { issuer, ...oidc }: NonNullable<NonNullable<TenantSpecInput["api"]>["oidc"]>,
): Values {
  const host = exampleHost();
  const tenant = checkTenant(exampleTenant({ api: { oidc: { issuer: ISSUER, ...oidc } } }), host);
  const text = JSON.stringify(vclusterValues({ tenant, host, keepVolumes: true, licensed: false }));
  const asked = JSON.parse(text.replaceAll(ISSUER, issuer)) as Values;
  const { controlPlane, exportKubeConfig, experimental } = asked as Record<string, Values>;
  const { apiServer } = (controlPlane as { distro: { k8s: Values } }).distro.k8s;
  const { serviceAccount } = exportKubeConfig!;
  return over(values, {
    controlPlane: { distro: { k8s: { apiServer } } },
    exportKubeConfig: { serviceAccount },
    experimental,
  });
}

/** Deep merge; lists and texts replace. */
function over(base: Values, change: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change))
    merged[key] = isMap(merged[key]) && isMap(value) ? over(merged[key], value) : value;
  return merged;
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
