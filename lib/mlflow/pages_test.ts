import assert from "node:assert/strict";
import { experimentPage, runPage } from "./pages.ts";

Deno.test("experimentPage() and runPage() open the pages for model training", () => {
  const url = "https://host/mlflow";
  assert.equal(
    experimentPage(url, "7"),
    "https://host/mlflow/#/experiments/7?workflowType=machine_learning",
  );
  assert.equal(
    runPage(url, { experimentId: "7", runId: "0c8f" }),
    "https://host/mlflow/#/experiments/7/runs/0c8f?workflowType=machine_learning",
  );
});
