// Objects of a second copy of the library, as of two versions in one node_modules, are as good as our own.
import { Retention, Tee } from "../../lib";
import { AksCni, AksEgress, AksHost, AksNetwork, AksNodeOsChannel } from "../../lib/azure";
import { EksHost, EksNetwork, EksNodePool } from "../../lib/aws";
import { Testing } from "../../lib/core/cdk";
import { GkeHost, GkeNetwork } from "../../lib/google";
import { AKS_SNP, AKS_SYSTEM, aksOptions } from "../support/aks";
import { GKE_SYSTEM, GKE_TDX, gkeHostOptions } from "../support/gke-host";
import { hostOptions } from "../support/host";
import { connectedHost, stack } from "../support/scope";

const OURS = { Retention, Tee, AksCni, AksEgress, AksNetwork, AksNodeOsChannel, EksNetwork, GkeNetwork };
type Copy = typeof OURS;

let copy: Copy = OURS;
jest.isolateModules(() => {
  const load = (entry: string): Copy => jest.requireActual<Copy>(`../../lib/${entry}`);
  copy = { ...load("index"), ...load("azure"), ...load("aws"), ...load("google") };
});

test("it is a second copy", () => {
  expect(copy.Tee).not.toBe(Tee);
  expect(copy.AksNetwork).not.toBe(AksNetwork);
});

const aks = (from: Copy): unknown =>
  AksHost.reference(
    aksOptions({
      network: from.AksNetwork.owned({ cidr: "10.42.0.0/16", egress: from.AksEgress.LOAD_BALANCER }),
      cni: from.AksCni.MANAGED_CILIUM,
      nodeOsChannel: from.AksNodeOsChannel.SECURITY_PATCH,
      retention: from.Retention.destroy("for a test"),
      pools: [AKS_SYSTEM, { ...AKS_SNP, tee: from.Tee.SEV_SNP }],
    }),
  );
const eks = (from: Copy): unknown =>
  EksHost.reference(
    hostOptions({
      network: from.EksNetwork.owned({ cidr: "10.42.0.0/16" }),
      retention: from.Retention.destroy("for a test"),
      pools: hostOptions().pools.map((pool) => ({ ...pool, tee: from.Tee.find(pool.tee?.id ?? "none")! })),
    }),
  );
const gke = (from: Copy): unknown =>
  GkeHost.reference(
    gkeHostOptions({
      network: from.GkeNetwork.owned({ cidr: "10.42.0.0/20" }),
      retention: from.Retention.destroy("for a test"),
      pools: [GKE_SYSTEM, { ...GKE_TDX, tee: from.Tee.TDX }],
    }),
  );

test.each([
  ["AKS", aks],
  ["EKS", eks],
  ["GKE", gke],
])("%s takes them", (_, reference) => {
  expect(reference(copy)).toEqual(reference(OURS));
});

test.each([
  [
    "AKS",
    (): unknown =>
      AksHost.reference(aksOptions({ network: GkeNetwork.owned({ cidr: "10.42.0.0/20" }) as never })),
  ],
  [
    "EKS",
    (): unknown =>
      EksHost.reference(hostOptions({ network: AksNetwork.owned({ cidr: "10.42.0.0/16" }) as never })),
  ],
  [
    "GKE",
    (): unknown =>
      GkeHost.reference(gkeHostOptions({ network: EksNetwork.owned({ cidr: "10.42.0.0/16" }) as never })),
  ],
])("%s refuses another cloud's network", (_, attempt) => {
  expect(attempt).toThrow(
    /\[OPTION_TYPE\] host\.prod: network must be made by \w+\.owned or \w+\.given, got an object/,
  );
});

test("checks hold for them, too", () => {
  expect(() =>
    copy.AksNetwork.given({ subnetId: "", cidr: "10.0.0.0/16", egress: AksEgress.NAT_GATEWAY }),
  ).toThrow(/\[HOST_SCOPE\]/);
  expect(() =>
    AksNetwork.owned({ cidr: "10.42.0.0/16", egress: copy.AksEgress.USER_DEFINED_ROUTES }),
  ).toThrow(/\[HOST_RANGES\]/);
  const gpu = {
    name: "gpu",
    vmSize: "Standard_NCC40ads_H100_v5",
    tee: copy.Tee.SEV_SNP,
    minNodes: 0,
    maxNodes: 1,
    acceptUnproven: "for a test",
  };
  expect(() =>
    AksHost.reference(
      aksOptions({ pools: [AKS_SYSTEM, gpu], nodeOsChannel: copy.AksNodeOsChannel.SECURITY_PATCH }),
    ),
  ).toThrow(/\[POOL_OS\]/);
  const sgx = { name: "sgx", vmSize: "Standard_DC4s_v3", tee: copy.Tee.SGX, minNodes: 0, maxNodes: 1 };
  expect(() => AksHost.reference(aksOptions({ pools: [AKS_SYSTEM, sgx] }))).toThrow(
    /\[POOL_FEATURE\] pools\.sgx/,
  );
});

test("nodes run in the TEE they name, and nothing else is taken for one", () => {
  const scope = stack();
  const pool = { ...hostOptions().pools[2]!, tee: copy.Tee.SEV_SNP };
  const made = new EksNodePool(scope, "Pool", { ...pool, host: connectedHost(scope) });
  expect(made.tee).toBe(Tee.SEV_SNP);
  expect(Testing.synth(scope)).toContain('"amd_sev_snp": "enabled"');
  expect(() =>
    EksHost.reference(hostOptions({ pools: [{ ...pool, tee: { id: "sev-snp" } as unknown as Tee }] })),
  ).toThrow(/\[OPTION_TYPE\] pools\.snp: tee must be one of class Tee/);
});
