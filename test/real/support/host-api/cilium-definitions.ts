// Cilium's CustomResourceDefinitions, out of its own Go package, on a live host.
import { join } from "node:path";
import { ROOT } from "../cache";
import { must } from "../exec";
import { goBuild } from "../go";
import type { HostClient, KubeObject } from "./client";

/** Applies the definitions and waits until the server serves them. Throws NotHere without Go. */
export async function ciliumDefinitions(client: HostClient): Promise<void> {
  const program = await goBuild(join(ROOT, "test/real/cilium-crds"), "cilium-crds");
  const definitions = JSON.parse((await must(program, [])).stdout) as KubeObject[];
  await Promise.all(
    definitions.map(async (definition) => {
      const { status, body } = await client.apply(definition);
      if (status >= 300) throw new Error(`${definition.metadata?.name}: ${body.message}`);
    }),
  );
  await Promise.all(definitions.map((definition) => untilServed(client, definition)));
}

async function untilServed(client: HostClient, definition: KubeObject): Promise<void> {
  const path = await client.objectPath(definition);
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await client.must({ path });
    // Null until a controller has looked at it.
    const { conditions } = status as { conditions?: { type: string; status: string }[] | null };
    if (conditions?.some(({ type, status: state }) => type === "Established" && state === "True")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${definition.metadata?.name} is not served after 30 seconds`);
}
