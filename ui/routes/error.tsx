import { Layout } from "../components/layout.tsx";

/** A page that says that something is not as it should be. */
export function ErrorPage({ title, text }: { title: string; text: string }) {
  return (
    <Layout title={title} path="" lead={text}>
      <p>
        <a class="button" href="/">Make a forecast</a>
      </p>
    </Layout>
  );
}
