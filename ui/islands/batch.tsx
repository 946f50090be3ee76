export default function B() {
  return <p />;
}
