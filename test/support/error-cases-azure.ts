// How to raise the codes that are first met on azure.
export const AZURE_CASES = {};
