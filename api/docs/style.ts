/** Style of `GET /docs`. */
export const DOCS_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
summary { cursor: pointer; padding: 0.4rem 0; }
details { border-bottom: 1px solid #8886; }
details > :not(summary) { margin-left: 1rem; }
code, pre, textarea { font-family: ui-monospace, monospace; font-size: 0.85rem; }
pre { overflow: auto; max-height: 24rem; padding: 0.6rem; border: 1px solid #8886; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; }
label { display: block; margin: 0.4rem 0; }
input, textarea, select, button { font-size: 1rem; padding: 0.3rem; }
textarea { width: 100%; min-height: 14rem; box-sizing: border-box; }
.method { display: inline-block; min-width: 3rem; font-weight: 700; }
`;
