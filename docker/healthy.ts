// Ends with 0 where an address of this container answers with success, else with 1: what its
// HEALTHCHECK asks.
const response = await fetch(Deno.args[0]!).catch(() => undefined);
Deno.exit(response?.ok ? 0 : 1);
