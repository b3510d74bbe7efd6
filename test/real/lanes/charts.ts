// Lane `charts`.
import { NotHere, type Lane } from "../support/lane";
export const charts: Lane = { name: "charts", proves: "", run: () => Promise.reject(new NotHere("in work")) };
