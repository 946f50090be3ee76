import { DAY_MS } from "../features/calendar.ts";

/**
 * The x axis of a chart over `weeks` weeks, whose rows hold {@linkcode weekTime} as `time`. Ticks
 * stand at months, at quarters where there are many weeks.
 */
export function weekAxis(weeks: number) {
  return {
    field: "time",
    type: "temporal",
    title: "Week (its Friday)",
    scale: { type: "utc", nice: false },
    axis: {
      grid: false,
      tickCount: { interval: "month", step: weeks > 60 ? 3 : 1 },
      format: "%b %Y",
      labelAngle: 0,
      labelOverlap: true,
    },
  } as const;
}

/** Place of a day on the axis: milliseconds since 1970, UTC. */
export function weekTime(day: number): number {
  return day * DAY_MS;
}
