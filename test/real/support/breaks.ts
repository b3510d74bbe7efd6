// Ways to break a host stack: each must be refused, in words that name the break.
import type { Configuration } from "./configuration";

type Fields = Record<string, unknown>;

/** A change to a stack's main resource that no core may let through. */
export interface Break {
  readonly name: string;
  readonly change: (cluster: Fields, configuration: Configuration) => void;
  /** What the refusal says, with white space and frames taken out. */
  readonly words: RegExp;
}

/** One cloud's host cluster and the breaks tried on it. */
export interface ClusterBreaks {
  /** The stack class that makes it. */
  readonly stackFile: string;
  readonly resource: string;
  readonly breaks: readonly Break[];
}

export const BREAKS: readonly ClusterBreaks[] = [
  {
    stackFile: "eks-host-stack.ts",
    resource: "aws_eks_cluster",
    breaks: [
      referenceToNothing("role_arn", "aws_iam_role", "arn"),
      misspelt("encryption_confg"),
      wrongType("enabled_cluster_log_types", { audit: true }, "set of string"),
      missingBlock("vpc_config", (cluster) => delete cluster.vpc_config),
      missingArgument("role_arn"),
    ],
  },
  {
    stackFile: "aks-host-stack.ts",
    resource: "azurerm_kubernetes_cluster",
    breaks: [
      referenceToNothing("resource_group_name", "azurerm_resource_group", "name"),
      misspelt("network_profil"),
      wrongType("tags", ["audit"], "map of string"),
      missingBlock("default_node_pool", (cluster) => delete cluster.default_node_pool),
      missingArgument("location"),
      {
        ...missingBlock("features", (_, { provider }) => delete provider!.azurerm![0]!.features),
        name: "a missing block of the provider",
      },
    ],
  },
  {
    stackFile: "gke-host-stack.ts",
    resource: "google_container_cluster",
    breaks: [
      referenceToNothing("network", "google_compute_network", "id"),
      misspelt("confidential_node"),
      wrongType("node_locations", { a: true }, "set of string"),
      // The cluster itself has no required block, its blocks do.
      missingBlock("client_certificate_config", (cluster) => (cluster.master_auth = [{}])),
      missingArgument("name"),
    ],
  },
];

/** The cluster in a stack that has exactly this type; undefined without one. */
export function clusterIn(configuration: Configuration, resource: string): Fields | undefined {
  return Object.values(configuration.resource?.[resource] ?? {})[0];
}

function referenceToNothing(argument: string, type: string, attribute: string): Break {
  return {
    name: "a reference to nothing",
    change: (cluster) => (cluster[argument] = `\${${type}.Nobody.${attribute}}`),
    words: new RegExp(`undeclared resource .*"${type}" "Nobody"`, "i"),
  };
}

function misspelt(argument: string): Break {
  return {
    name: "a misspelt argument",
    change: (cluster) => (cluster[argument] = []),
    words: new RegExp(
      `(unsupported argument|extraneous JSON object property).*(named|called) "${argument}"`,
      "i",
    ),
  };
}

function wrongType(argument: string, value: unknown, wanted: string): Break {
  return {
    name: "a wrong type",
    change: (cluster) => (cluster[argument] = value),
    words: new RegExp(`inappropriate value for attribute "${argument}": ${wanted} required`, "i"),
  };
}

function missingBlock(block: string, change: Break["change"]): Break {
  return {
    name: "a missing required block",
    change,
    words: new RegExp(`at least 1 "?${block}"? blocks? (is|are) required`, "i"),
  };
}

function missingArgument(argument: string): Break {
  return {
    name: "a missing required argument",
    change: (cluster) => delete cluster[argument],
    words: new RegExp(`argument "${argument}" is required`, "i"),
  };
}
