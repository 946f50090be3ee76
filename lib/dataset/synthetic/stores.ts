import { RandomStream } from "./random.ts";
import type { RegionName } from "./regions.ts";
import { exponential } from "./exponential.ts";

/** A store of the invented chain. */
export interface Store {
  /** 1 to 45. */
  number: number;
  /** A: large, B: medium, C: small, mostly food. */
  type: "A" | "B" | "C";
  /** Floor area in square feet. */
  size: number;
  region: RegionName;
  /** How well it sells for its size; 1 is usual. */
  strength: number;
  /** Growth a year, as a logarithm. */
  growth: number;
}

/** Type and region of the 45 stores, in the order of their numbers. */
const PLAN = "AW AS BS AS BN AW BS AC AS BW AN BC AS BN CS " +
  "AN BS AW BC AN AC BW AS CN BN AS BC AS BN AW CS " +
  "BN AS AW BS CW AC BN AS CN AW BS AC CW BN";

const REGIONS = { N: "north", C: "central", S: "south", W: "west" } as const;

const SIZES = { A: [148_000, 221_000], B: [62_000, 141_000], C: [38_500, 44_500] } as const;

/** The 45 stores, by number. */
export function makeStores(seed: number): Store[] {
  return PLAN.split(" ").map((code, index) => {
    const number = index + 1;
    const random = new RandomStream(`${seed}/store/${number}`);
    const type = code[0] as Store["type"];
    const [smallest, largest] = SIZES[type];
    return {
      number,
      type,
      size: Math.round(random.uniform(smallest, largest)),
      region: REGIONS[code[1] as keyof typeof REGIONS],
      strength: exponential(0.2 * random.normal()),
      growth: 0.01 + 0.032 * random.heavyNormal(),
    };
  });
}
