// What a tenant's data needs: a required distance for each party.
import { Distance, type Distances } from "./trust-tier";

const NOTHING: Distances = {
  provider: Distance.TRUSTED,
  hostAdmin: Distance.TRUSTED,
  neighbours: Distance.TRUSTED,
};

/** How sensitive a tenant's data is, and so how far each party must be kept from it. */
export class Sensitivity {
  /** Requires nothing. */
  public static readonly PUBLIC = new Sensitivity("public", NOTHING);
  /** Requires the provider OUT. */
  public static readonly INTERNAL = new Sensitivity("internal", { ...NOTHING, provider: Distance.OUT });
  /** Requires provider and neighbours OUT. */
  public static readonly CONFIDENTIAL = new Sensitivity("confidential", {
    ...NOTHING,
    provider: Distance.OUT,
    neighbours: Distance.OUT,
  });
  /** Requires the provider OUT_PROVEN and neighbours OUT. */
  public static readonly REGULATED = new Sensitivity("regulated", {
    ...NOTHING,
    provider: Distance.OUT_PROVEN,
    neighbours: Distance.OUT,
  });
  /** Requires host-cluster administrators and neighbours OUT_PROVEN. */
  public static readonly SEALED = new Sensitivity("sealed", {
    ...NOTHING,
    hostAdmin: Distance.OUT_PROVEN,
    neighbours: Distance.OUT_PROVEN,
  });

  /** All of them, least first. */
  public static readonly ALL: readonly Sensitivity[] = [
    Sensitivity.PUBLIC,
    Sensitivity.INTERNAL,
    Sensitivity.CONFIDENTIAL,
    Sensitivity.REGULATED,
    Sensitivity.SEALED,
  ];

  /** The sensitivity of that name, if there is one. */
  public static find(name: string): Sensitivity | undefined {
    return Sensitivity.ALL.find((s) => s.name === name);
  }

  private constructor(
    public readonly name: string,
    public readonly requires: Distances,
  ) {}

  public toString(): string {
    return this.name;
  }
}
