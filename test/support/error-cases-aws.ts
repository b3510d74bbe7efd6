// How to raise the codes that are first met on aws.
export const AWS_CASES = {};
