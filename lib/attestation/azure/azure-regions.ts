// Regions of Azure Attestation: the short name that is part of each address, and whose law holds there.

/** A region that has a shared provider. */
export interface AttestationRegion {
  /** Azure's name, like `westeurope`. */
  readonly region: string;
  /** Its part of an address, like `weu`. */
  readonly code: string;
  /** Whose law holds there: a country, or `EU` for its members. */
  readonly jurisdiction: string;
}

/** Regions by jurisdiction: `region code`. */
const BY_JURISDICTION: Readonly<Record<string, readonly string[]>> = {
  "United States": [
    "eastus eus",
    "eastus2 eus2",
    "westus wus",
    "westus2 wus2",
    "westus3 wus3",
    "centralus cus",
    "northcentralus ncus",
    "southcentralus scus",
    "westcentralus wcus",
  ],
  Canada: ["canadacentral cac", "canadaeast cae"],
  EU: [
    "northeurope neu",
    "westeurope weu",
    "francecentral frc",
    "francesouth frs",
    "germanywestcentral dewc",
    "germanynorth den",
    "swedencentral sec",
    "swedensouth ses",
    "polandcentral plc",
    "italynorth itn",
    "spaincentral esc",
  ],
  "United Kingdom": ["uksouth uks", "ukwest ukw"],
  Switzerland: ["switzerlandnorth swn", "switzerlandwest sww"],
  Norway: ["norwayeast noe", "norwaywest now"],
  "Hong Kong": ["eastasia easia"],
  Singapore: ["southeastasia sasia"],
  Japan: ["japaneast jpe", "japanwest jpw"],
  Korea: ["koreacentral krc", "koreasouth krs"],
  Australia: ["australiaeast eau", "australiasoutheast sau", "australiacentral cau"],
  India: ["centralindia cin", "southindia sin", "westindia win"],
  "United Arab Emirates": ["uaenorth uaen", "uaecentral uaec"],
  Israel: ["israelcentral ilc"],
  "South Africa": ["southafricanorth san", "southafricawest saw"],
  Brazil: ["brazilsouth sbr", "brazilsoutheast sebr"],
};

/**
 * All of them. A region that is missing has no provider, or one nobody wrote down.
 * SOURCE: Azure-Samples/confidential-computing, table of shared endpoints, checked there against
 * `Get-AzAttestationDefaultProvider`, 2026; Azure Attestation documentation, Basic concepts, 2025.
 */
export const ATTESTATION_REGIONS: readonly AttestationRegion[] = Object.entries(BY_JURISDICTION).flatMap(
  ([jurisdiction, rows]) =>
    rows.map((row) => {
      const [region, code] = row.split(" ") as [string, string];
      return { region, code, jurisdiction };
    }),
);

/** The region of that name, if Azure Attestation is there. */
export function attestationRegion(name: string): AttestationRegion | undefined {
  return ATTESTATION_REGIONS.find(({ region }) => region === name);
}

/** Address of Microsoft's shared provider in a region. */
export function sharedAttestationUrl({ code }: AttestationRegion): string {
  return `https://shared${code}.${code}.attest.azure.net`;
}

/**
 * Address of a provider of one's own. SOURCE: Az.Attestation, Get-AzAttestationProvider, examples, 2026: a provider
 * `test` in East US answers at `https://test.eus.attest.azure.net`.
 */
export function ownAttestationUrl({ code }: AttestationRegion, name: string): string {
  return `https://${name}.${code}.attest.azure.net`;
}

/** What is wrong with an address of Azure Attestation, in words; undefined when it has the documented form. */
export function attestationUrlFault(url: string): string | undefined {
  const match = /^https:\/\/([a-z\d]{3,24})\.([a-z\d]+)\.attest\.azure\.net$/.exec(url);
  const known = match && ATTESTATION_REGIONS.find(({ code }) => code === match[2]);
  if (!match || !known)
    return "must be https://<provider>.<region>.attest.azure.net, in a region Azure Attestation is in";
  const shared = ATTESTATION_REGIONS.find(({ code }) => match[1] === `shared${code}`);
  return shared && shared !== known ? `must be ${sharedAttestationUrl(shared)}` : undefined;
}
