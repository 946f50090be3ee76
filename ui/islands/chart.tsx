import { Chart } from "../components/chart.tsx";

/** A chart that is an island of its own on a page without other scripts. */
export default Chart;
