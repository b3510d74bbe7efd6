// How attacks by other objects than pods are written.
import { Attacker, type Attack, type AttackContext, type Control } from "../attack";
import type { Manifest } from "../requests";

/** Makes the request. */
export type Make = Attack["request"];
/** What is said of an attack beside the usual. */
export type More = Partial<Attack>;

/** An attack that controls refuse, by the syncer unless said otherwise. */
export function refused(
  id: string,
  stoppedBy: readonly Control[],
  does: string,
  why: string,
  request: Make,
  more: More = {},
): Attack {
  return {
    id: `object-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect: "refused",
    stoppedBy,
    request,
    ...more,
  };
}

/** Legitimate use, by the syncer unless said otherwise. */
export function allowed(id: string, does: string, why: string, request: Make, more: More = {}): Attack {
  return {
    id: `object-${id}`,
    as: Attacker.SYNCER,
    does,
    why,
    expect: "allowed",
    stoppedBy: [],
    request,
    ...more,
  };
}

/** An object of the tenant's namespace under exactly this name. */
export function own(
  { tenant }: AttackContext,
  apiVersion: string,
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return { apiVersion, kind, metadata: { name, namespace: tenant.namespace, ...metadata }, ...fields };
}

/** A cluster-wide object. */
export function cluster(
  apiVersion: string,
  kind: string,
  name: string,
  fields: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Manifest {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...fields };
}

/** Of a Service, and of its endpoints. */
export const PORTS = [{ name: "http", port: 80, protocol: "TCP" }];
