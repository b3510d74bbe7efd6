// Lane `aws`.
import { NotHere, type Lane } from "../support/lane";
export const aws: Lane = { name: "aws", proves: "", run: () => Promise.reject(new NotHere("in work")) };
