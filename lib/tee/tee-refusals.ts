// Why nodes of a cloud cannot have a TEE, from the table of offers.
import { ConfigurationError } from "../core/errors";
import type { Tee } from "./tee";
import { TEE_COMPARISON } from "./tee-comparison";
import { TEE_CLOUDS, TEE_OFFERS, type TeeOffer } from "./tee-offers";

/** A TEE that nodes of a cloud cannot have. Fits a POOL_TEE refusal. */
export interface TeeRefusal {
  /** A clause, like `AKS does not support …`. */
  readonly why: string;
  /** The vendor's page, with its date. */
  readonly source: string;
  /** What works instead, with machine types. */
  readonly use: string;
}

/**
 * Why no pool on `cloud` (aws, azure or google) can have the TEE; undefined when one can, and for `Tee.NONE`. Fails
 * with TEE_QUERY for another cloud.
 */
export function teeRefusal(cloud: string, tee: Tee): TeeRefusal | undefined {
  assertCloud("teeRefusal", cloud);
  const offer = offerOf(cloud, tee);
  if (!offer?.notForPools) return undefined;
  return { why: offer.notForPools, source: offer.source, use: alternatives(offer) };
}

/** What a cloud sells of a TEE; undefined for `Tee.NONE`. */
export function offerOf(cloud: string, tee: Tee): TeeOffer | undefined {
  return TEE_OFFERS.find((offer) => offer.cloud === cloud && offer.tee === tee);
}

/** Throws TEE_QUERY for a cloud that is none of the three. */
export function assertCloud(scope: string, cloud: string): void {
  if (TEE_CLOUDS.includes(cloud)) return;
  throw new ConfigurationError(
    "TEE_QUERY",
    scope,
    `cloud must be one this library knows, got '${cloud}'; use one of ${TEE_CLOUDS.join(", ")}`,
  );
}

/** What pools of the same cloud can have, then where else the TEE is had. */
function alternatives({ cloud, tee }: TeeOffer): string {
  const here = TEE_OFFERS.filter((offer) => offer.cloud === cloud && offer.example).map(
    (offer) => `${offer.tee.label} on machine types like ${offer.example}`,
  );
  const elsewhere = TEE_OFFERS.filter((offer) => offer.tee === tee && offer.example).map(
    (offer) => `${offer.cloud} on machine types like ${offer.example}`,
  );
  const gpus = TEE_OFFERS.filter((offer) => offer.gpu && TEE_COMPARISON.get(tee)?.gpu).map(
    (offer) => `${offer.tee.label} on ${offer.gpu!.machineType} (${offer.cloud})`,
  );
  return [
    `use ${here.join(", ")}, or a plain pool`,
    ...(elsewhere.length > 0 ? [`${tee.label} itself is had on ${elsewhere.join(", ")}`] : []),
    ...(gpus.length > 0 ? [`a confidential GPU comes with ${gpus.join(", ")}`] : []),
  ].join("; ");
}
