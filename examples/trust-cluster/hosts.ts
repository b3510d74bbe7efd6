// Writes hosts/*.json, the two clusters as plain data: `main.ts` needs no cloud's package.
import { join } from "node:path";
import { explained, HostFile } from "tenclave";
import { EksHost } from "tenclave/aws";
import { GkeHost } from "tenclave/google";
import { tenantsHost, trustHost } from "./platform";

explained(() => {
  for (const host of [GkeHost.reference(tenantsHost), EksHost.reference(trustHost)])
    process.stdout.write(`wrote ${HostFile.write(process.env.HOSTS ?? join(__dirname, "hosts"), host)}\n`);
});
