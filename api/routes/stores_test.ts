import assert from "node:assert/strict";
import { smallModel, smallSales } from "../../lib/evaluation/testing.ts";
import { inApi } from "../testing.ts";

Deno.test("GET /stores lists stores with what each sells, of the model that is named", () =>
  inApi(["gbr"], async ({ app, store, write }) => {
    await write("rf.json", await smallModel("rf", {}, smallSales(104)));
    await store.refresh();
    const response = await app.request("/stores?model=rf");
    assert.equal(response.headers.get("x-model-version"), store.current.served.get("rf")!.version);
    assert.deepEqual(await response.json(), {
      stores: [
        { store: 1, type: "A", size: 1000, departments: [1, 2, 3, 4] },
        { store: 2, type: "B", size: 2000, departments: [1, 2, 3, 4] },
        { store: 3, type: "C", size: 3000, departments: [1, 2, 3, 4] },
      ],
    });
    const unnamed = await (await app.request("/stores")).json();
    assert.deepEqual(unnamed.stores, [{ store: 1, type: "A", size: 1000, departments: [1] }]);
    for (const name of ["none", "", "%E0%A4%A"]) {
      assert.equal((await app.request(`/stores?model=${name}`)).status, 404, name);
    }
  }));
