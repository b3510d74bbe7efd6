// Formats of text that options, files and several clouds share.

const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const HOST_NAME = new RegExp(`^${LABEL}([.]${LABEL})*$`);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True for a DNS name in lower case: no wildcard, no address, at most 253 characters. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && HOST_NAME.test(text) && !/^[\d.]+$/.test(text);
}

/** True for a UUID in lower case, as clouds write ids of tenants, people and policies. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
