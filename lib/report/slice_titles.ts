/** Slicings as people name them. */
const SLICINGS: Record<string, string> = {
  holiday: "Weeks",
  store_type: "Store type",
  horizon: "Weeks ahead",
  department_size: "Department size",
};

const PARTS: Record<string, string> = {
  "holiday holiday": "holiday weeks",
  "holiday other": "other weeks",
  "department_size q1": "smallest quarter",
  "department_size q2": "second quarter",
  "department_size q3": "third quarter",
  "department_size q4": "largest quarter",
  "department_size new": "not in training",
};

/** A slicing of lib/evaluation/slices.ts for people; its name where none is known. */
export function slicingTitle(slicing: string): string {
  return SLICINGS[slicing] ?? slicing;
}

/** A part of a slicing for people; its name where none is known. */
export function partTitle(slicing: string, part: string): string {
  return PARTS[`${slicing} ${part}`] ?? part;
}
