/**
 * The report's CSS. Pictures are drawn on white; at night they are turned dark as a whole, hues kept.
 * Nothing is shrunk on a phone: what is too wide scrolls in its own box.
 */
export const STYLE = `:root {
  color-scheme: light dark;
  --text: #1c1c1c;
  --quiet: #595959;
  --line: #d6d6d6;
  --shade: #f3f3f3;
  --chosen: #e2f3ec;
  --page: #fff;
  --link: #0059a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e8e8e8;
    --quiet: #b0b0b0;
    --line: #484848;
    --shade: #262626;
    --chosen: #17392c;
    --page: #181818;
    --link: #8cc4ff;
  }
  figure svg { filter: invert(0.91) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 68rem;
  padding: 1rem;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.5rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; }
h3 { margin: 2rem 0 0.5rem; font-size: 1.1rem; }
p, li { max-width: 44rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; }
nav a { display: inline-block; padding: 0.25rem 0; }
.lead { font-size: 1.1rem; }
.note { border-left: 4px solid #c77700; padding: 0.25rem 0.75rem; background: var(--shade); }
.quiet { color: var(--quiet); }
.scroll { margin: 1rem 0 1.5rem; overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { padding: 0.25rem 0; font-weight: 600; text-align: left; }
th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid var(--line); text-align: right; }
th { font-weight: 400; }
td { white-space: nowrap; }
thead th { color: var(--quiet); vertical-align: bottom; }
th:first-child, .words th, .words td { text-align: left; }
.words td { white-space: normal; overflow-wrap: anywhere; }
th.group { padding-top: 0.9rem; font-weight: 600; }
tr.chosen > * { background: var(--chosen); }
figure { margin: 1rem 0; overflow-x: auto; }
figure svg { display: block; }
@media print {
  .scroll, figure { overflow: visible; break-inside: avoid; }
  figure svg { max-width: 100%; height: auto; }
}
`;
