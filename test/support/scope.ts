// Stacks and connected hosts for tests.
import { type App, Testing, TerraformStack } from "../../lib/core/cdk";
import { EksHost, type EksHostOptions, type IEksHost } from "../../lib/aws";
import { exampleHost } from "./host";

/** An empty stack in an app that writes nowhere. */
export function stack(name = "stack"): TerraformStack {
  return new TerraformStack(Testing.app(), name);
}

/** An app that writes nowhere until it is synthesized. */
export function app(): App {
  return Testing.app();
}

/** A host connected by values inside a stack. */
export function connectedHost(scope: TerraformStack, change: Partial<EksHostOptions> = {}): IEksHost {
  return EksHost.fromAttributes(scope, "Host", exampleHost(change), ATTRIBUTES);
}

/** Attributes of a cluster that exists. */
export const ATTRIBUTES = {
  endpoint: "https://api.example.com",
  certificateAuthority: Buffer.from("certificate").toString("base64"),
  privateSubnetIds: ["subnet-1", "subnet-2", "subnet-3"],
};
