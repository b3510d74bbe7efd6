// What happens to each negative case at Azure Attestation and Azure Key Vault. test/attestation/azure-diagonal.test.ts runs them.
import { BAD_TOKENS, machineToken, OFFICER, podOf, releaseKey } from "../../support/azure-attacks";
import type { AzureVaults } from "../../support/azure-vaults";
import type { AttackedCell } from "./cell";

const WIRING = "azure-attestation";

/** A cell with its attack: true when acme's key got out. */
export interface AzureCell extends AttackedCell {
  run(vaults: AzureVaults): boolean;
}

const ACME = releaseKey("acme");
const GENUINE = machineToken();

/** The table's cells, and what is tried in each. */
export const AZURE_CELLS: readonly AzureCell[] = [
  {
    wiring: WIRING,
    negative: "neighbour",
    refused: true,
    name: "another tenant's pod with its own identity and genuine evidence of the same machine",
    run: (vaults) => vaults.releases(podOf("globex"), GENUINE, ACME),
  },
  {
    wiring: WIRING,
    negative: "unmeasuredImage",
    refused: false,
    name: "the tenant's pod with an image off the list: evidence does not name it",
    run: (vaults) => vaults.releases(podOf("acme"), GENUINE, ACME),
  },
  {
    wiring: WIRING,
    negative: "debug",
    refused: true,
    name: "the tenant's pod on a machine in debug mode",
    run: (vaults) => vaults.releases(podOf("acme"), BAD_TOKENS.debug, ACME),
  },
  {
    wiring: WIRING,
    negative: "debug",
    refused: true,
    name: "the tenant's pod on a machine that does not say whether it is in debug mode",
    run: (vaults) => vaults.releases(podOf("acme"), BAD_TOKENS["debug unsaid"], ACME),
  },
  {
    wiring: WIRING,
    negative: "staleEvidence",
    refused: false,
    name: "the tenant's pod with a token of nearly eight hours ago",
    run: (vaults) => vaults.releases(podOf("acme"), machineToken({}, { age: 479 }), ACME),
  },
  {
    wiring: WIRING,
    negative: "administrator",
    refused: false,
    name: "a host administrator's pod under the tenant's service account on a confidential machine",
    run: (vaults) => vaults.releases(podOf("acme"), GENUINE, ACME),
  },
  {
    wiring: WIRING,
    negative: "administrator",
    refused: false,
    name: "a key officer with the token of any confidential machine",
    run: (vaults) => vaults.releases(OFFICER, GENUINE, ACME),
  },
];
