/**
 * Islands: the parts of a page that move. The server renders a page whole; each island's props go
 * with it, and in the browser the island's program takes over just its part.
 *
 * @module
 */

import { type ComponentType, createContext, type FunctionComponent, hydrate } from "preact";
import { useContext } from "preact/hooks";
import { ASSETS, type Manifest } from "./manifest.ts";

/** The bundle's list, for those that refer to its files while the server renders. */
export const Assets = createContext<Manifest | undefined>(undefined);

/** Address of an entry of the bundle. */
export function useAsset(name: string): string {
  const entry = useContext(Assets)?.entries[name];
  if (!entry) throw new Error(`the bundle has no entry "${name}"`);
  return ASSETS + entry.file;
}

/**
 * The component that renders an island on the server.
 *
 * @param name The file in `ui/islands/` whose default export `Component` is.
 */
export function island<Props extends object>(
  name: string,
  Component: ComponentType<Props>,
): FunctionComponent<Props> {
  return (props) => {
    const imports = useContext(Assets)?.entries[name]?.imports ?? [];
    return (
      <>
        {imports.map((file) => <link key={file} rel="modulepreload" href={ASSETS + file} />)}
        <script type="module" src={useAsset(name)} />
        <div data-island={name} data-props={JSON.stringify(props)}>
          <Component {...props} />
        </div>
      </>
    );
  };
}

/** Brings all islands of a name on this page to life. */
export function hydrateIslands<Props extends object>(
  name: string,
  Component: ComponentType<Props>,
): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-island="${name}"]`)) {
    hydrate(<Component {...JSON.parse(element.dataset["props"]!) as Props} />, element);
    // For tests, and for styles of what works only now.
    element.dataset["ready"] = "";
  }
}
