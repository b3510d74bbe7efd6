// A tenant's ways out of the cluster, and the deny of everything else of the internet.
import { LABELS } from "../core/names";
import type { HostReference } from "../host-cluster/host-cluster";
import type { TenantSpec } from "../tenant/tenant-spec";
import { overlaps, parseCidr } from "./cidr";
import {
  allPortsBut,
  clusterwidePolicy,
  type CiliumPolicy,
  type CiliumRule,
  type Port,
} from "./cilium-policy";
import { identityAddresses, internetBut } from "./cluster-fence";
import { workloadsOf } from "./fence-selectors";

/**
 * Workloads reach nothing of the internet but the tenant's egress, whatever a policy in the namespace allows. Cilium
 * cannot take names out of a deny: their ports stay open to everywhere for such a policy.
 */
export function internetPolicy(spec: TenantSpec, host: HostReference): CiliumPolicy {
  const ranges = rangesOf(spec);
  const named = namesOf(spec).flatMap(portsOf);
  const deny = (peers: CiliumRule, free: readonly Port[]): CiliumRule =>
    free.length > 0 ? { ...peers, toPorts: allPortsBut(free) } : peers;
  const cidrs = [...new Set(ranges.map(({ cidr }) => cidr))];
  return clusterwidePolicy(
    `tenclave-internet-${spec.name}`,
    { [LABELS.tenant]: spec.name },
    {
      description: "Workloads reach nothing of the internet but what the tenant's file names.",
      endpointSelector: workloadsOf(spec.name),
      egressDeny: [
        deny({ toCIDRSet: internetBut([...cidrs, ...identityAddresses(host)]) }, named),
        ...cidrs.map((cidr) =>
          deny({ toCIDRSet: [{ cidr }] }, [
            // Ranges may overlap: what one allows, the deny of another must not take.
            ...ranges.filter((one) => overlaps(parseCidr(one.cidr)!, parseCidr(cidr)!)).flatMap(portsOf),
            ...named,
          ]),
        ),
      ],
    },
  );
}

type Egress = TenantSpec["egress"][number];
/** A way out by address. */
export type EgressRange = Egress & { readonly cidr: string };
/** A way out by name. */
export type EgressName = Egress & { readonly fqdn: string };

/** The ways out by address. */
export function rangesOf({ egress }: TenantSpec): EgressRange[] {
  return egress.filter((one): one is EgressRange => one.cidr !== undefined);
}

/** The ways out by name. */
export function namesOf({ egress }: TenantSpec): EgressName[] {
  return egress.filter((one): one is EgressName => one.fqdn !== undefined);
}

/** What one way out opens. */
export function portsOf({ ports, protocol }: Egress): Port[] {
  return ports.map((port) => ({ port, protocol }));
}
