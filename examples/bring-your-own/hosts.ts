// Repository one, run by itself, writes hosts/legacy-eu.json: what repository two gets a copy of.
import { join } from "node:path";
import { explained, HostFile } from "tenclave";
import { EksHost } from "tenclave/aws";
import { host } from "./host";

explained(() => {
  const path = HostFile.write(process.env.HOSTS ?? join(__dirname, "hosts"), EksHost.reference(host));
  process.stdout.write(`wrote ${path}\n`);
});
