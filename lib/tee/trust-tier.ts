// How far each party is kept from a tenant's data, by what is really wired.

/** How far a party is from a tenant's data. Ordered: TRUSTED < ISOLATED < OUT < OUT_PROVEN. */
export class Distance {
  /** Nothing but good will keeps the party out. */
  public static readonly TRUSTED = new Distance("TRUSTED", 0);
  /** A sandbox stands between, of the same owner as the party's. */
  public static readonly ISOLATED = new Distance("ISOLATED", 1);
  /** Hardware or a host-side control keeps the party out; nobody has checked the evidence. */
  public static readonly OUT = new Distance("OUT", 2);
  /** As OUT, and evidence was verified before anything secret was released. */
  public static readonly OUT_PROVEN = new Distance("OUT_PROVEN", 3);

  private constructor(
    public readonly name: string,
    private readonly rank: number,
  ) {}

  /** Steps by which this stays below `other`; 0 when it reaches it. */
  public stepsBelow(other: Distance): number {
    return Math.max(0, other.rank - this.rank);
  }

  /** True when this is as far as `other`, or farther. */
  public reaches(other: Distance): boolean {
    return this.rank >= other.rank;
  }

  public toString(): string {
    return this.name;
  }
}

/** One distance for each of the three parties. */
export interface Distances {
  /** The provider's hypervisor and whoever operates it. */
  readonly provider: Distance;
  /** Administrators of the host cluster. */
  readonly hostAdmin: Distance;
  /** Other tenants. */
  readonly neighbours: Distance;
}

/** Somebody who can be kept out. */
export class Party {
  /** The provider's hypervisor and whoever operates it. */
  public static readonly PROVIDER = new Party("provider", "the provider's hypervisor");
  /** Administrators of the host cluster. */
  public static readonly HOST_ADMIN = new Party("hostAdmin", "host-cluster administrators");
  /** Other tenants. */
  public static readonly NEIGHBOURS = new Party("neighbours", "neighbours");

  /** All of them, in the order tables print them. */
  public static readonly ALL: readonly Party[] = [Party.PROVIDER, Party.HOST_ADMIN, Party.NEIGHBOURS];

  private constructor(
    /** The column of Distances. */
    public readonly key: keyof Distances,
    public readonly label: string,
  ) {}

  public toString(): string {
    return this.label;
  }
}

/** The columns in which what is had stays below what is required. */
export function shortfalls(has: Distances, required: Distances): Shortfall[] {
  return Party.ALL.filter(({ key }) => !has[key].reaches(required[key])).map(({ key, label }) => ({
    party: label,
    has: has[key],
    needs: required[key],
  }));
}

/** A column in which something stays below what is required. */
export interface Shortfall {
  readonly party: string;
  readonly has: Distance;
  readonly needs: Distance;
}

/** Somebody who must still be trusted, and why. */
export interface Trusted {
  /** Short, for tables. */
  readonly who: string;
  /** A half sentence. */
  readonly why: string;
}

interface TierText {
  /** What is wired when this tier is reached. */
  readonly reachedBy: string;
  readonly stillTrusted: readonly Trusted[];
  /** Why no pool grants it, when none does. */
  readonly notGranted?: string;
}

const PROVIDER: Trusted = { who: "provider", why: "it can read the nodes' memory" };
const CONTROL_PLANE: Trusted = {
  who: "provider (control plane, disks)",
  why:
    "memory of nodes is out of its reach, but it runs the managed control plane and sees etcd, " +
    "and volumes are encrypted and decrypted outside the nodes",
};
const CLUSTER_ADMIN: Trusted = {
  who: "host admins",
  why: "they can read etcd, exec into pods and change guardrails",
};
/** Of a pool that several tenants share. An own pool takes it away: there nobody else's pods run. */
const NEIGHBOURS: Trusted = {
  who: "neighbours",
  why: "pods of several tenants share a node, its kernel and its memory; a pool of the tenant's own keeps them out",
};
const NEIGHBOURS_OF_SANDBOXES: Trusted = {
  who: "neighbours",
  why:
    "a sandbox stands between pods, but they share a node and the host kernel under it; " +
    "a pool of the tenant's own keeps them out",
};
/** How a pool of a tenant's own keeps others off it. */
const OWN_POOL = "of the tenant's own, with the admission rules that keep everybody else's pods off it";

/**
 * A trust tier: a name for how far each of three parties is kept out. Tiers are no ladder: compare column by column.
 */
export class TrustTier {
  /** Plain nodes: one kernel, one hypervisor. */
  public static readonly SHARED = new TrustTier(
    "SHARED",
    { provider: Distance.TRUSTED, hostAdmin: Distance.TRUSTED, neighbours: Distance.TRUSTED },
    {
      reachedBy: "plain nodes",
      stillTrusted: [PROVIDER, CLUSTER_ADMIN, NEIGHBOURS],
    },
  );

  /** Pods in a sandbox of their own: Kata, Firecracker, gVisor. No protection against the provider. */
  public static readonly ISOLATED = new TrustTier(
    "ISOLATED",
    { provider: Distance.TRUSTED, hostAdmin: Distance.TRUSTED, neighbours: Distance.ISOLATED },
    {
      reachedBy: "a pool of sandboxed pods: Kata on AKS (pod sandboxing)",
      stillTrusted: [PROVIDER, CLUSTER_ADMIN, NEIGHBOURS_OF_SANDBOXES],
    },
  );

  /** Nodes whose memory the provider's hypervisor cannot read. Memory only: disks and etcd are other matters. */
  public static readonly CONFIDENTIAL_NODE = new TrustTier(
    "CONFIDENTIAL_NODE",
    { provider: Distance.OUT, hostAdmin: Distance.TRUSTED, neighbours: Distance.TRUSTED },
    {
      reachedBy: "a pool of SEV-SNP, TDX or SEV nodes",
      stillTrusted: [CONTROL_PLANE, CLUSTER_ADMIN, NEIGHBOURS],
    },
  );

  /** As CONFIDENTIAL_NODE, with evidence checked before tenants' pods land. Nothing grants it yet. */
  public static readonly ATTESTED_NODE = new TrustTier(
    "ATTESTED_NODE",
    { provider: Distance.OUT_PROVEN, hostAdmin: Distance.TRUSTED, neighbours: Distance.TRUSTED },
    {
      reachedBy: "a confidential pool whose nodes are attested, with a lease that is renewed",
      stillTrusted: [CONTROL_PLANE, CLUSTER_ADMIN, NEIGHBOURS],
      notGranted:
        "no node attester exists (agent, controller outside the tenants' cluster, lease, taint put back on failure)",
    },
  );

  /** One confidential virtual machine per pod, with a digest allow-list. Nothing grants it yet. */
  public static readonly CONFIDENTIAL_POD = new TrustTier(
    "CONFIDENTIAL_POD",
    { provider: Distance.OUT_PROVEN, hostAdmin: Distance.OUT_PROVEN, neighbours: Distance.OUT_PROVEN },
    {
      reachedBy: "Confidential Containers, one pod VM per pod, with a digest allow-list",
      stillTrusted: [{ who: "host admins", why: "for availability only" }],
      notGranted: "no pool with confidential pod VMs exists in this release",
    },
  );

  /**
   * A Nitro Enclave whose keys are released on its measurement: the host and its administrators are out, AWS stays in.
   * It covers what runs in the enclave, and nothing beside it.
   */
  public static readonly NITRO_ENCLAVE = new TrustTier(
    "ENCLAVE",
    { provider: Distance.TRUSTED, hostAdmin: Distance.OUT_PROVEN, neighbours: Distance.OUT_PROVEN },
    {
      reachedBy:
        "a pool with enclaves, and a verifier of kind nitro-enclave that releases keys on reference values; it covers the enclave alone",
      stillTrusted: [
        { who: "AWS", why: "the Nitro hypervisor carries the isolation" },
        {
          who: "everybody outside the enclave",
          why:
            "virtual cluster, pods beside the enclave, volumes and Kubernetes Secrets are not covered by the tier: provider and " +
            "host admins reach them as on plain nodes, and neighbours share the node unless the pool is the tenant's own",
        },
      ],
      notGranted:
        "no pool reaches it by itself: it takes quota.enclaves and a verifier of kind nitro-enclave with reference values",
    },
  );

  /** An SGX enclave. Nothing grants it yet: pods on a node with SGX are outside the enclave. */
  public static readonly SGX_ENCLAVE = new TrustTier(
    "ENCLAVE",
    { provider: Distance.OUT_PROVEN, hostAdmin: Distance.OUT_PROVEN, neighbours: Distance.OUT_PROVEN },
    {
      reachedBy: "an SGX enclave whose quote is verified",
      stillTrusted: [{ who: "Intel", why: "it makes the processor and holds the quoting key" }],
      notGranted: "a pool can offer SGX, but nothing in this release attests what runs in an enclave",
    },
  );

  /** All of them, in the order docs print them: what shared pools reach, each followed by what an own pool does. */
  public static readonly ALL: readonly TrustTier[] = [
    TrustTier.SHARED,
    TrustTier.ISOLATED,
    TrustTier.CONFIDENTIAL_NODE,
    TrustTier.ATTESTED_NODE,
    TrustTier.CONFIDENTIAL_POD,
    TrustTier.NITRO_ENCLAVE,
    TrustTier.SGX_ENCLAVE,
  ].flatMap((tier) => (tier.onOwnPool === tier ? [tier] : [tier, tier.onOwnPool]));

  /** The tier of that name, on a shared pool; undefined when there is none. */
  public static find(name: string): TrustTier | undefined {
    return TrustTier.ALL.find((tier) => tier.name === name);
  }

  private readonly own?: TrustTier;

  private constructor(
    public readonly name: string,
    public readonly distances: Distances,
    private readonly text: TierText,
    /** True where the pool is one tenant's own. */
    public readonly ownPool: boolean = false,
  ) {
    if (ownPool || distances.neighbours.reaches(Distance.OUT)) return;
    this.own = new TrustTier(
      name,
      { ...distances, neighbours: Distance.OUT },
      {
        ...text,
        reachedBy: `${text.reachedBy}, ${OWN_POOL}`,
        stillTrusted: text.stillTrusted.filter(({ who }) => who !== NEIGHBOURS.who),
      },
      true,
    );
  }

  /**
   * What a tenant reaches when the pool is its own: neighbours OUT, because admission rules refuse everybody else's pods
   * there. The tier itself where neighbours are out on any pool.
   */
  public get onOwnPool(): TrustTier {
    return this.own ?? this;
  }

  /** For tables: the name, and whether it takes a pool of the tenant's own. */
  public get label(): string {
    return this.ownPool ? `${this.name}, own pool` : this.name;
  }

  /** What is wired when this tier is reached. */
  public get reachedBy(): string {
    return this.text.reachedBy;
  }

  /** Who must still be trusted and why, for reports. */
  public get stillTrusted(): readonly Trusted[] {
    return this.text.stillTrusted;
  }

  /** Why no pool grants this tier by itself; undefined when pools reach it. A verifier can grant `NITRO_ENCLAVE`. */
  public get notGranted(): string | undefined {
    return this.text.notGranted;
  }

  /** True when every party is at least as far as required. */
  public meets(required: Distances): boolean {
    return this.shortfalls(required).length === 0;
  }

  /** The columns in which this tier stays below what is required. */
  public shortfalls(required: Distances): Shortfall[] {
    return shortfalls(this.distances, required);
  }

  public toString(): string {
    return this.name;
  }
}
