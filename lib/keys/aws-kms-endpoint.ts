// Where tenants' pods reach AWS KMS.

/**
 * Host name of KMS in a region, on 443: the FIPS endpoint. Hosts of this library have a private endpoint for the usual
 * name inside the VPC, in the nodes' range, which the fence keeps from tenants' pods; this name has none and is reached
 * over the internet, with TLS that ends in the enclave.
 * SOURCE: AWS General Reference, AWS KMS endpoints, 2026; Amazon VPC User Guide, private DNS names, 2026.
 */
export function kmsEndpoint(region: string): string {
  return `kms-fips.${region}.amazonaws.com`;
}
