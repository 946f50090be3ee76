/**
 * The empty handler that ours is held against: all that Hono and Deno's server cost, and nothing
 * else. Takes the port to listen on.
 */

import { Hono } from "hono";

const app = new Hono();
app.post("/predict", (context) => context.json({ predictions: [0] }));
Deno.serve({ port: Number(Deno.args[0]), hostname: "127.0.0.1", onListen() {} }, app.fetch);
