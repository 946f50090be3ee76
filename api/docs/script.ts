/** Program of `GET /docs`: sends each form to its route and shows the answer. */
export const DOCS_SCRIPT = `const key = document.querySelector("#key");
for (const form of document.querySelectorAll("form[data-path]")) {
  const output = form.querySelector("output");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let path = form.dataset.path;
    const query = new URLSearchParams();
    const headers = new Headers();
    for (const { name, value, dataset } of form.querySelectorAll("[data-in]")) {
      if (value === "") continue;
      if (dataset.in === "path") path = path.replace("{" + name + "}", encodeURIComponent(value));
      if (dataset.in === "query") query.set(name, value);
      if (dataset.in === "header") headers.set(name, value);
    }
    if (key.value !== "") headers.set("x-api-key", key.value);
    const body = form.querySelector("textarea")?.value;
    const type = form.querySelector("select")?.value;
    if (type !== undefined) headers.set("content-type", type);
    output.textContent = "…";
    try {
      const url = path.slice(1) + (query.size > 0 ? "?" + query : "");
      const response = await fetch(url, { method: form.dataset.method, headers, body });
      const text = await response.text();
      const isJson = /json$/.test((response.headers.get("content-type") ?? "").split(";")[0]) &&
        !/ndjson/.test(response.headers.get("content-type"));
      const shown = isJson ? JSON.stringify(JSON.parse(text), null, 2) : text;
      output.textContent = response.status + " " + response.statusText + "\\n\\n" +
        shown.slice(0, 100000);
    } catch (error) {
      output.textContent = String(error);
    }
  });
}
`;
