// What people write by mistake, from JavaScript or JSON as well: one coded error each, before any construct exists.
import { ConfigurationError, type ErrorCode } from "../../lib/core/errors";
import { GkeHost, GkeNetwork, gkePoolReference, type GkeGivenNetworkOptions } from "../../lib/google";
import { Tee } from "../../lib/tee/tee";
import { GKE_SYSTEM, GKE_TDX, gkeHostOptions } from "../support/gke-host";

type Anything = Record<string, unknown>;

/** The single error of an attempt. */
function failure(attempt: () => unknown): ConfigurationError {
  try {
    attempt();
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

function expectFailure(attempt: () => unknown, code: ErrorCode, words: RegExp): void {
  const error = failure(attempt);
  expect([error.code, error.errors.length]).toEqual([code, 1]);
  expect(error.message).toMatch(words);
  // A source with its year, then what to do.
  expect(error.message).toMatch(/; \S.*$/);
}

const host = (change: Anything) => (): unknown =>
  GkeHost.reference({ ...gkeHostOptions(), ...change } as never);
const pool = (change: Anything) => (): unknown =>
  gkePoolReference({ location: "europe-west4", kubernetesVersion: "1.34" }, {
    ...GKE_TDX,
    ...change,
  } as never);
const GIVEN: GkeGivenNetworkOptions = {
  network: "vpc",
  subnetwork: "nodes",
  podRangeName: "pods",
  serviceRangeName: "services",
  cidr: "10.42.0.0/20",
  internetEgress: true,
};
const given = (change: Anything) => (): unknown =>
  host({ network: GkeNetwork.given({ ...GIVEN, ...change } as never) })();
const window = (change: Anything) =>
  host({
    maintenanceWindow: {
      start: "2026-01-03T02:00:00Z",
      end: "2026-01-03T10:00:00Z",
      recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      ...change,
    },
  });
const PLAIN = { tee: Tee.NONE, machineType: "n2d-standard-4" };

test.each<[string, () => unknown, ErrorCode, RegExp]>([
  // Host: shapes.
  [
    "no options",
    () => GkeHost.reference(null as never),
    "OPTION_TYPE",
    /options must be an object, got null/,
  ],
  ["no name", host({ name: undefined }), "OPTION_TYPE", / host: name must be a text, got undefined/],
  [
    "a key nobody knows",
    host({ zone: "europe-west4-a" }),
    "OPTION_TYPE",
    /options must be made of keys this library knows, got 'zone'/,
  ],
  [
    "a version as number",
    host({ kubernetesVersion: 1.34 }),
    "OPTION_TYPE",
    /kubernetesVersion must be a text, got 1\.34/,
  ],
  [
    "a project number as number",
    host({ projectNumber: 123456789012 }),
    "OPTION_TYPE",
    /projectNumber must be a text/,
  ],
  [
    "a network as plain data",
    host({ network: { cidr: "10.42.0.0/20" } }),
    "OPTION_TYPE",
    /GkeNetwork\.owned/,
  ],
  ["no pools", host({ pools: undefined }), "OPTION_TYPE", /pools must be a list of node pools/],
  ["a pool that is null", host({ pools: [null] }), "OPTION_TYPE", /pools\.0 must be an object, got null/],
  [
    "one range instead of a list",
    host({ apiClientCidrs: "10.8.0.0/24" }),
    "OPTION_TYPE",
    /must be a list of texts/,
  ],
  // null is no way to open the API: it used to, without a reason and without a warning.
  [
    "a public endpoint of null",
    host({ publicEndpoint: null }),
    "OPTION_TYPE",
    /publicEndpoint must be an object, got null/,
  ],
  [
    "a DNS endpoint of null",
    host({ dnsEndpoint: null }),
    "OPTION_TYPE",
    /dnsEndpoint must be an object, got null/,
  ],
  [
    "a DNS endpoint of true",
    host({ dnsEndpoint: true }),
    "OPTION_TYPE",
    /dnsEndpoint must be an object, got true/,
  ],
  [
    "a public endpoint without ranges",
    host({ publicEndpoint: { reason: "a good one" } }),
    "OPTION_TYPE",
    /publicEndpoint\.cidrs/,
  ],
  ["a DNS endpoint without words", host({ dnsEndpoint: { reason: " " } }), "REASON", /dnsEndpoint\.reason/],
  ["retention as text", host({ retention: "destroy" }), "OPTION_TYPE", /Retention\.KEEP/],
  // Host: values.
  ["a version with a patch", host({ kubernetesVersion: "1.34.2" }), "HOST_KUBERNETES", /1\.34, 1\.35/],
  ["no pool at all", host({ pools: [] }), "POOL_SYSTEM", /system: true/],
  ["a zone as region", host({ region: "europe-west4-a" }), "HOST_LOCATION", /not a zone/],
  ["Azure's region", host({ region: "westeurope" }), "HOST_LOCATION", /europe-west4/],
  ["a name of 33 characters", host({ name: "a".repeat(33) }), "HOST_NAME", /33 characters/],
  ["white space around the project", host({ project: "example-platform " }), "HOST_SCOPE", /project id/],
  [
    "pods on Docker's range",
    host({ podCidr: "172.17.0.0/16" }),
    "HOST_RANGES",
    /podCidr must be apart from 172\.17\.0\.0\/16/,
  ],
  [
    "Services on Docker's range",
    host({ serviceCidr: "172.17.16.0/20" }),
    "HOST_RANGES",
    /serviceCidr must be apart/,
  ],
  ["a range with host bits", host({ podCidr: "10.244.1.0/16" }), "HOST_RANGES", /podCidr/],
  [
    "a day no calendar has",
    host({ holdMinor: { from: "2026-02-30", until: "2026-12-01" } }),
    "GKE_MAINTENANCE",
    /holdMinor/,
  ],
  [
    "a last day no calendar has",
    host({ holdMinor: { from: "2026-02-01", until: "2026-13-01" } }),
    "GKE_MAINTENANCE",
    /holdMinor/,
  ],
  [
    "a window that ends before it starts",
    window({ end: "2026-01-03T01:00:00Z" }),
    "GKE_MAINTENANCE",
    /4 to 24 hours/,
  ],
  ["a window of an hour", window({ end: "2026-01-03T03:00:00Z" }), "GKE_MAINTENANCE", /4 to 24 hours/],
  ["a window of two days", window({ end: "2026-01-05T03:00:00Z" }), "GKE_MAINTENANCE", /4 to 24 hours/],
  ["a window on a day no calendar has", window({ start: "2026-02-30T02:00:00Z" }), "GKE_MAINTENANCE", /UTC/],
  [
    "a window of less than 48 hours in 32 days",
    window({ recurrence: "FREQ=WEEKLY;BYDAY=SA" }),
    "GKE_MAINTENANCE",
    /48 hours/,
  ],
  [
    "a window once a year",
    window({ recurrence: "FREQ=YEARLY" }),
    "GKE_MAINTENANCE",
    /daily, weekly or monthly/,
  ],
  ["a recurrence that is none", window({ recurrence: "FREQ=DAILY;;" }), "GKE_MAINTENANCE", /RFC 5545/],
  // Networks.
  [
    "an owned network of nothing",
    () => GkeNetwork.owned(undefined as never),
    "OPTION_TYPE",
    /GkeNetwork\.owned: options/,
  ],
  ["a given network without its VPC", given({ network: undefined }), "OPTION_TYPE", /network must be a text/],
  [
    "a given network that is silent on egress",
    given({ internetEgress: undefined }),
    "OPTION_TYPE",
    /internetEgress/,
  ],
  [
    "a VPC by its address",
    given({ network: "https://www.googleapis.com/compute/v1/projects/p/global/networks/n" }),
    "GKE_NETWORK",
    /network must be a name/,
  ],
  [
    "a subnet without its region",
    given({ subnetwork: "projects/net/subnetworks/gke" }),
    "GKE_NETWORK",
    /regions\/<region>/,
  ],
  [
    "a subnet of another region",
    given({ subnetwork: "projects/net/regions/us-east1/subnetworks/gke" }),
    "GKE_NETWORK",
    /host's region europe-west4.*us-east1/,
  ],
  ["one secondary range for both", given({ serviceRangeName: "pods" }), "GKE_NETWORK", /two ranges/],
  ["a secondary range in capitals", given({ podRangeName: "Pods" }), "GKE_NETWORK", /'Pods'/],
  ["an MTU of NaN", given({ mtu: NaN }), "GKE_NETWORK", /1300 to 8896, got NaN/],
  ["an MTU above", given({ mtu: 9001 }), "GKE_NETWORK", /1300 to 8896, got 9001/],
  ["an MTU below", given({ mtu: 1299 }), "GKE_NETWORK", /1300 to 8896, got 1299/],
  // Pools.
  [
    "no pool options",
    () => gkePoolReference({ location: "europe-west4", kubernetesVersion: "1.34" }, null as never),
    "OPTION_TYPE",
    /options must be an object/,
  ],
  ["a pool's key in the wrong case", pool({ machinetype: "c3-standard-8" }), "OPTION_TYPE", /'machinetype'/],
  ["a TEE as text", pool({ tee: "tdx" }), "OPTION_TYPE", /tee must be one of class Tee.*got 'tdx'/],
  [
    "a TEE of null, which used to be none",
    pool({ tee: null }),
    "OPTION_TYPE",
    /tee must be one of class Tee/,
  ],
  ["a flag as text", pool({ spot: "no" }), "OPTION_TYPE", /spot must be true or false, got 'no'/],
  [
    "a zone instead of a list",
    pool({ zones: "europe-west4-a" }),
    "OPTION_TYPE",
    /zones must be a list of texts/,
  ],
  ["a reason as number", pool({ acceptUnproven: 5 }), "OPTION_TYPE", /acceptUnproven must be a text/],
  ["Azure's size", pool({ machineType: "Standard_DC4as_v5" }), "POOL_MACHINE_TYPE", /c3-standard/],
  ["Amazon's type", pool({ machineType: "m6a.large" }), "POOL_MACHINE_TYPE", /c3-standard/],
  ["a machine type in capitals", pool({ machineType: "C3-STANDARD-8" }), "POOL_MACHINE_TYPE", /c3-standard/],
  ["nodes of NaN", pool({ minNodes: NaN }), "POOL_SIZE", /NaN/],
  ["fewer nodes than none", pool({ minNodes: -1 }), "POOL_SIZE", /-1/],
  ["nodes as text", pool({ maxNodes: "3" }), "OPTION_TYPE", /maxNodes must be a number, got '3'/],
  ["zones of nothing", pool({ zones: [] }), "POOL_ZONES", /\[\]/],
  ["a zone twice", pool({ zones: ["europe-west4-a", "europe-west4-a"] }), "POOL_ZONES", /europe-west4-a/],
  [
    "a zone the region does not have",
    pool({ zones: ["europe-west4-z"] }),
    "POOL_ZONES",
    /use europe-west4-a/,
  ],
  [
    "a plain pool in a zone the region does not have",
    pool({ ...PLAIN, zones: ["europe-west4-d"] }),
    "POOL_ZONES",
    /use europe-west4-a/,
  ],
  ["a node version without its patch", pool({ nodeVersion: "1.34" }), "POOL_VERSION", /1\.34\.1-gke/],
  ["an image in small letters", pool({ imageType: "cos_containerd" }), "POOL_OS", /COS_CONTAINERD/],
  [
    "a reservation of nothing",
    pool({ ...PLAIN, reservation: "" }),
    "POOL_FEATURE",
    /reservation must be a name/,
  ],
  [
    "a node group in capitals",
    pool({ ...PLAIN, soleTenantNodeGroup: "Group" }),
    "POOL_FEATURE",
    /soleTenantNodeGroup must be a name/,
  ],
  [
    "a reservation for spot nodes",
    pool({ ...PLAIN, reservation: "spare", spot: true }),
    "POOL_FEATURE",
    /spot/,
  ],
  [
    "spot nodes on sole-tenant hosts",
    pool({ ...PLAIN, soleTenantNodeGroup: "hosts", spot: true }),
    "POOL_UNPROVEN",
    /spot nodes start on sole-tenant/,
  ],
  [
    "E2 on sole-tenant hosts",
    pool({ ...PLAIN, machineType: "e2-standard-4", soleTenantNodeGroup: "hosts" }),
    "POOL_FEATURE",
    /E2.*n2d-standard-4/,
  ],
  [
    "spot nodes that should move",
    pool({ ...PLAIN, spot: true, expectLiveMigration: true }),
    "POOL_FEATURE",
    /as spot capacity stops/,
  ],
  [
    "SEV spot nodes of Milan that should move",
    pool({ ...PLAIN, tee: Tee.SEV, minCpuPlatform: "AMD Milan", spot: true, expectLiveMigration: true }),
    "POOL_FEATURE",
    /as spot capacity stops/,
  ],
  ["a system pool in a TEE", pool({ system: true }), "POOL_SYSTEM", /plain/],
])("%s", (_, attempt, code, words) => {
  expectFailure(attempt, code, words);
});

test.each([
  ["FREQ=DAILY", "2026-01-03T06:00:00Z"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE", "2026-01-03T06:00:00Z"],
  ["FREQ=MONTHLY;BYDAY=SA", "2026-01-04T02:00:00Z"],
])("a window of %s until %s is taken", (recurrence, end) => {
  expect(window({ recurrence, end })).not.toThrow();
});

test("options left out by undefined are left out", () => {
  expect(host({ publicEndpoint: undefined, podCidr: undefined, pools: [GKE_SYSTEM] })).not.toThrow();
});
