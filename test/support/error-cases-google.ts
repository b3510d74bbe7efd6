// How to raise the codes that are first met on google.
export const GOOGLE_CASES = {};
