// A tenant as it stands on a live host.
import { tenantView, type TenantView } from "../../../lib/testing/tenant-view";
import type { HostClient } from "../../real/support/host-api/client";

/** Reads a tenant off its Namespace. */
export async function viewOf(client: HostClient, tenant: string): Promise<TenantView> {
  const { metadata } = await client.must({ path: `/api/v1/namespaces/tenant-${tenant}` });
  return tenantView(metadata!.name!, metadata!.labels ?? {}, metadata!.annotations ?? {});
}
