/** Where stores stand, as far as weather and economy differ. Own figures. */
export interface Region {
  /** Normal temperature in the middle of each month, January first, in °F. */
  temperatures: readonly number[];
  /** USD a gallon above the country's mean. */
  fuel: number;
  /** Consumer price index in February 2010. */
  cpi: number;
  /** Growth of the index a year, as a share. */
  inflation: number;
  /** Unemployment in February 2010, in %. */
  unemployment: number;
}

/** The four regions. */
export const REGIONS = {
  north: {
    temperatures: [26, 29, 39, 50, 60, 69, 74, 72, 64, 53, 42, 31],
    fuel: 0.09,
    cpi: 136.4,
    inflation: 0.026,
    unemployment: 8.6,
  },
  central: {
    temperatures: [33, 37, 48, 59, 68, 77, 81, 80, 72, 60, 47, 36],
    fuel: -0.04,
    cpi: 191.7,
    inflation: 0.024,
    unemployment: 7.4,
  },
  south: {
    temperatures: [48, 52, 60, 68, 76, 83, 86, 86, 79, 69, 58, 50],
    fuel: -0.07,
    cpi: 213.2,
    inflation: 0.022,
    unemployment: 8.1,
  },
  west: {
    temperatures: [49, 52, 57, 62, 69, 77, 84, 83, 77, 67, 56, 49],
    fuel: 0.26,
    cpi: 128.9,
    inflation: 0.018,
    unemployment: 10.4,
  },
} as const satisfies Record<string, Region>;

/** Name of a region. */
export type RegionName = keyof typeof REGIONS;
