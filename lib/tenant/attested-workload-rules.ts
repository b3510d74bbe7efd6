// Rules of a tenant's attested workloads that need no verifier: names, dates, where values come from, certificates.
import { isDay } from "../core/clock";
import { isName } from "../core/names";
import type { SpecProblem } from "./tenant-rules";
import type { TenantSpec } from "./tenant-spec";

type Workload = NonNullable<TenantSpec["attestation"]>["workloads"][number];
type Path = readonly (string | number)[];

/** Minutes a workload's certificate lives: long enough to be renewed in peace, short enough to need no revocation. */
export const CERTIFICATE_MINUTES = { least: 15, most: 60 } as const;

/** A DNS label: letters, digits and dashes. */
const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const DNS_NAME = new RegExp(`^${LABEL}([.]${LABEL})*$`);

/** Everything that is wrong with a tenant's workloads by themselves. */
export function workloadProblems({ attestation }: TenantSpec): SpecProblem[] {
  const workloads = attestation?.workloads ?? [];
  return workloads.flatMap((workload, index) => {
    const path = ["attestation", "workloads", index];
    const first = workloads.findIndex(({ name }) => name === workload.name);
    return [
      ...nameProblems(workload, first < index, path),
      ...policyProblems(workload, path),
      ...workload.referenceValues.flatMap((set, at) => setProblems(set, [...path, "referenceValues", at])),
      ...certificateProblems(workload, [...path, "certificate"]),
    ];
  });
}

function nameProblems({ name }: Workload, again: boolean, path: Path): SpecProblem[] {
  const rule = !isName(name)
    ? `a workload's name must be a DNS-1123 label of at most 40 characters, got '${name}'; choose another name`
    : again
      ? `a workload's name must stand once in a tenant, got '${name}' again; rename one`
      : undefined;
  return rule === undefined ? [] : [{ code: "ATTESTATION_WORKLOAD", path: [...path, "name"], text: rule }];
}

function policyProblems({ agentPolicy, agentPolicyFile }: Workload, path: Path): SpecProblem[] {
  if (agentPolicy === undefined || agentPolicyFile === undefined) return [];
  return [
    {
      code: "ATTESTATION_WORKLOAD",
      path: [...path, "agentPolicyFile"],
      text: `a workload must have one agent policy, got agentPolicy and '${agentPolicyFile}'; remove one`,
    },
  ];
}

function setProblems(set: Workload["referenceValues"][number], path: Path): SpecProblem[] {
  const { values, file } = set;
  const problem = (key: string, text: string): SpecProblem => ({
    code: "ATTESTATION_REFERENCE",
    path: [...path, key],
    text,
  });
  return [
    ...((values === undefined) === (file === undefined)
      ? [
          problem(
            "values",
            `a release must have values or a file, got ${file === undefined ? "neither" : `values and '${file}'`}; ` +
              (file === undefined ? "add one" : "remove one"),
          ),
        ]
      : []),
    ...(["from", "until"] as const).flatMap((key) => {
      const day = set[key];
      return day === undefined || isDay(day)
        ? []
        : [problem(key, `${key} must be a day of the calendar, got '${day}'; write one like 2026-11-21`)];
    }),
  ];
}

function certificateProblems({ certificate }: Workload, path: Path): SpecProblem[] {
  if (!certificate) return [];
  const { minutes, dnsNames } = certificate;
  const { least, most } = CERTIFICATE_MINUTES;
  const life: SpecProblem[] =
    Number.isInteger(minutes) && minutes >= least && minutes <= most
      ? []
      : [
          {
            code: "CERTIFICATE_LIFE",
            path: [...path, "minutes"],
            text: `a certificate must live ${least} to ${most} whole minutes, got ${minutes}; use 30`,
          },
        ];
  return [
    ...life,
    ...dnsNames.flatMap((name, index): SpecProblem[] => {
      const rule = nameFault(name, dnsNames.indexOf(name) < index);
      return rule === undefined
        ? []
        : [{ code: "ATTESTATION_WORKLOAD", path: [...path, "dnsNames", index], text: rule }];
    }),
  ];
}

function nameFault(name: string, again: boolean): string | undefined {
  if (name.includes("*"))
    return `a certificate must name hosts one by one, without a wildcard, got '${name}'; write each`;
  if (name.length > 253 || !DNS_NAME.test(name) || /^[\d.]+$/.test(name))
    return `a certificate must name hosts by whole DNS names in lower case, got '${name}'; write one like api.acme.svc`;
  return again ? `a name must stand once in a certificate, got '${name}' again; remove one` : undefined;
}
