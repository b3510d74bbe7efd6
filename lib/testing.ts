// Entry point `tenclave/testing`: what a stack synthesizes, and attacks on it.
export type { KubernetesObject } from "./core/manifest-release";
export { Fence } from "./testing/fence";
export type {
  FenceAddress,
  FenceCluster,
  FenceNamespace,
  FenceNode,
  FencePod,
  Flow,
  FlowVerdict,
} from "./testing/fence-cluster";
export { Template, type TerraformType } from "./testing/template";
export {
  Attacker,
  type Attack,
  type AttackContext,
  type AttackRequest,
  type Control,
} from "./testing/attack";
export { ATTACKS } from "./testing/attacks";
export { BENCHMARKS, type Benchmark } from "./testing/attacks/benchmarks";
export { contacts, type KeepApartOptions } from "./testing/keep-apart";
export {
  attack,
  testHost,
  type AttackOptions,
  type AttackReport,
  type Stack,
  type TestHostOptions,
} from "./testing/kit";
export { matchers } from "./testing/matchers";
export * as requests from "./testing/requests";
export type { TenantView } from "./testing/tenant-view";
export type { TestHost } from "./testing/test-host";
export type { Outcome } from "./testing/verdict";
