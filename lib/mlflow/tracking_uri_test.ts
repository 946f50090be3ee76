import assert from "node:assert/strict";
import { UserError } from "../errors.ts";
import { parseTrackingUri, storeName } from "./tracking_uri.ts";

Deno.test("parseTrackingUri() reads relative and absolute paths as MLflow writes them", () => {
  const path = (uri: string) => parseTrackingUri(uri, "/srv/shop");
  assert.deepEqual(path("sqlite:///mlflow.db"), { kind: "sqlite", path: "/srv/shop/mlflow.db" });
  assert.deepEqual(path("sqlite:////var/m l.db"), { kind: "sqlite", path: "/var/m l.db" });
  assert.deepEqual(path("file:./mlruns"), { kind: "file", path: "/srv/shop/mlruns" });
  assert.deepEqual(path("file:///var/a%20b"), { kind: "file", path: "/var/a b" });
});

Deno.test("parseTrackingUri() takes the login out of a server's address", () => {
  assert.deepEqual(parseTrackingUri("https://ann:p%40ss@host:8443/mlflow/", "/"), {
    kind: "server",
    url: "https://host:8443/mlflow",
    login: { username: "ann", password: "p@ss" },
  });
  assert.deepEqual(parseTrackingUri("http://host:5000", "/"), {
    kind: "server",
    url: "http://host:5000",
    login: null,
  });
});

Deno.test("parseTrackingUri() says what is supported, and repeats no password", () => {
  for (
    const uri of [
      "postgresql://ann:s3cret@db/mlflow",
      "databricks://s3cret",
      "mlruns",
      "",
      "http://",
    ]
  ) {
    assert.throws(
      () => parseTrackingUri(uri, "/"),
      (error) =>
        error instanceof UserError && error.message.includes("sqlite:///PATH") &&
        !error.message.includes("s3cret"),
      uri,
    );
  }
  const unusable = ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:mlflow.db"];
  for (const uri of [...unusable, "sqlite:///a.db?mode=ro", "file:", "file://host/mlruns"]) {
    assert.throws(() => parseTrackingUri(uri, "/"), UserError, uri);
  }
});

Deno.test("storeName() is relative below the base, so that a project may move", () => {
  const name = (uri: string) => storeName(parseTrackingUri(uri, "/srv/shop"), "/srv/shop");
  assert.equal(name("sqlite:///mlflow.db"), "sqlite:mlflow.db");
  assert.equal(name("sqlite:////srv/shop/mlflow.db"), "sqlite:mlflow.db");
  assert.equal(name("sqlite:////srv/other.db"), "sqlite:/srv/other.db");
  assert.equal(name("http://ann:s3cret@host:5000/"), "http://host:5000");
});
