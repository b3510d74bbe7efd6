// What each way from evidence to a key proves: one table, wiring x negative case.
import type { Trusted } from "../tee/trust-tier";

import { MEASUREMENTS, type Measurement } from "./measurement";

/** Somebody or something that must not get a tenant's secret. */
export class NegativeCase {
  /** Another tenant's workload, with its own identity and its own genuine evidence. */
  public static readonly NEIGHBOUR = new NegativeCase("neighbour", "another tenant's workload");
  /** The tenant's own pod with an image nobody put on the list. */
  public static readonly UNMEASURED_IMAGE = new NegativeCase("unmeasuredImage", "an image off the list");
  /** A TEE in debug mode, whose memory its operator can read. */
  public static readonly DEBUG = new NegativeCase("debug", "a TEE in debug mode");
  /** Evidence, or a token made of it, older than the wiring's bound. */
  public static readonly STALE_EVIDENCE = new NegativeCase("staleEvidence", "evidence older than the bound");
  /** Whoever administers host cluster, account or key store, with policies as they stand. */
  public static readonly ADMINISTRATOR = new NegativeCase("administrator", "an administrator");

  /** All of them, in the order tables print them. */
  public static readonly ALL: readonly NegativeCase[] = [
    NegativeCase.NEIGHBOUR,
    NegativeCase.UNMEASURED_IMAGE,
    NegativeCase.DEBUG,
    NegativeCase.STALE_EVIDENCE,
    NegativeCase.ADMINISTRATOR,
  ];

  private constructor(
    public readonly id: string,
    public readonly label: string,
  ) {}

  public toString(): string {
    return this.id;
  }
}

/** One cell of the table. */
export interface ProvenCase {
  readonly case: NegativeCase;
  /** True: refused, and a test shows it. False: not proven, and nothing may claim it. */
  readonly refused: boolean;
  /** What refuses: `evidence` holds against the host, `identity` only while the host's API server is honest. */
  readonly by?: "evidence" | "identity";
  /** A half sentence: what refuses it, or why it is not proven. */
  readonly why: string;
}

interface WiringText {
  /** What vouches for the evidence. */
  readonly verifier: string;
  /** What relies on the verdict and holds the secret. */
  readonly relyingParty: string;
  /** What the evidence names. */
  readonly covers: string;
  /** Values a workload is known by; none where evidence does not name workloads. */
  readonly measurements: readonly Measurement[];
  /** Minutes a token may be used after the evidence was checked; 0 where evidence travels with each call. */
  readonly tokenMinutes: number;
  /** How pods of the tenant log in to the cloud, where the relying party wants that too. */
  readonly identity?: CloudIdentity;
  readonly cases: Readonly<Record<string, Omit<ProvenCase, "case">>>;
  readonly stillTrusted: readonly Trusted[];
}

/** How pods get a cloud's identity. Shape as WorkloadIdentity.kind. */
export type CloudIdentity = "eks-pod-identity" | "azure-workload-identity" | "gke-workload-identity";

const evidence = (why: string): Omit<ProvenCase, "case"> => ({ refused: true, by: "evidence", why });
const identity = (why: string): Omit<ProvenCase, "case"> => ({ refused: true, by: "identity", why });
const open = (why: string): Omit<ProvenCase, "case"> => ({ refused: false, why });

const NODE_EVIDENCE = "the evidence covers the virtual machine: every pod on it has the same";
const KEY_ADMINS: Trusted = {
  who: "key administrators",
  why:
    "they cannot decrypt, but they can change the policy that says who can, or put another key in its place for new data; " +
    "the audit log shows both",
};
const POLICY_WRITERS: Trusted = {
  who: "whoever deploys the trust stacks",
  why: "policies and reference values say who gets keys",
};
const TRUST_CLUSTER: Trusted = {
  who: "administrators of the trust cluster, its database and Vault",
  why: "they read the signer's key and stored secrets; without a TEE under it, so does that cluster's provider",
};
const HOST_ADMINS: Trusted = {
  who: "host admins",
  why: "they can start a pod on the node, which has the same evidence, under the tenant's identity",
};

/** A way from evidence to a key. Rows of one table; docs/attestation.md is made of it. */
export class Wiring {
  public static readonly NITRO_ENCLAVE = new Wiring("nitro-enclave", {
    verifier: "AWS KMS",
    relyingParty: "AWS KMS",
    covers: "the enclave image",
    measurements: MEASUREMENTS.nitroEnclave,
    tokenMinutes: 0,
    identity: "eks-pod-identity",
    cases: {
      neighbour: evidence("its image has other PCRs, and its role is not the key's"),
      unmeasuredImage: evidence("its PCRs are not in the key policy"),
      debug: evidence("a debug enclave's PCRs are zeros, which no policy holds"),
      staleEvidence: open(
        "AWS publishes no bound on the age of a document; an answer is readable by its enclave alone",
      ),
      administrator: evidence(
        "a call without a matching document is denied, also to the account's root; whom the enclave answers is its own decision",
      ),
    },
    stillTrusted: [
      {
        who: "AWS",
        why: "the Nitro hypervisor isolates the enclave and signs its evidence, and KMS holds the key",
      },
      KEY_ADMINS,
    ],
  });

  public static readonly NITRO_TPM = new Wiring("nitro-tpm", {
    verifier: "AWS KMS",
    relyingParty: "AWS KMS",
    covers: "the boot of an attestable machine image",
    measurements: MEASUREMENTS.nitroTpm,
    tokenMinutes: 0,
    identity: "eks-pod-identity",
    cases: {
      neighbour: identity(
        "its role is not the key's; the evidence is that of the node, which both may share",
      ),
      unmeasuredImage: open(NODE_EVIDENCE),
      debug: open("NitroTPM knows no debug mode: whoever logs in to the instance sees its memory"),
      staleEvidence: open("AWS publishes no bound on the age of a document"),
      administrator: open("whoever can log in to the instance gets the same document"),
    },
    stillTrusted: [
      { who: "AWS", why: "the hypervisor signs the evidence and can read the memory" },
      HOST_ADMINS,
      KEY_ADMINS,
    ],
  });

  public static readonly AZURE_ATTESTATION = new Wiring("azure-attestation", {
    verifier: "Azure Attestation",
    relyingParty: "Azure Key Vault",
    covers: "a confidential virtual machine of Azure",
    measurements: [],
    tokenMinutes: 480,
    identity: "azure-workload-identity",
    cases: {
      neighbour: identity("its identity may not release this key; its evidence would do"),
      unmeasuredImage: open(NODE_EVIDENCE),
      debug: evidence("the release policy wants is-debuggable to be false"),
      staleEvidence: open(
        "tokens of Azure Attestation live eight hours, and Key Vault does not judge their age",
      ),
      administrator: open("a pod that a host administrator starts on the node has the same evidence"),
    },
    stillTrusted: [
      { who: "Microsoft", why: "paravisor, attestation service and key vault are its own, and closed" },
      {
        who: "holders of the tenant's token",
        why: "any confidential machine of Azure has the evidence, so a stolen token of its service account is all that is missing",
      },
      HOST_ADMINS,
      KEY_ADMINS,
    ],
  });

  public static readonly CONFIDENTIAL_SPACE = new Wiring("confidential-space", {
    verifier: "Google Cloud Attestation",
    relyingParty: "Google Cloud KMS",
    covers: "one container on a virtual machine of its own, outside the cluster",
    measurements: MEASUREMENTS.confidentialSpace,
    tokenMinutes: 60,
    cases: {
      neighbour: evidence("its image digest is not the key's"),
      unmeasuredImage: evidence("its digest is not on the list"),
      debug: evidence("the condition wants dbgstat disabled-since-boot and a stable image"),
      staleEvidence: evidence(
        "the token service refuses tokens older than an hour; access it gave lives an hour more",
      ),
      administrator: evidence(
        "the key is bound to the digest, and a deny policy keeps owners from decrypting; arguments and environment " +
          "are as fixed as the image's launch policy makes them, which lets nothing be changed unless it says so",
      ),
    },
    stillTrusted: [
      { who: "Google", why: "it vouches for the evidence and holds the key" },
      {
        who: "pool administrators",
        why: "who may change the pool's condition or the project's deny policy decides who is let in",
      },
      KEY_ADMINS,
    ],
  });

  public static readonly GKE_NODE = new Wiring("gke-node", {
    verifier: "Google Cloud Attestation",
    relyingParty: "Google Cloud KMS",
    covers: "a confidential node of the cluster",
    measurements: [],
    tokenMinutes: 60,
    cases: {
      neighbour: open(`${NODE_EVIDENCE}; only nodes with a service account of the tenant's own differ`),
      unmeasuredImage: open(NODE_EVIDENCE),
      debug: open("tokens of plain virtual machines do not say that debugging is off"),
      staleEvidence: evidence(
        "the token service refuses tokens older than an hour; access it gave lives an hour more",
      ),
      administrator: open("whoever starts a pod with the device on the node gets the same token"),
    },
    stillTrusted: [
      { who: "Google", why: "it vouches for the evidence and holds the key" },
      HOST_ADMINS,
      KEY_ADMINS,
    ],
  });

  public static readonly INTEL_TRUST_AUTHORITY = new Wiring("intel-trust-authority", {
    verifier: "Intel Trust Authority",
    relyingParty: "Vault",
    covers: "a TDX or SEV-SNP virtual machine",
    measurements: [],
    tokenMinutes: 60,
    cases: {
      neighbour: open(`${NODE_EVIDENCE}, and so has everybody's machine that the policy takes`),
      unmeasuredImage: open(NODE_EVIDENCE),
      debug: evidence(
        "the log-in wants the token to say that debug is off, beside the policy that it matched",
      ),
      staleEvidence: open(
        "Intel publishes no life of its tokens, and Vault judges their exp alone, never their iat",
      ),
      administrator: open("a pod that a host administrator starts on the node has the same evidence"),
    },
    stillTrusted: [
      { who: "Intel", why: "its service judges the evidence" },
      HOST_ADMINS,
      POLICY_WRITERS,
      TRUST_CLUSTER,
    ],
  });

  public static readonly TRUSTEE_POD = new Wiring("trustee-pod", {
    verifier: "Trustee",
    relyingParty: "Trustee's key broker and Vault",
    covers:
      "one pod's virtual machine: guest, and what its initialisation data allows to run. SNP and TDX fix that digest at " +
      "launch; on Azure the guest image writes it into PCR8, so there the image's own measurement carries all of this",
    measurements: MEASUREMENTS.trusteePod,
    tokenMinutes: 5,
    cases: {
      neighbour: evidence("its initialisation data has another digest"),
      unmeasuredImage: evidence(
        "the agent policy in the initialisation data names images, and its digest is bound",
      ),
      debug: evidence("the attestation policy contraindicates debug, on Azure too"),
      staleEvidence: evidence("results live five minutes, and broker and Vault refuse expired ones"),
      administrator: evidence(
        "no path opens without an affirming result, and the broker's admin API is closed",
      ),
    },
    stillTrusted: [
      {
        who: "guest image",
        why: "its kernel reads ACPI tables that the host writes and no reference value covers; who builds it decides what comes of them",
      },
      POLICY_WRITERS,
      TRUST_CLUSTER,
      { who: "processor vendor", why: "it signs the evidence" },
    ],
  });

  public static readonly TRUSTEE_NODE = new Wiring("trustee-node", {
    verifier: "Trustee",
    relyingParty: "Trustee's key broker and Vault",
    covers: "a confidential node: for the platform's own secrets, never a tenant's",
    measurements: [],
    tokenMinutes: 5,
    cases: {
      neighbour: open(
        `${NODE_EVIDENCE}, and so has everybody's machine of the same image that reaches the broker`,
      ),
      unmeasuredImage: open(NODE_EVIDENCE),
      debug: evidence("the attestation policy contraindicates debug, on Azure too"),
      staleEvidence: evidence("results live five minutes, and broker and Vault refuse expired ones"),
      administrator: open("a pod that a host administrator starts on the node has the same evidence"),
    },
    stillTrusted: [
      HOST_ADMINS,
      POLICY_WRITERS,
      TRUST_CLUSTER,
      { who: "processor vendor", why: "it signs the evidence" },
    ],
  });

  /** All of them, in the order docs print them. */
  public static readonly ALL: readonly Wiring[] = [
    Wiring.NITRO_ENCLAVE,
    Wiring.NITRO_TPM,
    Wiring.AZURE_ATTESTATION,
    Wiring.CONFIDENTIAL_SPACE,
    Wiring.GKE_NODE,
    Wiring.INTEL_TRUST_AUTHORITY,
    Wiring.TRUSTEE_POD,
    Wiring.TRUSTEE_NODE,
  ];

  /** The wiring of that id, if there is one. */
  public static find(id: string): Wiring | undefined {
    return Wiring.ALL.find((one) => one.id === id);
  }

  private constructor(
    public readonly id: string,
    private readonly text: WiringText,
  ) {}

  public get verifier(): string {
    return this.text.verifier;
  }

  public get relyingParty(): string {
    return this.text.relyingParty;
  }

  /** What the evidence names. */
  public get covers(): string {
    return this.text.covers;
  }

  /** Values a workload is known by. */
  public get measurements(): readonly Measurement[] {
    return this.text.measurements;
  }

  /** Minutes a token may be used after the evidence was checked; 0 where evidence travels with each call. */
  public get tokenMinutes(): number {
    return this.text.tokenMinutes;
  }

  /** How pods log in to the cloud; undefined where the relying party wants no identity. */
  public get identity(): CloudIdentity | undefined {
    return this.text.identity;
  }

  public get stillTrusted(): readonly Trusted[] {
    return this.text.stillTrusted;
  }

  /** The row of the table, in the order of NegativeCase.ALL. */
  public get cases(): readonly ProvenCase[] {
    return NegativeCase.ALL.map((one) => ({ case: one, ...this.text.cases[one.id]! }));
  }

  /** True where evidence names the workload: only then is a key the workload's own. */
  public get namesWorkload(): boolean {
    return this.text.measurements.length > 0 && this.text.cases.unmeasuredImage!.refused;
  }

  public toString(): string {
    return this.id;
  }
}
