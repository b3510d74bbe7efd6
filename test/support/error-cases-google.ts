// How to raise the codes that are first met on google.
import { CniStack } from "../../stacks/google";
import { ConfidentialSpace, GkeHost, GkeNetwork } from "../../lib/google";
import { Tee } from "../../lib/tee/tee";
import { exampleGkeHost, GKE_ATTRIBUTES, gkeHostOptions, gkePool } from "./gke-host";
import { GOOGLE_TRUST } from "./google-trust";
import { app } from "./scope";

const host = (change: Parameters<typeof gkeHostOptions>[0]) => (): unknown =>
  GkeHost.reference(gkeHostOptions(change));

export const GOOGLE_CASES = {
  GKE_ADMIN: host({ admins: ["Platform@example.com"] }),
  GKE_CNI: (): unknown =>
    new CniStack(app(), "cni", { host: GkeHost.byAttributes(exampleGkeHost(), GKE_ATTRIBUTES) }),
  GKE_CPU_PLATFORM: (): unknown =>
    gkePool({ machineType: "n2d-standard-8", tee: Tee.SEV_SNP, minCpuPlatform: "AMD Rome" }),
  GKE_FQDN_POLICY: host({ fqdnPolicies: true }),
  GKE_MAINTENANCE: host({ holdMinor: { from: "2027-01-01", until: "2026-01-01" } }),
  GKE_NETWORK: (): unknown =>
    GkeNetwork.given({
      network: "vpc",
      subnetwork: "",
      podRangeName: "pods",
      serviceRangeName: "services",
      cidr: "10.0.0.0/20",
      internetEgress: true,
    }),
  GKE_RELEASE_CHANNEL: host({ releaseChannel: "RAPID" }),
  GKE_SECURITY_GROUP: host({ securityGroup: "admins@example.com" }),
  GOOGLE_CONDITION: (): unknown =>
    ConfidentialSpace.of({ ...GOOGLE_TRUST, extraCondition: "assertion.swname == 'GCE'" }),
  GOOGLE_TRUST: (): unknown => ConfidentialSpace.of({ ...GOOGLE_TRUST, trustDomain: "gcp-prod" }),
  HOST_GATEWAY: host({ gatewayNamespace: "tenant-acme" }),
  HOST_KUBERNETES: host({ kubernetesVersion: "1.29" }),
  HOST_NAME: host({ name: "Prod_EU" }),
  HOST_PUBLIC_ENDPOINT: host({ publicEndpoint: { cidrs: ["0.0.0.0/0"], reason: "for everybody" } }),
  POOL_DISK: (): unknown => gkePool({ diskType: "hyperdisk-balanced" }),
  POOL_MACHINE_TYPE: (): unknown => gkePool({ machineType: "c3-highmem-8" }),
  POOL_VERSION: (): unknown => gkePool({ imageType: "UBUNTU_CONTAINERD" }),
  POOL_ZONES: (): unknown => gkePool({ machineType: "c4-standard-8", zones: ["europe-west4-c"] }),
};
