/** Version of the API, in its answers and its description. */
export const VERSION = "1.0.0";
